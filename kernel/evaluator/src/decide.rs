//! What is tried next: a pure function from what rustc said of one attempt to the next one.
//!
//! A cell is first written in stages (see [`crate::generate`]). rustc then accepts it or complains of one of
//! our lines, which says what a variable really is: moved away, a borrow, unset. The next attempt
//! leaves that line out, and joins stages that borrows go across.

mod borrows;
mod stages;

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::{Item, Parsed, canonical};
use crate::session::Gone;
use crate::source::Site;

use borrows::{
    blame_statements, borrower, drop_first, join_around, join_closures, lasting, lent, still_lent,
};
pub use stages::stages;
use stages::{binds, is_used_from, makes, stage_of};

/// How a cell's source is written this time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempt {
    /// From this statement on there is one last stage, as the learner wrote it; `None`: all are split.
    pub joined_from: Option<usize>,
    /// Every kept item is there, not only those that the cell leads to.
    pub all_items: bool,
    /// Number literals on the left of an operator have the type `f64` or `i64`.
    pub typed_literals: bool,
    /// The last expression is a statement, which has no value.
    pub no_value: bool,
    /// Only std is in view, and nothing of the library.
    pub std_alone: bool,
    /// Not taken from the store.
    pub not_taken: BTreeSet<String>,
    /// Not put into the store, though the cell makes it.
    pub not_put: BTreeSet<String>,
    /// Not put back into the store, though the cell took it.
    pub not_put_back: BTreeSet<String>,
    /// Not returned from the stage that makes it.
    pub not_returned: BTreeSet<String>,
    /// Taken and put back inside the last stage: the cell moves it away and gives it a new value.
    pub inside: BTreeSet<String>,
    /// Dropped before the others are put into the store.
    pub dropped_first: BTreeSet<String>,
    /// Put into the store as this function pointer.
    pub pointers: BTreeMap<String, String>,
    /// Kept items that are left out, by their place in the list, with rustc's reason; an item that
    /// the cell replaces has none.
    pub left_out: BTreeMap<usize, Option<String>>,
    /// Kept items that no longer derive a trait, because the cell implements it.
    pub underived: BTreeSet<(usize, String)>,
    /// Why variables end with the cell.
    pub gone: BTreeMap<String, Gone>,
}

/// The cell, and what is kept beside it.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its statements and items.
    pub parsed: &'a Parsed,
    /// The kept items that an attempt may have.
    pub kept: &'a [&'a Item],
}

/// One complaint of rustc's, by the places it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `E0382`, or nothing.
    pub code: String,
    /// rustc's message.
    pub message: String,
    /// What it is about.
    pub primary: Place,
    /// Other places, with what rustc says there.
    pub labels: Vec<(Place, String)>,
}

/// Whose some bytes of the generated source are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of ours.
    Site(Site),
    /// A kept item, by its place in the list.
    Kept(usize),
    /// A statement of the cell, by its number.
    Statement(usize),
    /// Another part of the cell.
    Cell,
    /// Something else: more of our text, the inside of another crate.
    Elsewhere,
}

/// What to do with a refused attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Try this.
    Try(Box<Attempt>),
    /// Stages may be at fault: look at the cell without them.
    Look,
    /// It is the cell's own fault.
    Refuse,
}

/// Two definitions that exclude each other: the newer one stays.
const CONFLICTS: [&str; 8] = [
    "E0119", "E0252", "E0254", "E0255", "E0260", "E0428", "E0592", "E0201",
];
/// Errors of the borrow checker.
const BORROWS: [&str; 16] = [
    "E0373", "E0499", "E0502", "E0503", "E0505", "E0506", "E0510", "E0515", "E0521", "E0597",
    "E0700", "E0712", "E0713", "E0716", "E0626", "",
];
/// Errors about what is borrowed, and not about what borrows it.
const LENT: [&str; 5] = ["E0499", "E0502", "E0503", "E0505", "E0506"];
/// A use of what was moved away, or never set.
const UNUSABLE: [&str; 2] = ["E0381", "E0382"];

impl Attempt {
    /// Whether the whole cell is one stage.
    pub fn is_single(&self) -> bool {
        self.joined_from == Some(0)
    }

    /// The same as one stage, and without what only stages were to blame for.
    pub fn single(&self) -> Self {
        Self {
            joined_from: Some(0),
            all_items: self.all_items,
            typed_literals: self.typed_literals,
            no_value: self.no_value,
            std_alone: self.std_alone,
            not_taken: self.not_taken.clone(),
            left_out: self.left_out.clone(),
            underived: self.underived.clone(),
            ..Self::default()
        }
    }
}

/// The next attempt at a cell.
pub fn next(cell: Cell<'_>, attempt: &Attempt, faults: &[Fault]) -> Next {
    let parsed = cell.parsed;
    let mut next = attempt.clone();
    for fault in faults {
        keep_the_newest(cell, &mut next, fault);
    }
    if next != *attempt {
        return Next::Try(Box::new(next));
    }
    let mut unexplained = false;
    for fault in faults {
        unexplained |= !explain(cell, attempt, &mut next, fault);
    }
    if unexplained && !attempt.is_single() && stages(parsed, attempt.joined_from).len() > 1 {
        return Next::Look;
    }
    match unexplained || next == *attempt {
        true => Next::Refuse,
        false => Next::Try(Box::new(next)),
    }
}

