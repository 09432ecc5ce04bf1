//! The process as a kernel sees it: lines of JSON in, lines of JSON out, over a lessons crate made
//! for the test. Starting takes seconds, so each test asks for many things.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Intel {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    asked: u64,
}

impl Intel {
    fn start(folder: &Path) -> Intel {
        let mut process = Command::new(env!("CARGO_BIN_EXE_gradbook-intel"))
            .arg("--lessons")
            .arg(folder.join("lessons"))
            .arg("--cache")
            .arg(folder.join("cache"))
            .arg("--work")
            .arg(folder.join("work"))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the process starts");
        let stdin = process.stdin.take().expect("a pipe");
        let stdout = BufReader::new(process.stdout.take().expect("a pipe"));
        Intel {
            process,
            stdin,
            stdout,
            asked: 0,
        }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").expect("it listens");
    }

    fn ask(&mut self, mut question: Value) -> Value {
        self.asked += 1;
        question["id"] = self.asked.into();
        self.say(&question.to_string());
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("it answers");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(answer["id"], self.asked, "{answer}");
        answer
    }

    /// What is offered at `|`.
    fn complete(&mut self, preamble: &str, marked: &str) -> Vec<String> {
        let cursor = marked.find('|').expect("a cursor");
        let code = marked.replacen('|', "", 1);
        let question =
            json!({ "method": "complete", "preamble": preamble, "code": code, "cursor": cursor });
        let answer = self.ask(question);
        let items = answer["completions"]["items"].as_array();
        let items = items.unwrap_or_else(|| panic!("{marked}: {answer}"));
        let text = |item: &Value| item["text"].as_str().expect("text").to_owned();
        items.iter().map(text).collect()
    }

    fn hover(&mut self, preamble: &str, marked: &str) -> String {
        let cursor = marked.find('|').expect("a cursor");
        let code = marked.replacen('|', "", 1);
        let question =
            json!({ "method": "hover", "preamble": preamble, "code": code, "cursor": cursor });
        let answer = self.ask(question);
        answer["hover"]["plain"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn end(self) {
        let Intel {
            mut process, stdin, ..
        } = self;
        drop(stdin);
        assert!(process.wait().expect("it ends").success());
    }
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

fn make_crate(folder: &Path, name: &str, source: &str) {
    let manifest =
        format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write(&folder.join("Cargo.toml"), &manifest);
    write(&folder.join("src/lib.rs"), source);
}

const LESSONS: &str = "
pub mod prelude { pub use crate::Layer; }
/// A layer of a network.
pub struct Layer { pub weight: f64 }
impl Layer {
    /// Multiplies by the weight.
    pub fn forward(&self, input: f64) -> f64 { self.weight * input }
}
";

const SESSION: &str = "use ::lessons::prelude::*;
struct Model { rate: f64 }
impl Model { fn step(&mut self, by: f64) -> f64 { self.rate * by } }
let layer: lessons::Layer;
let mut model: Model;
";

#[test]
fn it_knows_the_library_and_the_session_and_runs_none_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    make_crate(&folder.path().join("lessons"), "lessons", LESSONS);
    make_crate(
        &folder.path().join("helper"),
        "helper",
        "pub fn assist() -> u8 { 1 }",
    );
    let mut intel = Intel::start(folder.path());

    let pong = intel.ask(json!({ "method": "ping" }));
    assert_eq!(pong["pong"]["version"], env!("CARGO_PKG_VERSION"));

    let members = intel.complete(SESSION, "layer.|");
    assert!(members.contains(&"weight".to_owned()), "{members:?}");
    assert!(members.contains(&"forward".to_owned()), "{members:?}");
    let members = intel.complete(SESSION, "for i in 0..3 { model.st|");
    assert_eq!(members, ["step"]);
    assert_eq!(intel.complete(SESSION, "Lay|"), ["Layer"]);
    assert_eq!(
        intel.complete(SESSION, "println!(\"{}\", layer.for|)"),
        ["forward"]
    );
    assert!(
        intel
            .complete("", "String::from_ut|")
            .contains(&"from_utf8".to_owned())
    );
    assert!(
        intel
            .complete("", "Some(1).unwrap_or_|")
            .contains(&"unwrap_or_else".to_owned())
    );
    assert!(
        intel
            .complete("", "vec![1].iter().ma|")
            .contains(&"map".to_owned())
    );
    let behind_greek = intel.complete(SESSION, "let größe = \"äöü\"; größe.to_upper|");
    assert_eq!(behind_greek, ["to_uppercase"]);

    let hover = intel.hover(SESSION, "layer.forw|ard(1.0)");
    assert!(
        hover.contains("fn forward(&self, input: f64) -> f64"),
        "{hover}"
    );
    assert!(hover.contains("Multiplies by the weight."), "{hover}");
    let hover = intel.hover(SESSION, "mod|el");
    assert!(hover.contains("model: Model"), "{hover}");
    let hover = intel.hover(SESSION, "let m: Mod|el;");
    assert!(hover.starts_with("struct Model {"), "{hover}");
    assert_eq!(intel.hover(SESSION, "unknown_name|"), "");
    assert_eq!(intel.hover("", "1 + | 2"), "");

    // Code is read, never run: none of these ends the process or writes the file.
    let mark = folder.path().join("mark");
    let harmful = format!("std::fs::write({mark:?}, \"\").unwrap(); std::process::exit(1);");
    intel.complete(&harmful, "let x = 1; x.|");
    assert!(!mark.exists());

    let dependency = format!(
        ":dep helper = {{ path = {:?} }}\n",
        folder.path().join("helper")
    );
    assert_eq!(intel.complete(&dependency, "helper::ass|"), ["assist"]);
    assert_eq!(intel.complete(SESSION, "layer.forw|"), ["forward"]);
    assert_eq!(
        intel.complete(":dep nowhere = \"99\"\n", "String::from_utf16_|"),
        ["from_utf16_lossy"]
    );

    intel.say("not json");
    intel.say("{\"id\":1}");
    let split = intel.ask(json!({ "method": "complete", "code": "ä", "cursor": 1 }));
    assert!(split["error"].is_string(), "{split}");
    let beyond = intel.ask(json!({ "method": "hover", "code": "a", "cursor": 9 }));
    assert!(beyond["error"].is_string(), "{beyond}");
    let broken = [
        "}}}}",
        "fn (",
        "\"",
        "'",
        "#![",
        "let = ",
        "\u{0}",
        "r#\"",
        "macro_rules! m {",
    ];
    for code in broken {
        intel.ask(json!({ "method": "complete", "code": code, "cursor": code.len() }));
        intel.ask(json!({ "method": "hover", "code": code, "cursor": 0 }));
    }
    assert_eq!(intel.complete(SESSION, "model.ra|"), ["rate"]);

    let work = folder.path().join("work");
    assert!(work.exists());
    intel.end();
    assert!(!work.exists(), "the folder of the process stays behind");
}

#[test]
fn a_kernel_that_leaves_at_once_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    make_crate(&folder.path().join("lessons"), "lessons", LESSONS);
    Intel::start(folder.path()).end();
    assert!(!folder.path().join("work").exists());
}

#[test]
fn without_a_library_the_standard_library_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    // A lessons crate that cargo cannot read.
    write(&folder.path().join("lessons/Cargo.toml"), "[package");
    let mut intel = Intel::start(folder.path());
    assert!(
        intel
            .complete("", "vec![1].first().unwr|")
            .contains(&"unwrap".to_owned())
    );
    intel.end();
}
