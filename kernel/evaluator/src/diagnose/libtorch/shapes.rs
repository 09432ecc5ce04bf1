//! Shapes that do not fit and indices that are not there: lines of libtorch's go in, plain words come out.
//! Knows nothing of kinds.

use super::between;

/// What such a line means.
pub(super) fn words(line: &str) -> Option<String> {
    [product, elements, new_shape, index, dimension]
        .iter()
        .find_map(|words| words(line))
}

/// Of matrices, of a matrix and a vector, of two vectors, of two batches of matrices.
fn product(line: &str) -> Option<String> {
    if let Some(shapes) = between(line, "mat1 and mat2 shapes cannot be multiplied (", ")") {
        let (left, right) = shapes.split_once(" and ")?;
        let (rows, inner) = left.split_once('x')?;
        let (other_inner, columns) = right.split_once('x')?;
        return Some(format!(
            "matmul: left is [{rows}, {inner}], right is [{other_inner}, {columns}]: the inner sizes \
             {inner} and {other_inner} differ"
        ));
    }
    if line.starts_with("size mismatch, got input (") {
        let (rows, inner) = between(line, "mat (", ")")?.split_once('x')?;
        let length = between(line, "vec (", ")")?;
        return Some(format!(
            "matmul: left is [{rows}, {inner}], right is [{length}]: the inner sizes {inner} and \
             {length} differ"
        ));
    }
    if let Some(left) = between(
        line,
        "inconsistent tensor size, expected tensor ",
        " and src ",
    ) {
        let right = between(line, " and src ", " to have")?;
        return Some(format!(
            "matmul: left is {left}, right is {right}: two vectors need the same length"
        ));
    }
    let batches = "Expected size for first two dimensions of batch2 tensor to be: ";
    let (wanted, found) = line.strip_prefix(batches)?.split_once(" but got: ")?;
    let found = found.trim_end_matches('.');
    Some(format!(
        "matmul of batches: right must begin with {wanted}, but begins with {found}: as many matrices, \
         and the same inner size"
    ))
}

fn elements(line: &str) -> Option<String> {
    let a = between(line, "The size of tensor a (", ")")?;
    let b = between(line, "tensor b (", ")")?;
    let dimension = line.rsplit("dimension ").next()?.trim_end_matches('.');
    Some(format!(
        "the two tensors do not fit together: at dimension {dimension} one has size {a}, the other {b}; \
         sizes must be equal there, or 1"
    ))
}

fn new_shape(line: &str) -> Option<String> {
    if line.starts_with("view size is not compatible with input tensor's size and stride") {
        let words = "view: the elements lie in another order in memory, after a transpose for one: \
                     .reshape(..) copies them";
        return Some(words.to_owned());
    }
    let shape = between(line, "shape '", "' is invalid for input of size ")?;
    let elements = line.rsplit("size ").next()?;
    let sizes = shape.trim_matches(['[', ']']).split(", ");
    let sizes: Vec<i64> = sizes.filter_map(|size| size.parse().ok()).collect();
    let product: i64 = sizes.iter().filter(|size| **size >= 0).product();
    Some(match sizes.contains(&-1) {
        true => format!(
            "the tensor has {elements} elements, which do not fill {shape}: {elements} is no multiple \
             of {product}"
        ),
        false => format!("the tensor has {elements} elements, but {shape} holds {product}"),
    })
}

fn index(line: &str) -> Option<String> {
    if let Some(class) = between(line, "Target ", " is out of bounds") {
        return Some(format!(
            "{class} is no class: the logits have one column for each, counted from 0"
        ));
    }
    if line == "index out of range in self" {
        return Some("an index is out of range: the embedding has no such row".to_owned());
    }
    let (index, size, of) = if let Some(index) = between(line, "select(): index ", " out of range")
    {
        let shape = between(line, "tensor of size ", " at dimension ")?;
        let dimension = line.rsplit("dimension ").next()?;
        let mut sizes = shape.trim_matches(['[', ']']).split(", ");
        let size = sizes.nth(dimension.parse().ok()?)?;
        (index, size, format!("dimension {dimension} of {shape}"))
    } else if let Some(index) = between(line, "index ", " is out of bounds for dimension ") {
        let dimension = between(line, "for dimension ", " with size ")?;
        let size = line.rsplit("size ").next()?;
        (index, size, format!("dimension {dimension}"))
    } else {
        let index = between(line, "out of DATA bounds, id=", " axis_dim=")?;
        let size = line.rsplit('=').next()?;
        (index, size, "the dimension".to_owned())
    };
    Some(match size.parse::<i64>().ok()? {
        0 => format!("index {index} is out of range: {of} has no elements"),
        size => format!(
            "index {index} is out of range: {of} has size {size}, its last index is {}",
            size - 1
        ),
    })
}

