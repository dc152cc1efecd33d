//! Reissuances of both kinds as a treasury makes them, by hand: its own blinder is no part of the sandbox.

use coldamp_core::consensus::{AmountError, SIGHASH_ALL_RANGEPROOF};
use coldamp_core::elements::confidential::{AssetBlindingFactor, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::Generator;
use coldamp_core::elements::{
    AssetBlindingNonce, AssetId, AssetIssuance, OutPoint, RangeProofMessage, Script, SurjectionInput,
    Transaction, TxOut, TxOutSecrets,
};
use coldamp_core::treasury::{IssuanceKind, ScriptType};
use coldamp_core::units::Satoshi;

use super::super::{Chain, Rejection};
use crate::fixture::{descriptor, external, issue_settings, sign, spend};
use crate::secp::SECP;
use crate::treasury::{Issued, Secrets};

/// What is reissued, in base units.
const MORE: u64 = 5_000;

/// An asset of a kind, and a coin for the fee.
fn chain_with_asset(kind: IssuanceKind) -> (Chain, Issued, OutPoint) {
    let mut chain = Chain::new();
    let treasury = descriptor(ScriptType::Wpkh);
    let issued = chain.issue(&SECP, &treasury, issue_settings(kind)).unwrap();
    let coins = chain.fund_many(&SECP, &treasury, 0, 1, Satoshi::from_sat(100_000), false);
    (chain, issued, coins.unwrap()[0])
}

/// Spends coin and token, reissues, and pays units and token back; the amount blinded or explicit as told.
fn reissue(chain: &Chain, issued: &Issued, coin: OutPoint, blinded: bool) -> Transaction {
    let secrets = Secrets::of(u64::MAX);
    let zero = (AssetBlindingFactor::zero(), ValueBlindingFactor::zero());
    let mut tx = spend(chain, ScriptType::Wpkh, coin, 1_000);
    let mut token = tx.input[0].clone();
    token.previous_output = OutPoint { txid: issued.txid, vout: issued.token_vout };
    let mut issuance = AssetIssuance {
        asset_blinding_nonce: AssetBlindingNonce::from_byte_array(
            *issued.token_secrets.asset_bf.into_inner().as_ref(),
        ),
        asset_entropy: issued.entropy,
        amount: Value::Explicit(MORE),
        inflation_keys: Value::Null,
    };
    let mut issued_bf = zero.1;
    if blinded {
        issued_bf = ValueBlindingFactor::from_slice(&secrets.scalar("issued", 0).secret_bytes()).unwrap();
        let message = RangeProofMessage::new(issued.asset, zero.0);
        let key = secrets.scalar("issuance", 0);
        let (amount, proof) = Value::Explicit(MORE)
            .blind_with_shared_secret(&SECP, issued_bf, key, &Script::new(), &message)
            .unwrap();
        issuance.amount = amount;
        token.witness.amount_rangeproof = proof;
    }
    token.asset_issuance = issuance;
    tx.input.push(token);

    let policy_asset = chain.network().policy_asset();
    let known = |asset, asset_bf| SurjectionInput::Known { asset, asset_bf };
    let domain = [
        known(policy_asset, zero.0),
        known(issued.token, issued.token_secrets.asset_bf),
        known(issued.asset, zero.0),
    ];
    let abf = |index| AssetBlindingFactor::from_slice(&secrets.scalar("abf", index).secret_bytes()).unwrap();
    let vbf = ValueBlindingFactor::from_slice(&secrets.scalar("vbf", 0).secret_bytes()).unwrap();
    let units = TxOutSecrets::new(issued.asset, abf(0), MORE, vbf);
    let tokens = issued.token_amount.base_units();
    let explicit = tx.output.iter().map(|output| (output.value.explicit().unwrap(), zero.0, zero.1));
    let mut outputs: Vec<_> = explicit.collect();
    outputs.push(units.value_blind_inputs());
    let inputs =
        [(100_000, zero.0, zero.1), issued.token_secrets.value_blind_inputs(), (MORE, zero.0, issued_bf)];
    let balance = ValueBlindingFactor::last(&SECP, tokens, abf(1), &inputs, &outputs);
    let back = TxOutSecrets::new(issued.token, abf(1), tokens, balance);
    for (index, opening) in [units, back].into_iter().enumerate() {
        let script = tx.output[0].script_pubkey.clone();
        let receiver = descriptor(ScriptType::Wpkh).blinding_key(&SECP, &script);
        let ephemeral = secrets.scalar("ephemeral", index);
        let mut stream = secrets.stream(index);
        let blinded =
            TxOut::with_txout_secrets(&mut stream, &SECP, script, receiver, ephemeral, opening, &domain);
        tx.output.push(blinded.unwrap());
    }
    let tx = sign(chain, ScriptType::Wpkh, tx, 0, external(0), SIGHASH_ALL_RANGEPROOF);
    sign(chain, ScriptType::Wpkh, tx, 1, external(4), SIGHASH_ALL_RANGEPROOF)
}

#[test]
fn reissuances_of_both_kinds_are_taken_and_listed() {
    for kind in [IssuanceKind::Explicit, IssuanceKind::Blinded] {
        let (mut chain, issued, coin) = chain_with_asset(kind);
        let tx = reissue(&chain, &issued, coin, kind == IssuanceKind::Blinded);
        let txid = chain.submit(tx).unwrap();
        assert_eq!(chain.issuances(issued.asset), [(issued.txid, 0), (txid, 1)]);
    }
}

#[test]
fn an_amount_of_the_other_kind_is_no_reissuance_of_the_asset() {
    for kind in [IssuanceKind::Explicit, IssuanceKind::Blinded] {
        let (mut chain, issued, coin) = chain_with_asset(kind);
        let tx = reissue(&chain, &issued, coin, kind == IssuanceKind::Explicit);
        assert_eq!(chain.submit(tx), Err(Rejection::Amounts(AmountError::Token { index: 1 })), "{kind:?}");
    }
}

#[test]
fn swapped_proofs_invalidate_a_signature_that_covers_them() {
    let (mut chain, issued, coin) = chain_with_asset(IssuanceKind::Explicit);
    let mut tx = reissue(&chain, &issued, coin, false);
    // Another valid proof of the same commitments, as whoever knows the blinders can make one.
    let secrets = Secrets::of(u64::MAX);
    let last = tx.output.len() - 2;
    let output = &mut tx.output[last];
    let vbf = ValueBlindingFactor::from_slice(&secrets.scalar("vbf", 0).secret_bytes()).unwrap();
    let abf = AssetBlindingFactor::from_slice(&secrets.scalar("abf", 0).secret_bytes()).unwrap();
    let message = RangeProofMessage::new(AssetId::from_byte_array([0; 32]), abf).to_byte_array();
    let generator = Generator::new_blinded(&SECP, issued.asset.into_tag(), abf.into_inner());
    output.witness.rangeproof = coldamp_core::elements::RangeProof::new(
        &SECP,
        1,
        output.value.commitment().unwrap(),
        MORE,
        vbf.into_inner(),
        &message,
        output.script_pubkey.as_bytes(),
        secrets.scalar("other", 0),
        0,
        52,
        generator,
    )
    .unwrap();
    let error = chain.submit(tx).unwrap_err();
    assert!(matches!(error, Rejection::Script { index: 0, .. }), "{error}");
}
