//! What reaches the notebook: displays, updates in place, and clearing.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lessons::host::{self, Host};
use lessons::prelude::*;

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A notebook that only remembers, for each test by itself.
struct Notebook;

impl Host for Notebook {
    fn display_data(&self, content: &MimeBundle, display_id: Option<&str>) {
        note(format!(
            "display {} {}",
            content.plain(),
            display_id.unwrap_or("-")
        ));
    }
    fn update_display_data(&self, content: &MimeBundle, display_id: &str) {
        note(format!("update {} {display_id}", content.plain()));
    }
    fn clear_output(&self, wait: bool) {
        note(format!("clear {wait}"));
    }
    fn input(&self, prompt: &str, password: bool) -> std::io::Result<String> {
        match prompt {
            "nobody" => Err(std::io::Error::other("this front end takes no input")),
            _ => Ok(format!("{prompt} {password}")),
        }
    }
}

fn note(line: String) {
    SEEN.with_borrow_mut(|seen| seen.push(line));
}

fn seen() -> Vec<String> {
    SEEN.take()
}

#[test]
fn displays_updates_and_clearing_arrive_in_order() {
    host::install(Box::new(Notebook));
    let shown = |text: &str| MimeBundle::text(text);
    display(&shown("a"));
    let handle = display_handle(&shown("b"));
    handle.update(&shown("c"));
    clear_output(true);
    let other = display_handle(&shown("d"));
    let (id, other_id) = (handle.display_id(), other.display_id());
    assert_ne!(id, other_id);
    let expected = [
        "display a -".to_owned(),
        format!("display b {id}"),
        format!("update c {id}"),
        "clear true".to_owned(),
        format!("display d {other_id}"),
    ];
    assert_eq!(seen(), expected);
}

#[test]
fn a_loop_shows_how_far_it_is_and_how_it_ended() {
    host::install(Box::new(Notebook));
    assert_eq!(progress(vec![1, 2, 3]).label("sum").sum::<i32>(), 6);
    let lines = seen();
    assert!(
        lines[0].starts_with("display sum  [........................]  0 of 3 (0 %)"),
        "{lines:?}"
    );
    let id = lines[0].rsplit_once(' ').unwrap().1;
    let last = lines.last().unwrap();
    assert!(
        last.contains("3 of 3 (100 %)") && last.contains("took"),
        "{last}"
    );
    assert!(
        last.starts_with("update ") && last.ends_with(id),
        "in place: {last}"
    );
}

#[test]
fn a_loop_that_is_left_says_where() {
    host::install(Box::new(Notebook));
    let run = |leave: &dyn Fn(i32) -> bool| {
        let result = catch_unwind(AssertUnwindSafe(|| {
            for n in progress(0..10) {
                if leave(n) {
                    break;
                }
            }
        }));
        (result, seen().pop().unwrap())
    };
    let (result, last) = run(&|n| n == 4);
    assert!(result.is_ok() && last.contains("4 of 10 (40 %)"), "{last}");
    assert!(last.contains("stopped after"), "{last}");

    let (result, last) = run(&|n| n == 4 && std::panic::panic_any("on purpose"));
    assert!(result.is_err() && last.contains("4 of 10 (40 %)"), "{last}");
    assert!(last.contains("stopped after"), "{last}");

    let (result, last) = run(&|n| n == 10);
    assert!(
        result.is_ok() && last.contains("10 of 10 (100 %)"),
        "{last}"
    );
}

#[test]
fn many_steps_are_few_drawings_and_a_length_not_known_is_no_bar() {
    host::install(Box::new(Notebook));
    assert_eq!(progress(0..100_000).filter(|n| n % 2 == 0).count(), 50_000);
    let lines = seen();
    assert!(lines.len() < 1000, "{} drawings", lines.len());
    assert_eq!(progress((0..10).filter(|n| n % 2 == 0)).count(), 5);
    let lines = seen();
    assert!(lines[0].starts_with("display 0 done"), "{}", lines[0]);
    assert!(
        lines.last().unwrap().contains("5 of 5 (100 %)"),
        "{lines:?}"
    );
}

