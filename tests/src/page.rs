//! The page's package (`cargo xtask web pkg`), run in node: what a browser would do with it, without a browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{Desk, Run};

/// The package, and node to run it in.
pub struct Page {
    package: PathBuf,
}

impl Page {
    /// The package, where there is one: building it takes a target and a compiler that `cargo test` alone does not ask for.
    /// Without it the test is skipped, which is said.
    pub fn found() -> Option<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/pkg");
        let node = Command::new("node").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        let missing = match (package.join("coldamp_wasm_bg.wasm").exists(), node) {
            (true, Ok(status)) if status.success() => return Some(Page { package }),
            (false, _) => "web/pkg is not built, `cargo xtask web pkg` builds it",
            (true, _) => "node is not installed",
        };
        crate::skipped(missing);
        None
    }

    /// Takes the steps (`page/run.mjs` says which there are) with the files of a desk; what came of each comes back.
    ///
    /// # Panics
    ///
    /// If node fails, or gives another number of outcomes.
    pub fn run(&self, desk: &Desk, steps: &[Value]) -> Vec<Value> {
        desk.write("steps.json", Value::from(steps.to_vec()).to_string());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/run.mjs");
        let output = Command::new("node")
            .arg(script)
            .arg(self.package.canonicalize().expect("the package"))
            .arg(desk.path("."))
            .stdin(Stdio::null())
            .output()
            .expect("node");
        let run = Run::of(output).done();
        let outcomes: Vec<Value> = serde_json::from_str(&run.stdout).expect("outcomes");
        assert_eq!(outcomes.len(), steps.len(), "{}", run.stderr);
        outcomes
    }
}
