//! One run of a compiled cell: its output to the front end as it comes, its end back to the caller.
//! Knows nothing of sources, types or sessions.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gradbook_control::{CommEvent, Data, Described, FailureKind, Finished, FromChild, ToChild};
use gradbook_protocol::evaluator::{Frontend, Output, StreamName};

use crate::abort::Abort;
use crate::child::output::Piece;
use crate::child::{Child, Event, Stream, ending};
use crate::comms::Comms;
use crate::diagnose::Printed;
use crate::evaluator::bundle;
use crate::library::Library;

/// How often a stop is looked for, and asked for again.
const TICK: Duration = Duration::from_millis(50);
/// A cell that the child has neither stopped nor left behind by then is ended with the process.
const PATIENCE: Duration = Duration::from_secs(6);
/// The same after the learner has insisted.
const LITTLE_PATIENCE: Duration = Duration::from_secs(2);

/// How a run ended.
pub enum Ran {
    /// By itself.
    Finished(Finished),
    /// With the process.
    Ended {
        /// In words.
        how: String,
        /// Because the learner stopped it.
        interrupted: bool,
    },
}

/// Runs compiled cells in a child; starts one where there is none.
pub struct Runner {
    executable: PathBuf,
    library: Arc<Library>,
    abort: Arc<Abort>,
    child: Option<Child>,
    /// Those that end with the child.
    comms: Comms,
    /// What the child loads before any cell: the crates of `:dep`.
    pub needs: Vec<PathBuf>,
    /// What the child did while something else was asked of it.
    held: Vec<Event>,
}

impl Ran {
    /// Whether the cell could not even begin, for want of something that it is linked to.
    pub fn did_not_load(&self) -> bool {
        let Self::Finished(finished) = self else {
            return false;
        };
        let failure = finished.failure.as_ref();
        failure.is_some_and(|failure| failure.kind == FailureKind::Load)
    }
}

impl Runner {
    /// A runner without a child.
    pub fn new(executable: PathBuf, library: Arc<Library>, abort: Arc<Abort>) -> Self {
        Self {
            executable,
            library,
            abort,
            child: None,
            comms: Comms::default(),
            needs: Vec::new(),
            held: Vec::new(),
        }
    }

    /// Starts the child, so that it loads libtorch while the learner still reads.
    pub fn warm_up(&mut self) {
        if self.child.is_none() {
            match Child::start(&self.executable, &self.library) {
                Ok(child) => self.child = Some(child),
                Err(error) => tracing::error!("the child did not start: {error}"),
            }
        }
    }

    /// Runs a cell's library to its end.
    pub fn run(&mut self, library: &Path, frontend: &mut dyn Frontend) -> Ran {
        let library = library.to_owned();
        let needs = self.needs.clone();
        self.ask(&ToChild::Run { library, needs }, frontend)
    }

    /// Runs the handler of a comm to its end.
    pub fn comm(&mut self, event: CommEvent, frontend: &mut dyn Frontend) -> Ran {
        self.comms.note(&event);
        self.ask(&ToChild::Comm(event), frontend)
    }

    /// Has the child run something, and publishes what it shows meanwhile.
    fn ask(&mut self, task: &ToChild, frontend: &mut dyn Frontend) -> Ran {
        self.warm_up();
        let Some(child) = &mut self.child else {
            self.comms.close_all(frontend);
            return self.ended("it could not be started".to_owned(), false);
        };
        // A child that died since is found out by its events.
        let _ = child.say(task);
        let mut shown = Shown::new(frontend, &mut self.comms);
        let mut stopping: Option<Instant> = None;
        let mut insisted: Option<Instant> = None;
        let mut killed = false;
        loop {
            let mut events = std::mem::take(&mut self.held);
            if let Err(error) = child.events(TICK, &mut events) {
                child.kill();
                shown.lost();
                return self.ended(error.to_string(), killed);
            }
            for event in events {
                match event {
                    Event::Wrote(stream, piece) => shown.piece(stream, piece),
                    Event::Quiet => shown.flush(),
                    Event::Said(FromChild::Finished(mut finished)) => {
                        let mut rest = Vec::new();
                        child.finish(&mut rest);
                        rest.into_iter().for_each(|event| shown.event(event));
                        finished.result = finished.result.and_then(|data| shown.value(data));
                        shown.flush();
                        return Ran::Finished(finished);
                    }
                    Event::Said(message) => {
                        if let Some(answer) = shown.said(message) {
                            let _ = child.say(&answer);
                        }
                    }
                    Event::Ended(status) => {
                        shown.lost();
                        return self.ended(ending(status), killed);
                    }
                }
            }
            if self.abort.requested() && !killed {
                let since = *stopping.get_or_insert_with(Instant::now);
                // Asked again until it is heard: the first may have come before the cell began.
                match since.elapsed() < TICK {
                    true => child.interrupt(),
                    false => child.interrupt_all(),
                }
                if self.abort.insisted() && insisted.is_none() {
                    insisted = Some(Instant::now());
                    let _ = child.say(&ToChild::Insist);
                }
                let in_vain = insisted.is_some_and(|since| since.elapsed() > LITTLE_PATIENCE);
                if since.elapsed() > PATIENCE || in_vain {
                    child.kill();
                    killed = true;
                }
            }
        }
    }