fn dimension(line: &str) -> Option<String> {
    let range = line.strip_prefix("Dimension out of range (expected to be in range of [")?;
    let last = between(range, ", ", "]")?;
    let asked = between(range, "but got ", ")")?;
    Some(match last {
        "0" => format!("there is no dimension {asked}: the only one is 0"),
        last => format!("there is no dimension {asked}: they go from 0 to {last}"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    // All lines are libtorch 2.13's own.

    #[test]
    fn products_show_both_shapes() {
        check(
            "mat1 and mat2 shapes cannot be multiplied (1x2 and 1x3)",
            "matmul: left is [1, 2], right is [1, 3]: the inner sizes 2 and 1 differ",
        );
        check(
            "size mismatch, got input (2), mat (2x3), vec (2)",
            "matmul: left is [2, 3], right is [2]: the inner sizes 3 and 2 differ",
        );
        check(
            "inconsistent tensor size, expected tensor [3] and src [2] to have the same number of elements, \
             but got 3 and 2 elements respectively",
            "matmul: left is [3], right is [2]: two vectors need the same length",
        );
        check(
            "Expected size for first two dimensions of batch2 tensor to be: [4, 3] but got: [4, 2].",
            "matmul of batches: right must begin with [4, 3], but begins with [4, 2]: as many matrices, and \
             the same inner size",
        );
    }

    #[test]
    fn elements_show_the_dimension_that_does_not_fit() {
        check(
            "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
            "the two tensors do not fit together: at dimension 1 one has size 3, the other 4; sizes must be \
             equal there, or 1",
        );
    }

    #[test]
    fn a_new_shape_is_counted() {
        check(
            "shape '[2, 2]' is invalid for input of size 6",
            "the tensor has 6 elements, but [2, 2] holds 4",
        );
        check(
            "shape '[]' is invalid for input of size 4",
            "the tensor has 4 elements, but [] holds 1",
        );
        check(
            "shape '[-1, 3]' is invalid for input of size 4",
            "the tensor has 4 elements, which do not fill [-1, 3]: 4 is no multiple of 3",
        );
        check(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans \
             across two contiguous subspaces). Use .reshape(...) instead.",
            "view: the elements lie in another order in memory, after a transpose for one: .reshape(..) \
             copies them",
        );
    }

    #[test]
    fn an_index_is_told_how_far_it_may_go() {
        check(
            "select(): index 5 out of range for tensor of size [2, 4] at dimension 1",
            "index 5 is out of range: dimension 1 of [2, 4] has size 4, its last index is 3",
        );
        check(
            "select(): index 0 out of range for tensor of size [0] at dimension 0",
            "index 0 is out of range: dimension 0 of [0] has no elements",
        );
        check(
            "index 5 is out of bounds for dimension 1 with size 3",
            "index 5 is out of range: dimension 1 has size 3, its last index is 2",
        );
        check(
            "INDICES element is out of DATA bounds, id=5 axis_dim=3",
            "index 5 is out of range: the dimension has size 3, its last index is 2",
        );
        check(
            "index out of range in self",
            "an index is out of range: the embedding has no such row",
        );
        check(
            "Target 9 is out of bounds.",
            "9 is no class: the logits have one column for each, counted from 0",
        );
        check(
            "Dimension out of range (expected to be in range of [-2, 1], but got 5)",
            "there is no dimension 5: they go from 0 to 1",
        );
        check(
            "Dimension out of range (expected to be in range of [-1, 0], but got 2)",
            "there is no dimension 2: the only one is 0",
        );
    }
}
