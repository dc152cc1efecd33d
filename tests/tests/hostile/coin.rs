//! Coins that an attacker can really put on the chain for us: blinded to our key, and lying in their range proof.

use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Nonce, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::{PedersenCommitment, SecretKey, Tweak};
use coldamp_core::elements::{AssetId, RangeProof, Script, TxOut};

use super::bench::Bench;

/// What a forged coin really holds, and what its range proof says.
pub(crate) struct Lie {
    pub(crate) asset: AssetId,
    pub(crate) amount: u64,
    pub(crate) said_asset: AssetId,
    pub(crate) said_asset_bf: [u8; 32],
}

/// Blinding factor of every forged asset.
pub(crate) const ASSET_BF: [u8; 32] = [0x11; 32];

/// An output to one of our scripts, blinded to our key, and its range proof.
pub(crate) fn forged(bench: &Bench, script: &Script, lie: &Lie) -> (TxOut, RangeProof) {
    let secp = &bench.honest.treasury.secp;
    let asset_bf = AssetBlindingFactor::from_slice(&ASSET_BF).expect("a scalar");
    let value_bf = ValueBlindingFactor::from_slice(&[0x22; 32]).expect("a scalar");
    let ephemeral = SecretKey::from_slice(&[0x33; 32]).expect("a scalar");
    let asset = Asset::new_confidential(secp, lie.asset, asset_bf);
    let generator = asset.commitment().expect("a commitment");
    let value = Value::new_confidential(secp, lie.amount, generator, value_bf);
    let receiver = bench.honest.own_blinding_key(script).inner;
    let (nonce, shared) = Nonce::with_ephemeral_sk(secp, ephemeral, &receiver);
    let message = [lie.said_asset.to_byte_array(), lie.said_asset_bf].concat();
    let proof = RangeProof::new(
        secp,
        1,
        value.commitment().expect("a commitment"),
        lie.amount,
        Tweak::from_slice(value_bf.into_inner().as_ref()).expect("a scalar"),
        &message,
        script.as_bytes(),
        shared,
        0,
        52,
        generator,
    );
    let bare = TxOut { asset, value, nonce, script_pubkey: script.clone(), ..TxOut::default() };
    (bare, proof.expect("a range proof"))
}

/// A value commitment of nothing in particular.
pub(crate) fn some_commitment(bench: &Bench) -> PedersenCommitment {
    let (_, coin) = bench.input_of(bench.honest.policy_asset());
    coin.txout.value.commitment().expect("a blinded coin")
}
