//! Much output: nothing lost, nothing out of order, few messages.

use serde_json::json;

use crate::support::frontend::Frontend;
use crate::support::kernel;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_thousand_lines_arrive_in_few_messages() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let sent = frontend.execute("lines 200000\nprint end").await;
    frontend.begins(&sent).await;
    let (mut text, mut messages) = (String::new(), 0);
    while !text.ends_with("end\n") {
        let stream = frontend.iopub(&sent, "stream").await;
        let piece = stream["text"].as_str().unwrap();
        assert!(piece.len() <= 64 * 1024);
        text.push_str(piece);
        messages += 1;
    }
    assert_eq!(frontend.ends(&sent).await["status"], "ok");
    let expected: String = (0..200_000).map(|at| format!("line {at}\n")).collect();
    assert!(text == expected + "end\n", "lines lost or out of order");
    // Fewer than a thousandth of the lines: front ends are limited in messages, not in bytes.
    assert!(messages < 1000, "{messages} messages");
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_comes_before_what_is_shown_after_it() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let code = "lines 3\ndisplay a\nprint x\nclear\neprint y\nresult b";
    let sent = frontend.execute(code).await;
    frontend.begins(&sent).await;
    for (kind, text) in [
        ("stream", "line 0\nline 1\nline 2\n"),
        ("display_data", "a"),
        ("stream", "x\n"),
        ("clear_output", ""),
        ("stream", "y\n"),
        ("execute_result", "b"),
    ] {
        let content = frontend.iopub(&sent, kind).await;
        let shown = match kind {
            "stream" => &content["text"],
            "clear_output" => &json!(""),
            _ => &content["data"]["text/plain"],
        };
        assert_eq!(shown, text);
    }
    frontend.ends(&sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_piece_of_many_megabytes_is_cut_and_not_lost() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let sent = frontend.execute("huge 20\nresult done").await;
    frontend.begins(&sent).await;
    let mut bytes = 0;
    while bytes < 20 << 20 {
        let stream = frontend.iopub(&sent, "stream").await;
        let piece = stream["text"].as_str().unwrap();
        assert!(piece.len() <= 64 * 1024);
        assert!(piece.chars().all(|character| character == 'λ'));
        bytes += piece.len();
    }
    assert_eq!(bytes, 20 << 20);
    frontend.iopub(&sent, "execute_result").await;
    frontend.ends(&sent).await;
}
