//! Cells of one-word commands go in, what they ask for is shown: an evaluator without a compiler.
//! Knows nothing of sockets.

use std::sync::{Arc, Condvar, Mutex};

use gradbook_protocol::evaluator::*;
use serde_json::json;

/// A backend whose cells are lines such as `print hello`, `fail` or `wait`.
pub fn backend() -> Backend {
    let interrupted = Arc::new(Interrupted::default());
    Backend {
        evaluator: Box::new(Echo {
            cells: 0,
            interrupted: Arc::clone(&interrupted),
        }),
        interrupt: interrupted,
        intelligence: Arc::new(Words),
    }
}

#[derive(Default)]
struct Interrupted {
    flag: Mutex<bool>,
    changed: Condvar,
}

impl Interrupt for Interrupted {
    fn interrupt(&self) {
        *self.flag.lock().unwrap() = true;
        self.changed.notify_all();
    }

    fn reset(&self) {
        *self.flag.lock().unwrap() = false;
    }
}

impl Interrupted {
    fn wait(&self) {
        let flag = self.flag.lock().unwrap();
        drop(self.changed.wait_while(flag, |flag| !*flag).unwrap());
    }
}

struct Echo {
    cells: u32,
    interrupted: Arc<Interrupted>,
}

impl Evaluator for Echo {
    fn execute(&mut self, cell: &Cell, frontend: &mut dyn Frontend) -> Outcome {
        self.cells += 1;
        let mut payload = Vec::new();
        for line in cell.code.lines() {
            let (command, text) = line.split_once(' ').unwrap_or((line, ""));
            match command {
                "page" => payload.push(json!({
                    "source": "page", "data": {"text/plain": text}, "start": 0,
                })),
                _ => {
                    if let Err(error) = self.line(command, text, frontend) {
                        return Outcome::Failed(error);
                    }
                }
            }
        }
        Outcome::Done { payload }
    }

    fn expression(&mut self, expression: &str) -> Result<MimeBundle, CellError> {
        match expression {
            "fail" => Err(error("Failed", "as asked")),
            "panic" => panic!("as asked"),
            _ => Ok(plain(expression)),
        }
    }

    /// Takes comms of the target `known`; what is said on them is commands, as in a cell.
    fn comm(&mut self, event: &CommEvent, frontend: &mut dyn Frontend) {
        let commands = match event {
            CommEvent::Open { target_name, .. } if target_name == "known" => "",
            CommEvent::Open { comm_id, .. } => &format!("close {comm_id}"),
            CommEvent::Message { data, .. } => data.as_str().unwrap_or("fail"),
            CommEvent::Close { comm_id, .. } => &format!("print closed {comm_id}"),
        };
        if let CommEvent::Open { buffers, .. } | CommEvent::Message { buffers, .. } = event
            && !buffers.is_empty()
        {
            frontend.publish(Output::CommMessage {
                comm_id: event.comm_id().to_owned(),
                data: json!(buffers.len()),
                buffers: buffers.iter().rev().cloned().collect(),
            });
        }
        for line in commands.lines() {
            let (command, text) = line.split_once(' ').unwrap_or((line, ""));
            if let Err(error) = self.line(command, text, frontend) {
                stream(frontend, StreamName::Stderr, error.traceback.concat());
            }
        }
    }

    /// One that unfolds and one that does not; values only for those who look.
    fn variables(&mut self, look: bool) -> Vec<Variable> {
        let of = |name: &str, value: &str, facts: &[(&str, &str)]| Variable {
            name: name.to_owned(),
            type_name: format!("type of {name}"),
            value: if look {
                value.to_owned()
            } else {
                String::new()
            },
            facts: facts
                .iter()
                .filter(|_| look)
                .map(|(fact, value)| ((*fact).to_owned(), (*value).to_owned()))
                .collect(),
        };
        vec![
            of("plain", &self.cells.to_string(), &[]),
            of("tensor", "[2]", &[("shape", "[2]"), ("kind", "Float")]),
        ]
    }

    fn shutdown(&mut self) {
        eprintln!("echo evaluator: shut down");
    }
}

