mod reissuance;

use coldamp_core::consensus::AmountError;
use coldamp_core::elements::confidential::Value;
use coldamp_core::elements::{
    AssetBlindingNonce, AssetId, AssetIssuance, LockTime, OutPoint, RangeProof, Script, Sequence,
    Transaction, Txid, Witness,
};
use coldamp_core::treasury::{IssuanceKind, ScriptType};
use coldamp_core::units::Satoshi;

use super::*;
use crate::fixture::{chain_with_coin, descriptor, external, issue_settings, output, sign, signed, spend};
use crate::secp::SECP;

const ALL: u8 = 0x01;
const ALL_RANGEPROOF: u8 = 0x41;

/// The chain's answer to a transaction that is valid except for one change, made before it is signed.
fn refused(change: impl FnOnce(&mut Transaction)) -> String {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let mut tx = spend(&chain, ScriptType::Wpkh, coin, 100);
    change(&mut tx);
    let known = tx.input.iter().position(|input| input.previous_output == coin);
    if let Some(index) = known {
        tx = sign(&chain, ScriptType::Wpkh, tx, index, external(0), ALL_RANGEPROOF);
    }
    chain.submit(tx).unwrap_err().to_string()
}

#[test]
fn both_script_types_and_both_sighash_bytes_spend() {
    for script_type in [ScriptType::Wpkh, ScriptType::ShWpkh] {
        for byte in [ALL, ALL_RANGEPROOF] {
            let (mut chain, coin) = chain_with_coin(script_type);
            let tx = spend(&chain, script_type, coin, 100);
            let tx = sign(&chain, script_type, tx, 0, external(0), byte);
            let txid = chain.submit(tx).unwrap();
            assert_eq!(chain.confirmations(txid), Some(0));
            assert_eq!(chain.spender(coin), Some((txid, 0)));
            chain.mine(2);
            assert_eq!(chain.confirmations(txid), Some(2));
        }
    }
}

#[test]
fn a_signature_of_another_key_over_another_transaction_or_with_a_changed_byte_is_refused() {
    let bad =
        "mandatory-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)";
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let good = signed(&chain, coin, 100);
    let mut other_amount = good.clone();
    other_amount.output[0].value = Value::Explicit(99_800);
    other_amount.output[1].value = Value::Explicit(200);
    assert_eq!(chain.submit(other_amount).unwrap_err().to_string(), bad);

    // An interpreter that masks the byte would accept this: an ALL signature that ends in ALL|RANGEPROOF.
    let unsigned = spend(&chain, ScriptType::Wpkh, coin, 100);
    let mut masked = sign(&chain, ScriptType::Wpkh, unsigned.clone(), 0, external(0), ALL);
    let mut witness = masked.input[0].witness.script_witness.to_vec();
    *witness[0].last_mut().unwrap() = ALL_RANGEPROOF;
    masked.input[0].witness.script_witness = Witness::from_slice(&witness);
    assert_eq!(chain.submit(masked).unwrap_err().to_string(), bad);

    let other_key = sign(&chain, ScriptType::Wpkh, unsigned.clone(), 0, external(1), ALL_RANGEPROOF);
    assert_eq!(
        chain.submit(other_key).unwrap_err().to_string(),
        "mandatory-script-verify-flag-failed (Witness program hash mismatch)"
    );
    assert_eq!(
        chain.submit(unsigned).unwrap_err().to_string(),
        "mandatory-script-verify-flag-failed (Witness program was passed an empty witness)"
    );
    let mut none = good.clone();
    let mut witness = none.input[0].witness.script_witness.to_vec();
    *witness[0].last_mut().unwrap() = 0x02;
    none.input[0].witness.script_witness = Witness::from_slice(&witness);
    assert_eq!(
        chain.submit(none).unwrap_err().to_string(),
        "mandatory-script-verify-flag-failed (Signature hash type missing or not understood)"
    );
    chain.submit(good).unwrap();
}

#[test]
fn what_is_malformed_is_refused_in_the_nodes_words() {
    let policy_asset = Chain::new().network().policy_asset();
    assert_eq!(refused(|tx| tx.input.clear()), "bad-txns-vin-empty");
    assert_eq!(refused(|tx| tx.output.clear()), "bad-txns-vout-empty");
    assert_eq!(refused(|tx| tx.input.push(tx.input[0].clone())), "bad-txns-inputs-duplicate");
    assert_eq!(
        refused(|tx| tx.output[0].value = Value::Explicit(2_100_000_000_000_001)),
        "bad-txns-vout-toolarge"
    );
    assert_eq!(
        refused(|tx| {
            tx.output[0].value = Value::Explicit(2_000_000_000_000_000);
            tx.output.push(tx.output[0].clone());
        }),
        "bad-txns-txouttotal-toolarge"
    );
    let other = AssetId::from_byte_array([9; 32]);
    assert_eq!(refused(|tx| tx.output.push(output(other, 1, Script::new()))), "bad-txns-fee-outofrange");
    assert_eq!(
        refused(|tx| tx.output.push(output(policy_asset, 0, Script::new()))),
        "bad-txns-fee-outofrange"
    );
    assert_eq!(
        refused(|tx| tx.input[0].asset_issuance.amount = Value::Explicit(2_100_000_000_000_001)),
        "issuance-out-of-range"
    );
}

