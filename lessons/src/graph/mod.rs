//! A small expression as a graph: every step with its value and, after `backward`, its gradient.
//! Knows nothing of tensors while it computes; [`Value::against_libtorch`] asks libtorch afterwards.

mod draw;
mod operators;
mod oracle;
mod step;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::step::Step;
use crate::figure::FigureError;
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// A number in an expression, which remembers what it was computed from; from [`value`].
///
/// Copies are handles on the same number.
///
/// ```
/// use lessons::prelude::*;
/// let x = value("x", 3.0);
/// let y = &x * &x + 1.0;
/// y.backward();
/// assert_eq!((y.data(), x.gradient()), (10.0, 6.0), "x^2 + 1, and its slope 2 x");
/// ```
#[derive(Debug, Clone)]
pub struct Value(Arc<Mutex<Node>>);

#[derive(Debug)]
struct Node {
    name: String,
    step: Step,
    data: f64,
    gradient: f64,
    from: Vec<Value>,
}

/// A number with a name, to compute with.
///
/// ```
/// use lessons::prelude::*;
/// let (x, w, b) = (value("x", 2.0), value("w", -3.0), value("b", 1.0));
/// let y = (&x * &w + &b).named("y");
/// y.backward();
/// assert_eq!((y.data(), w.gradient(), b.gradient()), (-5.0, 2.0, 1.0));
/// assert!(y.against_libtorch() < 1e-12);
/// ```
pub fn value(name: &str, data: f64) -> Value {
    Value::node(name, Step::Given, data, Vec::new())
}

impl Value {
    fn node(name: &str, step: Step, data: f64, from: Vec<Value>) -> Self {
        let name = name.to_owned();
        Self(Arc::new(Mutex::new(Node {
            name,
            step,
            data,
            gradient: 0.0,
            from,
        })))
    }

    fn computed(step: Step, from: &[&Value]) -> Self {
        let numbers: Vec<f64> = from.iter().map(|value| value.data()).collect();
        let from = from.iter().map(|&value| value.clone()).collect();
        Self::node("", step, step.compute(&numbers), from)
    }

