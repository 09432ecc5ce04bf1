//! Search by meaning, in memory: texts with a vector each, and those nearest to a question.
//! Knows nothing of how the vectors were made; libraries for millions of them do the same, faster.

use tch::{Device, Kind, Tensor};

use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// Texts with their vectors; from [`vector_index`].
///
/// ```
/// use lessons::prelude::*;
/// let mut index = vector_index();
/// assert!(index.is_empty());
/// index.add(&["east"], &tensor([[2.0, 0.0]]));
/// assert_eq!(index.len(), 1);
/// ```
#[derive(Debug, Default)]
pub struct VectorIndex {
    texts: Vec<String>,
    /// Of length 1, `[size]` each.
    vectors: Vec<Tensor>,
}

/// What was found; from [`VectorIndex::search`].
///
/// ```
/// use lessons::prelude::*;
/// let mut index = vector_index();
/// index.add(&["east", "north"], &tensor([[2.0, 0.0], [0.0, 5.0]]));
/// let found = index.search(&tensor([0.0, 1.0]), 2);
/// assert_eq!(found.hits, [("north".to_owned(), 1.0), ("east".to_owned(), 0.0)]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// Texts with their cosines, the nearest first.
    pub hits: Vec<(String, f64)>,
}

/// An index without texts.
///
/// ```
/// use lessons::prelude::*;
/// let mut index = vector_index();
/// index.add(&["east", "north"], &tensor([[2.0, 0.0], [0.0, 5.0]]));
/// let found = index.search(&tensor([1.0, 0.1]), 1);
/// assert_eq!(found.hits[0].0, "east");
/// ```
pub fn vector_index() -> VectorIndex {
    VectorIndex::default()
}

impl VectorIndex {
    /// Adds texts with their vectors.
    ///
    /// # Shapes
    /// `vectors` is `[texts, size]`, the size that of the vectors before
    ///
    /// # Panics
    /// Where the shapes do not fit, or a vector has length 0 or is not finite.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut index = vector_index();
    /// index.add(&["a", "b"], &randn(&[2, 8]));
    /// index.add(&["c"], &randn(&[1, 8]));
    /// assert_eq!(index.len(), 3);
    /// ```
    #[track_caller]
    pub fn add(&mut self, texts: &[&str], vectors: &Tensor) {
        let shape = vectors.size();
        assert!(
            matches!(shape.as_slice(), [rows, _] if *rows == texts.len() as i64),
            "VectorIndex::add: {} texts and vectors {shape:?}: they must be [texts, size]",
            texts.len()
        );
        for (at, text) in (0i64..).zip(texts) {
            let vector = self.unit("add", &vectors.get(at));
            self.texts.push((*text).to_owned());
            self.vectors.push(vector);
        }
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The `count` texts whose vectors have the largest cosine with `query`.
    ///
    /// # Shapes
    /// `query` is `[size]` or `[1, size]`
    ///
    /// # Panics
    /// Where the size differs from that of the index, or the index is empty.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let words = word_vectors();
    /// let mut index = vector_index();
    /// for word in ["dog", "tax", "sun"] {
    ///     index.add(&[word], &words.vector(word).unsqueeze(0));
    /// }
    /// assert_eq!(index.search(&words.vector("cat"), 1).hits[0].0, "dog");
    /// ```
    #[track_caller]
    pub fn search(&self, query: &Tensor, count: usize) -> Hits {
        assert!(
            !self.is_empty(),
            "VectorIndex::search: the index is empty: add texts first"
        );
        let query = match query.size().as_slice() {
            [1, _] => query.get(0),
            _ => query.shallow_clone(),
        };
        let cosines = Tensor::stack(&self.vectors, 0).mv(&self.unit("search", &query));
        let cosines = Vec::<f64>::try_from(cosines).unwrap_or_default();
        let mut order: Vec<usize> = (0..cosines.len()).collect();
        order.sort_by(|&a, &b| cosines[b].total_cmp(&cosines[a]));
        let nearest = order.into_iter().take(count);
        Hits {
            hits: nearest
                .map(|at| (self.texts[at].clone(), cosines[at]))
                .collect(),
        }
    }

    #[track_caller]
    fn unit(&self, what: &str, vector: &Tensor) -> Tensor {
        let wanted = self.vectors.first().map(Tensor::size);
        let shape = vector.size();
        assert!(
            shape.len() == 1 && wanted.as_ref().is_none_or(|wanted| *wanted == shape),
            "VectorIndex::{what}: the vector is {shape:?}: it must be {}",
            wanted.map_or("[size]".to_owned(), |wanted| format!("{wanted:?}"))
        );
        let vector = vector.detach().to_device(Device::Cpu).to_kind(Kind::Double);
        let length = vector.norm().double_value(&[]);
        assert!(
            length.is_finite() && length > 0.0,
            "VectorIndex::{what}: a vector has length {length}: only one with a direction can be compared"
        );
        vector / length
    }
}

impl Show for Hits {
    fn show(&self) -> MimeBundle {
        let mut table = Table::new("Nearest texts")
            .columns(&["rank", "text", "cosine"])
            .numeric(&[0, 2]);
        for (at, (text, cosine)) in self.hits.iter().enumerate() {
            table = table.row(&[&(at + 1).to_string(), text, &format!("{cosine:.3}")]);
        }
        table.show()
    }
}

impl Show for VectorIndex {
    fn show(&self) -> MimeBundle {
        let size = self.vectors.first().map_or(0, Tensor::numel);
        MimeBundle::text(format!(
            "Index of {} texts with vectors of {size} numbers",
            self.len()
        ))
    }
}