#[test]
fn what_is_not_standard_is_refused_in_the_nodes_words() {
    let policy_asset = Chain::new().network().policy_asset();
    let pay = |value: u64, script: Script| {
        move |tx: &mut Transaction| {
            tx.output[0].value = Value::Explicit(99_900 - value);
            tx.output.push(output(policy_asset, value, script));
        }
    };
    let wpkh = descriptor(ScriptType::Wpkh).script_at(&SECP, external(2)).unwrap().script_pubkey;
    assert_eq!(refused(|tx| tx.version = 3), "version");
    assert_eq!(refused(pay(13, wpkh.clone())), "dust");
    assert_eq!(refused(pay(1_000, Script::from(vec![0x52]))), "scriptpubkey");
    assert_eq!(refused(pay(1, Script::new_op_return(&[0; 82]))), "scriptpubkey");
    assert_eq!(refused(|tx| tx.lock_time = LockTime::from_consensus(1_000)), "non-final");
    assert_eq!(refused(|tx| tx.input[0].sequence = Sequence::from_height(5)), "non-BIP68-final");
    assert_eq!(
        refused(|tx| tx.output = (0..1_600).map(|_| output(policy_asset, 50, wpkh.clone())).collect()),
        "tx-size"
    );
    assert_eq!(refused(|tx| tx.input[0].script_sig = Script::from(vec![0x76])), "scriptsig-not-pushonly");

    // And at the edge: fourteen satoshi are no dust, 83 bytes of OP_RETURN are relayed, several of them too.
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let mut tx = spend(&chain, ScriptType::Wpkh, coin, 100);
    pay(14, wpkh)(&mut tx);
    tx.output[0].value = Value::Explicit(99_900 - 14 - 2);
    for _ in 0..2 {
        tx.output.push(output(policy_asset, 1, Script::new_op_return(&[0; 80])));
    }
    chain.submit(sign(&chain, ScriptType::Wpkh, tx, 0, external(0), ALL_RANGEPROOF)).unwrap();
}

#[test]
fn amounts_that_do_not_balance_and_forged_proofs_are_refused() {
    let not_equal = "bad-txns-in-ne-out, value in != value out";
    assert_eq!(refused(|tx| tx.output[0].value = Value::Explicit(99_901)), not_equal);
    assert_eq!(refused(|tx| tx.output[0].value = Value::Explicit(0)), "dust");
    let burn = |tx: &mut Transaction| {
        tx.output[0].script_pubkey = Script::new_op_return(&[]);
        tx.output[0].value = Value::Explicit(0);
    };
    assert_eq!(refused(burn), not_equal);

    let mut chain = Chain::new();
    let coins = chain.fund(&SECP, &descriptor(ScriptType::Wpkh), 0, &[Satoshi::from_sat(1_000); 2]);
    let funding = chain.transaction(coins.unwrap()[0].txid).unwrap().clone();
    chain.reorganise(1);
    chain.forget(funding.txid());
    let mut no_proof = funding.clone();
    no_proof.output[0].witness.rangeproof = RangeProof::EMPTY;
    assert_eq!(chain.submit(no_proof).unwrap_err().to_string(), not_equal);
    let mut swapped = funding.clone();
    swapped.output[0].witness = funding.output[1].witness.clone();
    assert_eq!(chain.submit(swapped).unwrap_err().to_string(), not_equal);
    assert_eq!(chain.submit(funding.clone()), Ok(funding.txid()));
}

