//! Items with their groups, of which each learner gets some: what the quick sorting questions share.

use crate::attempt::Unsolved;
use crate::draw::Draw;
use crate::exercise::Question;
use crate::structured::classify;

/// An item, the group it belongs to, and why.
pub(super) type Item<'a> = (&'a str, &'a str, &'a str);

/// So many of the items in a random order, at least one of every group.
pub(super) fn drawn(draw: &mut Draw, bank: &[Item<'static>], count: usize) -> Vec<Item<'static>> {
    let mut waiting = draw.shuffle(bank);
    let mut chosen: Vec<Item<'static>> = Vec::new();
    for group in groups(bank) {
        if let Some(at) = waiting.iter().position(|item| item.1 == group) {
            chosen.push(waiting.remove(at));
        }
    }
    let more = count.saturating_sub(chosen.len());
    chosen.extend(waiting.into_iter().take(more));
    draw.shuffle(&chosen)
}

/// The groups in the order of the alphabet, each once.
pub(super) fn groups<'a>(items: &[Item<'a>]) -> Vec<&'a str> {
    let mut groups: Vec<&str> = items.iter().map(|&(_, group, _)| group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The card that shows them.
pub(super) fn card(text: &str, items: &[Item]) -> Question {
    let names: Vec<&str> = items.iter().map(|&(item, _, _)| item).collect();
    Question::new(text).items(&names).allowed(&groups(items))
}

/// Judges pairs of an item and its group.
pub(super) fn judge(answer: &[(&str, &str)], items: &[Item]) -> Result<(), Unsolved> {
    classify(answer, items, &groups(items))
}

/// The answer cell solved.
pub(super) fn cell(id: &str, items: &[Item]) -> String {
    let lines = items.iter();
    let lines: String = lines
        .map(|(item, group, _)| format!("    ({item:?}, {group:?}),\n"))
        .collect();
    format!("check::{id}(&[\n{lines}])")
}

/// Items that were made up from a learner's numbers, to be looked at as the fixed ones are.
pub(super) fn borrowed<'a>(items: &'a [(String, &'static str, String)]) -> Vec<Item<'a>> {
    let items = items.iter();
    items
        .map(|(item, group, why)| (item.as_str(), *group, why.as_str()))
        .collect()
}
