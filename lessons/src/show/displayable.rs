//! What [`display`](super::display) takes: all that the last line of a cell shows.
//!
//! A last line is chosen by method resolution, which no generic function can repeat. So each kind of value
//! says here in which way it is shown; the way is a parameter of the trait, which keeps the kinds apart.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::error::Error;
use std::fmt::Debug;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};
use std::rc::Rc;
use std::sync::{Arc, Mutex, RwLock};

use super::{MimeBundle, Show, debug_text};

/// A value that [`display`](super::display) and [`display_handle`](super::display_handle) can show: one with
/// [`Show`], one of the standard library, a reference to one, or one of this library.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::show::Displayable;
///
/// assert_eq!("loss".bundle().plain(), "\"loss\"");
/// assert_eq!(vec![1, 2].bundle().plain(), "[1, 2]");
/// assert_eq!((&Some(0.5)).bundle().plain(), "Some(0.5)");
/// display((3, "epochs"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`display` has no way to show a value of type `{Self}`",
    label = "a type with neither `Show` nor a form of its own here",
    note = "a type of your own that is `Debug` is shown by its text: `display(MimeBundle::text(format!(\"{{:?}}\", value)))`"
)]
pub trait Displayable<Way> {
    /// All its representations.
    fn bundle(&self) -> MimeBundle;
}

/// The way of a value with [`Show`].
#[derive(Debug)]
pub enum Rich {}

/// The way of a value with its `Debug` text.
#[derive(Debug)]
pub enum Plain {}

/// The way of what a reference or a box leads to.
#[derive(Debug)]
pub struct Inner<Way>(std::marker::PhantomData<Way>);

impl<T: Show + ?Sized> Displayable<Rich> for T {
    fn bundle(&self) -> MimeBundle {
        self.show()
    }
}

macro_rules! inner {
    ($($pointer:ty),* $(,)?) => {
        $(impl<Way, T: Displayable<Way> + ?Sized> Displayable<Inner<Way>> for $pointer {
            fn bundle(&self) -> MimeBundle {
                (**self).bundle()
            }
        })*
    };
}

inner!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

macro_rules! by_debug {
    (@of [$($of:ident),*] $kind:ty) => {
        impl<$($of: Debug),*> Displayable<Plain> for $kind {
            fn bundle(&self) -> MimeBundle {
                MimeBundle::text(debug_text(&self))
            }
        }
    };
    ($of:tt $($kind:ty),* $(,)?) => {
        $(by_debug!(@of $of $kind);)*
    };
}

by_debug!(
    []
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64, bool, char, String, (),
    RangeFull, std::cmp::Ordering, std::time::Duration, std::time::Instant,
    std::time::SystemTime, std::path::PathBuf, std::ffi::OsString, std::any::TypeId, std::fmt::Error,
    std::io::Error, std::num::ParseIntError, std::num::ParseFloatError, std::str::Utf8Error,
    std::string::FromUtf8Error, std::process::ExitStatus, std::process::Output, std::net::IpAddr,
    std::net::SocketAddr,
    tch::Kind, tch::Device, tch::Reduction, tch::TchError, tch::nn::VarStore, tch::nn::Linear,
    tch::nn::Embedding, tch::nn::LayerNorm, tch::nn::BatchNorm, tch::nn::Conv1D, tch::nn::Conv2D,
    tch::nn::Sequential, tch::nn::LSTM, tch::nn::GRU, tch::nn::LinearConfig, tch::nn::ConvConfig,
    plotters::style::RGBColor, plotters::style::RGBAColor, plotters::style::HSLColor,
    crate::activation::Activation, crate::activations::ActivationRow, crate::ask::AskError,
    crate::attention::MultiHeadAttention, crate::backward::BackwardError, crate::checkpoint::CheckpointError,
    crate::comm::Comm, crate::conv::Conv, crate::data::Split, crate::data::Normalizer, crate::data::WordVectors,
    crate::dropout::Dropout, crate::embedding::Embedding, crate::encoder::SentenceEncoder,
    crate::figure::FigureError, crate::flow::FlowRow, crate::gradients::GradientRow,
    crate::gradient_check::CheckRow, crate::init::Init, crate::layer::ForwardError, crate::linear::Linear,
    crate::live::LiveCurve, crate::loss::LossError, crate::norm::LayerNorm, crate::norm::BatchNorm,
    crate::optimizer::Optimizer, crate::plots::PlotError, crate::race::Run, crate::recurrent::Recurrent,
    crate::residual::Residual, crate::scaling::PowerLaw, crate::schedule::Schedule, crate::show::DisplayHandle,
    crate::summary::SummaryRow, crate::tokenizer::Tokenizer, crate::trace::TraceStep,
    crate::training::TrainingError, crate::training::Epoch, crate::training::Trainer,
    crate::transformer::Bpe, crate::transformer::Characters, crate::transformer::MixtureOfExperts,
    crate::transformer::Sampling, crate::weights::Weights, crate::weights::WeightsError,
);

by_debug!([] str, std::path::Path, std::ffi::OsStr, dyn Error, dyn Error + Send + Sync, dyn Debug);
by_debug!(
    [T][T],
    Vec<T>,
    VecDeque<T>,
    LinkedList<T>,
    BinaryHeap<T>,
    BTreeSet<T>,
    Option<T>,
    std::cell::RefCell<T>,
    Mutex<T>,
    RwLock<T>,
    std::cmp::Reverse<T>,
    std::num::Wrapping<T>,
    Range<T>,
    RangeFrom<T>,
    RangeInclusive<T>,
    RangeTo<T>,
    RangeToInclusive<T>
);
by_debug!([A, B] BTreeMap<A, B>, Result<A, B>);

impl<T: Debug + Copy> Displayable<Plain> for std::cell::Cell<T> {
    fn bundle(&self) -> MimeBundle {
        MimeBundle::text(debug_text(self))
    }
}

impl<T: Debug, const N: usize> Displayable<Plain> for [T; N] {
    fn bundle(&self) -> MimeBundle {
        MimeBundle::text(debug_text(self))
    }
}

impl<T: Debug, S> Displayable<Plain> for HashSet<T, S> {
    fn bundle(&self) -> MimeBundle {
        MimeBundle::text(debug_text(self))
    }
}

impl<K: Debug, V: Debug, S> Displayable<Plain> for HashMap<K, V, S> {
    fn bundle(&self) -> MimeBundle {
        MimeBundle::text(debug_text(self))
    }
}

impl<T: Debug + ToOwned<Owned: Debug> + ?Sized> Displayable<Plain> for std::borrow::Cow<'_, T> {
    fn bundle(&self) -> MimeBundle {
        MimeBundle::text(debug_text(self))
    }
}

by_debug!([A](A,));
by_debug!([A, B](A, B,));
by_debug!([A, B, C](A, B, C,));
by_debug!([A, B, C, D](A, B, C, D,));
by_debug!([A, B, C, D, E](A, B, C, D, E,));
by_debug!([A, B, C, D, E, F](A, B, C, D, E, F,));
by_debug!([A, B, C, D, E, F, G](A, B, C, D, E, F, G,));
by_debug!([A, B, C, D, E, F, G, H](A, B, C, D, E, F, G, H,));
