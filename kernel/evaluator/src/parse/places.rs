//! What a cell's source says of its own place (`file!()`, `line!()`, `include_str!("data.txt")`,
//! `mod tools;`), written so that it means the cell and the notebook's folder and not the generated file.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

use super::fragment::{Edit, Text};

/// Macros that read a file beside the source.
const INCLUDES: [&str; 3] = ["include", "include_bytes", "include_str"];

/// Macros that print, and where ours are: they keep the order of stdout and stderr.
const PRINTS: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];
const PRINTING: &str = "::gradbook_runtime::printing::";

/// The edits in a statement or item.
pub(super) fn edits(statement: &syn::Stmt, text: &Text) -> Vec<Edit> {
    // What a macro writes has the place of its call.
    if matches!(statement, syn::Stmt::Item(syn::Item::Macro(node)) if node.ident.is_some()) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    if let syn::Stmt::Item(syn::Item::Mod(node)) = statement
        && node.content.is_none()
        && let Some(file) = module_file(node)
    {
        let start = node.span().byte_range().start;
        edits.push(Edit::insert(
            start,
            format!("#[path = {:?}] ", file.display().to_string()),
        ));
    }
    walk(statement.to_token_stream(), text, &mut edits);
    edits
}

/// The files that an item is made of besides its text.
pub(super) fn files(item: &syn::Item) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let syn::Item::Mod(node) = item
        && node.content.is_none()
    {
        found.extend(module_file(node));
    }
    included(item.to_token_stream(), &mut found);
    found
}

fn included(tokens: TokenStream, found: &mut Vec<PathBuf>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => included(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(name) = syn::parse_str::<syn::LitStr>(&literal.to_string())
                    && let Some(file) = in_the_folder(&name.value())
                    && file.is_file()
                {
                    found.push(file);
                }
            }
            _ => {}
        }
    }
}

/// The file of `mod tools;`, unless the learner says which.
fn module_file(node: &syn::ItemMod) -> Option<PathBuf> {
    if node
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("path"))
    {
        return None;
    }
    let name = node.ident.to_string();
    let name = name.trim_start_matches("r#");
    let beside = in_the_folder(&format!("{name}.rs"))?;
    let inside = in_the_folder(&format!("{name}/mod.rs"))?;
    Some(if inside.is_file() && !beside.is_file() {
        inside
    } else {
        beside
    })
}

/// A relative path, seen from the notebook's folder.
fn in_the_folder(path: &str) -> Option<PathBuf> {
    let relative = !path.is_empty() && !path.contains('\0') && Path::new(path).is_relative();
    let folder = std::env::current_dir().ok()?;
    relative.then(|| folder.join(path))
}

fn walk(tokens: TokenStream, text: &Text, edits: &mut Vec<Edit>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            match called(&tokens[..at]) {
                Some((name, start)) => call(&name, start, group, text, edits),
                None => walk(group.stream(), text, edits),
            }
        }
    }
}

/// The macro that the tokens before a group call, and where the call begins.
fn called(before: &[TokenTree]) -> Option<(String, usize)> {
    let [rest @ .., TokenTree::Ident(name), TokenTree::Punct(mark)] = before else {
        return None;
    };
    if mark.as_char() != '!' {
        return None;
    }
    let start = match rest {
        [
            ..,
            TokenTree::Ident(root),
            TokenTree::Punct(one),
            TokenTree::Punct(two),
        ] if one.as_char() == ':' && two.as_char() == ':' && (root == "std" || root == "core") => {
            root.span()
        }
        _ => name.span(),
    };
    Some((name.to_string(), start.byte_range().start))
}

/// Of what comes after this text, from 1, in characters.
fn line_and_column(before: &str) -> (usize, usize) {
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[line_start..].chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

fn call(name: &str, start: usize, group: &proc_macro2::Group, text: &Text, edits: &mut Vec<Edit>) {
    let whole = start..group.span().byte_range().end;
    let inside = group.stream();
    if inside.is_empty() && group.delimiter() == Delimiter::Parenthesis {
        let before = text.code.get(..start).unwrap_or_default();
        let (line, column) = line_and_column(before);
        let said = match name {
            "file" => Some(format!("{:?}", text.name)),
            "line" => Some(format!("{line}u32")),
            "column" => Some(format!("{column}u32")),
            _ => None,
        };
        if let Some(said) = said {
            edits.push(Edit::replace(whole, said));
            return;
        }
    }
    if PRINTS.contains(&name) {
        let called = start..group.span_open().byte_range().start;
        edits.push(Edit::replace(called, format!("{PRINTING}{name}!")));
    }
    if name == "dbg" {
        let before = text.code.get(..start).unwrap_or_default();
        let (line, column) = line_and_column(before);
        let place = format!("@{:?}; ", format!("{}:{line}:{column}", text.name));
        edits.push(Edit::insert(group.span_open().byte_range().end, place));
    }
    if INCLUDES.contains(&name)
        && let Some(TokenTree::Literal(literal)) = inside.clone().into_iter().next()
        && let Ok(path) = syn::parse_str::<syn::LitStr>(&literal.to_string())
        && let Some(path) = in_the_folder(&path.value())
    {
        let range = literal.span().byte_range();
        edits.push(Edit::replace(
            range,
            format!("{:?}", path.display().to_string()),
        ));
        return;
    }
    walk(inside, text, edits);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(code: &str) -> String {
        let text = Text {
            id: 1,
            name: "cell [3]".to_owned(),
            code: code.to_owned(),
        };
        let statement: syn::Stmt = syn::parse_str(code).expect("a statement");
        let mut written = code.to_owned();
        for edit in edits(&statement, &text).into_iter().rev() {
            written.replace_range(edit.range, &edit.text);
        }
        written
    }

    #[test]
    fn places_are_those_of_the_cell() {
        assert_eq!(
            edited("f(file!(),\n  std::line!(), [column!()]);"),
            "f(\"cell [3]\",\n  2u32, [18u32]);"
        );
        assert_eq!(
            edited("println!(\"{}\", line!());"),
            "::gradbook_runtime::printing::println!(\"{}\", 1u32);"
        );
        assert_eq!(edited("my_line!();"), "my_line!();");
        assert_eq!(
            edited("let y = std::dbg!(x + 1);"),
            "let y = ::gradbook_runtime::printing::dbg!(@\"cell [3]:1:9\"; x + 1);"
        );
    }

    #[test]
    fn files_are_those_beside_the_notebook() {
        let here = std::env::current_dir().expect("a folder");
        let written = edited("let a = include_str!(\"a.txt\");");
        assert!(written.contains(&format!("{:?}", here.join("a.txt").display().to_string())));
        let absolute = "let a = include_str!(\"/a.txt\");";
        assert_eq!(edited(absolute), absolute);
        assert!(edited("mod tools;").starts_with("#[path = \"/"));
        assert_eq!(edited("mod tools { }"), "mod tools { }");
    }
}
