//! Where tensors and networks live: on the graphics card where libtorch has one, else on the processor.
//! Knows nothing of training; what stands on two devices is refused by the layers and losses.

use std::sync::OnceLock;

use tch::Device;

use crate::layer::Layer;
use crate::tensors::no_grad;
use crate::weights::state;

/// The fastest device there is, chosen once per process: `Device::Cuda(0)` where libtorch was built
/// for CUDA and finds a card, else `Device::Cpu`.
///
/// Networks are made on the processor, so that one seed gives the same weights everywhere; then they
/// and the data move.
///
/// ```
/// use lessons::prelude::*;
/// let mut net = Sequential::new().add(linear(3, 1));
/// let data = linear_data(20, &[1.0, -2.0, 0.5], 0.0, 0.1).to_device(device());
/// net.to_device(device());
/// assert_eq!(net.forward(&data.x).device(), device());
/// ```
pub fn device() -> Device {
    static CHOSEN: OnceLock<Device> = OnceLock::new();
    *CHOSEN.get_or_init(Device::cuda_if_available)
}

/// Moves all parameters and running means of any layer to `device`, where they stay the same tensors: an
/// optimiser made before goes on moving them. Move before the first step: gradients and what an optimiser
/// remembers stay behind.
///
/// ```
/// use lessons::prelude::*;
/// let attention = multi_head_attention(8, 2);
/// move_to(&attention, device());
/// assert_eq!(attention.forward(&randn(&[1, 3, 8]).to_device(device())).device(), device());
/// ```
pub fn move_to(layer: &dyn Layer, device: Device) {
    no_grad(|| {
        for (_, mut value) in state(layer) {
            let moved = value.to_device(device);
            value.set_data(&moved);
        }
    });
}
