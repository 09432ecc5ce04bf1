//! Does a cell read from the keyboard as a program would?

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Whether it calls `stdin()`: the function, not a method of that name.
pub fn reads_stdin(code: &str) -> bool {
    code.contains("stdin") && code.parse::<TokenStream>().is_ok_and(calls)
}

fn calls(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_call = |at: usize| {
        let name = matches!(&tokens[at], TokenTree::Ident(name) if name == "stdin");
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let of_its_own = !match before {
            Some(TokenTree::Punct(sign)) => sign.as_char() == '.',
            Some(TokenTree::Ident(word)) => word == "fn",
            _ => false,
        };
        let without_arguments = matches!(tokens.get(at + 1), Some(TokenTree::Group(group))
            if group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty());
        name && of_its_own && without_arguments
    };
    (0..tokens.len()).any(is_call)
        || tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => calls(group.stream()),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::reads_stdin;

    #[test]
    fn only_the_function_is_a_call_of_stdin() {
        for code in [
            "std::io::stdin().read_line(&mut s)?;",
            "use std::io::stdin;\nfor l in stdin().lock().lines() {}",
            "fn f() { let s = io::read_to_string(io::stdin()).unwrap(); }",
        ] {
            assert!(reads_stdin(code), "{code}");
        }
        for code in [
            "Command::new(\"cat\").stdin(Stdio::null());",
            "child.stdin.take()",
            "// stdin()\nprintln!(\"stdin()\");",
            "fn stdin() {}",
        ] {
            assert!(!reads_stdin(code), "{code}");
        }
    }
}
