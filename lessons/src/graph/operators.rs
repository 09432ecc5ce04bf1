//! `+`, `-`, `*` and `/` between values, and between a value and a number.
//! Knows nothing of how they are computed.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::step::Step;
use super::{Value, value};

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
