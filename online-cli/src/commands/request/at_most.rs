//! `request distribute --at-most N`: the assignments that do not fit are locked at AMP while the distribution is made
//! ([`coldamp_online::request::locks`]).

use std::collections::BTreeSet;
use std::path::Path;

use coldamp_cli::{Failure, screen};
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::listed::listed;
use coldamp_online::amp::{Amp, Assignment};
use coldamp_online::request::distribution::{self, DistributionError};
use coldamp_online::request::locks::{self, LockError, Selection, Told};
use coldamp_online::request::outlook::Outlook;
use coldamp_online::state::log::{Log, Step};

use crate::refusal;
use crate::state::lock_log;
use crate::state::log_file::LogFile;

/// Says what is done with one assignment.
pub(super) fn say(assignment: u64, told: Told) {
    let line = match told {
        Told::Locked(locks::Shown::List) => format!("locked         assignment {assignment}"),
        Told::Locked(locks::Shown::Answer) => {
            format!("locked         assignment {assignment}: AMP's answer says so, its list does not show it")
        }
        Told::Unlocked => format!("unlocked       assignment {assignment}"),
        Told::Taken => format!("unlocked       assignment {assignment}: a distribution has it"),
        Told::Missing => format!(
            "still locked   assignment {assignment}: AMP's list does not have it. If it was deleted at AMP, `request unlock --gone {assignment}` forgets it"
        ),
        Told::Left => {
            format!("still locked   assignment {assignment}: AMP does not show that it is unlocked")
        }
    };
    screen::say(&line);
}

/// Warns of what an earlier run left locked: a distribution without --at-most does not pay it.
pub(super) fn warn_of_left(state: Option<&Path>, asset: &Uuid) -> Result<(), Failure> {
    match lock_log::existing(state, asset)? {
        Some(log) => warn_of(&log, asset),
        None => Ok(()),
    }
}

/// Warns of what a log has as locked.
pub(super) fn warn_of(log: &LogFile, asset: &Uuid) -> Result<(), Failure> {
    let left = locks::ours(log.steps());
    if !left.is_empty() {
        screen::warn_of(
            Code::LocksLeft,
            &format!(
                "an earlier run locked assignments at AMP and did not unlock them: {}. `coldamp-online request unlock {asset}` does",
                listed(&left)
            ),
        );
    }
    Ok(())
}

/// Says which assignments are taken, which are left out, and which are not ours to touch.
pub(super) fn say_selection(selection: &Selection) {
    let ids = |rows: &[Assignment]| listed(rows.iter().map(|row| row.id));
    screen::say(&format!("taken          {} assignments: {}", selection.taken.len(), ids(&selection.taken)));
    if !selection.rest.is_empty() {
        screen::say(&format!(
            "left out       {} assignments: {}",
            selection.rest.len(),
            ids(&selection.rest)
        ));
        screen::say(
            "               They are locked at AMP now, and unlocked behind the distribution. AMP's lock is known from its changelog alone",
        );
    }
    if !selection.others.is_empty() {
        screen::say(&format!(
            "not ready      {} assignments, or somebody else locked them; they are not touched: {}",
            selection.others.len(),
            ids(&selection.others)
        ));
    }
}

