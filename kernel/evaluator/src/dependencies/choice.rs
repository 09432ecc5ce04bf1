//! Where a wanted crate comes from: the prebuilt library, if what it holds fits, else cargo.

use std::collections::BTreeSet;

use semver::Version;

use super::{DependencyError, Wanted};
use crate::library::Held;

/// A cell can only ever use the library's own: they belong to it, or bring C++ code that must exist once.
const ONLY_HERE: [&str; 5] = ["course", "gradbook-runtime", "lessons", "tch", "torch-sys"];

/// A crate that is in scope in every cell, though the library holds less of it than a plain `:dep` means.
const IN_SCOPE: &str = "plotters";

/// Where one crate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From<'a> {
    /// The library.
    Library(&'a Held),
    /// Cargo builds it; the library holds another version, or one with fewer features.
    Cargo(Option<&'a Held>),
}

/// What the library has for a wanted crate.
///
/// # Errors
/// [`DependencyError::OnlyHere`] for what cannot be there twice.
pub fn choose<'a>(wanted: &Wanted, held: &'a [Held]) -> Result<From<'a>, DependencyError> {
    let package = wanted.package();
    let mut versions: Vec<&Held> = held.iter().filter(|one| one.package == package).collect();
    versions.sort_by_key(|one| Version::parse(&one.version).ok());
    let only_here = ONLY_HERE.contains(&package);
    let fitting = versions.iter().rev().find(|one| match only_here {
        true => !wanted.is_from_elsewhere() && has_version(one, wanted),
        false => fits(one, wanted),
    });
    match (fitting, versions.last()) {
        (Some(one), _) => Ok(From::Library(one)),
        (None, Some(there)) if only_here => Err(DependencyError::OnlyHere {
            package: package.to_owned(),
            version: there.version.clone(),
            line: wanted.line(),
        }),
        (None, newest) => Ok(From::Cargo(newest.copied())),
    }
}

fn has_version(held: &Held, wanted: &Wanted) -> bool {
    let version = Version::parse(&held.version);
    version.is_ok_and(|version| wanted.requirement().matches(&version))
}

fn fits(held: &Held, wanted: &Wanted) -> bool {
    let default = !wanted.default_features() || held.default_features || held.package == IN_SCOPE;
    let named = wanted.features().into_iter();
    let mut named = named.filter(|feature| *feature != "default" || !held.default_features);
    !wanted.is_from_elsewhere()
        && has_version(held, wanted)
        && default
        && named.all(|feature| held.features.contains(feature))
}

/// What to know of a crate that is in scope with less than all its default features.
pub fn remark(wanted: &Wanted, held: &Held) -> Option<String> {
    let lacks = wanted.default_features() && !held.default_features && held.package == IN_SCOPE;
    let Held {
        package, version, ..
    } = held;
    lacks.then(|| {
        format!(
            "`{package}` {version} is here already and draws SVG; for its other default features \
             (bitmaps, fonts) write `:dep {package} = {{ version = \"{version}\", features = \
             [\"default\"] }}`, which builds a copy of its own\n"
        )
    })
}

/// The wanted crates that the library holds and cargo must build all the same, because crates that cargo
/// builds use them: `csv` reads into what implements *its* `serde`'s traits.
///
/// `graph` is all that cargo builds for the others, with versions.
pub fn displaced(
    from_library: &[(&Wanted, &Held)],
    graph: &BTreeSet<(String, String)>,
) -> BTreeSet<String> {
    let built = |package: &str, version: &str| {
        let same = |(other, its): &(String, String)| other == package && go_together(its, version);
        graph.iter().any(same)
    };
    let used = |held: &Held| {
        built(&held.package, &held.version)
            || family(held).any(|(package, version)| built(package, version))
    };
    let mut displaced = BTreeSet::new();
    let mut others: Vec<&Held> = from_library.iter().map(|(_, held)| *held).collect();
    // The crates of which the notebook's own copy is another one.
    let mut doubled: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = others.len();
        others.retain(|held| {
            let goes = used(held) || held.needs.keys().any(|need| doubled.contains(&**need));
            if goes {
                displaced.insert(held.package.clone());
                doubled.insert(&held.package);
                doubled.extend(family(held).map(|(package, _)| package));
            }
            !goes
        });
        if others.len() == before {
            return displaced;
        }
    }
}

/// The crates that a crate is split into: `serde` gives on what is defined in `serde_core`, and others use that
/// alone.
fn family(held: &Held) -> impl Iterator<Item = (&str, &str)> {
    let is_part = |package: &str| {
        let rest = package.strip_prefix(&held.package);
        rest.is_some_and(|rest| rest.starts_with(['-', '_']))
    };
    let needs = held
        .needs
        .iter()
        .map(|(package, version)| (&**package, &**version));
    needs.filter(move |(package, _)| is_part(package))
}

