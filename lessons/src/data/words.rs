//! Words as vectors: 10,000 of them, so near each other as the company they keep.
//! Knows nothing of networks; everything here is one matrix.

use tch::{Kind, Tensor};

use crate::names::nearest;
use crate::number;
use crate::table::Table;

const SIZE: i64 = 50;

/// Words with a vector each; see [`word_vectors`].
///
/// ```
/// use lessons::prelude::*;
/// let words = word_vectors();
/// assert_eq!((words.words().len(), words.vectors.size()), (10_000, vec![10_000, 50]));
/// ```
#[derive(Debug)]
pub struct WordVectors {
    words: Vec<String>,
    /// One row per word, `[words, 50]`.
    pub vectors: Tensor,
}

/// The 10,000 most frequent plain English words with their GloVe vectors (Pennington et al. 2014).
///
/// # Shapes
/// vectors `[10000, 50]`, kind Float
///
/// ```
/// use lessons::prelude::*;
/// let words = word_vectors();
/// assert!(words.similarity("cat", "dog") > words.similarity("cat", "tax"));
/// ```
pub fn word_vectors() -> WordVectors {
    let carried = super::carried::words();
    let end = carried.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let head = String::from_utf8_lossy(&carried[..end]);
    let words: Vec<String> = head.split(' ').map(str::to_owned).collect();
    let body = &carried[(end + 1).min(carried.len())..];
    let vectors =
        Tensor::from_data_size(body, &[words.len() as i64, SIZE], Kind::Half).to_kind(Kind::Float);
    WordVectors { words, vectors }
}

impl WordVectors {
    /// The words, most frequent first.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The vector of a word, `[50]`.
    ///
    /// # Shapes
    /// `[50]`
    ///
    /// # Panics
    /// Where the word is not known; the message names the nearest one and some that begin alike.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let words = word_vectors();
    /// assert_eq!(words.vector("cat").size(), [50]);
    /// let paris = words.vector("paris") - words.vector("france") + words.vector("italy");
    /// assert!(cosine_similarity(&paris, &words.vector("rome")) > 0.5);
    /// ```
    #[track_caller]
    pub fn vector(&self, word: &str) -> Tensor {
        let Some(at) = self.words.iter().position(|known| known == word) else {
            let known: Vec<&str> = self.words.iter().map(String::as_str).collect();
            let near = match nearest(word, &known) {
                Some(near) => format!("; did you mean {near:?}?"),
                None => ".".to_owned(),
            };
            let start: String = word.chars().take(3).collect::<String>().to_lowercase();
            let alike = known.iter().filter(|known| known.starts_with(&start));
            let alike: Vec<&str> = alike.take(5).copied().collect();
            let alike = match alike.is_empty() || word.is_empty() {
                true => "none begins alike".to_owned(),
                false => format!("alike begin {}", alike.join(", ")),
            };
            panic!(
                "vector({word:?}): there is no such word{near} The {} most frequent lower-case words are known; {alike}",
                number::thousands(self.words.len())
            )
        };
        self.vectors.get(at as i64)
    }

    /// The cosine of the angle between two words' vectors, from -1 to 1.
    ///
    /// # Panics
    /// Where a word is not known.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let words = word_vectors();
    /// assert!((words.similarity("cat", "cat") - 1.0).abs() < 1e-6);
    /// assert_eq!(words.similarity("cat", "dog"), words.similarity("dog", "cat"));
    /// ```
    #[track_caller]
    pub fn similarity(&self, one: &str, other: &str) -> f64 {
        cosine_similarity(&self.vector(one), &self.vector(other))
    }

    /// The `count` words whose vectors point most nearly the way of `vector`, with their cosines.
    ///
    /// `without` are left out: an analogy's own words are usually the nearest of all.
    ///
    /// # Shapes
    /// `vector` is `[50]`
    ///
    /// # Panics
    /// Where the vector does not have 50 numbers.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let words = word_vectors();
    /// let cat = words.vector("cat");
    /// let (word, cosine) = &words.nearest(&cat, 3, &[])[0];
    /// assert!(word == "cat" && (cosine - 1.0).abs() < 1e-4, "a word is its own nearest");
    /// assert_eq!(words.nearest(&cat, 3, &["cat"]).len(), 3);
    /// ```
    #[track_caller]
    pub fn nearest(&self, vector: &Tensor, count: usize, without: &[&str]) -> Vec<(String, f64)> {
        assert!(
            vector.size() == [SIZE],
            "nearest: the vector is {:?}: it must be [{SIZE}]",
            vector.size()
        );
        let lengths = self
            .vectors
            .square()
            .sum_dim_intlist(1, false, Kind::Float)
            .sqrt()
            * vector.norm();
        let cosines = self.vectors.matmul(vector) / lengths.clamp_min(1e-12);
        let wanted = (count + without.len()).min(self.words.len()) as i64;
        let (values, places) = cosines.topk(wanted, 0, true, true);
        let found = (0..wanted).map(|at| {
            (
                &self.words[places.int64_value(&[at]) as usize],
                values.double_value(&[at]),
            )
        });
        let kept = found.filter(|(word, _)| !without.contains(&word.as_str()));
        kept.take(count)
            .map(|(word, cosine)| (word.clone(), cosine))
            .collect()
    }

    /// The neighbours of `a - b + c` as a table, with and without the three words themselves.
    ///
    /// # Panics
    /// Where a word is not known.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// println!("{}", word_vectors().analogy("king", "man", "woman").text());
    /// ```
    #[track_caller]
    pub fn analogy(&self, a: &str, b: &str, c: &str) -> Table {
        let target = self.vector(a) - self.vector(b) + self.vector(c);
        let (all, rest) = (
            self.nearest(&target, 5, &[]),
            self.nearest(&target, 5, &[a, b, c]),
        );
        let written = |(word, cosine): &(String, f64)| format!("{word} {cosine:.3}");
        let mut table = Table::new(&format!("{a} - {b} + {c}")).columns(&[
            "rank",
            "all words",
            "without the three",
        ]);
        for (at, (every, other)) in all.iter().zip(&rest).enumerate() {
            table = table.row(&[&(at + 1).to_string(), &written(every), &written(other)]);
        }
        table
    }
}

/// The cosine of the angle between two vectors: `a . b / (|a| |b|)`, from -1 to 1.
///
/// # Shapes
/// both the same, any; read as one row of numbers
///
/// # Panics
/// Where the shapes differ.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(cosine_similarity(&tensor([1.0, 0.0]), &tensor([0.0, 2.0])), 0.0);
/// assert_eq!(cosine_similarity(&tensor([1.0, 0.0]), &tensor([3.0, 0.0])), 1.0);
/// ```
#[track_caller]
pub fn cosine_similarity(a: &Tensor, b: &Tensor) -> f64 {
    assert!(
        a.size() == b.size(),
        "cosine_similarity: {:?} and {:?}: the shapes must be equal",
        a.size(),
        b.size()
    );
    let (a, b) = (
        a.detach().to_kind(Kind::Double),
        b.detach().to_kind(Kind::Double),
    );
    let lengths = a.norm().double_value(&[]) * b.norm().double_value(&[]);
    (a * b).sum(Kind::Double).double_value(&[]) / lengths.max(1e-300)
}
