//! A small expression as a graph: every step with its value and, after `backward`, its gradient.
//! Knows nothing of tensors while it computes; [`Value::against_libtorch`] asks libtorch afterwards.

mod draw;
mod oracle;

use std::ops::{Add, Div, Mul, Neg, Sub};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::figure::FigureError;
use crate::number;
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// A number in an expression, which remembers what it was computed from; from [`value`].
///
/// Copies are handles on the same number.
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

/// How a number was computed from others.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Given,
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Power(f64),
    Exp,
    Ln,
    Tanh,
    Sigmoid,
    Relu,
}

impl Step {
    fn name(self) -> String {
        match self {
            Step::Given => "given".to_owned(),
            Step::Add => "+".to_owned(),
            Step::Sub | Step::Neg => "-".to_owned(),
            Step::Mul => "*".to_owned(),
            Step::Div => "/".to_owned(),
            Step::Power(exponent) => format!("^{exponent}"),
            Step::Exp => "exp".to_owned(),
            Step::Ln => "ln".to_owned(),
            Step::Tanh => "tanh".to_owned(),
            Step::Sigmoid => "sigmoid".to_owned(),
            Step::Relu => "relu".to_owned(),
        }
    }

    fn compute(self, from: &[f64]) -> f64 {
        match (self, from) {
            (Step::Add, [a, b]) => a + b,
            (Step::Sub, [a, b]) => a - b,
            (Step::Mul, [a, b]) => a * b,
            (Step::Div, [a, b]) => a / b,
            (Step::Neg, [a]) => -a,
            (Step::Power(n), [a]) => a.powf(n),
            (Step::Exp, [a]) => a.exp(),
            (Step::Ln, [a]) => a.ln(),
            (Step::Tanh, [a]) => a.tanh(),
            (Step::Sigmoid, [a]) => 1.0 / (1.0 + (-a).exp()),
            (Step::Relu, [a]) => a.max(0.0),
            _ => f64::NAN,
        }
    }

    /// d result / d each input: the local slopes that the chain rule multiplies.
    fn slopes(self, from: &[f64], result: f64) -> Vec<f64> {
        match (self, from) {
            (Step::Add, _) => vec![1.0, 1.0],
            (Step::Sub, _) => vec![1.0, -1.0],
            (Step::Mul, [a, b]) => vec![*b, *a],
            (Step::Div, [a, b]) => vec![1.0 / b, -a / (b * b)],
            (Step::Neg, _) => vec![-1.0],
            (Step::Power(n), [a]) => vec![n * a.powf(n - 1.0)],
            (Step::Exp, _) => vec![result],
            (Step::Ln, [a]) => vec![1.0 / a],
            (Step::Tanh, _) => vec![1.0 - result * result],
            (Step::Sigmoid, _) => vec![result * (1.0 - result)],
            (Step::Relu, [a]) => vec![f64::from(u8::from(*a > 0.0))],
            _ => Vec::new(),
        }
    }
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
    #[must_use]
    pub fn powf(&self, exponent: f64) -> Self {
        Self::computed(Step::Power(exponent), &[self])
    }

    /// `e ^ self`
    #[must_use]
    pub fn exp(&self) -> Self {
        Self::computed(Step::Exp, &[self])
    }

    /// The natural logarithm.
    #[must_use]
    pub fn ln(&self) -> Self {
        Self::computed(Step::Ln, &[self])
    }

    /// The hyperbolic tangent.
    #[must_use]
    pub fn tanh(&self) -> Self {
        Self::computed(Step::Tanh, &[self])
    }

    /// `1 / (1 + e ^ -self)`
    #[must_use]
    pub fn sigmoid(&self) -> Self {
        Self::computed(Step::Sigmoid, &[self])
    }

    /// `max(0, self)`
    #[must_use]
    pub fn relu(&self) -> Self {
        Self::computed(Step::Relu, &[self])
    }

    /// The chain rule, from this number back to the given ones: each number's gradient is the sum,
    /// over all it went into, of that one's gradient times the local slope. As in PyTorch, gradients
    /// of a second call are added to those of the first.
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
    pub fn zero_grad(&self) {
        for value in self.order() {
            value.lock().gradient = 0.0;
        }
    }

    /// The largest difference to libtorch's values and gradients of the same expression.
    ///
    /// Gradients are compared as after one `backward`.
    pub fn against_libtorch(&self) -> f64 {
        oracle::difference(self)
    }

    /// The graph as a picture.
    ///
    /// # Errors
    /// Where plotters cannot draw it.
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

macro_rules! operators {
    ($($operation:ident $method:ident $step:ident),*) => {$(
        impl $operation<&Value> for &Value {
            type Output = Value;
            fn $method(self, other: &Value) -> Value {
                Value::computed(Step::$step, &[self, other])
            }
        }
        impl $operation<&Value> for Value {
            type Output = Value;
            fn $method(self, other: &Value) -> Value {
                (&self).$method(other)
            }
        }
        impl $operation<Value> for &Value {
            type Output = Value;
            fn $method(self, other: Value) -> Value {
                self.$method(&other)
            }
        }
        impl $operation<Value> for Value {
            type Output = Value;
            fn $method(self, other: Value) -> Value {
                (&self).$method(&other)
            }
        }
        impl $operation<f64> for &Value {
            type Output = Value;
            fn $method(self, other: f64) -> Value {
                self.$method(&value(&other.to_string(), other))
            }
        }
        impl $operation<f64> for Value {
            type Output = Value;
            fn $method(self, other: f64) -> Value {
                (&self).$method(other)
            }
        }
    )*};
}

operators!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div);

impl Neg for &Value {
    type Output = Value;
    fn neg(self) -> Value {
        Value::computed(Step::Neg, &[self])
    }
}

impl Neg for Value {
    type Output = Value;
    fn neg(self) -> Value {
        -&self
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
