//! How a tensor is shown: shape, kind, device, requires_grad, and its values, in the middle shortened.
//! Brings only the values that are shown to the host, however large the tensor is.

use maud::html;
use tch::{Device, Kind, Tensor};

use crate::number;
use crate::show::{MimeBundle, Show};

/// Up to this many values all are shown.
const WHOLE: usize = 1000;
/// Of a longer dimension this many are shown at each end.
const EDGE: i64 = 3;
/// A row is broken at about this many characters.
const LINE: usize = 88;

impl Show for Tensor {
    fn show(&self) -> MimeBundle {
        let header = header(self);
        let values = values(self);
        let page = html! {
            div {
                div style="opacity:.75" { (header) }
                pre style="margin:0" { (values) }
            }
        };
        MimeBundle::text(format!("{header}\n{values}")).with("text/html", page.into_string())
    }
}

fn header(tensor: &Tensor) -> String {
    if !tensor.defined() {
        return "Tensor, undefined".to_owned();
    }
    let device = match tensor.device() {
        Device::Cpu => "Cpu".to_owned(),
        other => format!("{other:?}"),
    };
    let (shape, kind) = (number::shape(&tensor.size()), kind_name(tensor));
    format!(
        "Tensor {shape} {kind} {device} requires_grad={}",
        tensor.requires_grad()
    )
}

fn kind_name(tensor: &Tensor) -> String {
    tensor
        .f_kind()
        .map_or_else(|_| "unknown kind".to_owned(), |kind| format!("{kind:?}"))
}

fn values(tensor: &Tensor) -> String {
    if !tensor.defined() {
        return "(no value; a gradient is undefined before backward())".to_owned();
    }
    if tensor.is_sparse() {
        return "(sparse: .to_dense shows its values)".to_owned();
    }
    if tensor.numel() == 0 {
        return "[] (no values)".to_owned();
    }
    match edges(tensor).and_then(|edges| Ok((written(&edges)?, edges.size()))) {
        Ok((cells, shown)) => {
            let wide = cells.iter().map(String::len).max().unwrap_or(0);
            let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>wide$}")).collect();
            let shortened: Vec<bool> = tensor
                .size()
                .iter()
                .zip(&shown)
                .map(|(all, shown)| all > shown)
                .collect();
            Layout {
                cells: &cells,
                shortened: &shortened,
            }
            .block(&shown, 0, 1)
        }
        // A kind that libtorch cannot copy out says so, in place of values.
        Err(error) => format!(
            "(values cannot be shown: {})",
            first_line(&error.to_string())
        ),
    }
}

/// The first few values of the first example: `[0.1000, -0.2000, 0.3000, ...]`.
pub(crate) fn first_values(tensor: &Tensor) -> String {
    const SHOWN: i64 = 4;
    if !tensor.defined() || tensor.is_sparse() {
        return "(none)".to_owned();
    }
    if tensor.numel() == 0 {
        return "[]".to_owned();
    }
    let mut row = tensor.detach();
    while row.dim() > 1 {
        row = row.select(0, 0);
    }
    if row.dim() == 0 {
        return written(&row).map_or_else(|_| "?".to_owned(), |cells| cells.concat());
    }
    let length = row.size()[0];
    let cells = written(&row.narrow(0, 0, length.min(SHOWN))).unwrap_or_default();
    let rest = if length > SHOWN { ", ..." } else { "" };
    format!("[{}{rest}]", cells.join(", "))
}

/// The tensor without the middle of its long dimensions, on the host.
fn edges(tensor: &Tensor) -> Result<Tensor, tch::TchError> {
    let mut edges = tensor.f_detach()?;
    if tensor.numel() > WHOLE {
        for (dim, size) in (0i64..).zip(tensor.size()) {
            if size > 2 * EDGE {
                let first = edges.f_narrow(dim, 0, EDGE)?;
                let last = edges.f_narrow(dim, size - EDGE, EDGE)?;
                edges = Tensor::f_cat(&[first, last], dim)?;
            }
        }
    }
    edges.f_to_device(Device::Cpu)
}

