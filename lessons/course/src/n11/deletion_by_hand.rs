//! Take away what a saliency map marks, step by step, and watch the probability of the class.

use lessons::prelude::{
    Kind, Sequential, Tensor, deletion_test, linear, manual_seed, no_grad, relu, sigmoid,
};

use crate::attempt::{Attempt, Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "deletion_by_hand",
    notebook: "11_interpretability",
    title: "The deletion test by hand",
    codes: &[],
    question,
    starter: "\
fn deletion_curve(net: &Sequential, x: &Tensor, class: i64, map: &Tensor) -> Vec<f64> {
    todo!(\"the probability of the class after 0, 1, 2, ... deletions\")
}
check::deletion_by_hand(deletion_curve)",
    hints: &[
        "Start with the whole input. Which of its numbers goes first, and does it come back later?",
        "map.argsort(-1, true) gives the places, the largest value of the map first. Work on a copy of x: set \
         one more number to zero at each step, and note the softmax's share of the class, n + 1 times in all.",
        "let mut left = x.copy(); for each k: left.i((0, place)).fill_(0.0), then \
         net.forward(&left).softmax(-1, Kind::Float).i((0, class)).item().",
    ],
    solution,
};

/// Checks a deletion curve.
pub fn deletion_by_hand(curve: impl Fn(&Sequential, &Tensor, i64, &Tensor) -> Vec<f64>) -> Verdict {
    judge(&curve)
}

type Answer<'a> = &'a dyn Fn(&Sequential, &Tensor, i64, &Tensor) -> Vec<f64>;

// Not generic, so that a cell has nothing of it to compile.
fn judge(curve: Answer) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..5 {
            let case = Case::draw(&mut attempt.held_out);
            case.check(attempt, curve)?;
        }
        Ok(
            "You can now test any map, of any network, without knowing how it was made. Remember to try the input \
            itself as a rival map."
                .to_owned(),
        )
    })
}

struct Case {
    net: Sequential,
    x: Tensor,
    class: i64,
    map: Tensor,
}

impl Case {
    fn draw(draw: &mut Draw) -> Case {
        let (numbers, classes) = (draw.integer(5..=9), draw.integer(3..=5));
        manual_seed(draw.seed());
        let activation = draw.choice(&[relu(), sigmoid()]);
        let net = Sequential::new()
            .add(linear(numbers, 12))
            .add(activation)
            .add(linear(12, classes));
        let class = draw.integer(0..=classes - 1);
        let x = draw.tensor(&[1, numbers]) * 2.0;
        let map = draw.tensor(&[1, numbers]);
        Case { net, x, class, map }
    }

    fn check(&self, attempt: &Attempt, curve: Answer) -> Result<(), Unsolved> {
        let Case { net, x, class, map } = self;
        let (kept, numbers) = (x.copy(), x.numel());
        let call = format!("deletion_curve(net, x {:?}, {class}, map)", x.size());
        let got = attempt.call(&call, || curve(net, x, *class, map))?;
        let right = deletion_test(net, &kept, *class, map).salient;
        if !x.equal(&kept) {
            return not_yet(format!(
                "After {call}, x itself is changed: its numbers are zero, also for whoever asks next. Work on x.copy()."
            ));
        }
        if got.len() == numbers && same(&got, &right[1..]) {
            return not_yet(format!(
                "{call} has {numbers} values: the first is missing, the probability before any deletion."
            ));
        }
        if got.len() != right.len() {
            return not_yet(format!(
                "{call} has {} values, and should have {}: one before any deletion and one after each of {numbers}.",
                got.len(),
                right.len()
            ));
        }
        if same(&got, &right) {
            return Ok(());
        }
        let at = (0..right.len()).find(|&at| !close(got[at], right[at], 1e-4));
        let at = at.unwrap_or(0);
        let place = format!(
            "{call} is {:.4} after {at} deletions, and should be {:.4}",
            got[at], right[at]
        );
        if same(&got, &deletion_test(net, x, *class, &-map).salient) {
            return not_yet(format!(
                "{place}: you delete the least salient first. Sort descending."
            ));
        }
        if same(&got, &deletion_test(net, x, *class, &map.abs()).salient) {
            return not_yet(format!(
                "{place}: you sort by the size. A negative value says that the number speaks against the class, so it goes last."
            ));
        }
        if same(&got, &self.one_at_a_time()) {
            return not_yet(format!(
                "{place}: what was deleted before has come back. The deletions add up."
            ));
        }
        let logits = self.logits(x);
        if close(got[0], logits[*class as usize], 1e-4) {
            return not_yet(format!(
                "{place}: that is the logit. Softmax makes a probability of it."
            ));
        }
        let probabilities = no_grad(|| net.forward(x)).softmax(-1, Kind::Double);
        if at == 0 && close(got[0], probabilities.max().double_value(&[]), 1e-4) {
            return not_yet(format!(
                "{place}: that is the most probable class. The question is about class {class}, whichever wins."
            ));
        }
        not_yet(format!("{place}."))
    }

    fn logits(&self, x: &Tensor) -> Vec<f64> {
        let logits = no_grad(|| self.net.forward(x)).to_kind(Kind::Double);
        Vec::try_from(logits.reshape([-1])).unwrap_or_default()
    }

    /// What comes of a copy made anew for each step.
    fn one_at_a_time(&self) -> Vec<f64> {
        let share = |x: &Tensor| {
            let shares = no_grad(|| self.net.forward(x)).softmax(-1, Kind::Double);
            shares.double_value(&[0, self.class])
        };
        let order = self.map.reshape([-1]).argsort(0, true);
        let mut curve = vec![share(&self.x)];
        for step in 0..order.numel() as i64 {
            let copy = self.x.copy();
            let _ = copy.get(0).get(order.int64_value(&[step])).fill_(0.0);
            curve.push(share(&copy));
        }
        curve
    }
}

fn same(got: &[f64], right: &[f64]) -> bool {
    got.len() == right.len() && got.iter().zip(right).all(|(g, r)| close(*g, *r, 1e-4))
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write the deletion test: set the numbers of x to zero one after the other, the largest value of the map \
         first, and return the probability of the class after 0, 1, 2, ... all deletions.\n\n\
         The network gives logits. Leave x as it is. Your function is tried on networks, inputs and maps that \
         you have not seen.",
    )
    .given("x, map", "[1, n]")
    .given("net.forward(x)", "[1, classes], logits")
    .wanted("fn deletion_curve(net: &Sequential, x: &Tensor, class: i64, map: &Tensor) -> Vec<f64>, n + 1 probabilities")
    .tolerance("0.0001")
}

fn solution(_: &mut Draw) -> String {
    "\
fn deletion_curve(net: &Sequential, x: &Tensor, class: i64, map: &Tensor) -> Vec<f64> {
    let probability = |x: &Tensor| net.forward(x).softmax(-1, Kind::Float).i((0, class)).item();
    let left = x.copy(); // [1, n]
    let mut curve = vec![probability(&left)];
    let order = map.reshape([-1]).argsort(0, true);
    for step in 0..order.numel() as i64 {
        let _ = left.i((0, order.i(step).item() as i64)).fill_(0.0);
        curve.push(probability(&left));
    }
    curve
}
check::deletion_by_hand(deletion_curve)"
        .to_owned()
}
