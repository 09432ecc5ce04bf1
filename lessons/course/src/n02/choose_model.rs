//! Choose the size of a model for a latency, a memory, a cost and a data budget.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "choose_model",
    notebook: "02_weights_and_parameters",
    title: "Choose a model for a budget",
    codes: &["CD2", "SC5"],
    question,
    starter: "\
check::choose_model(&[
    // (\"phone keyboard\", \"...\"),
])",
    hints: &[
        "Which limit rules out the most sizes? Begin with that one.",
        "Work out for each size: 2 bytes per parameter against the memory; those bytes divided by the \
         bandwidth against the time for a token; the price against the budget; 20 tokens per parameter \
         against the text. Take the largest size that is left.",
        "7B is 14 GB, at 100 GB/s that is 140 ms for a token, 0.14 dollars for a million tokens, and \
         140 billion tokens of text to train it.",
    ],
    solution,
};

/// Checks pairs of a task and a size.
pub fn choose_model(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let tasks = tasks(&mut attempt.question);
        let given = |name: &str| answer.iter().find(|(task, _)| same(task, name));
        if answer.len() == tasks.len() && answer.iter().all(|(_, size)| same(size, "70B")) {
            return not_yet(
                "70B everywhere: the largest model is the best only where every budget allows it. \
                 Check each limit.",
            );
        }
        let reasons: Vec<String> = tasks
            .iter()
            .map(|task| {
                let chosen = given(task.name).and_then(|(_, size)| place(size));
                chosen.map_or_else(String::new, |chosen| task.why_not(chosen))
            })
            .collect();
        let right: Vec<(&str, &str, &str)> = tasks
            .iter()
            .zip(&reasons)
            .map(|(task, why)| (task.name, NAMES[task.best()], why.as_str()))
            .collect();
        classify(answer, &right, &NAMES)?;
        Ok(
            "Bigger was better only until a limit spoke: latency, memory, price or the amount of text."
                .to_owned(),
        )
    })
}

const NAMES: [&str; 4] = ["0.1B", "1B", "7B", "70B"];
/// Parameters, in billions.
const SIZES: [f64; 4] = [0.1, 1.0, 7.0, 70.0];

/// As the words of an answer are compared everywhere.
fn same(given: &str, word: &str) -> bool {
    given.trim().eq_ignore_ascii_case(word)
}

fn place(name: &str) -> Option<usize> {
    NAMES.iter().position(|known| same(name, known))
}

/// What a model of a size is needed for, and what it may cost.
struct Task {
    name: &'static str,
    limits: Vec<Limit>,
}

/// One limit, with its number.
enum Limit {
    /// GB for the weights.
    Memory(f64),
    /// GB/s that are read, and ms that a token may take.
    Latency(f64, f64),
    /// Millions of tokens to write, and dollars for them.
    Price(f64, f64),
    /// Billions of tokens of text to train on from scratch.
    Text(f64),
}

impl Limit {
    fn text(&self) -> String {
        match self {
            Limit::Memory(gb) => format!("{gb} GB of memory for the weights"),
            Limit::Latency(bandwidth, ms) => {
                format!("reads {bandwidth} GB/s, at most {ms} ms for a token")
            }
            Limit::Price(tokens, dollars) => {
                format!("{tokens} million tokens to write for at most {dollars} dollars")
            }
            Limit::Text(tokens) => {
                format!("trained from scratch on {tokens} billion tokens of text")
            }
        }
    }

    /// What a size needs, and whether the limit allows it.
    fn needs(&self, size: usize) -> (String, bool) {
        let billions = SIZES[size];
        match self {
            Limit::Memory(gb) => {
                let need = 2.0 * billions;
                (format!("{need:.1} GB of memory"), need <= *gb)
            }
            Limit::Latency(bandwidth, ms) => {
                let need = 2.0 * billions / bandwidth * 1000.0;
                (format!("{need:.0} ms for a token"), need <= *ms)
            }
            Limit::Price(tokens, dollars) => {
                let need = 0.02 * billions * tokens;
                (format!("{need:.0} dollars"), need <= *dollars)
            }
            Limit::Text(tokens) => {
                let need = 20.0 * billions;
                (format!("{need:.0} billion tokens of text"), need <= *tokens)
            }
        }
    }
}

impl Task {
    /// The largest size that every limit allows.
    fn best(&self) -> usize {
        let allowed = |size: &usize| self.limits.iter().all(|limit| limit.needs(*size).1);
        (0..SIZES.len()).rfind(allowed).unwrap_or(0)
    }

    fn why_not(&self, chosen: usize) -> String {
        for limit in &self.limits {
            let (need, allowed) = limit.needs(chosen);
            if !allowed {
                return format!("It needs {need}. The limit: {}.", limit.text());
            }
        }
        "It keeps every limit, but a larger one keeps them too, and can do more.".to_owned()
    }
}

fn tasks(draw: &mut Draw) -> Vec<Task> {
    let phone = match draw.integer(0..=1) {
        0 => draw.integer(10..=30),
        _ => draw.integer(60..=120),
    };
    let laptop = draw.choice(&[4, 6, 8, 16, 24, 32]);
    let mails = match draw.integer(0..=2) {
        0 => draw.integer(15..=50),
        1 => draw.integer(100..=400),
        _ => draw.integer(900..=2000),
    };
    let dialect = match draw.integer(0..=2) {
        0 => draw.integer(3..=12),
        1 => draw.integer(25..=90),
        _ => draw.integer(200..=900),
    };
    let tasks = [
        (
            "phone keyboard",
            [Limit::Memory(6.0), Limit::Latency(50.0, phone as f64)],
        ),
        (
            "laptop assistant",
            [
                Limit::Memory(f64::from(laptop)),
                Limit::Latency(100.0, 250.0),
            ],
        ),
        (
            "sorting mails overnight",
            [Limit::Price(500.0, mails as f64), Limit::Memory(160.0)],
        ),
        (
            "model of a rare language",
            [Limit::Text(dialect as f64), Limit::Memory(80.0)],
        ),
    ];
    let tasks = tasks.map(|(name, limits)| Task {
        name,
        limits: limits.into(),
    });
    tasks.into()
}

fn question(draw: &mut Draw) -> Question {
    let tasks = tasks(draw);
    let names: Vec<&str> = tasks.iter().map(|task| task.name).collect();
    let mut question = Question::new(
        "Should it be a bigger model? Choose for each task the largest size that keeps all its limits.\n\n\
         Take 2 bytes for a parameter; every parameter is read once for each token that is written; a \
         million tokens cost 0.02 dollars for each billion parameters; training from scratch wants 20 \
         tokens of text for each parameter.",
    );
    for task in &tasks {
        let limits: Vec<String> = task.limits.iter().map(Limit::text).collect();
        question = question.given(task.name, limits.join("; "));
    }
    question
        .items(&draw.shuffle(&names))
        .allowed(&NAMES)
        .wanted("&[(\"task\", \"size\"), ...], all four")
}

fn solution(draw: &mut Draw) -> String {
    let lines: String = tasks(draw)
        .iter()
        .map(|task| format!("    ({:?}, {:?}),\n", task.name, NAMES[task.best()]))
        .collect();
    format!("check::choose_model(&[\n{lines}])")
}
