//! What of rustc's messages is about libraries and not about the cell is left out: a learner has no use for
//! the implementations of a crate that another crate brings.

/// Crates that nobody writes in a cell, and modules of those that a cell does write.
const INSIDES: [&str; 23] = [
    "bstr",
    "ByteStr",
    "num_complex",
    "num_traits",
    "ndarray",
    "half::",
    "f16",
    "f128",
    "serde_json",
    "serde::",
    "zerocopy",
    "safetensors",
    "bytes::",
    "regex",
    "tiktoken",
    "hashbrown",
    "gradbook",
    "core_simd",
    "Simd<",
    "Saturating<",
    "lessons::show::",
    "Displayable<",
    "{closure",
];

/// Paths by way of the kernel's own crates, and what a cell writes instead.
const PATHS: [(&str, &str); 5] = [
    ("gradbook_runtime::tch::nn::", "tch::nn::"),
    ("gradbook_runtime::tch::", ""),
    ("gradbook_runtime::", ""),
    ("__gradbook.", ""),
    ("__gradbook", ""),
];

/// A message as the cell's author would put it: no path by way of the kernel's own crates.
pub(crate) fn without_paths(message: &str) -> String {
    let mut message = message.to_owned();
    if let Some(list) = listed(&message) {
        message = list;
    }
    for (path, name) in PATHS {
        message = message
            .replace(&format!("::{path}"), name)
            .replace(path, name);
    }
    message = without_places(&message);
    for module in ["lessons::", "course::"] {
        message = without_modules(&message, module);
    }
    message
}

/// Whether a message is about nothing else than what [`INSIDES`] names.
pub(crate) fn is_inside(message: &str) -> bool {
    let first = message.lines().next().unwrap_or_default();
    let quoted: Vec<&str> = first.split('`').skip(1).step_by(2).collect();
    !quoted.is_empty()
        && (first.starts_with("the trait `Displayable<")
            || quoted.iter().all(|named| names_inside(named)))
}

fn names_inside(text: &str) -> bool {
    INSIDES.iter().any(|name| text.contains(name))
}

/// A list of implementations without those that nobody asked for. `None` where the message is no list.
fn listed(message: &str) -> Option<String> {
    let (head, rows) = message.split_once('\n')?;
    if !head.contains("implement trait") && !head.contains("implementations of") {
        return None;
    }
    let mut left_out = false;
    let rows: Vec<&str> = rows
        .lines()
        .filter(|row| {
            // "and 160 others": most of them are of the kind left out.
            let told = !names_inside(row) && !row.trim_start().starts_with("and ");
            left_out |= !told;
            told
        })
        .collect();
    if rows.is_empty() {
        return Some(String::new());
    }
    let rest = if left_out { "\n  and others" } else { "" };
    Some(format!("{head}\n{}{rest}", rows.join("\n")))
}

/// `{closure@gradbook-cell-1.rs:2:3: 4:5}` as `closure`: the place is one in generated source.
fn without_places(message: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some((before, place)) = rest.split_once("@gradbook-cell-") {
        let Some(((before, what), (_, after))) = before.rsplit_once('{').zip(place.split_once('}'))
        else {
            break;
        };
        text.push_str(before);
        text.push_str(what);
        rest = after;
    }
    text + rest
}

/// `lessons::linear::Linear` as `Linear`: every type of the lessons that a cell holds is in scope there.
fn without_modules(message: &str, root: &str) -> String {
    let mut text = String::new();
    let mut rest = message;
    while let Some(at) = rest.find(root) {
        let (before, from) = rest.split_at(at);
        let inside_a_name = before.ends_with(|one: char| one.is_alphanumeric() || one == '_');
        let path = from
            .find(|one: char| !(one.is_alphanumeric() || one == '_' || one == ':'))
            .map_or(from, |end| &from[..end]);
        let last = path.rsplit("::").next().unwrap_or_default();
        let is_type = last.starts_with(char::is_uppercase);
        text.push_str(match is_type {
            true => before.trim_end_matches("::"),
            false => before,
        });
        text.push_str(if is_type && !inside_a_name {
            last
        } else {
            path
        });
        rest = &from[path.len()..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_by_way_of_the_kernel_are_left_out() {
        let check = |message: &str, told: &str| assert_eq!(without_paths(message), told);
        check(
            "found struct `gradbook_runtime::tch::Tensor`",
            "found struct `Tensor`",
        );
        check(
            "expected `::gradbook_runtime::lessons::linear::Linear`",
            "expected `Linear`",
        );
        check(
            "expected `lessons::layer::Layer`, found `f64`",
            "expected `Layer`, found `f64`",
        );
        check(
            "use `lessons::tensors::tensor`",
            "use `lessons::tensors::tensor`",
        );
        check("my_lessons::a::B", "my_lessons::a::B");
        check(
            "`Option<{closure@gradbook-cell-09aca.rs:26:14: 26:22}>`, `{async block@gradbook-cell-09.rs:1:1: 2:2}`",
            "`Option<closure>`, `async block`",
        );
    }

    #[test]
    fn lists_keep_what_a_learner_may_write() {
        let list = "the following other types implement trait `Add<Rhs>`:\n  `&f128` implements `Add<f128>`\n  \
                    `f64` implements `Add<&f64>`\n  `&f32` implements `Add<num_complex::Complex<f32>>`\nand 160 others";
        assert_eq!(
            without_paths(list),
            "the following other types implement trait `Add<Rhs>`:\n  `f64` implements `Add<&f64>`\n  and others"
        );
        let none = "the following other types implement trait `From<T>`:\n  `serde_json::Value` implements `From<f64>`";
        assert_eq!(without_paths(none), "");
        let all = "the following other types implement trait `A`:\n  `X`\n  `Y`";
        assert_eq!(without_paths(all), all);
    }

    #[test]
    fn a_note_about_nothing_but_insides_is_known() {
        assert!(is_inside(
            "the trait `Displayable<_>` is not implemented for `Own`"
        ));
        assert!(is_inside(
            "required for `serde_json::Value` to implement `serde::Serialize`"
        ));
        assert!(!is_inside("expected `f64`, found `ndarray::Array`"));
        assert!(!is_inside("consider borrowing here"));
    }
}
