//! Tensors as a lesson makes them: from numbers in the text, or from PyTorch's random stream.
//! Knows nothing of layers; every random draw here is from libtorch's one global generator.

use tch::{Device, Kind, Tensor};

/// Sets the seed of libtorch's generators, as `torch.manual_seed` does.
///
/// The same seed and the same draws in the same order give the numbers that PyTorch gives.
///
/// ```
/// use lessons::prelude::*;
/// manual_seed(42);
/// let first = randn(&[2]);
/// manual_seed(42);
/// assert_eq!(first, randn(&[2]));
/// ```
pub fn manual_seed(seed: i64) {
    tch::manual_seed(seed);
}

/// Draws from the standard normal distribution: mean 0, variance 1, kind `Float`, on the CPU.
///
/// # Shapes
/// The result has exactly the given `shape`; `&[]` makes a single number.
///
/// ```
/// # use lessons::prelude::*;
/// assert_eq!(randn(&[3, 4]).size(), [3, 4]);
/// ```
#[track_caller]
pub fn randn(shape: &[i64]) -> Tensor {
    check_shape("randn", shape);
    Tensor::randn(shape, (Kind::Float, Device::Cpu))
}

/// Draws evenly from 0 (included) to 1 (excluded), kind `Float`, on the CPU.
///
/// # Shapes
/// The result has exactly the given `shape`.
///
/// ```
/// # use lessons::prelude::*;
/// assert!(rand(&[100]).max().item() < 1.0);
/// ```
#[track_caller]
pub fn rand(shape: &[i64]) -> Tensor {
    check_shape("rand", shape);
    Tensor::rand(shape, (Kind::Float, Device::Cpu))
}

/// The numbers 0 to `n - 1` in random order, kind `Int64`: an order in which to visit examples.
///
/// # Shapes
/// `[n]`
///
/// ```
/// # use lessons::prelude::*;
/// let order = randperm(100);
/// assert_eq!(order.sum(Kind::Int64).item(), 4950.0);
/// ```
#[track_caller]
pub fn randperm(n: i64) -> Tensor {
    check_shape("randperm", &[n]);
    Tensor::randperm(n, (Kind::Int64, Device::Cpu))
}

#[track_caller]
fn check_shape(name: &str, shape: &[i64]) {
    assert!(
        shape.iter().all(|&size| size >= 0),
        "{name}: the shape {shape:?} has a negative size: every size must be 0 or more"
    );
}

/// A tensor with the given numbers, as `torch.tensor`: `f64` and `f32` become kind `Float`,
/// integers `Int64`, `bool` stays `Bool`.
///
/// # Shapes
/// One number gives `[]`, an array `[n]`, an array of arrays `[rows, columns]`, and so on.
///
/// # Panics
/// Where the rows have different lengths, with the first row that differs.
///
/// ```
/// # use lessons::prelude::*;
/// let x = tensor([[1.0, 2.0, 3.0]]);
/// assert_eq!((x.size(), x.kind()), (vec![1, 3], Kind::Float));
/// assert_eq!(tensor([1, 2]).kind(), Kind::Int64);
/// ```
#[track_caller]
pub fn tensor(values: impl Nested) -> Tensor {
    let mut shape = Vec::new();
    values.shape(&mut shape);
    let mut flat = Flat::Float(Vec::new());
    values.flatten(&mut flat);
    flat.into_tensor(&shape)
}

/// Numbers, arrays, slices and vectors of them: what [`tensor()`] accepts.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::tensors::Nested;
/// let mut shape = Vec::new();
/// [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].shape(&mut shape);
/// assert_eq!(shape, [2, 3]);
/// assert_eq!(tensor(vec![vec![1, 2]; 3]).size(), [3, 2]);
/// ```
pub trait Nested {
    /// Appends the sizes, outermost first.
    ///
    /// # Panics
    /// Where the parts of an array have different shapes.
    #[track_caller]
    fn shape(&self, shape: &mut Vec<i64>);
    /// Appends the numbers in row-major order.
    fn flatten(&self, flat: &mut Flat);
}

/// The numbers of a [`Nested`] in one row.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::tensors::{Flat, Nested};
/// let mut flat = Flat::Int(Vec::new());
/// [[1, 2], [3, 4]].flatten(&mut flat);
/// assert!(matches!(flat, Flat::Int(numbers) if numbers == [1, 2, 3, 4]));
/// ```
#[derive(Debug)]
pub enum Flat {
    /// Real numbers.
    Float(Vec<f32>),
    /// Whole numbers.
    Int(Vec<i64>),
    /// True or false.
    Bool(Vec<bool>),
}

