//! What PyTorch computed, read from the JSON that the make_*.py scripts wrote.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

static FIXTURES: LazyLock<Value> = LazyLock::new(|| {
    let files = [
        include_str!("../fixtures/encoder.json"),
        include_str!("../fixtures/fixtures.json"),
        include_str!("../fixtures/layers.json"),
        include_str!("../fixtures/metrics.json"),
        include_str!("../fixtures/regression.json"),
        include_str!("../fixtures/training.json"),
    ];
    let parts = files.iter().flat_map(|file| {
        serde_json::from_str::<serde_json::Map<String, Value>>(file).expect("a fixture is JSON")
    });
    parts.collect()
});

/// The fixture at a JSON pointer such as `/losses/mse`.
pub fn fixture(pointer: &str) -> &'static Value {
    FIXTURES
        .pointer(pointer)
        .unwrap_or_else(|| panic!("no fixture at {pointer}"))
}

pub fn number(pointer: &str) -> f64 {
    fixture(pointer)
        .as_f64()
        .unwrap_or_else(|| panic!("{pointer} is no number"))
}

pub fn numbers(pointer: &str) -> Vec<f64> {
    fixture(pointer)
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

/// libtorch has one generator for all threads: who draws must be alone.
pub fn alone() -> MutexGuard<'static, ()> {
    static GENERATOR: Mutex<()> = Mutex::new(());
    // Tensors here are tiny: threads would only wait for each other.
    tch::set_num_threads(1);
    GENERATOR.lock().unwrap_or_else(PoisonError::into_inner)
}

#[track_caller]
pub fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(
        found.len(),
        expected.len(),
        "found {found:?}, expected {expected:?}"
    );
    for (at, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(
            (f - e).abs() <= tolerance,
            "at {at}: found {f}, expected {e}"
        );
    }
}

pub fn flat(tensor: &tch::Tensor) -> Vec<f64> {
    Vec::try_from(tensor.detach().to_kind(tch::Kind::Double).reshape([-1])).unwrap()
}
