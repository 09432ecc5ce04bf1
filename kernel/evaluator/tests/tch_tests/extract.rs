//! tch's own tests, read from where cargo keeps tch's source: cells that need no copy of it here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Item, ItemFn};

use crate::examples::{Example, Group};

/// What all files of tests share.
const SHARED: &str = "test_utils";

/// Crates that the tests name besides tch; the library holds them.
const CRATES: [&str; 2] = ["half", "ndarray"];

/// The folder of tests that fits the library's tch.
pub fn folder() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let cargo = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(home)?;
    let registries = std::fs::read_dir(cargo.join("registry/src")).ok()?;
    let of_tch = registries.flatten().flat_map(|one| {
        std::fs::read_dir(one.path())
            .into_iter()
            .flatten()
            .flatten()
    });
    let mut found: Vec<PathBuf> = of_tch
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("tch-0.26"))
        .map(|entry| entry.path().join("tests"))
        .filter(|tests| tests.is_dir())
        .collect();
    found.sort();
    found.pop()
}

/// The tests by file, and how many were left out for which reason.
pub fn extract(folder: &Path) -> (Vec<Group>, BTreeMap<&'static str, usize>) {
    let mut left_out = BTreeMap::new();
    let entries = std::fs::read_dir(folder).expect("the folder of tests");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    let shared = folder.join(SHARED).with_extension("rs");
    let helpers = read(&shared, &mut left_out).before;
    let groups = files
        .iter()
        .filter(|file| **file != shared)
        .map(|file| {
            let mut group = read(file, &mut left_out);
            group.before.splice(0..0, helpers.iter().cloned());
            group
        })
        .filter(|group| !group.examples.is_empty())
        .collect();
    (groups, left_out)
}

fn read(path: &Path, left_out: &mut BTreeMap<&'static str, usize>) -> Group {
    let source = std::fs::read_to_string(path).expect("a file of tests");
    let file = syn::parse_file(&source).expect("Rust");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut group = Group {
        name: name.clone().into_owned(),
        before: Vec::new(),
        examples: Vec::new(),
    };
    for name in CRATES
        .iter()
        .filter(|name| source.contains(&format!("{name}::")))
    {
        group.before.push(format!(":dep {name}"));
    }
    for item in &file.items {
        match item {
            // Its items are cells already.
            Item::Mod(module) if module.ident == SHARED => {}
            Item::Use(_) if source[item.span().byte_range()].contains(SHARED) => {}
            Item::Mod(module) if has(&module.attrs, "cfg") => {
                *left_out.entry("for machines with CUDA").or_default() += 1;
            }
            Item::Fn(function) if has(&function.attrs, "test") => {
                match is_for_cuda(&function.attrs) {
                    true => *left_out.entry("for machines with CUDA").or_default() += 1,
                    false => group.examples.push(test(&name, &source, function)),
                }
            }
            _ => group
                .before
                .push(source[item.span().byte_range()].to_owned()),
        }
    }
    group
}

fn test(name: &str, source: &str, function: &ItemFn) -> Example {
    let braces = function.block.brace_token.span;
    let inside = end(braces.open())..braces.close().byte_range().start;
    Example {
        path: format!("{name}::{}", function.sig.ident),
        line: function.sig.ident.span().start().line,
        source: source[inside].trim().to_owned(),
        program: None,
        expected: match has(&function.attrs, "should_panic") {
            true => "panic",
            false => "ok",
        },
    }
}

fn end(span: Span) -> usize {
    span.byte_range().end
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

fn is_for_cuda(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && quote::quote!(#attribute).to_string().contains("cuda-tests")
    })
}
