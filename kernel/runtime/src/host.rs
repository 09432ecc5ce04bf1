//! The lessons' way to the notebook: display requests go over the control socket and wait until the
//! kernel has published them, so that they keep their place among printed lines.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gradbook_control::{CommEvent, Data, FromChild, ToChild, receive, send};
use lessons::host::Host;
use lessons::show::MimeBundle;

/// The control socket; a cell's threads share it.
pub(crate) struct Control(Mutex<UnixStream>);

impl Control {
    pub(crate) fn new(socket: UnixStream) -> Self {
        Self(Mutex::new(socket))
    }

    pub(crate) fn send(&self, message: &FromChild) -> io::Result<()> {
        send(&mut *self.lock(), message)
    }

    pub(crate) fn receive(&self) -> io::Result<Option<ToChild>> {
        receive(&mut *self.lock())
    }

    /// Sends a request and waits for its answer; other threads wait meanwhile.
    fn ask(&self, message: &FromChild) -> io::Result<ToChild> {
        // What was printed before must be in the pipe before the kernel looks.
        io::stdout().flush()?;
        let mut socket = self.lock();
        send(&mut *socket, message)?;
        receive(&mut *socket)?.ok_or_else(|| io::ErrorKind::BrokenPipe.into())
    }

    fn lock(&self) -> MutexGuard<'_, UnixStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The host installed in the child.
pub(crate) struct Notebook(pub(crate) &'static Control);

impl Notebook {
    fn show(&self, message: &FromChild) {
        if let Err(error) = self.0.ask(message) {
            eprintln!("the kernel did not take what was to be shown: {error}");
        }
    }
}

impl Host for Notebook {
    fn display_data(&self, content: &MimeBundle, display_id: Option<&str>) {
        let display_id = display_id.map(str::to_owned);
        self.show(&FromChild::DisplayData {
            data: data(content),
            display_id,
        });
    }

    fn update_display_data(&self, content: &MimeBundle, display_id: &str) {
        let display_id = display_id.to_owned();
        self.show(&FromChild::UpdateDisplayData {
            data: data(content),
            display_id,
        });
    }

    fn clear_output(&self, wait: bool) {
        self.show(&FromChild::ClearOutput { wait });
    }

    fn input(&self, prompt: &str, password: bool) -> io::Result<String> {
        match self.0.ask(&FromChild::Input {
            prompt: prompt.to_owned(),
            password,
        })? {
            ToChild::Input { line } => line.map_err(io::Error::other),
            other => Err(io::Error::other(format!("an unexpected answer: {other:?}"))),
        }
    }

    fn open_comm(&self, id: &str, target: &str, data: &str, metadata: &str, buffers: &[&[u8]]) {
        self.show(&FromChild::Comm(CommEvent::Open {
            id: id.to_owned(),
            target: target.to_owned(),
            data: data.to_owned(),
            metadata: metadata.to_owned(),
            buffers: owned(buffers),
        }));
    }

    fn send_on_comm(&self, id: &str, data: &str, buffers: &[&[u8]]) {
        self.show(&FromChild::Comm(CommEvent::Message {
            id: id.to_owned(),
            data: data.to_owned(),
            buffers: owned(buffers),
        }));
    }

    fn close_comm(&self, id: &str) {
        let (id, data) = (id.to_owned(), "{}".to_owned());
        self.show(&FromChild::Comm(CommEvent::Close { id, data }));
    }
}

fn owned(buffers: &[&[u8]]) -> Vec<Vec<u8>> {
    buffers.iter().map(|buffer| buffer.to_vec()).collect()
}

fn data(content: &MimeBundle) -> Data {
    content
        .iter()
        .map(|(mime_type, text)| (mime_type.to_owned(), text.to_owned()))
        .collect()
}
