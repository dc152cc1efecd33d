//! More assignments than one transaction pays: the others are locked at AMP while the distribution is made, and unlocked behind
//! it (docs/rules.md#locked-assignments).
//!
//! AMP sweeps every assignment that is ready into a distribution. Its lock is known from its changelog alone (0.1.0: `lock` and
//! `unlock` as a partial replacement of `edit`). So a lock is believed only where AMP shows it, and the distribution is held
//! against what was meant once it is made.
//!
//! Each step is in a log before it is taken. [`ours`] are the assignments whose lock was begun and not undone, by that log.
//! Nobody else's lock is ever undone: what is not ready before is not locked here, and so is not in the log.

use std::collections::BTreeSet;

use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::listed::listed;

use super::outlook::{Outlook, TooMuch};
use crate::amp::{Amp, AmpError, Assignment, Lock};
pub use crate::state::log::Shown;
use crate::state::log::{Log, LogError, Step};

/// What was done with an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is locked.
    Locked(Shown),
    /// It is not locked any more.
    Unlocked,
    /// A distribution has it, so there is nothing to unlock.
    Taken,
    /// AMP's list does not have it. That is no proof that it is unlocked: the list may be short.
    Missing,
    /// AMP does not show that it is unlocked.
    Left,
}

/// Why assignments are not locked or unlocked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// AMP refused, or its answer was lost.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// The step could not be written to the log, so it was not taken.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Neither AMP's list nor its answer shows the lock.
    #[error(
        "AMP does not show that assignment {assignment} is locked: neither its list nor its answer says so"
    )]
    Unproven {
        /// AMP's number of the assignment.
        assignment: u64,
    },
    /// AMP does not show that they are unlocked.
    #[error("AMP does not show that these assignments are unlocked: {}", listed(.assignments))]
    Left {
        /// AMP's numbers of the assignments.
        assignments: BTreeSet<u64>,
    },
}

impl LockError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            LockError::Amp(error) => error.code(),
            LockError::Log(_) => Code::Log,
            LockError::Unproven { .. } => Code::LockUnproven,
            LockError::Left { .. } => Code::LocksLeft,
        }
    }
}

/// The assignments whose lock was begun and not undone. One whose lock was only begun may be locked or not.
pub fn ours(steps: &[Step]) -> BTreeSet<u64> {
    let mut ours = BTreeSet::new();
    for step in steps {
        match step {
            Step::Locking { assignment } => ours.insert(*assignment),
            Step::NotLocked { assignment } | Step::Unlocked { assignment } => ours.remove(assignment),
            _ => false,
        };
    }
    ours
}

/// Whether AMP was asked for a distribution and nobody knows what came of it. AMP may still make it, and then it takes what was
/// unlocked meanwhile.
pub fn is_asking(steps: &[Step]) -> bool {
    let last = steps.iter().rev().find(|step| matches!(step, Step::Asking | Step::Answered));
    last == Some(&Step::Asking)
}

/// Whether a distribution that AMP was asked for may still be made: nobody knows what came of it, and AMP shows no open one. Until
/// that is known nothing may be unlocked, and no other one be asked for.
pub fn may_still_be_made(steps: &[Step], assignments: &[Assignment]) -> bool {
    is_asking(steps) && !assignments.iter().any(|row| row.open_in().is_some())
}

/// Which assignments the next distribution takes, and which are locked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Those that it takes, the lowest numbers first.
    pub taken: Vec<Assignment>,
    /// Those that could be paid and are left out.
    pub rest: Vec<Assignment>,
    /// Those that could be paid, and that are not ready or locked by somebody else.
    pub others: Vec<Assignment>,
}

impl Selection {
    /// Takes at most so many of the assignments that are ready or locked by us, the lowest numbers first. The same list gives the
    /// same selection, also while part of it is locked.
    pub fn of(assignments: &[Assignment], ours: &BTreeSet<u64>, at_most: usize) -> Self {
        let is_ours = |row: &&Assignment| row.is_ready() || (row.is_payable() && ours.contains(&row.id));
        let mut taken: Vec<Assignment> = assignments.iter().filter(is_ours).cloned().collect();
        taken.sort_by_key(|row| row.id);
        let rest = taken.split_off(at_most.min(taken.len()));
        let others = assignments
            .iter()
            .filter(|row| row.is_payable() && row.shows_locked() && !ours.contains(&row.id));
        Selection { taken, rest, others: others.cloned().collect() }
    }

    /// The numbers of those that are taken.
    pub fn taken_ids(&self) -> BTreeSet<u64> {
        self.taken.iter().map(|row| row.id).collect()
    }

    /// The distribution of those that are taken, among all assignments.
    ///
    /// # Errors
    /// When the amounts add up to more than 2^64 base units.
    pub fn outlook(&self, assignments: &[Assignment]) -> Result<Outlook, TooMuch> {
        let taken = self.taken_ids();
        let as_if_locked = assignments.iter().cloned().map(|mut row| {
            row.ready_for_distribution = taken.contains(&row.id);
            row.is_locked = row.is_locked.filter(|_| !taken.contains(&row.id));
            row
        });
        Outlook::of(&as_if_locked.collect::<Vec<Assignment>>())
    }
}

