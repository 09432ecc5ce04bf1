//! A part of the examples, drawn by a seed.

use crate::examples::Group;

/// So many examples of one file follow each other: what one leaves behind must not hurt the next.
const TOGETHER: usize = 20;

/// About `count` examples, in runs of [`TOGETHER`].
pub fn sample(files: Vec<Group>, count: usize, seed: u64) -> Vec<Group> {
    println!("a sample of {count} with seed {seed}");
    let mut runs: Vec<Group> = files.into_iter().flat_map(split).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut runs);
    let mut taken = 0;
    runs.retain(|group| {
        let fits = taken + group.examples.len() <= count;
        if fits {
            taken += group.examples.len();
        }
        fits
    });
    runs
}

fn split(file: Group) -> Vec<Group> {
    let runs = file.examples.chunks(TOGETHER);
    let named = runs.map(|examples| Group {
        name: format!("{}:{}", file.name, examples[0].line),
        before: Vec::new(),
        examples: examples.to_vec(),
    });
    named.collect()
}
