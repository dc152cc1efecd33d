//! `coldamp-online status`: the state of a signed transaction and its report, or the prepared requests that reserve coins.

use std::collections::BTreeSet;
use std::path::Path;

use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::code::Code;
use coldamp_core::elements::OutPoint;
use coldamp_core::listed::{CoinName, listed};
use coldamp_core::network::Network;
use coldamp_core::signed::SignedFile;
use coldamp_online::broadcast::same_chain;
use coldamp_online::report::{
    NEEDED, ReportError, ReportRecord, may_have_arrived, report_record, taken_coin, was_accepted,
};
use coldamp_online::source::{Chain as _, Place, Source as _};
use coldamp_online::state::log::{Acceptance, Log as _, Step};

use crate::args::StatusArguments;
use crate::bar::Bar;
use crate::source::{AnySource, SourceError, http};
use crate::state::report_log::ReportLog;
use crate::state::{SignatureState, TreasuryState};
use crate::{curve, load, refusal, runtime};

/// Shows the state of a signed file or of a treasury.
///
/// # Errors
/// When something cannot be read, or is not done yet.
pub(super) fn run(arguments: &StatusArguments) -> Result<(), Failure> {
    match (&arguments.signed, &arguments.descriptor, arguments.network) {
        (Some(signed), ..) => of_signed(signed, arguments),
        (None, Some(_), Some(_)) if arguments.amp.is_named() => {
            let message = "AMP does not know the prepared requests";
            Err(Failure::new(
                Exit::Usage,
                message,
                "Leave out --amp and --amp-credentials, or name signed.json.",
            ))
        }
        (None, Some(descriptor), Some(chain)) => {
            let network = Network::new(chain);
            let descriptor = load::descriptor(descriptor, &network)?;
            of_treasury(arguments, TreasuryState::open(arguments.state.folder(), &descriptor)?, &descriptor)
        }
        _ => Err(Failure::new(
            Exit::Usage,
            "found neither a signed file nor a treasury",
            "Name signed.json, or --descriptor and --network.",
        )),
    }
}

fn of_signed(path: &Path, arguments: &StatusArguments) -> Result<(), Failure> {
    let (bytes, signed) = load::signed(path)?;
    let kept = SignatureState::open(arguments.state.folder())?.log_of_report(&signed)?;
    let log = ReportLog::open(path, &bytes, kept)?;
    let AnySource::Chain(chain) = AnySource::open(&arguments.source)? else {
        let message = "a transactions file does not show where a transaction is";
        return Err(Failure::new(Exit::Usage, message, "Name --esplora URL or --node URL."));
    };
    let txid = signed.txid();
    let place = runtime::wait_for(async {
        same_chain(&chain, signed.chain()).await.map_err(|error| refusal::broadcast(&error))?;
        chain.warn_if_behind(signed.chain()).await;
        let place = chain.place(txid).await.map_err(|error| refusal::source(&error))?;
        if place == Place::Unknown {
            let taken = taken_coin(&chain, &signed).await.map_err(|error| refusal::source(&error))?;
            if let Some(taken) = taken {
                let hint = "Only one of the two can confirm. Find out what the other transaction is. Do not report this one.";
                return Err(refusal::of(Code::InputSpent, taken.to_string()).with_hint(hint));
            }
        }
        Ok(place)
    })?;
    let on_chain = match place {
        Place::Unknown => "not on the chain".to_owned(),
        Place::Mempool => "sent, not in a block yet".to_owned(),
        Place::Block { height, confirmations } => {
            format!("in block {height}, {confirmations} confirmations ({NEEDED} are needed)")
        }
    };
    let by_log = match (accepted_by(log.steps()), log.steps().last()) {
        (Some(Acceptance::Answer), _) => "AMP took it, by the log",
        (Some(Acceptance::Record), _) => "AMP's record has it, by the log",
        (None, _) if may_have_arrived(log.steps()) => "posted, and no answer came",
        (None, Some(Step::Refused { .. })) => "AMP refused it",
        (None, _) => "not posted",
    };
    output::print(&format!("command        {}", signed.command()))?;
    output::print(&format!("transaction    {txid}"))?;
    output::print(&format!("chain          {on_chain}"))?;
    output::print(&format!("report         {by_log}"))?;
    let by_record = if arguments.amp.is_named() { Some(in_record(&signed, arguments)?) } else { None };
    let accepted = was_accepted(log.steps());
    let reported = accepted || matches!(by_record, Some(ReportRecord::Shown { .. }));
    if reported && place == Place::Unknown {
        let message = format!("transaction {txid} was reported, but the chain source no longer shows it");
        let hint = "A reorganisation may have removed it, or the chain source is behind. Run `coldamp-online broadcast`, which sends it again if it is gone. Then run `status` again.";
        return Err(Failure::new(Exit::NotYet, message, hint).with_code(Code::NotSent));
    }
    match by_record {
        Some(ReportRecord::Shown { differences }) => return refusal::record_differs(&differences),
        Some(ReportRecord::Missing { found }) if accepted => {
            return Err(refusal::report(&ReportError::Missing { txid, found }));
        }
        Some(ReportRecord::Untold { .. }) | None if accepted => return Ok(()),
        _ => {}
    }
    let hint = match place {
        Place::Unknown => "Run `coldamp-online broadcast`.",
        Place::Mempool | Place::Block { .. } => "Run `coldamp-online report`.",
    };
    let message = match place {
        Place::Unknown => "the transaction is not sent yet",
        Place::Mempool | Place::Block { .. } => "AMP does not have the report yet",
    };
    Err(refusal::of(Code::NotYet, message).with_hint(hint))
}

