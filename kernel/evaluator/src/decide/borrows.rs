//! Which variable borrows, and what of the cell must be one stage with it.

use super::stages::stages;
use super::{Attempt, Fault, LENT, Place, end, join};
use crate::parse::Parsed;
use crate::session::Gone;
use crate::source::Site;

/// The variable that rustc blames by a line of ours: if a label is there, it says more than the place itself,
/// which may be what is borrowed.
pub(super) fn borrower(fault: &Fault) -> Option<Site> {
    let rank = |site: &Site| match site {
        Site::Lasting(_) => 0,
        Site::Put(_) => 1,
        Site::Return(_) => 2,
        _ => 9,
    };
    let primary = match &fault.primary {
        Place::Site(site) if !LENT.contains(&&*fault.code) => Some(site),
        _ => None,
    };
    let sites = fault.labels.iter().filter_map(|(place, _)| match place {
        Place::Site(site) if rank(site) < 9 && Some(place) != Some(&fault.primary) => Some(site),
        _ => None,
    });
    let labelled = sites.min_by_key(|site| rank(site));
    let site = labelled.or(primary.filter(|site| rank(site) < 9));
    site.cloned()
}

/// The line of ours that wants a variable which something else still borrows.
pub(super) fn lent(fault: &Fault) -> Option<&Site> {
    match &fault.primary {
        Place::Site(
            site @ (Site::PutBack(_) | Site::Put(_) | Site::Return(_) | Site::Lasting(_)),
        ) if LENT.contains(&&*fault.code) || matches!(site, Site::PutBack(_)) => Some(site),
        _ => None,
    }
}

/// What borrows is bound by the `let` that rustc points to, and ends with the cell.
pub(super) fn blame_statements(parsed: &Parsed, next: &mut Attempt, fault: &Fault) -> bool {
    let before = next.clone();
    for (place, _) in &fault.labels {
        let Place::Statement(at) = place else {
            continue;
        };
        for binding in parsed.statements[*at].bindings() {
            let is_lent = lent(fault).is_some_and(|site| site.variable() == binding.name);
            if !binding.closure && !is_lent && !next.not_put.contains(&binding.name) {
                let site = Site::Lasting(binding.name.clone());
                end(parsed, next, &site, &binding.name, Gone::Borrow);
            }
        }
    }
    *next != before
}

/// A closure borrows: the statements that may call it become one stage with it. False if they are already.
pub(super) fn join_closures(
    parsed: &Parsed,
    attempt: &Attempt,
    next: &mut Attempt,
    fault: &Fault,
) -> bool {
    let places = fault.labels.iter().map(|(place, _)| place);
    let mut any = false;
    for place in places.chain([&fault.primary]) {
        if let Place::Statement(at) = place
            && parsed.statements[*at]
                .bindings()
                .iter()
                .any(|one| one.closure)
        {
            join(next, *at);
            any |= attempt.joined_from.is_none_or(|from| from > *at);
        }
    }
    any
}

/// What still borrows it has no name: a temporary, or a variable that another of its name hides.
pub(super) fn still_lent(next: &mut Attempt, site: &Site, cell: &str) -> bool {
    let name = site.variable().to_owned();
    let left_out = match site {
        Site::PutBack(_) => &mut next.not_put_back,
        _ => &mut next.not_put,
    };
    let is_new = left_out.insert(name.clone());
    if is_new {
        let cell = cell.to_owned();
        next.gone.entry(name).or_insert(Gone::Lent { cell });
    }
    is_new
}

/// A guard that ends with the cell holds on to another variable until it is dropped.
pub(super) fn drop_first(attempt: &Attempt, next: &mut Attempt, fault: &Fault) -> bool {
    let named = fault.labels.iter().find_map(|(_, label)| {
        let rest = label.split_once("when `")?.1;
        let (name, rest) = rest.split_once('`')?;
        rest.starts_with(" is dropped").then(|| name.to_owned())
    });
    named.is_some_and(|name| {
        let helps = next.not_put.contains(&name) && !attempt.dropped_first.contains(&name);
        if helps {
            next.dropped_first.insert(name);
        }
        helps
    })
}

/// rustc blames a `let` of the cell, because a line of ours wants what it binds to last.
pub(super) fn lasting(parsed: &Parsed, next: &mut Attempt, fault: &Fault) -> bool {
    let wants = |label: &str| label.contains("`'static`");
    let labels = fault.labels.iter();
    let blamed = labels
        .clone()
        .filter(|(_, label)| wants(label))
        .map(|(place, _)| place);
    let is_wanted = blamed.clone().next().is_some();
    let before = next.clone();
    for place in blamed.chain([&fault.primary]) {
        let Place::Statement(at) = place else {
            continue;
        };
        for binding in parsed.statements[*at].bindings() {
            if is_wanted && !next.not_put.contains(&binding.name) {
                let site = Site::Lasting(binding.name.clone());
                end(parsed, next, &site, &binding.name, Gone::Borrow);
            }
        }
    }
    *next != before
}

/// Borrows that go across stages without a name of theirs on any line of ours.
pub(super) fn join_around(parsed: &Parsed, next: &mut Attempt, fault: &Fault) -> bool {
    let ours = fault
        .labels
        .iter()
        .map(|(place, _)| place)
        .chain([&fault.primary]);
    let any = ours
        .into_iter()
        .any(|place| matches!(place, Place::Elsewhere));
    let several = stages(parsed, next.joined_from).len() > 1;
    if any && several && !next.is_single() {
        join(next, 0);
        return true;
    }
    false
}
