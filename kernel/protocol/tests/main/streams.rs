//! Much output: nothing lost, nothing out of order, few messages.

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
        assert!(piece.len() <= 4 << 20);
        text.push_str(piece);
        messages += 1;
    }
    assert_eq!(frontend.ends(&sent).await["status"], "ok");
    let expected: String = (0..200_000).map(|at| format!("line {at}\n")).collect();
    assert!(text == expected + "end\n", "lines lost or out of order");
    // A front end draws all of it anew with each of them.
    assert!(messages < 100, "{messages} messages");
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_comes_before_what_is_shown_after_it() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let code = "lines 3\ndisplay a\nprint x\nclear\neprint y\nresult b";
    let sent = frontend.execute(code).await;
    frontend.begins(&sent).await;
    frontend
        .stream(&sent, "stdout", "line 0\nline 1\nline 2\n")
        .await;
    let shown = frontend.iopub(&sent, "display_data").await;
    assert_eq!(shown["data"]["text/plain"], "a");
    frontend.stream(&sent, "stdout", "x\n").await;
    frontend.iopub(&sent, "clear_output").await;
    frontend.stream(&sent, "stderr", "y\n").await;
    let result = frontend.iopub(&sent, "execute_result").await;
    assert_eq!(result["data"]["text/plain"], "b");
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
        assert!(piece.len() <= 4 << 20);
        assert!(piece.chars().all(|character| character == 'λ'));
        bytes += piece.len();
    }
    assert_eq!(bytes, 20 << 20);
    frontend.iopub(&sent, "execute_result").await;
    frontend.ends(&sent).await;
}
