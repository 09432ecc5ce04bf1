//! Whoever looks at a network leaves it as it was: running means go back when the look is over.
//! Knows nothing of what was looked at.

use tch::Tensor;

use crate::layer::Layer;
use crate::tensors::no_grad;

/// Copies of a network's buffers, put back when this is dropped.
#[derive(Debug)]
pub(crate) struct Untouched {
    /// Each buffer with its numbers from before.
    buffers: Vec<(Tensor, Tensor)>,
}

impl Untouched {
    pub(crate) fn new(network: &dyn Layer) -> Self {
        let buffers = network.named_buffers().into_iter();
        let kept = buffers.filter(|(_, buffer)| buffer.defined());
        Self {
            buffers: kept
                .map(|(_, buffer)| {
                    let before = no_grad(|| buffer.copy());
                    (buffer, before)
                })
                .collect(),
        }
    }
}

impl Drop for Untouched {
    fn drop(&mut self) {
        no_grad(|| {
            for (buffer, before) in &self.buffers {
                // By way of data(): a backward pass through what was seen stays possible.
                let restored = buffer.f_data().and_then(|mut data| data.f_copy_(before));
                debug_assert!(restored.is_ok(), "{restored:?}");
            }
        });
    }
}
