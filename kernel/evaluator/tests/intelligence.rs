//! Code intelligence through its public face, with shell scripts in the place of rust-analyzer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gradbook_evaluator::intelligence::{CodeIntelligence, KnownName, SessionView, Settings};
use gradbook_protocol::evaluator::Intelligence;

/// Answers `ping`; then whatever `then` does with each further `$id`.
fn script(then: &str) -> String {
    format!(
        r#"while read -r line; do
    id=$(printf '%s' "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
    case "$line" in
        *'"ping"'*) echo "{{\"id\":$id,\"pong\":{{}}}}" ;;
        *) {then} ;;
    esac
done
"#
    )
}

/// One completion called `answered`.
const ANSWER: &str = r#"echo "{\"id\":$id,\"completions\":{\"start\":0,\"end\":1,\"items\":[{\"text\":\"answered\",\"kind\":\"function\",\"signature\":\"answered()\",\"doc\":\"\"}]}}""#;

struct Fake {
    folder: tempfile::TempDir,
    intelligence: CodeIntelligence,
}

impl Fake {
    fn new(script: &str) -> Fake {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("fake.sh");
        std::fs::write(&path, script).expect("a script");
        let view = SessionView {
            names: vec![KnownName {
                name: "alpha".to_owned(),
                kind: "variable".to_owned(),
                signature: "f64".to_owned(),
                value: None,
            }],
            ..SessionView::default()
        };
        let settings = Settings {
            program: PathBuf::from("/bin/sh"),
            arguments: vec![path.into(), folder.path().into()],
            cache: Some(folder.path().to_owned()),
            pauses: (Duration::from_millis(1), Duration::from_millis(4)),
        };
        let intelligence = CodeIntelligence::new(settings, Arc::new(Mutex::new(view)));
        Fake {
            folder,
            intelligence,
        }
    }

    fn started(script: &str) -> Fake {
        let fake = Fake::new(script);
        fake.intelligence.start();
        fake
    }

    fn texts(&self, code: &str) -> Vec<String> {
        let completions = self.intelligence.complete(code, code.len());
        completions
            .items
            .into_iter()
            .map(|item| item.text)
            .collect()
    }

