//! AMP's update-blinders: outputs of the issuance that AMP cannot open, opened with the view key alone.

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::limits::{MAX_INDEX, MAX_INDEX_GAP};
use coldamp_core::treasury::{
    Branch, CtDescriptor, DescriptorError, IssuanceError, IssuanceIds, ScriptIndex, Utxo, issuance_in,
};
use serde_json::json;

use crate::amp::{Amp, AmpError, AmpOutput, AmpTransaction};
use crate::source::Source;

/// The outcome for one output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// AMP was told its blinders, and its record lists the output with both of them.
    Taken,
    /// AMP was told its blinders, and its record does not list the output with both of them.
    NotTaken,
    /// It is explicit, and its blinders are zeros.
    Explicit,
    /// It pays no script of this treasury.
    NotOurs,
    /// AMP lists it as an output of the issuance, but it holds neither the asset nor its token. AMP needs no blinders of it.
    Foreign,
    /// It cannot be opened.
    Unopened {
        /// Why the output cannot be opened.
        reason: String,
    },
}

/// Why AMP was not told the blinders, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum BlindersError<E: std::error::Error + 'static> {
    /// The chain could not be asked.
    #[error(transparent)]
    Source(E),
    /// AMP could not be asked, or refuses.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// AMP names another asset than the operator.
    #[error("AMP says that {uuid} is asset {found}, expected {expected}")]
    OtherAsset {
        /// AMP's UUID of the asset.
        uuid: String,
        /// The asset id that AMP names.
        found: AssetId,
        /// The asset id that the operator names.
        expected: AssetId,
    },
    /// AMP lists no issuance of the asset.
    #[error("AMP lists no issuance of asset {asset}")]
    NoIssuance {
        /// The asset.
        asset: String,
    },
    /// The chain source does not have a transaction that AMP lists.
    #[error("the chain source does not have transaction {txid}, which AMP lists")]
    NoTransaction {
        /// The transaction that AMP lists.
        txid: String,
    },
    /// AMP lists the issuance without any output, and so misses all blinders or none.
    #[error("AMP lists issuance {txid} without any output")]
    NoOutputs {
        /// The transaction that AMP lists.
        txid: Txid,
    },
    /// A transaction of AMP's list issues something else.
    #[error(transparent)]
    OtherIssuance(#[from] IssuanceError),
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

impl<E: std::error::Error + 'static> BlindersError<E> {
    /// The stable code. `of_source` gives it for an error of the source.
    pub fn code(&self, of_source: impl Fn(&E) -> Code) -> Code {
        match self {
            BlindersError::Source(error) => of_source(error),
            BlindersError::Amp(error) => error.code(),
            BlindersError::OtherAsset { .. } => Code::AmpDiffers,
            BlindersError::NoIssuance { .. } => Code::NoIssuance,
            BlindersError::NoTransaction { .. } => Code::NoTransaction,
            BlindersError::NoOutputs { .. } => Code::AmpAnswer,
            BlindersError::OtherIssuance(error) => error.code(),
            BlindersError::Descriptor(error) => error.code(),
        }
    }
}

