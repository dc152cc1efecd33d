//! `request distribute`: makes a distribution after a person confirmed its total ([`coldamp_online::request::distribution`]).

use std::collections::BTreeSet;

use coldamp_cli::ask::{TRIES, ask_until};
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::amp::{Job, Request};
use coldamp_core::code::Code;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::treasury::ProvenContract;
use coldamp_core::units::{AssetAmount, Precision, ungrouped_digits};
use coldamp_online::amp::Assignment;
use coldamp_online::request::distribution;
use coldamp_online::request::locks::{Selection, is_asking, ours};
use coldamp_online::request::outlook::Outlook;
use coldamp_online::request::recipients::of_assignments;
use coldamp_online::state::log::Log as _;

use super::ask::RequestSession;
use super::at_most;
use crate::args::AskArguments;
use crate::precision::{amount_in_units, could_be_units};
use crate::recipients;
use crate::state::lock_log;
use crate::state::log_file::LogFile;
use crate::{load, refusal, runtime};

/// Makes a distribution, or writes the request of one that was made.
///
/// # Errors
/// When it could not be carried out, nobody confirms it, the assignments change meanwhile, AMP refuses, or its answer is
/// lost.
pub(super) fn run(arguments: &AskArguments) -> Result<(), Failure> {
    if arguments.amount.is_some() || arguments.units.is_some() {
        let message = "found --amount or --units, but a distribution pays the assignments";
        let hint = "Leave it out. --expect-total or --expect-units confirms the total.";
        return Err(Failure::new(Exit::Usage, message, hint));
    }
    if let Some(units) = &arguments.expect_units {
        could_be_units("--expect-units", units, &arguments.precision, &arguments.asset.uuid()?)?;
    }
    output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
    runtime::wait_for(async {
        let session = RequestSession::open(arguments).await?;
        let assignments =
            session.amp.assignments(&session.asset_uuid).await.map_err(|error| refusal::amp(&error))?;
        // One log for each request file. It tells whether the same file name was used to ask before.
        let mut log = LogFile::beside(&arguments.output, session.asset_uuid.to_string().as_bytes())?;
        let state = arguments.state.folder();
        at_most::warn_of_left(state, &session.asset_uuid)?;
        if let Some(uuid) = &arguments.distribution {
            let uuid = load::uuid(uuid)?;
            distribution::not_paid(&session.amp, &session.asset_uuid, &uuid)
                .await
                .map_err(|error| refusal::rebuilt(&error))?;
            rebuild(arguments, &session, &uuid, &assignments)?;
            return release(arguments, &session, &uuid, &assignments).await;
        }
        let Some(most) = arguments.at_most else {
            let rows: Vec<&Assignment> = assignments.iter().filter(|row| row.is_ready()).collect();
            let outlook = outlook(Outlook::of(&assignments))?;
            let contract = planned(arguments, &session, &outlook, &rows, &log).await?;
            let answer = distribution::make(&session.amp, &session.asset_uuid, &outlook, &mut log)
                .await
                .map_err(|error| refusal::distribution(&error))?;
            session.save(arguments, Command::Distribute, outlook.total, contract.as_ref(), &answer)?;
            return Ok(());
        };
        let mut locked = lock_log::open(state, &session.asset_uuid)?;
        at_most::nothing_may_come(&locked, &assignments)?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let selection = Selection::of(&assignments, &ours(locked.steps()), most);
        let outlook = outlook(selection.outlook(&assignments))?;
        let rows: Vec<&Assignment> = selection.taken.iter().collect();
        at_most::say_selection(&selection);
        let contract = planned(arguments, &session, &outlook, &rows, &log).await?;
        let logs = (&mut log, &mut locked);
        let answer = at_most::make(&session.amp, &session.asset_uuid, &selection, &outlook, logs).await?;
        let saved = session.save(arguments, Command::Distribute, outlook.total, contract.as_ref(), &answer);
        let exactly = match &saved {
            Ok(Request { job: Job::Distribute { uuid, .. }, .. }) => {
                let ids = selection.taken_ids();
                distribution::holds_exactly(&session.amp, &session.asset_uuid, uuid, &ids)
                    .await
                    .map_err(|error| refusal::distribution(&error))
            }
            _ => Ok(()),
        };
        // Once the distribution is made, whatever it holds, what is locked is unlocked.
        let is_read = saved.is_ok();
        let released = at_most::answered(&session.amp, &session.asset_uuid, is_read, &mut locked).await;
        told(saved.map(drop), told(exactly, released))
    })
}

/// The first failure, with what the later ones say below it.
fn told(first: Result<(), Failure>, later: Result<(), Failure>) -> Result<(), Failure> {
    match (first, later) {
        (Ok(()), later) => later,
        (Err(first), Ok(())) => Err(first),
        (Err(mut first), Err(later)) => {
            first.lines.push(format!("               {}", later.message));
            first.lines.extend(later.lines);
            Err(first)
        }
    }
}

fn outlook<E: std::fmt::Display>(outlook: Result<Outlook, E>) -> Result<Outlook, Failure> {
    outlook.map_err(|error| {
        refusal::of(Code::Overflow, error.to_string()).with_hint("Correct the assignments at AMP.")
    })
}

