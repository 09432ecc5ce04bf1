//! A variable of any type goes in, what a list of variables says of it comes out.
//! Knows nothing of the store or of cells.

use std::any::Any;
use std::fmt::{self, Debug, Write};

use gradbook_control::{Described, TensorFacts};
use tch::Tensor;

/// The longest text for a value, in characters.
const LONGEST: usize = 100;

/// What is known of one variable.
pub(crate) fn describe(name: &str, value: &dyn Any) -> Described {
    let tensor = value.downcast_ref::<Tensor>();
    Described {
        name: name.to_owned(),
        value: match tensor {
            Some(tensor) => (!tensor.defined()).then(|| "undefined".to_owned()),
            None => plain(value),
        },
        tensor: tensor.filter(|tensor| tensor.defined()).map(facts),
    }
}

fn facts(tensor: &Tensor) -> TensorFacts {
    // Others have none, and libtorch warns of looking.
    let gradient = (tensor.is_leaf() || tensor.retains_grad()).then(|| tensor.grad());
    let gradient = gradient.filter(Tensor::defined);
    TensorFacts {
        shape: tensor.size(),
        kind: format!("{:?}", tensor.kind()),
        device: format!("{:?}", tensor.device()),
        requires_grad: tensor.requires_grad(),
        bytes: tensor.numel() * tensor.kind().elt_size_in_bytes(),
        gradient_norm: gradient.and_then(|gradient| f64::try_from(&gradient.f_norm().ok()?).ok()),
    }
}

/// The Debug text of well-known types: others cannot be shown without knowing them.
fn plain(value: &dyn Any) -> Option<String> {
    macro_rules! shown {
        ($($known:ty),*) => {
            $(
                if let Some(value) = value.downcast_ref::<$known>() {
                    return Some(beginning(value));
                }
                if let Some(values) = value.downcast_ref::<Vec<$known>>() {
                    return Some(beginning(values));
                }
            )*
        };
    }
    shown!(
        bool, char, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
    );
    shown!(f32, f64, String, &'static str);
    None
}

/// No more of a long list is written than is shown.
fn beginning(value: &dyn Debug) -> String {
    let mut text = Beginning {
        text: String::new(),
        room: LONGEST,
    };
    if write!(text, "{value:?}").is_err() {
        text.text.push('…');
    }
    text.text
}

struct Beginning {
    text: String,
    room: usize,
}

impl Write for Beginning {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        for one in piece.chars() {
            self.room = self.room.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(one);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_values_are_shown_from_their_beginning() {
        let value = |value: &dyn Any| describe("x", value).value;
        assert_eq!(value(&1.5_f32).as_deref(), Some("1.5"));
        assert_eq!(value(&"a\n").as_deref(), Some(r#""a\n""#));
        assert_eq!(value(&vec![true]).as_deref(), Some("[true]"));
        let long = value(&vec![7_u8; 1_000_000]).expect("a list of a known type");
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.starts_with("[7, 7,") && long.ends_with('…'));
        assert_eq!(value(&std::time::Duration::ZERO), None);
    }

    #[test]
    fn tensors_tell_their_facts() {
        let x = Tensor::from_slice(&[3.0_f64, 4.0])
            .reshape([2, 1])
            .set_requires_grad(true);
        (&x * &x).sum(tch::Kind::Double).backward();
        let told = describe("x", &x);
        let expected = TensorFacts {
            shape: vec![2, 1],
            kind: "Double".to_owned(),
            device: "Cpu".to_owned(),
            requires_grad: true,
            bytes: 16,
            // The gradient of a sum of squares is 2x: its norm is 2 times 5.
            gradient_norm: Some(10.0),
        };
        assert_eq!(told.tensor, Some(expected));
        assert_eq!(told.value, None);
        let undefined = describe("y", &Tensor::new());
        assert_eq!(undefined.tensor, None);
        assert_eq!(undefined.value.as_deref(), Some("undefined"));
    }
}
