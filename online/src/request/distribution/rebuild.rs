//! The request of a distribution whose answer was lost, written again from AMP's assignments.

use std::collections::BTreeMap;

use coldamp_core::amp::confirm::NodeDecimal;
use coldamp_core::amp::request::{ApiRoot, Command, KNOWN_CLIENT_VERSION, Uuid};
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::units::AssetAmount;

use super::super::outlook::TooMuch;
use crate::amp::{Amp, AmpError, Assignment, Distribution};

/// A request that was written from AMP's assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// The request as AMP writes it.
    pub text: Vec<u8>,
    /// The sum of the amounts, in base units.
    pub total: AssetAmount,
}

/// Why the request of a distribution cannot be written again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RebuildError {
    /// AMP could not be asked.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// The distribution was paid.
    #[error("AMP has distribution {uuid} as distributed already")]
    Distributed {
        /// The distribution.
        uuid: Uuid,
    },
    /// AMP has a transaction that paid the distribution.
    #[error("AMP has distribution {uuid} as paid by transaction {by}")]
    Paid {
        /// The distribution.
        uuid: Uuid,
        /// The transaction that paid it.
        by: Txid,
    },
    /// AMP shows no address for an assignment.
    #[error("assignment {id}: AMP shows no address for it")]
    NoAddress {
        /// AMP's number of the assignment.
        id: u64,
    },
    /// AMP has no assignment of the distribution.
    #[error("AMP has no assignments of distribution {uuid}")]
    Nothing {
        /// The distribution.
        uuid: Uuid,
    },
    /// The amounts add up to more than 2^64 base units.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
}

impl RebuildError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            RebuildError::Amp(error) => error.code(),
            RebuildError::Distributed { .. } | RebuildError::Paid { .. } => Code::AlreadyDistributed,
            RebuildError::NoAddress { .. } => Code::NoAddress,
            RebuildError::Nothing { .. } => Code::NoAssignments,
            RebuildError::TooMuch(_) => Code::Overflow,
        }
    }
}

/// Checks that AMP's record has a distribution as not paid yet. If the record does not show the distribution, only its
/// assignments tell.
///
/// # Errors
/// When it was paid, AMP does not say whether it was, or AMP cannot be asked.
pub async fn not_paid(amp: &Amp, asset_uuid: &Uuid, uuid: &Uuid) -> Result<(), RebuildError> {
    match amp.distribution(asset_uuid, uuid).await {
        Err(error) if error.is_absent() => Ok(()),
        Err(error) => Err(error.into()),
        Ok(Distribution::Unreported) => Ok(()),
        Ok(Distribution::ReportedBy { first: by, .. }) => Err(RebuildError::Paid { uuid: uuid.clone(), by }),
        Ok(Distribution::ConfirmedByNone) => Err(RebuildError::Distributed { uuid: uuid.clone() }),
        Ok(Distribution::Untold { reason }) => {
            let path = format!("assets/{asset_uuid}/distributions/{uuid}");
            Err(amp.not_as_expected(&path, &reason, b"").into())
        }
    }
}

/// Writes the request of a distribution whose answer was lost, from the assignments that are bound to it. `api` becomes its
/// `base_url`. The signer checks the PSET against this request, and an approver checks the request against AMP, as if AMP had
/// written it.
///
/// # Errors
/// When AMP has it as paid, or does not show whom it pays.
pub fn rebuilt(
    api: &ApiRoot,
    asset_uuid: &Uuid,
    asset: AssetId,
    uuid: &Uuid,
    assignments: &[Assignment],
) -> Result<Rebuilt, RebuildError> {
    let ours = assignments.iter().filter(|row| row.distribution_uuid.as_ref() == Some(uuid));
    let mut by_address: BTreeMap<String, AssetAmount> = BTreeMap::new();
    let mut total = AssetAmount::ZERO;
    for row in ours {
        if row.is_distributed {
            return Err(RebuildError::Distributed { uuid: uuid.clone() });
        }
        let Some(address) = &row.receiving_address else {
            return Err(RebuildError::NoAddress { id: row.id });
        };
        let amount = row.amount;
        total = total.checked_add(amount).ok_or(TooMuch)?;
        let sum = by_address.entry(address.clone()).or_insert(AssetAmount::ZERO);
        *sum = sum.checked_add(amount).ok_or(TooMuch)?;
    }
    if by_address.is_empty() {
        return Err(RebuildError::Nothing { uuid: uuid.clone() });
    }
    Ok(Rebuilt { text: text(api, asset_uuid, asset, uuid, &by_address), total })
}

