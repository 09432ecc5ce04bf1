//! Some examples to learn from, some to choose by, some to be judged by; and scaling by what was
//! learned from the first alone. Knows nothing of networks.

use tch::{Kind, Tensor};

use super::Dataset;
use crate::tensors::randperm;

/// Three parts without a common example; see [`split`].
///
/// ```
/// use lessons::prelude::*;
/// let parts = split(&houses(), 0.25, 0.25);
/// assert_eq!(parts.train.len() + parts.validation.len() + parts.test.len(), 88);
/// assert_eq!(parts.test.columns[0], "square feet");
/// ```
#[derive(Debug)]
pub struct Split {
    /// To learn from.
    pub train: Dataset,
    /// To choose by: epochs, rates, sizes.
    pub validation: Dataset,
    /// To be judged by, once, at the end.
    pub test: Dataset,
}

/// Shuffles the examples and gives shares of them to validation and test; the rest is for training.
///
/// # Panics
/// Where a share is not between 0 and 1, or nothing is left to learn from.
///
/// ```
/// use lessons::prelude::*;
/// let parts = split(&digits(), 0.1, 0.2);
/// assert_eq!([parts.train.len(), parts.validation.len(), parts.test.len()], [1259, 179, 359]);
/// ```
#[track_caller]
pub fn split(data: &Dataset, validation: f64, test: f64) -> Split {
    for (name, share) in [("validation", validation), ("test", test)] {
        assert!(
            (0.0..1.0).contains(&share),
            "split: the {name} share is {share}: it must be at least 0 and below 1"
        );
    }
    let all = data.len();
    let (held, judged) = ((all as f64 * validation) as i64, (all as f64 * test) as i64);
    let train = all - held - judged;
    assert!(
        train > 0,
        "split: of {all} examples {held} and {judged} are held out: none is left to learn from"
    );
    let order = randperm(all);
    Split {
        train: data.rows(&order.narrow(0, 0, train)),
        validation: data.rows(&order.narrow(0, train, held)),
        test: data.rows(&order.narrow(0, train + held, judged)),
    }
}

/// Brings inputs to mean 0 and standard deviation 1 by numbers of the training set; see [`normalizer`].
///
/// ```
/// use lessons::prelude::*;
/// let scale = normalizer(&tensor([[1.0, 10.0], [3.0, 10.0]]));
/// assert_eq!(scale.mean, tensor([[2.0, 10.0]]));
/// assert_eq!(scale.deviation, tensor([[1.0, 1.0]]), "the second column is constant");
/// ```
#[derive(Debug)]
pub struct Normalizer {
    /// Mean of each column, `[1, ...]`.
    pub mean: Tensor,
    /// Standard deviation of each column, `[1, ...]`; 1 where a column is constant.
    pub deviation: Tensor,
}

/// Measures mean and standard deviation of each column of the **training** inputs: those of the
/// other parts must not be looked at, or the test is no test.
///
/// # Shapes
/// `x` is `[examples, ...]`
///
/// # Panics
/// Where there are no examples, or one holds NaN or inf.
///
/// ```
/// use lessons::prelude::*;
/// let parts = split(&houses(), 0.0, 0.25);
/// let scale = normalizer(&parts.train.x);
/// assert!(scale.apply(&parts.train.x).mean(Kind::Float).item().abs() < 1e-5);
/// let test = scale.apply(&parts.test.x);
/// assert_eq!(test.size(), parts.test.x.size());
/// ```
#[track_caller]
pub fn normalizer(x: &Tensor) -> Normalizer {
    assert!(
        x.defined() && x.numel() > 0,
        "normalizer: there are no examples to measure"
    );
    assert!(
        x.dim() > 0,
        "normalizer: x is one number, []: it must be [examples, ...]"
    );
    let x = x.detach().to_kind(Kind::Float);
    let odd = x.isfinite().logical_not().sum(Kind::Int64).int64_value(&[]);
    assert!(
        odd == 0,
        "normalizer: x {:?} holds {odd} values that are NaN or inf: every mean would be too (remove or fill them first)",
        x.size()
    );
    let mean = x.mean_dim(0, true, Kind::Float);
    let deviation = x.std_dim(0, false, true);
    let constant = deviation.eq(0.0);
    Normalizer {
        mean,
        deviation: deviation.masked_fill(&constant, 1.0),
    }
}

impl Normalizer {
    /// `(x - mean) / deviation`
    ///
    /// # Shapes
    /// `[examples, ...]`, unchanged; the sizes after the first are those that were measured
    ///
    /// # Panics
    /// Where the columns are not those that were measured.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let scale = normalizer(&tensor([[1.0], [3.0]]));
    /// assert_eq!(scale.apply(&tensor([[1.0], [2.0], [5.0]])), tensor([[-1.0], [0.0], [3.0]]));
    /// ```
    #[track_caller]
    pub fn apply(&self, x: &Tensor) -> Tensor {
        self.check(x);
        let (mean, deviation) = self.beside(x);
        (x - mean) / deviation
    }

    /// `x * deviation + mean`: back to the units of the data.
    ///
    /// # Shapes
    /// As [`Normalizer::apply`].
    ///
    /// # Panics
    /// Where the columns are not those that were measured.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let houses = houses();
    /// let scale = normalizer(&houses.y);
    /// let back = scale.undo(&scale.apply(&houses.y));
    /// assert!((back - &houses.y).abs().max().item() < 1e-2, "1,000 dollars again");
    /// ```
    #[track_caller]
    pub fn undo(&self, x: &Tensor) -> Tensor {
        self.check(x);
        let (mean, deviation) = self.beside(x);
        x * deviation + mean
    }

    /// Both on the device of `x`, wherever they were measured.
    fn beside(&self, x: &Tensor) -> (Tensor, Tensor) {
        let moved = |values: &Tensor| values.to_device(x.device());
        (moved(&self.mean), moved(&self.deviation))
    }

    #[track_caller]
    fn check(&self, x: &Tensor) {
        let (came, known) = (x.size(), self.mean.size());
        assert!(
            came.len() == known.len() && came[1..] == known[1..],
            "Normalizer: x is {came:?}, but it was measured on [examples, {}]",
            known[1..]
                .iter()
                .map(i64::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
}
