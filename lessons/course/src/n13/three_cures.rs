//! See from its losses what a run suffers from, and name three cures.

use super::bank::borrowed;
use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::structured::choose;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "three_cures",
    notebook: "13_validation_checklist",
    title: "Three cures for one run",
    codes: &["PU5"],
    question,
    starter: "\
check::three_cures(&[
    // \"...\",
])",
    hints: &[
        "Follow both losses from line to line. Which of them turns, and at which epoch?",
        "Training falls on while validation turns and rises: the run learns its examples by heart. What \
         makes that harder, or ends it in time?",
        "More examples, a narrower layer, dropout, weight decay, and the weights of the epoch with the \
         lowest validation loss are cures: copy three that stand on your card.",
    ],
    solution,
};

/// Checks three proposals.
pub fn three_cures(answer: &[&str]) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        if answer.is_empty() {
            return Err(Unsolved::NotAttempted);
        }
        let run = run(&mut attempt.question);
        let proposals = borrowed(&run.proposals);
        let reasons: Vec<(&str, &str)> = proposals.iter().map(|item| (item.0, item.2)).collect();
        let plain = |word: &str| word.trim().to_lowercase();
        for (at, given) in answer.iter().enumerate() {
            // A cure is right, whichever it is; for anything else the reason why it is none.
            let mut cures = proposals.iter().filter(|item| item.1 == CURE);
            let found = cures.find(|item| plain(item.0) == plain(given));
            choose(given, found.map_or("", |item| item.0), &reasons)?;
            if answer[..at]
                .iter()
                .any(|earlier| plain(earlier) == plain(given))
            {
                return not_yet(format!("\"{}\" stands there twice.", given.trim()));
            }
        }
        if answer.len() != 3 {
            return not_yet(format!("You named {}; three are wanted.", answer.len()));
        }
        Ok(format!(
            "It overfits from epoch {} on. All three leave it less room, or less time, to learn its \
             examples by heart.",
            run.turn
        ))
    })
}

const CURE: &str = "cure";
const NONE: &str = "none";

struct Run {
    /// Epoch, and training and validation loss.
    losses: Vec<(i64, f64, f64)>,
    /// The epoch of the lowest validation loss.
    turn: i64,
    examples: i64,
    width: i64,
    /// What to do, whether it is a cure, and why.
    proposals: Vec<(String, &'static str, String)>,
}

fn run(draw: &mut Draw) -> Run {
    let (start, turn) = (draw.rounded(1.4, 2.0, 2), draw.integer(18..=26));
    let shares = [
        (1.0, 1.02),
        (0.5, 0.56),
        (0.3, 0.43),
        (0.1, 0.6),
        (0.02, 0.9),
    ];
    let mut noisy = |share: f64| start * share * draw.range(0.97, 1.03);
    let losses = [1, 8, turn, 45, 80].into_iter().zip(shares);
    let losses = losses
        .map(|(epoch, (train, validation))| (epoch, noisy(train), noisy(validation)))
        .collect();
    let (examples, width) = (100 * draw.integer(3..=9), draw.choice(&[96, 128, 192, 256]));
    let dropout = draw.rounded(0.2, 0.5, 1);
    let cures = [
        format!("collect {} more examples", 10 * examples),
        format!("halve the hidden layer to {} neurons", width / 2),
        format!("add dropout of {dropout}"),
        "add weight decay of 0.01".to_owned(),
        format!("keep the weights of epoch {turn}"),
    ];
    let others = [
        (
            "train 40 epochs more".to_owned(),
            format!("validation has been rising since epoch {turn}, and would rise on."),
        ),
        (
            format!("double the hidden layer to {} neurons", 2 * width),
            "more room to learn by heart. That is a cure of underfitting.".to_owned(),
        ),
        (
            "multiply the learning rate by 10".to_owned(),
            "training falls as it should: the length of the steps is not what it suffers from."
                .to_owned(),
        ),
        (
            format!("leave out {} of the examples", examples / 2),
            "fewer examples are learned by heart all the sooner.".to_owned(),
        ),
        (
            "validate on the training examples".to_owned(),
            "the number would look better, and the network would be the same.".to_owned(),
        ),
    ];
    let cures = cures.map(|cure| (cure, CURE, String::new()));
    let others = others.map(|(other, why)| (other, NONE, why));
    let mut proposals = draw.sample(&cures, 4);
    proposals.extend(draw.sample(&others, 4));
    Run {
        losses,
        turn,
        examples,
        width,
        proposals: draw.shuffle(&proposals),
    }
}

fn question(draw: &mut Draw) -> Question {
    let run = run(draw);
    let mut question = Question::new(
        "A network with one hidden layer is trained for 80 epochs. See from its losses what it suffers \
         from. Which three of these proposals would help?",
    )
    .given("training examples", run.examples)
    .given("neurons of the hidden layer", run.width);
    for (epoch, train, validation) in &run.losses {
        let value = format!("training {train:.2}, validation {validation:.2}");
        question = question.given(&format!("epoch {epoch}"), value);
    }
    let proposals: Vec<&str> = run.proposals.iter().map(|item| item.0.as_str()).collect();
    question
        .items(&proposals)
        .wanted("&[\"...\", \"...\", \"...\"], three of the list")
}

fn solution(draw: &mut Draw) -> String {
    let proposals = run(draw).proposals.into_iter();
    let cures = proposals.filter(|item| item.1 == CURE).take(3);
    let lines: String = cures.map(|item| format!("    {:?},\n", item.0)).collect();
    format!("check::three_cures(&[\n{lines}])")
}