#[test]
fn a_reissuance_without_the_token_and_an_issuance_by_a_client_are_refused() {
    let mut chain = Chain::new();
    let treasury = descriptor(ScriptType::Wpkh);
    let issued = chain.issue(&SECP, &treasury, issue_settings(IssuanceKind::Explicit)).unwrap();
    let coin = chain.fund_many(&SECP, &treasury, 0, 1, Satoshi::from_sat(100_000), false).unwrap()[0];
    let mut tx = spend(&chain, ScriptType::Wpkh, coin, 100);
    tx.output.push(output(issued.asset, 7, tx.output[0].script_pubkey.clone()));
    tx.input[0].asset_issuance = AssetIssuance {
        asset_blinding_nonce: AssetBlindingNonce::from_byte_array([1; 32]),
        asset_entropy: issued.entropy,
        amount: Value::Explicit(7),
        inflation_keys: Value::Null,
    };
    let reissue = sign(&chain, ScriptType::Wpkh, tx.clone(), 0, external(0), ALL_RANGEPROOF);
    assert_eq!(chain.submit(reissue), Err(Rejection::Amounts(AmountError::Token { index: 0 })));

    tx.input[0].asset_issuance.asset_blinding_nonce = AssetBlindingNonce::NEW_ISSUANCE;
    tx.output.pop();
    let asset = tx.input[0].issuance_ids().0;
    tx.output.push(output(asset, 7, tx.output[0].script_pubkey.clone()));
    let issue = sign(&chain, ScriptType::Wpkh, tx, 0, external(0), ALL_RANGEPROOF);
    assert_eq!(chain.submit(issue), Err(Rejection::Issuance { index: 0 }));
}

#[test]
fn missing_and_spent_coins_are_refused() {
    let nowhere = OutPoint { txid: Txid::from_byte_array([1; 32]), vout: 0 };
    let missing = "bad-txns-inputs-missingorspent";
    assert_eq!(refused(|tx| tx.input[0].previous_output = nowhere), missing);
    assert_eq!(refused(|tx| tx.input[0].previous_output.vout = 77), missing);
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let first = signed(&chain, coin, 100);
    let second = signed(&chain, coin, 200);
    chain.submit(first).unwrap();
    chain.mine(1);
    assert_eq!(chain.submit(second), Err(Rejection::MissingInputs));
}

#[test]
fn what_is_there_already_is_named_as_the_node_names_it() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let tx = signed(&chain, coin, 100);
    let txid = chain.submit(tx.clone()).unwrap();
    assert_eq!(chain.submit(tx.clone()), Err(Rejection::InMempool));
    let other_witness =
        sign(&chain, ScriptType::Wpkh, spend(&chain, ScriptType::Wpkh, coin, 100), 0, external(0), ALL);
    assert_eq!(chain.submit(other_witness), Err(Rejection::SameButWitness));
    chain.mine(1);
    let known = chain.submit(tx.clone()).unwrap_err();
    assert_eq!((known.to_string().as_str(), known.rpc_code()), ("txn-already-known", -27));

    // Once all its outputs are spent, the node no longer recognises it.
    let next = OutPoint { txid, vout: 0 };
    let child = spend(&chain, ScriptType::Wpkh, next, 100);
    let child = sign(&chain, ScriptType::Wpkh, child, 0, external(1), ALL_RANGEPROOF);
    chain.submit(child).unwrap();
    chain.mine(1);
    assert_eq!(chain.submit(tx), Err(Rejection::MissingInputs));
}

#[test]
fn a_replacement_pays_for_itself_at_its_full_size_or_is_refused() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let first = signed(&chain, coin, 100);
    let vbytes = u64::try_from(first.vsize()).unwrap();
    let relay = vbytes.div_ceil(10);
    let first = chain.submit(first).unwrap();
    let tries = |chain: &mut Chain, fee| {
        let tx = signed(chain, coin, fee);
        chain.submit(tx).map_err(|error| error.to_string())
    };
    let same = tries(&mut chain, 99).unwrap_err();
    assert!(same.starts_with("insufficient fee, rejecting replacement") && same.contains("<= old feerate"));
    let little = tries(&mut chain, 100 + relay - 1).unwrap_err();
    assert!(little.contains("not enough additional fees to relay; 0.000000"), "{little}");
    let second = tries(&mut chain, 100 + relay).unwrap();
    assert_eq!(chain.height_of(first), None);
    assert_eq!(chain.spender(coin), Some((second, 0)));
}

#[test]
fn a_transaction_that_does_not_signal_is_not_replaced() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let mut tx = spend(&chain, ScriptType::Wpkh, coin, 100);
    tx.input[0].sequence = Sequence::ENABLE_LOCKTIME_NO_RBF;
    let tx = sign(&chain, ScriptType::Wpkh, tx, 0, external(0), ALL_RANGEPROOF);
    chain.submit(tx).unwrap();
    let richer = signed(&chain, coin, 10_000);
    assert_eq!(chain.submit(richer), Err(Rejection::Conflict));
}

