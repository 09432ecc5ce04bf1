//! Set-up: everything a lesson needs, made once and kept in one folder of the clone.
//! Knows nothing of cells or of the Jupyter protocol: it builds, registers and starts what does.
//!
//! Read in this order: [`home`] (where things lie), [`prepare`] (the steps and their order), one module
//! per step, then what a learner calls: [`lab`], [`console`], [`doctor`], [`suite`], [`kernelspec`].

pub mod behind;
pub mod bench;
pub mod cells;
pub mod console;
pub mod disk;
pub mod doctor;
pub mod home;
pub mod intel;
pub mod jupyter;
pub mod kernelspec;
pub mod lab;
pub mod library;
pub mod libtorch;
pub mod models;
pub mod prepare;
pub mod progress;
pub mod python;
pub mod running;
pub mod screen;
pub mod stamp;
pub mod suite;
pub mod toolchain;
pub mod tools;
pub mod trouble;

#[cfg(test)]
mod fake;
