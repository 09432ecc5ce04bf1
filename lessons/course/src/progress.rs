//! What a learner has done, as versioned JSON; fields that this version does not know are kept.
//! Knows nothing of files; [`store`] reads and writes them.

pub mod store;

use serde_json::{Map, Value, json};

/// The form that is written here; a larger number is from a later program.
pub const VERSION: u64 = 1;

/// How far a learner is with one exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not solved.
    Open,
    /// Solved after its solution was shown.
    WithSolution,
    /// Solved without.
    Correct,
}

impl State {
    /// As it stands in the file, and in reports.
    pub fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::WithSolution => "correct with solution",
            State::Correct => "correct",
        }
    }
}

/// What is kept of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The learner's seed, the same in all their records.
    pub seed: u64,
    /// How often it was begun again, each time with another question.
    pub resets: u64,
    /// How far they are.
    pub state: State,
    /// Answers given so far.
    pub attempts: u64,
    /// Hints shown so far.
    pub hints: usize,
    /// Whether the solution was shown.
    pub solution_seen: bool,
    /// The text answered last, where the answer is a text.
    pub text: String,
    /// The first and the last time that something was kept, in seconds since 1970.
    pub times: Option<(u64, u64)>,
}

impl Record {
    /// Whether a correct answer now would count as one with solution.
    pub fn with_solution(&self) -> bool {
        self.solution_seen && self.state != State::Correct
    }

    /// Takes a correct answer: solved without solution stays so.
    pub fn solve(&mut self) {
        self.state = if self.with_solution() {
            State::WithSolution
        } else {
            State::Correct
        };
    }
}

/// All that is kept of one learner.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress(Map<String, Value>);

impl Progress {
    /// A learner who has done nothing yet.
    pub fn new(seed: u64) -> Progress {
        let mut fields = Map::new();
        fields.insert("version".to_owned(), json!(VERSION));
        fields.insert("seed".to_owned(), json!(seed));
        fields.insert("exercises".to_owned(), json!({}));
        Progress(fields)
    }

    /// Reads a file's text; `None` where it is not such a file. Of a newer version's, whose layout may be
    /// another one, whatever is understood is read.
    pub fn parse(text: &str) -> Option<Progress> {
        let Value::Object(fields) = serde_json::from_str(text).ok()? else {
            return None;
        };
        if fields.get("version")?.as_u64()? > VERSION {
            return Some(Progress(fields));
        }
        fields.get("seed")?.as_u64()?;
        let exercises = fields.get("exercises")?.as_object()?;
        let sound = exercises.values().all(Value::is_object);
        sound.then_some(Progress(fields))
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let value = Value::Object(self.0.clone());
        format!("{value:#}\n")
    }

    /// The form in which it was written.
    pub fn version(&self) -> u64 {
        self.0.get("version").and_then(Value::as_u64).unwrap_or(0)
    }

    /// What the learner's random numbers start from.
    pub fn seed(&self) -> u64 {
        self.0.get("seed").and_then(Value::as_u64).unwrap_or(0)
    }

    /// What is kept of one exercise; of one that was never touched, the beginning.
    pub fn record(&self, id: &str) -> Record {
        let field = |name: &str| self.0.get("exercises")?.get(id)?.get(name);
        let number = |name: &str| field(name).and_then(Value::as_u64);
        let states = [State::WithSolution, State::Correct];
        let kept = field("state").and_then(Value::as_str);
        Record {
            seed: self.seed(),
            resets: number("resets").unwrap_or(0),
            state: states
                .into_iter()
                .find(|state| Some(state.word()) == kept)
                .unwrap_or(State::Open),
            attempts: number("attempts").unwrap_or(0),
            hints: number("hints").unwrap_or(0) as usize,
            solution_seen: field("solution_seen")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            text: field("text")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            times: number("first").zip(number("last")),
        }
    }

    /// Keeps a record, with the time in seconds since 1970.
    pub fn keep(&mut self, id: &str, record: &Record, now: u64) {
        let first = record.times.map_or(now, |(first, _)| first);
        let fields = [
            ("resets", json!(record.resets)),
            ("state", json!(record.state.word())),
            ("attempts", json!(record.attempts)),
            ("hints", json!(record.hints)),
            ("solution_seen", json!(record.solution_seen)),
            ("text", json!(record.text)),
            ("first", json!(first)),
            ("last", json!(now)),
        ];
        let Some(exercises) = self.0.get_mut("exercises").and_then(Value::as_object_mut) else {
            return;
        };
        let entry = exercises.entry(id).or_insert_with(|| json!({}));
        if let Some(entry) = entry.as_object_mut() {
            entry.extend(fields.map(|(name, value)| (name.to_owned(), value)));
        }
    }

    /// Takes over each exercise that the other one kept later than this one.
    pub fn take_newer(&mut self, other: &Progress) {
        let theirs = other.0.get("exercises").and_then(Value::as_object);
        for (id, entry) in theirs.into_iter().flatten() {
            let last = |progress: &Progress| progress.record(id).times.map(|(_, last)| last);
            let newer = last(other) >= last(self);
            let ours = self.0.get_mut("exercises").and_then(Value::as_object_mut);
            if let Some(ours) = ours.filter(|_| newer) {
                ours.insert(id.clone(), entry.clone());
            }
        }
    }

    /// Forgets one exercise, but for how often that was done; the learner's seed stays.
    pub fn forget(&mut self, id: &str) {
        let resets = self.record(id).resets + 1;
        let exercises = self.0.get_mut("exercises").and_then(Value::as_object_mut);
        if let Some(entry) = exercises.and_then(|exercises| exercises.get_mut(id)) {
            *entry = json!({ "resets": resets });
        }
    }
}
