//! Match what a learner wants to do with what to learn next.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "where_next",
    notebook: "15_takeaways_next_steps",
    title: "What to learn next?",
    codes: &[],
    question,
    starter: "\
check::where_next(&[
    // (\"wish\", \"...\"),
])",
    hints: &[
        "Which of them changes weights, and which only uses a model as it is?",
        "Adapting weights is fine-tuning; looking facts up is retrieval; fewer bits is quantization; many \
         devices is distributed training.",
        "A model that acts in steps with tools: agents. Made examples from given ones: data augmentation.",
    ],
    solution,
};

/// Checks pairs of a wish and a topic.
pub fn where_next(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let wishes = wishes(&mut attempt.question);
        if answer.contains(&(WISHES[1].0, WISHES[0].1)) {
            return not_yet(
                "Facts that change every day are not for weights: fine-tuning would be out of date tomorrow. \
                 Look them up.",
            );
        }
        if answer.contains(&(WISHES[2].0, WISHES[3].1)) {
            return not_yet(
                "One small device has to hold it: spreading it over several is no answer there.",
            );
        }
        classify(answer, &wishes, &topics())?;
        Ok(
            "Each of these stands on what you have now: weights, gradients, embeddings, attention."
                .to_owned(),
        )
    })
}

type Wish = (&'static str, &'static str, &'static str);

const WISHES: [Wish; 6] = [
    (
        "make a model write in the style of our reports",
        "fine-tuning",
        "A manner that stays is worth learning into weights.",
    ),
    (
        "answer from documents that change every day",
        "retrieval",
        "Look up what is asked by its embedding, and hand it to the model.",
    ),
    (
        "run a model on a laptop with little memory",
        "quantization",
        "4 or 8 bits for each weight instead of 16 or 32.",
    ),
    (
        "train a model that no single GPU can hold",
        "distributed training",
        "Weights or batches are spread over several devices.",
    ),
    (
        "let a model use a calculator and a calendar",
        "agents",
        "A loop around inference that calls tools.",
    ),
    (
        "get more from 500 labelled photos",
        "data augmentation",
        "Turned, cut and mirrored photos are new examples.",
    ),
];

fn topics() -> [&'static str; 6] {
    WISHES.map(|(_, topic, _)| topic)
}

fn wishes(draw: &mut Draw) -> Vec<Wish> {
    draw.shuffle(&WISHES)
}

fn question(draw: &mut Draw) -> Question {
    let wishes: Vec<&str> = wishes(draw).into_iter().map(|(wish, _, _)| wish).collect();
    Question::new("Six people, six wishes. What should each learn next?")
        .items(&wishes)
        .allowed(&draw.shuffle(&topics()))
        .wanted("&[(\"wish\", \"topic\"), ...], all six")
}

fn solution(draw: &mut Draw) -> String {
    let lines: String = wishes(draw)
        .iter()
        .map(|(wish, topic, _)| format!("    ({wish:?}, {topic:?}),\n"))
        .collect();
    format!("check::where_next(&[\n{lines}])")
}
