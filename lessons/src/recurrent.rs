//! Recurrent layers: a sequence is read step by step, and a hidden state carries what was read.
//! Know nothing of what the steps mean: letters, days or pixels.

use tch::{Device, Kind, Tensor};

use crate::init;
use crate::layer::{ForwardError, Layer};
use crate::refusal::{check, shape_of};

/// A recurrent layer; from [`rnn`], [`gru`] or [`lstm`].
///
/// ```
/// use lessons::prelude::*;
/// let layer = gru(3, 5);
/// assert_eq!((layer.weight_ih.size(), layer.weight_hh.size()), (vec![15, 3], vec![15, 5]));
/// ```
#[derive(Debug)]
pub struct Recurrent {
    cell: Cell,
    /// Input to gates, `[gates * hidden, inputs]`.
    pub weight_ih: Tensor,
    /// Hidden state to gates, `[gates * hidden, hidden]`.
    pub weight_hh: Tensor,
    /// `[gates * hidden]`
    pub bias_ih: Tensor,
    /// `[gates * hidden]`
    pub bias_hh: Tensor,
    last_step: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Tanh,
    Gru,
    Lstm,
}

impl Cell {
    fn name(self) -> &'static str {
        match self {
            Cell::Tanh => "RNN",
            Cell::Gru => "GRU",
            Cell::Lstm => "LSTM",
        }
    }

    /// How many vectors of hidden size each step computes.
    fn gates(self) -> i64 {
        match self {
            Cell::Tanh => 1,
            Cell::Gru => 3,
            Cell::Lstm => 4,
        }
    }
}

/// The plain recurrent layer: `h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)`, `h_0 = 0`.
///
/// All four are drawn from `U(-1/sqrt(hidden), 1/sqrt(hidden))` in PyTorch's order, and named as
/// there: `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`.
///
/// # Shapes
/// `[batch, time, inputs] -> [batch, time, hidden]`; after [`Recurrent::last_step`] `[batch, hidden]`
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let layer = rnn(3, 8);
/// assert_eq!(layer.forward(&randn(&[2, 5, 3])).size(), [2, 5, 8]);
/// assert_eq!(layer.last_step().forward(&randn(&[2, 5, 3])).size(), [2, 8]);
/// ```
#[track_caller]
pub fn rnn(inputs: i64, hidden: i64) -> Recurrent {
    build(Cell::Tanh, inputs, hidden)
}

/// The gated recurrent unit (Cho et al. 2014), which decides at each step how much to forget:
/// `r, z = sigmoid(W x + U h)`, `n = tanh(W x + r (U h))`, `h <- (1 - z) n + z h`.
///
/// # Shapes
/// As [`rnn`]; the weights have 3 hidden rows, for r, z and n.
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(gru(3, 5).forward(&randn(&[2, 7, 3])).size(), [2, 7, 5]);
/// ```
#[track_caller]
pub fn gru(inputs: i64, hidden: i64) -> Recurrent {
    build(Cell::Gru, inputs, hidden)
}

/// Long short-term memory (Hochreiter and Schmidhuber 1997), with a memory `c` beside the state:
/// `i, f, o = sigmoid(W x + U h)`, `g = tanh(W x + U h)`, `c <- f c + i g`, `h <- o tanh(c)`.
///
/// # Shapes
/// As [`rnn`]; the weights have 4 hidden rows, for i, f, g and o.
///
/// # Panics
/// Where a number is below 1.
///
/// ```
/// use lessons::prelude::*;
/// let cell = lstm(3, 5);
/// assert_eq!(cell.forward(&randn(&[2, 7, 3])).size(), [2, 7, 5]);
/// assert_eq!(cell.parameter_count(), 4 * 5 * (3 + 5) + 2 * 4 * 5);
/// ```
#[track_caller]
pub fn lstm(inputs: i64, hidden: i64) -> Recurrent {
    build(Cell::Lstm, inputs, hidden)
}

#[track_caller]
fn build(cell: Cell, inputs: i64, hidden: i64) -> Recurrent {
    assert!(
        inputs >= 1 && hidden >= 1,
        "{}({inputs}, {hidden}): both numbers must be at least 1",
        cell.name().to_lowercase()
    );
    let rows = cell.gates() * hidden;
    let drawn = |shape: &[i64]| {
        let mut values = Tensor::empty(shape, (Kind::Float, Device::Cpu));
        init::uniform(&mut values, 1.0 / (hidden as f64).sqrt()).set_requires_grad(true)
    };
    Recurrent {
        cell,
        weight_ih: drawn(&[rows, inputs]),
        weight_hh: drawn(&[rows, hidden]),
        bias_ih: drawn(&[rows]),
        bias_hh: drawn(&[rows]),
        last_step: false,
    }
}

impl Recurrent {
    /// Gives only the state after the last step: a summary of the whole sequence.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (layer, x) = (rnn(3, 5), randn(&[2, 7, 3]));
    /// let all = layer.forward(&x);
    /// assert_eq!(layer.last_step().forward(&x), all.select(1, 6));
    /// ```
    #[must_use]
    pub fn last_step(mut self) -> Self {
        self.last_step = true;
        self
    }

    /// Reads the sequences.
    ///
    /// # Shapes
    /// As [`rnn`].
    ///
    /// # Panics
    /// Where the input does not fit, with the sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// assert_eq!(lstm(3, 5).forward(&randn(&[2, 7, 3])).size(), [2, 7, 5]);
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }

    fn inputs(&self) -> i64 {
        self.weight_ih.size().last().copied().unwrap_or(0)
    }

    fn hidden(&self) -> i64 {
        self.weight_hh.size().last().copied().unwrap_or(0)
    }

    fn states(&self, input: &Tensor) -> Result<Tensor, tch::TchError> {
        let batch = input.size()[0];
        let zero = Tensor::f_zeros([1, batch, self.hidden()], (input.kind(), input.device()))?;
        let weights = [
            &self.weight_ih,
            &self.weight_hh,
            &self.bias_ih,
            &self.bias_hh,
        ];
        match self.cell {
            Cell::Tanh => Ok(input
                .f_rnn_tanh(&zero, &weights, true, 1, 0.0, false, false, true)?
                .0),
            Cell::Gru => Ok(input
                .f_gru(&zero, &weights, true, 1, 0.0, false, false, true)?
                .0),
            Cell::Lstm => Ok(input
                .f_lstm(&[&zero, &zero], &weights, true, 1, 0.0, false, false, true)?
                .0),
        }
    }
}

impl Layer for Recurrent {
    fn describe(&self) -> String {
        let last = if self.last_step { ", last step" } else { "" };
        format!(
            "{} {} -> {}{last}",
            self.cell.name(),
            self.inputs(),
            self.hidden()
        )
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let fit = matches!(shape_of(input).as_slice(), [_, steps, size] if *steps > 0 && *size == self.inputs());
        check(self, input, Some(&self.weight_ih), fit, |_| {
            format!(
                "it must be [batch, time, {}] with at least one step",
                self.inputs()
            )
        })?;
        let states = self
            .states(input)
            .map_err(|error| ForwardError::libtorch(self, input, &error))?;
        Ok(if self.last_step {
            states.select(1, -1)
        } else {
            states
        })
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let named = [
            ("weight_ih_l0", &self.weight_ih),
            ("weight_hh_l0", &self.weight_hh),
            ("bias_ih_l0", &self.bias_ih),
            ("bias_hh_l0", &self.bias_hh),
        ];
        named
            .map(|(name, value)| (name.to_owned(), value.shallow_clone()))
            .into()
    }
}
