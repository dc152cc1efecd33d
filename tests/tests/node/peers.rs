//! Other signers: LWK signs our blinded PSET with one key of a treasury of three, Coldamp with another, and a node mines what both
//! make. What LWK, libwally and the node read in our PSETs is what our own review reads.
//!
//! LWK and libwally are Python packages. `PEERS_PYTHON` names a Python that has both, or else `python3` may have them.

use std::env;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use coldamp_core::consensus::unprotected_inputs;
use coldamp_core::elements::bitcoin::PublicKey;
use coldamp_core::sign::review::{CheckedPset, OutputEffect, Role};
use coldamp_core::sign::{Part, audit_without_keys, combine};
use coldamp_core::signed::Signers;
use coldamp_tests::node::Elementsd;
use coldamp_tests::{Job, Ordered, RequestKind, Scenario, Treasury, skipped};
use serde_json::{Value, json};

use crate::job::yes;

/// A job of the treasury of three: what its signers get.
struct Handed<'a> {
    job: Job<'a>,
    kind: RequestKind,
    unsigned: String,
    blinded: String,
    checked: CheckedPset,
}

fn handed<'a>(treasury: &'a Treasury, scenario: &Scenario) -> Vec<Handed<'a>> {
    let of = |kind| {
        let job = treasury.job(scenario, kind);
        let unsigned = job.prepare().pset;
        let checked = job.review(unsigned.as_bytes()).checked().unwrap().clone();
        let blinded = job.blinded(&unsigned);
        Handed { job, kind, unsigned, blinded, checked }
    };
    RequestKind::ALL.into_iter().map(of).collect()
}

/// The Python that has both packages. Without it the test is skipped, which is said.
fn python_or_skipped() -> Option<String> {
    let named = env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut import = Command::new(&named);
    import.args(["-c", "import lwk, wallycore"]).stdout(Stdio::null()).stderr(Stdio::null());
    if import.status().is_ok_and(|status| status.success()) {
        return Some(named);
    }
    skipped(&format!("{named} has no packages lwk and wallycore; PEERS_PYTHON names another Python"));
    None
}

