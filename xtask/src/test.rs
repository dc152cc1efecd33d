//! What has to pass before a change lands, cheapest first.

use crate::step::{Failure, Step, run_all};
use crate::{install, web};

/// Everything after the download runs offline: a build or test that reaches for the network fails here, not in a vault.
const OFFLINE: (&str, &str) = ("CARGO_NET_OFFLINE", "true");

/// Runs the steps, and says at the end what they left out.
pub(crate) fn run() -> Result<(), Failure> {
    install::for_wasm()?;
    install::for_page()?;
    run_all("test: before the page", BEFORE_THE_PAGE)?;
    web::page()?;
    run_all("test: with the page", WITH_THE_PAGE)?;
    web::tests()?;
    let named = |variable: &str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    for warning in left_out(named) {
        eprintln!("xtask test: {warning}");
    }
    if std::env::var_os("COLDAMP_HOSTILE_IN_CORE_ONLY").is_some() {
        eprintln!(
            "xtask test: SKIPPED: the hostile PSETs through the binary; COLDAMP_HOSTILE_IN_CORE_ONLY is set"
        );
    }
    Ok(())
}

/// The tests that ask a real node, or a real Esplora server, pass without one too; whoever reads only the last lines must not
/// take that for their word.
fn left_out(named: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let node = (!named("ELEMENTSD_EXEC")).then_some(
        "SKIPPED: every test against a node; set ELEMENTSD_EXEC to the absolute path of an elementsd 23.3.3",
    );
    let beside_a_node = named("ELECTRS_EXEC") && named("ELEMENTSD_EXEC");
    let esplora = (!beside_a_node && !named("ESPLORA_URL")).then_some(
        "SKIPPED: every test over a real Esplora server; set ELECTRS_EXEC to the absolute path of an electrs with Liquid beside ELEMENTSD_EXEC, or ESPLORA_URL to one that runs (tests/src/node/esplora.rs)",
    );
    node.into_iter().chain(esplora).collect()
}

/// What is known soonest.
const BEFORE_THE_PAGE: &[Step] = &[
    Step { name: "format", arguments: &["fmt", "--all", "--check"], environment: &[OFFLINE] },
    Step {
        // Outside the workspace. Building them takes a nightly compiler, so the tests run what they run (replay.rs).
        name: "format of the fuzz targets",
        arguments: &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"],
        environment: &[OFFLINE],
    },
    Step {
        // For every platform: tests/tests/arrows.rs reads the tree of all of them.
        name: "download what Cargo.lock names",
        arguments: &["fetch", "--locked"],
        environment: &[],
    },
    Step {
        name: "lints",
        arguments: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
        environment: &[OFFLINE],
    },
    Step {
        // As a newcomer builds it: default members, default features.
        name: "binaries",
        arguments: &["build", "--locked"],
        environment: &[OFFLINE],
    },
    Step {
        // For the tests in a browser. With the two others in one command, so that nothing they share is built again without
        // the feature `signer`.
        name: "sandbox",
        arguments: &[
            "build",
            "--locked",
            "-p",
            "coldamp",
            "-p",
            "coldamp-online-cli",
            "-p",
            "coldamp-sandbox",
        ],
        environment: &[OFFLINE],
    },
];

/// What the page is part of: some tests run its WASM in node.
const WITH_THE_PAGE: &[Step] = &[
    Step {
        // All of them, also after one fails: a CI run takes a quarter of an hour, and one failure hides no other.
        name: "tests",
        arguments: &["test", "--workspace", "--all-features", "--locked", "--no-fail-fast"],
        environment: &[OFFLINE],
    },
    Step {
        // Private items too: the crates are not published, and a folder tells its story in links to its own files.
        name: "documentation",
        arguments: &["doc", "--no-deps", "--workspace", "--document-private-items", "--locked"],
        environment: &[OFFLINE, ("RUSTDOCFLAGS", "-D warnings")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_tests_are_told_where_no_node_or_no_esplora_server_is_named() {
        let told = |set: &[&str]| left_out(|variable: &str| set.contains(&variable));
        assert_eq!(told(&[]).len(), 2);
        assert!(told(&[]).iter().all(|warning| warning.starts_with("SKIPPED: ")));
        for (set, left) in [
            (&["ELEMENTSD_EXEC"][..], "ESPLORA_URL"),
            (&["ELECTRS_EXEC"], "ESPLORA_URL"),
            (&["ESPLORA_URL"], "ELEMENTSD_EXEC"),
        ] {
            assert!(told(set).iter().any(|warning| warning.contains(left)), "{set:?}");
        }
        assert_eq!(told(&["ELEMENTSD_EXEC", "ELECTRS_EXEC"]), [] as [&str; 0]);
        assert_eq!(told(&["ELEMENTSD_EXEC", "ESPLORA_URL"]), [] as [&str; 0]);
    }
}
