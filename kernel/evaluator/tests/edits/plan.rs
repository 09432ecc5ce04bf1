//! The cells of a session, in the order in which they run: written, edited, and run again.

use fastrand::Rng;

use crate::cell::{Cell, Part};
use crate::items::{Generator, keys};
use crate::model::{Expected, Model};
use crate::program::Program;

/// What most sessions begin with, so that something depends on something soon.
const FIRST: [&str; 6] = ["K0", "K1", "L0", "Inner", "P", "P.get"];

/// A session, the same for the same seed, and the program of a kernel that runs all of it.
pub fn plan(seed: u64, length: usize) -> (Vec<Cell>, Program) {
    let mut rng = Rng::with_seed(seed);
    let (mut model, mut cells) = (Model::default(), Vec::new());
    let mut first = FIRST.iter();
    while cells.len() < length {
        let cell = match first.next() {
            Some(key) => items(&mut rng, &model, &[*key]),
            None => next(&mut rng, &model, &cells),
        };
        let Some(cell) = cell else { continue };
        let (expected, after) = model.run(&cell);
        if matches!(expected, Expected::Runs(_) | Expected::Either(..)) {
            model = after;
        }
        cells.push(cell);
    }
    (cells, model.program)
}

fn next(rng: &mut Rng, model: &Model, cells: &[Cell]) -> Option<Cell> {
    let action = rng.u8(..100);
    let mut generator = Generator { rng, model };
    match action {
        0..30 => Some(Cell::of(vec![generator.show()?])),
        30..58 => {
            // What variables are made of, more often than chance would have it.
            let beneath = model.beneath();
            let beneath: Vec<&str> = beneath.iter().map(String::as_str).collect();
            let key = match beneath.is_empty() || generator.rng.bool() {
                true => *generator.pick(&keys()),
                false => *generator.pick(&beneath),
            };
            items(rng, model, &[key])
        }
        58..63 => {
            let (one, other) = (*generator.pick(&keys()), *generator.pick(&keys()));
            items(rng, model, &[one, other])
        }
        63..83 => Some(Cell::of(vec![Part::Let(generator.variable()?)])),
        83..91 => Some(Cell::of(vec![Part::Do(generator.change()?)])),
        _ => {
            let at = generator.rng.usize(..cells.len());
            let cell = cells[at].clone();
            // Whether the same static begins again is left open.
            let is_static = |part: &Part| matches!(part, Part::Item(item) if item.is_static);
            (!cell.parts.iter().any(is_static)).then_some(cell)
        }
    }
}

/// A cell that defines these, one after the other.
fn items(rng: &mut Rng, model: &Model, keys: &[&str]) -> Option<Cell> {
    let mut cell = Cell::default();
    for key in keys {
        // Each may be made of those before it.
        let (_, model) = model.run(&cell);
        let mut generator = Generator { rng, model: &model };
        cell.parts.push(Part::Item(generator.item(key)?));
    }
    let defined: Vec<&str> = keys.to_vec();
    (defined.len() < 2 || defined[0] != defined[1]).then_some(cell)
}
