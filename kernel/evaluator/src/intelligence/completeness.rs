//! Unfinished cells pass through here: would Enter run them, or begin a new line?
//! Knows nothing of names and types: what parses is complete.

use gradbook_protocol::evaluator::Completeness;
use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};

use crate::commands::split;

use super::lexis::{self, Inside, Scan};

const STEP: &str = "    ";

/// Whether `code` is a whole cell.
pub fn of(code: &str) -> Completeness {
    let (_, rust) = split(code);
    let scan = lexis::scan(&rust);
    if scan.mismatch.is_some() {
        return Completeness::Invalid;
    }
    match scan.inside {
        Some(Inside::Text) => {
            return Completeness::Incomplete {
                indent: String::new(),
            };
        }
        Some(Inside::BlockComment) => return incomplete(indent_of_last_line(code)),
        Some(Inside::LineComment) | None => {}
    }
    if !scan.open.is_empty() {
        return unclosed(&rust, &scan);
    }
    match parse(&rust) {
        Ok(()) => Completeness::Complete,
        // A second empty line says that nothing more is to come: rustc then tells what is missing.
        Err(error) if error.at_end(&rust) && !code.ends_with("\n\n") => {
            incomplete(indent_after_last_line(&rust))
        }
        Err(_) => Completeness::Invalid,
    }
}

/// Brackets are open. It can only be mended if all before its end is right.
fn unclosed(rust: &str, scan: &Scan) -> Completeness {
    let closed = format!("{rust}\n{}", lexis::closers(rust));
    match parse(&closed) {
        Err(error) if !error.at_end(rust) => Completeness::Invalid,
        _ => {
            let innermost = scan.open.last().map_or(0, |(_, at)| *at);
            let line = rust[..innermost].rfind('\n').map_or(0, |end| end + 1);
            let deeper = format!("{}{STEP}", indent_of(&rust[line..]));
            incomplete(deeper)
        }
    }
}

/// Where parsing failed.
#[derive(Debug)]
enum Failed {
    /// The source ended too early.
    End,
    /// At a byte.
    At(usize),
}

impl Failed {
    /// Whether more source behind `code` could have helped.
    fn at_end(&self, code: &str) -> bool {
        match self {
            Failed::End => true,
            Failed::At(at) => *at >= code.trim_end().len(),
        }
    }
}

fn parse(rust: &str) -> Result<(), Failed> {
    let tokens: TokenStream = rust
        .parse()
        .map_err(|error: proc_macro2::LexError| Failed::At(error.span().byte_range().start))?;
    let empty = tokens.is_empty();
    let cell = |input: ParseStream<'_>| {
        input.call(syn::Attribute::parse_inner)?;
        input.call(syn::Block::parse_within)
    };
    match cell.parse2(tokens) {
        Ok(_) => Ok(()),
        Err(_) if empty => Ok(()),
        Err(error) => {
            let range = error.span().byte_range();
            // At the end of all tokens there is none to point to.
            Err(if range.is_empty() {
                Failed::End
            } else {
                Failed::At(range.start)
            })
        }
    }
}

fn incomplete(indent: String) -> Completeness {
    Completeness::Incomplete { indent }
}

/// Behind `let x =` the next line goes deeper, behind `#[..]` and further links of a chain it does not.
fn indent_after_last_line(rust: &str) -> String {
    let indent = indent_of_last_line(rust);
    let line = rust
        .trim_end()
        .lines()
        .next_back()
        .unwrap_or_default()
        .trim();
    if line.starts_with(['#', '.']) || line.ends_with("else") || line.starts_with("//") {
        indent
    } else {
        indent + STEP
    }
}

fn indent_of_last_line(code: &str) -> String {
    indent_of(code.trim_end().lines().next_back().unwrap_or_default())
}

fn indent_of(line: &str) -> String {
    line.chars()
        .take_while(|character| matches!(character, ' ' | '\t'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[&str], expected: &Completeness) {
        for cell in cells {
            assert_eq!(&of(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn whole_cells_are_complete() {
        check(
            &[
                "",
                "   \n",
                "// only a comment",
                "1 + 1",
                "let x = 1;",
                "let x = 1; x",
                "fn f() -> i32 { 1 }\nlet y = f();\ny",
                "struct A;\nimpl A { fn f(&self) {} }",
                "for i in 0..3 { println!(\"{i}\"); }",
                ":dep rand = \"0.9\"",
                ":vars",
                ":dep rand\nlet x = 1;",
                "?Vec",
                "println!(\"{}\", \"}\")",
                "let c = '{'; let s = r#\"(\"#;",
                "match x { 1 => 2, _ => 3 }",
                "#![allow(unused)]\nlet x = 1;",
                "let Some(x) = y else { panic!() };",
                "macro_rules! m { ($e:expr) => { $e } }",
                "a.b()\n    .c()",
                "let λ = 1.5; λ",
            ],
            &Completeness::Complete,
        );
    }

    #[test]
    fn cells_that_go_on_are_incomplete() {
        let indented = Completeness::Incomplete {
            indent: STEP.to_owned(),
        };
        check(
            &[
                "fn f() {",
                "let x =",
                "let x = 1 +",
                "fn f() ->",
                "let v = vec![1,",
                "foo(a,",
                "if x",
                "for i in 0..3 {\n    println!(\"{i}\");",
                "impl A {\n    fn f(&self) {}",
                "match x {\n    1 => 2,",
                "tensor.",
                "let x: Vec<",
                "println!(\"{}\",",
                "struct A {\n    x: f64,",
                "let x = if a {",
            ],
            &indented,
        );
        check(
            &[
                "let s = \"abc",
                "r#\"abc\"",
                "#[derive(Debug)]",
                "/* comment",
                "/// Documents\n",
            ],
            &Completeness::Incomplete {
                indent: String::new(),
            },
        );
    }

    #[test]
    fn the_indent_follows_the_innermost_bracket() {
        let indent = |cell: &str| match of(cell) {
            Completeness::Incomplete { indent } => indent.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(indent("fn f() {\n    if a {"), 8);
        assert_eq!(indent("fn f() {\n    if a {\n        b();\n    }"), 4);
        assert_eq!(indent("fn f() {\n    g(\n        1,"), 8);
        assert_eq!(indent("x\n    .map(f)\n    ."), 4);
        assert_eq!(indent("let y = x\n    .map(|x| x + 1"), 8);
    }

    #[test]
    fn what_nothing_can_mend_is_invalid() {
        check(
            &[
                "}",
                "let x = );",
                "f(]",
                "let = 1;",
                "fn 1() {}",
                "let x = 1 2;",
                "let x = (1 + );",
                "fn f( { }",
                "let x = 1 1; foo(",
                "let x =\n\n",
            ],
            &Completeness::Invalid,
        );
    }
}
