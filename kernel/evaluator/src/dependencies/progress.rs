//! What a cell shows while cargo works for it: one line that changes.

use std::time::{Duration, Instant};

use gradbook_control::Data;
use gradbook_protocol::evaluator::{Frontend, Output};

use super::Watch;
use crate::evaluator::bundle;

/// The line changes no more often than this.
const BETWEEN: Duration = Duration::from_millis(250);

/// A line of text in the cell's output, there only if there is something to wait for.
pub struct Progress<'a> {
    frontend: &'a mut dyn Frontend,
    /// The name of the display.
    id: String,
    changed: Option<Instant>,
    compiled: usize,
}

impl<'a> Progress<'a> {
    /// Nothing is shown yet; `id` is a name that no other display has.
    pub fn new(frontend: &'a mut dyn Frontend, id: String) -> Self {
        Self {
            frontend,
            id,
            changed: None,
            compiled: 0,
        }
    }

    /// The last line, if there is one: what was waited for.
    pub fn end(&mut self, worked: bool) {
        if self.changed.is_some() {
            let crates = match self.compiled {
                1 => "1 crate compiled".to_owned(),
                more => format!("{more} crates compiled"),
            };
            self.show(match (worked, self.compiled) {
                (true, 0) => "all crates were compiled already".to_owned(),
                (true, _) => crates,
                (false, 0) => "failed".to_owned(),
                (false, _) => format!("failed; {crates}"),
            });
        }
    }

    fn show(&mut self, text: String) {
        let content = bundle(Data::from([("text/plain".to_owned(), text)]));
        let display_id = self.id.clone();
        self.frontend.publish(match self.changed {
            None => Output::DisplayData {
                content,
                display_id: Some(display_id),
            },
            Some(_) => Output::UpdateDisplayData {
                content,
                display_id,
            },
        });
        self.changed = Some(Instant::now());
    }
}

impl Watch for Progress<'_> {
    fn does(&mut self, what: &str, about: &str) {
        // The package that holds the others is of no interest.
        if about.starts_with("notebook v0.0.0") {
            return;
        }
        self.compiled += usize::from(what == "Compiling");
        let text = match what {
            "Compiling" => {
                let name = about.split(" (").next().unwrap_or(about);
                format!("compiling {name}, crate {}", self.compiled)
            }
            "Updating" | "Downloading" | "Downloaded" => {
                let what = if what == "Updating" {
                    "reading the"
                } else {
                    "downloading"
                };
                format!("{what} {about}")
            }
            "Blocking" if about.contains("package cache") => {
                "waiting: another cargo is fetching crates".to_owned()
            }
            "Blocking" => "waiting: another notebook is building crates".to_owned(),
            _ => return,
        };
        // What says why nothing happens must not be passed over.
        let due = self.changed.is_none_or(|then| then.elapsed() > BETWEEN);
        if due || what == "Blocking" {
            self.show(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use gradbook_protocol::evaluator::InputError;

    use super::*;

    #[derive(Default)]
    struct Shown(Vec<String>);

    impl Frontend for Shown {
        fn publish(&mut self, output: Output) {
            let (Output::DisplayData { content, .. } | Output::UpdateDisplayData { content, .. }) =
                output
            else {
                panic!("{output:?}")
            };
            let text = content.data["text/plain"].as_str().expect("text");
            self.0.push(text.to_owned());
        }

        fn input(&mut self, _: &str, _: bool) -> Result<String, InputError> {
            Err(InputError::NotAllowed)
        }
    }

    #[test]
    fn nothing_is_shown_if_there_is_nothing_to_wait_for() {
        let mut shown = Shown::default();
        let mut progress = Progress::new(&mut shown, "a".to_owned());
        progress.does("Finished", "`release` profile");
        progress.end(true);
        assert!(shown.0.is_empty(), "{:?}", shown.0);
    }

    #[test]
    fn a_thousand_crates_are_a_few_changes_and_the_last_counts_them() {
        let mut shown = Shown::default();
        let mut progress = Progress::new(&mut shown, "a".to_owned());
        for _ in 0..1000 {
            progress.does("Compiling", "itoa v1.0.1 (/cache)");
        }
        progress.does("Blocking", "waiting for file lock on build directory");
        progress.does("Blocking", "waiting for file lock on package cache");
        progress.does("Compiling", "notebook v0.0.0 (/cache/ab)");
        progress.end(true);
        assert!(shown.0.len() < 100, "{}", shown.0.len());
        assert_eq!(shown.0[0], "compiling itoa v1.0.1, crate 1");
        let waited = |whom: &str| shown.0.iter().any(|text| text.contains(whom));
        assert!(waited("another notebook") && waited("another cargo"));
        assert_eq!(
            shown.0.last().map(String::as_str),
            Some("1000 crates compiled")
        );
    }
}
