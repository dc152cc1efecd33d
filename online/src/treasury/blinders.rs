//! AMP's update-blinders: outputs of the treasury that AMP cannot open, opened with the view key alone, whatever made them: the
//! issuance, a reissue, the change of a distribution or a burn, a payment from outside.

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{AssetId, OutPoint, Transaction, TxOut, Txid};
use coldamp_core::treasury::{CtDescriptor, DescriptorError, IssuanceError, IssuanceIds, Utxo, issuance_in};
use serde_json::json;

use super::scripts::Scripts;
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
    /// AMP counts it as the treasury's, and it pays no script of this treasury.
    NotOurs,
    /// It is the treasury's, but holds neither the asset nor its token. AMP needs no blinders of it.
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

/// Tells AMP the blinders of every output of the treasury that its record shows without: those that AMP counts as the
/// treasury's, and those that pay a script of it. Telling them again is harmless: the blinders of an output never change.
///
/// AMP's list is not believed: with a transaction of its choice in it AMP would learn the amount of any coin of the
/// treasury, of other assets and of L-BTC too. Nor is AMP believed which asset `uuid` is: it could name another one
/// of the treasury. The operator names `asset`, its issuance proves the token, and AMP is told only outputs that hold the
/// asset or its token.
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
    let records = amp.transactions(uuid).await?;
    // By AMP's own flag. AMP's script assumes that the first in the list is the issuance.
    let issuances: Vec<&AmpTransaction> = records.iter().filter(|record| record.is_issuance).collect();
    if let Some(bare) = issuances.iter().find(|issuance| issuance.outputs.is_empty()) {
        return Err(BlindersError::NoOutputs { txid: bare.txid });
    }
    let Some(issuance) = issuances.first() else {
        return Err(BlindersError::NoIssuance { asset: uuid.to_string() });
    };
    let (mut outcomes, mut told) = (Vec::new(), Vec::new());
    if records.iter().all(|record| missing_of(record).next().is_none()) {
        return Ok(outcomes);
    }
    let (ids, _) = issuance_in(&transaction(source, issuance.txid).await?, asset)?;
    let mut scripts = Scripts::of(secp, descriptor);
    for record in records.iter().filter(|record| missing_of(record).next().is_some()) {
        let transaction = transaction(source, record.txid).await?;
        if record.is_issuance {
            issuance_in(&transaction, asset)?;
        }
        for missing in missing_of(record) {
            let outpoint = OutPoint::new(record.txid, missing.vout);
            let is_counted = record.is_issuance || missing.is_treasury == Some(true);
            let output = usize::try_from(missing.vout).ok().and_then(|vout| transaction.output.get(vout));
            match opened(secp, descriptor, &mut scripts, &ids, (outpoint, output), is_counted)? {
                Some(Ok(blinders)) => {
                    let output = json!({
                        "txid": outpoint.txid.to_string(),
                        "vout": outpoint.vout,
                        "asset_blinder": blinders.asset.to_string(),
                        "amount_blinder": blinders.amount.to_string(),
                    });
                    amp.update_blinders(uuid, &output).await?;
                    told.push((outpoint, blinders));
                }
                Some(Err(outcome)) => outcomes.push((outpoint, outcome)),
                None => {}
            }
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

/// A transaction that AMP lists.
async fn transaction<S: Source>(source: &S, txid: Txid) -> Result<Transaction, BlindersError<S::Error>> {
    let found = source.transaction(txid).await.map_err(BlindersError::Source)?;
    found.ok_or_else(|| BlindersError::NoTransaction { txid: txid.to_string() })
}

/// The blinders of an output that AMP lacks, or why AMP is not told them. None of an output that neither AMP nor the
/// descriptor counts as the treasury's: the blinders of holders' outputs are not the treasury's to tell.
fn opened(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &mut Scripts<'_>,
    ids: &IssuanceIds,
    (outpoint, output): (OutPoint, Option<&TxOut>),
    is_counted: bool,
) -> Result<Option<Result<Blinders, Outcome>>, DescriptorError> {
    let unopened = |reason: String| Ok(Some(Err(Outcome::Unopened { reason })));
    let Some(output) = output else { return unopened("the transaction has no such output".to_owned()) };
    let is_explicit = output.asset.is_explicit() && output.value.is_explicit();
    if is_explicit {
        return Ok(is_counted.then_some(Err(Outcome::Explicit)));
    }
    let Some(own) = scripts.find(&output.script_pubkey)? else {
        return Ok(is_counted.then_some(Err(Outcome::NotOurs)));
    };
    Ok(Some(match Utxo::open(secp, descriptor, outpoint, output, own) {
        Ok(coin) if is_of(ids, coin.secrets.asset) => {
            Ok(Blinders { asset: coin.secrets.asset_bf, amount: coin.secrets.value_bf })
        }
        Ok(_) => Err(Outcome::Foreign),
        Err(error) => return unopened(error.to_string()),
    }))
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
fn missing_of(record: &AmpTransaction) -> impl Iterator<Item = &AmpOutput> {
    record.outputs.iter().filter(|output| output.lacks_blinders())
}

/// Whether an asset is the one of these ids, or its token.
fn is_of(ids: &IssuanceIds, asset: AssetId) -> bool {
    asset == ids.asset || ids.kind_of_token(asset).is_some()
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
