//! The randomised-weight check: a map that stays the same when the network forgets what it learned does
//! not show what it learned. Knows nothing of images.

use tch::{Kind, Tensor};

use super::saliency::try_saliency;
use super::{InterpretError, descending, flat, or_panic};
use crate::layer::Layer;
use crate::plots::{Plot, image_grid};
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::no_grad;
use crate::weights::PutBack;

/// How the map changed; from [`randomised_weight_check`].
///
/// ```
/// use lessons::prelude::*;
/// let check = RandomisedWeights {
///     steps: vec![("nothing".to_owned(), 1.0), ("2".to_owned(), 0.4), ("0".to_owned(), 0.1)],
///     maps: vec![rand(&[8, 8]), rand(&[8, 8]), rand(&[8, 8])],
/// };
/// assert_eq!(check.last(), 0.1, "with all layers random, little of the first map is left");
/// ```
#[derive(Debug)]
pub struct RandomisedWeights {
    /// The last layer randomised (those behind it are random too), and the rank correlation of its map's
    /// strengths with the first map's, from -1 to 1; the first entry, `nothing`, is 1.
    pub steps: Vec<(String, f64)>,
    /// The strengths of each step's map.
    pub maps: Vec<Tensor>,
}

/// Randomises the layers one after the other from the output to the input (Adebayo et al. 2018) and
/// compares the saliency map with the first one each time. At the end all weights are as before.
///
/// Each weight is drawn anew from a normal distribution with the mean and the spread that its tensor has,
/// so only what was learned beyond these is lost.
///
/// # Shapes
/// As [`super::saliency`].
///
/// # Panics
/// As [`super::saliency`].
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(20, 30)).add(relu()).add(linear(30, 2));
/// let check = randomised_weight_check(&net, &randn(&[1, 20]), 0);
/// assert_eq!(check.steps[0], ("nothing".to_owned(), 1.0));
/// assert_eq!((check.steps[1].0.as_str(), check.steps[2].0.as_str()), ("2", "0"));
/// ```
#[track_caller]
pub fn randomised_weight_check(net: &dyn Layer, x: &Tensor, class: i64) -> RandomisedWeights {
    or_panic(try_check(net, x, class))
}

fn try_check(net: &dyn Layer, x: &Tensor, class: i64) -> Result<RandomisedWeights, InterpretError> {
    let what = "randomised_weight_check";
    let map = || try_saliency(what, net, x, class).map(|seen| seen.strength());
    let first = map()?;
    let known = flat(&first);
    let mut found = RandomisedWeights {
        steps: vec![("nothing".to_owned(), 1.0)],
        maps: vec![first],
    };
    let _learned = PutBack::new(net);
    for layer in layers_from_the_end(net) {
        crate::interrupt::checkpoint();
        randomise(net, &layer);
        let map = map()?;
        let likeness = rank_correlation(&known, &flat(&map));
        found.steps.push((layer, likeness));
        found.maps.push(map);
    }
    Ok(found)
}

/// Names of layers with parameters, the last first: `2` of `2.weight`.
fn layers_from_the_end(net: &dyn Layer) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (parameter, _) in net.named_parameters().iter().rev() {
        let layer = layer_of(parameter).to_owned();
        if !names.contains(&layer) {
            names.push(layer);
        }
    }
    names
}

fn layer_of(parameter: &str) -> &str {
    parameter
        .rsplit_once('.')
        .map_or(parameter, |(layer, _)| layer)
}

fn randomise(net: &dyn Layer, layer: &str) {
    no_grad(|| {
        for (name, mut value) in net.named_parameters() {
            if layer_of(&name) == layer {
                let mean = value.mean(Kind::Float).double_value(&[]);
                let spread = value.std(false).double_value(&[]);
                let drawn = value.randn_like() * spread + mean;
                value.copy_(&drawn);
            }
        }
    });
}

/// Spearman's rank correlation, from -1 to 1; equal values share their mean rank. 0 where one of the two
/// is constant, because then there is no order to compare.
///
/// # Shapes
/// both of one length
///
/// # Panics
/// Where there are not as many values.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[10.0, 100.0, 1000.0]), 1.0);
/// ```
#[track_caller]
pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    assert!(
        a.len() == b.len(),
        "rank_correlation: {} and {} values: there must be as many",
        a.len(),
        b.len()
    );
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 + 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    let lengths = (product(&a, &a) * product(&b, &b)).sqrt();
    if lengths > 0.0 {
        product(&a, &b) / lengths
    } else {
        0.0
    }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let order: Vec<usize> = descending(values)
        .into_iter()
        .rev()
        .map(|at| at as usize)
        .collect();
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let mean = from as f64 + (equal.len() as f64 + 1.0) / 2.0;
        equal.iter().for_each(|&at| ranks[at] = mean);
        from += equal.len();
    }
    ranks
}

impl RandomisedWeights {
    /// The rank correlation when every layer is random.
    pub fn last(&self) -> f64 {
        self.steps.last().map_or(1.0, |(_, likeness)| *likeness)
    }

    /// The numbers of all steps.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(6, 8)).add(relu()).add(linear(8, 2));
    /// let check = randomised_weight_check(&net, &randn(&[1, 6]), 0);
    /// assert!(check.table().text().contains("1.000"), "the first map with itself");
    /// ```
    pub fn table(&self) -> Table {
        let mut table = Table::new("Saliency while layers are randomised from the output on")
            .columns(&["random from", "rank correlation with the first map"])
            .numeric(&[1]);
        for (layer, likeness) in &self.steps {
            table = table.row(&[layer, &format!("{likeness:.3}")]);
        }
        table.note(
            "A map of what was learned must change: near 1 at the end, it shows the input alone.",
        )
    }

    /// The maps side by side, where the example is an image.
    ///
    /// # Panics
    /// Where it is none.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(flatten()).add(linear(16, 2));
    /// let check = randomised_weight_check(&net, &rand(&[1, 1, 4, 4]), 0);
    /// assert!(check.pictures().description().contains("2 images of 4 by 4"));
    /// ```
    #[track_caller]
    pub fn pictures(&self) -> Plot {
        let labels: Vec<&str> = self.steps.iter().map(|(layer, _)| layer.as_str()).collect();
        image_grid(
            "Saliency, random from this layer on",
            &Tensor::stack(&self.maps, 0),
            &labels,
        )
    }
}

impl Show for RandomisedWeights {
    fn show(&self) -> MimeBundle {
        let image = self.maps.first().is_some_and(|map| map.dim() == 2);
        match image {
            true => {
                MimeBundle::text(self.table().text()).with("image/svg+xml", self.pictures().svg())
            }
            false => self.table().show(),
        }
    }
}
