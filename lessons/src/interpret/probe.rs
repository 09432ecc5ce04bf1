//! A linear probe: can a property be read off hidden states by a straight cut? And would it read off
//! anything at all? Knows nothing of where the hidden states come from.

use std::collections::BTreeMap;

use tch::{Kind, Tensor};

use super::{InterpretError, error, flat, or_panic};
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensors::{no_grad, randperm};

/// Share of the examples that the probe does not learn from.
const HELD_OUT: f64 = 0.3;
/// Steps of Newton's kind are not needed: the loss is convex.
const STEPS: usize = 300;
const RATE: f64 = 0.05;
/// Pulls the weights to zero, so that separable data do not drive them to infinity.
const DECAY: f64 = 1e-3;

/// What a linear probe could read; from [`probe`].
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(0);
/// let hidden = randn(&[40, 4]);
/// let labels = hidden.select(1, 0).gt(0.0).to_kind(Kind::Int64);
/// let found = probe(&hidden, &labels);
/// assert_eq!((found.train + found.held_out, found.weight.size()), (40, vec![2, 4]));
/// ```
#[derive(Debug)]
pub struct Probe {
    /// Share right among examples that it learned from.
    pub train_accuracy: f64,
    /// Share right among held-out examples.
    pub accuracy: f64,
    /// What always saying the most frequent label gives on the held-out examples.
    pub majority: f64,
    /// How many examples it learned from.
    pub train: i64,
    /// How many were held out.
    pub held_out: i64,
    /// One row per label, in units of each number's standard deviation, `[labels, size]`.
    pub weight: Tensor,
}

/// Learns to read `labels` from `hidden` by a linear classifier (Alain and Bengio 2016), on a random 70 %
/// of the examples, and judges it on the rest. The network behind `hidden` is not touched.
///
/// A high accuracy alone does not show that the network uses the property, nor even that it knows it:
/// see [`probe_with_control`].
///
/// # Shapes
/// `hidden` is `[examples, size]`, `labels` `[examples]` of whole numbers from 0
///
/// # Panics
/// Where the shapes do not fit, a number is not finite, or there are fewer than 10 examples or 2 labels.
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(0);
/// let hidden = randn(&[200, 8]);
/// let labels = hidden.select(1, 3).gt(0.0).to_kind(Kind::Int64); // planted in the fourth number
/// let found = probe(&hidden, &labels);
/// assert!(found.accuracy > 0.9, "{}", found.accuracy);
/// ```
#[track_caller]
pub fn probe(hidden: &Tensor, labels: &Tensor) -> Probe {
    let (hidden, labels) = or_panic(checked("probe", hidden, labels));
    fit(&hidden, &labels, &Parts::draw(labels.numel() as i64))
}

/// A probe beside the same probe on labels that mean nothing; from [`probe_with_control`].
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(0);
/// let hidden = randn(&[40, 4]);
/// let labels = hidden.select(1, 0).gt(0.0).to_kind(Kind::Int64);
/// let types = Tensor::arange(40, (Kind::Int64, Device::Cpu));
/// let found = probe_with_control(&hidden, &labels, &types);
/// assert_eq!(found.selectivity(), found.task.accuracy - found.control.accuracy);
/// ```
#[derive(Debug)]
pub struct Selectivity {
    /// The probe of the property.
    pub task: Probe,
    /// The probe of the control labels.
    pub control: Probe,
}

