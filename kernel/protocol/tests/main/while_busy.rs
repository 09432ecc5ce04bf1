//! A cell runs and does not end: everything else is answered meanwhile.

use serde_json::json;

use crate::support::frontend::{Channel, Frontend, Sent};
use crate::support::kernel;

async fn running(kernel: &kernel::TestKernel) -> (Frontend, Sent) {
    let mut frontend = Frontend::connect(kernel).await;
    let cell = frontend.execute("print begun\nwait").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    (frontend, cell)
}

/// Interrupts and reads to the cell's end, whichever of the two is done first.
async fn stop(frontend: &mut Frontend, cell: &Sent) {
    let interrupt = frontend
        .send(Channel::Control, "interrupt_request", json!({}))
        .await;
    let reply = frontend.reply(Channel::Control, &interrupt).await;
    assert_eq!(reply, json!({"status": "ok"}));
    let reply = frontend.reply(Channel::Shell, cell).await;
    assert_eq!(reply["ename"], "Interrupted");
    let mut idle = 0;
    while idle < 2 {
        let message = frontend.iopub_message().await;
        idle += u32::from(message.content["execution_state"] == "idle");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered_beside_a_running_cell() {
    let kernel = kernel::start();
    let (mut frontend, cell) = running(&kernel).await;
    let code = json!({"code": "pag", "cursor_pos": 3});
    let reply = frontend
        .ask_beside(&cell, "complete_request", code.clone())
        .await;
    assert_eq!(reply["matches"], json!(["page"]));
    let reply = frontend.ask_beside(&cell, "inspect_request", code).await;
    assert_eq!(reply["status"], "ok");
    let code = json!({"code": "page"});
    let reply = frontend
        .ask_beside(&cell, "is_complete_request", code)
        .await;
    assert_eq!(reply["status"], "complete");
    let tail = json!({"hist_access_type": "tail", "n": 1});
    let reply = frontend.ask_beside(&cell, "history_request", tail).await;
    assert_eq!(reply["history"], json!([]));
    for request in ["kernel_info_request", "comm_info_request"] {
        let reply = frontend.ask_beside(&cell, request, json!({})).await;
        assert_eq!(reply["status"], "ok");
    }
    let info = frontend
        .ask_on(Channel::Control, "kernel_info_request", json!({}))
        .await;
    frontend.busy(&cell).await;
    assert_eq!(info["status"], "ok");
    frontend.beat(b"alive").await;
    stop(&mut frontend, &cell).await;
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_of_an_idle_kernel_does_nothing() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    for _ in 0..3 {
        let reply = frontend
            .ask_on(Channel::Control, "interrupt_request", json!({}))
            .await;
        assert_eq!(reply, json!({"status": "ok"}));
    }
    let cell = frontend.execute("print not interrupted").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    assert_eq!(frontend.ends(&cell).await["status"], "ok");
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_run_one_after_the_other() {
    let kernel = kernel::start();
    let (mut frontend, cell) = running(&kernel).await;
    let next = frontend.execute_with("print next", json!({})).await;
    // Queued and not begun: what comes next on iopub is of this request alone.
    frontend
        .ask_beside(&cell, "kernel_info_request", json!({}))
        .await;
    stop(&mut frontend, &cell).await;
    assert_eq!(
        frontend.reply(Channel::Shell, &next).await["status"],
        "aborted"
    );
    // Its idle may have been read by `stop`; what follows belongs to new requests only.
    let cell = frontend.execute("page 1").await;
    loop {
        let message = frontend.iopub_message().await;
        if message.parent_header == cell {
            break;
        }
    }
    frontend.iopub(&cell, "execute_input").await;
    frontend.ends(&cell).await;
    frontend.is_quiet().await;
}
