//! Asking for a distribution, [`coldamp_online::request::distribution`], behind a person's word for its sum.

use coldamp_cli::ask::ask_line;
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::code::Code;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::units::AssetAmount;
use coldamp_online::amp::Assignment;
use coldamp_online::request::distribution;
use coldamp_online::request::outlook::Outlook;
use coldamp_online::state::log::Log as _;

use super::ask::RequestSession;
use crate::args::AskArguments;
use crate::state::log_file::LogFile;
use crate::{load, refusal, runtime};

/// Makes a distribution, or writes the request of one that was made.
///
/// # Errors
/// When it could not be carried out, nobody confirms it, the assignments change meanwhile, AMP refuses, or its answer is
/// lost.
pub(super) fn run(arguments: &AskArguments) -> Result<(), Failure> {
    if arguments.amount.is_some() {
        let message = "found --amount, and a distribution pays what was assigned";
        return Err(Failure::new(Exit::Usage, message, "leave it out; --expect-total confirms the sum"));
    }
    output::try_out(&arguments.output, MAX_REQUEST_BYTES)?;
    runtime::wait_for(async {
        let session = RequestSession::open(arguments).await?;
        let assignments =
            session.amp.assignments(&session.asset_uuid).await.map_err(|error| refusal::amp(&error))?;
        // One log a request file: what was asked for under this name before is known by it.
        let mut log = LogFile::beside(&arguments.output, session.asset_uuid.to_string().as_bytes())?;
        if let Some(uuid) = &arguments.distribution {
            let uuid = load::uuid(uuid)?;
            distribution::not_paid(&session.amp, &session.asset_uuid, &uuid)
                .await
                .map_err(|error| refusal::rebuilt(&error))?;
            return again(arguments, &session, &uuid, &assignments);
        }
        let outlook = Outlook::of(&assignments).map_err(|error| {
            refusal::of(Code::Overflow, error.to_string()).with_hint("Correct the assignments at AMP.")
        })?;
        distribution::could_be_made(&outlook, log.steps()).map_err(|error| refusal::distribution(&error))?;
        session
            .possible(arguments, |planner, held| {
                planner.distribution(&session.asset_uuid, session.asset, &outlook, held)
            })
            .await?;
        confirmed(arguments, &session, &outlook)?;
        // Once more: reading the treasury and typing took a while, and a stick may have been pulled out since.
        output::try_out(&arguments.output, MAX_REQUEST_BYTES)?;
        let answer = distribution::make(&session.amp, &session.asset_uuid, &outlook, &mut log)
            .await
            .map_err(|error| refusal::distribution(&error))?;
        session.save(arguments, Command::Distribute, outlook.total, &answer)
    })
}

/// A person types the sum, or has named it beforehand.
fn confirmed(arguments: &AskArguments, session: &RequestSession, outlook: &Outlook) -> Result<(), Failure> {
    let total = outlook.total;
    screen::say(&format!("distribution   of {}", session.asset));
    screen::say(&format!("recipients     {}", outlook.recipients()));
    screen::say(&format!("in total       {total} base units ({})", total.to_node_decimal()));
    if let Some(expected) = arguments.expect_total {
        if AssetAmount::from_base_units(expected) == total {
            return Ok(());
        }
        let message = format!("the assignments come to {total} base units, --expect-total says {expected}");
        return Err(refusal::of(Code::TotalDiffers, message));
    }
    let unattended = "run it at a terminal, or name the sum with --expect-total; nothing was made";
    let prompt =
        "This makes the distribution at AMP and cannot be taken back. Type the total in base units: ";
    let typed = ask_line("total", prompt).map_err(|error| Failure::from(error).with_hint(unattended))?;
    match typed.trim() == total.base_units().to_string() {
        true => Ok(()),
        false => Err(Failure::new(Exit::Declined, "what was typed is not the total", "nothing was made")),
    }
}

/// Writes the request of a distribution from its assignments.
fn again(
    arguments: &AskArguments,
    session: &RequestSession,
    uuid: &Uuid,
    assignments: &[Assignment],
) -> Result<(), Failure> {
    let api = session.amp.root().named(session.network.chain());
    let rebuilt = distribution::rebuilt(&api, &session.asset_uuid, session.asset, uuid, assignments)
        .map_err(|error| refusal::rebuilt(&error))?;
    screen::warn(
        "this request is written from AMP's assignments, since AMP's own answer was lost: have a second person check it",
    );
    session.save(arguments, Command::Distribute, rebuilt.total, &rebuilt.text)
}
