//! `coldamp` as a process, from its start to the file that it has written. The keystore is sealed with a work factor of 2^2, so
//! that scrypt takes next to nothing.

use coldamp_core::sign::review::JournalState;
use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury as Recorded};

use crate::figures::Figures;
use crate::groups::core::blind_last;
use crate::treasury::Treasury;

/// How often each command runs.
const TIMES: usize = 5;

pub(super) fn run(figures: &mut Figures) {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::new();
    let job = treasury.usual(80);
    let pset = job.prepare(&job.parsed()).pset;
    let review = job.review(&job.pset(), &JournalState::default());
    figures_of(figures, &scenario, "80 recipients", &pset);
    blind_last(figures, "command/blind_last of the same PSET", &job, &pset, &review);
    let recorded = Recorded::of(&scenario);
    let burn = recorded.job(&scenario, RequestKind::Burn).prepare().pset;
    figures_of(figures, &scenario, "a burn", &burn);
}

fn figures_of(figures: &mut Figures, scenario: &Scenario, what: &str, pset: &str) {
    // A machine of its own each time: what was signed before is signed again, but under its old entry.
    let machine = || {
        let desk = Desk::cold_copy(scenario);
        desk.write("unsigned.pset", pset);
        desk
    };
    let review =
        |desk: &Desk| desk.run("coldamp", &format!("review unsigned.pset {KEYS} --json")).done().stdout;
    figures.measure_long(&format!("command/review {what}"), TIMES, None, machine, |desk| review(&desk));
    let document: serde_json::Value = serde_json::from_str(&review(&machine())).expect("a review");
    let code = document["approval"].as_str().expect("an approval code");
    let sign = format!("sign unsigned.pset {KEYS} --approve {code} -o signed.json");
    figures.measure_long(&format!("command/sign {what}"), TIMES, None, machine, |desk| {
        desk.run("coldamp", &sign).done();
        assert!(desk.has("signed.json"), "nothing was signed");
        desk
    });
}