/// A distribution request as AMP writes it.
#[derive(serde::Serialize)]
struct Wire<'a> {
    asset_id: String,
    asset_uuid: String,
    base_url: String,
    command: &'a str,
    min_supported_client_script_version: u64,
    distribution_uuid: String,
    map_address_amount: BTreeMap<&'a str, NodeDecimal>,
    map_address_asset: BTreeMap<&'a str, String>,
}

pub(in crate::request) fn text(
    api: &ApiRoot,
    asset_uuid: &Uuid,
    asset: AssetId,
    uuid: &Uuid,
    by_address: &BTreeMap<String, AssetAmount>,
) -> Vec<u8> {
    let amounts = by_address.iter();
    let wire = Wire {
        asset_id: asset.to_string(),
        asset_uuid: asset_uuid.to_string(),
        base_url: format!("{api}/{{}}"),
        command: Command::Distribute.name(),
        min_supported_client_script_version: KNOWN_CLIENT_VERSION,
        distribution_uuid: uuid.to_string(),
        map_address_amount: amounts
            .map(|(address, amount)| (address.as_str(), NodeDecimal::positive(*amount)))
            .collect(),
        map_address_asset: by_address.keys().map(|address| (address.as_str(), asset.to_string())).collect(),
    };
    // Strings, integers and decimals always serialize. An empty text would be refused by the parser.
    serde_json::to_vec(&wire).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::network::Chain;

    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

    #[test]
    fn the_text_is_what_amp_would_write() {
        let (uuid, api) = (Uuid::parse(UUID).unwrap(), ApiRoot::built_in(Chain::Regtest));
        let asset = AssetId::from_byte_array([7; 32]);
        let paid = BTreeMap::from([("a".to_owned(), AssetAmount::from_base_units(2_100_000_000_000_000))]);
        let expected = format!(
            r#"{{"asset_id":"{asset}","asset_uuid":"{UUID}","base_url":"https://amp-test.blockstream.com/api/{{}}","command":"distribute","min_supported_client_script_version":2,"distribution_uuid":"{UUID}","map_address_amount":{{"a":21000000.00000000}},"map_address_asset":{{"a":"{asset}"}}}}"#
        );
        assert_eq!(String::from_utf8(text(&api, &uuid, asset, &uuid, &paid)).unwrap(), expected);
    }

    #[test]
    fn a_request_is_written_again_only_from_assignments_that_are_bound_and_not_paid() {
        let uuid = Uuid::parse(UUID).unwrap();
        let api = ApiRoot::built_in(Chain::Regtest);
        let row = |id: u64, bound: Option<&str>| Assignment {
            id,
            amount: AssetAmount::from_base_units(id),
            receiving_address: Some("a".to_owned()),
            distribution_uuid: bound.and_then(Uuid::parse),
            ready_for_distribution: true,
            has_vested: true,
            is_distributed: false,
            is_locked: None,
            user: None,
            gaid: None,
        };
        let asset = AssetId::from_byte_array([7; 32]);
        let again = |rows: &[Assignment]| rebuilt(&api, &uuid, asset, &uuid, rows);
        let (one, two, other) = (row(1, Some(UUID)), row(2, Some(UUID)), row(4, None));
        let both = again(&[one.clone(), two, other.clone()]).unwrap();
        assert_eq!(both.total, AssetAmount::from_base_units(3));
        assert!(String::from_utf8(both.text).unwrap().contains("\"a\":0.00000003"));
        assert_eq!(again(&[other]), Err(RebuildError::Nothing { uuid: uuid.clone() }));
        let paid = Assignment { is_distributed: true, ..one.clone() };
        assert_eq!(again(&[paid]), Err(RebuildError::Distributed { uuid: uuid.clone() }));
        let nowhere = Assignment { receiving_address: None, ..one.clone() };
        assert_eq!(again(&[nowhere]), Err(RebuildError::NoAddress { id: 1 }));
        let huge = Assignment { amount: AssetAmount::from_base_units(u64::MAX), ..one.clone() };
        assert_eq!(again(&[one, huge]), Err(RebuildError::TooMuch(TooMuch)));
    }
}