    /// Asks until the process answers.
    fn until_answered(&self) {
        let since = Instant::now();
        while !self.texts("a").contains(&"answered".to_owned()) {
            assert!(since.elapsed() < Duration::from_secs(60), "no answer");
            std::thread::yield_now();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .count()
}

#[test]
fn before_it_is_started_the_kernel_answers_from_what_it_knows() {
    let fake = Fake::new(&script(ANSWER));
    assert_eq!(fake.texts("al"), ["alpha"]);
    assert!(fake.texts("alpha.").is_empty());
}

#[test]
fn before_it_is_started_the_index_of_an_earlier_one_is_read() {
    let fake = Fake::new(&script(ANSWER));
    let index = r#"{
        "free": [{ "text": "linspace", "kind": "function", "signature": "fn linspace()" }],
        "paths": { "nn": [{ "text": "seq", "kind": "function", "signature": "fn seq()" }] },
        "members": { "f64": [{ "text": "sqrt", "kind": "method", "signature": "fn sqrt(self)" }] }
    }"#;
    std::fs::write(fake.path("index.json"), index).expect("a file");
    assert_eq!(fake.texts("let y = alpha.sq"), ["sqrt"]);
    assert_eq!(fake.texts("nn::"), ["seq"]);
    assert_eq!(fake.texts("lins"), ["linspace"]);
    assert!(fake.texts("unknown.sq").is_empty());
    let told = |code: &str| fake.intelligence.inspect(code, code.len(), 0);
    let told = told("alpha.sqrt").expect("a method").data;
    assert_eq!(told["text/plain"], "fn sqrt(self)");
    assert_eq!(told["text/markdown"], "```rust\nfn sqrt(self)\n```");
}

#[test]
fn a_variable_is_told_by_the_kernel_unless_the_cell_makes_another() {
    let fake = Fake::new(&script(ANSWER));
    let told = |code: &str| fake.intelligence.inspect(code, code.len(), 0);
    let variable = told("f(alpha").expect("a variable").data;
    assert_eq!(variable["text/plain"], "let alpha: f64");
    assert_eq!(variable["text/markdown"], "```rust\nlet alpha: f64\n```");
    assert_eq!(told("let alpha = 1; alpha"), None);
}

#[test]
fn once_it_runs_its_names_come_with_the_kernels_own() {
    let fake = Fake::started(&script(ANSWER));
    fake.until_answered();
    let texts = fake.texts("a");
    assert_eq!(texts[0], "answered");
    assert!(texts.contains(&"alpha".to_owned()));
}

#[test]
fn a_program_that_is_not_built_yet_is_waited_for_by_nobody() {
    let settings = Settings {
        program: PathBuf::from("/nowhere/gradbook-intel"),
        arguments: Vec::new(),
        cache: None,
        pauses: (Duration::from_millis(1), Duration::from_millis(1)),
    };
    let view = Arc::new(Mutex::new(SessionView::default()));
    let intelligence = CodeIntelligence::new(settings, view);
    intelligence.start();
    let completions = intelligence.complete("print", 5);
    assert_eq!(completions.items.len(), 2);
}

#[test]
fn it_is_started_again_when_it_dies() {
    // One answer for each start, which is noted.
    let fake = Fake::started(&format!(
        "echo x >> $1/starts\n{}",
        script(&format!("{ANSWER}; exit"))
    ));
    fake.until_answered();
    fake.until_answered();
    fake.until_answered();
    assert!(lines(&fake.path("starts")) >= 3);
}

#[test]
fn lines_that_are_no_answers_are_dropped() {
    let garbage = r#"echo 'not json'; echo '{"id":"one"}'; echo '{"id":12345678,"completions":{}}'; printf '\377\n'; echo '[1]'"#;
    let fake = Fake::started(&script(&format!("{garbage}; {ANSWER}")));
    fake.until_answered();
}

#[test]
fn an_answer_of_another_shape_is_none() {
    let fake = Fake::started(&script(
        r#"echo x >> $1/asked; echo "{\"id\":$id,\"completions\":{\"items\":3}}""#,
    ));
    while lines(&fake.path("asked")) < 2 {
        assert_eq!(fake.texts("al"), ["alpha"]);
    }
}

#[test]
fn a_process_that_never_answers_costs_its_patience_and_no_more() {
    let fake = Fake::started(&script("echo x >> $1/asked"));
    let mut longest = Duration::ZERO;
    while lines(&fake.path("asked")) < 2 {
        let since = Instant::now();
        assert_eq!(fake.texts("al"), ["alpha"]);
        longest = longest.max(since.elapsed());
    }
    // Far above the patience of 0.3 s, far below for ever.
    assert!(longest < Duration::from_secs(30));
}

#[test]
fn a_process_that_stops_reading_blocks_nobody() {
    let fake = Fake::started(
        r#"read -r line; echo '{"id":0,"pong":{}}'; read -r line; echo x >> $1/asked
sleep 600 & echo $! > $1/sleeper; wait"#,
    );
    while lines(&fake.path("asked")) < 1 {
        fake.texts("al");
    }
    // More than a pipe holds, in more questions than the queue does.
    let code = format!("/*{}*/ al", "x".repeat(100_000));
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| assert_eq!(fake.texts(&code), ["alpha"]));
        }
    });
    fake.intelligence.stop();
    let sleeper = std::fs::read_to_string(fake.path("sleeper")).expect("a sleeper");
    let _ = std::process::Command::new("kill")
        .arg(sleeper.trim())
        .status();
}

#[test]
fn questions_from_many_threads_get_their_own_answers() {
    // The answer's text is the question's own number of bytes.
    let echo = r#"cursor=$(printf '%s' "$line" | sed 's/.*"cursor":\([0-9]*\).*/\1/'); echo "{\"id\":$id,\"completions\":{\"start\":0,\"end\":0,\"items\":[{\"text\":\"at$cursor\",\"kind\":\"\",\"signature\":\"\"}]}}""#;
    let fake = Fake::started(&script(echo));
    let since = Instant::now();
    while fake.texts("x.").is_empty() {
        assert!(since.elapsed() < Duration::from_secs(60), "no answer");
    }
    std::thread::scope(|scope| {
        for length in 10..30 {
            let fake = &fake;
            scope.spawn(move || {
                let code = format!("{}.", "x".repeat(length));
                let texts = fake.texts(&code);
                // One that came too late is none; another's would be wrong.
                assert!(
                    texts.is_empty() || texts == [format!("at{}", code.len())],
                    "{texts:?}"
                );
            });
        }
    });
}
