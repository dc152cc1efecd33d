//! Asking for a distribution: the one GET that cannot be taken back.
//!
//! It sweeps every assignment that is ready, into one transaction or none: more than fit would hang for ever. So the
//! assignments are counted and planned first, a person confirms what they come to, and that AMP is about to be asked
//! stands in the log before it is. Where the answer is lost all the same, the request is written anew from the
//! assignments that were bound to it.

use std::collections::BTreeMap;

use coldamp_core::amp::request::{ApiRoot, Command};
use coldamp_core::units::AssetAmount;
use coldamp_online::amp::Assignment;
use coldamp_online::log::{Log as _, Step};
use coldamp_online::request::draft;
use coldamp_online::request::outlook::Outlook;

use super::ask::Desk;
use crate::args::AskArguments;
use crate::error::{Exit, Failure};
use crate::logfile::LogFile;
use crate::{desk, output, refusal, runtime, screen, terminal};

/// Makes a distribution, or writes the request of one that was made.
///
/// # Errors
/// When it could not be carried out, nobody confirms it, AMP refuses, or its answer is lost.
pub(super) fn run(arguments: &AskArguments) -> Result<(), Failure> {
    if arguments.amount.is_some() {
        let message = "found --amount, and a distribution pays what was assigned";
        return Err(Failure::new(Exit::Usage, message, "leave it out; --expect-total confirms the sum"));
    }
    output::check_free(&arguments.output)?;
    runtime::wait_for(async {
        let desk = Desk::open(arguments).await?;
        let assignments =
            desk.amp.assignments(&desk.asset_uuid).await.map_err(|error| refusal::amp(&error))?;
        // One log a request file: what was asked for under this name before is known by it.
        let mut log = LogFile::beside(&arguments.output, desk.asset_uuid.to_string().as_bytes())?;
        if let Some(uuid) = &arguments.distribution {
            return again(arguments, &desk, uuid, &assignments);
        }
        let outlook = Outlook::of(&assignments).map_err(|error| {
            Failure::new(Exit::Refused, error.to_string(), "correct the assignments at AMP")
                .with_code("OVERFLOW")
        })?;
        nothing_open(&outlook, &log)?;
        if outlook.recipients() == 0 {
            let message = "AMP has no assignment that is ready, vested and not distributed";
            let hint = "create assignments at AMP first";
            return Err(Failure::new(Exit::Refused, message, hint).with_code("NOTHING_TO_DISTRIBUTE"));
        }
        let holdings = desk.sync(arguments).await?;
        let uuid = desk.asset_uuid.to_string();
        let planned = draft::next_distribution(&desk.secp, &desk.network, &uuid, desk.asset, &outlook);
        desk.plan(arguments, &holdings, &planned)?;
        confirmed(arguments, &desk, &outlook)?;
        log.add(Step::Asking { open: outlook.open.iter().cloned().collect() })
            .map_err(|error| Failure::new(Exit::Output, error.to_string(), "nothing was asked for"))?;
        let answer = match desk.amp.create_distribution(&desk.asset_uuid).await {
            Ok(answer) => answer,
            Err(error) if error.may_have_acted() => {
                let failure = refusal::amp(&error);
                let hint = "AMP may have made the distribution: run the same command again, which looks and says how to go on";
                return Err(Failure { hint: hint.to_owned(), ..failure });
            }
            Err(error) => return Err(refusal::amp(&error)),
        };
        desk.save(arguments, Command::Distribute, outlook.total, &answer)
    })
}

