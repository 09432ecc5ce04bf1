//! A network whose layers run one after the other, named and numbered as PyTorch does it.
//! Knows nothing of particular layers, losses or optimisers.

use std::fmt;

use tch::nn::VarStore;
use tch::{Device, Tensor};

use crate::layer::{ForwardError, Layer, count};
use crate::names::unknown;
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;
use crate::trace::Watcher;

/// Layers in a row: `y = f_n(... f_1(f_0(x)))`.
///
/// Layers are numbered from 0, activations included, so the parameters of a network with an
/// activation after each linear layer are `0.weight`, `0.bias`, `2.weight`, `2.bias`, ...
///
/// ```
/// use lessons::prelude::*;
/// let net = Sequential::new().add(linear(4, 8)).add(relu()).add(linear(8, 1));
/// assert_eq!(net.parameter_count(), 49);
/// assert_eq!(net.forward(&randn(&[3, 4])).size(), [3, 1]);
/// ```
pub struct Sequential {
    layers: Vec<(String, Box<dyn Layer>)>,
    variables: VarStore,
    training: bool,
}

impl Default for Sequential {
    fn default() -> Self {
        Self::new()
    }
}

impl Sequential {
    /// A network without layers: its output is its input.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = randn(&[2, 3]);
    /// assert_eq!(Sequential::new().forward(&x), x);
    /// ```
    pub fn new() -> Self {
        Self {
            layers: Vec::new(),
            variables: VarStore::new(Device::Cpu),
            training: true,
        }
    }

    /// Adds a layer, named by its position.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(4, 8)).add(relu()).add(linear(8, 1));
    /// let names: Vec<_> = net.named_parameters().into_iter().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["0.weight", "0.bias", "2.weight", "2.bias"]);
    /// ```
    #[allow(
        clippy::should_implement_trait,
        reason = "the name that tch's networks use"
    )]
    #[must_use]
    #[track_caller]
    pub fn add(self, layer: impl Layer + 'static) -> Self {
        let name = self.layers.len().to_string();
        self.push(name, Box::new(layer))
    }

    /// Adds a layer under a name of your choice: its weight is then `name.weight`.
    ///
    /// # Panics
    /// Where the name is empty, taken, or contains a dot.
    ///
    /// ```
    /// # use lessons::prelude::*;
    /// let net = Sequential::new().named("fc1", linear(4, 8));
    /// assert_eq!(net.parameter("fc1.bias").size(), [8]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn named(self, name: &str, layer: impl Layer + 'static) -> Self {
        self.push(name.to_owned(), Box::new(layer))
    }

    #[track_caller]
    fn push(mut self, name: String, layer: Box<dyn Layer>) -> Self {
        assert!(
            !name.is_empty() && !name.contains('.'),
            "a layer cannot be called {name:?}: names are not empty and have no dot"
        );
        assert!(
            self.layers.iter().all(|(taken, _)| *taken != name),
            "a layer called {name:?} is there already: names must differ"
        );
        let parameters = prefixed(&name, layer.named_parameters());
        register(&self.variables, &parameters);
        register(&self.variables, &prefixed(&name, layer.named_buffers()));
        self.layers.push((name, layer));
        self
    }

    /// Computes the output.
    ///
    /// # Shapes
    /// What the first layer takes, to what the last one gives.
    ///
    /// # Panics
    /// Where an input does not fit its layer; the message names the layer and both sizes.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(4, 8)).add(relu());
    /// assert!(net.forward(&randn(&[3, 4])).min().item() >= 0.0);
    /// let error = net.try_forward(&randn(&[3, 5])).unwrap_err();
    /// assert!(error.to_string().contains("[3, 5]"), "the error names the shape that came");
    /// ```
    #[track_caller]
    pub fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }

    /// The layers with their names, first to last.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(4, 8)).named("act", relu());
    /// let found: Vec<_> = net.layers().map(|(name, layer)| (name, layer.parameter_count())).collect();
    /// assert_eq!(found, [("0", 40), ("act", 0)]);
    /// ```
    pub fn layers(&self) -> impl ExactSizeIterator<Item = (&str, &dyn Layer)> {
        self.layers
            .iter()
            .map(|(name, layer)| (name.as_str(), layer.as_ref()))
    }

    /// The layer with this name.
    ///
    /// # Panics
    /// Where there is none; the message lists those there are.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(4, 8)).add(relu());
    /// assert_eq!(net.layer("0").forward(&randn(&[3, 4])).size(), [3, 8]);
    /// ```
    #[track_caller]
    pub fn layer(&self, name: &str) -> &dyn Layer {
        match self.layers.iter().find(|(known, _)| known == name) {
            Some((_, layer)) => layer.as_ref(),
            None => {
                let known: Vec<&str> = self.layers().map(|(name, _)| name).collect();
                panic!("{}", unknown("layer", "layer", name, &known))
            }
        }
    }

    /// The parameter with this name; it shares its numbers with the network.
    ///
    /// # Panics
    /// Where there is none; the message lists those there are.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(2, 1));
    /// Init::Constant(1.0).fill(&net.parameter("0.weight"));
    /// Init::Constant(0.0).fill(&net.parameter("0.bias"));
    /// assert_eq!(net.forward(&tensor([[3.0, 4.0]])).item(), 7.0, "it is the network's own weight");
    /// ```
    #[track_caller]
    pub fn parameter(&self, name: &str) -> Tensor {
        let parameters = self.named_parameters();
        match parameters.iter().find(|(known, _)| known == name) {
            Some((_, parameter)) => parameter.shallow_clone(),
            None => {
                let known: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
                panic!("{}", unknown("parameter", "parameter", name, &known))
            }
        }
    }

    /// The variables as tch keeps them, for its own optimisers: `nn::Adam::default().build(net.var_store(), 0.01)`.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let net = Sequential::new().add(linear(3, 1));
    /// let mut optimizer = nn::Adam::default().build(net.var_store(), 0.01)?;
    /// optimizer.backward_step(&mse_loss(&net.forward(&randn(&[8, 3])), &randn(&[8, 1])));
    /// assert_eq!(net.var_store().trainable_variables().len(), 2);
    /// # Ok::<(), TchError>(())
    /// ```
    pub fn var_store(&self) -> &VarStore {
        &self.variables
    }

    /// Prepares for training: dropout drops.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = Sequential::new().add(dropout(0.5));
    /// net.train();
    /// assert_eq!(net.forward(&tensor([1.0; 200])).min().item(), 0.0, "some are dropped");
    /// ```
    pub fn train(&mut self) {
        self.set_training(true);
    }

    /// Prepares for use: dropout does nothing. Gradients are still tracked; see [`crate::tensors::no_grad`].
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = Sequential::new().add(dropout(0.5));
    /// net.eval();
    /// assert_eq!(net.forward(&tensor([1.0; 200])).min().item(), 1.0, "none is dropped");
    /// ```
    pub fn eval(&mut self) {
        self.set_training(false);
    }

    /// Whether the network is in training mode, as it is at first.
    pub fn is_training(&self) -> bool {
        self.training
    }

    /// Moves all parameters to `device`; inputs must then be there too.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let mut net = Sequential::new().add(linear(4, 1));
    /// net.to_device(device());
    /// assert_eq!(net.parameter("0.weight").device(), device());
    /// assert_eq!(net.forward(&randn(&[2, 4]).to_device(device())).size(), [2, 1]);
    /// ```
    pub fn to_device(&mut self, device: Device) {
        self.variables.set_device(device);
    }
}

