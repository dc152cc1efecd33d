//! A coin of the treasury, opened with its view key.

use elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use elements::{AssetId, OutPoint, RangeProof, SurjectionProof, TxOut, TxOutSecrets, TxOutWitness};

use super::{CtDescriptor, Opening, OwnScript};
use crate::Secp;
use crate::units::AssetAmount;

/// An output of the treasury with its secrets: what can be spent, and what blinding needs to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utxo {
    /// The transaction and the index of the output.
    pub outpoint: OutPoint,
    /// The output without its proofs.
    pub txout: TxOut,
    /// The range proof that came with it; empty for an explicit coin.
    pub rangeproof: RangeProof,
    /// The treasury's script that it pays.
    pub own: OwnScript,
    /// Its asset, its amount and their blinding factors.
    pub secrets: TxOutSecrets,
    /// Whether an opening said so and not the range proof. The signer then needs it too.
    pub by_opening: bool,
}

/// Why a coin could not be opened. Each variant says which fact is certain; none says who is to blame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoinError {
    /// One of asset and value is explicit and the other is not, or either is missing.
    #[error("its asset and value are neither both explicit nor both committed")]
    HalfBlinded,
    /// A blinded coin without a range proof.
    #[error("it is blinded and no range proof came with it")]
    NoProof,
    /// A blinded coin without the sender's ephemeral key.
    #[error("it is blinded and carries no nonce")]
    NoNonce,
    /// The proof is not of these commitments: one of the two was altered, or the proof is of another coin.
    #[error("its range proof does not verify against its commitments")]
    ProofMismatch,
    /// The proof is of these commitments, but was not made for this treasury's view key.
    #[error("its range proof is not readable with this treasury's view key")]
    NotOurs,
    /// The proof opens, but what it says rebuilds other commitments.
    #[error("what its range proof says does not rebuild its commitments")]
    CommitmentMismatch,
    /// An opening that came with it rebuilds other commitments.
    #[error("the opening that came with it does not rebuild its commitments")]
    OpeningMismatch,
}

impl Utxo {
    /// The asset.
    pub fn asset(&self) -> AssetId {
        self.secrets.asset
    }

    /// The amount.
    pub fn amount(&self) -> AssetAmount {
        AssetAmount::from_base_units(self.secrets.value)
    }

    /// Whether asset and amount are hidden on chain.
    pub fn is_blinded(&self) -> bool {
        self.txout.asset.is_confidential()
    }

    /// Sorts coins by outpoint. In one place, since the page loads the sort once for each place that has it.
    #[inline(never)]
    pub fn sort(coins: &mut [Utxo]) {
        coins.sort_by_key(|coin| coin.outpoint);
    }

    /// Opens an output of one of our scripts. Its proofs are taken from `txout.witness`.
    ///
    /// # Errors
    /// When the coin cannot be opened, or what opens does not rebuild both commitments.
    pub fn open(
        secp: &Secp,
        descriptor: &CtDescriptor,
        outpoint: OutPoint,
        txout: &TxOut,
        own: OwnScript,
    ) -> Result<Self, CoinError> {
        let rangeproof = txout.witness.rangeproof.clone();
        let bare = without_proofs(txout);
        let secrets = open_coin(secp, descriptor, &bare, &rangeproof)?;
        let rangeproof = if bare.asset.is_confidential() { rangeproof } else { RangeProof::EMPTY };
        Ok(Utxo { outpoint, txout: bare, rangeproof, own, secrets, by_opening: false })
    }

