//! The same files through the page's WASM: a PSET that is dropped there is refused by the same rule, and nothing gives out
//! an approval code for it.

use std::collections::BTreeMap;

use coldamp_tests::{Desk, Page, Scenario};
use serde_json::{Value, json};

use super::binary::Hostile;

/// Lists every file that the page does not refuse as it must, all of a list in one process.
pub(crate) fn failures(files: impl IntoIterator<Item = Hostile>) -> Vec<String> {
    if !super::binary::is_wanted() {
        return Vec::new();
    }
    let Some(page) = Page::found() else { return Vec::new() };
    let desk = Desk::default();
    let mut descriptors = BTreeMap::new();
    let files: Vec<Hostile> = files.into_iter().collect();
    let step = |(number, hostile): (usize, &Hostile)| {
        let scenario = hostile.job.1;
        let descriptor = descriptors.entry(scenario).or_insert_with(|| {
            desk.write(scenario, Scenario::load(scenario).ct_descriptor());
            scenario
        });
        let pset = format!("{number}.pset");
        desk.write(&pset, &hostile.file);
        let missing = hostile.flags.contains("--allow-missing-token-utxos");
        json!({ "do": "review", "descriptor": *descriptor, "pset": pset, "allow_missing_tokens": missing })
    };
    let steps: Vec<Value> = files.iter().enumerate().map(step).collect();
    let outcomes = page.run(&desk, &steps);
    files.iter().zip(&outcomes).filter_map(|(hostile, outcome)| hostile.passes(outcome)).collect()
}

impl Hostile {
    /// What is wrong with the page's outcome, if anything.
    fn passes(&self, outcome: &Value) -> Option<String> {
        let code = self.words.trim().trim_end_matches(':');
        let review = &outcome["done"];
        let mismatches = review["mismatches"].as_array();
        let is_named = mismatches.is_some_and(|all| all.iter().any(|mismatch| mismatch["code"] == code));
        let is_refused = is_named && review["approval"].is_null();
        (!is_refused).then(|| {
            format!("the page: {} ({}): expected {code}, found {outcome}", self.job.0.name(), self.attack)
        })
    }
}
