//! The arrows between the packages of the workspace, and who may enable core's private-key code.

use super::Workspace;
use super::workspace::{Dependency, Package};

const CORE: &str = "coldamp-core";
const SANDBOX: &str = "coldamp-sandbox";
const CLI: &str = "coldamp-cli";
const SIGNER: &str = "signer";

/// Who may depend on whom, be it for its tests alone; whatever is not drawn is forbidden.
const ARROWS: &[(&str, &[&str])] = &[
    (CORE, &[]),
    (CLI, &[CORE]),
    ("coldamp", &[CLI, CORE]),
    ("coldamp-online", &[CORE]),
    (SANDBOX, &[CLI, CORE]),
    ("coldamp-wasm", &["coldamp-online", CORE]),
    ("coldamp-online-cli", &[CLI, "coldamp-online", CORE]),
    ("coldamp-tests", &[CORE, "coldamp", "coldamp-online", SANDBOX, "coldamp-wasm", "coldamp-online-cli"]),
    ("xtask", &[]),
];

/// What users run, the page's engine among it. None of it is built with the sandbox, which holds a fake AMP with a public
/// password, and faults.
const PRODUCTS: &[&str] = &["coldamp", "coldamp-online-cli", "coldamp-wasm"];

/// Who may hold private keys.
const SIGNERS: &[&str] = &["coldamp", "coldamp-tests"];

/// Dependencies between members that are not drawn, and members that are in no picture.
pub fn wrong_arrows(workspace: &Workspace) -> Vec<String> {
    let mut wrong = Vec::new();
    for member in workspace.members() {
        let Some((_, drawn)) = ARROWS.iter().find(|(from, _)| *from == member.name) else {
            wrong.push(format!("{} is a member that no arrow is drawn for", member.name));
            continue;
        };
        for dependency in member.local_dependencies() {
            if !drawn.contains(&dependency.name.as_str()) {
                wrong.push(format!("{} → {} is not drawn", member.name, dependency.name));
            }
        }
    }
    wrong
}

/// The ways by which a product is built with the sandbox.
pub fn built_with_sandbox(workspace: &Workspace) -> Vec<String> {
    PRODUCTS.iter().flat_map(|product| workspace.ways(product, |name| name == SANDBOX)).collect()
}

/// Members that enable core's feature `signer` and may not, whichever way they do it.
pub fn wrong_signers(workspace: &Workspace) -> Vec<String> {
    let Some(core) = workspace.member(CORE) else { return vec![format!("there is no package {CORE}")] };
    if !core.features.contains_key(SIGNER) {
        return vec![format!("{CORE} has no feature {SIGNER}")];
    }
    workspace
        .members()
        .filter(|member| !SIGNERS.contains(&member.name.as_str()))
        .filter(|member| {
            let mut on_core = member.local_dependencies().filter(|dependency| dependency.name == CORE);
            on_core.any(|dependency| enables_signer(core, member, dependency))
        })
        .map(|member| format!("{} enables {SIGNER} of {CORE}", member.name))
        .collect()
}

fn enables_signer(core: &Package, member: &Package, dependency: &Dependency) -> bool {
    let key = dependency.rename.as_deref().unwrap_or(CORE);
    let forwarded = member.features.values().flatten().filter_map(|entry| {
        let (of, feature) = entry.split_once('/')?;
        (of.trim_end_matches('?') == key).then_some(feature)
    });
    let default = dependency.uses_default_features.then_some("default");
    dependency
        .features
        .iter()
        .map(String::as_str)
        .chain(forwarded)
        .chain(default)
        .any(|feature| leads_to_signer(core, feature))
}