fn accepted_by(steps: &[Step]) -> Option<Acceptance> {
    steps.iter().rev().find_map(|step| match step {
        Step::Accepted { by } => Some(*by),
        _ => None,
    })
}

/// Looks at AMP's record, and says what it has.
fn in_record(signed: &SignedFile, arguments: &StatusArguments) -> Result<ReportRecord, Failure> {
    let record = runtime::wait_for(async {
        let root = load::amp_root(&arguments.amp, signed.api())?;
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        report_record::<SourceError>(&amp, signed).await.map_err(|error| refusal::report(&error))
    })?;
    let words = match &record {
        ReportRecord::Shown { differences } if differences.is_empty() => "has the report".to_owned(),
        ReportRecord::Shown { differences } => {
            format!("has the report, but differs: {}", listed(differences))
        }
        ReportRecord::Missing { found } => format!("does not have the report: {found}"),
        ReportRecord::Untold { reason } => format!("does not tell: {reason}"),
    };
    output::print(&format!("AMP's record   {words}"))?;
    Ok(record)
}

fn of_treasury(
    arguments: &StatusArguments,
    mut state: TreasuryState,
    descriptor: &coldamp_core::treasury::CtDescriptor,
) -> Result<(), Failure> {
    if let Some(request) = &arguments.release {
        let released = state.release(request)?;
        screen::say(&format!("released       {released}"));
        screen::warn(
            "the coins are released. A PSET or signed file of this request can still be signed and sent, and would then spend them",
        );
    }
    let source = AnySource::of_treasury(&arguments.source, &arguments.scan, &state)?;
    let secp = curve::secp(&arguments.threads);
    let survey = runtime::wait_for(async {
        let bar = Bar::default();
        source.survey(&secp, descriptor, &bar).await.map_err(|error| refusal::source(&error))
    })?;
    screen::say(&survey.scanned.to_string());
    for unread in &survey.partial_scripts {
        screen::warn(&unread.to_string());
    }
    let unspent: BTreeSet<OutPoint> = survey.coins.iter().map(|coin| coin.outpoint).collect();
    let open = state.reservations().open(&unspent);
    if open.is_empty() {
        screen::say("no prepared request reserves a coin");
    }
    for request in open {
        output::print(&format!("{} {}", request.request, request.what))?;
        for coin in request.coins {
            output::print(&format!("  reserves {}", CoinName(coin)))?;
        }
    }
    Ok(())
}
