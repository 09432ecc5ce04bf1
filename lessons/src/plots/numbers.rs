//! A tensor's numbers on the host, row by row: what every picture reads.
//! Knows nothing of shapes; the caller checked them.

use tch::{Device, Kind, Tensor};

/// All numbers in their order; none where the tensor is undefined.
pub(crate) fn numbers(values: &Tensor) -> Vec<f64> {
    if !values.defined() {
        return Vec::new();
    }
    let flat = values
        .detach()
        .to_device(Device::Cpu)
        .to_kind(Kind::Double)
        .contiguous()
        .reshape([-1]);
    Vec::<f64>::try_from(flat).unwrap_or_default()
}
