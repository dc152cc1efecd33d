//! Making a distribution: the one GET that cannot be taken back (docs/rules.md#before-a-distribution).
//!
//! AMP puts every assignment that is ready into one transaction. More than fit would never be paid. So the caller first
//! checks that no other distribution is open, plans, and has a person confirm the sum. [`make`] then reads the assignments
//! once more, and a log entry is on the disk before AMP is asked. If the answer is lost all the same, [`rebuilt`] writes the
//! request from the assignments that were bound to it.

mod rebuild;

use std::collections::BTreeSet;

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::listed::listed;

use super::asset::{self, AssetError};
use super::outlook::{Outlook, TooMuch};
use crate::amp::{Amp, AmpError};
use crate::state::log::{Log, LogError, Step};
#[cfg(test)]
pub(super) use rebuild::text;
pub use rebuild::{RebuildError, Rebuilt, not_paid, rebuilt};

/// Why no distribution is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DistributionError {
    /// Other distributions were made and not reported. Each of them keeps its assignments.
    #[error("AMP has distributions that were made and not reported: {}", listed(.open))]
    Open {
        /// The uuids of these distributions.
        open: BTreeSet<String>,
        /// The distribution that this log asked for, whose answer was lost. `None` where that is not clear.
        ours: Option<String>,
    },
    /// No assignment is ready.
    #[error("AMP has no assignment that is ready, vested and not distributed")]
    Nothing,
    /// AMP's assignments could not be read once more, or AMP no longer tracks some outputs. Nothing was asked for.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The assignments are no longer those whose sum was confirmed. Nothing was asked for.
    #[error(
        "AMP's assignments changed after their sum was confirmed: found {found}; confirmed were {confirmed}"
    )]
    Changed {
        /// What the distribution would be now.
        found: String,
        /// What was confirmed.
        confirmed: String,
    },
    /// The distribution that AMP made holds other assignments than those that were taken.
    #[error("AMP made the distribution of other assignments: {}", others(.more, .missing))]
    OtherAssignments {
        /// Assignments that were to be left out.
        more: BTreeSet<u64>,
        /// Assignments that were to be in it.
        missing: BTreeSet<u64>,
    },
    /// The step could not be written to the log, so it was not taken.
    #[error(transparent)]
    Log(#[from] LogError),
    /// AMP refused, or its answer was lost.
    #[error(transparent)]
    Amp(#[from] AmpError),
}

fn others(more: &BTreeSet<u64>, missing: &BTreeSet<u64>) -> String {
    let part = |what: &str, ids: &BTreeSet<u64>| (!ids.is_empty()).then(|| format!("{what} {}", listed(ids)));
    let parts = [part("it also pays", more), part("it does not pay", missing)];
    parts.into_iter().flatten().collect::<Vec<String>>().join("; ")
}

impl DistributionError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            DistributionError::Open { .. } => Code::DistributionOpen,
            DistributionError::Nothing => Code::NothingToDistribute,
            DistributionError::Asset(error) => error.code(),
            DistributionError::Changed { .. } => Code::AssignmentsChanged,
            DistributionError::OtherAssignments { .. } => Code::AnswerDiffers,
            DistributionError::Log(_) => Code::Log,
            DistributionError::Amp(error) => error.code(),
        }
    }
}

/// Checks that a new distribution may be asked for.
///
/// # Errors
/// When another distribution is open, or no assignment is ready.
pub fn could_be_made(outlook: &Outlook, steps: &[Step]) -> Result<(), DistributionError> {
    if !outlook.open.is_empty() {
        return Err(DistributionError::Open { open: outlook.open.clone(), ours: ours(outlook, steps) });
    }
    if outlook.recipients() == 0 { Err(DistributionError::Nothing) } else { Ok(()) }
}

