//! Comms that either side opens go in, what is open comes out.
//! Knows nothing of what comms carry or of who answers them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// The open comms of one kernel: id to target.
#[derive(Default)]
pub(crate) struct Comms {
    open: Mutex<BTreeMap<String, String>>,
}

impl Comms {
    /// Notes a comm, whichever side opened it.
    pub(crate) fn open(&self, comm_id: &str, target: &str) {
        self.lock().insert(comm_id.to_owned(), target.to_owned());
    }

    /// Whether this comm is open.
    pub(crate) fn is_open(&self, comm_id: &str) -> bool {
        self.lock().contains_key(comm_id)
    }

    /// Forgets a comm, open or not.
    pub(crate) fn close(&self, comm_id: &str) {
        self.lock().remove(comm_id);
    }

    /// What `comm_info_reply` lists: all open comms, or those of one target.
    pub(crate) fn info(&self, target: Option<&str>) -> Value {
        self.lock()
            .iter()
            .filter(|(_, open)| target.is_none_or(|wanted| wanted == *open))
            .map(|(id, open)| (id.clone(), json!({ "target_name": open })))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_is_open_by_target() {
        let comms = Comms::default();
        comms.open("1", "plot");
        comms.open("2", "table");
        assert_eq!(
            comms.info(Some("plot")),
            json!({"1": {"target_name": "plot"}})
        );
        comms.close("1");
        assert_eq!(comms.info(None), json!({"2": {"target_name": "table"}}));
        assert!(comms.is_open("2") && !comms.is_open("1") && !comms.is_open("3"));
    }
}
