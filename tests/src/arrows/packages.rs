//! The dependencies between the members, the feature `signer`, and the packages of the air-gapped binary, by `cargo tree`.

use std::collections::BTreeSet;
use std::process::Command;

const CORE: &str = "coldamp-core";
const SANDBOX: &str = "coldamp-sandbox";
const CLI: &str = "coldamp-cli";

/// Who may depend on whom, tests and build scripts included. Every other dependency between members is forbidden.
const ARROWS: &[(&str, &[&str])] = &[
    (CORE, &[]),
    (CLI, &[CORE]),
    ("coldamp", &[CLI, CORE]),
    ("coldamp-online", &[CORE]),
    (SANDBOX, &[CLI, CORE]),
    ("coldamp-wasm", &["coldamp-online", CORE]),
    ("coldamp-online-cli", &[CLI, "coldamp-online", CORE]),
    ("coldamp-tests", &[CORE, "coldamp", "coldamp-online", SANDBOX, "coldamp-wasm", "coldamp-online-cli"]),
    ("coldamp-benches", &[CORE, "coldamp", "coldamp-online", "coldamp-tests"]),
    ("xtask", &[]),
    ("coldamp-glue", &[]),
];

/// What users run. None of it may contain the sandbox, which has a fake AMP with a public password.
pub const PRODUCTS: [&str; 3] = ["coldamp", "coldamp-online-cli", "coldamp-wasm"];

/// Members that may hold private keys, and core itself, which has the feature.
pub const SIGNERS: [&str; 4] = [CORE, "coldamp", "coldamp-tests", "coldamp-benches"];

/// A package in a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    name: String,
    features: BTreeSet<String>,
}

/// What cargo says that a selection of packages is built with: for every platform, with all their features, and with those
/// features of shared crates that this selection asks for.
///
/// # Panics
///
/// If cargo cannot tell, for example because Cargo.lock is stale.
pub fn tree(arguments: &[&str]) -> BTreeSet<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--target", "all", "--all-features", "--prefix", "none"])
        .args(["--format", "{p}|{f}"])
        .args(arguments)
        // The root: in a member's folder, cargo takes that member alone as the default.
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo starts, since it built this");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    parse(&String::from_utf8(output.stdout).expect("UTF-8"))
}

/// Reads lines `NAME vVERSION (PATH)|FEATURE,FEATURE (*)`.
fn parse(text: &str) -> BTreeSet<Package> {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (package, features) = line.trim_end_matches(" (*)").split_once('|').expect("a package");
            let name = package.split(' ').next().expect("a name").to_owned();
            let features = features.split(',').filter(|feature| !feature.is_empty());
            Package { name, features: features.map(str::to_owned).collect() }
        })
        .collect()
}

/// The names in a tree.
pub fn names(tree: &BTreeSet<Package>) -> BTreeSet<&str> {
    tree.iter().map(|package| package.name.as_str()).collect()
}

/// Direct dependencies of a member on other members that [`ARROWS`] does not allow. A member without an entry is a finding.
pub fn wrong_arrows(member: &str, direct: &BTreeSet<Package>, members: &BTreeSet<&str>) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == member) else {
        return vec![format!("{member} has no entry in ARROWS")];
    };
    let others = names(direct).into_iter().filter(|name| *name != member && members.contains(name));
    others
        .filter(|name| !allowed.contains(name))
        .map(|name| format!("{member} may not depend on {name}"))
        .collect()
}

/// Whether a product is built with the sandbox.
pub fn contains_sandbox(tree: &BTreeSet<Package>) -> bool {
    names(tree).contains(SANDBOX)
}

/// Whether core is in the tree with its feature `signer`, whichever way it was enabled.
pub fn enables_signer(tree: &BTreeSet<Package>) -> bool {
    tree.iter().any(|package| package.name == CORE && package.features.contains("signer"))
}

/// The difference between the packages that a binary is built with and those recorded for it. In the record a line `# REASON`
/// is above the packages that it is the reason for, one name a line.
pub fn wrong_packages(tree: &BTreeSet<Package>, record: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut recorded = BTreeSet::new();
    let mut reason = "";
    for line in record.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.strip_prefix('#') {
            Some(words) => reason = words.trim(),
            None => {
                if reason.is_empty() {
                    wrong.push(format!("{line} has no reason above it"));
                }
                if !recorded.insert(line) {
                    wrong.push(format!("{line} is recorded twice"));
                }
            }
        }
    }
    let built = names(tree);
    wrong.extend(built.difference(&recorded).map(|name| format!("{name} is new")));
    wrong.extend(recorded.difference(&built).map(|name| format!("{name} is no longer used")));
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_its_features() {
        let tree = parse(
            "coldamp v0.1.0 (/w/offline-cli)|\ncoldamp-core v0.1.0 (/w/core)|cool,signer (*)\n\nage v0.12.1|\n",
        );
        assert_eq!(names(&tree), BTreeSet::from(["age", "coldamp", "coldamp-core"]));
        assert!(enables_signer(&tree));
        assert!(!enables_signer(&parse("coldamp-core v0.1.0 (/w/core)|cool\nage v0.12.1|signer\n")));
        assert!(!contains_sandbox(&tree));
        assert!(contains_sandbox(&parse("coldamp v0.1.0|\ncoldamp-sandbox v0.1.0 (/w/sandbox)|\n")));
    }

    #[test]
    fn a_dependency_that_is_not_allowed_is_named() {
        let members = BTreeSet::from(["coldamp", CORE, CLI, "coldamp-online", SANDBOX, "xtask"]);
        for (member, direct, expected) in [
            ("coldamp", "coldamp-core v1|\ncoldamp-cli v1|\nage v1|", None),
            ("coldamp", "coldamp-online v1|", Some("coldamp may not depend on coldamp-online")),
            (CORE, "coldamp-cli v1|", Some("coldamp-core may not depend on coldamp-cli")),
            (
                "coldamp-online",
                "coldamp-sandbox v1|",
                Some("coldamp-online may not depend on coldamp-sandbox"),
            ),
            ("coldamp-wasm", "coldamp-sandbox v1|", Some("coldamp-wasm may not depend on coldamp-sandbox")),
            ("xtask", "coldamp-core v1|", Some("xtask may not depend on coldamp-core")),
            ("coldamp-utils", "", Some("coldamp-utils has no entry in ARROWS")),
        ] {
            let found = wrong_arrows(member, &parse(direct), &members);
            assert_eq!(found, expected.map(str::to_owned).into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_package_that_is_new_gone_or_without_a_reason_is_named() {
        let tree = parse("coldamp v1|\nage v1|\ntokio v1|\n");
        let record = "# ours\ncoldamp\n\n# the keystore\nage\nscrypt\nage\n";
        assert_eq!(
            wrong_packages(&tree, record),
            ["age is recorded twice", "tokio is new", "scrypt is no longer used"]
        );
        assert_eq!(wrong_packages(&parse("age v1|"), "age\n"), ["age has no reason above it"]);
        assert_eq!(wrong_packages(&parse("age v1|"), "# the keystore\nage\n"), [""; 0]);
    }
}
