//! The same expression in libtorch, number by number, to compare values and gradients.
//! Knows nothing of pictures.

use tch::{Device, Kind, Tensor};

use super::{Step, Value};

pub(super) fn difference(result: &Value) -> f64 {
    let order = result.order();
    let mut tensors: Vec<Tensor> = Vec::new();
    for value in &order {
        let node = value.lock();
        let of = |at: usize| {
            let place = order
                .iter()
                .position(|other| node.from.get(at).is_some_and(|source| source.is(other)));
            &tensors[place.unwrap_or(0)]
        };
        let tensor = match node.step {
            Step::Given => {
                Tensor::full([1], node.data, (Kind::Double, Device::Cpu)).set_requires_grad(true)
            }
            Step::Add => of(0) + of(1),
            Step::Sub => of(0) - of(1),
            Step::Mul => of(0) * of(1),
            Step::Div => of(0) / of(1),
            Step::Neg => -of(0),
            Step::Power(exponent) => of(0).pow_tensor_scalar(exponent),
            Step::Exp => of(0).exp(),
            Step::Ln => of(0).log(),
            Step::Tanh => of(0).tanh(),
            Step::Sigmoid => of(0).sigmoid(),
            Step::Relu => of(0).relu(),
        };
        tensors.push(tensor);
    }
    let gap = |a: f64, b: f64| match (a - b).abs() {
        _ if a == b || (a.is_nan() && b.is_nan()) => 0.0,
        // max would drop it: one of them is NaN, or they are different infinities.
        apart if apart.is_nan() => f64::INFINITY,
        apart => apart,
    };
    let values = order
        .iter()
        .zip(&tensors)
        .map(|(value, tensor)| gap(value.data(), tensor.double_value(&[0])));
    let largest = values.fold(0.0, f64::max);
    let Some(last) = tensors.last() else {
        return largest;
    };
    let given: Vec<usize> = (0..order.len())
        .filter(|&at| order[at].lock().step == Step::Given)
        .collect();
    let leaves: Vec<&Tensor> = given.iter().map(|&at| &tensors[at]).collect();
    if order.len() == given.len() {
        return largest;
    }
    let before: Vec<f64> = order.iter().map(Value::gradient).collect();
    result.zero_grad();
    result.backward();
    let ours: Vec<f64> = given.iter().map(|&at| order[at].gradient()).collect();
    for (value, gradient) in order.iter().zip(before) {
        value.lock().gradient = gradient;
    }
    let theirs = Tensor::run_backward(&[last], &leaves, false, false);
    let gradients = ours
        .iter()
        .zip(&theirs)
        .map(|(a, b)| gap(*a, b.double_value(&[0])));
    gradients.fold(largest, f64::max)
}
