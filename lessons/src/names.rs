//! A name that nothing has becomes a sentence with the nearest one and those there are.
//! Knows nothing of what the names stand for.

/// Names listed after the nearest one.
const LISTED: usize = 12;

/// What to say where `call(name)` asks for a `kind` that is not among `known`.
pub(crate) fn unknown(call: &str, kind: &str, name: &str, known: &[&str]) -> String {
    let mut text = format!("{call}({name:?}): there is no such {kind}");
    let Some(near) = nearest(name, known) else {
        return match known {
            [] => format!("{text}: there are no {kind}s here"),
            _ => format!("{text}; {}", listed(kind, known)),
        };
    };
    text += &format!("; did you mean {near:?}? {}", capital(&listed(kind, known)));
    text
}

fn listed(kind: &str, known: &[&str]) -> String {
    let first = known.iter().take(LISTED).copied().collect::<Vec<_>>();
    let more = match known.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let are = if known.len() == 1 { " is" } else { "s are" };
    format!("the {kind}{are} {}{more}", first.join(", "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The known name that takes the fewest changes, where a slip of the hand may explain them: up to a
/// third of the letters. Capitals do not count.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let asked = name.to_lowercase();
    let allowed = asked.chars().count().div_ceil(3).min(3);
    let found = known
        .iter()
        .map(|other| (distance(&asked, &other.to_lowercase(), allowed), *other));
    let (changes, near) = found.min_by_key(|(changes, _)| *changes)?;
    // Of names this short every letter is the whole of it: 5 is no slip for 2.
    let shared = near
        .chars()
        .any(|letter| asked.contains(letter.to_ascii_lowercase()));
    (changes <= allowed && shared).then_some(near)
}

/// How many letters must be put in, left out, changed, or swapped with the next one; anything over
/// `most` where it is more than that.
fn distance(one: &str, other: &str, most: usize) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return most + 1;
    }
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (last[j] + usize::from(a != b)).min(last[j + 1] + 1);
            least = least.min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_swaps_as_one() {
        for (one, other, changes) in [
            ("weight", "weight", 0),
            ("weigth", "weight", 1),
            ("wieght", "weight", 1),
            ("weigt", "weight", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other, 9), changes, "{one} {other}");
        }
    }

    #[test]
    fn slips_are_guessed_and_other_names_are_not() {
        let known = ["0.weight", "0.bias", "2.weight", "2.bias"];
        assert_eq!(nearest("0.weigth", &known), Some("0.weight"));
        assert_eq!(nearest("2.BIAS", &known), Some("2.bias"));
        assert_eq!(nearest("encoder", &known), None);
        assert_eq!(nearest("5", &["0", "1", "2"]), None);
        assert_eq!(nearest("", &known), None);
    }

    #[test]
    fn long_lists_end_after_a_dozen() {
        let names: Vec<String> = (0..40).map(|at| format!("layer{at}")).collect();
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let text = unknown("layer", "layer", "encoder", &known);
        assert!(text.ends_with("layer10, layer11 and 28 more"), "{text}");
        assert_eq!(
            unknown("layer", "layer", "a", &[]),
            "layer(\"a\"): there is no such layer: there are no layers here"
        );
    }
}
