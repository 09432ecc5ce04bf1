//! `#![..]` at the top of a cell. Levels of lints become arguments of rustc, because no level may
//! silence the lint that names types, or refuse what only looks unused in one cell.

use quote::ToTokens;

use crate::parse::Fragment;
use crate::source::Source;

/// What describes a whole program and means nothing for a cell.
const OF_PROGRAMS: [&str; 7] = [
    "crate_name",
    "crate_type",
    "no_builtins",
    "no_core",
    "no_main",
    "no_std",
    "windows_subsystem",
];

pub(super) fn write<'a>(source: &mut Source, attributes: impl Iterator<Item = &'a Fragment>) {
    for fragment in attributes {
        match lints(fragment.code()) {
            Some(arguments) => arguments.into_iter().for_each(|one| source.argument(one)),
            None if is_of_a_program(fragment.code()) => {}
            None => {
                source.theirs(fragment);
                source.ours("\n");
            }
        }
    }
}

fn parse(code: &str) -> Option<syn::Attribute> {
    let parser = syn::Attribute::parse_inner;
    syn::parse::Parser::parse_str(parser, code).ok()?.pop()
}

fn is_of_a_program(code: &str) -> bool {
    parse(code).is_some_and(|one| OF_PROGRAMS.iter().any(|name| one.path().is_ident(name)))
}

/// The arguments for an attribute that sets the level of lints.
fn lints(code: &str) -> Option<Vec<String>> {
    let attribute = parse(code)?;
    let level = match attribute.path().get_ident()?.to_string().as_str() {
        "allow" | "expect" => "-A",
        "warn" => "-W",
        // Lines of ours must be able to allow what they do.
        "deny" | "forbid" => "-D",
        _ => return None,
    };
    type Metas = syn::punctuated::Punctuated<syn::Meta, syn::Token![,]>;
    let metas = attribute.parse_args_with(Metas::parse_terminated).ok()?;
    let names = metas.iter().filter_map(|meta| match meta {
        syn::Meta::Path(path) => Some(path.to_token_stream().to_string().replace(' ', "")),
        _ => None,
    });
    Some(names.map(|name| format!("{level}{name}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_become_arguments() {
        assert_eq!(
            lints("#![deny(warnings, clippy::all, reason = \"x\")]"),
            Some(vec!["-Dwarnings".to_owned(), "-Dclippy::all".to_owned()])
        );
        assert_eq!(lints("#![recursion_limit = \"512\"]"), None);
        assert!(is_of_a_program("#![no_main]"));
        assert!(!is_of_a_program("#![feature(never_type)]"));
    }
}
