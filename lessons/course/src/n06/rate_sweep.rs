//! Compare learning rates fairly: every run from one initialisation.

use lessons::prelude::*;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "rate_sweep",
    notebook: "06_code_examples",
    title: "A fair race of learning rates",
    codes: &[],
    question,
    starter: "\
fn sweep(model: &Linear, x: &Tensor, y: &Tensor, rates: &[f64]) -> Vec<f64> {
    todo!(\"for each rate, from the weights that model has now: 20 steps, then the loss\")
}
check::rate_sweep(sweep)",
    hints: &[
        "What does the first run leave behind for the second one?",
        "Copy the weights before the first run, and put them back before each run.",
        "let start = copy_weights(model); for each rate: restore_weights(model, &start); let mut optimizer = \
         sgd(model, rate); 20 times optimizer.backward_step(&loss); then the loss of the new weights.",
    ],
    solution,
};

/// Checks the last loss of each rate.
pub fn rate_sweep(sweep: impl Fn(&Linear, &Tensor, &Tensor, &[f64]) -> Vec<f64>) -> Verdict {
    judge(&sweep)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Race several learning rates against each other: plain gradient descent (sgd) on all examples, \
         20 steps with mse_loss, and the loss after the last step. Each run starts from the weights \
         that the model has when your function is called.",
    )
    .wanted("fn sweep(model: &Linear, x: &Tensor, y: &Tensor, rates: &[f64]) -> Vec<f64>, a loss for each rate, in their order")
    .tolerance("one part in a thousand")
}

const STEPS: usize = 20;

/// The losses after `steps` steps of each rate; with `fair`, each from the same start.
fn losses(
    model: &Linear,
    (x, y): (&Tensor, &Tensor),
    rates: &[f64],
    steps: usize,
    fair: bool,
) -> Vec<f64> {
    let start = copy_weights(model);
    let run = |&rate: &f64| {
        if fair {
            restore_weights(model, &start);
        }
        let mut optimizer = sgd(model, rate);
        for _ in 0..steps {
            optimizer.backward_step(&mse_loss(&model.forward(x), y));
        }
        mse_loss(&model.forward(x), y).double_value(&[])
    };
    let losses = rates.iter().map(run).collect();
    restore_weights(model, &start);
    losses
}

type Sweep<'a> = &'a dyn Fn(&Linear, &Tensor, &Tensor, &[f64]) -> Vec<f64>;

fn judge(sweep: Sweep<'_>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut shown = String::new();
        for _ in 0..3 {
            manual_seed(attempt.held_out.seed());
            let features = attempt.held_out.integer(2..=5);
            let (x, noise) = (randn(&[50, features]), randn(&[50, 1]));
            let y = x.sum_dim_intlist(1, true, Kind::Float) * 2.0 + noise + 5.0;
            let model = linear(features, 1);
            let rates = attempt.held_out.shuffle(&[0.001, 0.005, 0.02, 0.05]);
            let start = copy_weights(&model);
            let expected = losses(&model, (&x, &y), &rates, STEPS, true);
            let carried_on = losses(&model, (&x, &y), &rates, STEPS, false);
            let one_short = losses(&model, (&x, &y), &rates, STEPS - 1, true);
            let before = mse_loss(&model.forward(&x), &y).double_value(&[]);
            let call = format!("sweep(model, x, y, &{rates:?})");
            let got = attempt.call(&call, || sweep(&model, &x, &y, &rates))?;
            restore_weights(&model, &start);
            if got.len() != rates.len() {
                return not_yet(format!(
                    "{call} gave {} losses for {} rates.",
                    got.len(),
                    rates.len()
                ));
            }
            let same = |other: &[f64]| {
                got.iter()
                    .zip(other)
                    .all(|(&g, &o)| close(g / o, 1.0, 1e-3))
            };
            if same(&expected) {
                shown = format!("{:?} gave {}.", rates, list(&expected));
                continue;
            }
            let why = if same(&carried_on) {
                "each run goes on where the one before stopped, so later rates look better. Put the first \
                 weights back before each run."
            } else if same(&one_short) {
                "that is the loss before the last step. Measure once more after it."
            } else if same(&[before; 4]) {
                "that is the loss before training: no step reached the model."
            } else if expected
                .iter()
                .zip(&got)
                .all(|(e, g)| (e - g).abs() < 2.0 * e)
                && close(got[0] / expected[0], 1.0, 1e-3)
            {
                "the first run is right, the later ones are not: do they start from the same weights?"
            } else {
                "other weights, or another number of steps: do not make a new model, use the given one."
            };
            return not_yet(format!(
                "{call} gave {}, and should give {}: {why}",
                list(&got),
                list(&expected)
            ));
        }
        Ok(format!(
            "{shown} The same start and the same data: only the rate differs."
        ))
    })
}

fn list(losses: &[f64]) -> String {
    let shown: Vec<String> = losses.iter().map(|loss| format!("{loss:.3}")).collect();
    shown.join(", ")
}

fn solution(_: &mut Draw) -> String {
    "\
fn sweep(model: &Linear, x: &Tensor, y: &Tensor, rates: &[f64]) -> Vec<f64> {
    let start = copy_weights(model);
    let run = |&rate: &f64| {
        restore_weights(model, &start);
        let mut optimizer = sgd(model, rate);
        for _step in 0..20 {
            optimizer.backward_step(&mse_loss(&model.forward(x), y));
        }
        mse_loss(&model.forward(x), y).item()
    };
    rates.iter().map(run).collect()
}
check::rate_sweep(sweep)"
        .to_owned()
}
