//! The list of variables beside a notebook: on control, cell or no cell.

use serde_json::{Value, json};

use crate::support::frontend::{Channel, Frontend};
use crate::support::kernel;

async fn debug(frontend: &mut Frontend, command: &str, arguments: Value) -> Value {
    let content = json!({
        "type": "request", "seq": 7, "command": command, "arguments": arguments,
    });
    // Never a busy of the running cell behind it, at which JupyterLab would ask again.
    let reply = frontend
        .ask_on(Channel::Control, "debug_request", content)
        .await;
    assert_eq!(reply["type"], "response");
    assert_eq!(reply["request_seq"], 7);
    assert_eq!(reply["command"], command);
    reply
}

async fn body(frontend: &mut Frontend, command: &str, arguments: Value) -> Value {
    let reply = debug(frontend, command, arguments).await;
    assert_eq!(reply["success"], true, "{reply}");
    reply["body"].clone()
}

async fn listed(frontend: &mut Frontend) -> Vec<(String, String, u64)> {
    let body = body(frontend, "inspectVariables", json!({})).await;
    let entry = |entry: &Value| {
        let text = |field: &str| entry[field].as_str().unwrap().to_owned();
        let shown = match (text("name").as_str(), text("value").as_str()) {
            (name, "") => format!("type of {name}"),
            ("plain", value) => format!("type of plain = {value}"),
            (name, value) => format!("type of {name} {value}"),
        };
        assert_eq!(text("type"), shown);
        let number = entry["variablesReference"].as_u64().unwrap();
        (text("name"), text("value"), number)
    };
    body["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(entry)
        .collect()
}

fn entries(entries: [(&str, &str, u64); 2]) -> Vec<(String, String, u64)> {
    let owned =
        |(name, value, number): (&str, &str, u64)| (name.to_owned(), value.to_owned(), number);
    entries.map(owned).into()
}

async fn run(frontend: &mut Frontend) {
    let cell = frontend.execute("print x").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    frontend.ends(&cell).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_looked_at_only_for_those_who_watch() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    assert_eq!(listed(&mut frontend).await, []);
    run(&mut frontend).await;
    let unseen = entries([("plain", "", 0), ("tensor", "", 0)]);
    assert_eq!(listed(&mut frontend).await, unseen);
    let info = body(&mut frontend, "debugInfo", json!({})).await;
    assert_eq!(info["isStarted"], false);

    body(&mut frontend, "initialize", json!({})).await;
    body(&mut frontend, "attach", json!({})).await;
    let info = body(&mut frontend, "debugInfo", json!({})).await;
    assert_eq!(info["isStarted"], true);
    // The look that the panel asked for, and the one at the end of a cell.
    let seen = entries([("plain", "1", 0), ("tensor", "[2]", 1)]);
    assert_eq!(listed(&mut frontend).await, seen);
    run(&mut frontend).await;
    let seen = entries([("plain", "2", 0), ("tensor", "[2]", 1)]);
    assert_eq!(listed(&mut frontend).await, seen);
    let of_tensor = json!({"variablesReference": 1});
    let facts = body(&mut frontend, "variables", of_tensor).await;
    assert_eq!(facts["variables"][1]["name"], "kind");
    assert_eq!(facts["variables"][1]["value"], "Float");
    let rich = json!({"variableName": "tensor"});
    let rich = body(&mut frontend, "richInspectVariables", rich).await;
    let text = "tensor: type of tensor [2]\n    shape: [2]\n    kind: Float";
    assert_eq!(rich["data"], json!({"text/plain": text}));

    body(&mut frontend, "disconnect", json!({})).await;
    run(&mut frontend).await;
    assert_eq!(listed(&mut frontend).await, unseen);
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_answered_while_a_cell_runs() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    run(&mut frontend).await;
    let cell = frontend.execute("print begun\nwait").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    // A panel that opens now cannot look: it gets the names.
    body(&mut frontend, "attach", json!({})).await;
    let unseen = entries([("plain", "", 0), ("tensor", "", 0)]);
    for _ in 0..100 {
        assert_eq!(listed(&mut frontend).await, unseen);
    }
    let stop = frontend.send(Channel::Control, "interrupt_request", json!({}));
    let stop = stop.await;
    frontend.reply(Channel::Control, &stop).await;
    let reply = frontend.reply(Channel::Shell, &cell).await;
    assert_eq!(reply["ename"], "Interrupted");
    // The stop and the cell end beside each other.
    let mut idle = 0;
    while idle < 2 {
        let message = frontend.iopub_message().await;
        idle += u32::from(message.content["execution_state"] == "idle");
    }
    // The reply comes after the look.
    let seen = entries([("plain", "2", 0), ("tensor", "[2]", 1)]);
    assert_eq!(listed(&mut frontend).await, seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_stop_a_cell_is_refused() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let code = json!({"code": "let x = 1;"});
    let dumped = body(&mut frontend, "dumpCell", code).await;
    let breakpoints = json!({
        "source": {"path": dumped["sourcePath"]}, "breakpoints": [{"line": 1}],
    });
    let refused = debug(&mut frontend, "setBreakpoints", breakpoints).await;
    assert_eq!(refused["success"], false);
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("stops at no line")
    );
    assert_eq!(refused["body"], json!({"breakpoints": []}));
    for (command, arguments) in [
        ("pause", json!({"threadId": 1})),
        ("evaluate", json!({"expression": "x"})),
        ("no such command", Value::Null),
        ("richInspectVariables", json!({"variableName": "none"})),
        ("richInspectVariables", json!([])),
    ] {
        assert_eq!(
            debug(&mut frontend, command, arguments).await["success"],
            false
        );
    }
    let none = body(
        &mut frontend,
        "variables",
        json!({"variablesReference": -1}),
    )
    .await;
    assert_eq!(none, json!({"variables": []}));
    let reply = frontend
        .ask_on(Channel::Control, "debug_request", json!({}))
        .await;
    assert_eq!(reply["ename"], "BadRequest");
    run(&mut frontend).await;
    frontend.is_quiet().await;
}