/// The open distribution, if it is the only one and this log asked for one. When it asked, none was open: otherwise it would
/// not have asked.
fn ours(outlook: &Outlook, steps: &[Step]) -> Option<String> {
    let only = outlook.open.first().filter(|_| outlook.open.len() == 1);
    only.filter(|_| steps.contains(&Step::Asking)).cloned()
}

/// Makes the distribution whose sum was confirmed as `outlook`, and returns AMP's answer byte for byte.
///
/// AMP cannot be told which assignments are meant, and has no lock. After the assignments were first read, the treasury was
/// read and a person confirmed the sum, which takes minutes. An assignment that was added meanwhile would be paid without
/// confirmation, or would no longer fit. So everything is read once more, directly before AMP is asked.
///
/// # Errors
/// When AMP no longer tracks some outputs, another distribution is open, the assignments changed, the log cannot be written,
/// AMP refuses, or its answer is lost.
pub async fn make(
    amp: &Amp,
    asset_uuid: &Uuid,
    outlook: &Outlook,
    log: &mut dyn Log,
) -> Result<Vec<u8>, DistributionError> {
    make_without(amp, asset_uuid, outlook, &BTreeSet::new(), log).await
}

/// The same while assignments are locked ([`super::locks`]). `locked` are the numbers of those that are locked and that AMP's list
/// may nevertheless show as ready.
///
/// # Errors
/// As [`make`].
pub async fn make_without(
    amp: &Amp,
    asset_uuid: &Uuid,
    outlook: &Outlook,
    locked: &BTreeSet<u64>,
    log: &mut dyn Log,
) -> Result<Vec<u8>, DistributionError> {
    asset::in_order(amp, asset_uuid).await?;
    let mut assignments = amp.assignments(asset_uuid).await.map_err(AssetError::from)?;
    for row in &mut assignments {
        row.ready_for_distribution &= !locked.contains(&row.id);
    }
    still_as_confirmed(Outlook::of(&assignments), outlook, log.steps())?;
    log.add(Step::Asking)?;
    Ok(amp.create_distribution(asset_uuid).await?)
}

/// Checks that a distribution that was made holds these assignments and no others. AMP's answer names addresses and amounts, and
/// another assignment of the same amount would not show in it.
///
/// # Errors
/// When AMP cannot be asked, or has other assignments in it.
pub async fn holds_exactly(
    amp: &Amp,
    asset_uuid: &Uuid,
    distribution: &Uuid,
    taken: &BTreeSet<u64>,
) -> Result<(), DistributionError> {
    let rows = amp.assignments(asset_uuid).await?;
    let rows = rows.iter().filter(|row| row.distribution_uuid.as_ref() == Some(distribution));
    let found: BTreeSet<u64> = rows.map(|row| row.id).collect();
    match found == *taken {
        true => Ok(()),
        false => Err(DistributionError::OtherAssignments {
            more: found.difference(taken).copied().collect(),
            missing: taken.difference(&found).copied().collect(),
        }),
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use coldamp_core::units::AssetAmount;

    fn outlook(open: &[&str]) -> Outlook {
        Outlook {
            by_address: BTreeMap::from([("a".to_owned(), AssetAmount::from_base_units(1))]),
            without_address: BTreeMap::new(),
            total: AssetAmount::from_base_units(1),
            open: open.iter().map(|&uuid| uuid.to_owned()).collect(),
        }
    }

    #[test]
    fn none_is_made_while_another_is_open_and_the_one_of_this_log_is_recognised() {
        let found = |open: &[&str], steps: &[Step]| match could_be_made(&outlook(open), steps) {
            Err(DistributionError::Open { ours, .. }) => ours,
            other => panic!("{other:?}"),
        };
        assert_eq!(found(&["u"], &[]), None, "nothing was asked for here");
        assert_eq!(found(&["u"], &[Step::Asking]), Some("u".to_owned()));
        assert_eq!(found(&["u", "v"], &[Step::Asking]), None, "either may be");
    }

    #[test]
    fn one_is_made_if_there_is_a_recipient_and_none_is_open() {
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
}
