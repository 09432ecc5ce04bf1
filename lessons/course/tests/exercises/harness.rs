//! Learners who answer: each check runs for several of them, each with a progress of their own.

use std::cell::Cell;
use std::collections::BTreeSet;

use course::catalogue;
use course::exercise::{Exercise, Question};
use course::learner;
use course::progress::Progress;
use course::verdict::{Outcome, Verdict};

/// Enough for every branch that depends on the numbers to be met.
const SEEDS: [u64; 4] = [1, 2, 3, 4];

/// What a test of one exercise says of it.
pub struct Tested {
    exercise: &'static Exercise,
    accepted: Cell<usize>,
    unattempted: Cell<usize>,
    refused: std::cell::RefCell<BTreeSet<String>>,
}

/// Tests one exercise: at least one right answer, one that is not an attempt, and three wrong ones
/// with different feedback.
pub fn tested(id: &str, test: impl FnOnce(&Tested)) {
    let exercise = catalogue::find(id).unwrap_or_else(|| panic!("no exercise \"{id}\""));
    let tested = Tested {
        exercise,
        accepted: Cell::new(0),
        unattempted: Cell::new(0),
        refused: Default::default(),
    };
    test(&tested);
    assert!(
        tested.accepted.get() >= 1,
        "{id}: no right answer is tested"
    );
    assert!(
        tested.unattempted.get() >= 1,
        "{id}: no untouched cell is tested"
    );
    let refused = tested.refused.borrow().len();
    assert!(
        refused >= 3,
        "{id}: {refused} wrong answers are tested, not 3"
    );
}

impl Tested {
    /// A right answer, for every learner. `answer` reads the card as the learner does.
    pub fn accepts(&self, answer: impl Fn(&Question) -> Verdict) {
        self.accepted.set(self.accepted.get() + 1);
        self.for_each_learner(|seed, card| {
            let verdict = answer(card);
            assert!(
                verdict.is_correct(),
                "learner {seed}: {verdict:#?}\n{card:#?}"
            );
        });
    }

    /// A wrong answer, whose feedback must contain `feedback` for every learner.
    pub fn refuses(&self, feedback: &str, answer: impl Fn(&Question) -> Verdict) {
        self.refused.borrow_mut().insert(feedback.to_owned());
        self.for_each_learner(|seed, card| {
            let verdict = answer(card);
            let Outcome::NotYet(why) = verdict.outcome() else {
                panic!("learner {seed}: not refused: {verdict:#?}\n{card:#?}");
            };
            assert!(why.contains(feedback), "learner {seed}: {why}\n{card:#?}");
        });
    }

    /// What is not an attempt.
    pub fn unattempted(&self, answer: impl Fn() -> Verdict) {
        self.unattempted.set(self.unattempted.get() + 1);
        self.for_each_learner(|seed, _| {
            let verdict = answer();
            assert_eq!(verdict.outcome(), &Outcome::NotAttempted, "learner {seed}");
        });
    }

    /// Runs as each of several learners.
    pub fn for_each_learner(&self, run: impl Fn(u64, &Question)) {
        for seed in SEEDS {
            as_learner(seed, || {
                let mut draw = learner::question_draw(seed, self.exercise.id);
                run(seed, &(self.exercise.question)(&mut draw));
            });
        }
    }
}

/// Runs as one learner who has done nothing yet.
pub fn as_learner<T>(seed: u64, run: impl FnOnce() -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("progress.json");
    std::fs::write(file, Progress::new(seed).text()).expect("a file");
    learner::in_folder(folder.path(), run)
}
