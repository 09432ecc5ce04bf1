//! Data sets that the lessons carry, and made-up ones: inputs `x`, targets `y`, and their names.
//! Knows nothing of networks. Sources and licences stand in assets/README.md.

mod made;
mod split;
mod words;

use tch::{Device, Kind, Tensor};

use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

pub use self::made::{blobs, linear_data, spirals, two_moons};
pub use self::split::{Normalizer, Split, normalizer, split};
pub use self::words::{WordVectors, cosine_similarity, word_vectors};

/// What the library carries. In functions that are never inlined, because a constant's or a static's
/// bytes would stand in the crate's metadata too, which every cell's compilation reads.
mod carried {
    #[inline(never)]
    pub(super) fn houses() -> &'static str {
        include_str!("../../../assets/data/houses.csv")
    }

    #[inline(never)]
    pub(super) fn digits() -> &'static [u8] {
        include_bytes!("../../../assets/data/digits.bin")
    }

    #[inline(never)]
    pub(super) fn sonnets() -> &'static str {
        include_str!("../../../assets/data/sonnets.txt")
    }

    #[inline(never)]
    pub(super) fn words() -> &'static [u8] {
        include_bytes!("../../../assets/data/words.bin")
    }
}

/// Examples to learn from.
///
/// ```
/// use lessons::prelude::*;
/// let data = Dataset {
///     name: "xor".to_owned(),
///     x: tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
///     y: tensor([[0.0], [1.0], [1.0], [0.0]]),
///     columns: vec!["a".to_owned(), "b".to_owned()],
/// };
/// assert_eq!(data.len(), 4);
/// ```
#[derive(Debug)]
pub struct Dataset {
    /// What it is.
    pub name: String,
    /// Inputs, `[examples, ...]`, kind Float.
    pub x: Tensor,
    /// Targets, `[examples, 1]` of kind Float, or classes `[examples]` of kind Int64.
    pub y: Tensor,
    /// What the columns of `x` mean; empty for images.
    pub columns: Vec<String>,
}

impl Dataset {
    /// How many examples there are.
    pub fn len(&self) -> i64 {
        self.x.size().first().copied().unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same examples on another device; see [`device()`](crate::device::device).
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let data = blobs(9, 3, 0.5).to_device(device());
    /// assert_eq!((data.x.device(), data.y.device()), (device(), device()));
    /// ```
    #[must_use]
    pub fn to_device(&self, device: Device) -> Dataset {
        Dataset {
            name: self.name.clone(),
            x: self.x.to_device(device),
            y: self.y.to_device(device),
            columns: self.columns.clone(),
        }
    }

    /// The examples with these numbers, `[n]` of kind Int64.
    pub(crate) fn rows(&self, which: &Tensor) -> Dataset {
        let which = &which.to_device(self.x.device());
        Dataset {
            name: self.name.clone(),
            x: self.x.index_select(0, which),
            y: self.y.index_select(0, which),
            columns: self.columns.clone(),
        }
    }
}

/// 88 houses with square feet, bedrooms, lot size and style (1 for colonial); the target is the price
/// in 1,000 dollars.
///
/// # Shapes
/// x `[88, 4]`, y `[88, 1]`
///
/// ```
/// use lessons::prelude::*;
/// let data = houses();
/// assert_eq!((data.x.size(), data.columns[0].as_str()), (vec![88, 4], "square feet"));
/// ```
pub fn houses() -> Dataset {
    let numbers: Vec<f32> = carried::houses()
        .lines()
        .skip(1)
        .flat_map(|line| line.split(',').filter_map(|cell| cell.parse().ok()))
        .collect();
    let table = Tensor::from_slice(&numbers).reshape([-1, 5]); // price, bedrooms, house, lot, colonial
    let order = Tensor::from_slice(&[2i64, 1, 3, 4]);
    Dataset {
        name: "houses".to_owned(),
        x: table.index_select(1, &order),
        y: table.narrow(1, 0, 1),
        columns: ["square feet", "bedrooms", "lot, square feet", "colonial"]
            .map(str::to_owned)
            .to_vec(),
    }
}

/// 1,797 handwritten digits of 8 by 8 pixels, from 0 (white) to 1 (ink).
///
/// # Shapes
/// x `[1797, 1, 8, 8]`, y `[1797]` of kind Int64, 0 to 9
///
/// ```
/// use lessons::prelude::*;
/// let data = digits();
/// assert_eq!(data.x.size(), [1797, 1, 8, 8]);
/// assert_eq!(data.y.i(0).item(), 0.0);
/// ```
pub fn digits() -> Dataset {
    let table = Tensor::from_slice(carried::digits()).reshape([-1, 65]);
    Dataset {
        name: "digits".to_owned(),
        x: table
            .narrow(1, 1, 64)
            .to_kind(Kind::Float)
            .reshape([-1, 1, 8, 8])
            / 16.0,
        y: table.select(1, 0).to_kind(Kind::Int64),
        columns: Vec::new(),
    }
}

/// Shakespeare's sonnets: 94,653 characters of text to learn from.
///
/// ```
/// use lessons::prelude::*;
/// assert!(sonnets().starts_with("From fairest creatures we desire increase"));
/// ```
pub fn sonnets() -> &'static str {
    carried::sonnets()
}

impl Show for Dataset {
    fn show(&self) -> MimeBundle {
        let examples = number::thousands(self.len().max(0) as usize);
        let caption = format!(
            "{}: {examples} examples, x {}, y {}",
            self.name,
            number::shape(&self.x.size()),
            number::shape(&self.y.size())
        );
        let mut table = Table::new(&caption)
            .columns(&["column", "smallest", "mean", "largest"])
            .numeric(&[1, 2, 3]);
        let row = |values: &Tensor| {
            let values = values.to_kind(Kind::Double);
            [values.min(), values.mean(Kind::Double), values.max()]
                .map(|number| number::significant(number.double_value(&[])))
        };
        if self.is_empty() {
            return table.note("There are no examples.").show();
        }
        for (at, name) in (0i64..).zip(&self.columns) {
            let [low, mean, high] = row(&self.x.select(-1, at));
            table = table.row(&[name, &low, &mean, &high]);
        }
        if self.columns.is_empty() {
            let [low, mean, high] = row(&self.x);
            table = table.row(&["x, all values", &low, &mean, &high]);
        }
        let [low, mean, high] = row(&self.y);
        table.row(&["target", &low, &mean, &high]).show()
    }
}
