//! The wire against arbitrary messages and arbitrary bytes.

use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zeromq::ZmqMessage;

use super::*;

/// Where the signature and the four JSON frames are, behind one identity and the delimiter.
const SIGNATURE: usize = 2;
const BUFFERS: usize = 7;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z_é]{1,8}", any_json(), 0..5)
        .prop_map(|map| map.into_iter().collect())
}

fn any_frame() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 1..20).prop_map(Bytes::from)
}

prop_compose! {
    fn any_message()(
        identity in any_frame(),
        mut header in any_object(),
        parent in any_object(),
        metadata in any_object(),
        content in any_object(),
        buffers in prop::collection::vec(any_frame(), 0..3),
        msg_id in "[ -~]{1,40}",
        msg_type in "[a-z_]{1,20}",
    ) -> Message {
        header.insert("msg_id".to_owned(), msg_id.into());
        header.insert("msg_type".to_owned(), msg_type.into());
        Message {
            identities: vec![identity],
            header: Arc::new(Value::Object(header)),
            parent_header: Arc::new(Value::Object(parent)),
            metadata: Value::Object(metadata),
            content: Value::Object(content),
            buffers,
        }
    }
}

fn frames_of(wire: &Wire, message: &Message) -> Vec<Bytes> {
    wire.encode(message).unwrap().into_vec()
}

fn decode(wire: &Wire, frames: Vec<Bytes>) -> Result<Message, WireError> {
    wire.decode(ZmqMessage::try_from(frames).unwrap())
}

proptest! {
    #[test]
    fn what_is_written_is_read(message in any_message(), key in "[a-f0-9-]{0,36}") {
        let wire = Wire::new(&key);
        let read = decode(&wire, frames_of(&wire, &message)).unwrap();
        prop_assert_eq!(read, message);
    }

    #[test]
    fn one_changed_byte_is_refused(
        message in any_message(),
        frame in SIGNATURE..BUFFERS,
        byte in any::<prop::sample::Index>(),
        flip in 1..=255u8,
    ) {
        let wire = Wire::new("secret");
        let mut frames = frames_of(&wire, &message);
        let mut changed = frames[frame].to_vec();
        let at = byte.index(changed.len());
        changed[at] ^= flip;
        frames[frame] = changed.into();
        prop_assert!(matches!(decode(&wire, frames), Err(WireError::Signature)));
    }

    #[test]
    fn another_key_is_refused(message in any_message()) {
        let frames = frames_of(&Wire::new("secret"), &message);
        prop_assert!(decode(&Wire::new("Secret"), frames).is_err());
    }

    #[test]
    fn lost_frames_are_refused(message in any_message(), kept in 1..BUFFERS) {
        let wire = Wire::new("");
        let mut frames = frames_of(&wire, &message);
        frames.truncate(kept);
        prop_assert!(decode(&wire, frames).is_err());
    }

    #[test]
    fn arbitrary_frames_never_panic(
        before in prop::collection::vec(any_frame(), 0..3),
        after in prop::collection::vec(any_frame(), 0..8),
    ) {
        let mut frames = before;
        frames.push(Bytes::from_static(b"<IDS|MSG>"));
        frames.extend(after);
        // No frame here can hold a header: whatever else happens, it is refused.
        prop_assert!(decode(&Wire::new(""), frames).is_err());
    }
}

#[test]
fn buffers_are_not_signed() {
    let wire = Wire::new("secret");
    let mut frames = frames_of(
        &wire,
        &message(json!({"msg_id": "1", "msg_type": "comm_msg"})),
    );
    frames.push(Bytes::from_static(b"\x00\xff"));
    assert_eq!(decode(&wire, frames).unwrap().buffers.len(), 1);
}

#[test]
fn says_what_is_wrong_with_the_json() {
    let wire = Wire::new("");
    let check = |header: Value, part: &str| {
        let error = decode(&wire, frames_of(&wire, &message(header))).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    };
    check(json!({"msg_type": "x"}), "no msg_id");
    check(json!({"msg_id": "1", "msg_type": 7}), "no msg_type");
    check(json!([1]), "the header is not a JSON object");

    let mut frames = frames_of(&wire, &message(json!({"msg_id": "1", "msg_type": "x"})));
    frames[BUFFERS - 1] = Bytes::from_static(b"{\"code\": \"\xff\"}");
    let error = decode(&wire, frames).unwrap_err().to_string();
    assert!(error.contains("the content is not JSON"), "{error}");
}

#[test]
fn json_nested_without_end_is_refused() {
    let wire = Wire::new("");
    let mut frames = frames_of(&wire, &message(json!({"msg_id": "1", "msg_type": "x"})));
    frames[BUFFERS - 1] = Bytes::from(format!("{{\"a\": {}", "[".repeat(100_000)));
    assert!(decode(&wire, frames).is_err());
}

fn message(header: Value) -> Message {
    Message {
        identities: vec![Bytes::from_static(b"client")],
        header: Arc::new(header),
        parent_header: Arc::new(json!({})),
        metadata: json!({}),
        content: json!({}),
        buffers: Vec::new(),
    }
}
