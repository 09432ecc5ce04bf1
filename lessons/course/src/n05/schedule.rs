//! Write a learning-rate schedule that beats every constant rate.

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "schedule",
    notebook: "05_how_models_learn",
    title: "Beat every constant rate",
    codes: &["CD4"],
    question,
    starter: "\
fn rate(step: usize, steps: usize) -> f64 {
    todo!(\"large at first, small at the end\")
}
check::schedule(rate)",
    hints: &[
        "What does a large rate do well, and what does a small one do well? When is each needed?",
        "Start near 0.5, which crosses the valley in a few steps; end near 0.02, where noise is averaged away.",
        "let part = step as f64 / steps as f64; then 0.5 * (1.0 - part), or half a cosine from 0.5 to 0.",
    ],
    solution,
};

/// Checks a schedule against constant rates.
pub fn schedule(rate: impl Fn(usize, usize) -> f64) -> Verdict {
    judge(&rate)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A run starts at (5, 5) in the valley loss(a, b) = (a^2 + 0.2 b^2) / 2. Each of its 100 steps \
         sees the gradient with noise of standard deviation 1, as from small batches. Write a schedule \
         that ends lower, in the mean of 200 runs, than the best of 18 constant rates from 0.005 to 1.6.",
    )
    .wanted("fn rate(step: usize, steps: usize) -> f64, step counted from 0")
    .tolerance("the mean loss must be at most 0.9 of the best constant's")
}

const STEPS: usize = 100;
const RUNS: usize = 200;
const CURVATURE: [f64; 2] = [1.0, 0.2];

/// The mean loss after all steps, on this noise.
fn final_loss(rates: &[f64], noise: &[f64]) -> f64 {
    let mut sum = 0.0;
    for run in noise.chunks_exact(2 * STEPS) {
        let mut w = [5.0; 2];
        for (rate, noise) in rates.iter().zip(run.chunks_exact(2)) {
            for at in 0..2 {
                w[at] -= rate * (CURVATURE[at] * w[at] + noise[at]);
            }
        }
        sum += (CURVATURE[0] * w[0] * w[0] + CURVATURE[1] * w[1] * w[1]) / 2.0;
    }
    sum / RUNS as f64
}

fn judge(rate: &dyn Fn(usize, usize) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let mut rates = Vec::new();
        for step in 0..STEPS {
            let call = format!("rate({step}, {STEPS})");
            let got = attempt.call(&call, || rate(step, STEPS))?;
            if !got.is_finite() || got < 0.0 {
                return not_yet(format!(
                    "{call} is {got}: a rate is a finite number, 0 or more."
                ));
            }
            rates.push(got);
        }
        let noise: Vec<f64> = (0..2 * STEPS * RUNS)
            .map(|_| attempt.held_out.normal(0.0, 1.0))
            .collect();
        let constants = (0..18).map(|k| 0.005 * 320f64.powf(f64::from(k) / 17.0));
        let all = constants.map(|c| (c, final_loss(&[c; STEPS], &noise)));
        let Some((constant, best)) = all.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            return Err(Unsolved::NotAttempted);
        };
        let loss = final_loss(&rates, &noise);
        let said = format!(
            "Your schedule ends at {loss:.4}, the best constant ({constant:.3}) at {best:.4}."
        );
        if loss <= 0.9 * best {
            return Ok(format!(
                "{said} It walks while it is far, and averages the noise away when it is near."
            ));
        }
        let (first, last) = (rates[0], rates[STEPS - 1]);
        let why = if !loss.is_finite() || loss > 25.0 {
            "It ends no lower than it began: some rate is above 2, the limit 2 / curvature."
        } else if rates.iter().all(|&r| r == first) {
            "It is a constant. A large one stays noisy, a small one does not arrive."
        } else if last > first {
            "It grows. The start is where large steps help, the end where small ones do."
        } else if final_loss(&rates, &vec![0.0; noise.len()]) > 0.5 * best {
            "Even without noise it would not arrive: it is too small too soon."
        } else {
            "It arrives, but is too noisy at the end: go lower."
        };
        not_yet(format!("{said} {why}"))
    })
}

fn solution(_: &mut Draw) -> String {
    "\
fn rate(step: usize, steps: usize) -> f64 {
    cosine(0.5, steps).rate(step)
}
check::schedule(rate)"
        .to_owned()
}
