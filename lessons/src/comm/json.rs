//! JSON as text: what may be sent, and one field of what came.
//! Knows nothing of comms.

use std::fmt::Display;

use serde_json::Value;

/// The field `name` of a JSON object: a text without its quotes, anything else as JSON text.
///
/// ```
/// use lessons::comm::json_field;
/// let data = r#"{"name": "lr", "value": 0.5}"#;
/// assert_eq!(json_field(data, "name").as_deref(), Some("lr"));
/// assert_eq!(json_field(data, "value").and_then(|value| value.parse().ok()), Some(0.5));
/// assert_eq!(json_field(data, "other"), None);
/// ```
pub fn json_field(data: &str, name: &str) -> Option<String> {
    let mut data: Value = serde_json::from_str(data).ok()?;
    match data.get_mut(name)?.take() {
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The text of `data`.
///
/// # Panics
/// Where it is not JSON.
#[track_caller]
pub(super) fn json(what: &str, data: &dyn Display) -> String {
    let text = data.to_string();
    if let Err(error) = serde_json::from_str::<Value>(&text) {
        panic!(
            "{what}: {text:?} is not JSON: {error}; a text is sent as \"\\\"text\\\"\", an object as r#\"{{\"name\": 1}}\"#"
        );
    }
    text
}