/// Tells AMP the blinders of every output of the issuance that it misses them of. Telling them again is harmless: the
/// blinders of an output never change.
///
/// AMP's list is not believed: with a transaction of its choice in it AMP would learn the amount of any coin of the
/// treasury, of other assets and of L-BTC too. Nor is AMP believed which asset `uuid` is: it could name another one
/// of the treasury. The operator names `asset`, and AMP is told only the outputs of its issuance that hold it or its token.
///
/// AMP's record is read again afterwards. Status 200 does not prove that AMP has the blinders, since a proxy's page has it
/// too; an answer that does not list the output does not prove it either.
///
/// # Errors
/// When chain or AMP cannot be asked, AMP names another asset, a transaction is not the asset's issuance, or AMP refuses
/// one; outputs before it were told.
pub async fn update<S: Source>(
    secp: &Secp,
    descriptor: &CtDescriptor,
    source: &S,
    amp: &Amp,
    uuid: &Uuid,
    asset: AssetId,
) -> Result<Vec<(OutPoint, Outcome)>, BlindersError<S::Error>> {
    let found = amp.asset(uuid).await?;
    if found != asset {
        return Err(BlindersError::OtherAsset { uuid: uuid.to_string(), found, expected: asset });
    }
    let transactions = amp.transactions(uuid).await?;
    // By AMP's own flag. AMP's script assumes that the first in the list is the issuance.
    let issuances: Vec<&AmpTransaction> =
        transactions.iter().filter(|transaction| transaction.is_issuance).collect();
    if issuances.is_empty() {
        return Err(BlindersError::NoIssuance { asset: uuid.to_string() });
    }
    if let Some(bare) = issuances.iter().find(|issuance| issuance.outputs.is_empty()) {
        return Err(BlindersError::NoOutputs { txid: bare.txid });
    }
    let mut scripts = ScriptIndex::default();
    let (mut outcomes, mut told) = (Vec::new(), Vec::new());
    for issuance in issuances {
        let missing: Vec<u32> = missing_of(issuance).collect();
        if missing.is_empty() {
            continue;
        }
        let txid = issuance.txid;
        let not_there = || BlindersError::NoTransaction { txid: txid.to_string() };
        let transaction =
            source.transaction(txid).await.map_err(BlindersError::Source)?.ok_or_else(not_there)?;
        let (ids, _) = issuance_in(&transaction, asset)?;
        for vout in missing {
            let outpoint = OutPoint::new(txid, vout);
            let output = usize::try_from(vout).ok().and_then(|vout| transaction.output.get(vout));
            let Some(output) = output else {
                let reason = "the transaction has no such output".to_owned();
                outcomes.push((outpoint, Outcome::Unopened { reason }));
                continue;
            };
            if output.asset.is_explicit() && output.value.is_explicit() {
                outcomes.push((outpoint, Outcome::Explicit));
                continue;
            }
            let Some(own) = find(secp, descriptor, &mut scripts, &output.script_pubkey)? else {
                outcomes.push((outpoint, Outcome::NotOurs));
                continue;
            };
            let coin = match Utxo::open(secp, descriptor, outpoint, output, own) {
                Ok(coin) => coin,
                Err(error) => {
                    outcomes.push((outpoint, Outcome::Unopened { reason: error.to_string() }));
                    continue;
                }
            };
            if !is_of(&ids, coin.secrets.asset) {
                outcomes.push((outpoint, Outcome::Foreign));
                continue;
            }
            let blinders = Blinders { asset: coin.secrets.asset_bf, amount: coin.secrets.value_bf };
            let output = json!({
                "txid": txid.to_string(),
                "vout": vout,
                "asset_blinder": blinders.asset.to_string(),
                "amount_blinder": blinders.amount.to_string(),
            });
            amp.update_blinders(uuid, &output).await?;
            told.push((outpoint, blinders));
        }
    }
    if !told.is_empty() {
        let records = amp.transactions(uuid).await?;
        outcomes.extend(told.into_iter().map(|(outpoint, blinders)| {
            let taken = blinders.are_listed_in(&records, outpoint);
            (outpoint, if taken { Outcome::Taken } else { Outcome::NotTaken })
        }));
    }
    Ok(outcomes)
}

/// What opens an output, as AMP is told it.
struct Blinders {
    asset: AssetBlindingFactor,
    amount: ValueBlindingFactor,
}

impl Blinders {
    /// Whether AMP's record lists the output, and with both of these wherever it does.
    fn are_listed_in(&self, records: &[AmpTransaction], outpoint: OutPoint) -> bool {
        let of_transaction = records.iter().filter(|record| record.txid == outpoint.txid);
        let mut listed = of_transaction
            .flat_map(|record| &record.outputs)
            .filter(|output| output.vout == outpoint.vout)
            .peekable();
        listed.peek().is_some()
            && listed.all(|output| {
                output.asset_blinder == Some(self.asset) && output.amount_blinder == Some(self.amount)
            })
    }
}

/// The outputs that AMP misses blinders of.
fn missing_of(record: &AmpTransaction) -> impl Iterator<Item = u32> {
    let missing = |output: &&AmpOutput| output.asset_blinder.is_none() || output.amount_blinder.is_none();
    record.outputs.iter().filter(missing).map(|output| output.vout)
}

/// Whether an asset is the one of these ids, or its token.
fn is_of(ids: &IssuanceIds, asset: AssetId) -> bool {
    asset == ids.asset || ids.kind_of_token(asset).is_some()
}

/// Searches for an own script, at higher and higher indices.
fn find(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &mut ScriptIndex,
    script: &coldamp_core::elements::Script,
) -> Result<Option<coldamp_core::treasury::OwnScript>, DescriptorError> {
    let mut highest = MAX_INDEX_GAP;
    loop {
        for branch in Branch::BOTH {
            scripts.extend(secp, descriptor, branch, highest)?;
        }
        if let Some(own) = scripts.find(script) {
            return Ok(Some(own.clone()));
        }
        if highest == MAX_INDEX {
            return Ok(None);
        }
        highest = highest.saturating_mul(4).min(MAX_INDEX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::elements::AssetEntropy;

    #[test]
    fn amp_learns_of_the_asset_and_its_tokens_and_of_nothing_else() {
        let ids = IssuanceIds::from_entropy(AssetEntropy::from_byte_array([7; 32]));
        assert!([ids.asset, ids.explicit_token, ids.blinded_token].iter().all(|asset| is_of(&ids, *asset)));
        assert!(!is_of(&ids, AssetId::from_byte_array([7; 32])));
    }
}