    /// Takes a blinded output of one of our scripts whose range proof does not open, with an opening from elsewhere. Its
    /// proof comes along if there is one: the signer tries that first.
    ///
    /// # Errors
    /// When the opening does not rebuild both commitments; no explicit coin is opened by one.
    pub fn open_with(
        secp: &Secp,
        outpoint: OutPoint,
        txout: &TxOut,
        own: OwnScript,
        opening: &Opening,
    ) -> Result<Self, CoinError> {
        if txout.asset.is_confidential() != txout.value.is_confidential() {
            return Err(CoinError::HalfBlinded);
        }
        if !opening.rebuilds(secp, txout.asset, txout.value) {
            return Err(CoinError::OpeningMismatch);
        }
        let (rangeproof, txout) = (txout.witness.rangeproof.clone(), without_proofs(txout));
        Ok(Utxo { outpoint, txout, rangeproof, own, secrets: opening.secrets(), by_opening: true })
    }
}

/// The output without its proofs, as a PSET's witness_utxo carries it.
fn without_proofs(txout: &TxOut) -> TxOut {
    TxOut {
        witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
        ..txout.clone()
    }
}

/// Learns what a coin of ours holds by rewinding its range proof with the view key, and rebuilds **both** commitments
/// from that, bit for bit. A lie about either therefore cannot pass; whoever claims the coin holds something else
/// must break the commitment. An explicit coin needs no proof.
///
/// # Errors
/// When the proof does not open these commitments with this view key.
pub(crate) fn open_coin(
    secp: &Secp,
    descriptor: &CtDescriptor,
    txout: &TxOut,
    rangeproof: &RangeProof,
) -> Result<TxOutSecrets, CoinError> {
    let (asset_commitment, value_commitment) = match (txout.asset, txout.value) {
        (Asset::Explicit(asset), Value::Explicit(value)) => {
            let zero = (AssetBlindingFactor::zero(), ValueBlindingFactor::zero());
            return Ok(TxOutSecrets::new(asset, zero.0, value, zero.1));
        }
        (Asset::Confidential(asset), Value::Confidential(value)) => (asset, value),
        _ => return Err(CoinError::HalfBlinded),
    };
    let proof = rangeproof.as_ref().ok_or(CoinError::NoProof)?;
    let script = txout.script_pubkey.as_bytes();
    let blinding_key = descriptor.blinding_private_key(&txout.script_pubkey);
    let shared_secret = txout.nonce.shared_secret(&blinding_key);
    // Rewinding verifies the proof before it reads it. Only a proof that cannot be read is verified once more, to say whether
    // it is of these commitments at all.
    let rewound = shared_secret.ok_or(CoinError::NoNonce).and_then(|secret| {
        let rewound = proof.rewind(secp, value_commitment, secret, script, asset_commitment);
        rewound.map_err(|_| CoinError::NotOurs)
    });
    let (opening, _) =
        rewound.map_err(|error| match proof.verify(secp, value_commitment, script, asset_commitment) {
            Ok(_) => error,
            Err(_) => CoinError::ProofMismatch,
        })?;
    let message = opening.message.as_ref().first_chunk::<64>().ok_or(CoinError::CommitmentMismatch)?;
    let (asset, asset_bf) = message.split_at(32);
    let asset = <[u8; 32]>::try_from(asset).map_err(|_| CoinError::CommitmentMismatch)?;
    let asset = AssetId::from_byte_array(asset);
    let asset_bf = AssetBlindingFactor::from_slice(asset_bf).map_err(|_| CoinError::CommitmentMismatch)?;
    let value_bf = ValueBlindingFactor::from_slice(opening.blinding_factor.as_ref())
        .map_err(|_| CoinError::CommitmentMismatch)?;

    let secrets = TxOutSecrets::new(asset, asset_bf, opening.value, value_bf);
    match Opening::of(&secrets).rebuilds(secp, txout.asset, txout.value) {
        true => Ok(secrets),
        false => Err(CoinError::CommitmentMismatch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Chain;
    use crate::treasury::{Branch, KeyPath};
    use elements::RangeProofMessage;
    use elements::confidential::Nonce;
    use elements::secp256k1_zkp::SecretKey;

    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    /// A coin of ours whose sender chose the range proof: minimum, bits, and the message's asset.
    fn sent(secp: &Secp, minimum: u64, bits: u8, said: AssetId) -> (CtDescriptor, TxOut, RangeProof) {
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        let own = descriptor.script_at(secp, KeyPath { branch: Branch::External, index: 0 }).unwrap();
        let receiver = descriptor.blinding_key(secp, &own.script_pubkey);
        let asset = AssetId::from_byte_array([5; 32]);
        let abf = AssetBlindingFactor::from_slice(&[6; 32]).unwrap();
        let vbf = ValueBlindingFactor::from_slice(&[7; 32]).unwrap();
        let (nonce, shared) =
            Nonce::with_ephemeral_sk(secp, SecretKey::from_slice(&[8; 32]).unwrap(), &receiver);
        let generator = Asset::new_confidential(secp, asset, abf).commitment().unwrap();
        let value = Value::new_confidential(secp, 1_000, generator, vbf);
        let message = RangeProofMessage::new(said, abf).to_byte_array();
        let proof = RangeProof::new(
            secp,
            minimum,
            value.commitment().unwrap(),
            1_000,
            vbf.into_inner(),
            &message,
            own.script_pubkey.as_bytes(),
            shared,
            0,
            bits,
            generator,
        )
        .unwrap();
        let witness =
            TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY };
        let asset = Asset::Confidential(generator);
        (descriptor, TxOut { asset, value, nonce, script_pubkey: own.script_pubkey, witness }, proof)
    }

    #[test]
    fn a_proof_that_spans_all_of_64_bits_opens_and_does_not_overflow() {
        // The library adds one to the largest value a proof allows. With overflow checks in dependencies anybody could
        // stop this process by paying the treasury one base unit; Cargo.toml turns them off there.
        let secp = Secp::new();
        let (descriptor, txout, proof) = sent(&secp, 0, 64, AssetId::from_byte_array([5; 32]));
        assert_eq!(open_coin(&secp, &descriptor, &txout, &proof).unwrap().value, 1_000);
    }

    #[test]
    fn a_proof_that_names_another_asset_does_not_rebuild_the_commitment() {
        let secp = Secp::new();
        let (descriptor, txout, proof) = sent(&secp, 1, 52, AssetId::from_byte_array([9; 32]));
        assert_eq!(open_coin(&secp, &descriptor, &txout, &proof), Err(CoinError::CommitmentMismatch));
    }

    #[test]
    fn what_does_not_open_says_which_fact_is_certain() {
        let secp = Secp::new();
        let asset = AssetId::from_byte_array([5; 32]);
        let (descriptor, txout, proof) = sent(&secp, 1, 52, asset);
        assert_eq!(open_coin(&secp, &descriptor, &txout, &RangeProof::EMPTY), Err(CoinError::NoProof));
        let no_nonce = TxOut { nonce: Nonce::Null, ..txout.clone() };
        assert_eq!(open_coin(&secp, &descriptor, &no_nonce, &proof), Err(CoinError::NoNonce));
        let half = TxOut { value: Value::Explicit(1_000), ..txout.clone() };
        assert_eq!(open_coin(&secp, &descriptor, &half, &proof), Err(CoinError::HalfBlinded));
        let (_, _, other_proof) = sent(&secp, 2, 52, asset);
        assert!(
            open_coin(&secp, &descriptor, &txout, &other_proof).is_ok(),
            "another proof of the same commitment"
        );
        let other_key = CtDescriptor::parse(&DESCRIPTOR.replace("9c8e", "9c8f"), Chain::Regtest).unwrap();
        assert_eq!(open_coin(&secp, &other_key, &txout, &proof), Err(CoinError::NotOurs));
        let other_script = TxOut { script_pubkey: elements::Script::new(), ..txout };
        assert_eq!(open_coin(&secp, &descriptor, &other_script, &proof), Err(CoinError::ProofMismatch));
    }
}
