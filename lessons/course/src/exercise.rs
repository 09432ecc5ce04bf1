//! What an exercise is: its names, its question with the learner's own numbers, hints and solution.
//! Knows nothing of answers; a checker judges those.

use crate::draw::Draw;

/// One exercise; a constant in a file of its own.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// Its name in cells: that of its checker, and of its file.
    pub id: &'static str,
    /// The notebook in which it stands, without `.ipynb`.
    pub notebook: &'static str,
    /// A few words.
    pub title: &'static str,
    /// The checklist's codes that it stands for, such as `CC1`; may be empty.
    pub codes: &'static [&'static str],
    /// The question for one learner.
    pub question: fn(&mut Draw) -> Question,
    /// The answer cell as the notebook ships it: compiles, and is not an attempt.
    pub starter: &'static str,
    /// At least three: a nudge, the idea, the code.
    pub hints: &'static [&'static str],
    /// The answer cell solved, for one learner; drawn from the same stream as the question.
    pub solution: fn(&mut Draw) -> String,
}

/// What a card asks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    pub(crate) text: String,
    pub(crate) given: Vec<(String, String)>,
    pub(crate) items: Vec<String>,
    pub(crate) allowed: Vec<String>,
    pub(crate) wanted: String,
    pub(crate) tolerance: String,
    pub(crate) rubric: Vec<String>,
}

impl Question {
    /// What is asked, in a few short sentences. Paragraphs are separated by an empty line.
    pub fn new(text: impl Into<String>) -> Question {
        Question {
            text: text.into(),
            ..Question::default()
        }
    }

    /// Adds one of the learner's own numbers; `value` is shown in full, so draw it rounded.
    #[must_use]
    pub fn given(mut self, name: &str, value: impl std::fmt::Display) -> Question {
        self.given.push((name.to_owned(), value.to_string()));
        self
    }

    /// The things to order, sort or match, in the order in which the card shows them.
    #[must_use]
    pub fn items(mut self, items: &[&str]) -> Question {
        self.items = items.iter().map(|&item| item.to_owned()).collect();
        self
    }

    /// The words that may be answered beside the items: groups, choices.
    #[must_use]
    pub fn allowed(mut self, words: &[&str]) -> Question {
        self.allowed = words.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// What the answer is: a signature, or a type with its unit.
    #[must_use]
    pub fn wanted(mut self, wanted: impl Into<String>) -> Question {
        self.wanted = wanted.into();
        self
    }

    /// How close a number must be, such as "within 0.1 %".
    #[must_use]
    pub fn tolerance(mut self, tolerance: impl Into<String>) -> Question {
        self.tolerance = tolerance.into();
        self
    }

    /// For a text that learners grade themselves: the points that a good answer makes.
    #[must_use]
    pub fn rubric(mut self, points: &[&str]) -> Question {
        self.rubric = points.iter().map(|&point| point.to_owned()).collect();
        self
    }

    /// One of the learner's numbers, as the card shows it.
    ///
    /// # Panics
    /// If the card has no number of this name.
    pub fn number(&self, name: &str) -> f64 {
        let found = self.given.iter().find(|(given, _)| given == name);
        found
            .and_then(|(_, value)| value.parse().ok())
            .unwrap_or_else(|| panic!("the card has no number \"{name}\": {:?}", self.given))
    }

    /// A given value as text, as the card shows it.
    ///
    /// # Panics
    /// If the card has no value of this name.
    pub fn value(&self, name: &str) -> &str {
        let found = self.given.iter().find(|(given, _)| given == name);
        found.map_or_else(
            || panic!("the card has no value \"{name}\": {:?}", self.given),
            |(_, value)| value,
        )
    }

    /// The items in the card's order.
    pub fn shown_items(&self) -> Vec<&str> {
        self.items.iter().map(String::as_str).collect()
    }
}