    /// Publishes what threads of earlier cells have shown since; waits for nothing. The end of the child is
    /// kept for the next cell.
    pub fn idle(&mut self, frontend: &mut dyn Frontend) {
        let Some(child) = &mut self.child else { return };
        let mut shown = Shown::new(frontend, &mut self.comms);
        let mut held = Vec::new();
        let mut events = std::mem::take(&mut self.held);
        // A thread that asked to show something may have more to show once it is answered.
        let mut more = true;
        while more {
            more = false;
            // Once it has ended, nothing more comes.
            let over = |event: &Event| matches!(event, Event::Ended(_));
            if !held.iter().chain(&events).any(over) {
                // An error shows at the next cell, which needs the child.
                let _ = child.events(Duration::ZERO, &mut events);
            }
            for event in events.drain(..) {
                match event {
                    Event::Wrote(stream, piece) => shown.piece(stream, piece),
                    Event::Quiet => {}
                    Event::Said(message) => {
                        more = true;
                        if let Some(answer) = shown.said(message) {
                            let _ = child.say(&answer);
                        }
                    }
                    Event::Ended(_) => held.push(event),
                }
            }
        }
        shown.flush();
        self.held = held;
    }

    /// Drops variables in the child.
    pub fn forget(&mut self, names: Vec<String>, frontend: &mut dyn Frontend) -> Ran {
        match (names.is_empty(), &self.child) {
            (false, Some(_)) => self.ask(&ToChild::Drop { names }, frontend),
            _ => Ran::Finished(Finished::default()),
        }
    }

    /// What the child knows of its variables; nothing where it does not answer, or not before a stop.
    pub fn describe(&mut self) -> Vec<Described> {
        self.warm_up();
        let Some(child) = &mut self.child else {
            return Vec::new();
        };
        if child.say(&ToChild::Describe).is_err() {
            return Vec::new();
        }
        let mut events = Vec::new();
        loop {
            if child.events(TICK, &mut events).is_err() {
                return Vec::new();
            }
            let mut answer = None;
            for event in events.drain(..) {
                match event {
                    Event::Said(FromChild::Described(described)) => answer = Some(described),
                    Event::Ended(_) => {
                        answer = Some(Vec::new());
                        self.held.push(event);
                    }
                    Event::Quiet => {}
                    other => self.held.push(other),
                }
            }
            if let Some(described) = answer {
                return described;
            }
            if self.abort.requested() {
                return Vec::new();
            }
        }
    }

    /// Ends the child.
    pub fn stop(&mut self) {
        self.held.clear();
        self.child = None;
    }

    /// The child is gone; the next one starts at once.
    fn ended(&mut self, how: String, interrupted: bool) -> Ran {
        self.child = None;
        self.warm_up();
        Ran::Ended { how, interrupted }
    }
}

/// The front end, with the representations of one value that have come so far.
struct Shown<'a> {
    frontend: &'a mut dyn Frontend,
    comms: &'a mut Comms,
    /// evcxr's convention prints one block per MIME type; neighbours are one value.
    content: Data,
    out: Printed,
    err: Printed,
}

impl<'a> Shown<'a> {
    fn new(frontend: &'a mut dyn Frontend, comms: &'a mut Comms) -> Self {
        Self {
            frontend,
            comms,
            content: Data::new(),
            out: Printed::default(),
            err: Printed::default(),
        }
    }

    fn event(&mut self, event: Event) {
        if let Event::Wrote(stream, piece) = event {
            self.piece(stream, piece);
        }
    }

    fn piece(&mut self, stream: Stream, piece: Piece) {
        match piece {
            Piece::Text(text) => {
                self.show();
                let (name, printed) = match stream {
                    Stream::Out => (StreamName::Stdout, &mut self.out),
                    Stream::Err => (StreamName::Stderr, &mut self.err),
                };
                let text = printed.text(text);
                if !text.is_empty() {
                    self.frontend.publish(Output::Stream { name, text });
                }
            }
            Piece::Content { mime_type, content } => {
                if self.content.contains_key(&mime_type) {
                    self.flush();
                }
                self.content.insert(mime_type, content);
            }
        }
    }

    /// A value without content has been printed: it is what came last.
    fn value(&mut self, data: Data) -> Option<Data> {
        match data.is_empty() {
            true => Some(std::mem::take(&mut self.content)).filter(|printed| !printed.is_empty()),
            false => Some(data),
        }
    }

    /// Nothing more comes for now.
    fn flush(&mut self) {
        for (name, rest) in [
            (StreamName::Stdout, self.out.rest()),
            (StreamName::Stderr, self.err.rest()),
        ] {
            if !rest.is_empty() {
                self.frontend.publish(Output::Stream { name, text: rest });
            }
        }
        self.show();
    }

    /// Publishes the value whose representations have come.
    fn show(&mut self) {
        let data = std::mem::take(&mut self.content);
        if !data.is_empty() {
            let content = bundle(data);
            self.frontend.publish(Output::DisplayData {
                content,
                display_id: None,
            });
        }
    }

    /// The child is gone: nobody answers its comms any more.
    fn lost(&mut self) {
        self.flush();
        self.comms.close_all(self.frontend);
    }

    /// Publishes what the child wants shown, and returns what it waits to hear.
    fn said(&mut self, message: FromChild) -> Option<ToChild> {
        self.flush();
        match message {
            FromChild::DisplayData { data, display_id } => {
                let content = bundle(data);
                self.frontend.publish(Output::DisplayData {
                    content,
                    display_id,
                });
            }
            FromChild::UpdateDisplayData { data, display_id } => {
                let content = bundle(data);
                self.frontend.publish(Output::UpdateDisplayData {
                    content,
                    display_id,
                });
            }
            FromChild::ClearOutput { wait } => {
                self.frontend.publish(Output::ClearOutput { wait });
            }
            FromChild::Comm(event) => self.comms.publish(event, self.frontend),
            FromChild::Input { prompt, password } => {
                let line = self
                    .frontend
                    .input(&prompt, password)
                    .map_err(|no| no.to_string());
                return Some(ToChild::Input { line });
            }
            FromChild::Ready | FromChild::Finished(_) | FromChild::Described(_) => return None,
        }
        Some(ToChild::Acknowledge)
    }
}
