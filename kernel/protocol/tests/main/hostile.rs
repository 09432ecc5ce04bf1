//! What no front end should send, thousands of times; the kernel drops it and answers the others.

use bytes::Bytes;
use serde_json::json;

use crate::support::frontend::{Channel, Frontend};
use crate::support::kernel;

#[tokio::test(flavor = "multi_thread")]
async fn bad_messages_are_dropped_and_the_rest_is_answered() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let cell = frontend.execute("print begun\nwait").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    for round in 0..10_000 {
        let header = frontend.header("execute_request");
        let good = frontend.frames(&header, &json!({}), &json!({"code": "print never"}));
        let with = |at: usize, frame: &'static [u8]| {
            let mut frames = good.clone();
            frames[at] = Bytes::from_static(frame);
            frames
        };
        let unsigned_json = frontend.frames(&json!([]), &json!({}), &json!({}));
        let bad = match round % 10 {
            0 => with(
                1,
                b"0000000000000000000000000000000000000000000000000000000000000000",
            ),
            1 => with(1, b"not hexadecimal"),
            2 => with(1, b""),
            3 => with(5, b"{\"code\": \"print forged\"}"),
            4 => with(0, b"<NO|DELIMITER>"),
            5 => good[..4].to_vec(),
            6 => vec![Bytes::from_static(b"\xff\x00\xfe")],
            7 => with(2, b"{\"msg_id\": "),
            8 => unsigned_json,
            _ => vec![Bytes::new(); 12],
        };
        let channel = [Channel::Shell, Channel::Control, Channel::Stdin][round % 3];
        frontend.send_frames(channel, bad).await;
    }
    for _ in 0..2 {
        let reply = frontend
            .ask_beside(&cell, "kernel_info_request", json!({}))
            .await;
        assert_eq!(reply["status"], "ok");
    }
    frontend.beat(b"alive").await;
    let interrupt = frontend
        .send(Channel::Control, "interrupt_request", json!({}))
        .await;
    frontend.reply(Channel::Control, &interrupt).await;
    assert_eq!(
        frontend.reply(Channel::Shell, &cell).await["ename"],
        "Interrupted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lacks_the_key_is_not_answered() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let header = frontend.header("kernel_info_request");
    let mut stranger = kernel.connection.clone();
    stranger.key = "another key".to_owned();
    let forged = Frontend::sign_as(&stranger, &header);
    frontend.send_frames(Channel::Shell, forged.clone()).await;
    frontend.send_frames(Channel::Control, forged).await;
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn front_ends_that_leave_in_the_middle_disturb_nobody() {
    let kernel = kernel::start();
    let mut stays = Frontend::connect(&kernel).await;
    for round in 0..10 {
        let session = format!("leaves-{round}");
        let mut leaves = Frontend::connect_to(&kernel.connection, &session).await;
        // The one that stays sees the newcomer's welcome and all that it asks for.
        assert_eq!(stays.iopub_message().await.msg_type(), "iopub_welcome");
        let cell = leaves.execute("lines 2000\nprint end").await;
        leaves.begins(&cell).await;
        drop(leaves);
        stays.begins(&cell).await;
        let mut text = String::new();
        while !text.ends_with("end\n") {
            let stream = stays.iopub(&cell, "stream").await;
            text.push_str(stream["text"].as_str().unwrap());
        }
        assert_eq!(text.lines().count(), 2001);
        stays.idle(&cell).await;
    }
    stays.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_may_come_back_under_its_old_name() {
    let kernel = kernel::start();
    for _ in 0..10 {
        let mut frontend = Frontend::connect(&kernel).await;
        frontend.is_quiet().await;
        let cell = frontend.execute("print left behind").await;
        frontend.begins(&cell).await;
        frontend.iopub(&cell, "stream").await;
        frontend.ends(&cell).await;
    }
}
