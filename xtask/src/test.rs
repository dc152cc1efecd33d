//! What has to pass before a change lands, cheapest first.

use crate::step::Step;

/// Everything after the download runs offline: a build or test that reaches for the network fails here, not in a vault.
const OFFLINE: (&str, &str) = ("CARGO_NET_OFFLINE", "true");

/// The steps of `cargo xtask test`.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "format", arguments: &["fmt", "--all", "--check"], environment: &[OFFLINE] },
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
