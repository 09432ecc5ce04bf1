//! Comms, opened by either side: what is said on them waits for cells, and keeps its order.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::support::frontend::{Channel, Frontend, Sent};
use crate::support::kernel;

async fn open(frontend: &mut Frontend, id: &str, target: &str) -> Sent {
    let content = json!({"comm_id": id, "target_name": target, "data": {"x": 1}});
    frontend.send(Channel::Shell, "comm_open", content).await
}

async fn opened(frontend: &mut Frontend, id: &str) {
    let sent = open(frontend, id, "known").await;
    frontend.busy(&sent).await;
    frontend.idle(&sent).await;
}

/// Says something on comm `id`: commands for the echo evaluator.
async fn say(frontend: &mut Frontend, id: &str, commands: &str) -> Sent {
    let content = json!({"comm_id": id, "data": commands});
    frontend.send(Channel::Shell, "comm_msg", content).await
}

async fn listed(frontend: &mut Frontend) -> Value {
    let info = frontend.ask("comm_info_request", json!({})).await;
    assert_eq!(info["status"], "ok");
    info["comms"].clone()
}

async fn interrupt(frontend: &mut Frontend) -> Sent {
    let kind = "interrupt_request";
    frontend.send(Channel::Control, kind, json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn comms_open_for_known_targets_only() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    opened(&mut frontend, "1").await;
    let sent = open(&mut frontend, "2", "unknown").await;
    frontend.busy(&sent).await;
    let closed = frontend.iopub(&sent, "comm_close").await;
    assert_eq!(closed, json!({"comm_id": "2", "data": {}}));
    frontend.idle(&sent).await;

    let all = json!({"1": {"target_name": "known"}});
    for (content, expected) in [
        (json!({}), &all),
        (json!({"target_name": "known"}), &all),
        (json!({"target_name": ""}), &all),
        (json!({"target_name": "unknown"}), &json!({})),
    ] {
        let info = frontend.ask("comm_info_request", content).await;
        assert_eq!(info, json!({"status": "ok", "comms": expected}));
    }
    // Said on no comm, on one that was never open, without what belongs into it.
    for (msg_type, content) in [
        ("comm_open", json!({"comm_id": "3"})),
        ("comm_msg", json!({"comm_id": "2", "data": "print no"})),
        ("comm_msg", json!({"comm_id": "9", "data": "print no"})),
        ("comm_msg", json!({})),
        ("comm_close", json!({"comm_id": "9"})),
    ] {
        let sent = frontend.send(Channel::Shell, msg_type, content).await;
        frontend.busy(&sent).await;
        frontend.idle(&sent).await;
    }
    assert_eq!(listed(&mut frontend).await, all);
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_handler_shows_and_says_belongs_to_the_message_that_it_handles() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    opened(&mut frontend, "1").await;
    let sent = say(&mut frontend, "1", "print a\nsay 1\ndisplay b\nclose 1").await;
    frontend.busy(&sent).await;
    let stream = frontend.iopub(&sent, "stream").await;
    assert_eq!(stream, json!({"name": "stdout", "text": "a\n"}));
    let said = frontend.iopub(&sent, "comm_msg").await;
    assert_eq!(said, json!({"comm_id": "1", "data": [1, null]}));
    let shown = frontend.iopub(&sent, "display_data").await;
    assert_eq!(shown["data"]["text/plain"], "b");
    let closed = frontend.iopub(&sent, "comm_close").await;
    assert_eq!(closed, json!({"comm_id": "1", "data": {}}));
    frontend.idle(&sent).await;
    assert_eq!(listed(&mut frontend).await, json!({}));

    // It is over: nobody hears this, nor the front end's own close.
    let late = say(&mut frontend, "1", "print late").await;
    frontend.busy(&late).await;
    frontend.idle(&late).await;
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buffers_pass_both_ways() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let buffers = [
        Bytes::from_static(b"\x00\xff"),
        Bytes::new(),
        Bytes::from(vec![7; 100_000]),
    ];
    let reversed: Vec<Bytes> = buffers.iter().rev().cloned().collect();
    for (msg_type, content) in [
        (
            "comm_open",
            json!({"comm_id": "1", "target_name": "known", "data": {}}),
        ),
        ("comm_msg", json!({"comm_id": "1", "data": ""})),
    ] {
        let header = frontend.header(msg_type);
        let mut frames = frontend.frames(&header, &json!({}), &content);
        frames.extend(buffers.iter().cloned());
        frontend.send_frames(Channel::Shell, frames).await;
        frontend.busy(&header).await;
        let answer = frontend.iopub_message().await;
        assert_eq!(answer.content, json!({"comm_id": "1", "data": 3}));
        assert_eq!(answer.buffers, reversed);
        frontend.idle(&header).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_is_handled_once() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    opened(&mut frontend, "1").await;
    for handled in [true, false] {
        let content = json!({"comm_id": "1", "data": {}});
        let sent = frontend.send(Channel::Shell, "comm_close", content).await;
        frontend.busy(&sent).await;
        if handled {
            let stream = frontend.iopub(&sent, "stream").await;
            assert_eq!(stream["text"], "closed 1\n");
        }
        frontend.idle(&sent).await;
        assert_eq!(listed(&mut frontend).await, json!({}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_open_comms_of_their_own_even_silent_ones() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let sent = frontend.execute("open c\nprint a\nsay c").await;
    frontend.begins(&sent).await;
    let message = frontend.iopub_message().await;
    assert_eq!(message.msg_type(), "comm_open");
    assert_eq!(message.parent_header, sent);
    assert_eq!(message.metadata, json!({"version": "2.1.0"}));
    let buffers = [Bytes::from_static(&[1, 2, 3]), Bytes::new()];
    assert_eq!(message.buffers, buffers);
    let expected = json!({"comm_id": "c", "target_name": "of-a-cell", "data": {"opened": true}});
    assert_eq!(message.content, expected);
    frontend.iopub(&sent, "stream").await;
    frontend.iopub(&sent, "comm_msg").await;
    frontend.ends(&sent).await;
    let all = json!({"c": {"target_name": "of-a-cell"}});
    assert_eq!(listed(&mut frontend).await, all);

    let answer = say(&mut frontend, "c", "print heard").await;
    frontend.busy(&answer).await;
    assert_eq!(frontend.iopub(&answer, "stream").await["text"], "heard\n");
    frontend.idle(&answer).await;

    let silent = json!({"silent": true});
    let sent = frontend.execute_with("print unseen\nclose c", silent).await;
    frontend.busy(&sent).await;
    frontend.iopub(&sent, "comm_close").await;
    frontend.ends(&sent).await;
    assert_eq!(listed(&mut frontend).await, json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_wait_for_the_running_cell_and_are_not_aborted_with_those_behind_it() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    opened(&mut frontend, "1").await;
    let cell = frontend.execute("print runs\nwait").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    let behind = frontend.execute("print never").await;
    let message = say(&mut frontend, "1", "print handled").await;
    let opening = open(&mut frontend, "2", "known").await;
    // Answered at once: the second comm is not open yet.
    let info = frontend
        .ask_beside(&cell, "comm_info_request", json!({}))
        .await;
    assert_eq!(info["comms"], json!({"1": {"target_name": "known"}}));

    let stop = interrupt(&mut frontend).await;
    let mut of_stop = Vec::new();
    let mut rest = Vec::new();
    // Beside the cell, in any order to it: the stop's own messages, and busy said again.
    while of_stop.len() < 2 || rest.last() != Some(&(opening.clone(), "idle".to_owned())) {
        let next = frontend.iopub_message().await;
        let state = next.content["execution_state"].as_str();
        let what = state.unwrap_or(next.msg_type()).to_owned();
        if next.parent_header == stop {
            of_stop.push(what);
        } else if rest.last() != Some(&(next.parent_header.clone(), what.clone())) {
            rest.push((next.parent_header, what));
        }
    }
    assert_eq!(of_stop, ["busy", "idle"]);
    let said_again = |(parent, what): &(Value, String)| *parent == cell && what == "busy";
    rest.retain(|said| !said_again(said));
    let expected = [
        (&cell, "error"),
        (&cell, "idle"),
        (&behind, "busy"),
        (&behind, "idle"),
        (&message, "busy"),
        (&message, "stream"),
        (&message, "idle"),
        (&opening, "busy"),
        (&opening, "idle"),
    ];
    let expected = expected.map(|(parent, what)| (parent.clone(), what.to_owned()));
    let first_of_each = dedup(rest);
    assert_eq!(first_of_each, expected);

    frontend.reply(Channel::Control, &stop).await;
    assert_eq!(
        frontend.reply(Channel::Shell, &cell).await["ename"],
        "Interrupted"
    );
    let reply = frontend.reply(Channel::Shell, &behind).await;
    assert_eq!(reply["status"], "aborted");
}

/// Without what was said again: busy, of whatever ran when the stop was answered.
fn dedup(said: Vec<(Value, String)>) -> Vec<(Value, String)> {
    let mut first: Vec<(Value, String)> = Vec::new();
    for one in said {
        if !first.contains(&one) {
            first.push(one);
        }
    }
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_goes_on_for_ever_is_interrupted() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    opened(&mut frontend, "1").await;
    let sent = say(&mut frontend, "1", "print begun\nwait").await;
    frontend.busy(&sent).await;
    frontend.iopub(&sent, "stream").await;
    // The kernel answers meanwhile, and says again that it is busy.
    frontend
        .ask_beside(&sent, "kernel_info_request", json!({}))
        .await;
    frontend.beat(b"still here").await;
    let stop = interrupt(&mut frontend).await;
    frontend.reply(Channel::Control, &stop).await;
    let mut text = String::new();
    loop {
        let next = frontend.iopub_message().await;
        if next.parent_header == stop {
            continue;
        }
        assert_eq!(next.parent_header, sent, "{next:?}");
        match next.content["execution_state"].as_str() {
            Some("idle") => break,
            Some(state) => assert_eq!(state, "busy"),
            None => text.push_str(next.content["text"].as_str().unwrap()),
        }
    }
    assert_eq!(text, "Interrupted: stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_behind_a_comm_is_told_on_stderr_and_ends_nothing() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    opened(&mut frontend, "1").await;
    let sent = say(&mut frontend, "1", "panic").await;
    frontend.busy(&sent).await;
    let told = frontend.iopub(&sent, "stream").await;
    assert_eq!(told["name"], "stderr");
    assert!(told["text"].as_str().unwrap().contains("as asked"));
    frontend.idle(&sent).await;
    // A handler is not asked for input: its front end does not wait for questions.
    let sent = say(&mut frontend, "1", "input name?").await;
    frontend.busy(&sent).await;
    let told = frontend.iopub(&sent, "stream").await;
    assert!(told["text"].as_str().unwrap().starts_with("InputError"));
    frontend.idle(&sent).await;
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_evaluator_every_comm_is_closed() {
    let kernel = kernel::start_with(|| panic!("no rustc here"));
    let mut frontend = Frontend::connect(&kernel).await;
    let sent = open(&mut frontend, "1", "known").await;
    frontend.busy(&sent).await;
    let told = frontend.iopub(&sent, "stream").await;
    assert!(told["text"].as_str().unwrap().contains("no rustc here"));
    frontend.iopub(&sent, "comm_close").await;
    frontend.idle(&sent).await;
    assert_eq!(listed(&mut frontend).await, json!({}));
}
