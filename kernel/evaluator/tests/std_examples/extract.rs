//! The examples in the documentation of `core`, `alloc` and `std`, as rustdoc itself finds them.
//!
//! rustdoc expands macros first, so an example that a macro writes for every integer type is found
//! for each of them; the first is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::examples::Example;

const CRATES: [&str; 3] = ["core", "alloc", "std"];

/// The examples by file, and how many were left out for which reason.
pub struct Extracted {
    pub files: BTreeMap<String, Vec<Example>>,
    pub left_out: BTreeMap<&'static str, usize>,
}

/// Reads the sources below `library`; `rustdoc` is the one of the same toolchain.
pub fn extract(rustdoc: &Path, library: &Path) -> Extracted {
    let mut extracted = Extracted {
        files: BTreeMap::new(),
        left_out: BTreeMap::new(),
    };
    let mut seen = BTreeSet::new();
    for name in CRATES {
        for found in found_by_rustdoc(rustdoc, library, name) {
            let path = path_in(library, &found.file);
            if !seen.insert((path.clone(), found.line)) {
                *extracted.left_out.entry("seen already").or_default() += 1;
                continue;
            }
            match found.taken(path) {
                Ok(example) => extracted
                    .files
                    .entry(example.path.clone())
                    .or_default()
                    .push(example),
                Err(reason) => *extracted.left_out.entry(reason).or_default() += 1,
            }
        }
    }
    for examples in extracted.files.values_mut() {
        examples.sort_by_key(|example| example.line);
    }
    extracted
}

/// `std` names files of `core` by a way through its own folder.
fn path_in(library: &Path, file: &str) -> String {
    let path = Path::new(file)
        .canonicalize()
        .unwrap_or_else(|_| file.into());
    let library = library.canonicalize().unwrap_or_else(|_| library.into());
    let path = path.strip_prefix(library).unwrap_or(&path);
    path.to_string_lossy().into_owned()
}

fn found_by_rustdoc(rustdoc: &Path, library: &Path, name: &str) -> Vec<Found> {
    let output = Command::new(rustdoc)
        .args(["--test", "-Zunstable-options", "--output-format=doctest"])
        .args(["--edition=2024", "--crate-name", name])
        .arg(library.join(name).join("src/lib.rs"))
        // The format is not stable yet; nothing else of this call is.
        .env("RUSTC_BOOTSTRAP", "1")
        .output()
        .expect("rustdoc starts");
    // What cargo would set is missing, so rustdoc reports errors for `std`, and finds its examples.
    let listing: Listing = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let said = String::from_utf8_lossy(&output.stderr);
        panic!("rustdoc does not list the examples of {name}: {error}\n{said}")
    });
    listing.doctests
}

#[derive(Deserialize)]
struct Listing {
    doctests: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    file: String,
    line: usize,
    doctest_attributes: Attributes,
    original_code: String,
    doctest_code: Option<Program>,
}

#[derive(Deserialize)]
struct Attributes {
    should_panic: bool,
    no_run: bool,
    ignore: serde_json::Value,
    rust: bool,
    test_harness: bool,
    compile_fail: bool,
    edition: Option<String>,
}

#[derive(Deserialize)]
struct Program {
    crate_level: String,
    code: String,
    wrapper: Option<Wrapper>,
}

#[derive(Deserialize)]
struct Wrapper {
    before: String,
    after: String,
}

impl Found {
    fn taken(self, path: String) -> Result<Example, &'static str> {
        let attributes = &self.doctest_attributes;
        if !attributes.rust {
            return Err("no Rust");
        }
        if attributes.ignore != "None" {
            return Err("`ignore`");
        }
        if attributes.no_run {
            return Err("`no_run`");
        }
        if attributes.test_harness {
            return Err("`test_harness`");
        }
        if attributes.edition.is_some() {
            return Err("of another edition");
        }
        if self.original_code.contains("#![feature") {
            return Err("not for the stable compiler");
        }
        let Some(program) = self.doctest_code else {
            return Err("no program of rustdoc's");
        };
        let expected = match (attributes.compile_fail, attributes.should_panic) {
            (true, _) => "refused",
            (_, true) => "panic",
            _ => "ok",
        };
        Ok(Example {
            path,
            line: self.line,
            source: self.original_code,
            program: Some(program.whole()),
            expected,
        })
    }
}

impl Program {
    fn whole(&self) -> String {
        let (before, after) = match &self.wrapper {
            Some(wrapper) => (wrapper.before.as_str(), wrapper.after.as_str()),
            None => ("", ""),
        };
        format!("{}{before}{}{after}", self.crate_level, self.code)
    }
}
