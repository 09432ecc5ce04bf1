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
    fn items(&mut self, session: &Session, marked: &str) -> Vec<Value> {
        let answer = self.ask(question("complete", session, marked));
        let items = answer["completions"]["items"].as_array();
        let items = items.unwrap_or_else(|| panic!("{marked}: {answer}"));
        items.clone()
    }

    fn complete(&mut self, session: &Session, marked: &str) -> Vec<String> {
        let text = |item: &Value| item["text"].as_str().expect("text").to_owned();
        self.items(session, marked).iter().map(text).collect()
    }

    /// As text, and as Markdown.
    fn hover(&mut self, session: &Session, marked: &str) -> (String, String) {
        let answer = self.ask(question("hover", session, marked));
        let part = |name: &str| {
            answer["hover"][name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        (part("plain"), part("markdown"))
    }

    fn end(self) {
        let Intel {
            mut process, stdin, ..
        } = self;
        drop(stdin);
        assert!(process.wait().expect("it ends").success());
    }
}

#[derive(Default)]
struct Session<'a> {
    items: &'a str,
    variables: &'a str,
    dependencies: Vec<String>,
}

fn question(method: &str, session: &Session, marked: &str) -> Value {
    let cursor = marked.find('|').expect("a cursor");
    json!({
        "method": method,
        "items": session.items,
        "variables": session.variables,
        "dependencies": session.dependencies,
        "code": marked.replacen('|', "", 1),
        "cursor": cursor,
    })
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

const ITEMS: &str = "use ::lessons::prelude::*;
struct Model { rate: f64 }
impl Model { fn step(&mut self, by: f64) -> f64 { self.rate * by } }
";
const VARIABLES: &str = "let layer: lessons::Layer;\nlet mut model: Model;\n";

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

    let session = &Session {
        items: ITEMS,
        variables: VARIABLES,
        ..Session::default()
    };
    let empty = &Session::default();
    let members = intel.complete(session, "layer.|");
    assert!(members.contains(&"weight".to_owned()), "{members:?}");
    assert!(members.contains(&"forward".to_owned()), "{members:?}");
    let members = intel.complete(session, "for i in 0..3 { model.st|");
    assert_eq!(members, ["step"]);
    assert_eq!(intel.complete(session, "Lay|"), ["Layer"]);
    assert_eq!(
        intel.complete(session, "println!(\"{}\", layer.for|)"),
        ["forward"]
    );
    assert!(
        intel
            .complete(empty, "String::from_ut|")
            .contains(&"from_utf8".to_owned())
    );
    assert!(
        intel
            .complete(empty, "Some(1).unwrap_or_|")
            .contains(&"unwrap_or_else".to_owned())
    );
    assert!(
        intel
            .complete(empty, "vec![1].iter().ma|")
            .contains(&"map".to_owned())
    );
    let behind_greek = intel.complete(session, "let größe = \"äöü\"; größe.to_upper|");
    assert_eq!(behind_greek, ["to_uppercase"]);

    let [forward] = &intel.items(session, "layer.forw|")[..] else {
        panic!("one method begins so");
    };
    assert_eq!(forward["kind"], "method");
    assert_eq!(forward["signature"], "fn forward(&self, input: f64) -> f64");
    assert_eq!(forward["doc"], "Multiplies by the weight.");
    let kind_of = |intel: &mut Intel, marked: &str, text: &str| {
        let items = intel.items(session, marked);
        let found = items.into_iter().find(|item| item["text"] == text);
        found.unwrap_or_else(|| panic!("no {text} at {marked}"))["kind"].clone()
    };
    assert_eq!(kind_of(&mut intel, "layer.|", "weight"), "field");
    assert_eq!(kind_of(&mut intel, "mode|", "model"), "variable");
    assert_eq!(kind_of(&mut intel, "Mode|", "Model"), "struct");
    assert_eq!(kind_of(&mut intel, "printl|", "println!"), "macro");
    assert_eq!(kind_of(&mut intel, "whi|", "while"), "keyword");

    // As JupyterLab asks about the name it highlights: the cell ends with it.
    for marked in [
        "layer.forw|ard(1.0)",
        "layer.forward|",
        "println!(\"{}\", layer.for|ward)",
    ] {
        let (plain, markdown) = intel.hover(session, marked);
        assert!(
            plain.contains("fn forward(&self, input: f64) -> f64"),
            "{marked}: {plain}"
        );
        assert!(markdown.contains("```rust\n"), "{marked}: {markdown}");
        assert!(
            markdown.contains("Multiplies by the weight."),
            "{marked}: {markdown}"
        );
    }
    let (hover, _) = intel.hover(session, "layer.forw|ard(1.0)");
    assert!(
        hover.contains("fn forward(&self, input: f64) -> f64"),
        "{hover}"
    );
    assert!(hover.contains("Multiplies by the weight."), "{hover}");
    let (hover, _) = intel.hover(session, "mod|el");
    assert!(hover.contains("model: Model"), "{hover}");
    let (hover, _) = intel.hover(session, "let m: Mod|el;");
    assert!(hover.starts_with("struct Model {"), "{hover}");
    assert_eq!(intel.hover(session, "unknown_name|").0, "");
    assert_eq!(intel.hover(empty, "1 + | 2").0, "");

    // Code is read, never run: none of these ends the process or writes the file.
    let mark = folder.path().join("mark");
    let harmful = format!("std::fs::write({mark:?}, \"\").unwrap(); std::process::exit(1);");
    intel.complete(empty, &format!("{harmful} let x = 1; x.|"));
    assert!(!mark.exists());

    let depending = |line: String| Session {
        dependencies: vec![line],
        ..Session::default()
    };
    let helper = format!("helper = {{ path = {:?} }}", folder.path().join("helper"));
    let answer = intel.complete(&depending(helper), "helper::ass|");
    assert_eq!(answer, ["assist"]);
    assert_eq!(intel.complete(session, "layer.forw|"), ["forward"]);
    let nowhere = depending("nowhere = \"99\"".to_owned());
    let answer = intel.complete(&nowhere, "String::from_utf16_|");
    assert!(
        answer.contains(&"from_utf16_lossy".to_owned()),
        "{answer:?}"
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
    assert_eq!(intel.complete(session, "model.ra|"), ["rate"]);

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
            .complete(&Session::default(), "vec![1].first().unwr|")
            .contains(&"unwrap".to_owned())
    );
    intel.end();
}

