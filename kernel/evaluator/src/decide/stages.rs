//! Which statements are one stage, and which of them binds and uses a name.

use std::ops::Range;

use crate::parse::{Parsed, canonical};

/// The runs of statements that become stages: each ends after a run of `let`s.
pub fn stages(parsed: &Parsed, joined_from: Option<usize>) -> Vec<Range<usize>> {
    let statements = &parsed.statements[..];
    let split = joined_from
        .unwrap_or(statements.len())
        .min(statements.len());
    let is_let = |at: usize| !statements[at].bindings().is_empty();
    let mut stages = Vec::new();
    let mut start = 0;
    for at in 1..split {
        if is_let(at - 1) && !is_let(at) {
            stages.push(start..at);
            start = at;
        }
    }
    if start < split {
        stages.push(start..split);
    }
    if split < statements.len() {
        stages.push(split..statements.len());
    }
    stages
}

pub(super) fn stage_of(
    parsed: &Parsed,
    joined_from: Option<usize>,
    name: &str,
) -> Option<Range<usize>> {
    stages(parsed, joined_from)
        .into_iter()
        .find(|stage| stage.clone().any(|at| binds(parsed, at, name)))
}

pub(super) fn binds(parsed: &Parsed, at: usize, name: &str) -> bool {
    let bindings = parsed.statements[at].bindings();
    bindings.iter().any(|binding| binding.name == name)
}

pub(super) fn is_used_from(parsed: &Parsed, from: usize, name: &str) -> bool {
    let name = canonical(name);
    let later = &parsed.statements[from..];
    later
        .iter()
        .any(|statement| statement.used().names.contains(&*name))
}

pub(super) fn makes(parsed: &Parsed, name: &str) -> bool {
    let bindings = parsed
        .statements
        .iter()
        .flat_map(|statement| statement.bindings());
    bindings
        .into_iter()
        .any(|binding| binding.name == name && !binding.closure)
}
