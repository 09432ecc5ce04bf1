//! Answers that are words: in an order, in groups, or one of several. The feedback names the first
//! wrong place and says why. Words are compared without regard to case and outer spaces.

use crate::attempt::{Unsolved, not_yet};

/// Judges an order. `steps` are the words in their right order, each with why it stands there.
///
/// # Errors
/// Nothing answered is not an attempt; else the first wrong place, with the reason of the step that
/// belongs there.
pub fn order(answer: &[&str], steps: &[(&str, &str)]) -> Result<(), Unsolved> {
    let words: Vec<&str> = steps.iter().map(|&(word, _)| word).collect();
    all_once(answer, &words)?;
    for (place, (given, (word, why))) in (1..).zip(answer.iter().zip(steps)) {
        if !same(given, word) {
            return not_yet(format!(
                "The first wrong place is {place}: \"{}\" comes too early there. {why}",
                given.trim()
            ));
        }
    }
    Ok(())
}

/// Judges pairs of an item and its group. `right` holds item, group, and why it belongs there;
/// `groups` are all that may be answered.
///
/// # Errors
/// Nothing answered is not an attempt; else the first item in a wrong group, with its reason.
pub fn classify(
    answer: &[(&str, &str)],
    right: &[(&str, &str, &str)],
    groups: &[&str],
) -> Result<(), Unsolved> {
    let items: Vec<&str> = right.iter().map(|&(item, _, _)| item).collect();
    let given: Vec<&str> = answer.iter().map(|&(item, _)| item).collect();
    all_once(&given, &items)?;
    for (item, group) in answer {
        known(group, groups)?;
        let found = right.iter().find(|(right, _, _)| same(right, item));
        if let Some((item, right, why)) = found
            && !same(right, group)
        {
            return not_yet(format!("\"{item}\" is not \"{}\". {why}", group.trim()));
        }
    }
    Ok(())
}

/// Judges one word. `options` are all words, each with why it is right or wrong.
///
/// # Errors
/// An empty answer is not an attempt; else the reason why this one is wrong.
pub fn choose(answer: &str, right: &str, options: &[(&str, &str)]) -> Result<(), Unsolved> {
    if answer.trim().is_empty() {
        return Err(Unsolved::NotAttempted);
    }
    let words: Vec<&str> = options.iter().map(|&(word, _)| word).collect();
    known(answer, &words)?;
    let chosen = options.iter().find(|(word, _)| same(word, answer));
    match chosen {
        Some((word, why)) if !same(word, right) => not_yet(format!("Not \"{word}\": {why}")),
        _ => Ok(()),
    }
}

/// The word that was probably meant: the one with the fewest changed letters, unless that is most of
/// them.
pub fn nearest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let word = word.trim().to_lowercase();
    let distance = |other: &str| changes(&word, &other.to_lowercase());
    let near = words.iter().min_by_key(|other| distance(other))?;
    (distance(near) * 2 <= near.chars().count().max(2)).then_some(near)
}

/// Every one of `words` stands in the answer once, and nothing else does.
fn all_once(answer: &[&str], words: &[&str]) -> Result<(), Unsolved> {
    if answer.is_empty() {
        return Err(Unsolved::NotAttempted);
    }
    for (at, given) in answer.iter().enumerate() {
        known(given, words)?;
        if answer[..at].iter().any(|earlier| same(earlier, given)) {
            return not_yet(format!("\"{}\" stands there twice.", given.trim()));
        }
    }
    let missing = |word: &&&str| !answer.iter().any(|given| same(given, word));
    match words.iter().find(missing) {
        Some(word) => not_yet(format!(
            "\"{word}\" is missing: you answered {} of {}.",
            answer.len(),
            words.len()
        )),
        None => Ok(()),
    }
}

fn known(given: &str, words: &[&str]) -> Result<(), Unsolved> {
    if words.iter().any(|word| same(word, given)) {
        return Ok(());
    }
    let given = given.trim();
    match nearest(given, words) {
        Some(near) => not_yet(format!(
            "There is no \"{given}\" here. Did you mean \"{near}\"?"
        )),
        None => not_yet(format!(
            "There is no \"{given}\" here. The words are: {}.",
            words.join(", ")
        )),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Levenshtein's distance.
fn changes(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, &with) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != with);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(result: Result<(), Unsolved>) -> String {
        match result {
            Err(Unsolved::NotYet(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_choice_is_refused_with_its_own_reason() {
        let options = [("small", "It is fast."), ("large", "It is too slow here.")];
        let chosen = |word| choose(word, "small", &options);
        assert_eq!(chosen(" Small "), Ok(()));
        assert_eq!(chosen(""), Err(Unsolved::NotAttempted));
        assert!(why(chosen("large")).contains("too slow"));
        assert!(why(chosen("smal")).contains("Did you mean \"small\"?"));
        assert!(why(chosen("whatever")).contains("The words are: small, large."));
    }

    #[test]
    fn an_order_is_refused_at_its_first_wrong_place() {
        let steps = [
            ("one", "It begins."),
            ("two", "It follows one."),
            ("three", "It ends."),
        ];
        assert_eq!(order(&["one", "two", "three"], &steps), Ok(()));
        let refused = why(order(&["one", "three", "two"], &steps));
        assert!(refused.contains("place is 2") && refused.contains("It follows one."));
    }

    #[test]
    fn the_nearest_word_is_not_just_any_word() {
        assert_eq!(
            nearest("zero_gard", &["zero_grad", "step"]),
            Some("zero_grad")
        );
        assert_eq!(nearest("banana", &["zero_grad", "step"]), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
