//! Write the cosine of the angle between two vectors.

use lessons::prelude::cosine_similarity;
use tch::{Kind, Tensor};

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::tolerance::close;
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "cosine_by_hand",
    notebook: "08_embeddings",
    title: "Write the cosine",
    codes: &[],
    question,
    starter: "\
fn cosine_of(a: &Tensor, b: &Tensor) -> f64 {
    todo!(\"from -1 to 1\")
}
check::cosine_by_hand(cosine_of)",
    hints: &[
        "Three numbers make it: a product of both vectors, the length of one, the length of the other.",
        "The dot product is the sum of a * b. A length is the root of the sum of the squares. Divide the \
         dot product by both lengths.",
        "a.dot(b).item() is the dot product, and a.norm().item() the length of a.",
    ],
    solution,
};

/// Checks a cosine of two vectors.
pub fn cosine_by_hand(cosine: impl Fn(&Tensor, &Tensor) -> f64) -> Verdict {
    judge(&cosine)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write the cosine of the angle between two vectors of the same size. It must not depend on how \
         long they are. Use the tensor's own arithmetic, not cosine_similarity.",
    )
    .wanted("fn cosine_of(a: &Tensor, b: &Tensor) -> f64; both are [size], kind Float")
    .tolerance("within 0.0001")
}

fn judge(cosine: &dyn Fn(&Tensor, &Tensor) -> f64) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for trial in 0..8 {
            let (a, b) = pair(&mut attempt.held_out, trial);
            let call = format!("cosine_of(&tensor({}), &tensor({}))", list(&a), list(&b));
            let got = attempt.call(&call, || cosine(&a, &b))?;
            let expected = cosine_similarity(&a, &b);
            if close(got, expected, 1e-4) {
                continue;
            }
            let length = |x: &Tensor| x.to_kind(Kind::Double).norm().double_value(&[]);
            let (one, other) = (length(&a), length(&b));
            let dot = expected * one * other;
            let is = |wrong: f64| close(got, wrong, 1e-4);
            let why = if is(dot) {
                "that is the dot product. Longer vectors make it larger; divide by both lengths"
            } else if is(dot / one) || is(dot / other) {
                "it is divided by one length only. Both vectors have one"
            } else if is(dot / (one * other).powi(2)) {
                "it is divided by the squared lengths: a root is missing"
            } else if is(length(&(&a - &b))) {
                "that is the distance between the two points. The cosine asks for the angle only"
            } else if is(expected.acos()) || is(expected.acos().to_degrees()) {
                "that is the angle. Its cosine is wanted"
            } else if is(expected.abs()) || is(expected.max(0.0)) {
                "the sign is lost. Vectors that point away from each other have a negative cosine"
            } else {
                return not_yet(format!("{call} is {got:.4}, and should be {expected:.4}."));
            };
            return not_yet(format!("{call} is {got:.4}: {why}."));
        }
        Ok(
            "Only the directions count: a vector ten times as long has the same cosines."
                .to_owned(),
        )
    })
}

/// Short vectors whose numbers can be printed; every second pair points away from each other.
fn pair(draw: &mut Draw, trial: i64) -> (Tensor, Tensor) {
    loop {
        let size = draw.integer(2..=5) as usize;
        let mut drawn = |scale: f64| -> Vec<f64> {
            let scaled = (0..size).map(|_| scale * draw.rounded(-3.0, 3.0, 1));
            scaled
                .map(|number| (number * 10.0).round() / 10.0)
                .collect()
        };
        let (a, b) = (drawn(1.0), drawn(2.0));
        let [a, b] = [a, b].map(|numbers| Tensor::from_slice(&numbers).to_kind(Kind::Float));
        let cosine = cosine_similarity(&a, &b);
        let lengths = [&a, &b].map(|x| x.norm().double_value(&[]));
        // Lengths far from 1, so that dividing by too few or too many of them shows.
        let telling = (0.2..0.9).contains(&cosine.abs()) && lengths.iter().all(|&x| x > 1.5);
        if telling && (cosine < 0.0) == (trial % 2 == 1) {
            return (a, b);
        }
    }
}

fn list(vector: &Tensor) -> String {
    let numbers = Vec::<f32>::try_from(vector).unwrap_or_default();
    format!("{numbers:?}")
}

fn solution(_: &mut Draw) -> String {
    "\
fn cosine_of(a: &Tensor, b: &Tensor) -> f64 {
    let dot = (a * b).sum(Kind::Float).item();
    dot / (a.norm().item() * b.norm().item())
}
check::cosine_by_hand(cosine_of)"
        .to_owned()
}