/// Another distribution that is open keeps its assignments; one of ours whose answer was lost is gone on with.
fn nothing_open(outlook: &Outlook, log: &LogFile) -> Result<(), Failure> {
    if outlook.open.is_empty() {
        return Ok(());
    }
    let before = log.steps().iter().rev().find_map(|step| match step {
        Step::Asking { open } => Some(open),
        _ => None,
    });
    let listed = outlook.open.iter().cloned().collect::<Vec<_>>().join(", ");
    let ours: Vec<&String> = match before {
        Some(before) => outlook.open.iter().filter(|uuid| !before.contains(uuid)).collect(),
        None => Vec::new(),
    };
    let message = format!("AMP has distributions that were made and not reported: {listed}");
    let hint = match ours.as_slice() {
        [uuid] => format!(
            "{uuid} was made by this command, whose answer was lost: run it again with --distribution {uuid}"
        ),
        _ => "finish them first; the request of one whose answer was lost is written anew with --distribution UUID".to_owned(),
    };
    Err(Failure::new(Exit::Conflict, message, hint).with_code("DISTRIBUTION_OPEN"))
}

/// A person types the sum, or has named it beforehand.
fn confirmed(arguments: &AskArguments, desk: &Desk, outlook: &Outlook) -> Result<(), Failure> {
    let total = outlook.total;
    screen::say(&format!("distribution   of {}", desk.asset));
    screen::say(&format!("recipients     {}", outlook.recipients()));
    screen::say(&format!("in total       {total} base units ({})", total.to_node_decimal()));
    if let Some(expected) = arguments.expect_total {
        if AssetAmount::from_base_units(expected) == total {
            return Ok(());
        }
        let message = format!("the assignments come to {total} base units, --expect-total says {expected}");
        let hint = "look at the assignments at AMP; nothing was made";
        return Err(Failure::new(Exit::Refused, message, hint).with_code("TOTAL_DIFFERS"));
    }
    let unattended = "run it at a terminal, or name the sum with --expect-total; nothing was made";
    let prompt =
        "This makes the distribution at AMP and cannot be taken back. Type the total in base units: ";
    let typed = terminal::ask_line("the total", prompt, unattended)?;
    match typed == total.base_units().to_string() {
        true => Ok(()),
        false => Err(Failure::new(Exit::Declined, "what was typed is not the total", "nothing was made")),
    }
}

/// Writes the request of a distribution from its assignments.
fn again(
    arguments: &AskArguments,
    desk: &Desk,
    uuid: &str,
    assignments: &[Assignment],
) -> Result<(), Failure> {
    let uuid = desk::uuid(uuid)?.to_string();
    let refuse = |message: String, hint: &str| {
        Err(Failure::new(Exit::Refused, message, hint).with_code("NO_ASSIGNMENTS"))
    };
    let ours = assignments.iter().filter(|row| row.distribution_uuid.as_deref() == Some(uuid.as_str()));
    let mut by_address: BTreeMap<String, AssetAmount> = BTreeMap::new();
    let mut total = AssetAmount::ZERO;
    for row in ours {
        if row.is_distributed {
            return refuse(
                format!("AMP has distribution {uuid} as distributed already"),
                "it was paid: do not pay it again",
            );
        }
        let Some(address) = &row.receiving_address else {
            let message = format!("assignment {}: AMP shows no address for it", row.id);
            return refuse(
                message,
                "ask AMP for the answer of distributions/create; without the address nobody can be paid",
            );
        };
        let overflow = || Failure::internal("the assignments add up to more than 2^64 base units");
        let amount = AssetAmount::from_base_units(row.amount);
        total = total.checked_add(amount).ok_or_else(overflow)?;
        let sum = by_address.entry(address.clone()).or_insert(AssetAmount::ZERO);
        *sum = sum.checked_add(amount).ok_or_else(overflow)?;
    }
    if by_address.is_empty() {
        return refuse(
            format!("AMP has no assignments of distribution {uuid}"),
            "check the uuid and --asset",
        );
    }
    // An --amp of the operator's own is no host that a request may name.
    let chain = desk.network.chain();
    let api = ApiRoot::parse(&desk.amp.root().to_string(), chain).or_else(|_| desk::built_in_api(chain))?;
    let base_url = format!("{api}/{{}}");
    let text = draft::distribution(&base_url, &desk.asset_uuid.to_string(), desk.asset, &uuid, &by_address);
    screen::warn(
        "this request is written from AMP's assignments, since AMP's own answer was lost: have a second person check it",
    );
    desk.save(arguments, Command::Distribute, total, &text)
}