/// A [`probe`] of the property, and one of [`control_labels`] on the same examples with the same split
/// (Hewitt and Liang 2019). What the control reaches, a probe can reach by learning the words by heart.
///
/// `types` says of which type (of which word) each example is: all examples of a type share a control label.
///
/// # Shapes
/// `hidden` is `[examples, size]`; `labels` and `types` are `[examples]` of whole numbers from 0
///
/// # Panics
/// As [`probe`].
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(0);
/// let hidden = randn(&[300, 8]);
/// let labels = hidden.select(1, 3).gt(0.0).to_kind(Kind::Int64);
/// let types = Tensor::arange(300, (Kind::Int64, Device::Cpu)); // every example another word
/// let found = probe_with_control(&hidden, &labels, &types);
/// assert!(found.selectivity() > 0.2);
/// ```
#[track_caller]
pub fn probe_with_control(hidden: &Tensor, labels: &Tensor, types: &Tensor) -> Selectivity {
    let what = "probe_with_control";
    let (hidden, labels) = or_panic(checked(what, hidden, labels));
    let control = control_labels(&labels, types);
    let parts = Parts::draw(labels.numel() as i64);
    Selectivity {
        task: fit(&hidden, &labels, &parts),
        control: fit(&hidden, &control, &parts),
    }
}

/// A label for each type, drawn as often as it occurs among `labels`: nothing but the type says which.
///
/// # Shapes
/// `labels` and `types` are `[examples]` of whole numbers; so is the result
///
/// # Panics
/// Where there are not as many types as labels.
///
/// ```
/// use lessons::prelude::*;
/// let types = tensor([0, 1, 0, 1, 2]);
/// let control = control_labels(&tensor([0, 1, 1, 0, 1]), &types);
/// assert_eq!(control.i(0).item(), control.i(2).item(), "one type, one label");
/// ```
#[track_caller]
pub fn control_labels(labels: &Tensor, types: &Tensor) -> Tensor {
    let (given, types) = (flat(labels), flat(types));
    assert!(
        given.len() == types.len() && !given.is_empty(),
        "control_labels: {} labels and {} types: there must be as many, and at least one",
        given.len(),
        types.len()
    );
    let draws = flat(&Tensor::randint(
        given.len() as i64,
        [given.len() as i64],
        (Kind::Int64, tch::Device::Cpu),
    ));
    let mut drawn = BTreeMap::new();
    let control = types.iter().zip(&draws).map(|(kind, &draw)| {
        let label = given[draw as usize] as i64;
        *drawn.entry(*kind as i64).or_insert(label)
    });
    Tensor::from_slice(&control.collect::<Vec<i64>>())
}

impl Selectivity {
    /// Accuracy on the property less that on the control labels, held out: what cannot be had by heart.
    pub fn selectivity(&self) -> f64 {
        self.task.accuracy - self.control.accuracy
    }
}

fn checked(
    what: &'static str,
    hidden: &Tensor,
    labels: &Tensor,
) -> Result<(Tensor, Tensor), InterpretError> {
    let size = |tensor: &Tensor| {
        if tensor.defined() {
            tensor.size()
        } else {
            vec![]
        }
    };
    let (h, l) = (size(hidden), size(labels));
    let fit = matches!((h.as_slice(), l.as_slice()), ([n, _], [m]) if n == m);
    if !fit {
        return Err(error(
            what,
            format!(
                "hidden states are {h:?}, labels {l:?}: they must be [examples, size] and [examples]"
            ),
        ));
    }
    if h[0] < 10 {
        let problem = format!("{} examples are too few: some must be held out", h[0]);
        return Err(error(what, problem));
    }
    let hidden = hidden
        .detach()
        .to_device(tch::Device::Cpu)
        .to_kind(Kind::Float);
    if !flat(&hidden.isfinite().all()).contains(&1.0) {
        return Err(error(what, "a hidden state is NaN or infinite"));
    }
    let numbers = flat(labels);
    let whole = numbers.iter().all(|&l| l >= 0.0 && l.fract() == 0.0);
    let two = numbers.iter().any(|&l| l != numbers[0]);
    if !whole || !two {
        let problem = "labels must be whole numbers from 0, and at least two of them must differ";
        return Err(error(what, problem));
    }
    let labels: Vec<i64> = numbers.iter().map(|&l| l as i64).collect();
    Ok((hidden, Tensor::from_slice(&labels)))
}

struct Parts {
    train: Tensor,
    held_out: Tensor,
}

impl Parts {
    fn draw(examples: i64) -> Self {
        let order = randperm(examples);
        let held_out = ((examples as f64 * HELD_OUT).round() as i64).max(1);
        Self {
            train: order.narrow(0, held_out, examples - held_out),
            held_out: order.narrow(0, 0, held_out),
        }
    }
}

