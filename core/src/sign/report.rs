//! Report: what AMP is told, made from the openings of an extracted transaction and checked against that transaction.

use elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use elements::{Address, AssetId, TxOut};

use super::blinder::IssuanceOpening;
use super::extractor::Extracted;
use super::review::{OutputEffect, Role};
use crate::Secp;
use crate::amp::Job;
use crate::amp::confirm::{
    Category, Detail, EmptyLabel, Issuance, NodeDecimal, Payload, ReissuanceOutput, RowError,
    TransactionDetails, TransactionId, Unspent, commitment,
};

/// Why a report was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// An output has no address.
    #[error("output {vout} has no address")]
    NoAddress {
        /// The index of the output.
        vout: usize,
    },
    /// The transaction lacks an output or input.
    #[error("the transaction has no {place}")]
    Missing {
        /// What is missing.
        place: String,
    },
    /// A row does not open the transaction.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// Makes the payload and opens every commitment of the transaction with what it says.
pub(super) fn report(secp: &Secp, extracted: &Extracted<'_>) -> Result<Payload, ReportError> {
    let rows = Rows { extracted };
    let txid = extracted.transaction().txid();
    let payload = match &extracted.checked().request().job {
        Job::Distribute { .. } => Payload::Distribute {
            tx_data: TransactionDetails {
                details: rows.details(|role| matches!(role, Role::Recipient(_)))?,
                txid,
            },
            change_data: rows.change_data()?,
        },
        Job::Burn { .. } => {
            Payload::Burn { tx_data: TransactionId { txid }, change_data: rows.change_data()? }
        }
        Job::Reissue { .. } => {
            let issuance = rows.issuance()?;
            Payload::Reissue {
                details: rows.details(|role| matches!(role, Role::Reissued | Role::Token))?,
                reissuance_output: ReissuanceOutput { txid, vin: issuance.vin },
                listissuances: vec![issuance],
            }
        }
    };
    // Checked against the bytes that will be broadcast.
    payload.opens(secp, extracted.transaction())?;
    Ok(payload)
}

/// An output, its index and its role.
struct Output<'a> {
    vout: usize,
    effect: &'a OutputEffect,
    role: Role,
}

/// The blinding factors of an output. Zeros for an explicit one, as the node prints them.
struct Blinders {
    asset: AssetBlindingFactor,
    value: ValueBlindingFactor,
}

/// Makes the rows of the report.
struct Rows<'a> {
    extracted: &'a Extracted<'a>,
}

impl Rows<'_> {
    /// The outputs, in order.
    fn outputs(&self) -> impl Iterator<Item = Output<'_>> {
        let checked = self.extracted.checked();
        let outputs = checked.effects().outputs.iter().zip(checked.roles()).enumerate();
        outputs.filter_map(|(vout, (effect, role))| role.map(|role| Output { vout, effect, role }))
    }

    /// A send for each output the node would not call change, then a receive for those of them that are ours.
    fn details(&self, counts: impl Fn(Role) -> bool) -> Result<Vec<Detail>, ReportError> {
        let mut sends = Vec::new();
        let mut receives = Vec::new();
        for Output { vout, effect: output, role } in self.outputs() {
            if !counts(role) {
                continue;
            }
            let blinders = self.blinders(vout);
            let send = Detail {
                address: self.address(vout, output)?,
                category: Category::Send,
                amount: NodeDecimal::negative(output.amount),
                amountblinder: blinders.value,
                asset: output.asset,
                assetblinder: blinders.asset,
                label: output.own.as_ref().map(|_| EmptyLabel),
                vout,
                fee: Some(NodeDecimal::positive(self.extracted.checked().fee().as_asset_amount())),
                abandoned: Some(false),
            };
            if output.own.is_some() {
                receives.push(Detail {
                    category: Category::Receive,
                    amount: NodeDecimal::positive(output.amount),
                    fee: None,
                    abandoned: None,
                    ..send.clone()
                });
            }
            sends.push(send);
        }
        sends.extend(receives);
        Ok(sends)
    }

    /// `listunspent` of the transaction's outputs of the asset that are ours: change, and own recipients.
    fn change_data(&self) -> Result<Vec<Unspent>, ReportError> {
        let checked = self.extracted.checked();
        let mut rows = Vec::new();
        for Output { vout, effect: output, role } in self.outputs() {
            let Some(own) = output.own.as_ref().filter(|_| output.asset == checked.request().asset) else {
                continue;
            };
            let blinders = self.blinders(vout);
            let txout = self.txout(vout)?;
            rows.push(Unspent {
                txid: self.extracted.transaction().txid(),
                vout,
                address: self.address(vout, output)?,
                label: matches!(role, Role::Recipient(_)).then_some(EmptyLabel),
                redeem_script: own.redeem_script.clone(),
                witness_script: own.witness_script.clone(),
                script_pubkey: output.script_pubkey.clone(),
                amount: NodeDecimal::positive(output.amount),
                assetcommitment: txout.asset.is_confidential().then(|| commitment(&txout.asset)),
                asset: output.asset,
                amountcommitment: txout.value.is_confidential().then(|| commitment(&txout.value)),
                amountblinder: blinders.value,
                assetblinder: blinders.asset,
                confirmations: 0,
                spendable: true,
                solvable: true,
                desc: own.node_descriptor(),
                safe: true,
            });
        }
        Ok(rows)
    }

    /// The row of the reissuance.
    fn issuance(&self) -> Result<Issuance, ReportError> {
        let missing = || ReportError::Missing { place: "issuance".to_owned() };
        let IssuanceOpening { input: vin, value_bf, .. } = self.extracted.issuance().ok_or_else(missing)?;
        let inputs = &self.extracted.checked().content().inputs;
        let issuance = inputs.get(vin).and_then(|input| input.issuance).ok_or_else(missing)?;
        Ok(Issuance {
            isreissuance: true,
            entropy: issuance.entropy,
            txid: self.extracted.transaction().txid(),
            vin,
            asset: AssetId::from_entropy(issuance.entropy),
            assetamount: NodeDecimal::positive(issuance.amount),
            assetblinds: value_bf,
        })
    }

    fn blinders(&self, vout: usize) -> Blinders {
        match self.extracted.opening(vout) {
            Some(secrets) => Blinders { asset: secrets.asset_bf, value: secrets.value_bf },
            None => Blinders { asset: AssetBlindingFactor::zero(), value: ValueBlindingFactor::zero() },
        }
    }

    fn txout(&self, vout: usize) -> Result<&TxOut, ReportError> {
        self.extracted
            .transaction()
            .output
            .get(vout)
            .ok_or_else(|| ReportError::Missing { place: format!("output {vout}") })
    }

    fn address(&self, vout: usize, output: &OutputEffect) -> Result<String, ReportError> {
        let params = self.extracted.checked().network().address_params();
        let address = Address::from_script(&output.script_pubkey, None, params);
        address.map(|address| address.to_string()).ok_or(ReportError::NoAddress { vout })
    }
}