/// Locks what a selection leaves out, one by one, after it has unlocked what is ours and is taken. Returns the numbers of what is
/// locked now.
///
/// # Errors
/// When AMP refuses, does not answer or does not show a lock, or the log cannot be written. What was locked until then stays
/// locked, and is in the log.
pub async fn hold(
    amp: &Amp,
    asset: &Uuid,
    selection: &Selection,
    log: &mut dyn Log,
    told: &mut dyn FnMut(u64, Told),
) -> Result<BTreeSet<u64>, LockError> {
    let mut rows = amp.assignments(asset).await?;
    let before = ours(log.steps());
    let taken: BTreeSet<u64> = selection.taken_ids().intersection(&before).copied().collect();
    let left = unlock(amp, asset, &taken, log, told).await?;
    if !left.is_empty() {
        return Err(LockError::Left { assignments: left });
    }
    let mut held = BTreeSet::new();
    for id in selection.rest.iter().map(|row| row.id) {
        let is_ours = before.contains(&id);
        // Locked by somebody else since the selection was made: it is left out, and is not ours to unlock.
        if !is_ours && rows.iter().any(|row| row.id == id && !row.is_ready()) {
            continue;
        }
        let shown_before = is_ours && rows.iter().any(|row| row.id == id && row.shows_locked());
        let by = if shown_before {
            Shown::List
        } else {
            lock_one(amp, asset, (id, is_ours), log, &mut rows).await?
        };
        if !shown_before || !is_logged(log.steps(), id) {
            log.add(Step::Locked { assignment: id, by })?;
        }
        held.insert(id);
        told(id, Told::Locked(by));
    }
    Ok(held)
}

/// Whether the log has that an assignment is locked, behind the last time that its lock was begun.
fn is_logged(steps: &[Step], id: u64) -> bool {
    by(steps, id).is_some()
}

/// How the log knows that an assignment is locked; none where its lock was only begun.
fn by(steps: &[Step], id: u64) -> Option<Shown> {
    steps.iter().rev().find_map(|step| match step {
        Step::Locked { assignment, by } if *assignment == id => Some(Some(*by)),
        Step::Locking { assignment } | Step::Unlocked { assignment } if *assignment == id => Some(None),
        _ => None,
    })?
}

/// Locks one, and reads AMP's list again. `rows` becomes that list.
async fn lock_one(
    amp: &Amp,
    asset: &Uuid,
    (id, is_ours): (u64, bool),
    log: &mut dyn Log,
    rows: &mut Vec<Assignment>,
) -> Result<Shown, LockError> {
    log.add(Step::Locking { assignment: id })?;
    let answer = amp.lock_assignment(asset, id, Lock::On).await;
    // One that was ours before may be refused because it is locked already. It stays ours.
    if let Err(error) = &answer
        && !error.may_have_acted()
        && !is_ours
    {
        log.add(Step::NotLocked { assignment: id })?;
        return Err(error.clone().into());
    }
    *rows = amp.assignments(asset).await?;
    let shown = rows.iter().any(|row| row.id == id && row.shows_locked());
    match (shown, answer) {
        (true, _) => Ok(Shown::List),
        // Its answer was lost, and the list does not show it. It may still be carried out.
        (false, Err(error)) if error.may_have_acted() => Err(error.into()),
        (false, Ok(Some(row))) if row.shows_locked() => Ok(Shown::Answer),
        (false, _) => Err(LockError::Unproven { assignment: id }),
    }
}

/// Unlocks everything that is ours. Returns what AMP does not show as unlocked; it stays in the log.
///
/// # Errors
/// When AMP's list cannot be read, or the log cannot be written.
pub async fn release(
    amp: &Amp,
    asset: &Uuid,
    log: &mut dyn Log,
    told: &mut dyn FnMut(u64, Told),
) -> Result<BTreeSet<u64>, LockError> {
    let all = ours(log.steps());
    unlock(amp, asset, &all, log, told).await
}

async fn unlock(
    amp: &Amp,
    asset: &Uuid,
    ids: &BTreeSet<u64>,
    log: &mut dyn Log,
    told: &mut dyn FnMut(u64, Told),
) -> Result<BTreeSet<u64>, LockError> {
    let mut left = BTreeSet::new();
    if ids.is_empty() {
        return Ok(left);
    }
    let mut rows = amp.assignments(asset).await?;
    for id in ids.iter().copied() {
        let Some(found) = rows.iter().find(|row| row.id == id) else {
            left.insert(id);
            told(id, Told::Missing);
            continue;
        };
        if found.is_taken() {
            log.add(Step::Unlocked { assignment: id })?;
            told(id, Told::Taken);
            continue;
        }
        let shown_before = found.shows_locked();
        if unlock_one(amp, asset, (id, shown_before), log, &mut rows).await?
            || relocked(amp, asset, id, log, &mut rows).await?
                && unlock_one(amp, asset, (id, false), log, &mut rows).await?
        {
            log.add(Step::Unlocked { assignment: id })?;
            told(id, Told::Unlocked);
        } else {
            left.insert(id);
            told(id, Told::Left);
        }
    }
    Ok(left)
}

