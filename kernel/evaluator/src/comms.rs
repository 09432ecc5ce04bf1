//! What the child does with comms, as the protocol says it, and the other way round.
//! Knows nothing of handlers, which the child keeps; it remembers which comms end with the child.

use std::collections::BTreeMap;

use gradbook_control::CommEvent;
use gradbook_protocol::evaluator::{CommEvent as Asked, Frontend, Output};
use serde_json::{Map, Value};

/// The open comms of one child: id to target.
#[derive(Debug, Default)]
pub struct Comms(BTreeMap<String, String>);

impl Comms {
    /// Notes what either side does.
    pub fn note(&mut self, event: &CommEvent) {
        match event {
            CommEvent::Open { id, target, .. } => {
                self.0.insert(id.clone(), target.clone());
            }
            CommEvent::Message { .. } => {}
            CommEvent::Close { id, .. } => {
                self.0.remove(id);
            }
        }
    }

    /// Publishes what the child does.
    pub fn publish(&mut self, event: CommEvent, frontend: &mut dyn Frontend) {
        self.note(&event);
        frontend.publish(match event {
            CommEvent::Open {
                id,
                target,
                data,
                metadata,
                buffers,
            } => Output::CommOpen {
                comm_id: id,
                target_name: target,
                data: value(&data),
                // Metadata that is no object would not be a message.
                metadata: Value::Object(match value(&metadata) {
                    Value::Object(metadata) => metadata,
                    _ => Map::new(),
                }),
                buffers,
            },
            CommEvent::Message { id, data, buffers } => Output::CommMessage {
                comm_id: id,
                data: value(&data),
                buffers,
            },
            CommEvent::Close { id, data } => Output::CommClose {
                comm_id: id,
                data: value(&data),
            },
        });
    }

    /// Tells the front end that all are closed.
    pub fn close_all(&mut self, frontend: &mut dyn Frontend) {
        for comm_id in std::mem::take(&mut self.0).into_keys() {
            let data = Value::Object(Map::new());
            frontend.publish(Output::CommClose { comm_id, data });
        }
    }
}

/// What a front end does, as the child is told.
pub fn for_child(event: &Asked) -> CommEvent {
    let id = event.comm_id().to_owned();
    match event {
        Asked::Open {
            target_name,
            data,
            buffers,
            ..
        } => CommEvent::Open {
            id,
            target: target_name.clone(),
            data: data.to_string(),
            metadata: "{}".to_owned(),
            buffers: buffers.clone(),
        },
        Asked::Message { data, buffers, .. } => CommEvent::Message {
            id,
            data: data.to_string(),
            buffers: buffers.clone(),
        },
        Asked::Close { data, .. } => CommEvent::Close {
            id,
            data: data.to_string(),
        },
    }
}

/// The lessons have looked that it is JSON.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
