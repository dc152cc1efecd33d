//! What has to pass before a change lands, cheapest first.

use std::ffi::OsStr;

use crate::step::{Failure, Step, run_all};
use crate::{wasm, web};

/// Everything after the download runs offline: a build or test that reaches for the network fails here, not in a vault.
const OFFLINE: (&str, &str) = ("CARGO_NET_OFFLINE", "true");

/// Runs the steps, and says at the end what they left out.
pub(crate) fn run() -> Result<(), Failure> {
    wasm::prepare()?;
    run_all("test", CHEAP)?;
    // The tests run it in node.
    web::package(&web::default_package())?;
    run_all("test", STEPS)?;
    if let Some(warning) = left_out(std::env::var_os("ELEMENTSD_EXEC").as_deref()) {
        eprintln!("xtask test: {warning}");
    }
    if std::env::var_os("COLDAMP_HOSTILE_IN_CORE_ONLY").is_some() {
        eprintln!(
            "xtask test: SKIPPED: the tamper catalogue through the binary; COLDAMP_HOSTILE_IN_CORE_ONLY is set"
        );
    }
    Ok(())
}

/// The tests that ask a real node pass without one too; whoever reads only the last line must not take that for its word.
fn left_out(elementsd: Option<&OsStr>) -> Option<&'static str> {
    let is_named = elementsd.is_some_and(|path| !path.is_empty());
    (!is_named).then_some(
        "SKIPPED: every test against a node; set ELEMENTSD_EXEC to the absolute path of an elementsd 23.3.3",
    )
}

/// The first steps of `cargo xtask test`.
const CHEAP: &[Step] = &[
    Step { name: "format", arguments: &["fmt", "--all", "--check"], environment: &[OFFLINE] },
    Step {
        // Outside the workspace. Building them takes a nightly compiler, so the tests run what they run (replay.rs).
        name: "format of the fuzz targets",
        arguments: &["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"],
        environment: &[OFFLINE],
    },
    Step {
        // For every platform, not only this one: the test of the arrows reads the whole tree.
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
];

/// What comes after the page's WASM.
const STEPS: &[Step] = &[
    Step {
        // As a newcomer builds it: default members, default features.
        name: "binaries",
        arguments: &["build", "--locked"],
        environment: &[OFFLINE],
    },
    Step {
        name: "tests",
        arguments: &["test", "--workspace", "--all-features", "--locked"],
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
    fn skipped_node_tests_are_told_where_no_elementsd_is_named() {
        for nothing in [None, Some(OsStr::new(""))] {
            assert!(left_out(nothing).is_some_and(|warning| warning.contains("SKIPPED")), "{nothing:?}");
        }
        assert_eq!(left_out(Some(OsStr::new("/elements/src/elementsd"))), None);
    }
}