/// Unlocks one, and reads AMP's list again. Says whether it is known to be unlocked: a list that showed the lock also shows that it is
/// gone; where it never showed it, only AMP's answer counts.
async fn unlock_one(
    amp: &Amp,
    asset: &Uuid,
    (id, shown_before): (u64, bool),
    log: &mut dyn Log,
    rows: &mut Vec<Assignment>,
) -> Result<bool, LockError> {
    let logged = by(log.steps(), id);
    log.add(Step::Unlocking { assignment: id })?;
    let answer = amp.lock_assignment(asset, id, Lock::Off).await;
    *rows = amp.assignments(asset).await?;
    let shows_none = rows.iter().any(|row| row.id == id && !row.is_taken() && !row.shows_locked());
    Ok(shows_none && (answer.is_ok() || shown_before || logged == Some(Shown::List)))
}

/// Locks one again of which only the beginning of a lock is known, and whose unlock is not: AMP may refuse it because it was never
/// locked, and what is locked for sure can be unlocked for sure.
async fn relocked(
    amp: &Amp,
    asset: &Uuid,
    id: u64,
    log: &mut dyn Log,
    rows: &mut Vec<Assignment>,
) -> Result<bool, LockError> {
    if by(log.steps(), id).is_some() || rows.iter().any(|row| row.id == id && row.shows_locked()) {
        return Ok(false);
    }
    match lock_one(amp, asset, (id, true), log, rows).await {
        Ok(by) => {
            log.add(Step::Locked { assignment: id, by })?;
            Ok(true)
        }
        Err(LockError::Log(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::units::AssetAmount;

    const ONE: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";

    fn row(id: u64) -> Assignment {
        Assignment {
            id,
            amount: AssetAmount::from_base_units(id),
            receiving_address: None,
            distribution_uuid: None,
            ready_for_distribution: true,
            has_vested: true,
            is_distributed: false,
            is_locked: None,
            user: None,
            gaid: None,
        }
    }

    #[test]
    fn what_was_begun_and_not_undone_is_ours() {
        let locking = |assignment| Step::Locking { assignment };
        let steps = [
            locking(1),
            Step::Locked { assignment: 1, by: Shown::List },
            locking(2),
            locking(3),
            Step::NotLocked { assignment: 3 },
            Step::Unlocking { assignment: 1 },
        ];
        assert_eq!(ours(&steps), BTreeSet::from([1, 2]));
        assert_eq!((by(&steps, 1), by(&steps, 2)), (Some(Shown::List), None));
        let done = [steps.as_slice(), &[Step::Unlocked { assignment: 1 }]].concat();
        assert_eq!((ours(&done), by(&done, 1)), (BTreeSet::from([2]), None));
        assert!(is_asking(&[Step::Asking]) && !is_asking(&[Step::Asking, Step::Answered]) && !is_asking(&[]));
    }

    #[test]
    fn the_lowest_numbers_are_taken_and_a_lock_of_ours_does_not_change_the_selection() {
        let locked = |id| Assignment { ready_for_distribution: false, ..row(id) };
        let fresh: Vec<Assignment> = vec![row(9), row(3), locked(4), row(7), row(5)];
        let selection = Selection::of(&fresh, &BTreeSet::new(), 2);
        let ids = |rows: &[Assignment]| rows.iter().map(|row| row.id).collect::<Vec<u64>>();
        assert_eq!(ids(&selection.taken), [3, 5]);
        assert_eq!(ids(&selection.rest), [7, 9]);
        assert_eq!(ids(&selection.others), [4], "somebody else's");
        let outlook = selection.outlook(&fresh).unwrap();
        assert_eq!((outlook.recipients(), outlook.total.base_units()), (2, 8));
        let halfway: Vec<Assignment> = vec![locked(9), row(3), locked(4), row(7), row(5)];
        let again = Selection::of(&halfway, &BTreeSet::from([9]), 2);
        assert_eq!((ids(&again.taken), ids(&again.rest)), (vec![3, 5], vec![7, 9]));
        assert_eq!(again.outlook(&halfway), Ok(outlook));
        // With room for all, the one that is ours is taken too.
        let all = Selection::of(&halfway, &BTreeSet::from([9]), 9);
        assert_eq!(ids(&all.taken), [3, 5, 7, 9]);
        assert_eq!(all.outlook(&halfway).unwrap().recipients(), 4);
    }

    #[test]
    fn what_cannot_be_paid_is_neither_taken_nor_locked() {
        let rows = [
            Assignment { distribution_uuid: Uuid::parse(ONE), ..row(1) },
            Assignment { is_distributed: true, ..row(2) },
            Assignment { has_vested: false, ..row(3) },
            Assignment { is_locked: Some(true), ..row(4) },
            row(5),
        ];
        let selection = Selection::of(&rows, &BTreeSet::from([1, 2, 3]), 1);
        assert_eq!(selection.taken_ids(), BTreeSet::from([5]));
        assert!(selection.rest.is_empty());
        assert_eq!(selection.others.iter().map(|row| row.id).collect::<Vec<u64>>(), [4]);
    }
}