impl Layer for Sequential {
    fn describe(&self) -> String {
        match self.layers.len() {
            1 => "Sequential of 1 layer".to_owned(),
            layers => format!("Sequential of {layers} layers"),
        }
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        let mut value = input.shallow_clone();
        for (name, layer) in &self.layers {
            value = layer
                .try_forward(&value)
                .map_err(|error| error.inside(name))?;
        }
        Ok(value)
    }

    fn try_forward_watched(
        &self,
        input: &Tensor,
        watcher: &mut Watcher,
    ) -> Result<Tensor, ForwardError> {
        let mut value = input.shallow_clone();
        for (name, layer) in &self.layers {
            value = watcher.step(name, layer.as_ref(), &value)?;
        }
        Ok(value)
    }

    fn named_parameters(&self) -> Vec<(String, Tensor)> {
        let inside = self.layers.iter();
        inside
            .flat_map(|(name, layer)| prefixed(name, layer.named_parameters()))
            .collect()
    }

    fn named_buffers(&self) -> Vec<(String, Tensor)> {
        let inside = self.layers.iter();
        inside
            .flat_map(|(name, layer)| prefixed(name, layer.named_buffers()))
            .collect()
    }

    fn set_training(&mut self, training: bool) {
        self.training = training;
        for (_, layer) in &mut self.layers {
            layer.set_training(training);
        }
    }
}

fn prefixed(name: &str, parameters: Vec<(String, Tensor)>) -> Vec<(String, Tensor)> {
    parameters
        .into_iter()
        .map(|(inner, value)| (format!("{name}.{inner}"), value))
        .collect()
}

/// Puts parameters into `store`, sharing their numbers.
pub(crate) fn register(store: &VarStore, parameters: &[(String, Tensor)]) {
    for (name, parameter) in parameters {
        // A weight that two layers share is one thing to learn: libtorch refuses it twice.
        let known = store
            .trainable_variables()
            .iter()
            .any(|other| other.data_ptr() == parameter.data_ptr());
        let (path, last) = match name.rsplit_once('.') {
            Some((path, last)) => (
                path.split('.').fold(store.root(), |at, part| at / part),
                last,
            ),
            None => (store.root(), name.as_str()),
        };
        let _ = path.add(
            last,
            parameter.shallow_clone(),
            parameter.requires_grad() && !known,
        );
    }
}

impl tch::nn::Module for Sequential {
    fn forward(&self, input: &Tensor) -> Tensor {
        Layer::forward(self, input)
    }
}

impl fmt::Debug for Sequential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, layer) in &self.layers {
            map.entry(
                &format_args!("{name}"),
                &format_args!("{}", layer.describe()),
            );
        }
        map.finish()
    }
}

impl Show for Sequential {
    fn show(&self) -> MimeBundle {
        let total = number::thousands(self.parameter_count());
        let mut table = Table::new(&format!("{}, {total} parameters", self.describe()))
            .columns(&["layer", "what it is", "parameters"])
            .numeric(&[2]);
        for (name, layer) in &self.layers {
            let parameters = number::thousands(count(&layer.named_parameters()));
            table = table.row(&[name, &layer.describe(), &parameters]);
        }
        table.show()
    }
}