impl Flat {
    #[track_caller]
    fn into_tensor(self, shape: &[i64]) -> Tensor {
        let (flat, numbers) = match &self {
            Flat::Float(values) => (Tensor::from_slice(values), values.len()),
            Flat::Int(values) => (Tensor::from_slice(values), values.len()),
            Flat::Bool(values) => (Tensor::from_slice(values), values.len()),
        };
        let wanted: i64 = shape.iter().product();
        assert!(
            usize::try_from(wanted) == Ok(numbers),
            "tensor: the rows have different lengths: the first ones make the shape {shape:?}, \
             which holds {wanted} numbers, but there are {numbers}"
        );
        flat.reshape(shape)
    }
}

macro_rules! nested_number {
    ($($number:ty => $variant:ident($stored:ty)),*) => {$(
        impl Nested for $number {
            fn shape(&self, _shape: &mut Vec<i64>) {}
            fn flatten(&self, flat: &mut Flat) {
                // The first number decides the kind; Rust lets no array mix them.
                if !matches!(flat, Flat::$variant(_)) {
                    *flat = Flat::$variant(Vec::new());
                }
                if let Flat::$variant(values) = flat {
                    values.push(*self as $stored);
                }
            }
        }
    )*};
}

nested_number!(f64 => Float(f32), f32 => Float(f32), i64 => Int(i64), i32 => Int(i64), bool => Bool(bool));

impl<T: Nested> Nested for [T] {
    #[track_caller]
    fn shape(&self, shape: &mut Vec<i64>) {
        shape.push(i64::try_from(self.len()).unwrap_or(i64::MAX));
        let mut wanted = Vec::new();
        if let Some(first) = self.first() {
            first.shape(&mut wanted);
        }
        for (at, row) in self.iter().enumerate().skip(1) {
            let mut came = Vec::new();
            row.shape(&mut came);
            assert!(
                came == wanted,
                "tensor: the rows have different lengths: row 0 is {wanted:?} and row {at} is {came:?}: \
                 cut them to one length or fill the shorter ones up"
            );
        }
        shape.extend(wanted);
    }
    fn flatten(&self, flat: &mut Flat) {
        for value in self {
            value.flatten(flat);
        }
    }
}

impl<T: Nested, const N: usize> Nested for [T; N] {
    #[track_caller]
    fn shape(&self, shape: &mut Vec<i64>) {
        self.as_slice().shape(shape);
    }
    fn flatten(&self, flat: &mut Flat) {
        self.as_slice().flatten(flat);
    }
}

impl<T: Nested> Nested for Vec<T> {
    #[track_caller]
    fn shape(&self, shape: &mut Vec<i64>) {
        self.as_slice().shape(shape);
    }
    fn flatten(&self, flat: &mut Flat) {
        self.as_slice().flatten(flat);
    }
}

impl<T: Nested + ?Sized> Nested for &T {
    #[track_caller]
    fn shape(&self, shape: &mut Vec<i64>) {
        (**self).shape(shape);
    }
    fn flatten(&self, flat: &mut Flat) {
        (**self).flatten(flat);
    }
}

/// The one number inside a tensor, as Python's `item()`.
///
/// ```
/// use lessons::prelude::*;
/// assert_eq!(tensor([[2.5]]).item() + tensor(1).item(), 3.5);
/// ```
pub trait Item {
    /// The number of a tensor with exactly one element, whatever its shape, kind or device.
    ///
    /// # Panics
    /// Where the tensor has no element or more than one; the message names the shape.
    ///
    /// ```
    /// # use lessons::prelude::*;
    /// assert_eq!(tensor([[2.5]]).item(), 2.5);
    /// ```
    fn item(&self) -> f64;
}

impl Item for Tensor {
    #[track_caller]
    fn item(&self) -> f64 {
        assert!(
            self.defined(),
            "item: the tensor is undefined; a gradient is, before backward()"
        );
        match f64::try_from(self) {
            Ok(number) => number,
            Err(_) => panic!(
                "item: the tensor has shape {:?}, {} numbers, and item() reads exactly one: \
                 reduce it first, for instance with .mean(Kind::Float)",
                self.size(),
                self.numel()
            ),
        }
    }
}

/// Runs `compute` without recording operations for gradients.
///
/// Unlike `tch::no_grad` it also ends the unrecorded part when `compute` panics or is interrupted,
/// so that a later cell can still train.
///
/// ```
/// # use lessons::prelude::*;
/// let layer = linear(3, 1);
/// let y = no_grad(|| layer.forward(&randn(&[2, 3])));
/// assert!(!y.requires_grad());
/// ```
pub fn no_grad<T>(compute: impl FnOnce() -> T) -> T {
    let _guard = tch::no_grad_guard();
    compute()
}