/// Logistic regression from zero weights: convex, so where it starts does not matter.
fn fit(hidden: &Tensor, labels: &Tensor, parts: &Parts) -> Probe {
    let (x, y) = (
        hidden.index_select(0, &parts.train),
        labels.index_select(0, &parts.train),
    );
    let mean = x.mean_dim(0, true, Kind::Float);
    let deviation = x.std_dim(0, false, true).clamp_min(1e-6);
    let scaled = |x: &Tensor| (x - &mean) / &deviation;
    let (size, classes) = (hidden.size()[1], labels.max().int64_value(&[]) + 1);
    let float = (Kind::Float, tch::Device::Cpu);
    let mut weight = Tensor::zeros([classes, size], float);
    let mut bias = Tensor::zeros([classes], float);
    let x = scaled(&x);
    no_grad(|| {
        let target = y.one_hot(classes).to_kind(Kind::Float);
        let (mut moments, mut squares) = (
            [weight.zeros_like(), bias.zeros_like()],
            [weight.zeros_like(), bias.zeros_like()],
        );
        for step in 1..=STEPS {
            crate::interrupt::checkpoint();
            let off = (x.linear(&weight, Some(&bias)).softmax(-1, Kind::Float) - &target)
                / x.size()[0] as f64;
            let slopes = [
                off.tr().matmul(&x) + &weight * DECAY,
                off.sum_dim_intlist(0, false, Kind::Float),
            ];
            for (at, value) in [&mut weight, &mut bias].into_iter().enumerate() {
                // Adam, written out: its usual constants.
                moments[at] = &moments[at] * 0.9 + &slopes[at] * 0.1;
                squares[at] = &squares[at] * 0.999 + slopes[at].square() * 0.001;
                let first = &moments[at] / (1.0 - 0.9f64.powi(step as i32));
                let second = &squares[at] / (1.0 - 0.999f64.powi(step as i32));
                *value -= first / (second.sqrt() + 1e-8) * RATE;
            }
        }
    });
    let share = |which: &Tensor| {
        let x = scaled(&hidden.index_select(0, which));
        let said = x.linear(&weight, Some(&bias)).argmax(-1, false);
        let right = said.eq_tensor(&labels.index_select(0, which));
        right
            .to_kind(Kind::Double)
            .mean(Kind::Double)
            .double_value(&[])
    };
    let often = y.one_hot(classes).sum_dim_intlist(0, false, Kind::Int64);
    let most = often.argmax(-1, false).int64_value(&[]);
    let held = labels.index_select(0, &parts.held_out);
    Probe {
        train_accuracy: share(&parts.train),
        accuracy: share(&parts.held_out),
        majority: held
            .eq(most)
            .to_kind(Kind::Double)
            .mean(Kind::Double)
            .double_value(&[]),
        train: parts.train.numel() as i64,
        held_out: parts.held_out.numel() as i64,
        weight,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn row(table: Table, name: &str, probe: &Probe) -> Table {
    table.row(&[
        name,
        &percent(probe.train_accuracy),
        &percent(probe.accuracy),
        &percent(probe.majority),
    ])
}

fn table(title: &str) -> Table {
    Table::new(title)
        .columns(&["labels", "training", "held out", "most frequent label"])
        .numeric(&[1, 2, 3])
}

impl Show for Probe {
    fn show(&self) -> MimeBundle {
        let note = format!(
            "Learned from {} examples, judged on {} others.",
            self.train, self.held_out
        );
        row(table("Linear probe"), "property", self)
            .note(&note)
            .show()
    }
}

impl Show for Selectivity {
    fn show(&self) -> MimeBundle {
        let both = row(table("Linear probe with control"), "property", &self.task);
        let note = format!(
            "Selectivity: {:.1} points more than on control labels, which mean nothing.",
            100.0 * self.selectivity()
        );
        row(both, "control", &self.control).note(&note).show()
    }
}
