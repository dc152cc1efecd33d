//! LWK's and the Elements node's blinding of 80 recipients, beside Coldamp's, for the same recorded treasury and request.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use coldamp_core::sign::blinder::Blinder;
use coldamp_tests::{RequestKind, Scenario, Treasury};

use crate::figures::Figures;
use crate::floor::Floor;
use crate::machine;

pub(super) fn run(figures: &mut Figures) {
    let scenario = Scenario::load("wpkh-80-recipients");
    let mut treasury = Treasury::of(&scenario);
    treasury.secp = machine::secp();
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let request = job.request();
    let holdings = treasury.holdings(&request);
    let known = holdings.treasury(&treasury.network, &treasury.descriptor);
    let floor = Some(Floor::made(82));
    // Planning, building, reviewing and blinding: no less than what LWK and the node do before they sign.
    figures.measure_long(
        "peers/Coldamp, prepare to blind",
        5,
        floor,
        || (),
        |()| {
            let settings = coldamp_core::prepare::Settings::default();
            let prepared = coldamp_core::prepare::prepare(&treasury.secp, &request, &known, &settings, None);
            let review = treasury.review(&prepared.expect("a PSET").unsigned, None);
            let checked = review.checked().expect("no rule failed");
            Blinder::new(&treasury.secp, checked).expect("opened inputs").blind().expect("a transaction")
        },
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/blinding.py");
    let output = match Command::new("python3").arg(script).arg(scenario.folder()).output() {
        Ok(output) => output,
        Err(error) => {
            return eprintln!("bench: LWK and the node are skipped: python3 cannot be started: {error}");
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for (key, name) in [("lwk", "peers/LWK, TxBuilder.finish"), ("node", "peers/Elements node, sendmany")] {
        match answer[key].as_f64() {
            Some(milliseconds) => figures.keep(name, Duration::from_secs_f64(milliseconds / 1_000.0), floor),
            None => eprintln!("bench: {name} is skipped: {}", answer[key].as_str().unwrap_or("no answer")),
        }
    }
}
