//! A forward pass, seen layer by layer: shapes, parameters, values and time.
//! Knows nothing of particular layers; containers tell the [`Watcher`] of each layer inside.

use std::time::{Duration, Instant};

use tch::{Device, Tensor};

use crate::layer::{ForwardError, Layer};
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::tensor_view;
use crate::untouched::Untouched;

/// What [`trace()`] saw.
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(4, 8)).add(relu());
/// let seen = trace(&net, &randn(&[3, 4]));
/// assert_eq!((seen.steps.len(), seen.input, seen.output.size()), (2, vec![3, 4], vec![3, 8]));
/// ```
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
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().named("fc", linear(4, 8)).add(relu());
/// let step = &trace(&net, &randn(&[3, 4])).steps[0];
/// assert_eq!((step.name.as_str(), step.parameters), ("fc", 40));
/// ```
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
/// Running means, as of batch norm, are left as they were. Dropout in training mode draws from the
/// random stream: call `net.eval()` before where later draws must not move.
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
///
/// ```
/// use lessons::prelude::*;
/// use lessons::trace::try_trace;
/// let net = Sequential::new().add(linear(4, 8)).add(relu());
/// assert!(try_trace(&net, &randn(&[3, 4])).is_ok());
/// assert!(try_trace(&net, &randn(&[3, 5])).is_err_and(|error| error.path == ["0"]));
/// ```
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
    let _untouched = Untouched::new(layer);
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
///
/// ```
/// use lessons::prelude::*;
/// use lessons::trace::Watcher;
///
/// /// Runs its layer twice, and lets both be seen.
/// #[derive(Debug)]
/// struct Twice(Linear);
///
/// impl Layer for Twice {
///     fn describe(&self) -> String {
///         "Twice".to_owned()
///     }
///     fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
///         self.0.try_forward(&self.0.try_forward(input)?)
///     }
///     fn try_forward_watched(
///         &self,
///         input: &Tensor,
///         watcher: &mut Watcher,
///     ) -> Result<Tensor, ForwardError> {
///         let once = watcher.step("first", &self.0, input)?;
///         watcher.step("second", &self.0, &once)
///     }
/// }
///
/// let seen = trace(&Twice(linear(3, 3)), &randn(&[2, 3]));
/// assert_eq!((seen.steps[0].name.as_str(), seen.steps[1].name.as_str()), ("first", "second"));
/// ```
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

    /// Keeps what a container did itself, beside the layers inside it.
    pub(crate) fn own(
        &mut self,
        name: &str,
        what: &str,
        input: &Tensor,
        output: &Tensor,
        start: Instant,
    ) {
        self.path.push(name.to_owned());
        self.keep(what.to_owned(), 0, input, output, start);
        self.path.pop();
    }

    /// How many steps there are so far.
    pub(crate) fn known(&self) -> usize {
        self.steps.len()
    }

    fn record(&mut self, layer: &dyn Layer, input: &Tensor, output: &Tensor, start: Instant) {
        self.keep(
            layer.describe(),
            layer.parameter_count(),
            input,
            output,
            start,
        );
    }

    fn keep(
        &mut self,
        layer: String,
        parameters: usize,
        input: &Tensor,
        output: &Tensor,
        start: Instant,
    ) {
        // CUDA works in the background: without waiting, the time would be that of asking.
        if let Device::Cuda(index) = output.device() {
            tch::Cuda::synchronize(index as i64);
        }
        self.steps.push(TraceStep {
            name: self.path.join("."),
            layer,
            input: input.size(),
            output: output.detach(),
            parameters,
            time: start.elapsed(),
            recorded: output.shallow_clone(),
        });
    }
}

impl Trace {
    /// The same without the column of times, so that two runs of one seed look alike.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(4, 8));
    /// let x = randn(&[3, 4]);
    /// let shown = || trace(&net, &x).without_time().show().plain().to_owned();
    /// assert_eq!(shown(), shown());
    /// ```
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
