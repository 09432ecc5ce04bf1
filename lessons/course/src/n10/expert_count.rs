//! Parameters in all and parameters at work of a mixture of experts.

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::number::{Count, thousands};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "expert_count",
    notebook: "10_common_architectures",
    title: "Active and total parameters",
    codes: &[],
    question,
    starter: "\
let total = None;
let active = None; // at work for one token
check::expert_count(total, active)",
    hints: &[
        "Count one expert first: two linear layers with biases. Then the router: one linear layer.",
        "All experts must be in memory; a token visits only k of them. The router sees every token.",
        "expert = size * hidden + hidden + hidden * size + size; router = size * experts + experts; total = \
         router + experts * expert; active = router + k * expert.",
    ],
    solution,
};

/// Checks the parameters in all, and those at work for one token.
pub fn expert_count(total: impl Count, active: impl Count) -> Verdict {
    judge(total.count(), active.count())
}

struct Layer {
    size: i64,
    hidden: i64,
    experts: i64,
    k: i64,
}

fn layer(draw: &mut Draw) -> Layer {
    let size = 64 * draw.integer(4..=12);
    Layer {
        size,
        hidden: 4 * size,
        experts: draw.choice(&[8, 16, 32]),
        k: draw.integer(2..=4),
    }
}

impl Layer {
    fn expert(&self) -> i64 {
        2 * self.size * self.hidden + self.hidden + self.size
    }

    fn router(&self) -> i64 {
        (self.size + 1) * self.experts
    }
}

fn question(draw: &mut Draw) -> Question {
    let layer = layer(draw);
    Question::new(
        "Each expert is a linear layer from size to hidden, an activation, and a linear layer back. The \
         router is a linear layer from size to one logit per expert. All linear layers have biases. How \
         many parameters does the layer have in all, and how many work for one token?",
    )
    .given("size", layer.size)
    .given("hidden", layer.hidden)
    .given("experts", layer.experts)
    .given("experts per token (k)", layer.k)
    .wanted("two whole numbers: total, active")
    .tolerance("exact")
}

fn judge(total: Option<i64>, active: Option<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let layer = layer(&mut attempt.question);
        let total = attempt.count(total)?;
        let active = attempt.count(active)?;
        let (expert, router) = (layer.expert(), layer.router());
        let right = (router + layer.experts * expert, router + layer.k * expert);
        let biases = layer.hidden + layer.size;
        if (total, active) == right {
            return Ok(format!(
                "{} in memory, {} at work: {:.0} % of the work of all experts, and none of the memory is \
                 saved.",
                thousands(total),
                thousands(active),
                100.0 * active as f64 / total as f64
            ));
        }
        if (active, total) == right {
            return not_yet("The two have changed places: fewer are active than there are.");
        } else if total == layer.experts * expert || active == layer.k * expert {
            return not_yet(format!(
                "The router is missing: it has {} parameters, and it works for every token.",
                thousands(router)
            ));
        } else if total == right.0 && active == total {
            return not_yet("Not all experts work for one token: only k of them.");
        } else if total == router + layer.experts * (expert - biases)
            || total == (router - layer.experts) + layer.experts * (expert - biases)
        {
            return not_yet("The biases are missing: every linear layer has one for each output.");
        } else if total == right.0 {
            return not_yet(format!(
                "The total is right. {} active ones are not: the router and k experts.",
                thousands(active)
            ));
        }
        not_yet(format!(
            "A total of {} is not right. One expert has {}: how many of them are there, and what else?",
            thousands(total),
            thousands(expert)
        ))
    })
}

fn solution(draw: &mut Draw) -> String {
    let layer = layer(draw);
    format!(
        "\
let (size, hidden, experts, k) = ({}i64, {}, {}, {});
let expert = (size + 1) * hidden + (hidden + 1) * size;
let router = (size + 1) * experts;
let total = router + experts * expert;
let active = router + k * expert; // at work for one token
check::expert_count(total, active)",
        layer.size, layer.hidden, layer.experts, layer.k
    )
}
