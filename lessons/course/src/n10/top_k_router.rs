//! A router that sends each token to a few experts.

use tch::{Kind, Tensor};

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::all_close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "top_k_router",
    notebook: "10_common_architectures",
    title: "A top-k router",
    codes: &[],
    question,
    starter: "\
fn route(logits: &Tensor, k: i64) -> Tensor {
    todo!(\"weights [tokens, experts], 0 for experts that were not chosen\")
}
check::top_k_router(route)",
    hints: &[
        "What must the weights of one token sum to, and how many of them are not 0?",
        "Take the k largest logits with topk, softmax just these, and put them back at their places.",
        "let (values, places) = logits.topk(k, -1, true, true); then \
         logits.zeros_like().scatter(-1, &places, &values.softmax(-1, Kind::Float))",
    ],
    solution,
};

/// Checks a router: logits `[tokens, experts]` and k give weights of the same shape.
pub fn top_k_router(route: impl Fn(&Tensor, i64) -> Tensor) -> Verdict {
    judge(&route)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "For each token the router has one logit per expert. The k experts with the largest logits are \
         chosen; the softmax of these k logits weighs them. All others get weight 0.\n\nThe checker draws \
         logits anew and tries several k.",
    )
    .wanted("fn route(logits: &Tensor, k: i64) -> Tensor, [tokens, experts] to [tokens, experts], kind Float")
    .tolerance("0.0001")
}

fn judge(route: &dyn Fn(&Tensor, i64) -> Tensor) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for k in [2, 1, 3, 4] {
            let tokens = attempt.held_out.integer(3..=6);
            let experts = attempt.held_out.integer(5..=9);
            let logits = attempt.held_out.tensor(&[tokens, experts]);
            let call = format!("route(logits of shape [{tokens}, {experts}], {k})");
            let got = attempt.call(&call, || route(&logits, k))?;
            if got.size() != [tokens, experts] {
                return not_yet(format!(
                    "{call} has shape {:?}, and should have [{tokens}, {experts}]: put the k weights back \
                     at the places of their experts.",
                    got.size()
                ));
            }
            let (values, places) = logits.topk(k, -1, true, true);
            let put = |weights: &Tensor| logits.zeros_like().scatter(-1, &places, weights);
            let expected = put(&values.softmax(-1, Kind::Float));
            let all = logits.softmax(-1, Kind::Float);
            let is = |other: &Tensor| all_close(&got, other, 1e-4);
            if is(&expected) {
                continue;
            }
            if is(&all) {
                return not_yet(format!(
                    "{call}: every expert has a weight, so every expert must work and nothing is saved."
                ));
            } else if is(&put(&all.gather(-1, &places, false))) {
                return not_yet(format!(
                    "{call}: the weights of a token sum to less than 1, because the softmax was taken over \
                     all experts. Take it over the chosen ones."
                ));
            } else if is(&put(&(values.ones_like() / k as f64))) {
                return not_yet(format!(
                    "{call}: all chosen experts weigh the same. The router's logits say how much each \
                     counts, and only so can the router learn."
                ));
            } else if is(&put(&values)) {
                return not_yet(format!("{call}: those are logits still. Softmax them."));
            }
            let chosen = got.abs().gt(1e-6).sum_dim_intlist(-1, false, Kind::Int64);
            if chosen.eq(k).all().int64_value(&[]) == 0 {
                return not_yet(format!(
                    "{call}: a token has {} experts with a weight, not {k}.",
                    first_other(&chosen, k)
                ));
            }
            return not_yet(format!(
                "{call}: {k} experts have a weight, but not the right ones or not the right weights: the \
                 largest logits, and the softmax of just these."
            ));
        }
        Ok("Only k experts work for a token, and the weights still tell the router which of them helped."
            .to_owned())
    })
}

/// The first count that is not k.
fn first_other(chosen: &Tensor, k: i64) -> i64 {
    let counts: Vec<i64> = Vec::try_from(chosen).unwrap_or_default();
    counts.into_iter().find(|&count| count != k).unwrap_or(k)
}

fn solution(_: &mut Draw) -> String {
    "\
fn route(logits: &Tensor, k: i64) -> Tensor {
    let (values, places) = logits.topk(k, -1, true, true);
    let weights = values.softmax(-1, Kind::Float);
    logits.zeros_like().scatter(-1, &places, &weights)
}
check::top_k_router(route)"
        .to_owned()
}
