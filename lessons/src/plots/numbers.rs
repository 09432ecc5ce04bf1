//! A tensor's numbers on the host, row by row: what every picture and measure reads.
//! Knows nothing of shapes; the caller checked them.

use tch::{Device, Kind, Tensor};

/// All numbers in their order; none where the tensor is undefined.
pub(crate) fn numbers(values: &Tensor) -> Vec<f64> {
    if !values.defined() {
        return Vec::new();
    }
    Vec::<f64>::try_from(on_host(values)).unwrap_or_default()
}

/// All numbers as one row of kind Double on the host, without their gradient's history.
pub(crate) fn on_host(values: &Tensor) -> Tensor {
    // First to the host: not every device has doubles.
    let host = values.detach().to_device(Device::Cpu);
    host.to_kind(Kind::Double).contiguous().reshape([-1])
}
