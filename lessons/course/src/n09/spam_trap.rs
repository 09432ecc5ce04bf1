//! A filter that never says spam is accurate, and one that seldom cries wolf is still mostly wrong.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::Real;
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "spam_trap",
    notebook: "09_model_evaluation",
    title: "The spam trap",
    codes: &[],
    question,
    starter: "\
let accuracy_of_never = None; // a share from 0 to 1
let precision_of_filter = None; // a share from 0 to 1
check::spam_trap(accuracy_of_never, precision_of_filter)",
    hints: &[
        "Write the four counts of each filter down: found spam, missed spam, false alarms, and the rest.",
        "Found spam = recall * spam. False alarms = false positive rate * (emails - spam).",
        "(emails - spam) / emails, and found / (found + false alarms).",
    ],
    solution,
};

/// Checks the accuracy of a filter that never says spam, and the precision of another one.
pub fn spam_trap(accuracy_of_never: impl Real, precision_of_filter: impl Real) -> Verdict {
    judge(accuracy_of_never.real(), precision_of_filter.real())
}

struct Numbers {
    emails: f64,
    spam: f64,
    recall: f64,
    false_positive_rate: f64,
}

fn numbers(draw: &mut Draw) -> Numbers {
    Numbers {
        emails: 1000.0 * draw.integer(20..=90) as f64,
        spam: 10.0 * draw.integer(11..=19) as f64,
        recall: draw.rounded(0.8, 0.92, 2),
        false_positive_rate: draw.rounded(0.01, 0.03, 3),
    }
}

impl Numbers {
    fn accuracy(&self) -> f64 {
        (self.emails - self.spam) / self.emails
    }

    fn found(&self) -> f64 {
        self.recall * self.spam
    }

    fn alarms(&self) -> f64 {
        self.false_positive_rate * (self.emails - self.spam)
    }

    fn precision(&self) -> f64 {
        self.found() / (self.found() + self.alarms())
    }
}

fn question(draw: &mut Draw) -> Question {
    let numbers = numbers(draw);
    Question::new(
        "One filter says \"not spam\" to every email. What is its accuracy? Another filter finds a part \
         of the spam (its recall) and calls a few of the other emails spam too (its false positive \
         rate). What is its precision?",
    )
    .given("emails", numbers.emails)
    .given("spam among them", numbers.spam)
    .given("recall of the other filter", numbers.recall)
    .given("its false positive rate", numbers.false_positive_rate)
    .wanted("two numbers, shares from 0 to 1")
    .tolerance("within 0.0005")
}

fn judge(accuracy: Option<f64>, precision: Option<f64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let numbers = numbers(&mut attempt.question);
        let accuracy = attempt.number(accuracy)?;
        let precision = attempt.number(precision)?;
        let is = |got: f64, expected: f64| close(got, expected, 5e-4);
        // Two of the mistakes lie near each other.
        let exactly = |got: f64, expected: f64| close(got, expected, 5e-5);
        if is(accuracy, 100.0 * numbers.accuracy()) {
            return not_yet("The accuracy is in percent. Give a share from 0 to 1.");
        }
        if is(accuracy, 1.0 - numbers.accuracy()) {
            return not_yet(
                "That is the share of spam. The filter that never says spam is right on everything else.",
            );
        }
        if !is(accuracy, numbers.accuracy()) {
            return not_yet(format!(
                "The accuracy of {accuracy} is not right: of {} emails it is right on all but {}.",
                numbers.emails, numbers.spam
            ));
        }
        if exactly(precision, 1.0 - numbers.false_positive_rate) {
            return not_yet(
                "The precision is not 1 - false positive rate. That rate is a share of the emails that \
                 are not spam; precision is a share of the emails that were called spam.",
            );
        }
        if is(precision, numbers.recall) {
            return not_yet("That is the recall: the share of the spam that was found.");
        }
        let naive = numbers.recall / (numbers.recall + numbers.false_positive_rate);
        if exactly(precision, naive) {
            return not_yet(
                "You divided the rates. They are shares of groups of very different size: turn both into \
                 counts of emails first.",
            );
        }
        if !is(precision, numbers.precision()) {
            return not_yet(format!(
                "The precision of {precision} is not right: compare the {:.0} emails that were found with \
                 all that were called spam.",
                numbers.found()
            ));
        }
        Ok(format!(
            "{:.1} % accurate and useless; and a false positive rate of {} still means that only {:.1} % of \
             the alarms are spam, because spam is rare.",
            100.0 * accuracy,
            numbers.false_positive_rate,
            100.0 * precision
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    let numbers = numbers(draw);
    format!(
        "\
let (emails, spam) = ({:?}, {:?});
let found = {:?} * spam;
let false_alarms = {:?} * (emails - spam);
let accuracy_of_never = (emails - spam) / emails;
let precision_of_filter = found / (found + false_alarms);
check::spam_trap(accuracy_of_never, precision_of_filter)",
        numbers.emails, numbers.spam, numbers.recall, numbers.false_positive_rate
    )
}