impl Echo {
    fn line(&self, command: &str, text: &str, front: &mut dyn Frontend) -> Result<(), CellError> {
        match command {
            "print" => stream(front, StreamName::Stdout, format!("{text}\n")),
            "eprint" => stream(front, StreamName::Stderr, format!("{text}\n")),
            "lines" => (0..text.parse().unwrap())
                .for_each(|at: u32| stream(front, StreamName::Stdout, format!("line {at}\n"))),
            "huge" => {
                let megabytes: usize = text.parse().unwrap();
                stream(front, StreamName::Stdout, "λ".repeat(megabytes << 19));
            }
            "display" => front.publish(Output::DisplayData {
                content: plain(text),
                display_id: None,
            }),
            "handle" => front.publish(Output::DisplayData {
                content: plain(text),
                display_id: Some("h1".to_owned()),
            }),
            "update" => front.publish(Output::UpdateDisplayData {
                content: plain(text),
                display_id: "h1".to_owned(),
            }),
            "result" => front.publish(Output::ExecuteResult(plain(text))),
            "clear" => front.publish(Output::ClearOutput { wait: true }),
            "open" => front.publish(Output::CommOpen {
                comm_id: text.to_owned(),
                target_name: "of-a-cell".to_owned(),
                data: json!({"opened": true}),
                metadata: json!({"version": "2.1.0"}),
                buffers: vec![vec![1, 2, 3], Vec::new()],
            }),
            "say" => front.publish(Output::CommMessage {
                comm_id: text.to_owned(),
                data: json!([1, null]),
                buffers: Vec::new(),
            }),
            "close" => front.publish(Output::CommClose {
                comm_id: text.to_owned(),
                data: json!({}),
            }),
            "input" | "password" => {
                let answer = front
                    .input(text, command == "password")
                    .map_err(|why| error("InputError", &why.to_string()))?;
                stream(front, StreamName::Stdout, format!("got {answer:?}\n"));
            }
            "wait" => {
                self.interrupted.wait();
                return Err(error("Interrupted", "stopped"));
            }
            "stubborn" => loop {
                std::thread::park();
            },
            "fail" => return Err(error("Failed", "as asked")),
            "panic" => panic!("as asked"),
            _ => return Err(error("Unknown", command)),
        }
        Ok(())
    }
}

/// Knows the commands above.
struct Words;

const COMMANDS: [&str; 5] = ["page", "panic", "password", "print", "λambda"];

impl Intelligence for Words {
    fn complete(&self, code: &str, cursor: usize) -> Completions {
        assert!(!code.contains("intelligence panic"), "as asked");
        let start = code[..cursor].rfind([' ', '\n']).map_or(0, |at| at + 1);
        let items = COMMANDS
            .iter()
            .filter(|command| command.starts_with(&code[start..cursor]))
            .map(|command| Completion {
                text: (*command).to_owned(),
                kind: "keyword".to_owned(),
                signature: format!("{command} TEXT"),
                documentation: String::new(),
            })
            .collect();
        Completions {
            start,
            end: cursor,
            items,
        }
    }

    fn inspect(&self, code: &str, cursor: usize, detail_level: u8) -> Option<MimeBundle> {
        let start = code[..cursor].rfind([' ', '\n']).map_or(0, |at| at + 1);
        let word = code[start..].split([' ', '\n']).next()?;
        COMMANDS
            .contains(&word)
            .then(|| plain(&format!("{word}: a command, level {detail_level}")))
    }

    fn is_complete(&self, code: &str) -> Completeness {
        match code.chars().last() {
            Some('\\') => Completeness::Incomplete {
                indent: "  ".to_owned(),
            },
            Some('!') => Completeness::Invalid,
            _ => Completeness::Complete,
        }
    }
}

fn stream(front: &mut dyn Frontend, name: StreamName, text: String) {
    front.publish(Output::Stream { name, text });
}

fn plain(text: &str) -> MimeBundle {
    let mut bundle = MimeBundle::default();
    bundle.data.insert("text/plain".to_owned(), text.into());
    bundle
}

fn error(ename: &str, evalue: &str) -> CellError {
    CellError {
        ename: ename.to_owned(),
        evalue: evalue.to_owned(),
        traceback: vec![format!("{ename}: {evalue}")],
    }
}
