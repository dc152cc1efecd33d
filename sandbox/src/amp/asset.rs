//! An asset in AMP's records.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::{Address, AddressParams, AssetId, OutPoint, Txid};
use coldamp_core::units::{AssetAmount, Precision};
use serde_json::{Value, json};

use super::assignments::Assignment;
use super::datetime;
use super::distributions::Distribution;
use super::open::Opening;
use super::outputs::{Holder, Known};
use super::requests::Asked;
use super::standing::Standing;
use super::txs::{Kind, Report};
use crate::ledger::Ledger;

/// What AMP knows of an asset when it is issued, or when it is told of one that was issued elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRecord {
    /// AMP's name for it; derived where there is none.
    pub uuid: Option<Uuid>,
    /// The contract's name.
    pub name: String,
    /// The contract's ticker.
    pub ticker: String,
    /// The contract's precision.
    pub precision: Precision,
    /// The contract's domain.
    pub domain: String,
    /// The contract's issuer key, 33 bytes in hexadecimal.
    pub pubkey: String,
    /// The asset.
    pub asset: AssetId,
    /// Its reissuance token, if it can be reissued.
    pub token: Option<AssetId>,
    /// The transaction that issued.
    pub txid: Txid,
    /// Units issued, in base units.
    pub amount: AssetAmount,
    /// Tokens made, in base units.
    pub token_amount: AssetAmount,
    /// The treasury's outputs of asset and token, at the issuance or since.
    pub treasury: Vec<TreasuryOutput>,
}

/// An output of the treasury and how it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreasuryOutput {
    /// The transaction and the index of the output.
    pub outpoint: OutPoint,
    /// Asset or token.
    pub asset: AssetId,
    /// How much, in base units.
    pub amount: AssetAmount,
    /// The asset blinding factor. Zero for an explicit output, and for a blinded one whose blinders AMP does not have.
    pub asset_blinder: AssetBlindingFactor,
    /// The value blinding factor. Zero in the same cases.
    pub amount_blinder: ValueBlindingFactor,
}

/// An asset with everything that AMP records of it.
#[derive(Debug, Clone)]
pub(super) struct Asset {
    /// AMP's name for it.
    pub(super) uuid: Uuid,
    /// The facts of the issuance.
    pub(super) record: AssetRecord,
    /// Every output that AMP knows, the spent ones too.
    pub(super) outputs: BTreeMap<OutPoint, Known>,
    /// Outputs that a test made AMP lose.
    pub(super) lost: BTreeSet<OutPoint>,
    /// The transactions that AMP knows, in the order in which it learnt of them.
    pub(super) reports: Vec<Report>,
    /// The open reissue requests.
    pub(super) reissues: Vec<Asked>,
    /// The open burn requests.
    pub(super) burns: Vec<Asked>,
    /// Assignments by number.
    pub(super) assignments: BTreeMap<u64, Assignment>,
    /// Distributions, but for the cancelled ones.
    pub(super) distributions: BTreeMap<Uuid, Distribution>,
    /// Addresses of the treasury, as they were given.
    pub(super) treasury_addresses: Vec<String>,
    /// How far its setting up has come.
    pub(super) standing: Standing,
}

impl Asset {
    /// An asset of which only its issuance and the treasury's outputs are known.
    pub(super) fn new(uuid: Uuid, record: AssetRecord) -> Self {
        let mut outputs = BTreeMap::new();
        let mut reports = vec![Report { txid: record.txid, kind: Kind::Issuance }];
        for output in &record.treasury {
            let opening = Opening {
                asset: output.asset,
                amount: output.amount,
                asset_blinder: output.asset_blinder,
                amount_blinder: output.amount_blinder,
            };
            outputs.insert(output.outpoint, Known { opening, holder: Holder::Treasury });
            if !reports.iter().any(|report| report.txid == output.outpoint.txid) {
                reports.push(Report { txid: output.outpoint.txid, kind: Kind::Transfer });
            }
        }
        Asset {
            uuid,
            record,
            outputs,
            lost: BTreeSet::new(),
            reports,
            reissues: Vec::new(),
            burns: Vec::new(),
            assignments: BTreeMap::new(),
            distributions: BTreeMap::new(),
            treasury_addresses: Vec::new(),
            standing: Standing::founded(),
        }
    }

    /// What AMP knows of a transaction.
    pub(super) fn report(&self, txid: Txid) -> Option<&Report> {
        self.reports.iter().find(|report| report.txid == txid)
    }

    /// The answer to `assets/UUID`.
    pub(super) fn describe(&self) -> Value {
        json!({
            "name": self.record.name,
            "asset_uuid": self.uuid.to_string(),
            "issuer": 1,
            "asset_id": self.record.asset.to_string(),
            "reissuance_token_id": self.record.token.map(|token| token.to_string()),
            "requirements": [],
            "ticker": self.record.ticker,
            "precision": self.record.precision.decimals(),
            "domain": self.record.domain,
            "pubkey": self.record.pubkey,
            "is_registered": self.standing.is_registered,
            "is_authorized": self.standing.is_authorized,
            "is_locked": false,
            "issuer_authorization_endpoint": "",
            "transfer_restricted": self.standing.transfer_restricted,
        })
    }

    /// The answer to `assets/UUID/summary`.
    pub(super) fn summary(&self) -> Value {
        let (mut reissued, mut burned) = (0_u64, 0_u64);
        for report in &self.reports {
            match &report.kind {
                Kind::Reissuance { amount, .. } => reissued = reissued.saturating_add(amount.base_units()),
                Kind::Burn { amount } => burned = burned.saturating_add(amount.base_units()),
                Kind::Issuance | Kind::Transfer | Kind::Distribution { .. } => {}
            }
        }
        let sum = |distributed: bool| {
            let counted = self.assignments.values().filter(|row| row.vout.is_some() || !distributed);
            counted.fold(0_u64, |sum, row| sum.saturating_add(row.amount.base_units()))
        };
        let users: BTreeSet<u64> = self.assignments.values().map(|row| row.user).collect();
        json!({
            "asset_id": self.record.asset.to_string(),
            "reissuance_token_id": self.record.token.map(|token| token.to_string()),
            "issued": self.record.amount.base_units(),
            "reissued": reissued,
            "assigned": sum(false),
            "distributed": sum(true),
            "burned": burned,
            "blacklisted": 0,
            "registered_users": users.len(),
            "active_registered_users": users.len(),
            "active_green_subaccounts": users.len(),
            "reissuance_tokens": self.record.token_amount.base_units(),
        })
    }

    /// The answer to `assets/UUID/reissuances`.
    pub(super) fn reissuances(&self, ledger: &dyn Ledger) -> Value {
        let mut rows = Vec::new();
        for report in &self.reports {
            let Kind::Reissuance { amount, vout, .. } = report.kind else { continue };
            let transaction = ledger.transaction(report.txid);
            let output = transaction.as_ref().and_then(|tx| tx.output.get(usize::try_from(vout).ok()?));
            let address = output.and_then(|output| {
                Address::from_script(&output.script_pubkey, None, &AddressParams::ELEMENTS)
            });
            let height = report.height(ledger);
            rows.push(json!({
                "txid": report.txid.to_string(),
                "vout": vout,
                "destination_address": address.map(|address| address.to_string()),
                "reissuance_amount": amount.base_units(),
                "confirmed_in_block": height.map(|height| height.to_string()),
                "created": datetime::of_block(height),
            }));
        }
        json!(rows)
    }
}
