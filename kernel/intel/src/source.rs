//! A session and a cell become one file for rust-analyzer.
//! Knows nothing of questions: it only says where a byte of the cell lies in the file.

use serde::Deserialize;

/// The function that the cell's statements stand in.
pub const WRAPPING: &str = "gradbook_cell";

/// What earlier cells left, as source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Session {
    /// Lines of a manifest: `rand = "0.9"`, or a name alone.
    #[serde(default)]
    pub dependencies: Vec<String>,
    /// What is kept: `use`, functions, types.
    #[serde(default)]
    pub items: String,
    /// A `let` with its type for each variable.
    #[serde(default)]
    pub variables: String,
}

/// The file, and where the cell begins in it.
#[derive(Debug)]
pub struct Source {
    /// All of it.
    pub text: String,
    start: usize,
    length: usize,
}

impl Source {
    /// Items come first: as long as they stay as they are, rust-analyzer keeps what it knows of them
    /// and looks at one function body anew.
    pub fn of(session: &Session, code: &str) -> Source {
        let Session {
            items, variables, ..
        } = session;
        let mut text = format!(
            "{items}\nfn {WRAPPING}() -> Result<(), Box<dyn ::std::error::Error>> {{\n{variables}\n"
        );
        let start = text.len();
        text.push_str(code);
        text.push_str("\n}\n");
        Source {
            text,
            start,
            length: code.len(),
        }
    }

    /// Where a byte of the cell lies.
    pub fn offset(&self, cursor: usize) -> usize {
        self.start + cursor
    }

    /// The byte of the cell that lies here.
    pub fn back(&self, offset: usize) -> usize {
        offset.saturating_sub(self.start).min(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_cell_is_found_in_the_file_and_back() {
        let session = Session {
            items: "struct A;".to_owned(),
            variables: "let a: A;\n".to_owned(),
            ..Session::default()
        };
        let source = Source::of(&session, "größe.x");
        let at = source.offset(7);
        assert_eq!(&source.text[at..at + 2], ".x");
        assert_eq!(source.back(at), 7);
        assert_eq!(source.back(0), 0);
        assert_eq!(source.back(source.text.len()), "größe.x".len());
    }
}
