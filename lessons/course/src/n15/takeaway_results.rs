//! Link each takeaway of the course to a number that a notebook measures.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::classify;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "takeaway_results",
    notebook: "15_takeaways_next_steps",
    title: "Which number shows which takeaway?",
    codes: &[],
    question,
    starter: "\
check::takeaway_results(&[
    // (\"takeaway\", \"result\"),
])",
    hints: &[
        "In which notebook did you meet each number? Its topic is the takeaway's.",
        "Each result begins with the number of its notebook: look at its title. Two come from notebook 7: \
         one is about size alone, one about size and data.",
        "(\"models are functions\", \"01: price = 0.1284 sqrft + 15.198 bdrms - 19.315\"), (\"training adjusts \
         parameters\", \"06: one step takes the loss to 0.49 of itself\"), (\"bigger can be better\", \"07: 45 \
         parameters reach a loss of 0.243, 5,101 reach 0.022\")",
    ],
    solution,
};

/// Checks pairs of a takeaway and a result.
pub fn takeaway_results(answer: &[(&str, &str)]) -> Verdict {
    attempt(&EXERCISE, |_| {
        let says =
            |takeaway: usize, result: usize| answer.contains(&(PAIRS[takeaway].0, PAIRS[result].1));
        if says(BIGGER, BALANCE) || says(BALANCE, BIGGER) {
            return not_yet(
                "Size alone and the balance of size and data are swapped: the power law holds one of them \
                 fixed, Chinchilla trades them.",
            );
        }
        if says(ATTENTION, INTERPRETABILITY) || says(INTERPRETABILITY, ATTENTION) {
            return not_yet(
                "How attention works and what it explains are two things: one takeaway is a mechanism, \
                 the other a warning about reading it.",
            );
        }
        let results = PAIRS.map(|(_, result, _)| result);
        classify(answer, &PAIRS, &results)?;
        Ok("Ten sentences, and a number of your own behind each.".to_owned())
    })
}

const ATTENTION: usize = 2;
const BIGGER: usize = 4;
const INTERPRETABILITY: usize = 7;
const BALANCE: usize = 9;

/// Takeaway, result, and why they belong together.
const PAIRS: [(&str, &str, &str); 10] = [
    (
        "models are functions",
        "01: price = 0.1284 sqrft + 15.198 bdrms - 19.315",
        "A function of two inputs: three numbers, one formula.",
    ),
    (
        "parameters are learned numbers",
        "02: GPT-2 small has 124,439,808 of them",
        "What is counted there are the numbers that training sets.",
    ),
    (
        "transformers use attention",
        "04: each row of weights adds up to 1",
        "Attention is a weighted mean over positions.",
    ),
    (
        "training adjusts parameters",
        "06: one step takes the loss to 0.49 of itself",
        "One step of gradient descent changed the weights, and the loss fell.",
    ),
    (
        "bigger can be better",
        "07: 45 parameters reach a loss of 0.243, 5,101 reach 0.022",
        "Only the size was changed, and the loss fell along a power law.",
    ),
    (
        "embeddings are vectors",
        "08: cosine of hot and cold is 0.801",
        "Similarity of words is an angle between vectors.",
    ),
    (
        "evaluation needs several metrics",
        "09: 99 % accuracy without finding one spam mail",
        "Accuracy alone hides that nothing was found.",
    ),
    (
        "interpretability has limits",
        "11: a probe reads coin tosses at 100.0 %, grammar at 98.6 %",
        "A score that coin tosses reach as well shows nothing about the model.",
    ),
    (
        "architecture matters",
        "10: from 150 digits, CNN 0.900 and ViT 0.674",
        "Same digits, other structure, other accuracy.",
    ),
    (
        "size, compute and data must balance",
        "07: about 20 tokens for each parameter",
        "For a given compute, size and tokens grow together.",
    ),
];

fn question(draw: &mut Draw) -> Question {
    let takeaways = PAIRS.map(|(takeaway, _, _)| takeaway);
    let results = PAIRS.map(|(_, result, _)| result);
    Question::new(
        "Ten takeaways and ten results, each with the number of its notebook. Which result shows which \
         takeaway?",
    )
    .items(&draw.shuffle(&takeaways))
    .allowed(&draw.shuffle(&results))
    .wanted("&[(\"takeaway\", \"result\"), ...], all ten")
}

fn solution(draw: &mut Draw) -> String {
    let lines: String = draw
        .shuffle(&PAIRS)
        .iter()
        .map(|(takeaway, result, _)| format!("    ({takeaway:?}, {result:?}),\n"))
        .collect();
    format!("check::takeaway_results(&[\n{lines}])")
}
