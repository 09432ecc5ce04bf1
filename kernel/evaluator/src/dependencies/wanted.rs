//! What a `:dep` line asks for: every form that a line below `[dependencies]` of a manifest has, and two
//! shorter ones, `name` and `name@1`.

use std::path::Path;

use semver::VersionReq;

use super::DependencyError;

/// The keys that cargo knows in a dependency's table; any other would be ignored by it.
const KEYS: [&str; 13] = [
    "version",
    "features",
    "default-features",
    "path",
    "git",
    "branch",
    "tag",
    "rev",
    "package",
    "registry",
    "registry-index",
    "optional",
    "public",
];

/// Keys that say nothing where the crate is from.
const PLAIN: [&str; 4] = ["version", "features", "default-features", "package"];

/// One crate that a notebook asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The name in front of the `=`, with its `-`.
    pub key: String,
    /// What stands behind it, in the form that every edition knows.
    pub table: toml::Table,
}

impl Wanted {
    /// Reads one line, without its `:dep`; a relative `path` is one from `folder`.
    ///
    /// # Errors
    /// [`DependencyError::Malformed`].
    pub fn parse(line: &str, folder: &Path) -> Result<Vec<Self>, DependencyError> {
        let malformed = |reason: String| DependencyError::Malformed {
            line: line.to_owned(),
            reason,
        };
        let line = line.trim();
        if line.is_empty() {
            return Err(malformed("it ends there".to_owned()));
        }
        let table: toml::Table = document(line)
            .parse()
            .map_err(|error: toml::de::Error| malformed(error.message().to_owned()))?;
        let each = table.into_iter();
        each.map(|(key, value)| Self::of(key, value, folder).map_err(malformed))
            .collect()
    }

    fn of(key: String, value: toml::Value, folder: &Path) -> Result<Self, String> {
        let named = |one: char| one.is_ascii_alphanumeric() || one == '_' || one == '-';
        if key.is_empty() || !key.chars().all(named) {
            return Err(format!(
                "`{key}` is no crate's name: those have letters, digits, `-` and `_`"
            ));
        }
        let given = match value {
            toml::Value::String(version) => {
                toml::Table::from_iter([("version".to_owned(), toml::Value::String(version))])
            }
            toml::Value::Table(table) => table,
            other => return Err(format!("`{other}` is neither a version nor a table")),
        };
        let mut table = toml::Table::new();
        for (name, value) in given {
            // Older manifests write some keys with `_`, which newer editions refuse.
            let name = name.replace('_', "-");
            if !KEYS.contains(&name.as_str()) {
                let known = KEYS.join("`, `");
                return Err(format!("`{name}` means nothing there; known are `{known}`"));
            }
            table.insert(name, value);
        }
        // Who names it uses it.
        table.remove("optional");
        if table
            .keys()
            .all(|key| key == "features" || key == "default-features" || key == "package")
        {
            table.insert("version".to_owned(), toml::Value::String("*".to_owned()));
        }
        if let Some(path) = table.get_mut("path")
            && let Some(text) = path.as_str()
        {
            let absolute = folder.join(text).to_string_lossy().into_owned();
            *path = toml::Value::String(absolute);
        }
        let wanted = Self { key, table };
        if let Some(version) = wanted.text("version") {
            let parsed = VersionReq::parse(version);
            parsed.map_err(|error| format!("`{version}` is not a version: {error}"))?;
        }
        Ok(wanted)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.table.get(key)?.as_str()
    }

    /// The package's own name.
    pub fn package(&self) -> &str {
        self.text("package").unwrap_or(&self.key)
    }

    /// The name in source, where the notebook gives it one of its own.
    pub fn renamed(&self) -> Option<String> {
        let renamed = self.text("package")? != self.key;
        renamed.then(|| self.key.replace('-', "_"))
    }

    /// Which versions will do.
    pub fn requirement(&self) -> VersionReq {
        let version = self.text("version").and_then(|one| one.parse().ok());
        version.unwrap_or(VersionReq::STAR)
    }

    /// It is to come from a certain place.
    pub fn is_from_elsewhere(&self) -> bool {
        self.table.keys().any(|key| !PLAIN.contains(&key.as_str()))
    }