/// Makes the distribution of what a selection takes, and returns AMP's answer. The others are locked before, and are locked still.
pub(super) async fn make(
    amp: &Amp,
    asset: &Uuid,
    selection: &Selection,
    outlook: &Outlook,
    logs: (&mut LogFile, &mut LogFile),
) -> Result<Vec<u8>, Failure> {
    let (log, locked) = logs;
    let held = match locks::hold(amp, asset, selection, locked, &mut say).await {
        Ok(held) => held,
        Err(error) => return Err(undone(amp, asset, locked, refusal::locks(&error)).await),
    };
    let failed = |error: &DistributionError| refusal::distribution(error);
    let log_failed = |error| refusal::locks(&LockError::Log(error));
    locked.add(Step::Asking).map_err(log_failed)?;
    match distribution::make_without(amp, asset, outlook, &held, log).await {
        // Whatever has status 200 may be a proxy's page. Who reads the answer records that it is one.
        Ok(answer) => Ok(answer),
        // It may still be made. Whatever were unlocked now could be in it.
        Err(error @ DistributionError::Amp(_)) if may_have_acted(&error) => {
            let failure = failed(&error);
            Err(Failure { lines: still_locked(&locks::ours(locked.steps())), ..failure })
        }
        Err(error) => {
            locked.add(Step::Answered).map_err(log_failed)?;
            Err(undone(amp, asset, locked, failed(&error)).await)
        }
    }
}

fn may_have_acted(error: &DistributionError) -> bool {
    matches!(error, DistributionError::Amp(error) if error.may_have_acted())
}

fn still_locked(left: &BTreeSet<u64>) -> Vec<String> {
    match left.is_empty() {
        true => Vec::new(),
        false => vec![format!(
            "               Still locked at AMP: assignments {}. `coldamp-online request unlock` unlocks them",
            listed(left)
        )],
    }
}

/// Unlocks what was locked for a distribution that is not made, and gives the failure back with what could not be unlocked.
async fn undone(amp: &Amp, asset: &Uuid, locked: &mut LogFile, failure: Failure) -> Failure {
    let left = match locks::release(amp, asset, locked, &mut say).await {
        Ok(left) => left,
        Err(error) => {
            screen::warn(&error.to_string());
            locks::ours(locked.steps())
        }
    };
    Failure { lines: still_locked(&left), ..failure }
}

/// Refuses while a distribution that AMP was asked for may still be made: it would take what is unlocked now, and what another one
/// takes.
///
/// # Errors
/// When it may.
pub(super) fn nothing_may_come(log: &LogFile, assignments: &[Assignment]) -> Result<(), Failure> {
    if !locks::may_still_be_made(log.steps(), assignments) {
        return Ok(());
    }
    let message = "AMP was asked for a distribution, its answer was lost, and AMP shows none. If AMP makes it now, it takes what is unlocked too";
    let hint = "Wait some minutes and look at AMP's assignments. If AMP has made none, `coldamp-online request unlock` with --none-was-made unlocks what was locked for it.";
    let failure = refusal::of(Code::LocksLeft, message).with_hint(hint);
    Err(Failure { lines: still_locked(&locks::ours(log.steps())), ..failure })
}

/// After an answer that was read, or that AMP's assignments show to be one: unlocks the others. Where neither is so, AMP may still make
/// the distribution, and everything stays locked.
///
/// # Errors
/// When AMP cannot be asked, does not show that all is unlocked, or may still make the distribution.
pub(super) async fn answered(
    amp: &Amp,
    asset: &Uuid,
    is_read: bool,
    locked: &mut LogFile,
) -> Result<(), Failure> {
    if !is_read {
        let rows = amp.assignments(asset).await.map_err(|error| refusal::amp(&error))?;
        nothing_may_come(locked, &rows)?;
    }
    locked.add(Step::Answered).map_err(|error| refusal::locks(&LockError::Log(error)))?;
    release(amp, asset, locked).await
}

/// Unlocks what was locked for a distribution that is made.
///
/// # Errors
/// When AMP does not show that all is unlocked.
pub(super) async fn release(amp: &Amp, asset: &Uuid, locked: &mut LogFile) -> Result<(), Failure> {
    let left = locks::release(amp, asset, locked, &mut say).await.map_err(|error| {
        let failure = refusal::locks(&error);
        Failure { lines: still_locked(&locks::ours(locked.steps())), ..failure }
    })?;
    match left.is_empty() {
        true => Ok(()),
        false => Err(refusal::locks(&LockError::Left { assignments: left })),
    }
}
