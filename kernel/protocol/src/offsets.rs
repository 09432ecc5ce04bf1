//! Jupyter counts code points, the evaluator counts bytes: one offset goes in, the other comes out.
//! Knows nothing of what is at an offset.

/// The byte at which the code point number `code_point` starts; the end of `code` past its end.
pub(crate) fn byte_of(code: &str, code_point: usize) -> usize {
    code.char_indices()
        .nth(code_point)
        .map_or(code.len(), |(byte, _)| byte)
}

/// How many code points start before `byte`; a byte inside one counts as its start.
pub(crate) fn code_point_of(code: &str, byte: usize) -> usize {
    let byte = code.floor_char_boundary(byte);
    code[..byte].chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_code_points_and_not_graphemes_or_utf_16() {
        // One byte, two bytes, four bytes (two UTF-16 units), a letter with a combining mark.
        let code = "aλ𝛼e\u{301}.";
        let bytes: Vec<usize> = (0..8).map(|code_point| byte_of(code, code_point)).collect();
        assert_eq!(bytes, [0, 1, 3, 7, 8, 10, 11, 11]);
        assert_eq!(code_point_of(code, 2), 1);
        assert_eq!(code_point_of(code, 999), 6);
    }

    proptest! {
        #[test]
        fn there_and_back(code in any::<String>(), at in any::<prop::sample::Index>()) {
            let code_point = at.index(code.chars().count() + 1);
            prop_assert_eq!(code_point_of(&code, byte_of(&code, code_point)), code_point);
        }
    }
}
