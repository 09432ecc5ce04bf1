//! Kinds of tensors that differ where they must not: lines of libtorch's go in, plain words come out.
//! Knows nothing of shapes.

/// What such a line means.
pub(super) fn words(line: &str) -> Option<String> {
    let named = if line.contains(" same dtype, but ") {
        line.rsplit_once(" but ")?.1
    } else if let Some(named) = line.strip_prefix("expected scalar type ") {
        named
    } else if let Some(named) = line.strip_prefix("result type ") {
        let (result, into) = named.split_once(" can't be cast")?;
        let (result, into) = (kinds_in(result).pop()?, kinds_in(into).pop()?);
        return Some(format!(
            "a result of kind {result} does not fit into a tensor of kind {into}: convert that one \
             first, with .to_kind(Kind::{result})"
        ));
    } else {
        let found = line.strip_prefix("expected target dtype to be Long or Byte, but got ")?;
        let found = kinds_in(found).pop()?;
        return Some(format!(
            "the numbers of classes have kind {found}: convert them with .to_kind(Kind::Int64)"
        ));
    };
    let named = kinds_in(named);
    let [one, .., other] = named.as_slice() else {
        return None;
    };
    // Weights are of this kind, and fractions would be lost.
    let (kept, converted) = match *other {
        "Float" => (other, one),
        _ => (one, other),
    };
    Some(format!(
        "the tensors have kinds {one} and {other}, and need the same: convert the {converted} one with \
         .to_kind(Kind::{kept})"
    ))
}

/// Each kind that a text names, once, as tch names it.
fn kinds_in(text: &str) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    let text = text.replace("long int", "Long");
    for word in text.split(|one: char| !one.is_alphanumeric()) {
        let kind = match word {
            "Float" | "float" => "Float",
            "Double" | "double" => "Double",
            "Half" => "Half",
            "BFloat16" => "BFloat16",
            "Long" => "Int64",
            "Int" | "int" => "Int",
            "Byte" => "Uint8",
            "Bool" | "bool" => "Bool",
            _ => continue,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn kinds_that_differ_are_named_as_tch_names_them() {
        let words = |one, other, converted, kept| {
            format!(
                "the tensors have kinds {one} and {other}, and need the same: convert the {converted} one \
                 with .to_kind(Kind::{kept})"
            )
        };
        for line in [
            "expected m1 and m2 to have the same dtype, but got: float != long int",
            "self and mat2 must have the same dtype, but got Float and Long",
            "dot : expected both vectors to have same dtype, but found Float and Long",
            "expected scalar type Float but found Long",
        ] {
            check(line, &words("Float", "Int64", "Int64", "Float"));
        }
        check(
            "addmv input tensors must have the same dtype, but got Double, Float, and Double",
            &words("Double", "Float", "Double", "Float"),
        );
        check(
            "expected m1 and m2 to have the same dtype, but got: int != long int",
            &words("Int", "Int64", "Int64", "Int"),
        );
        check(
            "expected m1 and m2 to have the same dtype, but got: c10::BFloat16 != float",
            &words("BFloat16", "Float", "BFloat16", "Float"),
        );
        check(
            "result type Float can't be cast to the desired output type Long",
            "a result of kind Float does not fit into a tensor of kind Int64: convert that one first, with \
             .to_kind(Kind::Float)",
        );
        check(
            "expected target dtype to be Long or Byte, but got Float",
            "the numbers of classes have kind Float: convert them with .to_kind(Kind::Int64)",
        );
    }
}
