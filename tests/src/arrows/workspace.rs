//! The workspace as `cargo metadata` tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// The members, everything they draw in, and how it hangs together.
///
/// Cargo resolves the features of all members together, as a plain `cargo build` of both binaries does: what one member
/// switches on in a shared crate, the other links.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    pub(super) packages: Vec<Package>,
    workspace_members: Vec<String>,
    #[serde(default)]
    workspace_default_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) features: BTreeMap<String, Vec<String>>,
}

/// A dependency as a manifest declares it.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) rename: Option<String>,
    /// The registry; none for a folder of this workspace.
    source: Option<String>,
    pub(super) features: Vec<String>,
    pub(super) uses_default_features: bool,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    /// `None` is a normal dependency.
    kind: Option<String>,
}

impl Workspace {
    /// Reads the workspace that this crate belongs to, with every feature of every member.
    ///
    /// # Panics
    ///
    /// If cargo cannot tell, for example because Cargo.lock is stale.
    pub fn read() -> Workspace {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
            // The root: from a member's folder, cargo names that member alone as the default.
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .expect("cargo starts, since it built this");
        assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        Workspace::parse(&output.stdout)
    }

    pub(super) fn parse(json: &[u8]) -> Workspace {
        serde_json::from_slice(json).unwrap_or_else(|error| panic!("cargo metadata says {error}"))
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The names of the members that a plain `cargo build` makes, sorted.
    pub fn default_members(&self) -> Vec<&str> {
        let members = self.members().filter(|member| self.workspace_default_members.contains(&member.id));
        let mut names: Vec<&str> = members.map(|member| member.name.as_str()).collect();
        names.sort_unstable();
        names
    }

    pub(super) fn member(&self, name: &str) -> Option<&Package> {
        self.members().find(|package| package.name == name)
    }

    /// The folder of every member.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.members().filter_map(|package| package.manifest_path.parent())
    }

    /// The packages of certain names that a member is built with, each with the way that leads to it; a member that is
    /// missing is a finding too.
    pub(super) fn ways(&self, member: &str, is_found: impl Fn(&str) -> bool) -> Vec<String> {
        let Some(root) = self.member(member) else { return vec![format!("there is no package {member}")] };
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([root.id.as_str()]);
        let mut ways: Vec<Vec<&Package>> = vec![vec![root]];
        while let Some(way) = ways.pop() {
            for next in way.last().into_iter().flat_map(|last| self.built_with(&last.id)) {
                if !seen.insert(&next.id) {
                    continue;
                }
                let mut longer = way.clone();
                longer.push(next);
                if is_found(&next.name) {
                    let names: Vec<&str> = longer.iter().map(|package| package.name.as_str()).collect();
                    found.push(names.join(" → "));
                }
                ways.push(longer);
            }
        }
        found
    }

    /// What the package draws in when it is built, but not when it is tested; for any platform.
    fn built_with(&self, id: &str) -> impl Iterator<Item = &Package> {
        let edges = self.resolve.nodes.iter().filter(move |node| node.id == id).flat_map(|node| &node.deps);
        let built = edges
            .filter(|edge| edge.dep_kinds.iter().any(|dependency| dependency.kind.as_deref() != Some("dev")));
        built.flat_map(|edge| self.packages.iter().filter(|package| package.id == edge.pkg))
    }
}

impl Package {
    /// The dependencies that are folders of this workspace, those of its tests included.
    pub(super) fn local_dependencies(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies.iter().filter(|dependency| dependency.source.is_none())
    }
}

/// Workspaces made by hand, to see the checks fail.
#[cfg(test)]
pub(super) mod made {
    use serde_json::{Value, json};

    use super::Workspace;

    /// A package that depends on others by name.
    pub(in crate::arrows) fn package(name: &str, dependencies: &[Value]) -> Value {
        json!({
            "id": name, "name": name, "manifest_path": format!("/{name}/Cargo.toml"),
            "dependencies": dependencies, "features": {},
        })
    }

    /// A dependency on a member, without features.
    pub(in crate::arrows) fn on(name: &str) -> Value {
        json!({
            "name": name, "rename": null, "source": null, "kind": null,
            "features": [], "uses_default_features": true,
        })
    }

    /// The value with one of its fields set anew.
    pub(in crate::arrows) fn with(mut value: Value, field: &str, content: Value) -> Value {
        value[field] = content;
        value
    }

    /// A workspace of which every package is a member; the edges are (from, to, kind).
    pub(in crate::arrows) fn workspace(
        packages: &[Value],
        edges: &[(&str, &str, Option<&str>)],
    ) -> Workspace {
        let ids: Vec<&Value> = packages.iter().map(|package| &package["id"]).collect();
        let nodes: Vec<Value> = edges
            .iter()
            .map(|(from, to, kind)| {
                json!({ "id": from, "deps": [{ "pkg": to, "dep_kinds": [{ "kind": kind }] }] })
            })
            .collect();
        let metadata =
            json!({ "packages": packages, "workspace_members": ids, "resolve": { "nodes": nodes } });
        Workspace::parse(metadata.to_string().as_bytes())
    }
}