/// Plans the distribution, shows whom it pays, and has its total confirmed. Returns the asset's contract, if one is named.
async fn planned(
    arguments: &AskArguments,
    session: &RequestSession,
    outlook: &Outlook,
    rows: &[&Assignment],
    log: &LogFile,
) -> Result<Option<ProvenContract>, Failure> {
    distribution::could_be_made(outlook, log.steps()).map_err(|error| refusal::distribution(&error))?;
    let contract = session
        .possible(arguments, |planner, contract, reserved| {
            planner.distribution(session.asset, outlook, reserved)?;
            Ok(contract.cloned())
        })
        .await
        .map_err(too_many)?;
    screen::say(&format!("distribution   of {}", session.asset));
    for line in recipients::lines(&of_assignments(rows.iter().copied()), contract.as_ref()) {
        screen::say(&line);
    }
    confirmed(arguments, outlook.total, contract.as_ref())?;
    // Checked again: the scan and the question took a while, and a stick may have been removed.
    output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
    Ok(contract)
}

/// More recipients than fit, before the distribution is made.
fn too_many(failure: Failure) -> Failure {
    match failure.code {
        Some(Code::TooHeavy) => failure.with_hint(
            "One distribution is one transaction. Nothing was made. --at-most N takes the N assignments with the lowest numbers, locks the others at AMP while it is made, and unlocks them behind it. Or make fewer assignments ready at AMP.",
        ),
        _ => failure,
    }
}

/// A person types the total, or has named it with --expect-total or --expect-units. It is typed in units where the contract proves the
/// precision, else in base units: in no other unit is the number sure.
fn confirmed(
    arguments: &AskArguments,
    total: AssetAmount,
    contract: Option<&ProvenContract>,
) -> Result<(), Failure> {
    let expected = match (&arguments.expect_units, arguments.expect_total) {
        (Some(units), _) => Some(("--expect-units", amount_in_units("--expect-units", units, contract)?)),
        (None, Some(total)) => Some(("--expect-total", AssetAmount::from_base_units(total))),
        (None, None) => None,
    };
    if let Some((flag, expected)) = expected {
        if expected == total {
            return Ok(());
        }
        let message = format!(
            "the assignments add up to {}, but {flag} is {}",
            total.in_base_units(),
            expected.in_base_units()
        );
        return Err(refusal::of(Code::TotalDiffers, message));
    }
    let unattended =
        "Nothing was made. Run it at a terminal, or name the total with --expect-total or --expect-units.";
    let (precision, unit) = match contract.map(|contract| (contract.precision(), contract.unit())) {
        Some((precision, unit)) if precision != Precision::ZERO => (precision, unit),
        _ => (Precision::ZERO, "base units"),
    };
    let zeros = if precision == Precision::ZERO { "" } else { " (zeros at the end may be left out)" };
    let prompt =
        format!("This makes the distribution at AMP and cannot be undone. Type the total in {unit}{zeros}: ");
    let is_total = |typed: &str| {
        AssetAmount::parse_units(&ungrouped_digits(typed.trim()), precision).is_ok_and(|typed| typed == total)
    };
    let typed = ask_until("total", &prompt, "That is not the total.", is_total)
        .map_err(|error| Failure::from(error).with_hint(unattended))?;
    match typed {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            Exit::Declined,
            format!("not confirmed: {TRIES} answers were not the total"),
            "Nothing was made. Run it again and type the total as it is shown.",
        )),
    }
}

/// Unlocks what the run that made this distribution had locked, if anything. Where an answer is awaited, it is that distribution only if
/// no other one is open.
async fn release(
    arguments: &AskArguments,
    session: &RequestSession,
    uuid: &Uuid,
    assignments: &[Assignment],
) -> Result<(), Failure> {
    let Some(mut locked) = lock_log::existing(arguments.state.folder(), &session.asset_uuid)? else {
        return Ok(());
    };
    let open: BTreeSet<&Uuid> = assignments.iter().filter_map(Assignment::open_in).collect();
    let is_ours = open == BTreeSet::from([uuid]);
    match is_asking(locked.steps()) {
        true if is_ours => at_most::answered(&session.amp, &session.asset_uuid, true, &mut locked).await,
        true => at_most::warn_of(&locked, &session.asset_uuid),
        false => at_most::release(&session.amp, &session.asset_uuid, &mut locked).await,
    }
}

/// Writes the request of an existing distribution from its assignments.
fn rebuild(
    arguments: &AskArguments,
    session: &RequestSession,
    uuid: &Uuid,
    assignments: &[Assignment],
) -> Result<(), Failure> {
    let api = session.amp.root().named(session.network.chain());
    let rebuilt = distribution::rebuilt(&api, &session.asset_uuid, session.asset, uuid, assignments)
        .map_err(|error| refusal::rebuilt(&error))?;
    screen::warn(
        "this request was written from AMP's assignments, because AMP's own answer was lost. Have a second person check it",
    );
    session.save(arguments, Command::Distribute, rebuilt.total, None, &rebuilt.text).map(drop)
}
