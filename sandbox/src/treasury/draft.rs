//! A transaction of the sandbox: one coin that anybody may spend, what it pays, and perhaps a new asset.

use coldamp_core::Secp;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Nonce, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::{Error as ZkpError, PublicKey, SecretKey};
use coldamp_core::elements::{
    AssetId, AssetIssuance, ConfidentialTxOutError, LockTime, OutPoint, RangeProof, RangeProofMessage,
    Script, Sequence, SurjectionInput, SurjectionProof, Transaction, TxIn, TxInWitness, TxOut, TxOutSecrets,
    TxOutWitness,
};
use coldamp_core::limits::MAX_SURJECTION_TRIES;

use super::TreasuryError;
use super::secrets::Secrets;
use crate::chain::anyone_can_spend;

/// Satoshi of fee for each output, and for as many more as an input with an issuance weighs: above 100 sat/kvB even where
/// nobody discounts proofs and they are as long as proofs get.
const FEE_OF_OUTPUT: u64 = 200;
const OUTPUTS_OF_INPUT: usize = 4;

/// Something paid.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub(super) asset: AssetId,
    pub(super) value: u64,
    pub(super) script: Script,
    /// Blinded to this key, or explicit.
    pub(super) receiver: Option<PublicKey>,
}

/// A new asset: the issuance in the input before blinding, and the key that blinds its amounts. Without tokens their amount is 0.
#[derive(Debug, Clone)]
pub(super) struct NewAsset {
    pub(super) issuance: AssetIssuance,
    pub(super) asset: AssetId,
    pub(super) token: AssetId,
    pub(super) amount: u64,
    pub(super) token_amount: u64,
    pub(super) blinding_key: Option<SecretKey>,
}

/// A transaction before blinding.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) coin: OutPoint,
    pub(super) spent: TxOut,
    pub(super) new_asset: Option<NewAsset>,
    pub(super) payments: Vec<Payment>,
    pub(super) policy_asset: AssetId,
    pub(super) secrets: Secrets,
}

/// A transaction and how it opens.
pub(super) struct Made {
    pub(super) transaction: Transaction,
    pub(super) spent: TxOut,
    /// Of each payment, in order: payments are the first outputs.
    pub(super) openings: Vec<TxOutSecrets>,
    /// Blinding factors of the issued amounts.
    pub(super) issued: [ValueBlindingFactor; 2],
}

/// What a transaction with so many payments costs.
pub(super) fn fee(payments: usize) -> u64 {
    // Change and the fee are outputs too.
    let outputs = payments.saturating_add(2).saturating_add(OUTPUTS_OF_INPUT);
    u64::try_from(outputs).unwrap_or(u64::MAX).saturating_mul(FEE_OF_OUTPUT)
}

impl Draft {
    /// Blinds and balances it. What the coin holds beyond payments and fee goes back to where anybody may spend it.
    pub(super) fn make(self, secp: &Secp) -> Result<Made, TreasuryError> {
        let mut input = TxIn {
            previous_output: self.coin,
            is_pegin: false,
            script_sig: Script::new(),
            sequence: Sequence::ENABLE_RBF_NO_LOCKTIME,
            asset_issuance: AssetIssuance::null(),
            witness: TxInWitness::empty(),
        };
        let issued = self.issue(secp, &mut input)?;
        let fee = fee(self.payments.len());
        let explicit = [(self.change(fee)?, anyone_can_spend()), (fee, Script::new())];
        let openings = self.openings(secp, &issued, &explicit)?;
        let domain = self.domain(&input);
        let mut outputs = Vec::with_capacity(self.payments.len().saturating_add(2));
        for (index, (payment, opening)) in self.payments.iter().zip(&openings).enumerate() {
            outputs.push(match payment.receiver {
                Some(receiver) => self.blinded(secp, index, payment, *opening, receiver, &domain)?,
                None => explicit_output(payment.asset, payment.value, payment.script.clone()),
            });
        }
        for (value, script) in explicit {
            if value > 0 {
                outputs.push(explicit_output(self.policy_asset, value, script));
            }
        }
        let transaction =
            Transaction { version: 2, lock_time: LockTime::ZERO, input: vec![input], output: outputs };
        Ok(Made { transaction, spent: self.spent, openings, issued })
    }

    fn change(&self, fee: u64) -> Result<u64, TreasuryError> {
        let found = self.spent.value.explicit().unwrap_or(0);
        let of_policy_asset = self.payments.iter().filter(|payment| payment.asset == self.policy_asset);
        let expected = of_policy_asset
            .map(|payment| payment.value)
            .try_fold(fee, u64::checked_add)
            .ok_or(TreasuryError::Poor { found, expected: u64::MAX })?;
        found.checked_sub(expected).ok_or(TreasuryError::Poor { found, expected })
    }