/// Whether cargo would make do with one of two versions.
fn go_together(one: &str, other: &str) -> bool {
    let epoch = |version: &str| {
        let version = Version::parse(version).ok()?;
        Some(match (version.major, version.minor) {
            (0, 0) => (0, 0, version.patch),
            (0, minor) => (0, minor, 0),
            (major, _) => (major, 0, 0),
        })
    };
    epoch(one) == epoch(other)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn held(package: &str, version: &str, features: &[&str], needs: &[&str]) -> Held {
        let set = |names: &[&str]| -> BTreeSet<String> {
            names.iter().map(|one| (*one).to_owned()).collect()
        };
        Held {
            package: package.to_owned(),
            version: version.to_owned(),
            name: package.replace('-', "_"),
            features: set(features),
            default_features: features.contains(&"default"),
            file: PathBuf::from(format!("{package}-{version}.rlib")),
            is_macro: false,
            needs: set(needs)
                .into_iter()
                .map(|need| (need, "1.0.0".to_owned()))
                .collect(),
        }
    }

    fn library() -> Vec<Held> {
        vec![
            held(
                "serde",
                "1.0.229",
                &["default", "std", "derive"],
                &["serde_core"],
            ),
            held(
                "serde_json",
                "1.0.154",
                &["default", "std"],
                &["serde_core", "itoa"],
            ),
            held("thiserror", "1.0.69", &["default"], &[]),
            held("thiserror", "2.0.21", &["default", "std"], &[]),
            held("zip", "0.6.6", &["std"], &[]),
            held("tch", "0.26.0", &["default"], &["torch-sys"]),
            held("plotters", "0.3.7", &["evcxr", "all_series"], &[]),
        ]
    }

    fn wanted(line: &str) -> Wanted {
        let mut all = Wanted::parse(line, Path::new("/")).expect(line);
        all.remove(0)
    }

    /// The version that the library gives; `None` if cargo builds it.
    fn given(line: &str) -> Option<String> {
        match choose(&wanted(line), &library()).expect(line) {
            From::Library(held) => Some(held.version.clone()),
            From::Cargo(_) => None,
        }
    }

    #[test]
    fn the_newest_version_that_fits_is_taken() {
        for (line, version) in [
            ("serde", Some("1.0.229")),
            (
                "serde = { version = \"1\", features = [\"derive\"] }",
                Some("1.0.229"),
            ),
            (
                "s = { package = \"serde\", version = \"1.0\" }",
                Some("1.0.229"),
            ),
            ("thiserror = \"1\"", Some("1.0.69")),
            ("thiserror = \"2\"", Some("2.0.21")),
            ("thiserror", Some("2.0.21")),
            ("thiserror = \"3\"", None),
            ("serde = { version = \"1\", features = [\"rc\"] }", None),
            ("serde = \"1.0.230\"", None),
            ("serde = { path = \"serde\" }", None),
            ("zip = \"0.6\"", None),
            (
                "zip = { version = \"0.6\", default-features = false }",
                Some("0.6.6"),
            ),
            ("nothing", None),
        ] {
            assert_eq!(given(line).as_deref(), version, "{line}");
        }
    }

    #[test]
    fn what_can_be_there_once_only_is_said_to_be_there() {
        assert_eq!(given("tch").as_deref(), Some("0.26.0"));
        for line in ["tch = \"0.24\"", "tch = { path = \"tch\" }"] {
            let error = choose(&wanted(line), &library()).expect_err(line);
            assert!(error.to_string().contains("0.26.0"), "{error}");
        }
    }

    #[test]
    fn a_crate_in_scope_is_taken_with_a_remark_unless_a_feature_is_named() {
        let library = library();
        let plotters = &library[6];
        let plain = wanted("plotters = \"0.3\"");
        assert_eq!(
            choose(&plain, &library).expect("there"),
            From::Library(plotters)
        );
        assert!(remark(&plain, plotters).is_some_and(|remark| remark.contains("default")));
        let exact = wanted("plotters = { version = \"0.3\", default_features = false }");
        assert_eq!(remark(&exact, plotters), None);
        assert_eq!(
            given("plotters = { version = \"0.3\", features = [\"default\"] }"),
            None
        );
    }

    #[test]
    fn what_crates_of_cargo_use_is_theirs_and_what_is_made_from_it_too() {
        let library = library();
        let (serde, json) = (wanted("serde"), wanted("serde_json"));
        let thiserror = wanted("thiserror");
        let all = [
            (&serde, &library[0]),
            (&json, &library[1]),
            (&thiserror, &library[3]),
        ];
        let graph = |packages: &[&str]| -> BTreeSet<(String, String)> {
            let pairs = packages.iter().filter_map(|one| one.split_once(' '));
            pairs
                .map(|(name, version)| (name.to_owned(), version.to_owned()))
                .collect()
        };
        let of = |names: &[&str]| {
            displaced(&all, &graph(names))
                .into_iter()
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&["csv 1.3.0", "serde 1.0.100"]), ["serde", "serde_json"]);
        assert_eq!(
            of(&["csv 1.4.0", "serde_core 1.0.229"]),
            ["serde", "serde_json"]
        );
        assert_eq!(
            of(&["either 1.0.0", "itoa 1.0.0", "thiserror 1.0.69"]),
            Vec::<String>::new()
        );
        // Without the notebook's own use of serde there is nothing to agree on.
        let json_only = [(&json, &library[1])];
        assert!(displaced(&json_only, &graph(&["serde 1.0.229"])).is_empty());
    }

    #[test]
    fn versions_go_together_as_cargo_sees_it() {
        for (one, other, together) in [
            ("1.0.1", "1.9.0", true),
            ("1.0.0", "2.0.0", false),
            ("0.8.1", "0.8.5", true),
            ("0.8.1", "0.9.0", false),
            ("0.0.1", "0.0.2", false),
        ] {
            assert_eq!(go_together(one, other), together, "{one} {other}");
        }
    }
}
