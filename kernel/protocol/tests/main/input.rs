//! Questions of a cell to the learner.

use serde_json::json;

use crate::support::frontend::{Channel, Frontend};
use crate::support::kernel;

#[tokio::test(flavor = "multi_thread")]
async fn a_line_and_a_password() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    for (command, password) in [("input", false), ("password", true)] {
        let sent = frontend.execute(&format!("{command} name?")).await;
        frontend.begins(&sent).await;
        let question = frontend.question(&sent).await;
        assert_eq!(
            question.content,
            json!({"prompt": "name?", "password": password})
        );
        // A console names no parent, JupyterLab does.
        let parent = password.then_some(&question.header);
        frontend.answer(parent, "Ada λ").await;
        let stream = frontend.iopub(&sent, "stream").await;
        assert_eq!(stream["text"], "got \"Ada λ\"\n");
        assert_eq!(frontend.ends(&sent).await["status"], "ok");
    }
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_that_cannot_ask_is_not_asked() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let options = json!({"allow_stdin": false});
    let sent = frontend.execute_with("input name?", options).await;
    frontend.begins(&sent).await;
    frontend.iopub(&sent, "error").await;
    let reply = frontend.ends(&sent).await;
    assert_eq!(reply["evalue"], "this front end cannot ask for input");
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_waiting_and_a_late_answer_is_dropped() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let sent = frontend.execute("input name?").await;
    frontend.begins(&sent).await;
    let old_question = frontend.question(&sent).await;
    let interrupt = frontend
        .send(Channel::Control, "interrupt_request", json!({}))
        .await;
    frontend.reply(Channel::Control, &interrupt).await;
    let reply = frontend.reply(Channel::Shell, &sent).await;
    assert_eq!(reply["evalue"], "interrupted while waiting for input");
    let mut idle = 0;
    while idle < 2 {
        let message = frontend.iopub_message().await;
        idle += u32::from(message.content["execution_state"] == "idle");
    }

    let sent = frontend.execute("input again?").await;
    frontend.begins(&sent).await;
    let question = frontend.question(&sent).await;
    frontend.answer(Some(&old_question.header), "late").await;
    frontend.answer(Some(&question.header), "in time").await;
    let stream = frontend.iopub(&sent, "stream").await;
    assert_eq!(stream["text"], "got \"in time\"\n");
    frontend.ends(&sent).await;
    // Nobody waits for this one, nor for one without a value.
    frontend.answer(None, "unasked").await;
    frontend
        .send(Channel::Stdin, "input_reply", json!({}))
        .await;
    frontend.is_quiet().await;
}