    /// Its sources may change from one day to the next.
    pub fn is_local(&self) -> bool {
        self.table.contains_key("path")
    }

    /// The features it names.
    pub fn features(&self) -> Vec<&str> {
        let list = self.table.get("features").and_then(toml::Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .collect()
    }

    /// Whether its default features are wanted too, as they are unless it says otherwise.
    pub fn default_features(&self) -> bool {
        let given = self.table.get("default-features");
        given.and_then(toml::Value::as_bool).unwrap_or(true)
    }

    /// One more feature.
    pub fn with_feature(&self, feature: &str) -> Self {
        let mut more = self.clone();
        let list = more.table.entry("features");
        let list = list.or_insert_with(|| toml::Value::Array(Vec::new()));
        if let toml::Value::Array(list) = list {
            list.push(toml::Value::String(feature.to_owned()));
        }
        more
    }

    /// As a line of a manifest.
    pub fn line(&self) -> String {
        let value = match (self.text("version"), self.table.len()) {
            (Some(version), 1) => toml::Value::String(version.to_owned()),
            _ => toml::Value::Table(self.table.clone()),
        };
        format!("{} = {value}", self.key)
    }
}

/// The line as a manifest has it.
fn document(line: &str) -> String {
    if line.contains('=') && !line.split('=').next().is_some_and(|key| key.contains('@')) {
        return line.to_owned();
    }
    match line.split_once('@') {
        Some((name, version)) => format!("{name} = \"{version}\""),
        None => format!("{line} = \"*\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Wanted {
        let mut all = Wanted::parse(line, Path::new("/notebook")).expect(line);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    #[test]
    fn a_name_may_have_a_version_or_none() {
        for (line, version) in [
            ("itertools", "*"),
            ("itertools@0.14", "^0.14"),
            ("a-b = \"1\"", "^1"),
            ("a = '>=1.2, <2'", ">=1.2, <2"),
            ("a = { features = [\"f\"] }", "*"),
            ("a.version = \"=1.2.3\"", "=1.2.3"),
        ] {
            assert_eq!(one(line).requirement().to_string(), version, "{line}");
        }
    }

    #[test]
    fn tables_are_understood_and_written_again() {
        let wanted = one(
            "p = { package = \"plotters\", version = \"0.3\", default_features = false, \
             features = [\"evcxr\", \"all_series\"], optional = true }",
        );
        assert_eq!(wanted.package(), "plotters");
        assert_eq!(wanted.renamed().as_deref(), Some("p"));
        assert_eq!(wanted.features(), ["evcxr", "all_series"]);
        assert!(!wanted.default_features() && !wanted.is_from_elsewhere());
        assert_eq!(one(&wanted.line()), wanted);
        assert_eq!(one("serde = \"1\"").renamed(), None);
        assert!(one("serde = \"1\"").default_features());
    }

    #[test]
    fn a_path_is_one_from_the_notebooks_folder() {
        let near = one("near = { path = \"crates/near\" }");
        assert_eq!(near.table["path"].as_str(), Some("/notebook/crates/near"));
        assert!(near.is_local() && near.is_from_elsewhere());
        assert!(!near.table.contains_key("version"));
        let git = one("a = { git = \"https://example.org/a\", rev = \"12\" }");
        assert!(git.is_from_elsewhere() && !git.is_local());
    }

    #[test]
    fn one_more_feature_is_added_to_those_that_are_there() {
        let more = one("tokio = { version = \"1\", features = [\"time\"] }").with_feature("rt");
        assert_eq!(more.features(), ["time", "rt"]);
        assert_eq!(one("tokio").with_feature("rt").features(), ["rt"]);
    }

    #[test]
    fn other_lines_are_refused_with_an_example() {
        for line in [
            "x = ",
            "a b",
            "= 1",
            "",
            "x = 1",
            "x = \"one\"",
            "x = { feature = [\"full\"] }",
            "x = { workspace = true }",
            "x.y.z = 1",
        ] {
            let error = Wanted::parse(line, Path::new("/")).expect_err(line);
            assert!(error.to_string().contains("write for instance"), "{error}");
        }
    }
}