/// Cargo refuses features that lead in circles, so this ends.
fn leads_to_signer(core: &Package, feature: &str) -> bool {
    feature == SIGNER
        || core.features.get(feature).is_some_and(|implied| {
            implied.iter().filter(|other| *other != feature).any(|other| leads_to_signer(core, other))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::workspace::made::{on, package, with, workspace};
    use super::*;

    fn core() -> Value {
        with(package(CORE, &[]), "features", json!({ "signer": [], "hot": ["signer"], "cool": [] }))
    }

    #[test]
    fn arrows_that_are_drawn_pass() {
        let drawn = [
            core(),
            package(CLI, &[on(CORE)]),
            package("coldamp", &[on(CLI), on(CORE)]),
            package("coldamp-online", &[on(CORE)]),
            package("coldamp-wasm", &[on("coldamp-online"), on(CORE)]),
            package("xtask", &[with(on("serde"), "source", json!("registry"))]),
        ];
        assert_eq!(wrong_arrows(&workspace(&drawn, &[])), [""; 0]);
    }

    #[test]
    fn arrows_that_are_not_drawn_are_named() {
        for (from, to) in [
            (CORE, "coldamp-online"),
            ("coldamp", "coldamp-online"),
            (CLI, "coldamp"),
            (CLI, "coldamp-online"),
            ("coldamp-online", CLI),
            ("coldamp-online", "coldamp-sandbox"),
            ("coldamp-wasm", "coldamp-sandbox"),
            ("coldamp-sandbox", "coldamp-online"),
            ("coldamp", "coldamp-sandbox"),
            ("coldamp-online-cli", "coldamp-sandbox"),
            ("coldamp-online-cli", "coldamp"),
            ("coldamp-online-cli", "coldamp-tests"),
            ("xtask", CORE),
        ] {
            let found = wrong_arrows(&workspace(&[package(from, &[on(to)])], &[]));
            assert_eq!(found, [format!("{from} → {to} is not drawn")]);
        }
    }

    #[test]
    fn an_arrow_that_only_tests_need_counts_too() {
        let dependency = with(on("coldamp-sandbox"), "kind", json!("dev"));
        let found = wrong_arrows(&workspace(&[package("coldamp-online", &[dependency])], &[]));
        assert_eq!(found, ["coldamp-online → coldamp-sandbox is not drawn"]);
    }

    #[test]
    fn a_product_that_is_built_with_the_sandbox_is_found_however_far_away_it_is() {
        let packages = [PRODUCTS, &["helper", SANDBOX, "coldamp-tests"]].concat();
        let packages: Vec<Value> = packages.iter().map(|name| package(name, &[])).collect();
        let found = |edges: &[(&str, &str, Option<&str>)]| built_with_sandbox(&workspace(&packages, edges));
        for product in PRODUCTS {
            let found = found(&[(product, "helper", None), ("helper", SANDBOX, None)]);
            assert_eq!(found, [format!("{product} → helper → {SANDBOX}")]);
        }
        assert_eq!(found(&[("coldamp", SANDBOX, Some("dev")), ("coldamp-tests", SANDBOX, None)]), [""; 0]);
    }

    #[test]
    fn a_product_that_is_missing_is_a_finding() {
        let found =
            built_with_sandbox(&workspace(&[package("coldamp", &[]), package("coldamp-wasm", &[])], &[]));
        assert_eq!(found, ["there is no package coldamp-online-cli"]);
    }

    #[test]
    fn a_member_outside_the_picture_is_named() {
        let found = wrong_arrows(&workspace(&[package("coldamp-utils", &[])], &[]));
        assert_eq!(found, ["coldamp-utils is a member that no arrow is drawn for"]);
    }

    #[test]
    fn signer_is_for_the_cold_side_and_the_tests() {
        let hot = || with(on(CORE), "features", json!(["signer"]));
        let packages = [
            core(),
            package("coldamp", &[hot()]),
            package("coldamp-tests", &[hot()]),
            package("coldamp-online", &[on(CORE)]),
            package("coldamp-sandbox", &[with(on(CORE), "features", json!(["cool"]))]),
        ];
        assert_eq!(wrong_signers(&workspace(&packages, &[])), [""; 0]);
    }

    #[test]
    fn every_way_to_enable_signer_is_seen() {
        let by_feature = package("coldamp-online", &[with(on(CORE), "features", json!(["signer"]))]);
        let by_another = package("coldamp-online", &[with(on(CORE), "features", json!(["hot"]))]);
        let renamed = with(on(CORE), "rename", json!("core"));
        let forwarded =
            with(package("coldamp-online", &[renamed]), "features", json!({ "x": ["core?/signer"] }));
        for member in [by_feature, by_another, forwarded] {
            let found = wrong_signers(&workspace(&[core(), member.clone()], &[]));
            assert_eq!(found, ["coldamp-online enables signer of coldamp-core"], "{member}");
        }
    }

    #[test]
    fn signer_by_default_is_seen() {
        let core = with(core(), "features", json!({ "default": ["signer"], "signer": [] }));
        let found = wrong_signers(&workspace(&[core, package("coldamp-online", &[on(CORE)])], &[]));
        assert_eq!(found, ["coldamp-online enables signer of coldamp-core"]);
    }

    #[test]
    fn without_core_or_its_feature_the_check_does_not_pass() {
        assert_eq!(wrong_signers(&workspace(&[], &[])), ["there is no package coldamp-core"]);
        assert_eq!(
            wrong_signers(&workspace(&[package(CORE, &[])], &[])),
            ["coldamp-core has no feature signer"]
        );
    }
}
