//! Write the search itself: the rows of a matrix that point most nearly the way of a query.

use tch::{Kind, Tensor};

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "nearest_vectors",
    notebook: "08_embeddings",
    title: "Find the nearest rows",
    codes: &[],
    question,
    starter: "\
fn nearest_rows(query: &Tensor, vectors: &Tensor, k: usize) -> Vec<usize> {
    todo!(\"k row numbers, the nearest first\")
}
check::nearest_vectors(nearest_rows)",
    hints: &[
        "First a cosine for every row, then the places of the largest ones.",
        "cosine_similarity(query, &vectors.get(row)) is one cosine, and vectors.size()[0] says how many \
         rows there are. Sort the row numbers by their cosines, the largest first, and keep k.",
        "let mut rows: Vec<usize> = (0..vectors.size()[0] as usize).collect(); then rows.sort_by(|&a, \
         &b| cosines[b].total_cmp(&cosines[a])); rows.truncate(k);",
    ],
    solution,
};

/// Checks a search for the nearest rows.
pub fn nearest_vectors(nearest: impl Fn(&Tensor, &Tensor, usize) -> Vec<usize>) -> Verdict {
    judge(&nearest)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Write a search by meaning: which k rows of a matrix have the largest cosine with a query? Rows \
         are counted from 0. The vectors have different lengths, as word vectors do.",
    )
    .wanted(
        "fn nearest_rows(query: &Tensor, vectors: &Tensor, k: usize) -> Vec<usize>; query is [size], \
         vectors [rows, size]",
    )
    .tolerance("the same rows in the same order")
}

fn judge(nearest: &dyn Fn(&Tensor, &Tensor, usize) -> Vec<usize>) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        for _ in 0..6 {
            let Case {
                query,
                vectors,
                k,
                cosine,
                dot,
                distance,
            } = case(&mut attempt.held_out);
            let (rows, size) = (vectors.size()[0], query.size()[0]);
            let call = format!("nearest_rows(a query [{size}], vectors [{rows}, {size}], {k})");
            let got = attempt.call(&call, || nearest(&query, &vectors, k))?;
            let right = &cosine[..k];
            if got == right {
                continue;
            }
            let farthest: Vec<usize> = cosine.iter().rev().take(k).copied().collect();
            let mut turned = right.to_vec();
            turned.reverse();
            let (mut sorted, mut wanted) = (got.clone(), right.to_vec());
            sorted.sort_unstable();
            wanted.sort_unstable();
            let why = if got.len() != k {
                format!("{} rows are not the {k} that were asked for", got.len())
            } else if got.iter().any(|&row| row >= rows as usize) {
                format!("there are only the rows 0 to {}", rows - 1)
            } else if got == dot[..k] {
                "these have the largest dot products. Long vectors win there; divide by the lengths"
                    .to_owned()
            } else if got == distance[..k] {
                "these are nearest as points. The cosine compares directions only".to_owned()
            } else if got == farthest {
                "these point farthest away: the order is upside down".to_owned()
            } else if got == turned {
                "these are the right rows, but the nearest must come first".to_owned()
            } else if sorted == wanted {
                "these are the right rows in another order: sort them by their cosines".to_owned()
            } else {
                format!("the largest cosines are in the rows {right:?}")
            };
            return not_yet(format!("{call} is {got:?}: {why}."));
        }
        Ok(
            "This is all that a vector database does. Its art is not to look at every row."
                .to_owned(),
        )
    })
}

/// A query among vectors, and the order of the rows by three measures.
struct Case {
    query: Tensor,
    vectors: Tensor,
    k: usize,
    cosine: Vec<usize>,
    dot: Vec<usize>,
    distance: Vec<usize>,
}

/// Drawn until each usual mistake gives another answer.
fn case(draw: &mut Draw) -> Case {
    loop {
        let rows = draw.integer(8..=14);
        let size = draw.integer(3..=6);
        let k = draw.integer(2..=4) as usize;
        let lengths: Vec<f64> = (0..rows).map(|_| draw.range(0.3, 4.0)).collect();
        let lengths = Tensor::from_slice(&lengths).to_kind(Kind::Float);
        let vectors = draw.tensor(&[rows, size]) * lengths.unsqueeze(1);
        let query = draw.tensor(&[size]);
        let dots = vectors.mv(&query);
        let norms = vectors
            .square()
            .sum_dim_intlist(1, false, Kind::Float)
            .sqrt();
        let cosine = falling(&(&dots / norms));
        let dot = falling(&dots);
        let away = (&vectors - &query)
            .square()
            .sum_dim_intlist(1, false, Kind::Float);
        let distance = falling(&-away);
        let chosen = [&cosine, &dot, &distance].map(|order| {
            let mut rows = order[..k].to_vec();
            rows.sort_unstable();
            rows
        });
        if chosen[0] != chosen[1] && chosen[0] != chosen[2] && chosen[1] != chosen[2] {
            return Case {
                query,
                vectors,
                k,
                cosine,
                dot,
                distance,
            };
        }
    }
}

/// The places of the numbers, the largest first.
fn falling(numbers: &Tensor) -> Vec<usize> {
    let numbers = Vec::<f32>::try_from(numbers).unwrap_or_default();
    let mut places: Vec<usize> = (0..numbers.len()).collect();
    places.sort_by(|&a, &b| numbers[b].total_cmp(&numbers[a]));
    places
}

fn solution(_: &mut Draw) -> String {
    "\
fn nearest_rows(query: &Tensor, vectors: &Tensor, k: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..vectors.size()[0] as usize).collect();
    let cosine = |row: usize| cosine_similarity(query, &vectors.get(row as i64));
    let cosines: Vec<f64> = rows.iter().map(|&row| cosine(row)).collect();
    rows.sort_by(|&a, &b| cosines[b].total_cmp(&cosines[a]));
    rows.truncate(k);
    rows
}
check::nearest_vectors(nearest_rows)"
        .to_owned()
}
