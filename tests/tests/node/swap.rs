//! Whoever knows the blinders can make another valid proof of the same commitment, one that its receiver cannot read:
//! the txid would stay, and the coin be lost to its owner. The online machine, AMP and every holder of the view key know
//! them. Signatures of ALL|RANGEPROOF are what stops them.

use coldamp_core::Secp;
use coldamp_core::consensus::verify_amounts;
use coldamp_core::elements::confidential::{AssetBlindingFactor, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::SecretKey;
use coldamp_core::elements::{AssetId, RangeProofMessage, Transaction, TxOutSecrets, encode, hex};
use coldamp_core::treasury::CtDescriptor;
use coldamp_tests::node::Elementsd;
use coldamp_tests::{Ordered, RequestKind, Scenario, Treasury};

use crate::job::{Signed, number, of_scenario, signed_by_the_node, yes};

#[test]
fn a_swapped_range_proof_is_refused_for_the_signatures_alone() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let secp = Secp::new();
    for scenario in Scenario::all() {
        let node = elementsd.replay(&scenario);
        let descriptor = Treasury::of(&scenario).descriptor;
        for signed in of_scenario(&scenario) {
            let own = signed.own.iter().map(|vout| (*vout, opened(&secp, &descriptor, signed, *vout)));
            let openings: Vec<_> = own.chain(a_recipients(signed)).collect();
            assert!(!openings.is_empty(), "{}", signed.name);
            for (vout, opening) in openings {
                let place = format!("{} output {vout}", signed.name);
                let mut swapped = signed.transaction.clone();
                swap_proof(&secp, &mut swapped, vout, &opening);
                assert_eq!(swapped.txid(), signed.transaction.txid(), "{place}");
                assert_ne!(swapped.wtxid(), signed.transaction.wtxid(), "{place}");
                assert_eq!(verify_amounts(&secp, &swapped, &signed.spent), Ok(()), "{place}");
                let verdict = node.judge(&encode::serialize_hex(&swapped));
                assert_eq!(verdict.get("allowed"), &Ordered::Other("false".to_owned()), "{place}");
                let reason = verdict.get("reject-reason").text();
                assert!(reason.starts_with("mempool-script-verify-flag-failed"), "{place}: {reason}");
            }
            let verdict = node.judge(signed.hex());
            assert_eq!(verdict.get("allowed"), &yes(), "{}: {verdict:?}", signed.name);
        }
    }
}

/// The control: the same swap in the same job, signed by the node's wallet, whose signatures are ALL.
#[test]
fn a_swapped_range_proof_is_taken_where_signatures_do_not_cover_it() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let secp = Secp::new();
    let scenario = Scenario::load("wpkh");
    let descriptor = Treasury::of(&scenario).descriptor;
    let node = elementsd.replay(&scenario);
    let hot = node.wallet("hot", scenario.treasury_node_keys());
    let signed = of_scenario(&scenario).find(|signed| signed.kind == RequestKind::Distribute).unwrap();
    let bytes = hex::decode_to_vec(&signed_by_the_node(&hot, &signed.pset)).unwrap();
    let mut transaction: Transaction = encode::deserialize(&bytes).unwrap();
    let txid = transaction.txid();
    for vout in &signed.own {
        let change = &transaction.output[*vout];
        let key = descriptor.blinding_private_key(&change.script_pubkey);
        let opening = change.unblind(&secp, key).unwrap();
        swap_proof(&secp, &mut transaction, *vout, &opening);
        transaction.output[*vout].unblind(&secp, key).unwrap_err();
    }
    let verdict = node.judge(&encode::serialize_hex(&transaction));
    assert_eq!(verdict.get("allowed"), &yes(), "{verdict:?}");
    assert_eq!(verdict.get("txid").text(), txid.to_string());
}

/// An output of the treasury, as everyone with the view key opens it.
fn opened(secp: &Secp, descriptor: &CtDescriptor, signed: &Signed, vout: usize) -> TxOutSecrets {
    let output = &signed.transaction.output[vout];
    output.unblind(secp, descriptor.blinding_private_key(&output.script_pubkey)).unwrap()
}

/// The first blinded output to a recipient, as everyone with the report opens it; none where the job has none.
fn a_recipients(signed: &Signed) -> Option<(usize, TxOutSecrets)> {
    if signed.kind != RequestKind::Distribute {
        return None;
    }
    let blinded = |row: &&Ordered| signed.transaction.output[number(row.get("vout"))].value.is_confidential();
    let row = signed.details().items().iter().find(blinded)?;
    let asset: AssetId = row.get("asset").text().parse().unwrap();
    let value = u64::try_from(-row.get("amount").signed_base_units()).unwrap();
    let abf: AssetBlindingFactor = row.get("assetblinder").text().parse().unwrap();
    let vbf: ValueBlindingFactor = row.get("amountblinder").text().parse().unwrap();
    Some((number(row.get("vout")), TxOutSecrets::new(asset, abf, value, vbf)))
}

/// Proves the same commitment once more, with a nonce that is nobody's shared secret.
fn swap_proof(secp: &Secp, transaction: &mut Transaction, vout: usize, opening: &TxOutSecrets) {
    let output = &mut transaction.output[vout];
    let nonce = SecretKey::from_slice(&[0x5a; 32]).unwrap();
    let message = RangeProofMessage::new(opening.asset, opening.asset_bf);
    let (commitment, proof) = Value::Explicit(opening.value)
        .blind_with_shared_secret(secp, opening.value_bf, nonce, &output.script_pubkey, &message)
        .unwrap();
    assert_eq!(commitment, output.value);
    assert_ne!(proof, output.witness.rangeproof);
    output.witness.rangeproof = proof;
}
