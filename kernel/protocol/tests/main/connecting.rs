//! Addresses, several front ends, and kernels that cannot be reached.

use std::os::unix::net::UnixListener;

use serde_json::json;

use crate::support::frontend::{Channel, Frontend};
use crate::support::{echo, kernel};

#[tokio::test(flavor = "multi_thread")]
async fn over_tcp() {
    let folder = tempfile::tempdir().unwrap();
    let kernel = kernel::start_at(kernel::tcp(), folder, echo::backend);
    let mut frontend = Frontend::connect(&kernel).await;
    frontend.beat(b"ping").await;
    frontend.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_nothing_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let kernel = kernel::start_at(kernel::ipc(&folder, ""), folder, echo::backend);
    Frontend::connect(&kernel).await.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_front_ends_see_all_output_and_only_their_own_replies() {
    let kernel = kernel::start();
    let mut one = Frontend::connect(&kernel).await;
    let mut two = Frontend::connect_to(&kernel.connection, "client-2").await;
    assert_eq!(one.iopub_message().await.msg_type(), "iopub_welcome");

    let of_one = one.execute("print from one").await;
    for frontend in [&mut one, &mut two] {
        frontend.begins(&of_one).await;
        frontend.iopub(&of_one, "stream").await;
        frontend.idle(&of_one).await;
    }
    one.reply(Channel::Shell, &of_one).await;
    let of_two = two
        .send(Channel::Shell, "kernel_info_request", json!({}))
        .await;
    for frontend in [&mut one, &mut two] {
        frontend.busy(&of_two).await;
        frontend.idle(&of_two).await;
    }
    // Had two got one's reply, this would be it.
    two.reply(Channel::Shell, &of_two).await;

    // A question goes to whoever's cell asks, and nobody else can answer it.
    let asks = two.execute("input who?").await;
    let question = two.question(&asks).await;
    one.answer(None, "one, which was not asked").await;
    two.answer(Some(&question.header), "two").await;
    for frontend in [&mut one, &mut two] {
        frontend.begins(&asks).await;
        let stream = frontend.iopub(&asks, "stream").await;
        assert_eq!(stream["text"], "got \"two\"\n");
        frontend.idle(&asks).await;
    }
    two.reply(Channel::Shell, &asks).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named() {
    let connection = kernel::tcp();
    let address = ("127.0.0.1", connection.iopub_port);
    let _other_program = std::net::TcpListener::bind(address).unwrap();
    let port = connection.iopub_port;
    let kernel = kernel::start_at(connection, tempfile::tempdir().unwrap(), echo::backend);
    let error = kernel.serving.await.unwrap().unwrap_err().to_string();
    let expected = format!("the iopub socket cannot listen on tcp://127.0.0.1:{port}: another");
    assert!(error.starts_with(&expected), "{error}");
    assert!(!error.contains('\n'), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_socket_file_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("k-2");
    let _other_program = UnixListener::bind(&taken).unwrap();
    let kernel = kernel::start_at(kernel::ipc(&folder, ""), folder, echo::backend);
    let error = kernel.serving.await.unwrap().unwrap_err().to_string();
    assert!(
        error.starts_with("the control socket cannot listen on ipc://"),
        "{error}"
    );
    assert!(error.contains("k-2: another program"), "{error}");
    assert!(taken.exists());
    assert!(!kernel.folder.path().join("k-1").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_file_left_by_a_killed_kernel_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    for port in 1..=5 {
        drop(UnixListener::bind(folder.path().join(format!("k-{port}"))).unwrap());
    }
    let kernel = kernel::start_at(kernel::ipc(&folder, ""), folder, echo::backend);
    Frontend::connect(&kernel).await.is_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_another_machine_is_named() {
    let connection =
        kernel::connection("tcp", "192.0.2.1", [50001, 50002, 50003, 50004, 50005], "");
    let kernel = kernel::start_at(connection, tempfile::tempdir().unwrap(), echo::backend);
    let error = kernel.serving.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("tcp://192.0.2.1:50001"), "{error}");
    assert!(error.contains("no such address"), "{error}");
}
