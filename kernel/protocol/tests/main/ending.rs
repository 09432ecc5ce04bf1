//! Shutdown by request, by signal and by the death of whoever started the kernel.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use gradbook_protocol::{Options, run};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::frontend::{Channel, Frontend};
use crate::support::{echo, kernel};

/// Far more than it takes on a quiet machine: Jupyter kills a kernel after five.
const AT_MOST: Duration = Duration::from_secs(20);

async fn shut_down(frontend: &mut Frontend, channel: Channel, restart: Value) {
    let content = json!({"restart": restart});
    let sent = frontend.send(channel, "shutdown_request", content).await;
    frontend.busy(&sent).await;
    let told = frontend.iopub(&sent, "shutdown_reply").await;
    let reply = frontend.reply(channel, &sent).await;
    assert_eq!(reply, json!({"status": "ok", "restart": restart}));
    assert_eq!(reply, told);
    frontend.idle(&sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_is_answered_and_leaves_no_socket_file() {
    for (channel, restart) in [(Channel::Control, true), (Channel::Shell, false)] {
        let kernel = kernel::start();
        let mut frontend = Frontend::connect(&kernel).await;
        shut_down(&mut frontend, channel, json!(restart)).await;
        kernel.serving.await.unwrap().unwrap();
        for port in 1..=5 {
            assert!(!kernel.folder.path().join(format!("k-{port}")).exists());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_cell_is_stopped_and_one_that_cannot_be_is_left() {
    for code in [
        "print begun\nwait",
        "print begun\ninput ?",
        "print begun\nstubborn",
    ] {
        let kernel = kernel::start();
        let mut frontend = Frontend::connect(&kernel).await;
        let cell = frontend.execute(code).await;
        frontend.begins(&cell).await;
        frontend.iopub(&cell, "stream").await;
        frontend
            .send(
                Channel::Control,
                "shutdown_request",
                json!({"restart": false}),
            )
            .await;
        let ended = tokio::time::timeout(AT_MOST, kernel.serving).await;
        ended.expect("still serving").unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_front_end_that_reads_nothing_cannot_keep_the_kernel_alive() {
    let kernel = kernel::start();
    let mut frontend = Frontend::connect(&kernel).await;
    let _reads_nothing = Frontend::connect_to(&kernel.connection, "client-2").await;
    let cell = frontend.execute("huge 50").await;
    assert_eq!(frontend.iopub_message().await.msg_type(), "iopub_welcome");
    frontend.begins(&cell).await;
    frontend.beat(b"alive").await;
    frontend
        .send(Channel::Control, "shutdown_request", json!({}))
        .await;
    let ended = tokio::time::timeout(AT_MOST, kernel.serving).await;
    ended.expect("still serving").unwrap().unwrap();
}

/// Not a test: the kernel process of the tests below, which start this very program for it.
#[test]
#[ignore = "started by other tests"]
fn kernel_process() {
    let Ok(folder) = std::env::var("KERNEL_FOLDER") else {
        return;
    };
    let connection =
        kernel::connection("ipc", &format!("{folder}/k"), [1, 2, 3, 4, 5], kernel::KEY);
    let options = Options {
        history: None,
        ..Options::default()
    };
    run(connection, echo::backend, options).unwrap();
}

/// A shell that starts the kernel, says its process id, and waits; its output ends with the kernel.
fn start_process() -> (TempDir, Child, String, BufReader<impl Read>) {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"JPY_PARENT_PID=$$ "$0" --ignored --exact ending::kernel_process --nocapture \
        </dev/null & echo "pid $!"; read _"#;
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("KERNEL_FOLDER", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(shell.stdout.take().unwrap());
    let mut pid = String::new();
    while !pid.starts_with("pid ") {
        pid.clear();
        assert_ne!(output.read_line(&mut pid).unwrap(), 0, "no kernel");
    }
    let pid = pid.trim_start_matches("pid ").trim().to_owned();
    (folder, shell, pid, output)
}

/// Reads until every process that holds the output has ended.
async fn all_ended(mut output: BufReader<impl Read + Send + 'static>, folder: &TempDir) {
    let read = tokio::task::spawn_blocking(move || output.read_to_end(&mut Vec::new()));
    let ended = tokio::time::timeout(AT_MOST, read).await;
    ended.expect("the kernel still runs").unwrap().unwrap();
    for port in 1..=5 {
        assert!(!folder.path().join(format!("k-{port}")).exists());
    }
}

fn signal(name: &str, pid: &str) {
    let kill = Command::new("kill").args([name, pid]).status().unwrap();
    assert!(kill.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn sigint_interrupts_and_sigterm_ends() {
    let (folder, mut shell, pid, output) = start_process();
    let connection = kernel::ipc(&folder, kernel::KEY);
    let mut frontend = Frontend::connect_to(&connection, "client-1").await;
    let cell = frontend.execute("print begun\nwait").await;
    frontend.begins(&cell).await;
    frontend.iopub(&cell, "stream").await;
    signal("-INT", &pid);
    frontend.iopub(&cell, "error").await;
    assert_eq!(frontend.ends(&cell).await["ename"], "Interrupted");
    signal("-INT", &pid);
    frontend.is_quiet().await;
    signal("-TERM", &pid);
    drop(shell.stdin.take());
    all_ended(output, &folder).await;
    shell.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_death_of_the_parent_ends_the_kernel() {
    let (folder, mut shell, _, output) = start_process();
    let connection = kernel::ipc(&folder, kernel::KEY);
    let mut frontend = Frontend::connect_to(&connection, "client-1").await;
    frontend.is_quiet().await;
    shell.kill().unwrap();
    shell.wait().unwrap();
    all_ended(output, &folder).await;
}
