//! One checker for each exercise, named as the exercise: `check::price_model(price)`.

pub use crate::n01::check::*;
pub use crate::n02::check::*;
pub use crate::n03::check::*;
pub use crate::n04::check::*;
pub use crate::n05::check::*;
pub use crate::n06::check::*;
pub use crate::n07::check::*;
pub use crate::n08::check::*;
pub use crate::n09::check::*;
pub use crate::n10::check::*;
pub use crate::n11::check::*;
pub use crate::n12::check::*;
pub use crate::n13::check::*;
pub use crate::n14::check::*;
pub use crate::n15::check::*;
