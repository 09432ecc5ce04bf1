//! A forward pass, seen layer by layer: shapes, parameters, values and time.
//! Knows nothing of particular layers; containers tell the [`Watcher`] of each layer inside.

use std::time::{Duration, Instant};

use tch::{Device, Tensor};

use crate::layer::{ForwardError, Layer};
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensor_view;

/// What [`trace()`] saw.
#[derive(Debug)]
pub struct Trace {
    /// One entry per layer, in the order of the computation.
    pub steps: Vec<TraceStep>,
    /// Shape of the input.
    pub input: Vec<i64>,
    /// The network's output; it can be trained on.
    pub output: Tensor,
    parameters: usize,
    timed: bool,
}

/// One layer's part in a forward pass.
#[derive(Debug)]
pub struct TraceStep {
    /// The layer's name, with those of the layers around it: `0` or `encoder.0`.
    pub name: String,
    /// What the layer is.
    pub layer: String,
    /// Shape of what came in.
    pub input: Vec<i64>,
    /// What came out, without its gradient history.
    pub output: Tensor,
    /// How many numbers the layer learns.
    pub parameters: usize,
    /// How long it took, once.
    pub time: Duration,
    /// The output with its gradient history, for whoever asks for gradients of it.
    pub(crate) recorded: Tensor,
}

/// Runs `input` through `layer` and keeps what each layer inside made of it.
///
/// # Shapes
/// As the layer's forward pass.
///
/// # Panics
/// As the layer's forward pass; [`try_trace`] returns the error instead.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(4, 8)).add(relu()).add(linear(8, 1));
/// let seen = trace(&net, &randn(&[3, 4]));
/// assert_eq!(seen.steps[1].output.size(), [3, 8]);
/// println!("{}", seen.show().plain());
/// ```
#[track_caller]
pub fn trace(layer: &dyn Layer, input: &Tensor) -> Trace {
    match try_trace(layer, input) {
        Ok(trace) => trace,
        Err(error) => panic!("{error}"),
    }
}

/// As [`trace()`].
///
/// # Errors
/// Where an input does not fit its layer.
pub fn try_trace(layer: &dyn Layer, input: &Tensor) -> Result<Trace, ForwardError> {
    trace_to(layer, input, usize::MAX)
}

/// As [`try_trace`], looking into containers only so deep: at 1, those inside `layer` are one step each.
pub(crate) fn trace_to(
    layer: &dyn Layer,
    input: &Tensor,
    depth: usize,
) -> Result<Trace, ForwardError> {
    let mut watcher = Watcher {
        depth,
        path: Vec::new(),
        steps: Vec::new(),
    };
    let start = Instant::now();
    let output = layer.try_forward_watched(input, &mut watcher)?;
    if watcher.steps.is_empty() {
        watcher.record(layer, input, &output, start);
    }
    let parameters = layer.parameter_count();
    Ok(Trace {
        steps: watcher.steps,
        input: input.size(),
        output,
        parameters,
        timed: true,
    })
}

/// Sees each layer of a forward pass; containers call [`Watcher::step`] for every layer they hold.
#[derive(Debug)]
pub struct Watcher {
    depth: usize,
    path: Vec<String>,
    steps: Vec<TraceStep>,
}

impl Watcher {
    /// Runs `layer` on `input`, and keeps what happened under `name`.
    ///
    /// # Errors
    /// As the layer's forward pass, placed inside `name`.
    pub fn step(
        &mut self,
        name: &str,
        layer: &dyn Layer,
        input: &Tensor,
    ) -> Result<Tensor, ForwardError> {
        self.path.push(name.to_owned());
        let known = self.steps.len();
        let start = Instant::now();
        let output = if self.path.len() < self.depth {
            layer.try_forward_watched(input, self)
        } else {
            layer.try_forward(input)
        };
        // A container has told of its layers already; counting it too would count them twice.
        if let (Ok(output), true) = (&output, self.steps.len() == known) {
            self.record(layer, input, output, start);
        }
        self.path.pop();
        output.map_err(|error| error.inside(name))
    }

    fn record(&mut self, layer: &dyn Layer, input: &Tensor, output: &Tensor, start: Instant) {
        // CUDA works in the background: without waiting, the time would be that of asking.
        if let Device::Cuda(index) = output.device() {
            tch::Cuda::synchronize(index as i64);
        }
        self.steps.push(TraceStep {
            name: self.path.join("."),
            layer: layer.describe(),
            input: input.size(),
            output: output.detach(),
            parameters: layer.parameter_count(),
            time: start.elapsed(),
            recorded: output.shallow_clone(),
        });
    }
}

impl Trace {
    /// The same without the column of times, so that two runs of one seed look alike.
    #[must_use]
    pub fn without_time(mut self) -> Self {
        self.timed = false;
        self
    }

    /// How many numbers the network learns; a weight used twice counts once.
    pub fn parameter_count(&self) -> usize {
        self.parameters
    }

    fn table(&self) -> Table {
        let caption = format!(
            "Forward pass {} -> {}, {} parameters",
            number::shape(&self.input),
            number::shape(&self.output.size()),
            number::thousands(self.parameters),
        );
        let mut columns = vec![
            "name",
            "layer",
            "input",
            "output",
            "parameters",
            "first example",
        ];
        columns.extend(self.timed.then_some("time"));
        let mut table = Table::new(&caption).columns(&columns).numeric(&[4, 6]);
        for step in &self.steps {
            let (input, output) = (
                number::shape(&step.input),
                number::shape(&step.output.size()),
            );
            let parameters = number::thousands(step.parameters);
            let (values, time) = (
                tensor_view::first_values(&step.output),
                number::time(step.time),
            );
            let mut row = vec![
                step.name.as_str(),
                &step.layer,
                &input,
                &output,
                &parameters,
                &values,
            ];
            row.extend(self.timed.then_some(time.as_str()));
            table = table.row(&row);
        }
        table
    }
}

impl Show for Trace {
    fn show(&self) -> MimeBundle {
        self.table().show()
    }
}