/// Each value as text, in row-major order.
fn written(values: &Tensor) -> Result<Vec<String>, tch::TchError> {
    let flat = values.f_to_device(Device::Cpu)?.f_reshape([-1])?;
    match flat.f_kind()? {
        Kind::Bool => Ok(Vec::<bool>::try_from(&flat)?
            .iter()
            .map(bool::to_string)
            .collect()),
        Kind::Uint8 | Kind::Int8 | Kind::Int16 | Kind::Int | Kind::Int64 => {
            let numbers = Vec::<i64>::try_from(flat.f_to_kind(Kind::Int64)?)?;
            Ok(numbers.iter().map(i64::to_string).collect())
        }
        Kind::ComplexHalf | Kind::ComplexFloat | Kind::ComplexDouble => {
            let real = reals(&flat.f_real()?)?;
            let imaginary = reals(&flat.f_imag()?)?;
            let pairs = real.into_iter().zip(imaginary);
            Ok(pairs
                .map(|(re, im)| format!("{}{im:+.4}i", number::decimals(re)))
                .collect())
        }
        _ => Ok(same_style(&reals(&flat)?)),
    }
}

fn reals(flat: &Tensor) -> Result<Vec<f64>, tch::TchError> {
    Vec::<f64>::try_from(flat.f_to_kind(Kind::Double)?)
}

/// All numbers in one style, so that they compare at a glance: whole, four decimals, or powers of ten.
fn same_style(numbers: &[f64]) -> Vec<String> {
    let finite = || numbers.iter().copied().filter(|number| number.is_finite());
    let largest = finite().map(f64::abs).fold(0.0, f64::max);
    let smallest = finite()
        .map(f64::abs)
        .filter(|&n| n > 0.0)
        .fold(f64::INFINITY, f64::min);
    let whole = finite().all(|number| number.fract() == 0.0) && largest < 1e9;
    let powers = largest >= 1e6 || (smallest < 1e-4 && smallest.is_finite());
    let write = |&number: &f64| match number {
        n if !n.is_finite() => number::decimals(n),
        n if whole => format!("{n:.0}."),
        n if powers => format!("{n:.4e}"),
        n => format!("{n:.4}"),
    };
    numbers.iter().map(write).collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Cells put between brackets, as many as there are dimensions.
struct Layout<'a> {
    cells: &'a [String],
    shortened: &'a [bool],
}

impl Layout<'_> {
    /// The block of dimensions `depth..`, whose first cell is `start`; `indent` counts open brackets.
    fn block(&self, sizes: &[i64], start: usize, indent: usize) -> String {
        let Some((&size, inner)) = sizes.split_first() else {
            return self.cells.get(start).cloned().unwrap_or_default();
        };
        let stride = inner.iter().product::<i64>().max(1) as usize;
        let depth = self.shortened.len() - sizes.len();
        let mut parts: Vec<String> = (0..size.max(0) as usize)
            .map(|at| self.block(inner, start + at * stride, indent + 1))
            .collect();
        if self.shortened[depth] {
            parts.insert(EDGE as usize, "...".to_owned());
        }
        if inner.is_empty() {
            return format!("[{}]", wrapped(&parts, indent));
        }
        // One line between rows, an empty one more for each dimension above.
        let gap = format!(",{}{}", "\n".repeat(inner.len()), " ".repeat(indent));
        format!("[{}]", parts.join(&gap))
    }
}

fn wrapped(cells: &[String], indent: usize) -> String {
    let mut out = String::new();
    let mut column = indent;
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
            if column + cell.len() + 2 > LINE {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
            } else {
                out.push(' ');
                column += 2;
            }
        }
        out.push_str(cell);
        column += cell.len();
    }
    out
}