/// A kept item that does not fit what is defined now, or that the cell defines again, is left out.
fn keep_the_newest(cell: Cell<'_>, next: &mut Attempt, fault: &Fault) {
    let kept = |place: &Place| match place {
        Place::Kept(index) => Some(*index),
        _ => None,
    };
    if CONFLICTS.contains(&&*fault.code) {
        let places = fault.labels.iter().map(|(place, _)| place);
        let implemented = fault.message.split('`').nth(1).map(last_name);
        for index in places.chain([&fault.primary]).filter_map(kept) {
            let derives = |name: &&str| cell.kept[index].derives.iter().any(|(one, _)| one == name);
            match implemented.filter(|name| fault.code == "E0119" && derives(name)) {
                Some(name) => {
                    next.underived.insert((index, name.to_owned()));
                }
                None => {
                    next.left_out.entry(index).or_insert(None);
                }
            }
        }
    } else if let Some(index) = kept(&fault.primary) {
        let why = fault.message.clone();
        next.left_out.entry(index).or_insert(Some(why));
    }
}

/// `std::cmp::PartialEq<f64>` to `PartialEq`.
fn last_name(path: &str) -> &str {
    let plain = path.split('<').next().unwrap_or(path);
    plain.rsplit("::").next().unwrap_or(plain)
}

/// Takes note of what a complaint says of a variable; false if it says nothing of any.
fn explain(
    Cell {
        parsed, name: cell, ..
    }: Cell<'_>,
    attempt: &Attempt,
    next: &mut Attempt,
    fault: &Fault,
) -> bool {
    if let Some(name) = not_nameable(fault) {
        next.not_taken.insert(name);
        return true;
    }
    if UNUSABLE.contains(&&*fault.code)
        && let Place::Site(site) = &fault.primary
    {
        let name = site.variable().to_owned();
        if let Site::PutBack(_) = site {
            return not_back(parsed, cell, next, name);
        }
        if let Some(own) = set_later(parsed, next, site) {
            join(next, own);
            return true;
        }
        let gone = match &*fault.code {
            "E0381" => Gone::Unset {
                cell: cell.to_owned(),
            },
            _ => Gone::Moved {
                cell: cell.to_owned(),
            },
        };
        end(parsed, next, site, &name, gone);
        return true;
    }
    if BORROWS.contains(&&*fault.code) {
        return match borrower(fault) {
            Some(site) => {
                if !drop_first(attempt, next, fault) {
                    let name = site.variable().to_owned();
                    end(parsed, next, &site, &name, Gone::Borrow);
                }
                true
            }
            None => match lent(fault) {
                Some(site) => {
                    blame_statements(parsed, next, fault)
                        || join_closures(parsed, attempt, next, fault)
                        || drop_first(attempt, next, fault)
                        || still_lent(next, site, cell)
                }
                None => {
                    lasting(parsed, next, fault)
                        || join_closures(parsed, attempt, next, fault)
                        || join_around(parsed, next, fault)
                }
            },
        };
    }
    false
}

/// A variable that the store has under a type that a cell cannot write.
fn not_nameable(fault: &Fault) -> Option<String> {
    if matches!(
        fault.primary,
        Place::Statement(_) | Place::Cell | Place::Kept(_)
    ) || BORROWS[..15].contains(&&*fault.code)
    {
        return None;
    }
    let places = fault.labels.iter().map(|(place, _)| place);
    places
        .chain([&fault.primary])
        .find_map(|place| match place {
            Place::Site(Site::Take(name)) => Some(name.clone()),
            _ => None,
        })
}

/// A variable that was taken cannot go back: it was moved away, and perhaps given a new value.
fn not_back(parsed: &Parsed, cell: &str, next: &mut Attempt, name: String) -> bool {
    let canonical = canonical(&name).into_owned();
    let mut statements = parsed.statements.iter();
    let assigned = statements.any(|statement| statement.used().assigned.contains(&canonical));
    if assigned && next.inside.insert(name.clone()) {
        next.joined_from = Some(0);
        return true;
    }
    next.inside.remove(&name);
    next.not_put_back.insert(name.clone());
    let makes_another = makes(parsed, &name) && !next.not_put.contains(&name);
    if !makes_another {
        let cell = cell.to_owned();
        next.gone.insert(name, Gone::Moved { cell });
    }
    true
}

/// The `let` of a variable that has no value where its stage ends, and may have one later.
fn set_later(parsed: &Parsed, next: &Attempt, site: &Site) -> Option<usize> {
    if !matches!(site, Site::Return(_) | Site::Lasting(_)) {
        return None;
    }
    let name = site.variable();
    let stage = stage_of(parsed, next.joined_from, name)?;
    let own = stage.clone().find(|at| binds(parsed, *at, name))?;
    is_used_from(parsed, stage.end, name).then_some(own)
}

/// A variable of the cell's own ends with it.
fn end(parsed: &Parsed, next: &mut Attempt, site: &Site, name: &str, gone: Gone) {
    next.not_put.insert(name.to_owned());
    next.gone.entry(name.to_owned()).or_insert(gone);
    if matches!(site, Site::Return(_) | Site::Lasting(_)) {
        let stage = stage_of(parsed, next.joined_from, name);
        // A later statement must find this one, and not another of its name.
        match stage.filter(|stage| is_used_from(parsed, stage.end, name)) {
            Some(stage) => {
                // What comes before its own `let` is kept whatever happens later.
                let own = stage.clone().find(|at| binds(parsed, *at, name));
                join(next, own.unwrap_or(stage.start));
            }
            None => {
                next.not_returned.insert(name.to_owned());
            }
        }
    }
}

fn join(next: &mut Attempt, from: usize) {
    let from = next.joined_from.map_or(from, |joined| joined.min(from));
    next.joined_from = Some(from);
}

#[cfg(test)]
mod tests;
