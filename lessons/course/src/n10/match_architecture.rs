//! Which architecture for which data?

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "match_architecture",
    notebook: "10_common_architectures",
    title: "Match data to architecture",
    codes: &["SC3"],
    question,
    starter: "\
check::match_architecture(&[
    // (\"...\", \"CNN\"),
])",
    hints: &[
        "For each: is it text, an image, a stream? How much data is there, and what is scarce?",
        "Few images: a CNN. Very many images, or images with text: a vision transformer. One value at a time \
         with a fixed memory: a recurrent network. More parameters at the same work: a mixture of experts.",
        "Each of the five architectures fits exactly one of the five.",
    ],
    solution,
};

/// Checks pairs of a task and its architecture.
pub fn match_architecture(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let tasks = tasks(&mut attempt.question);
        let all_same = answer.windows(2).all(|pair| pair[0].1 == pair[1].1);
        if answer.len() == tasks.len() && all_same {
            return not_yet(
                "You gave all of them the same. Transformers do much, but each of these asks for something \
                 that another architecture has built in.",
            );
        }
        classify(answer, &tasks, &GROUPS)?;
        Ok("Each architecture builds in an assumption about its data. The right one saves data and work.".to_owned())
    })
}

const GROUPS: [&str; 5] = [
    "transformer",
    "CNN",
    "recurrent network",
    "mixture of experts",
    "vision transformer",
];

type Task = (&'static str, &'static str, &'static str);

/// Two for each architecture; each learner gets one of them.
const TASKS: [[Task; 2]; 5] = [
    [
        (
            "answer questions about long documents",
            "transformer",
            "In text a word may depend on any other, however far: attention reaches all of them.",
        ),
        (
            "complete source code",
            "transformer",
            "Code is text, and a name may come from far above: attention reaches it in one step.",
        ),
    ],
    [
        (
            "find cracks in 400 photographs, on a small camera",
            "CNN",
            "Few images and a small device: local patterns and shared weights need little of both.",
        ),
        (
            "tell 10 kinds of leaves apart from 300 photographs",
            "CNN",
            "Few images: that neighbours belong together must be built in, it cannot be learned from 300.",
        ),
    ],
    [
        (
            "watch a sensor for months, one value at a time, with 2 kB of memory",
            "recurrent network",
            "It keeps one state of fixed size; attention would have to keep all that it has seen.",
        ),
        (
            "predict the next heartbeat on a watch, value by value, without an end",
            "recurrent network",
            "Its state has a fixed size, so each step costs the same for ever.",
        ),
    ],
    [
        (
            "a language model with four times the parameters at the same work per token",
            "mixture of experts",
            "Only a few experts work for each token; memory must hold them all.",
        ),
        (
            "more capacity for a text model: memory is plenty, computing time is not",
            "mixture of experts",
            "It adds parameters that do not all work for each token.",
        ),
    ],
    [
        (
            "learn from 300 million captioned images, in the same blocks as a text model",
            "vision transformer",
            "With so many images little has to be built in, and patches are tokens like words.",
        ),
        (
            "read images for a chat model that has one kind of block for everything",
            "vision transformer",
            "It makes tokens of patches, and the rest is what a text model has.",
        ),
    ],
];

fn tasks(draw: &mut Draw) -> Vec<Task> {
    let chosen: Vec<Task> = TASKS.iter().map(|pair| draw.choice(pair)).collect();
    draw.shuffle(&chosen)
}

fn question(draw: &mut Draw) -> Question {
    let tasks = tasks(draw);
    let items: Vec<&str> = tasks.iter().map(|&(task, _, _)| task).collect();
    Question::new("Which architecture fits which task best? Each fits one.")
        .items(&items)
        .allowed(&GROUPS)
        .wanted("&[(\"task\", \"architecture\"), ...], all five")
}

fn solution(draw: &mut Draw) -> String {
    let lines: String = tasks(draw)
        .into_iter()
        .map(|(task, group, _)| format!("    ({task:?}, {group:?}),\n"))
        .collect();
    format!("check::match_architecture(&[\n{lines}])")
}
