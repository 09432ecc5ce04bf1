//! See inside a neural network: forward passes, gradients, gradient flow and loss curves.

pub mod host;
pub mod interrupt;
pub mod show;
