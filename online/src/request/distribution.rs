//! Making a distribution: the one GET that cannot be taken back (docs/rules.md#before-a-distribution).
//!
//! AMP puts every assignment that is ready into one transaction. More than fit would never be paid. So the caller first
//! checks that no other distribution is open, plans, and has a person confirm the sum. [`make`] then reads the assignments
//! once more, and a log entry is on the disk before AMP is asked. Where the answer is lost all the same, the request is
//! written again from the assignments that were bound to it.

use std::collections::{BTreeMap, BTreeSet};

use coldamp_core::amp::request::{ApiRoot, Uuid};
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::listed::listed;
use coldamp_core::units::AssetAmount;

use super::asset::{self, AssetError};
use super::draft;
use super::outlook::{Outlook, TooMuch};
use crate::amp::{Amp, AmpError, Assignment, Distribution};
use crate::state::log::{Log, LogError, Step};

/// Why no distribution is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DistributionError {
    /// Others were made and not reported: each keeps its assignments.
    #[error("AMP has distributions that were made and not reported: {}", listed(.open))]
    Open {
        /// Their uuids.
        open: BTreeSet<String>,
        /// The one that was made by this very log, whose answer was lost; none where that is not clear.
        ours: Option<String>,
    },
    /// Nothing is ready.
    #[error("AMP has no assignment that is ready, vested and not distributed")]
    Nothing,
    /// What AMP has could not be read once more, or AMP has lost sight of outputs. Nothing was asked for.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The assignments are no longer those whose sum was confirmed. Nothing was asked for.
    #[error(
        "AMP's assignments changed after their sum was confirmed: found {found}; confirmed were {confirmed}"
    )]
    Changed {
        /// What the distribution would be now.
        found: String,
        /// What it would have been.
        confirmed: String,
    },
    /// The step could not be recorded, and so was not taken.
    #[error(transparent)]
    Log(#[from] LogError),
    /// AMP refuses, or its answer is lost.
    #[error(transparent)]
    Amp(#[from] AmpError),
}

impl DistributionError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            DistributionError::Open { .. } => Code::DistributionOpen,
            DistributionError::Nothing => Code::NothingToDistribute,
            DistributionError::Asset(error) => error.code(),
            DistributionError::Changed { .. } => Code::AssignmentsChanged,
            DistributionError::Log(_) => Code::Log,
            DistributionError::Amp(error) => error.code(),
        }
    }
}

/// Whether a new one could be asked for at all.
///
/// # Errors
/// When another one is open, or nothing is ready.
pub fn could_be_made(outlook: &Outlook, steps: &[Step]) -> Result<(), DistributionError> {
    if !outlook.open.is_empty() {
        return Err(DistributionError::Open { open: outlook.open.clone(), ours: ours(outlook, steps) });
    }
    if outlook.recipients() == 0 { Err(DistributionError::Nothing) } else { Ok(()) }
}

/// The one that is open now, if it is the only one and this log's was asked for: none was open then, or it would not have
/// been.
fn ours(outlook: &Outlook, steps: &[Step]) -> Option<String> {
    let only = outlook.open.first().filter(|_| outlook.open.len() == 1);
    only.filter(|_| steps.contains(&Step::Asking)).cloned()
}

/// Makes the distribution whose sum was confirmed as `outlook`; AMP's answer byte for byte.
///
/// AMP cannot be told which assignments are meant, and has no lock. Between the first look and this call the treasury was
/// read and a person confirmed the sum, which takes minutes. An assignment that was added meanwhile would be paid
/// unconfirmed, or be the one that no longer fits. So everything is read once more, directly before AMP is asked.
///
/// # Errors
/// When AMP has lost sight of outputs, another distribution is open, the assignments changed, the step cannot be recorded,
/// AMP refuses, or its answer is lost.
pub async fn make(
    amp: &Amp,
    asset_uuid: &Uuid,
    outlook: &Outlook,
    log: &mut dyn Log,
) -> Result<Vec<u8>, DistributionError> {
    asset::in_order(amp, asset_uuid).await?;
    let assignments = amp.assignments(asset_uuid).await.map_err(AssetError::from)?;
    still_as_confirmed(Outlook::of(&assignments), outlook, log.steps())?;
    log.add(Step::Asking)?;
    Ok(amp.create_distribution(asset_uuid).await?)
}

