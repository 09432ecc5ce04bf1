//! Saliency: how much each number of an input moves the score of a class.
//! Knows nothing of images; [`super::saliency_overlay`] draws what is found.

use tch::{Kind, Tensor};

use super::{InterpretError, check_class, error, or_panic};
use crate::layer::Layer;
use crate::plots::Plot;
use crate::show::{MimeBundle, Show};
use crate::untouched::Untouched;

/// See [`saliency`].
///
/// ```
/// use lessons::prelude::*;
/// let seen = saliency(&linear(3, 2), &tensor([[1.0, 2.0, 3.0]]), 1);
/// assert_eq!((seen.input.size(), seen.gradient.size(), seen.class), (vec![3], vec![3], 1));
/// ```
#[derive(Debug)]
pub struct Saliency {
    /// The example, without the batch.
    pub input: Tensor,
    /// `d score / d input`, shaped as the example.
    pub gradient: Tensor,
    /// The class that was asked about.
    pub class: i64,
    /// The score (logit) of that class.
    pub score: f64,
}

/// The gradient of a class's score with respect to one example (Simonyan et al. 2013):
/// `gradient[i] = d net(x)[class] / d x[i]`.
///
/// The network's gradients and running means are left as they are. Call `net.eval()` before where the
/// network has dropout or batch norm. Whether a map says anything about the network,
/// [`super::deletion_test`] and [`super::randomised_weight_check`] tell.
///
/// # Shapes
/// `x` is one example as a batch, `[1, ...]`; the network gives `[1, classes]`
///
/// # Panics
/// Where there is more than one example, there is no such class, or the input does not fit.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(3, 2));
/// let seen = saliency(&net, &tensor([[1.0, 2.0, 3.0]]), 1);
/// assert_eq!(seen.gradient, net.parameter("0.weight").get(1), "of a linear layer: its weights");
/// ```
#[track_caller]
pub fn saliency(net: &dyn Layer, x: &Tensor, class: i64) -> Saliency {
    or_panic(try_saliency("saliency", net, x, class))
}

pub(super) fn try_saliency(
    what: &'static str,
    net: &dyn Layer,
    x: &Tensor,
    class: i64,
) -> Result<Saliency, InterpretError> {
    let shape = if x.defined() { x.size() } else { vec![] };
    if shape.first() != Some(&1) || shape.len() < 2 {
        let problem = format!(
            "x is {shape:?}: it must be one example as a batch, [1, ...] (try x.narrow(0, i, 1))"
        );
        return Err(error(what, problem));
    }
    if !x.is_floating_point() {
        let problem = format!(
            "x has kind {:?}, and only numbers that can move have a gradient: take hidden states or embeddings",
            x.kind()
        );
        return Err(error(what, problem));
    }
    let _untouched = Untouched::new(net);
    let leaf = x.detach().copy().set_requires_grad(true);
    let logits = tch::with_grad(|| net.try_forward(&leaf))
        .map_err(|problem| error(what, problem.to_string()))?;
    check_class(what, &logits, 1, class)?;
    // With gradients here too: a cell may have asked inside no_grad.
    let score = tch::with_grad(|| logits.get(0).get(class));
    if !score.requires_grad() {
        let problem = "the score does not depend on x by any gradient: is there a no_grad or detach in the network?";
        return Err(error(what, problem));
    }
    let found = Tensor::f_run_backward(&[&score], &[&leaf], false, false)
        .map_err(|problem| error(what, problem.to_string()))?;
    let gradient = match found.into_iter().next() {
        Some(gradient) if gradient.defined() => gradient.get(0),
        _ => x.zeros_like().get(0),
    };
    Ok(Saliency {
        input: x.detach().get(0),
        gradient,
        class,
        score: score.double_value(&[]),
    })
}

impl Saliency {
    /// `gradient * input`: what each number adds to the score, as far as the network is linear; where it
    /// is, the sum is the score less that of an empty input.
    ///
    /// # Shapes
    /// As the example.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = linear(3, 2);
    /// let seen = saliency(&net, &tensor([[1.0, 2.0, 3.0]]), 1);
    /// let sum = seen.times_input().sum(Kind::Float).item();
    /// assert!((sum - (seen.score - net.bias.i(1).item())).abs() < 1e-5, "the score less that of zeros");
    /// ```
    pub fn times_input(&self) -> Tensor {
        &self.gradient * &self.input
    }

    /// `|gradient|`, summed over channels where there are several: `[height, width]` of an image.
    ///
    /// # Shapes
    /// `[channels, height, width]` gives `[height, width]`; any other shape stays
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(flatten()).add(linear(3 * 4 * 4, 2));
    /// assert_eq!(saliency(&net, &rand(&[1, 3, 4, 4]), 0).strength().size(), [4, 4]);
    /// ```
    pub fn strength(&self) -> Tensor {
        let strength = self.gradient.abs();
        match strength.dim() {
            3 => strength.sum_dim_intlist(0, false, None::<Kind>),
            _ => strength,
        }
    }

    /// The image with its gradient on it.
    ///
    /// # Panics
    /// Where the example is no image, `[height, width]` or `[1, height, width]`.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(flatten()).add(linear(16, 2));
    /// assert!(saliency(&net, &rand(&[1, 1, 4, 4]), 1).overlay().svg().contains("Saliency of class 1"));
    /// ```
    #[track_caller]
    pub fn overlay(&self) -> Plot {
        let title = format!("Saliency of class {}", self.class);
        super::saliency_overlay(&title, &self.input, &self.gradient)
    }

    /// The image with gradient times input on it.
    ///
    /// # Panics
    /// As [`Saliency::overlay`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(flatten()).add(linear(16, 2));
    /// let plot = saliency(&net, &rand(&[1, 1, 4, 4]), 1).overlay_times_input();
    /// assert!(plot.svg().contains("Gradient times input of class 1"));
    /// ```
    #[track_caller]
    pub fn overlay_times_input(&self) -> Plot {
        let title = format!("Gradient times input of class {}", self.class);
        super::saliency_overlay(&title, &self.input, &self.times_input())
    }

    fn is_image(&self) -> bool {
        matches!(self.input.size().as_slice(), [_, _] | [1, _, _])
    }
}

impl Show for Saliency {
    fn show(&self) -> MimeBundle {
        if self.is_image() {
            return self.overlay().show();
        }
        let mut table = crate::table::Table::new(&format!(
            "Saliency of class {}, score {}",
            self.class,
            crate::number::significant(self.score)
        ))
        .columns(&["number", "input", "gradient", "gradient x input"])
        .numeric(&[0, 1, 2, 3]);
        let (inputs, slopes) = (super::flat(&self.input), super::flat(&self.gradient));
        let strengths: Vec<f64> = slopes.iter().map(|slope| slope.abs()).collect();
        for at in super::descending(&strengths).into_iter().take(20) {
            let at = at as usize;
            let values = [inputs[at], slopes[at], inputs[at] * slopes[at]];
            let [input, slope, both] = values.map(crate::number::significant);
            table = table.row(&[&at.to_string(), &input, &slope, &both]);
        }
        table.show()
    }
}
