//! Examples that give a new meaning to a name of the prelude: `enum Result`, `use std::io::Result`.
//!
//! In a notebook all later cells rightly mean theirs, so each has a kernel of its own.

use syn::{Block, Item, Stmt, UseTree};

use crate::examples::Group;

const NAMES: &str = "AsMut AsRef Box Clone Copy Default DoubleEndedIterator Drop Eq Err \
    ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Into IntoIterator Iterator None Ok \
    Option Ord PartialEq PartialOrd Result Send Sized Some String Sync ToOwned ToString TryFrom \
    TryInto Unpin Vec";

/// The file without such examples, and each of them.
pub fn apart(file: Group) -> Vec<Group> {
    let mut rest = Group {
        name: file.name,
        before: Vec::new(),
        examples: Vec::new(),
    };
    let mut groups = Vec::new();
    for example in file.examples {
        match hides(&example.source) {
            true => groups.push(Group {
                name: format!("{}:{}", rest.name, example.line),
                before: Vec::new(),
                examples: vec![example],
            }),
            false => rest.examples.push(example),
        }
    }
    if !rest.examples.is_empty() {
        groups.push(rest);
    }
    groups
}

fn hides(source: &str) -> bool {
    let Ok(block) = syn::parse_str::<Block>(&format!("{{{source}\n}}")) else {
        return false;
    };
    block.stmts.iter().any(|statement| match statement {
        Stmt::Item(item) => names(item)
            .iter()
            .any(|name| NAMES.split_whitespace().any(|other| other == name)),
        _ => false,
    })
}

fn names(item: &Item) -> Vec<String> {
    let one = |name: &syn::Ident| vec![name.to_string()];
    match item {
        Item::Enum(item) => one(&item.ident),
        Item::Struct(item) => one(&item.ident),
        Item::Trait(item) => one(&item.ident),
        Item::Type(item) => one(&item.ident),
        Item::Use(item) => imported(&item.tree),
        _ => Vec::new(),
    }
}

fn imported(tree: &UseTree) -> Vec<String> {
    match tree {
        UseTree::Path(path) => imported(&path.tree),
        UseTree::Name(name) => vec![name.ident.to_string()],
        UseTree::Rename(rename) => vec![rename.rename.to_string()],
        UseTree::Group(group) => group.items.iter().flat_map(imported).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}