/// Compares what the distribution would be now with what was confirmed.
fn still_as_confirmed(
    now: Result<Outlook, TooMuch>,
    confirmed: &Outlook,
    steps: &[Step],
) -> Result<(), DistributionError> {
    let changed = |found: String| DistributionError::Changed { found, confirmed: confirmed.in_short() };
    let now = now.map_err(|error| changed(error.to_string()))?;
    could_be_made(&now, steps)?;
    let (found, expected) = (now.in_short(), confirmed.in_short());
    match now == *confirmed {
        true => Ok(()),
        false if found == expected => {
            Err(changed("other recipients or amounts with the same sum".to_owned()))
        }
        false => Err(changed(found)),
    }
}

/// A request written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// In AMP's form.
    pub text: Vec<u8>,
    /// In all.
    pub total: AssetAmount,
}

/// Why the request of a distribution is not written anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RebuildError {
    /// AMP could not be asked.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// It was paid.
    #[error("AMP has distribution {uuid} as distributed already")]
    Distributed {
        /// Which.
        uuid: Uuid,
    },
    /// AMP has a transaction for it.
    #[error("AMP has distribution {uuid} as paid by transaction {by}")]
    Paid {
        /// Which.
        uuid: Uuid,
        /// The transaction.
        by: Txid,
    },
    /// Without the address nobody can be paid.
    #[error("assignment {id}: AMP shows no address for it")]
    NoAddress {
        /// AMP's number of the assignment.
        id: u64,
    },
    /// AMP knows no assignment of it.
    #[error("AMP has no assignments of distribution {uuid}")]
    Nothing {
        /// Which.
        uuid: Uuid,
    },
    /// No sum of money.
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

/// Sees whether AMP's record has a distribution as not paid yet. One that the record does not show is judged by its
/// assignments alone.
///
/// # Errors
/// When it was paid, AMP does not tell whether it was, or cannot be asked.
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

/// Writes the request of a distribution whose answer was lost from the assignments that are bound to it. It names `api`.
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
    let name = uuid.to_string();
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
    let text =
        draft::distribution(&format!("{api}/{{}}"), &asset_uuid.to_string(), asset, &name, &by_address);
    Ok(Rebuilt { text, total })
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::network::Chain;

    const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

    fn outlook(open: &[&str]) -> Outlook {
        Outlook {
            by_address: BTreeMap::from([("a".to_owned(), AssetAmount::from_base_units(1))]),
            without_address: BTreeMap::new(),
            total: AssetAmount::from_base_units(1),
            open: open.iter().map(|&uuid| uuid.to_owned()).collect(),
        }
    }

    #[test]
    fn none_is_made_beside_an_open_one_and_the_one_of_this_log_is_told_apart() {
        let found = |open: &[&str], steps: &[Step]| match could_be_made(&outlook(open), steps) {
            Err(DistributionError::Open { ours, .. }) => ours,
            other => panic!("{other:?}"),
        };
        assert_eq!(found(&["u"], &[]), None, "nothing was asked for here");
        assert_eq!(found(&["u"], &[Step::Asking]), Some("u".to_owned()));
        assert_eq!(found(&["u", "v"], &[Step::Asking]), None, "either may be");
    }

    #[test]
    fn one_is_made_where_somebody_is_to_be_paid_and_none_is_open() {
        assert_eq!(could_be_made(&outlook(&[]), &[]), Ok(()));
        let nobody = Outlook { by_address: BTreeMap::new(), ..outlook(&[]) };
        assert_eq!(could_be_made(&nobody, &[]), Err(DistributionError::Nothing));
    }

    #[test]
    fn only_what_was_confirmed_is_made() {
        let confirmed = outlook(&[]);
        let still = |now| still_as_confirmed(now, &confirmed, &[]);
        assert_eq!(still(Ok(confirmed.clone())), Ok(()));
        let elsewhere = BTreeMap::from([("b".to_owned(), AssetAmount::from_base_units(1))]);
        let others = Outlook { by_address: elsewhere, ..confirmed.clone() };
        let more = Outlook { total: AssetAmount::from_base_units(2), ..confirmed.clone() };
        for now in [Ok(others), Ok(more), Err(TooMuch)] {
            assert_eq!(still(now).unwrap_err().code().as_str(), "ASSIGNMENTS_CHANGED");
        }
        assert_eq!(still(Ok(outlook(&["u"]))).unwrap_err().code().as_str(), "DISTRIBUTION_OPEN");
    }

    #[test]
    fn a_request_is_written_anew_only_from_assignments_that_are_bound_and_not_paid() {
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