#[test]
fn the_index_says_what_the_library_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    make_crate(&folder.path().join("lessons"), "lessons", LESSONS);
    let make = || {
        let made = Command::new(env!("CARGO_BIN_EXE_gradbook-intel"))
            .args(["--index", "--lessons", "lessons", "--cache", "cache"])
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .status();
        assert!(made.expect("the process starts").success());
        std::fs::read(folder.path().join("cache/index.json")).expect("an index")
    };
    let index: Value = serde_json::from_slice(&make()).expect("JSON");
    let holds = |items: &Value, text: &str| {
        let items = items.as_array().expect("a list");
        items.iter().find(|item| item["text"] == text).cloned()
    };
    let layer = holds(&index["free"], "Layer").expect("a type");
    assert_eq!(layer["kind"], "struct");
    for (path, name) in [
        ("Vec", "with_capacity"),
        ("HashMap", "new"),
        ("std::io", "stdin"),
    ] {
        assert!(
            holds(&index["paths"][path], name).is_some(),
            "{path}::{name}"
        );
    }
    assert!(holds(&index["members"]["slice"], "windows").is_some());
    assert!(holds(&index["members"]["Vec"], "as_ptr").is_none());
    let forward = holds(&index["members"]["Layer"], "forward").expect("a method");
    assert_eq!(forward["doc"], "Multiplies by the weight.");
    assert!(holds(&index["paths"]["lessons"], "prelude").is_some());
    assert!(holds(&index["members"]["f64"], "sqrt").is_some());

    // It is made again only where the lessons have changed.
    let mark = folder.path().join("cache/index.json");
    std::fs::write(&mark, "kept").expect("a file");
    assert_eq!(make(), b"kept");
    let more = format!("{LESSONS}\npub fn more() {{}}");
    make_crate(&folder.path().join("lessons"), "lessons", &more);
    let index: Value = serde_json::from_slice(&make()).expect("JSON");
    assert!(holds(&index["paths"]["lessons"], "more").is_some());
    let left = std::fs::read_dir(folder.path())
        .expect("a folder")
        .flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "lessons and cache: {left:?}");
}