#[test]
fn a_live_curve_begins_at_once_and_ends_with_all_points() {
    host::install(Box::new(Notebook));
    let mut live = live_curve(LossCurve::default());
    for epoch in 1..=1000 {
        live.push_both(1.0 / f64::from(epoch), 2.0 / f64::from(epoch));
    }
    drop(live);
    let lines = seen();
    assert!(
        lines[0].starts_with("display Training progress"),
        "{}",
        lines[0]
    );
    assert!(lines.len() < 100, "{} drawings", lines.len());
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("update") && last.contains(" 1000    0.0010      0.0020"),
        "{last}"
    );
}

#[test]
fn a_training_run_shows_its_curve_and_a_bar_with_its_losses() {
    host::install(Box::new(Notebook));
    let (x, y) = (randn(&[20, 3]), randn(&[20, 1]));
    let mut net = linear(3, 1);
    let mut optimizer = sgd(&net, 0.01);
    let mut run = trainer(mse_loss).progress().live();
    run.fit(&mut net, &mut optimizer, &x, &y, 5);
    let loss = format!("loss {:.4}", run.history().train()[4]);
    let lines = seen();
    let bar = |line: &&String| line.contains("5 of 5 (100 %)") && line.contains(&loss);
    assert_eq!(lines.iter().filter(bar).count(), 1, "{lines:?}");
    let curve = |line: &&String| line.contains("Training progress");
    assert!(lines.iter().filter(curve).count() >= 1, "{lines:?}");
}

#[test]
fn questions_reach_the_reader() {
    host::install(Box::new(Notebook));
    assert_eq!(input("rate?"), "rate? false");
    assert_eq!(password("key?"), "key? true");
    let error = lessons::ask::try_input("nobody").unwrap_err().to_string();
    assert_eq!(error, "input(\"nobody\"): this front end takes no input");
}

/// What `display` makes of a value, whatever way it takes.
fn shown<Way>(value: impl lessons::show::Displayable<Way>) -> String {
    value.bundle().plain().to_owned()
}

#[test]
fn display_takes_what_a_last_line_shows() {
    use std::collections::{BTreeMap, HashMap};
    use std::rc::Rc;
    assert_eq!(shown("a"), "\"a\"");
    assert_eq!(shown(String::from("a")), "\"a\"");
    assert_eq!(shown(&&1.5), "1.5");
    assert_eq!(shown([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]");
    assert_eq!(shown(&vec![1, 2][..]), "[1, 2]");
    assert_eq!(shown(Some((1, 'x', true))), "Some((1, 'x', true))");
    assert_eq!(shown(BTreeMap::from([("a", 1)])), "{\"a\": 1}");
    assert_eq!(shown(&HashMap::from([(1, 2)])), "{1: 2}");
    assert_eq!(shown(&mut Box::new(Rc::new(3))), "3");
    assert_eq!(
        shown("x".parse::<i32>()),
        "Err(ParseIntError { kind: InvalidDigit })"
    );
    assert!(shown(linear(2, 3)).contains("Linear"));
    assert!(shown(&linear(2, 3)).contains("Linear"));
    assert_eq!(shown(Kind::Float), "Float");
    // With `Show`, that form; in a list, their text.
    assert!(shown(tensor([1.0])).starts_with("Tensor [1]"));
    assert_eq!(shown(vec![tensor([1.0])]), "[[1.0]]");
    let boxed: Box<dyn Show> = Box::new(tensor([1.0]));
    assert!(shown(boxed).starts_with("Tensor [1]"));
    let failed: Box<dyn std::error::Error> = "no".into();
    assert_eq!(shown(failed), "\"no\"");
}

#[test]
fn a_generic_function_hands_on_what_can_be_shown() {
    fn with_show(value: &impl Show) -> String {
        shown(value)
    }
    fn list<T: std::fmt::Debug>(values: &[T]) -> String {
        shown(values)
    }
    assert!(with_show(&tensor([1.0])).starts_with("Tensor [1]"));
    assert_eq!(list(&[1, 2]), "[1, 2]");
}

#[test]
fn a_long_text_is_shortened_before_it_is_sent() {
    let long = shown("x".repeat(1_000_000));
    assert!(long.len() < 11_000 && long.contains("990,002 characters are left out of 1,000,002"));
}
