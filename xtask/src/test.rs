//! What has to pass before a change lands, cheapest first.

mod suites;

use crate::progress::spoken;
use crate::step::{Failure, Step, run_all};
use crate::{install, web};

/// Everything after the download runs offline: a build or test that reaches for the network fails here, not in a vault.
const OFFLINE: (&str, &str) = ("CARGO_NET_OFFLINE", "true");

/// Runs the steps, and says at the end which tests were skipped.
pub(crate) fn run() -> Result<(), Failure> {
    install::for_wasm()?;
    install::for_page()?;
    run_all("test: before the page", BEFORE_THE_PAGE)?;
    let page = web::start().map_err(failed_page)?;
    let suites = suites::build()?;
    eprintln!("xtask test: waiting for the page, which was built meanwhile");
    let page = page.end().map_err(failed_page)?;
    eprintln!("xtask test: the page: built in {}", spoken(page.took));
    // After the page: some tests run its WASM in node.
    let skipped = suites::run(suites)?;
    run_all("test: documentation", DOCUMENTATION)?;
    // With the binaries that were built for the tests.
    web::tests()?;
    for line in suites::summary(&skipped) {
        eprintln!("xtask test: {line}");
    }
    if std::env::var_os("COLDAMP_HOSTILE_IN_CORE_ONLY").is_some() {
        eprintln!(
            "xtask test: SKIPPED: hostile PSETs through the binary and the page: COLDAMP_HOSTILE_IN_CORE_ONLY is set"
        );
    }
    Ok(())
}

fn failed_page(why: String) -> Failure {
    Failure::new("the page", why)
}

/// What fails soonest.
const BEFORE_THE_PAGE: &[Step] = &[
    Step { name: "format", arguments: &["fmt", "--all", "--check"], environment: &[OFFLINE] },
    Step {
        // Outside the workspace. Building them takes a nightly compiler; tests/tests/replay.rs runs the same code.
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
        // As a newcomer builds it: default members, default features. A check shares what the lints have compiled.
        name: "default build",
        arguments: &["check", "--locked"],
        environment: &[OFFLINE],
    },
];

/// After the tests, from what they were built of.
const DOCUMENTATION: &[Step] = &[
    Step {
        name: "examples in the documentation",
        arguments: &["test", "--doc", "--workspace", "--all-features", "--locked", "--no-fail-fast"],
        environment: &[OFFLINE],
    },
    Step {
        // Private items too: the crates are not published, and a module's documentation links to its own files.
        name: "documentation",
        arguments: &["doc", "--no-deps", "--workspace", "--document-private-items", "--locked"],
        environment: &[OFFLINE, ("RUSTDOCFLAGS", "-D warnings")],
    },
    Step {
        // As a user of the library reads it: a link to a private item would lead nowhere.
        name: "public documentation of core",
        arguments: &["doc", "--no-deps", "--package", "coldamp-core", "--all-features", "--locked"],
        environment: &[OFFLINE, ("RUSTDOCFLAGS", "-D warnings -D rustdoc::private-intra-doc-links")],
    },
];