#[test]
fn a_replacement_takes_what_builds_on_the_replaced_with_it() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let first = signed(&chain, coin, 100);
    let first = chain.submit(first).unwrap();
    let child = spend(&chain, ScriptType::Wpkh, OutPoint { txid: first, vout: 0 }, 1_000);
    let child = sign(&chain, ScriptType::Wpkh, child, 0, external(1), ALL_RANGEPROOF);
    let child = chain.submit(child).unwrap();
    let cheap = signed(&chain, coin, 500);
    let error = chain.submit(cheap).unwrap_err().to_string();
    assert!(error.contains("less fees than conflicting txs; 0.000005 < 0.000011"), "{error}");
    let rich = signed(&chain, coin, 2_000);
    let rich = chain.submit(rich).unwrap();
    assert_eq!([first, child, rich].map(|txid| chain.confirmations(txid)), [None, None, Some(0)]);
}

#[test]
fn too_low_a_fee_is_refused_by_the_discounted_size() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let size = u64::try_from(signed(&chain, coin, 100).discount_vsize()).unwrap();
    let least = size.div_ceil(10);
    let low = signed(&chain, coin, least - 1);
    let error = chain.submit(low).unwrap_err().to_string();
    assert_eq!(error, format!("min relay fee not met, {} < {least}", least - 1));
    let enough = signed(&chain, coin, least);
    chain.submit(enough).unwrap();
}

#[test]
fn twenty_five_transactions_may_hang_together_and_no_more() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let first = signed(&chain, coin, 100);
    let mut last = chain.submit(first).unwrap();
    for _ in 1..25 {
        let next = spend(&chain, ScriptType::Wpkh, OutPoint { txid: last, vout: 0 }, 100);
        last = chain.submit(sign(&chain, ScriptType::Wpkh, next, 0, external(1), ALL_RANGEPROOF)).unwrap();
    }
    let next = spend(&chain, ScriptType::Wpkh, OutPoint { txid: last, vout: 0 }, 100);
    let next = sign(&chain, ScriptType::Wpkh, next, 0, external(1), ALL_RANGEPROOF);
    let error = chain.submit(next.clone()).unwrap_err().to_string();
    assert!(error.starts_with("too-long-mempool-chain"), "{error}");
    chain.mine(1);
    chain.submit(next).unwrap();
}

#[test]
fn a_reorganisation_steps_confirmations_back_and_other_blocks_come_in_their_place() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let genesis = chain.genesis();
    let tx = signed(&chain, coin, 100);
    let txid = chain.submit(tx).unwrap();
    chain.mine(3);
    let tip = chain.tip();
    let old = chain.tip_hash();
    assert_eq!(chain.confirmations(txid), Some(3));
    chain.reorganise(3);
    assert_eq!((chain.tip(), chain.confirmations(txid)), (tip - 3, Some(0)));
    assert_eq!(chain.spender(coin), Some((txid, 0)));
    chain.mine(3);
    assert_eq!((chain.tip(), chain.confirmations(txid)), (tip, Some(3)));
    assert_ne!(chain.tip_hash(), old);
    chain.reorganise(1_000);
    assert_eq!((chain.tip(), chain.genesis()), (0, genesis));
}

#[test]
fn a_reorganisation_puts_out_what_comes_too_early_then() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    chain.mine(5);
    let mut tx = spend(&chain, ScriptType::Wpkh, coin, 100);
    tx.lock_time = LockTime::from_consensus(chain.tip());
    let txid = chain.submit(sign(&chain, ScriptType::Wpkh, tx, 0, external(0), ALL_RANGEPROOF)).unwrap();
    chain.reorganise(2);
    assert_eq!(chain.height_of(txid), None);
    assert_eq!(chain.spender(coin), None);
}

#[test]
fn what_is_forgotten_can_be_sent_again() {
    let (mut chain, coin) = chain_with_coin(ScriptType::Wpkh);
    let tx = signed(&chain, coin, 100);
    let txid = chain.submit(tx.clone()).unwrap();
    let script = tx.output[0].script_pubkey.clone();
    assert_eq!(chain.outputs_paying(&script), [OutPoint { txid, vout: 0 }]);
    assert_eq!(chain.forget(txid), 1);
    assert!(chain.outputs_paying(&script).is_empty());
    assert_eq!((chain.height_of(txid), chain.spender(coin)), (None, None));
    chain.submit(tx).unwrap();
    chain.mine(1);
    assert_eq!(chain.forget(txid), 0, "a block does not forget");
}

#[test]
fn a_coin_of_the_sandbox_is_spent_by_anybody_with_nothing() {
    let mut chain = Chain::new();
    let (coin, _) = chain.coin().unwrap();
    let mut tx = spend(&chain, ScriptType::Wpkh, coin, 100);
    let mut signed = tx.clone();
    signed.input[0].witness.script_witness = Witness::from_slice(&[[1_u8]]);
    assert!(matches!(chain.submit(signed), Err(Rejection::Script { .. })));
    tx.input[0].sequence = Sequence::MAX;
    chain.submit(tx).unwrap();
}
