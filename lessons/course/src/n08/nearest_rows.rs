//! Write the search in an embedding space: the k rows with the largest cosine.

use tch::{Kind, Tensor};

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "nearest_rows",
    notebook: "08_embeddings",
    title: "Find the nearest vectors",
    codes: &[],
    question,
    starter: "\
fn nearest(query: &Tensor, vectors: &Tensor, k: i64) -> Vec<i64> {
    todo!(\"the rows with the largest cosines\")
}
check::nearest_rows(nearest)",
    hints: &[
        "A long vector has large products with everything. What must be divided away?",
        "cos(a, b) = a . b / (|a| |b|). Compute it for all rows at once, then take the k largest with topk.",
        "let lengths = vectors.square().sum_dim_intlist(1, false, Kind::Float).sqrt(); \
         let cosines = vectors.mv(query) / lengths; \
         Vec::try_from(cosines.topk(k, 0, true, true).1).unwrap()",
    ],
    solution,
};

/// Checks a search for the nearest rows.
pub fn nearest_rows(nearest: impl Fn(&Tensor, &Tensor, i64) -> Vec<i64>) -> Verdict {
    judge(&nearest)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "query is a vector [size], vectors are [rows, size]. Which k rows point most nearly the way of the \
         query? Return their numbers, the row with the largest cosine first.\n\n\
         The checker uses vectors of very different lengths: only the direction counts.",
    )
    .wanted("fn nearest(query: &Tensor, vectors: &Tensor, k: i64) -> Vec<i64>, k row numbers from 0")
}

fn judge(nearest: &dyn Fn(&Tensor, &Tensor, i64) -> Vec<i64>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..4 {
            let draw = &mut attempt.held_out;
            let (rows, size, k) = (
                draw.integer(14..=20),
                draw.integer(4..=6),
                draw.integer(3..=5),
            );
            let (query, vectors) = space(draw, rows, size);
            let call = format!("nearest(query [{size}], vectors [{rows}, {size}], {k})");
            let got = attempt.call(&call, || nearest(&query, &vectors, k))?;
            let cosines = products(&query, &unit(&vectors));
            let expected = first(&cosines, k, true);
            if got == expected {
                continue;
            }
            let distances = (&vectors - &query)
                .square()
                .sum_dim_intlist(1, false, Kind::Float);
            let products = products(&query, &vectors);
            let mut sorted = got.clone();
            sorted.sort_unstable();
            let mut right = expected.clone();
            right.sort_unstable();
            let why = if got.len() as i64 != k {
                format!("there must be {k} rows.")
            } else if let Some(&row) = got.iter().find(|row| !(0..rows).contains(row)) {
                format!("there is no row {row}: they go from 0 to {}.", rows - 1)
            } else if got == first(&products, k, true) {
                "these are the largest dot products. Long vectors win there: divide by the lengths."
                    .to_owned()
            } else if got == first(&distances, k, false) {
                "these are the smallest distances. A vector twice as long points the same way: use the cosine."
                    .to_owned()
            } else if got == first(&cosines, k, false) {
                "these are the smallest cosines, the rows that point away.".to_owned()
            } else if sorted == right {
                "these are the right rows in another order: the largest cosine comes first."
                    .to_owned()
            } else {
                let best = cosines.max().double_value(&[]);
                let yours = cosines.double_value(&[got[0]]);
                format!("your first row has the cosine {yours:.3}; the largest is {best:.3}.")
            };
            return not_yet(format!("{call} gave {got:?}: {why}"));
        }
        Ok("This is what a vector database does; it only has more rows and shortcuts.".to_owned())
    })
}

/// A query and rows of which the near ones are short and the far ones long.
fn space(draw: &mut Draw, rows: i64, size: i64) -> (Tensor, Tensor) {
    let query = draw.tensor(&[size]) + 0.2;
    let directions = unit(&draw.tensor(&[rows, size]));
    let cosines = products(&query, &directions) / query.norm();
    let lengths: Vec<f64> = (0..rows)
        .map(|row| draw.range(1.0, 2.0) * (3.0 * (0.7 - cosines.double_value(&[row]))).exp())
        .collect();
    let lengths = Tensor::from_slice(&lengths)
        .to_kind(Kind::Float)
        .unsqueeze(1);
    (query, directions * lengths)
}

fn unit(vectors: &Tensor) -> Tensor {
    vectors
        / vectors
            .square()
            .sum_dim_intlist(1, true, Kind::Float)
            .sqrt()
}

fn products(query: &Tensor, vectors: &Tensor) -> Tensor {
    vectors.mv(query)
}

fn first(values: &Tensor, k: i64, largest: bool) -> Vec<i64> {
    let places = values.topk(k, 0, largest, true).1;
    (0..k).map(|at| places.int64_value(&[at])).collect()
}

fn solution(_: &mut Draw) -> String {
    "\
fn nearest(query: &Tensor, vectors: &Tensor, k: i64) -> Vec<i64> {
    let lengths = vectors.square().sum_dim_intlist(1, false, Kind::Float).sqrt();
    let cosines = vectors.mv(query) / lengths; // the query's own length changes no order
    Vec::try_from(cosines.topk(k, 0, true, true).1).unwrap()
}
check::nearest_rows(nearest)"
        .to_owned()
}