    /// Gives a computed number a name of its own, for the picture.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let y = (value("x", 2.0) * 3.0).named("y");
    /// assert!(y.svg()?.contains("y"));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        name.clone_into(&mut self.lock().name);
        self
    }

    /// The number.
    pub fn data(&self) -> f64 {
        self.lock().data
    }

    /// d result / d this, summed over all calls of [`Value::backward`] since [`Value::zero_grad`].
    pub fn gradient(&self) -> f64 {
        self.lock().gradient
    }

    /// `self ^ exponent`
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", 2.0);
    /// let y = x.powf(3.0);
    /// y.backward();
    /// assert_eq!((y.data(), x.gradient()), (8.0, 12.0), "the slope is 3 x^2");
    /// ```
    #[must_use]
    pub fn powf(&self, exponent: f64) -> Self {
        Self::computed(Step::Power(exponent), &[self])
    }

    /// `e ^ self`
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", 1.0);
    /// let y = x.exp();
    /// y.backward();
    /// assert_eq!(x.gradient(), y.data(), "it is its own slope");
    /// ```
    #[must_use]
    pub fn exp(&self) -> Self {
        Self::computed(Step::Exp, &[self])
    }

    /// The natural logarithm.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", 4.0);
    /// x.ln().backward();
    /// assert_eq!(x.gradient(), 0.25, "the slope is 1 / x");
    /// ```
    #[must_use]
    pub fn ln(&self) -> Self {
        Self::computed(Step::Ln, &[self])
    }

    /// The hyperbolic tangent.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", 0.0);
    /// let y = x.tanh();
    /// y.backward();
    /// assert_eq!((y.data(), x.gradient()), (0.0, 1.0), "the slope is 1 - y^2");
    /// ```
    #[must_use]
    pub fn tanh(&self) -> Self {
        Self::computed(Step::Tanh, &[self])
    }

    /// `1 / (1 + e ^ -self)`
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", 0.0);
    /// let y = x.sigmoid();
    /// y.backward();
    /// assert_eq!((y.data(), x.gradient()), (0.5, 0.25), "the slope is y (1 - y)");
    /// ```
    #[must_use]
    pub fn sigmoid(&self) -> Self {
        Self::computed(Step::Sigmoid, &[self])
    }

    /// `max(0, self)`
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", -2.0);
    /// let y = x.relu();
    /// y.backward();
    /// assert_eq!((y.data(), x.gradient()), (0.0, 0.0), "below zero nothing passes, nor comes back");
    /// ```
    #[must_use]
    pub fn relu(&self) -> Self {
        Self::computed(Step::Relu, &[self])
    }

    /// The chain rule, from this number back to the given ones: each number's gradient is the sum,
    /// over all it went into, of that one's gradient times the local slope. As in PyTorch, gradients
    /// of a second call are added to those of the first.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (x, w) = (value("x", 2.0), value("w", -3.0));
    /// let y = &x * &w + &x; // x goes two ways: its gradient is the sum of both
    /// y.backward();
    /// assert_eq!((x.gradient(), w.gradient()), (-3.0 + 1.0, 2.0));
    /// y.backward();
    /// assert_eq!(w.gradient(), 4.0, "nobody called zero_grad");
    /// ```
    pub fn backward(&self) {
        let order = self.order();
        let mut gradients = vec![0.0; order.len()];
        if let Some(last) = gradients.last_mut() {
            *last = 1.0;
        }
        // Every number comes after all it was computed from, so from the end each gradient is whole.
        for at in (0..order.len()).rev() {
            let (from, slopes) = order[at].slopes();
            for (source, slope) in from.iter().zip(slopes) {
                if let Some(place) = order.iter().position(|other| other.is(source)) {
                    gradients[place] += gradients[at] * slope;
                }
            }
        }
        for (value, gradient) in order.iter().zip(gradients) {
            value.lock().gradient += gradient;
        }
    }

    /// Forgets all gradients of the expression.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let x = value("x", 2.0);
    /// let y = &x * &x;
    /// y.backward();
    /// y.zero_grad();
    /// assert_eq!(x.gradient(), 0.0);
    /// ```
    pub fn zero_grad(&self) {
        for value in self.order() {
            value.lock().gradient = 0.0;
        }
    }

    /// The largest difference to libtorch's values and gradients of the same expression.
    ///
    /// Gradients are compared as after one `backward`.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (a, b) = (value("a", 0.5), value("b", -1.5));
    /// let y = (&a * &b).tanh() + a.exp() / 2.0;
    /// assert!(y.against_libtorch() < 1e-12);
    /// ```
    pub fn against_libtorch(&self) -> f64 {
        oracle::difference(self)
    }

    /// The graph as a picture.
    ///
    /// # Errors
    /// Where plotters cannot draw it.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// let (x, w) = (value("x", 2.0), value("w", -3.0));
    /// let y = &x * &w;
    /// y.backward();
    /// assert!(y.svg()?.contains("<svg"));
    /// # Ok::<(), lessons::figure::FigureError>(())
    /// ```
    pub fn svg(&self) -> Result<String, FigureError> {
        draw::svg(self)
    }

    fn slopes(&self) -> (Vec<Value>, Vec<f64>) {
        let node = self.lock();
        let from = node.from.clone();
        let (step, data) = (node.step, node.data);
        drop(node);
        let numbers: Vec<f64> = from.iter().map(Value::data).collect();
        (from, step.slopes(&numbers, data))
    }

    /// Every number of the expression, each after those it was computed from.
    fn order(&self) -> Vec<Value> {
        let mut order: Vec<Value> = Vec::new();
        let mut open = vec![(self.clone(), false)];
        while let Some((value, ready)) = open.pop() {
            if order.iter().any(|known| known.is(&value)) {
                continue;
            }
            if ready {
                order.push(value);
                continue;
            }
            let from = value.lock().from.clone();
            open.push((value, true));
            open.extend(from.into_iter().rev().map(|source| (source, false)));
        }
        order
    }

    fn is(&self, other: &Value) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn lock(&self) -> MutexGuard<'_, Node> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its name, or `v3` for the third number without one.
    fn names(order: &[Value]) -> Vec<String> {
        let mut unnamed = 0;
        let name = |value: &Value| {
            let name = value.lock().name.clone();
            if name.is_empty() {
                unnamed += 1;
                format!("v{unnamed}")
            } else {
                name
            }
        };
        order.iter().map(name).collect()
    }

    /// `x * w`: how a number was computed, by names.
    fn formulas(order: &[Value], names: &[String]) -> Vec<String> {
        let formula = |value: &Value| {
            let node = value.lock();
            let of = |source: &Value| {
                let place = order.iter().position(|other| other.is(source));
                place.map_or(String::new(), |at| names[at].clone())
            };
            let from: Vec<String> = node.from.iter().map(of).collect();
            match (node.step, from.as_slice()) {
                (Step::Given, _) => "given".to_owned(),
                (Step::Neg, [a]) => format!("-{a}"),
                (Step::Power(_), [a]) => format!("{a}{}", node.step.name()),
                (step, [a]) => format!("{}({a})", step.name()),
                (step, [a, b]) => format!("{a} {} {b}", step.name()),
                _ => String::new(),
            }
        };
        order.iter().map(formula).collect()
    }
}

impl Show for Value {
    fn show(&self) -> MimeBundle {
        let order = self.order();
        let names = Value::names(&order);
        let formulas = Value::formulas(&order, &names);
        let mut table = Table::new("Computation graph")
            .columns(&["number", "from", "value", "gradient"])
            .numeric(&[2, 3]);
        for ((value, name), formula) in order.iter().zip(&names).zip(&formulas) {
            let (data, gradient) = (
                number::decimals(value.data()),
                number::decimals(value.gradient()),
            );
            table = table.row(&[name, formula, &data, &gradient]);
        }
        if self.gradient() == 0.0 {
            table = table.note("No gradients yet: call .backward() on the result.");
        }
        match self.svg() {
            Ok(svg) => MimeBundle::text(table.text()).with("image/svg+xml", svg),
            Err(error) => MimeBundle::text(table.note(&error.to_string()).text()),
        }
    }
}
