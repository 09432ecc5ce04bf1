//! The crate from outside, as a cell or a program uses it. One binary: libtorch loads once.
#![allow(clippy::unwrap_used, missing_docs)]

mod blocks;
mod comms;
mod data;
mod encoder;
mod errors;
mod fixtures;
mod inspection;
mod interpret;
mod layers;
mod learning_rate;
mod listings;
mod metrics;
mod network;
mod optimizers;
mod pictures;
mod plots;
mod readers;
mod refusals;
mod shown;
mod tables;
mod tensors;
mod tokenizers;
mod training;
mod transformer;
