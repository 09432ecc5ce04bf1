//! libtorch's errors in plain words: the shapes first, the C++ text left out.
//! Knows nothing of where they come from.

mod kinds;
mod printed;
mod shapes;

pub(crate) use printed::{Printed, value};

/// The message of a panic or an error, without what only a C++ programmer needs.
pub(crate) fn plain(message: &str) -> String {
    let Some(text) = torch_text(message) else {
        return message.to_owned();
    };
    let first = text.lines().next().unwrap_or_default().trim();
    let first = first
        .strip_prefix("Internal torch error: ")
        .unwrap_or(first);
    match in_plain_words(first) {
        Some(words) => format!("{words}\nlibtorch: {first}"),
        None => format!("libtorch: {first}"),
    }
}

/// The text inside `Torch("..")`, or an error that is libtorch's by its trace.
fn torch_text(message: &str) -> Option<String> {
    if let Some(at) = message.find("Torch(\"") {
        let quoted = &message[at + "Torch(\"".len()..];
        let end = quoted.rfind("\")").unwrap_or(quoted.len());
        return Some(
            quoted[..end]
                .replace("\\n", "\n")
                .replace("\\\"", "\"")
                .replace("\\'", "'"),
        );
    }
    let traced = message.contains("Exception raised from ");
    traced.then(|| message.to_owned())
}

/// What learners get wrong most.
fn in_plain_words(line: &str) -> Option<String> {
    shapes::words(line)
        .or_else(|| kinds::words(line))
        .or_else(|| gradient(line))
}

/// Whether weights were changed in place while what is done with them is recorded.
pub(crate) fn is_change_of_a_leaf(line: &str) -> bool {
    line.contains("leaf Variable that requires grad")
        && line.contains("is being used in an in-place operation")
}

fn gradient(line: &str) -> Option<String> {
    let words = if line.contains("does not require grad and does not have a grad_fn") {
        "backward: nothing that this was computed from asks for a gradient: make the weights with \
         .set_requires_grad(true)"
    } else if is_change_of_a_leaf(line) {
        "this tensor's gradient is recorded, so a step that changes it in place must not be: put the step into \
         no_grad(|| { .. })"
    } else if line.starts_with("Trying to backward through the graph a second time") {
        "backward: the steps that led here are forgotten after the first backward: compute the loss anew \
         before each"
    } else {
        return None;
    };
    Some(words.to_owned())
}

/// The part of a text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let end = text[start..].find(after)? + start;
    Some(&text[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a line of libtorch's, which stays below it.
    pub(super) fn check(line: &str, words: &str) {
        let message = format!(
            "called `Result::unwrap()` on an `Err` value: Torch(\"{line}\\nException raised from meta at \
             ../aten/x.cpp:1\\nframe #0: c10::Error\")"
        );
        assert_eq!(plain(&message), format!("{words}\nlibtorch: {line}"));
    }

    #[test]
    fn a_gradient_that_cannot_be_had_is_told_with_what_to_do() {
        check(
            "element 0 of tensors does not require grad and does not have a grad_fn",
            "backward: nothing that this was computed from asks for a gradient: make the weights with \
             .set_requires_grad(true)",
        );
        check(
            "Trying to backward through the graph a second time (or directly access saved tensors after they \
             have already been freed).",
            "backward: the steps that led here are forgotten after the first backward: compute the loss anew \
             before each",
        );
    }

    #[test]
    fn what_is_not_known_stays_as_it_is_without_cpp() {
        let message =
            "Torch(\"Internal torch error: self must be a matrix\\nException raised from meta\")";
        assert_eq!(plain(message), "libtorch: self must be a matrix");
        assert_eq!(
            plain("expected scalar type Odd but found Float\nException raised from x"),
            "libtorch: expected scalar type Odd but found Float"
        );
        for message in ["index out of bounds", "Target 9 is out of bounds."] {
            assert_eq!(plain(message), message);
        }
    }
}
