//! The unsigned PSET is one that any Elements tool can read; the node is the first of them.

use coldamp_tests::node::Elementsd;
use coldamp_tests::{Ordered, RequestKind, Scenario};
use serde_json::json;

use crate::job::{Signed, number, of_scenario};

#[test]
fn every_pset_is_read_by_the_node_which_would_blind_it_next() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for scenario in Scenario::all() {
        let node = elementsd.replay(&scenario);
        for signed in of_scenario(&scenario) {
            let decoded = node.call("decodepsbt", json!([signed.pset]));
            reads_what_was_signed(&decoded, signed);
            let analyzed = node.call("analyzepsbt", json!([signed.pset]));
            assert_eq!(analyzed.find("error"), None, "{}", signed.name);
            assert_eq!(analyzed.get("next").text(), "blinder", "{}", signed.name);
            assert_eq!(analyzed.get("fee").signed_base_units(), i128::from(signed.fee()), "{}", signed.name);
        }
    }
}

/// The same coins and scripts as the transaction; blinded in it is what the node would blind.
fn reads_what_was_signed(decoded: &Ordered, signed: &Signed) {
    let (name, transaction) = (&signed.name, &signed.transaction);
    let inputs = decoded.get("inputs").items();
    assert_eq!(inputs.len(), transaction.input.len(), "{name}");
    for (vin, (read, input)) in inputs.iter().zip(&transaction.input).enumerate() {
        let outpoint = &input.previous_output;
        assert_eq!(read.get("previous_txid").text(), outpoint.txid.to_string(), "{name}");
        assert_eq!(number(read.get("previous_vout")), outpoint.vout as usize, "{name}");
        assert_eq!(
            number(read.get("sequence")),
            input.sequence.to_consensus_u32() as usize,
            "{name} input {vin}"
        );
        // An explicit coin has no proof to show.
        let is_blinded = signed.spent[vin].value.is_confidential();
        assert_eq!(read.find("utxo_rangeproof").is_some(), is_blinded, "{name} input {vin}");
        let reissued = read.find("issuance_value").map(Ordered::signed_base_units);
        assert_eq!(reissued, claimed_by_the_report(signed, vin), "{name} input {vin}");
    }
    let outputs = decoded.get("outputs").items();
    assert_eq!(outputs.len(), transaction.output.len(), "{name}");
    for (vout, (read, output)) in outputs.iter().zip(&transaction.output).enumerate() {
        let place = format!("{name} output {vout}");
        assert_eq!(read.get("script").get("hex").text(), format!("{:x}", output.script_pubkey), "{place}");
        let expected = output.value.is_confidential().then_some("needs blinding");
        assert_eq!(read.find("status").map(Ordered::text), expected, "{place}");
        assert_eq!(read.find("blinding_pubkey").is_some(), output.value.is_confidential(), "{place}");
    }
}

/// What the report says that an input reissues.
fn claimed_by_the_report(signed: &Signed, vin: usize) -> Option<i128> {
    if signed.kind != RequestKind::Reissue {
        return None;
    }
    let row = &signed.payload().get("listissuances").items()[0];
    (number(row.get("vin")) == vin).then(|| row.get("assetamount").signed_base_units())
}
