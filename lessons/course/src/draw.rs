//! Random choices that are the learner's own: the same for them each time, others for the next learner.
//! Knows nothing of exercises but an id to start from.

use std::ops::RangeInclusive;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use tch::{Kind, Tensor};

/// A seeded generator; from an [`Attempt`](crate::attempt::Attempt) or a question.
///
/// The stream is ChaCha8's, which is fixed by its definition, and the numbers are made from it here:
/// nothing that a library may change stands between a learner's seed and their questions.
#[derive(Debug, Clone)]
pub struct Draw {
    generator: ChaCha8Rng,
}

impl Draw {
    /// The stream of one learner (`seed`) for one exercise (`id`), one `purpose` and one `number`,
    /// such as an attempt's.
    pub fn new(seed: u64, id: &str, purpose: &str, number: u64) -> Draw {
        let mut key = [0; 32];
        let parts = [seed, fnv1a(id), fnv1a(purpose), number];
        for (place, part) in key.chunks_exact_mut(8).zip(parts) {
            place.copy_from_slice(&part.to_le_bytes());
        }
        Draw {
            generator: ChaCha8Rng::from_seed(key),
        }
    }

    /// A number from `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        // 53 bits: all that a double holds.
        (self.generator.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number from `[low, high)`.
    pub fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A number from `[low, high]` with so many decimals: what a card can show in full.
    pub fn rounded(&mut self, low: f64, high: f64, decimals: i32) -> f64 {
        let scale = 10f64.powi(decimals);
        let whole = (low * scale).round() as i64..=(high * scale).round() as i64;
        self.integer(whole) as f64 / scale
    }

    /// A whole number from the range, its ends included.
    ///
    /// # Panics
    /// If the range is empty.
    pub fn integer(&mut self, range: RangeInclusive<i64>) -> i64 {
        let (low, high) = range.into_inner();
        assert!(low <= high, "there is no whole number from {low} to {high}");
        let count = (high - low) as u128 + 1;
        low + ((u128::from(self.generator.next_u64()) * count) >> 64) as i64
    }

    /// A random number with this mean and standard deviation (Box and Muller's method).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// One of the items.
    ///
    /// # Panics
    /// If there is none.
    pub fn choice<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.integer(0..=items.len() as i64 - 1) as usize].clone()
    }

    /// The items in a random order.
    pub fn shuffle<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let mut items = items.to_vec();
        for at in (1..items.len()).rev() {
            items.swap(at, self.integer(0..=at as i64) as usize);
        }
        items
    }

    /// So many different ones of the items, in a random order; all if there are fewer.
    pub fn sample<T: Clone>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut items = self.shuffle(items);
        items.truncate(count);
        items
    }

    /// A tensor of standard normal numbers, kind Float.
    pub fn tensor(&mut self, shape: &[i64]) -> Tensor {
        let count: i64 = shape.iter().product();
        let numbers: Vec<f64> = (0..count).map(|_| self.normal(0.0, 1.0)).collect();
        Tensor::from_slice(&numbers)
            .to_kind(Kind::Float)
            .reshape(shape)
    }

    /// A seed for another generator, such as `manual_seed`'s.
    pub fn seed(&mut self) -> i64 {
        self.integer(0..=i64::from(i32::MAX))
    }
}

/// FNV-1a, 64 bits: a hash that is the same on every machine and in every version of Rust.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw() -> Draw {
        Draw::new(7, "price_model", "question", 0)
    }

    #[test]
    fn the_stream_never_changes() {
        let mut draw = draw();
        let drawn: Vec<i64> = (0..4).map(|_| draw.integer(0..=999)).collect();
        assert_eq!(drawn, STREAM);
    }

    /// What this learner was asked with the first version; a change here changes everyone's questions.
    const STREAM: [i64; 4] = [291, 779, 814, 285];

    #[test]
    fn seed_id_purpose_and_number_each_make_another_stream() {
        let first = |mut draw: Draw| draw.integer(0..=i64::MAX - 1);
        let mut drawn = vec![
            first(draw()),
            first(Draw::new(8, "price_model", "question", 0)),
            first(Draw::new(7, "sort_quantities", "question", 0)),
            first(Draw::new(7, "price_model", "held out", 0)),
            first(Draw::new(7, "price_model", "question", 1)),
        ];
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 5);
    }

    #[test]
    fn numbers_keep_to_their_range_and_reach_both_ends() {
        let mut draw = draw();
        let drawn: Vec<i64> = (0..300).map(|_| draw.integer(-2..=2)).collect();
        assert_eq!(
            (drawn.iter().min(), drawn.iter().max()),
            (Some(&-2), Some(&2))
        );
        assert!((0..300).all(|_| (0.25..0.5).contains(&draw.range(0.25, 0.5))));
        let rounded = draw.rounded(0.1, 0.9, 1);
        assert!((rounded * 10.0 - (rounded * 10.0).round()).abs() < 1e-9);
    }

    #[test]
    fn normal_numbers_have_their_mean_and_deviation() {
        let mut draw = draw();
        let numbers: Vec<f64> = (0..20_000).map(|_| draw.normal(3.0, 2.0)).collect();
        let mean = numbers.iter().sum::<f64>() / 20_000.0;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!((mean - 3.0).abs() < 0.06 && (variance.sqrt() - 2.0).abs() < 0.05);
    }

    #[test]
    fn a_shuffle_keeps_all_items_and_a_sample_has_no_doubles() {
        let items: Vec<i64> = (0..20).collect();
        let mut shuffled = draw().shuffle(&items);
        assert_ne!(shuffled, items);
        shuffled.sort_unstable();
        assert_eq!(shuffled, items);
        let mut sample = draw().sample(&items, 8);
        sample.sort_unstable();
        sample.dedup();
        assert_eq!(sample.len(), 8);
    }

    #[test]
    fn a_tensor_has_its_shape_and_kind() {
        let tensor = draw().tensor(&[2, 3]);
        assert_eq!((tensor.size(), tensor.kind()), (vec![2, 3], Kind::Float));
    }
}
