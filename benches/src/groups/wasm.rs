//! The page's WASM in node, beside the same functions natively on one core. `cargo xtask bench` builds the package.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use coldamp_online::audit::audit;

use super::sync;
use crate::figures::Figures;
use crate::treasury::Treasury;

const COINS: usize = 100;

pub(super) fn run(figures: &mut Figures) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = root.join("../web/pkg");
    if !package.join("coldamp_wasm_bg.wasm").exists() {
        eprintln!("bench: wasm is skipped: web/pkg is not built, `cargo xtask web pkg` builds it");
        return;
    }
    let treasury = Treasury::on_one_core();
    let job = treasury.usual(80);
    let (pset, key) = (job.pset(), treasury.key());
    let signed = job.sign(job.approve(&pset), &key).to_json().expect("JSON").into_bytes();
    let transactions = treasury.transactions(COINS);
    let source = treasury.source(COINS);

    let (secp, network, descriptor) = (&treasury.secp, &treasury.network, &treasury.descriptor);
    figures.measure("wasm/audit 80 recipients natively, one core", None, || {
        audit(secp, network, descriptor, &pset, false, &signed).expect("the same file")
    });
    figures.measure("wasm/sync 100 coins natively, one core", None, || sync::coins(&treasury, &source));

    let folder = tempfile::tempdir().expect("a temporary folder");
    let write =
        |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a file written");
    write("descriptor", descriptor.canonical().as_bytes());
    write("asset", treasury.asset.to_string().as_bytes());
    write("unsigned.pset", job.prepare(&job.parsed()).pset.as_bytes());
    write("signed.json", &signed);
    write("transactions.json", &transactions);
    let output = Command::new("node").arg(root.join("wasm.mjs")).arg(&package).arg(folder.path()).output();
    let output = match output {
        Ok(output) => output,
        Err(error) => return eprintln!("bench: wasm is skipped: node cannot be started: {error}"),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let medians: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for (name, key) in
        [("wasm/audit 80 recipients in WASM", "audit"), ("wasm/sync 100 coins in WASM", "sync")]
    {
        let milliseconds = medians[key].as_f64().expect("a number");
        figures.keep(name, Duration::from_secs_f64(milliseconds / 1_000.0), None);
    }
}