/// What LWK and libwally make of the jobs. LWK signs with the words.
fn peers(python: &str, scenario: &Scenario, words: &str, jobs: &[Handed<'_>]) -> Vec<Value> {
    let jobs: Vec<Value> =
        jobs.iter().map(|job| json!({ "unsigned": job.unsigned, "blinded": job.blinded })).collect();
    let given = json!({
        "genesis_hash": scenario.info().genesis_hash,
        "policy_asset": scenario.info().policy_asset,
        "descriptor": scenario.ct_descriptor(),
        "mnemonic": words,
        "jobs": jobs,
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/signing.py");
    let mut child = Command::new(python);
    child.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    child.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What each output pays, as the review reads it and in the form of the script's answers.
fn outputs(checked: &CheckedPset) -> Vec<Value> {
    let output = |output: &OutputEffect| {
        json!({
            "amount": output.amount.base_units(),
            "asset": output.asset.to_string(),
            "script": format!("{:x}", output.script_pubkey),
        })
    };
    checked.effects().outputs.iter().map(output).collect()
}

/// The same with libwally's word for whether it is blinded.
fn with_status(checked: &CheckedPset, blinded: &str) -> Vec<Value> {
    let status = |(mut value, output): (Value, &OutputEffect)| {
        value["status"] = json!(if output.blinding_key.is_some() { blinded } else { "explicit" });
        value
    };
    outputs(checked).into_iter().zip(&checked.effects().outputs).map(status).collect()
}

#[test]
fn lwk_and_libwally_read_in_our_psets_what_our_review_reads() {
    let Some(python) = python_or_skipped() else { return };
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let jobs = handed(&treasury, &scenario);
    for (job, read) in jobs.iter().zip(peers(&python, &scenario, &scenario.mnemonics()[1], &jobs)) {
        let Handed { kind, checked, .. } = job;
        let name = kind.name();
        for form in ["unsigned", "blinded"] {
            assert_eq!(read["lwk"][form], Value::from(outputs(checked)), "{name} {form}");
        }
        assert_eq!(read["wally"]["unsigned"], Value::from(with_status(checked, "to blind")), "{name}");
        assert_eq!(read["wally"]["blinded"], Value::from(with_status(checked, "blinded")), "{name}");
        assert_eq!(read["details"]["fee"], checked.fee().sat(), "{name}");
        // LWK tells of the outputs that leave the treasury, but of no fee.
        let leaves = |role: &Option<Role>| matches!(role, Some(Role::Recipient(_) | Role::Burn));
        let paid = checked.roles().iter().zip(outputs(checked)).enumerate();
        let paid = paid.filter(|(_, (role, _))| leaves(role)).map(|(vout, (_, output))| {
            json!({ "vout": vout, "amount": output["amount"], "asset": output["asset"] })
        });
        assert_eq!(read["details"]["recipients"], Value::from(paid.collect::<Vec<_>>()), "{name}");
    }
}

#[test]
fn what_lwk_and_coldamp_sign_with_a_key_each_is_combined_and_mined() {
    let Some(python) = python_or_skipped() else { return };
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let keys = treasury.signing_keys();
    let jobs = handed(&treasury, &scenario);
    let read = peers(&python, &scenario, &scenario.mnemonics()[1], &jobs);
    let of_third = peers(&python, &scenario, &scenario.mnemonics()[2], &jobs);
    let elementsd = Elementsd::named_or_skipped();
    for ((job, by_lwk), by_third) in jobs.iter().zip(&read).zip(&of_third) {
        let name = job.kind.name();
        let pset = |read: &Value| Part::read(read["signed"].as_str().unwrap().as_bytes()).unwrap();
        let ours = Part::Signatures(job.job.part(job.blinded.as_bytes(), &keys[0], 1));
        let file = combine(&treasury.secp, &job.checked, &[pset(by_lwk), ours]).unwrap();
        assert_eq!(file.txid(), job.checked.txid(), "{name}");
        assert_eq!(unprotected_inputs(file.transaction()), [0; 0], "{name}");
        let text = file.to_json().unwrap();
        assert_eq!(audit_without_keys(&treasury.secp, &job.checked, text.as_bytes()), Ok(()), "{name}");
        let Signers::Several(signers) = file.signers() else { panic!("{name}") };
        assert_eq!(signers.values().filter(|position| position.is_none()).count(), 1, "{name}");

        // Two keys in LWK: the proofs of the outputs are not protected, and that is told.
        let alone = combine(&treasury.secp, &job.checked, &[pset(by_lwk), pset(by_third)]).unwrap();
        let inputs: Vec<usize> = (0..job.checked.effects().inputs.len()).collect();
        assert_eq!(unprotected_inputs(alone.transaction()), inputs, "{name}");

        let Some(elementsd) = &elementsd else { continue };
        // The jobs of the recording spend coins in common, so each gets a chain of its own.
        let node = elementsd.replay(&scenario);
        let transaction = Ordered::parse(&text).get("transaction").text().to_owned();
        let verdict = node.judge(&transaction);
        assert_eq!(verdict.get("allowed"), &yes(), "{name}: {verdict:?}");
        node.confirm(&transaction);
    }
}

#[test]
fn the_node_reads_a_blinded_pset_as_one_to_be_signed() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for scenario in Scenario::all_with_quorum() {
        let node = elementsd.replay(&scenario);
        let treasury = Treasury::of(&scenario);
        for Handed { kind, blinded, checked, .. } in handed(&treasury, &scenario) {
            let name = format!("{} {}", scenario.name(), kind.name());
            let decoded = node.call("decodepsbt", json!([blinded]));
            for (read, output) in decoded.get("outputs").items().iter().zip(&checked.effects().outputs) {
                assert_eq!(
                    read.get("amount").signed_base_units(),
                    i128::from(output.amount.base_units()),
                    "{name}"
                );
                assert_eq!(read.get("asset").text(), output.asset.to_string(), "{name}");
                // Of an output that is to be blinded it says so here.
                assert_eq!(read.find("status"), None, "{name}");
                let is_blinded = output.blinding_key.is_some();
                assert_eq!(read.find("value_commitment").is_some(), is_blinded, "{name}");
            }
            let analyzed = node.call("analyzepsbt", json!([blinded]));
            assert_eq!(analyzed.find("error"), None, "{name}");
            assert_eq!(analyzed.get("next").text(), "signer", "{name}");
            assert_eq!(analyzed.get("fee").signed_base_units(), i128::from(checked.fee().sat()), "{name}");
        }
    }
}

/// The wallet of a node holds two of the three keys and signs ALL. One of its signatures is taken out: it is another signer then.
#[test]
fn what_a_node_and_coldamp_sign_with_a_key_each_is_combined_and_mined() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let keys = treasury.signing_keys();
    for job in handed(&treasury, &scenario) {
        let name = job.kind.name();
        let node = elementsd.replay(&scenario);
        let hot = node.wallet("hot", scenario.treasury_node_keys());
        let (sign, with_derivations, finalize) = (true, true, false);
        let processed =
            hot.call("walletprocesspsbt", json!([job.blinded, sign, "ALL", with_derivations, finalize]));
        let Part::Pset(mut signed) = Part::read(processed.get("psbt").text().as_bytes()).unwrap() else {
            panic!("{name}")
        };
        let first = |input: usize, key: &PublicKey| {
            let own = job.checked.effects().inputs[input].own.as_ref().unwrap();
            own.keys().iter().any(|own| {
                own.public_key == *key && own.source.0 == treasury.descriptor.keys()[0].fingerprint()
            })
        };
        for (input, signatures) in signed.signatures.iter_mut().enumerate() {
            assert_eq!(signatures.len(), 2, "{name}");
            signatures.retain(|key, _| !first(input, key));
        }
        let ours = Part::Signatures(job.job.part(job.blinded.as_bytes(), &keys[0], 1));
        let file = combine(&treasury.secp, &job.checked, &[Part::Pset(signed), ours]).unwrap();
        assert_eq!(unprotected_inputs(file.transaction()), [0; 0], "{name}");
        let text = file.to_json().unwrap();
        node.confirm(Ordered::parse(&text).get("transaction").text());
    }
}
