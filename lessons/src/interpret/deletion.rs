//! The deletion test: if a saliency map is right, taking away what it marks must hurt most.
//! Knows nothing of how the map was made.

use tch::{Kind, Tensor};

use super::{InterpretError, check_class, descending, error, flat, or_panic};
use crate::layer::Layer;
use crate::plots::{Plot, line_plot};
use crate::show::{MimeBundle, Show};
use crate::tensors::{no_grad, randperm};
use crate::untouched::Untouched;

/// Random orders to compare with.
const ORDERS: usize = 20;

/// What deleting did; from [`deletion_test`].
///
/// ```
/// use lessons::prelude::*;
/// let test = Deletion {
///     salient: vec![1.0, 0.2, 0.0],
///     random: vec![1.0, 0.6, 0.0],
///     random_areas: vec![0.5, 0.6, 0.3],
///     class: 0,
/// };
/// assert!((test.salient_area() - 0.35).abs() < 1e-12 && (test.random_area() - 0.55).abs() < 1e-12);
/// assert_eq!(test.beaten_by(), 1, "one of three random orders does better");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Deletion {
    /// Probability of the class after 0, 1, 2, ... deletions, the most salient first.
    pub salient: Vec<f64>,
    /// The same in random order, mean of 20 orders.
    pub random: Vec<f64>,
    /// Area under the curve of each of the random orders.
    pub random_areas: Vec<f64>,
    /// The class whose probability this is.
    pub class: i64,
}

/// Sets the numbers of `x` to zero one by one, the largest of `map` first, and watches the probability of
/// `class` (Petsiuk et al. 2018); then the same in 20 random orders. A good map has the smaller area.
///
/// Deleting a zero changes nothing, so on a mostly empty image even the image itself, given as the map,
/// does better than chance: compare a map with that too.
///
/// # Shapes
/// `x` is one example as a batch, `[1, ...]`; `map` has as many numbers as x; the network gives logits `[n, classes]`
///
/// # Panics
/// Where the shapes do not fit or there is no such class.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(6, 2));
/// let x = tensor([[1.0, 2.0, 3.0, 1.0, 2.0, 3.0]]);
/// let seen = saliency(&net, &x, 0);
/// let test = deletion_test(&net, &x, 0, &seen.times_input());
/// assert_eq!(test.salient.len(), 7);
/// ```
#[track_caller]
pub fn deletion_test(net: &dyn Layer, x: &Tensor, class: i64, map: &Tensor) -> Deletion {
    or_panic(try_deletion(net, x, class, map))
}

fn try_deletion(
    net: &dyn Layer,
    x: &Tensor,
    class: i64,
    map: &Tensor,
) -> Result<Deletion, InterpretError> {
    let what = "deletion_test";
    let size = |tensor: &Tensor| {
        if tensor.defined() {
            tensor.size()
        } else {
            vec![]
        }
    };
    let (shape, other) = (size(x), size(map));
    if shape.first() != Some(&1) || shape.len() < 2 || map.numel() != x.numel() {
        return Err(error(
            what,
            format!(
                "x is {shape:?}, the map {other:?}: x must be one example as a batch, [1, ...], and the map as large"
            ),
        ));
    }
    let _untouched = Untouched::new(net);
    let salient = curve(net, x, class, &descending(&flat(map)))?;
    let mut random = vec![0.0; salient.len()];
    let mut random_areas = Vec::new();
    for _ in 0..ORDERS {
        crate::interrupt::checkpoint();
        let order = flat(&randperm(x.numel() as i64));
        let order: Vec<i64> = order.iter().map(|&at| at as i64).collect();
        let one = curve(net, x, class, &order)?;
        random_areas.push(area(&one));
        for (sum, value) in random.iter_mut().zip(&one) {
            *sum += value / ORDERS as f64;
        }
    }
    Ok(Deletion {
        salient,
        random,
        random_areas,
        class,
    })
}

/// All steps are one batch: row k has the first k numbers of the order deleted.
fn curve(
    net: &dyn Layer,
    x: &Tensor,
    class: i64,
    order: &[i64],
) -> Result<Vec<f64>, InterpretError> {
    let what = "deletion_test";
    let numbers = order.len() as i64;
    let steps = Tensor::arange(numbers + 1, (Kind::Int64, x.device())).unsqueeze(1);
    let mut rank = vec![0i64; order.len()];
    for (at, &place) in (0i64..).zip(order) {
        rank[place as usize] = at;
    }
    let rank = Tensor::from_slice(&rank).to_device(x.device()).unsqueeze(0);
    let kept = rank.ge_tensor(&steps).to_kind(x.kind()); // [steps, numbers]
    let mut shape = x.size();
    shape[0] = numbers + 1;
    let batch = (x.detach().reshape([1, numbers]) * kept).reshape(&shape);
    let logits =
        no_grad(|| net.try_forward(&batch)).map_err(|problem| error(what, problem.to_string()))?;
    check_class(what, &logits, numbers + 1, class)?;
    Ok(flat(&logits.softmax(-1, None::<Kind>).select(1, class)))
}

/// Mean height of the curve by trapezoids: 1 where the probability stays 1 to the end.
fn area(curve: &[f64]) -> f64 {
    let pairs = curve.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    pairs.sum::<f64>() / (curve.len().max(2) - 1) as f64
}

impl Deletion {
    /// Area under the curve of the map's order, from 0 to 1; smaller is better.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # let (random, random_areas) = (vec![1.0, 0.6, 0.0], vec![0.55]);
    /// let test = Deletion { salient: vec![1.0, 0.0, 0.0], random, random_areas, class: 0 };
    /// assert_eq!(test.salient_area(), 0.25, "of two trapezoids: (0.5 + 0) / 2");
    /// ```
    pub fn salient_area(&self) -> f64 {
        area(&self.salient)
    }

    /// Area under the mean curve of the random orders.
    pub fn random_area(&self) -> f64 {
        area(&self.random)
    }

    /// How many of the random orders did as well as the map or better.
    pub fn beaten_by(&self) -> usize {
        let own = self.salient_area();
        let better = self.random_areas.iter().filter(|area| **area <= own);
        better.count()
    }

    /// Both curves.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # let (random, random_areas) = (vec![1.0, 0.6, 0.0], vec![0.55]);
    /// let test = Deletion { salient: vec![1.0, 0.0, 0.0], random, random_areas, class: 0 };
    /// assert!(test.plot().svg().contains("most salient first"));
    /// ```
    pub fn plot(&self) -> Plot {
        let steps = self.salient.len().max(2) - 1;
        let x: Vec<f64> = (0..self.salient.len())
            .map(|k| 100.0 * k as f64 / steps as f64)
            .collect();
        let title = format!(
            "Deletion: area {:.3} by saliency, {:.3} at random; {} of {} random orders do as well",
            self.salient_area(),
            self.random_area(),
            self.beaten_by(),
            self.random_areas.len()
        );
        line_plot(&title)
            .axes(
                "deleted, %",
                &format!("probability of class {}", self.class),
            )
            .line("most salient first", &x, &self.salient)
            .line("random order (mean)", &x, &self.random)
            .plot()
    }
}

impl Show for Deletion {
    fn show(&self) -> MimeBundle {
        self.plot().show()
    }
}
