//! See inside a neural network: forward passes, gradients, gradient flow and loss curves.
//!
//! In a notebook everything in [`prelude`] is in scope; in a program, write
//! `use lessons::prelude::*;`.
//!
//! | to | look at |
//! |---|---|
//! | choose where to compute | [`device`](mod@device) |
//! | make tensors with PyTorch's random stream | [`tensors`] |
//! | build a network | [`layer`], [`linear`], [`activation`], [`dropout`], [`sequential`], [`init`] |
//! | with images, words or sequences | [`conv`], [`pool`], [`norm`], [`embedding`](mod@embedding), [`attention`], [`recurrent`], [`residual`](mod@residual) |
//! | write text, read texts and images with attention, mix experts | [`transformer`] |
//! | cut text as real models do | [`tokenizer`](mod@tokenizer) |
//! | find data, split and scale it | [`data`] |
//! | use a real, trained encoder, see where its heads look, find texts by meaning | [`encoder`], [`vector_index`](mod@vector_index) |
//! | train it | [`training`], [`loss`], [`optimizer`], [`schedule`], [`learning_rate`], [`race`](mod@race) |
//! | keep its weights | [`weights`], [`checkpoint`] |
//! | see each layer at work | [`trace`](mod@trace), [`summary`](mod@summary) |
//! | see its gradients | [`gradients`](mod@gradients), [`flow`], [`flow_history`], [`backward`](mod@backward), [`gradient_check`](mod@gradient_check) |
//! | see the chain rule | [`graph`] |
//! | see what its units do | [`activations`] |
//! | see it learn | [`curve`], [`live`], [`progress`](mod@progress) |
//! | draw data, boundaries, attention, surfaces | [`plots`] |
//! | ask what it knows and what it looks at | [`interpret`] |
//! | judge predictions, plan by scaling laws | [`metrics`], [`regression`], [`scaling`] |
//! | set a claim beside a measurement | [`claims`](mod@claims) |
//! | show a value | [`show`], [`tensor_view`], [`table`], [`figure`], [`number`] |
//! | ask the reader, hear from the page | [`ask`], [`comm`] |
//! | reach the notebook | [`host`], [`interrupt`], [`settle`](mod@settle) |
//!
//! `cargo run -p lessons --example gallery -- FOLDER` writes a page with every picture beside its code
//! and its numbers, to be read offline.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod activation;
pub mod activations;
pub mod ask;
pub mod attention;
pub mod backward;
pub mod checkpoint;
pub mod claims;
pub mod comm;
pub mod conv;
pub mod curve;
pub mod data;
pub mod device;
pub mod dropout;
pub mod embedding;
pub mod encoder;
pub mod figure;
pub mod flow;
pub mod flow_history;
pub mod gradient_check;
pub mod gradients;
pub mod graph;
pub mod host;
pub mod init;
pub mod interpret;
pub mod interrupt;
pub mod layer;
pub mod learning_rate;
pub mod linear;
pub mod live;
pub mod loss;
pub mod metrics;
mod names;
pub mod network;
pub mod norm;
pub mod number;
pub mod optimizer;
mod pace;
pub mod plots;
pub mod pool;
pub mod prelude;
pub mod progress;
pub mod race;
pub mod recurrent;
mod refusal;
pub mod regression;
pub mod residual;
pub mod scaling;
pub mod schedule;
pub mod sequential;
pub mod settle;
pub mod show;
pub mod summary;
pub mod table;
pub mod tensor_view;
pub mod tensors;
pub mod tokenizer;
pub mod trace;
pub mod training;
pub mod transformer;
mod untouched;
pub mod vector_index;
pub mod weights;

pub use plotters;
pub use tch;
