//! What ends or interrupts a kernel from outside: signals, and the death of whoever started it.
//! Knows nothing of messages.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::execution::Interrupts;

/// How often to look whether the parent still lives.
const LOOK: Duration = Duration::from_secs(1);

/// Turns SIGINT into interrupts, for ever: Ctrl-C in a terminal must not end the session.
pub(crate) async fn interrupt_on_sigint(interrupts: Arc<Interrupts>) {
    let mut sigint = match signal(SignalKind::interrupt()) {
        Ok(sigint) => sigint,
        Err(error) => {
            tracing::warn!("SIGINT will end the kernel: {error}");
            return std::future::pending().await;
        }
    };
    while sigint.recv().await.is_some() {
        let interrupts = Arc::clone(&interrupts);
        tokio::task::spawn_blocking(move || interrupts.interrupt());
    }
}

/// Completes when the process is asked to end, or its parent has.
pub(crate) async fn ended() {
    tokio::select! {
        () = received(SignalKind::terminate()) => tracing::info!("ending: SIGTERM"),
        () = received(SignalKind::hangup()) => tracing::info!("ending: SIGHUP"),
        () = parent_died() => tracing::info!("ending: the process that started this kernel died"),
    }
}

async fn received(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!("cannot listen for a signal: {error}");
            std::future::pending().await
        }
    }
}

/// Completes when the parent dies that Jupyter names in `JPY_PARENT_PID`; a kernel started to
/// outlive its parent has no such name, and this never completes.
async fn parent_died() {
    let Some(named) = std::env::var_os("JPY_PARENT_PID") else {
        return std::future::pending().await;
    };
    let adopted_by = std::os::unix::process::parent_id();
    // With a wrapper in between (a shell, `uv run`), the named process is a grandparent.
    let process = PathBuf::from("/proc").join(named);
    let can_see = process.exists();
    loop {
        tokio::time::sleep(LOOK).await;
        let orphaned = std::os::unix::process::parent_id() != adopted_by;
        if orphaned || (can_see && !process.exists()) {
            return;
        }
    }
}
