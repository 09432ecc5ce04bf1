//! Every request but cells: busy, one reply, idle.

use serde_json::{Value, json};

use crate::support::frontend::{Channel, Frontend};
use crate::support::kernel;

#[tokio::test(flavor = "multi_thread")]
async fn kernel_info_on_shell_and_control() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    for channel in [Channel::Shell, Channel::Control] {
        let info = frontend
            .ask_on(channel, "kernel_info_request", json!({}))
            .await;
        assert_eq!(info["status"], "ok");
        assert_eq!(info["protocol_version"], "5.5");
        assert_eq!(info["implementation"], "gradbook");
        assert_eq!(info["debugger"], false);
        assert_eq!(info["supported_features"], json!([]));
        let language = &info["language_info"];
        let expected = [
            ("name", "rust"),
            ("mimetype", "text/x-rustsrc"),
            ("file_extension", ".rs"),
            ("pygments_lexer", "rust"),
            ("codemirror_mode", "rust"),
            ("nbconvert_exporter", "script"),
        ];
        for (field, value) in expected {
            assert_eq!(language[field], value);
        }
        assert!(!info["banner"].as_str().unwrap().is_empty());
        for link in info["help_links"].as_array().unwrap() {
            assert!(link["text"].is_string() && link["url"].is_string());
        }
    }
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_counts_code_points() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    // Behind a four-byte letter and a combining mark, and with text behind the cursor.
    let request = json!({"code": "𝛼e\u{301} λam rest", "cursor_pos": 7});
    let reply = frontend.ask("complete_request", request).await;
    let item = json!({
        "text": "λambda", "type": "keyword", "signature": "λambda TEXT", "documentation": "", "start": 4,
        "end": 7,
    });
    assert_eq!(
        reply,
        json!({
            "status": "ok", "matches": ["λambda"], "cursor_start": 4, "cursor_end": 7,
            "metadata": {"_jupyter_types_experimental": [item]},
        })
    );
    let nothing = json!({"code": "zzz", "cursor_pos": 99});
    let reply = frontend.ask("complete_request", nothing).await;
    assert_eq!(reply["matches"], json!([]));
    assert_eq!(
        (reply["cursor_start"].as_u64(), reply["cursor_end"].as_u64()),
        (Some(0), Some(3))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn inspection_finds_or_not() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let request = json!({"code": "λλ print x", "cursor_pos": 5, "detail_level": 1});
    let reply = frontend.ask("inspect_request", request).await;
    let data = json!({"text/plain": "print: a command, level 1"});
    assert_eq!(
        reply,
        json!({"status": "ok", "found": true, "data": data, "metadata": {}})
    );
    let request = json!({"code": "nothing", "cursor_pos": 3});
    let reply = frontend.ask("inspect_request", request).await;
    assert_eq!(
        reply,
        json!({"status": "ok", "found": false, "data": {}, "metadata": {}})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn is_complete_in_three_ways() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    for (code, expected) in [
        ("print 1", json!({"status": "complete"})),
        ("print \\", json!({"status": "incomplete", "indent": "  "})),
        ("no!", json!({"status": "invalid"})),
    ] {
        let reply = frontend
            .ask("is_complete_request", json!({"code": code}))
            .await;
        assert_eq!(reply, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn history_outlives_the_session() {
    let first = kernel::start();
    let mut frontend = Frontend::connect(&first).await;
    let sent = frontend.execute("result 4").await;
    frontend.begins(&sent).await;
    frontend.iopub(&sent, "execute_result").await;
    frontend.ends(&sent).await;

    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(
        first.folder.path().join("cells.jsonl"),
        folder.path().join("cells.jsonl"),
    )
    .unwrap();
    let second = kernel::start_at(kernel::ipc(&folder, kernel::KEY), folder, || {
        crate::support::echo::backend()
    });
    let mut frontend = Frontend::connect(&second).await;
    let sent = frontend.execute("page 5").await;
    frontend.begins(&sent).await;
    frontend.ends(&sent).await;

    let check = |access: Value, expected: Value| (access, expected);
    for (access, expected) in [
        check(
            json!({"hist_access_type": "tail", "n": 5, "output": true, "raw": true}),
            json!([[1, 1, ["result 4", "4"]], [2, 1, ["page 5", null]]]),
        ),
        check(
            json!({"hist_access_type": "range", "session": 0, "start": 1, "stop": null,
                "output": false, "raw": true}),
            json!([[2, 1, "page 5"]]),
        ),
        check(
            json!({"hist_access_type": "search", "pattern": "res*", "n": 1, "unique": true}),
            json!([[1, 1, "result 4"]]),
        ),
    ] {
        let reply = frontend.ask("history_request", access).await;
        assert_eq!(reply, json!({"status": "ok", "history": expected}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_or_incomplete_is_an_error_and_no_crash() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    for (msg_type, content, ename) in [
        ("complete_request", json!({}), "BadRequest"),
        (
            "complete_request",
            json!({"code": "x", "cursor_pos": -1}),
            "BadRequest",
        ),
        ("inspect_request", json!({"cursor_pos": 1}), "BadRequest"),
        ("is_complete_request", json!({"code": null}), "BadRequest"),
        ("history_request", json!({}), "BadRequest"),
        (
            "history_request",
            json!({"hist_access_type": "head"}),
            "BadRequest",
        ),
        ("comm_info_request", json!({"target_name": 1}), "BadRequest"),
        ("make_coffee_request", json!({}), "UnknownRequest"),
    ] {
        for channel in [Channel::Shell, Channel::Control] {
            let reply = frontend.ask_on(channel, msg_type, content.clone()).await;
            assert_eq!(reply["status"], "error", "{msg_type}");
            assert_eq!(reply["ename"], ename, "{msg_type}");
            assert!(reply["evalue"].as_str().unwrap().contains(msg_type));
        }
    }
    // What is no request has no reply.
    let sent = frontend.send(Channel::Shell, "coffee", json!({})).await;
    frontend.busy(&sent).await;
    frontend.idle(&sent).await;
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_code_intelligence_is_an_error() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let request = json!({"code": "intelligence panic", "cursor_pos": 3});
    let reply = frontend.ask("complete_request", request).await;
    assert_eq!(reply["ename"], "CompletionError");
    let request = json!({"code": "pag", "cursor_pos": 3});
    let reply = frontend.ask("complete_request", request).await;
    assert_eq!(reply["matches"], json!(["page"]));
}
