//! Cargo's answer passes through here and comes out smaller: what learners never name is left out.
//! Knows nothing of how the answer was had.

use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// Keeps the root, the `library` crates with their families (`plotters` has `plotters-svg`), and
/// everything else that the root asks for with all it needs.
///
/// tch alone brings eighty crates for reading weights from archives, and rust-analyzer would read
/// every one of them: leaving them out halves its start.
pub fn prune(metadata: &mut Value, library: &[&str]) {
    let Some(kept) = kept(metadata, library) else {
        return;
    };
    let stays = |value: &Value, key: &str| value[key].as_str().is_some_and(|id| kept.contains(id));
    if let Some(packages) = metadata["packages"].as_array_mut() {
        packages.retain(|package| stays(package, "id"));
    }
    if let Some(nodes) = metadata["resolve"]["nodes"].as_array_mut() {
        nodes.retain(|node| stays(node, "id"));
        for node in nodes {
            if let Some(deps) = node["deps"].as_array_mut() {
                deps.retain(|dep| stays(dep, "pkg"));
            }
            if let Some(dependencies) = node["dependencies"].as_array_mut() {
                dependencies.retain(|id| id.as_str().is_some_and(|id| kept.contains(id)));
            }
        }
    }
}

/// The ids of the packages that stay.
fn kept(metadata: &Value, library: &[&str]) -> Option<BTreeSet<String>> {
    let names: HashMap<&str, &str> = metadata["packages"]
        .as_array()?
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?)))
        .collect();
    let needs: HashMap<&str, Vec<&str>> = metadata["resolve"]["nodes"]
        .as_array()?
        .iter()
        .filter_map(|node| {
            let needs = node["dependencies"].as_array()?.iter();
            Some((
                node["id"].as_str()?,
                needs.filter_map(Value::as_str).collect(),
            ))
        })
        .collect();
    let is_library = |id: &str| names.get(id).is_some_and(|name| library.contains(name));
    let in_family = |id: &str| {
        names.get(id).is_some_and(|name| {
            library.iter().any(|crate_name| {
                name.strip_prefix(crate_name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        })
    };

    let root = metadata["resolve"]["root"].as_str()?;
    let mut kept = BTreeSet::new();
    let mut waiting = vec![root];
    while let Some(id) = waiting.pop() {
        if !kept.insert(id.to_owned()) {
            continue;
        }
        let needed = needs.get(id).into_iter().flatten().copied();
        if is_library(id) || (in_family(id) && id != root) {
            waiting.extend(needed.filter(|id| in_family(id)));
        } else {
            waiting.extend(needed);
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::prune;
    use serde_json::{Value, json};

    fn metadata(edges: &[(&str, &[&str])]) -> Value {
        let packages: Vec<Value> = edges
            .iter()
            .map(|(name, _)| json!({ "id": format!("id {name}"), "name": name }))
            .collect();
        let nodes: Vec<Value> = edges
            .iter()
            .map(|(name, needs)| {
                let ids: Vec<String> = needs.iter().map(|need| format!("id {need}")).collect();
                let deps: Vec<Value> = ids.iter().map(|id| json!({ "pkg": id })).collect();
                json!({ "id": format!("id {name}"), "dependencies": ids, "deps": deps })
            })
            .collect();
        json!({ "packages": packages, "resolve": { "root": "id ctx", "nodes": nodes } })
    }

    fn names(metadata: &Value) -> Vec<&str> {
        let packages = metadata["packages"].as_array();
        packages
            .into_iter()
            .flatten()
            .filter_map(|package| package["name"].as_str())
            .collect()
    }

    #[test]
    fn a_library_crate_keeps_its_family_and_loses_the_rest() {
        let mut metadata = metadata(&[
            ("ctx", &["tch", "plotters", "regex"]),
            ("tch", &["zip", "torch-sys"]),
            ("plotters", &["plotters-svg", "chrono"]),
            ("plotters-svg", &[]),
            ("regex", &["memchr"]),
            ("memchr", &[]),
            ("zip", &["memchr"]),
            ("torch-sys", &[]),
            ("chrono", &[]),
        ]);
        prune(&mut metadata, &["tch", "plotters"]);
        assert_eq!(
            names(&metadata),
            ["ctx", "tch", "plotters", "plotters-svg", "regex", "memchr"]
        );
        let tch = &metadata["resolve"]["nodes"][1];
        assert_eq!(tch["deps"], json!([]));
        assert_eq!(tch["dependencies"], json!([]));
    }

    #[test]
    fn an_answer_without_a_graph_stays_as_it_is() {
        let mut metadata = json!({ "packages": [{ "id": "a", "name": "a" }], "resolve": null });
        let before = metadata.clone();
        prune(&mut metadata, &["tch"]);
        assert_eq!(metadata, before);
    }
}
