//! Fold two linear layers into one that gives the same outputs.

use tch::Tensor;

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::all_close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "fold_layers",
    notebook: "03_neural_network_basics",
    title: "Fold two linear layers into one",
    codes: &["CD1", "SC4"],
    question,
    starter: "\
// A layer computes x w^T + b: w is [outputs, inputs], b is [outputs].
fn fold(w1: &Tensor, b1: &Tensor, w2: &Tensor, b2: &Tensor) -> (Tensor, Tensor) {
    todo!(\"weight and bias of the one layer that does the same\")
}
check::fold_layers(fold)",
    hints: &[
        "Write down what the second layer does to the output of the first, and multiply out.",
        "(x W1^T + b1) W2^T + b2 = x (W2 W1)^T + (b1 W2^T + b2). The first bias goes through the second \
         layer too.",
        "(w2.matmul(w1), w2.matmul(b1) + b2)",
    ],
    solution,
};

/// Checks a function that folds.
pub fn fold_layers(
    fold: impl Fn(&Tensor, &Tensor, &Tensor, &Tensor) -> (Tensor, Tensor),
) -> Verdict {
    judge(&fold)
}

type Fold<'a> = dyn Fn(&Tensor, &Tensor, &Tensor, &Tensor) -> (Tensor, Tensor) + 'a;

fn judge(fold: &Fold<'_>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        // Square layers first: there a wrong order has the right shape, and can be told.
        let size = attempt.held_out.integer(3..=6);
        one_pair(attempt, fold, [size, size, size])?;
        for _ in 0..3 {
            let inputs = attempt.held_out.integer(2..=4);
            let hidden = inputs + attempt.held_out.integer(1..=3);
            let outputs = hidden + attempt.held_out.integer(1..=3);
            one_pair(attempt, fold, [inputs, hidden, outputs])?;
        }
        Ok(
            "Two linear layers are one linear layer, whatever their sizes. Without a bend between them, \
            depth adds nothing."
                .to_owned(),
        )
    })
}

fn one_pair(attempt: &mut Attempt, fold: &Fold<'_>, sizes: [i64; 3]) -> Result<(), Unsolved> {
    let [inputs, hidden, outputs] = sizes;
    let w1 = attempt.held_out.tensor(&[hidden, inputs]);
    let b1 = attempt.held_out.tensor(&[hidden]);
    let w2 = attempt.held_out.tensor(&[outputs, hidden]);
    let b2 = attempt.held_out.tensor(&[outputs]);
    let call = format!(
        "fold(w1 [{hidden}, {inputs}], b1 [{hidden}], w2 [{outputs}, {hidden}], b2 [{outputs}])"
    );
    let (w, b) = attempt.call(&call, || fold(&w1, &b1, &w2, &b2))?;
    let (right_w, right_b) = (w2.matmul(&w1), w2.matmul(&b1) + &b2);
    let same = |got: &Tensor, other: &Tensor| all_close(got, other, 1e-4);
    if !same(&w, &right_w) {
        let square = inputs == outputs;
        if square && same(&w, &w1.matmul(&w2)) {
            return not_yet(
                "The weight is W1 W2. The input meets W1 first, so W1 stands next to it, at the right: \
                 W2 W1.",
            );
        } else if same(&w, &right_w.tr()) {
            return not_yet(
                "The weight is transposed: it must be [outputs, inputs], as w1 and w2 are.",
            );
        } else if square && same(&w, &(&w1 + &w2)) {
            return not_yet("The weight is W1 + W2. One layer after the other multiplies.");
        } else if square && same(&w, &(&w1 * &w2)) {
            return not_yet(
                "The weight multiplies element by element: * does that. A matrix product is .matmul().",
            );
        }
        return not_yet(format!(
            "{call}: the weight has shape {:?} and other numbers than the two layers together; it should \
             have shape {:?}.",
            w.size(),
            right_w.size()
        ));
    }
    if same(&b, &right_b) {
        return Ok(());
    }
    let why = if same(&b, &b2) {
        "The weight is right. The bias is b2 alone: b1 goes through the second layer too, and comes out \
         as W2 b1."
            .to_owned()
    } else if b1.size() == b2.size() && same(&b, &(&b1 + &b2)) {
        "The weight is right. The bias is b1 + b2: b1 goes through the second layer first."
            .to_owned()
    } else if same(&b, &w2.matmul(&b1)) {
        "The weight is right. The bias lacks b2.".to_owned()
    } else {
        format!(
            "{call}: the weight is right, the bias (shape {:?}) is not: feed an input of zeros through \
             both layers and see what comes out.",
            b.size()
        )
    };
    not_yet(why)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Two linear layers follow each other, with nothing between them. Find weight and bias of one \
         layer that gives the same outputs for every input.",
    )
    .wanted("fn fold(w1, b1, w2, b2: &Tensor) -> (Tensor, Tensor): weight [outputs, inputs], bias [outputs]")
    .tolerance("1e-4")
}

fn solution(_: &mut Draw) -> String {
    "\
fn fold(w1: &Tensor, b1: &Tensor, w2: &Tensor, b2: &Tensor) -> (Tensor, Tensor) {
    (w2.matmul(w1), w2.matmul(b1) + b2)
}
check::fold_layers(fold)"
        .to_owned()
}
