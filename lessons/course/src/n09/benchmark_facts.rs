//! What five well-known benchmarks really are.
//!
//! Sources: Hendrycks et al. 2020 (MMLU) and 2021 (MATH), Zellers et al. 2019 (HellaSwag), Chen et al.
//! 2021 (HumanEval), Zheng et al. 2023 (MT-Bench).

use crate::attempt::attempt;
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "benchmark_facts",
    notebook: "09_model_evaluation",
    title: "What the benchmarks really are",
    codes: &[],
    question,
    starter: "\
check::benchmark_facts(&[
    // (\"MMLU\", \"...\"),
])",
    hints: &[
        "Three of the descriptions are wrong for every benchmark: they are mistakes from the course text.",
        "MMLU counts subjects, not thousands of questions. HellaSwag was made from descriptions of \
         videos, but only text is shown. Nobody has the time to judge every chat by hand.",
        "The wrong ones: 57,000 questions, the next video frame, and judged by people.",
    ],
    solution,
};

/// Checks pairs of a benchmark and its description.
pub fn benchmark_facts(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let (right, groups) = drawn(&mut attempt.question);
        classify(answer, &right, &groups)?;
        Ok("Before you compare scores, know what was counted, and who judged.".to_owned())
    })
}

/// A benchmark, what it is, and why nothing else fits.
type Fact = (&'static str, &'static str, &'static str);

const FACTS: [Fact; 5] = [
    (
        "MMLU",
        "57 subjects, 14,042 test questions",
        "It has four options per question in 57 subjects; the 57,000 mixes up subjects and questions.",
    ),
    (
        "HellaSwag",
        "choose the ending of a short text",
        "Its contexts come in part from captions of videos, but a model sees four endings in words.",
    ),
    (
        "MATH",
        "competition problems with one final answer",
        "12,500 problems from school competitions; the final answer is compared.",
    ),
    (
        "HumanEval",
        "164 functions, judged by unit tests",
        "A generated Python function must pass tests that are run; nobody reads it.",
    ),
    (
        "MT-Bench",
        "80 two-turn questions, judged by a model",
        "A strong model gives the marks. People were asked only to see how well it agrees with them.",
    ),
];

/// What the course text says.
const MISTAKES: [&str; 3] = [
    "57,000 test questions",
    "choose the next frame of a video",
    "open questions, judged by people",
];

fn drawn(draw: &mut Draw) -> (Vec<Fact>, Vec<&'static str>) {
    let facts = draw.shuffle(&FACTS);
    let mut groups: Vec<&str> = FACTS.iter().map(|&(_, what, _)| what).collect();
    groups.extend(MISTAKES);
    (facts, draw.shuffle(&groups))
}

fn question(draw: &mut Draw) -> Question {
    let (facts, groups) = drawn(draw);
    let items: Vec<&str> = facts.iter().map(|&(benchmark, _, _)| benchmark).collect();
    Question::new("What is each benchmark? Three descriptions belong to none of them.")
        .items(&items)
        .allowed(&groups)
        .wanted("&[(\"benchmark\", \"description\"), ...], all five")
}

fn solution(draw: &mut Draw) -> String {
    let (facts, _) = drawn(draw);
    let lines: String = facts
        .into_iter()
        .map(|(benchmark, what, _)| format!("    ({benchmark:?}, {what:?}),\n"))
        .collect();
    format!("check::benchmark_facts(&[\n{lines}])")
}
