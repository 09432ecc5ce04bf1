//! libtorch's errors in plain words: the shapes first, the C++ text left out.
//! Knows nothing of where they come from.

/// The message of a panic or an error, without what only a C++ programmer needs.
pub(crate) fn plain(message: &str) -> String {
    let Some(text) = torch_text(message) else {
        return message.to_owned();
    };
    let first = text.lines().next().unwrap_or_default().trim();
    match mismatch(first) {
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

/// Both shapes of the operations that learners get wrong most.
fn mismatch(line: &str) -> Option<String> {
    if let Some(shapes) = between(line, "mat1 and mat2 shapes cannot be multiplied (", ")") {
        let (left, right) = shapes.split_once(" and ")?;
        let (rows, inner) = left.split_once('x')?;
        let (other_inner, columns) = right.split_once('x')?;
        return Some(format!(
            "matmul: left is [{rows}, {inner}], right is [{other_inner}, {columns}]: the inner sizes \
             {inner} and {other_inner} differ"
        ));
    }
    let broadcast = "The size of tensor a (";
    if let Some(rest) = line.strip_prefix(broadcast) {
        let a = rest.split(')').next()?;
        let b = between(line, "tensor b (", ")")?;
        let dimension = line.rsplit("dimension ").next()?.trim_end_matches('.');
        return Some(format!(
            "the two tensors do not fit together: at dimension {dimension} one has size {a}, the \
             other {b}; sizes must be equal there, or 1"
        ));
    }
    None
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let end = text[start..].find(after)? + start;
    Some(&text[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_come_first_and_cpp_is_left_out() {
        let message = "called `Result::unwrap()` on an `Err` value: Torch(\"mat1 and mat2 shapes cannot be multiplied (1x2 and 1x3)\\nException raised from meta at ../aten/x.cpp:1\\nframe #0: c10::Error\")";
        assert_eq!(
            plain(message),
            "matmul: left is [1, 2], right is [1, 3]: the inner sizes 2 and 1 differ\n\
             libtorch: mat1 and mat2 shapes cannot be multiplied (1x2 and 1x3)"
        );
        let message = "Torch(\"The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1\\nException\")";
        assert!(plain(message).starts_with(
            "the two tensors do not fit together: at dimension 1 one has size 3, the other 4"
        ));
        assert_eq!(plain("index out of bounds"), "index out of bounds");
    }
}
