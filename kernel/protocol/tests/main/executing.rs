//! Cells, from busy to idle, in exactly the order that front ends rely on.

use gradbook_protocol::evaluator::Backend;
use serde_json::{Value, json};

use crate::support::frontend::{Channel, Frontend, Sent};
use crate::support::{echo, kernel};

async fn connected() -> (kernel::TestKernel, Frontend) {
    let kernel = kernel::start();
    let frontend = Frontend::connect(&kernel).await;
    (kernel, frontend)
}

/// Runs a cell that shows nothing and gives its reply.
async fn quiet_cell(frontend: &mut Frontend, code: &str, options: Value) -> Value {
    let sent = frontend.execute_with(code, options).await;
    frontend.begins(&sent).await;
    frontend.ends(&sent).await
}

async fn failing_cell(frontend: &mut Frontend, sent: &Sent) -> Value {
    frontend.begins(sent).await;
    frontend.iopub(sent, "error").await;
    frontend.ends(sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_come_in_their_order_between_input_and_reply() {
    let (_kernel, mut frontend) = connected().await;
    let code = "print a\nprint b\neprint c\ndisplay d\nhandle e\nupdate f\nclear\nresult g";
    let sent = frontend.execute(code).await;

    let input = frontend.begins(&sent).await;
    assert_eq!(input, json!({"code": code, "execution_count": 1}));
    frontend.stream(&sent, "stdout", "a\nb\n").await;
    frontend.stream(&sent, "stderr", "c\n").await;
    let shown = |text: &str| json!({"text/plain": text});
    let display = frontend.iopub(&sent, "display_data").await;
    assert_eq!(
        display,
        json!({"data": shown("d"), "metadata": {}, "transient": {}})
    );
    let transient = json!({"display_id": "h1"});
    let display = frontend.iopub(&sent, "display_data").await;
    assert_eq!(
        display,
        json!({"data": shown("e"), "metadata": {}, "transient": transient})
    );
    let update = frontend.iopub(&sent, "update_display_data").await;
    assert_eq!(
        update,
        json!({"data": shown("f"), "metadata": {}, "transient": transient})
    );
    let clear = frontend.iopub(&sent, "clear_output").await;
    assert_eq!(clear, json!({"wait": true}));
    let result = frontend.iopub(&sent, "execute_result").await;
    assert_eq!(
        result,
        json!({"data": shown("g"), "metadata": {}, "execution_count": 1})
    );

    let reply = frontend.whole_reply(Channel::Shell, &sent).await;
    frontend.idle(&sent).await;
    assert_eq!(
        reply.content,
        json!({"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}})
    );
    assert_eq!(reply.metadata["status"], "ok");
    assert!(reply.metadata["started"].as_str().unwrap().ends_with('Z'));
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_cell_publishes_one_error_and_replies_with_it() {
    let (_kernel, mut frontend) = connected().await;
    let sent = frontend.execute("print before\nfail\nprint after").await;
    frontend.begins(&sent).await;
    frontend.iopub(&sent, "stream").await;
    let error = frontend.iopub(&sent, "error").await;
    assert_eq!(
        error,
        json!({"ename": "Failed", "evalue": "as asked", "traceback": ["Failed: as asked"]})
    );
    let reply = frontend.ends(&sent).await;
    assert_eq!(
        reply,
        json!({
            "status": "error", "execution_count": 1, "payload": [], "user_expressions": {},
            "ename": "Failed", "evalue": "as asked", "traceback": ["Failed: as asked"],
        })
    );
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_only_what_goes_into_the_history() {
    let (_kernel, mut frontend) = connected().await;
    let count = |reply: Value| reply["execution_count"].as_u64().unwrap();
    assert_eq!(
        count(quiet_cell(&mut frontend, "page 1", json!({})).await),
        1
    );
    let unstored = json!({"store_history": false});
    assert_eq!(
        count(quiet_cell(&mut frontend, "page 2", unstored).await),
        2
    );
    assert_eq!(count(quiet_cell(&mut frontend, " \n", json!({})).await), 2);
    assert_eq!(
        count(quiet_cell(&mut frontend, "page 3", json!({})).await),
        2
    );
    let sent = frontend.execute("fail").await;
    assert_eq!(count(failing_cell(&mut frontend, &sent).await), 3);
    assert_eq!(
        count(quiet_cell(&mut frontend, "page 4", json!({})).await),
        4
    );

    let tail = json!({"hist_access_type": "tail", "n": 9, "output": false, "raw": true});
    let history = frontend.ask("history_request", tail).await;
    let cells = json!([
        [1, 1, "page 1"],
        [1, 2, "page 3"],
        [1, 3, "fail"],
        [1, 4, "page 4"]
    ]);
    assert_eq!(history, json!({"status": "ok", "history": cells}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_cell_publishes_its_status_only() {
    let (_kernel, mut frontend) = connected().await;
    let code = "print a\ndisplay b\nresult c\nfail";
    // Silent wins over store_history.
    let options = json!({"silent": true, "store_history": true});
    let sent = frontend.execute_with(code, options).await;
    let behind = frontend.execute("page not aborted").await;
    frontend.busy(&sent).await;
    let reply = frontend.ends(&sent).await;
    assert_eq!(reply["status"], "error");
    assert_eq!(reply["ename"], "Failed");
    frontend.begins(&behind).await;
    let reply = frontend.ends(&behind).await;
    assert_eq!(reply["status"], "ok");
    assert_eq!(reply["execution_count"], 1);
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_aborts_the_cells_that_wait_and_no_others() {
    let (_kernel, mut frontend) = connected().await;
    let running = frontend.execute("wait").await;
    frontend.begins(&running).await;
    let waiting = [
        frontend.execute("print 1").await,
        frontend.execute("print 2").await,
    ];
    // Answered behind them on the same socket: so both are in the queue.
    let reply = frontend
        .ask_beside(&running, "kernel_info_request", json!({}))
        .await;
    assert_eq!(reply["status"], "ok");

    let interrupt = frontend
        .send(Channel::Control, "interrupt_request", json!({}))
        .await;
    frontend.reply(Channel::Control, &interrupt).await;
    assert_eq!(
        frontend.reply(Channel::Shell, &running).await["status"],
        "error"
    );
    for sent in &waiting {
        let aborted = frontend.whole_reply(Channel::Shell, sent).await;
        assert_eq!(
            aborted.content,
            json!({"status": "aborted", "execution_count": 2})
        );
        assert_eq!(aborted.metadata["status"], "aborted");
    }
    // The interrupt runs beside the cells, so only the order within each is fixed.
    let mut seen = std::collections::BTreeMap::<String, Vec<String>>::new();
    while seen
        .values()
        .flatten()
        .filter(|what| *what == "idle")
        .count()
        < 4
    {
        let message = frontend.iopub_message().await;
        let state = message.content["execution_state"].as_str();
        let what = state.unwrap_or(message.msg_type()).to_owned();
        let parent = message.parent_header["msg_id"].as_str().unwrap().to_owned();
        seen.entry(parent).or_default().push(what);
    }
    for sent in &waiting {
        assert_eq!(seen[sent["msg_id"].as_str().unwrap()], ["busy", "idle"]);
    }
    let mut of_running = seen[running["msg_id"].as_str().unwrap()].clone();
    of_running.retain(|what| what != "busy");
    assert_eq!(of_running, ["error", "idle"]);

    assert_eq!(
        quiet_cell(&mut frontend, "page next", json!({})).await["status"],
        "ok"
    );
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_aborts_nothing_when_the_front_end_says_so() {
    let (_kernel, mut frontend) = connected().await;
    let options = json!({"stop_on_error": false});
    let failing = frontend.execute_with("fail", options).await;
    let waiting = frontend.execute("page 1").await;
    assert_eq!(
        failing_cell(&mut frontend, &failing).await["status"],
        "error"
    );
    frontend.begins(&waiting).await;
    assert_eq!(frontend.ends(&waiting).await["status"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn user_expressions_are_answered_one_by_one() {
    let (_kernel, mut frontend) = connected().await;
    let wanted = json!({"a": "1 + 1", "b": "fail", "c": "panic", "d": 7});
    for code in ["page 1", ""] {
        let options = json!({"user_expressions": wanted, "store_history": false});
        let reply = quiet_cell(&mut frontend, code, options).await;
        let got = &reply["user_expressions"];
        assert_eq!(
            got["a"],
            json!({"status": "ok", "data": {"text/plain": "1 + 1"}, "metadata": {}})
        );
        assert_eq!(got["b"]["ename"], "Failed");
        assert_eq!(got["c"]["ename"], "KernelPanic");
        assert_eq!(got["d"]["ename"], "ValueError");
    }
    let options = json!({"user_expressions": wanted});
    let sent = frontend.execute_with("fail", options).await;
    assert_eq!(
        failing_cell(&mut frontend, &sent).await["user_expressions"],
        json!({})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pager_page_is_in_the_reply() {
    let (_kernel, mut frontend) = connected().await;
    let reply = quiet_cell(&mut frontend, "page help", json!({})).await;
    let page = json!({"source": "page", "data": {"text/plain": "help"}, "start": 0});
    assert_eq!(reply["payload"], json!([page]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_the_evaluator_is_an_error_and_not_the_end() {
    let (_kernel, mut frontend) = connected().await;
    let sent = frontend.execute("print before\npanic").await;
    frontend.begins(&sent).await;
    frontend.iopub(&sent, "stream").await;
    frontend.iopub(&sent, "error").await;
    let reply = frontend.ends(&sent).await;
    assert_eq!(reply["ename"], "KernelPanic");
    assert!(reply["evalue"].as_str().unwrap().contains("as asked"));
    assert_eq!(
        quiet_cell(&mut frontend, "page 1", json!({})).await["status"],
        "ok"
    );
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_code_is_an_error() {
    let (_kernel, mut frontend) = connected().await;
    for content in [
        json!({}),
        json!({"code": 7}),
        json!({"code": "page 1", "silent": "yes"}),
    ] {
        let reply = frontend.ask("execute_request", content).await;
        assert_eq!(reply["status"], "error");
        assert_eq!(reply["ename"], "BadRequest");
    }
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluator_that_cannot_be_built_is_said_at_every_cell() {
    let kernel = kernel::start_with(|| -> Backend { panic!("no rustc here") });
    let mut frontend = Frontend::connect(&kernel).await;
    for _ in 0..2 {
        let sent = frontend.execute("print 1").await;
        let reply = failing_cell(&mut frontend, &sent).await;
        assert!(reply["evalue"].as_str().unwrap().contains("no rustc here"));
    }
    let code = json!({"code": "pri", "cursor_pos": 3});
    let reply = frontend.ask("complete_request", code).await;
    assert!(reply["evalue"].as_str().unwrap().contains("no rustc here"));
    frontend.beat(b"still here").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evaluator_may_come_into_being_after_the_first_answers() {
    let (begin, gate) = std::sync::mpsc::channel();
    let kernel = kernel::start_with(move || {
        gate.recv().unwrap();
        echo::backend()
    });
    let mut frontend = Frontend::connect(&kernel).await;
    let info = frontend.ask("kernel_info_request", json!({})).await;
    assert_eq!(info["status"], "ok");
    let never_runs = frontend.execute("print 1").await;
    frontend.begins(&never_runs).await;
    let interrupt = frontend
        .send(Channel::Control, "interrupt_request", json!({}))
        .await;
    frontend.busy(&interrupt).await;
    frontend.reply(Channel::Control, &interrupt).await;
    frontend.idle(&interrupt).await;
    frontend.busy(&never_runs).await;
    begin.send(()).unwrap();
    frontend.iopub(&never_runs, "error").await;
    assert_eq!(frontend.ends(&never_runs).await["ename"], "Interrupted");
    frontend.is_quiet().await;
}
