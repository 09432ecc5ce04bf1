//! Write the test that tells whether a layer sees the order of its tokens.

use lessons::prelude::{scaled_dot_product_attention, sinusoidal};
use tch::{Kind, Tensor};

use crate::attempt::{Unsolved, attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "order_blind",
    notebook: "04_transformer_architecture",
    title: "Does a layer see the order?",
    codes: &[],
    question,
    starter: "\
fn order_blind(layer: &dyn Fn(&Tensor) -> Tensor, x: &Tensor, order: &Tensor) -> bool {
    todo!(\"does the layer only carry the new order through?\")
}
check::order_blind(order_blind)",
    hints: &[
        "Shuffle the tokens and call the layer. What would a layer that is blind to order give?",
        "Two ways must give the same: first shuffle, then the layer; first the layer, then shuffle its \
         output. Compare with a tolerance: sums in another order round differently.",
        "let one = layer(&x.index_select(0, order)); let other = layer(x).index_select(0, order); \
         one.allclose(&other, 1e-4, 1e-5, false)",
    ],
    solution,
};

/// Checks a test of whether a layer is blind to order.
pub fn order_blind(test: impl Fn(&dyn Fn(&Tensor) -> Tensor, &Tensor, &Tensor) -> bool) -> Verdict {
    judge(&test)
}

type Layer = Box<dyn Fn(&Tensor) -> Tensor>;
/// What the learner writes: a layer, its input, another order.
type Test<'a> = &'a dyn Fn(&dyn Fn(&Tensor) -> Tensor, &Tensor, &Tensor) -> bool;

/// A layer, its name, whether it is blind to order, and why.
struct Case(&'static str, Layer, bool, &'static str);

fn question(_: &mut Draw) -> Question {
    Question::new(
        "A layer is blind to order if new places for its input rows only give new places to its output \
         rows. Write the test: x is [tokens, size], order holds the numbers 0 to tokens - 1 in another \
         order, x.index_select(0, order) is x shuffled.\n\n\
         The checker tries your test on layers with and without positions.",
    )
    .wanted("fn order_blind(layer: &dyn Fn(&Tensor) -> Tensor, x: &Tensor, order: &Tensor) -> bool")
    .tolerance("differences below 0.0001 are rounding")
}

fn judge(test: Test) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let draw = &mut attempt.held_out;
        let (tokens, size) = (draw.integer(5..=8), 2 * draw.integer(3..=5));
        let x = draw.tensor(&[tokens, size]);
        let order = moved(draw, tokens);
        let mut cases = cases(draw, tokens, size);
        cases = {
            let places: Vec<usize> = (0..cases.len()).collect();
            let mut taken: Vec<Option<Case>> = cases.into_iter().map(Some).collect();
            let shuffled = draw.shuffle(&places);
            shuffled
                .into_iter()
                .filter_map(|at| taken[at].take())
                .collect()
        };
        let mut wrong = Vec::new();
        for case in &cases {
            let call = format!("order_blind({}, x [{tokens}, {size}], order)", case.0);
            let said = attempt.call(&call, || test(&*case.1, &x, &order))?;
            if said != case.2 {
                wrong.push(case);
            }
        }
        explained(&wrong, &cases)
    })
}

fn explained(wrong: &[&Case], cases: &[Case]) -> Result<String, Unsolved> {
    let Some(first) = wrong.first() else {
        return Ok(
            "Attention alone is blind to order; positions, or a causal mask, open its eyes."
                .to_owned(),
        );
    };
    let (blind, seeing) = (
        wrong.iter().filter(|case| case.2).count(),
        wrong.iter().filter(|case| !case.2).count(),
    );
    let all_blind = cases.iter().filter(|case| case.2).count();
    if blind == 0 && seeing == cases.len() - all_blind {
        return not_yet(format!(
            "Your test says true for every layer, also for {}. {}",
            first.0, first.3
        ));
    } else if seeing == 0 && blind == all_blind {
        return not_yet(format!(
            "Your test says false for every layer, also for {}. Its output rows do move: shuffle the output \
             of the unshuffled input too, then compare. And compare with a tolerance.",
            first.0
        ));
    }
    not_yet(format!(
        "Your test says {} for {}. {}",
        !first.2, first.0, first.3
    ))
}

fn cases(draw: &mut Draw, tokens: i64, size: i64) -> Vec<Case> {
    let [q, k, v, w] = [0; 4].map(|_| draw.tensor(&[size, size]) * (1.0 / (size as f64).sqrt()));
    let attend = move |x: &Tensor, causal: bool| {
        scaled_dot_product_attention(&x.matmul(&q), &x.matmul(&k), &x.matmul(&v), causal).0
    };
    let attend = std::rc::Rc::new(attend);
    let (plain, placed, causal) = (attend.clone(), attend.clone(), attend);
    let positions = sinusoidal(tokens, size).weight;
    vec![
        Case(
            "attention without positions",
            Box::new(move |x| plain(x, false)),
            true,
            "Each token takes the same weighted mean, wherever the others stand.",
        ),
        Case(
            "attention after adding positions",
            Box::new(move |x| placed(&(x + &positions), false)),
            false,
            "A token at another place is another vector: its output changes, not only its place.",
        ),
        Case(
            "attention with a causal mask",
            Box::new(move |x| causal(x, true)),
            false,
            "A token sees only those before it, and after shuffling those are others.",
        ),
        Case(
            "a linear layer and ReLU for each token",
            Box::new(move |x| x.matmul(&w).relu()),
            true,
            "Each row is computed by itself.",
        ),
        Case(
            "the sum of each token and the one before",
            Box::new(|x| x + x.roll([1i64], [0i64])),
            false,
            "After shuffling another token stands before it.",
        ),
        Case(
            "each token minus the mean of all",
            Box::new(|x| x - x.mean_dim([0i64].as_slice(), true, Kind::Float)),
            true,
            "The mean does not depend on the order; rounding does, a little.",
        ),
    ]
}

/// An order in which no token keeps its place.
fn moved(draw: &mut Draw, tokens: i64) -> Tensor {
    let places: Vec<i64> = (0..tokens).collect();
    let shuffled = draw.shuffle(&places);
    let mut order = vec![0; tokens as usize];
    for (at, &place) in shuffled.iter().enumerate() {
        order[place as usize] = shuffled[(at + 1) % shuffled.len()];
    }
    Tensor::from_slice(&order)
}

fn solution(_: &mut Draw) -> String {
    "\
fn order_blind(layer: &dyn Fn(&Tensor) -> Tensor, x: &Tensor, order: &Tensor) -> bool {
    let shuffled_first = layer(&x.index_select(0, order));
    let shuffled_after = layer(x).index_select(0, order);
    shuffled_first.allclose(&shuffled_after, 1e-4, 1e-5, false)
}
check::order_blind(order_blind)"
        .to_owned()
}