    fn issue(&self, secp: &Secp, input: &mut TxIn) -> Result<[ValueBlindingFactor; 2], TreasuryError> {
        let mut factors = [ValueBlindingFactor::zero(); 2];
        let Some(new_asset) = &self.new_asset else { return Ok(factors) };
        input.asset_issuance = new_asset.issuance;
        let Some(key) = new_asset.blinding_key else { return Ok(factors) };
        // Not by rust-elements' `blind_issuances_with_bfs`: it proves the tokens' amount under the id that tokens of an
        // explicit issuance have, since nothing is blinded yet when it asks for the id.
        let blind = |amount: u64, asset: AssetId, factor| {
            let message = RangeProofMessage::new(asset, AssetBlindingFactor::zero());
            Value::Explicit(amount)
                .blind_with_shared_secret(secp, factor, key, &Script::new(), &message)
                .map_err(|error| TreasuryError::Library {
                    place: "issuance".to_owned(),
                    reason: error.to_string(),
                })
        };
        factors = [self.value_factor("issuance-vbf", 0)?, self.value_factor("issuance-vbf", 1)?];
        let [asset, tokens] = factors;
        let (amount, proof) = blind(new_asset.amount, new_asset.asset, asset)?;
        input.asset_issuance.amount = amount;
        input.witness.amount_rangeproof = proof;
        if new_asset.token_amount == 0 {
            factors = [asset, ValueBlindingFactor::zero()];
            return Ok(factors);
        }
        let (amount, proof) = blind(new_asset.token_amount, new_asset.token, tokens)?;
        input.asset_issuance.inflation_keys = amount;
        input.witness.inflation_keys_rangeproof = proof;
        Ok(factors)
    }

    /// The secrets of every payment; the last blinded one's value blinding factor makes all of them sum to zero.
    fn openings(
        &self,
        secp: &Secp,
        issued: &[ValueBlindingFactor; 2],
        explicit: &[(u64, Script)],
    ) -> Result<Vec<TxOutSecrets>, TreasuryError> {
        let zero = (AssetBlindingFactor::zero(), ValueBlindingFactor::zero());
        let last = self.payments.iter().rposition(|payment| payment.receiver.is_some());
        let mut openings = Vec::with_capacity(self.payments.len());
        for (index, payment) in self.payments.iter().enumerate() {
            let (abf, vbf) = match payment.receiver {
                None => zero,
                Some(_) if last == Some(index) => (self.asset_factor(index)?, zero.1),
                Some(_) => (self.asset_factor(index)?, self.value_factor("vbf", index)?),
            };
            openings.push(TxOutSecrets::new(payment.asset, abf, payment.value, vbf));
        }
        let mut inputs = vec![(self.spent.value.explicit().unwrap_or(0), zero.0, zero.1)];
        if let Some(new_asset) = &self.new_asset {
            let [asset, tokens] = *issued;
            inputs.push((new_asset.amount, zero.0, asset));
            if new_asset.token_amount > 0 {
                inputs.push((new_asset.token_amount, zero.0, tokens));
            }
        }
        let others = openings.iter().enumerate().filter(|(index, _)| last != Some(*index));
        let mut outputs: Vec<_> = others.map(|(_, opening)| opening.value_blind_inputs()).collect();
        outputs.extend(explicit.iter().map(|(value, _)| (*value, zero.0, zero.1)));
        if let Some(own) = last.and_then(|last| openings.get_mut(last)) {
            own.value_bf = ValueBlindingFactor::last(secp, own.value, own.asset_bf, &inputs, &outputs);
        }
        Ok(openings)
    }

    /// The coin's asset and behind it what is issued: the order consensus reads.
    fn domain(&self, input: &TxIn) -> Vec<SurjectionInput> {
        let known = |asset| SurjectionInput::Known { asset, asset_bf: AssetBlindingFactor::zero() };
        let mut domain = vec![known(self.policy_asset)];
        if input.has_issuance() {
            let (asset, token) = input.issuance_ids();
            domain.push(known(asset));
            if !input.asset_issuance.inflation_keys.is_null() {
                domain.push(known(token));
            }
        }
        domain
    }

    fn blinded(
        &self,
        secp: &Secp,
        index: usize,
        payment: &Payment,
        opening: TxOutSecrets,
        receiver: PublicKey,
        domain: &[SurjectionInput],
    ) -> Result<TxOut, TreasuryError> {
        let mut stream = self.secrets.stream(index);
        let ephemeral = self.secrets.scalar("ephemeral", index);
        for _ in 0..MAX_SURJECTION_TRIES {
            let script = payment.script.clone();
            let made =
                TxOut::with_txout_secrets(&mut stream, secp, script, receiver, ephemeral, opening, domain);
            match made {
                Err(ConfidentialTxOutError::Upstream(ZkpError::CannotProveSurjection)) => {}
                made => {
                    return made.map_err(|error| TreasuryError::Library {
                        place: format!("output {index}"),
                        reason: error.to_string(),
                    });
                }
            }
        }
        Err(TreasuryError::Library {
            place: format!("output {index}"),
            reason: format!("no surjection proof in {MAX_SURJECTION_TRIES} tries"),
        })
    }

    fn asset_factor(&self, index: usize) -> Result<AssetBlindingFactor, TreasuryError> {
        let secret = self.secrets.scalar("abf", index).secret_bytes();
        AssetBlindingFactor::from_slice(&secret).map_err(|error| TreasuryError::Library {
            place: format!("abf {index}"),
            reason: error.to_string(),
        })
    }

    fn value_factor(&self, name: &str, index: usize) -> Result<ValueBlindingFactor, TreasuryError> {
        let secret = self.secrets.scalar(name, index).secret_bytes();
        ValueBlindingFactor::from_slice(&secret).map_err(|error| TreasuryError::Library {
            place: format!("{name} {index}"),
            reason: error.to_string(),
        })
    }
}

fn explicit_output(asset: AssetId, value: u64, script_pubkey: Script) -> TxOut {
    TxOut {
        asset: Asset::Explicit(asset),
        value: Value::Explicit(value),
        nonce: Nonce::Null,
        script_pubkey,
        witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
    }
}
