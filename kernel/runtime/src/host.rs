//! The lessons' way to the notebook: display requests go over the control socket and wait until the
//! kernel has published them, so that they keep their place among printed lines.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gradbook_control::{CommEvent, Data, FromChild, ToChild, receive, send};
use lessons::host::Host;
use lessons::show::MimeBundle;

use crate::watch;

/// The control socket. What the kernel wants done goes to the thread that runs cells, what it answers
/// to the thread that asked: any thread may show something at any time, also after its cell.
pub(crate) struct Control {
    socket: Mutex<UnixStream>,
    tasks: Mutex<Receiver<ToChild>>,
    /// Held from a question to its answer.
    answers: Mutex<Receiver<ToChild>>,
}

impl Control {
    /// # Errors
    /// When no thread can be started that reads the socket.
    pub(crate) fn new(socket: UnixStream) -> io::Result<Self> {
        let reader = socket.try_clone()?;
        let (to_tasks, tasks) = channel();
        let (to_answers, answers) = channel();
        std::thread::Builder::new()
            .name("gradbook-control".to_owned())
            .spawn(move || sort(reader, &to_tasks, &to_answers))?;
        Ok(Self {
            socket: Mutex::new(socket),
            tasks: Mutex::new(tasks),
            answers: Mutex::new(answers),
        })
    }

    pub(crate) fn send(&self, message: &FromChild) -> io::Result<()> {
        send(&mut *lock(&self.socket), message)
    }

    /// What is to be done next; `None` when the kernel has closed the socket.
    pub(crate) fn task(&self) -> Option<ToChild> {
        lock(&self.tasks).recv().ok()
    }

    /// Holds off everyone who would say or ask something; `None` while someone does.
    pub(crate) fn quiet(&self) -> Option<impl Sized> {
        Some((self.socket.try_lock().ok()?, self.answers.try_lock().ok()?))
    }

    /// Sends a request and waits for its answer; other threads that ask wait meanwhile.
    fn ask(&self, message: &FromChild) -> io::Result<ToChild> {
        let answers = lock(&self.answers);
        // What was printed before must be in the pipe before the kernel looks.
        io::stdout().flush()?;
        self.send(message)?;
        answers.recv().map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Reads the socket until it closes.
fn sort(mut socket: UnixStream, tasks: &Sender<ToChild>, answers: &Sender<ToChild>) {
    while let Ok(Some(message)) = receive(&mut socket) {
        let to = match message {
            ToChild::Acknowledge | ToChild::Input { .. } => answers,
            ToChild::Insist => {
                watch::insist();
                continue;
            }
            ToChild::Run { .. } | ToChild::Drop { .. } | ToChild::Describe | ToChild::Comm(_) => {
                tasks
            }
        };
        if to.send(message).is_err() {
            return;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
