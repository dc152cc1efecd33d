//! `request distribute`: makes a distribution after a person confirmed its total ([`coldamp_online::request::distribution`]).

use coldamp_cli::ask::ask_line;
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::amp::request::{Command, Uuid};
use coldamp_core::code::Code;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::units::{AssetAmount, base_units};
use coldamp_online::amp::Assignment;
use coldamp_online::request::distribution;
use coldamp_online::request::outlook::Outlook;
use coldamp_online::state::log::Log as _;

use super::ask::RequestSession;
use crate::amount::amount;
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
        let message = "found --amount, but a distribution pays the assignments";
        return Err(Failure::new(Exit::Usage, message, "Leave it out. --expect-total confirms the total."));
    }
    output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
    runtime::wait_for(async {
        let session = RequestSession::open(arguments).await?;
        let assignments =
            session.amp.assignments(&session.asset_uuid).await.map_err(|error| refusal::amp(&error))?;
        // One log for each request file. It tells whether the same file name was used to ask before.
        let mut log = LogFile::beside(&arguments.output, session.asset_uuid.to_string().as_bytes())?;
        if let Some(uuid) = &arguments.distribution {
            let uuid = load::uuid(uuid)?;
            distribution::not_paid(&session.amp, &session.asset_uuid, &uuid)
                .await
                .map_err(|error| refusal::rebuilt(&error))?;
            return rebuild(arguments, &session, &uuid, &assignments);
        }
        let outlook = Outlook::of(&assignments).map_err(|error| {
            refusal::of(Code::Overflow, error.to_string()).with_hint("Correct the assignments at AMP.")
        })?;
        distribution::could_be_made(&outlook, log.steps()).map_err(|error| refusal::distribution(&error))?;
        session
            .possible(arguments, |planner, reserved| planner.distribution(session.asset, &outlook, reserved))
            .await?;
        confirmed(arguments, &session, &outlook)?;
        // Checked again: the scan and the question took a while, and a stick may have been removed.
        output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
        let answer = distribution::make(&session.amp, &session.asset_uuid, &outlook, &mut log)
            .await
            .map_err(|error| refusal::distribution(&error))?;
        session.save(arguments, Command::Distribute, outlook.total, &answer)
    })
}

/// A person types the total, or has named it with --expect-total.
fn confirmed(arguments: &AskArguments, session: &RequestSession, outlook: &Outlook) -> Result<(), Failure> {
    let total = outlook.total;
    screen::say(&format!("distribution   of {}", session.asset));
    screen::say(&format!("recipients     {}", outlook.recipients()));
    screen::say(&format!("in total       {}", amount(total)));
    if let Some(expected) = arguments.expect_total {
        if AssetAmount::from_base_units(expected) == total {
            return Ok(());
        }
        let message = format!(
            "the assignments add up to {}, but --expect-total is {}",
            total.in_base_units(),
            base_units(expected)
        );
        return Err(refusal::of(Code::TotalDiffers, message));
    }
    let unattended = "Nothing was made. Run it at a terminal, or name the total with --expect-total.";
    let prompt = "This makes the distribution at AMP and cannot be undone. Type the total in base units: ";
    let typed = ask_line("total", prompt).map_err(|error| Failure::from(error).with_hint(unattended))?;
    match typed.replace(' ', "") == total.base_units().to_string() {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::Declined,
            "the typed number is not the total",
            "Nothing was made. Run it again and type the base units.",
        )),
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
    session.save(arguments, Command::Distribute, rebuilt.total, &rebuilt.text)
}
