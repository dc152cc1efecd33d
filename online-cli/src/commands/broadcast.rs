//! `coldamp-online broadcast`: checks and sends a signed transaction. It can be run again.

use std::path::Path;

use coldamp_cli::Failure;
use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::treasury::network;
use coldamp_core::Secp;
use coldamp_core::amp::Job;
use coldamp_core::signed::{SignedFile, Signers};
use coldamp_online::audit::audit;
use coldamp_online::broadcast::{Sent, broadcast, same_chain};
use coldamp_online::report::was_accepted;
use coldamp_online::source::Place;
use coldamp_online::state::log::Log as _;
use coldamp_online::state::seen_signatures::Gap;

use crate::amount::amount;
use crate::args::BroadcastArguments;
use crate::source::{AnyChain, http};
use crate::state::log_file::LogFile;
use crate::state::{SignatureState, TreasuryState};
use crate::{curve, load, refusal, runtime};

/// Sends the transaction of a signed file.
///
/// # Errors
/// When a check fails, the chain refuses, or no answer came.
pub(super) fn run(arguments: &BroadcastArguments) -> Result<(), Failure> {
    let (bytes, signed) = load::signed(&arguments.signed)?;
    let secp = curve::secp(&arguments.threads);
    signed.opens(&secp).map_err(|error| refusal::payload(&arguments.signed, &error))?;
    match (&arguments.pset, &arguments.descriptor) {
        (Some(pset), Some(descriptor)) => audited(&secp, arguments, pset, descriptor, &signed, &bytes)?,
        _ => screen::warn(
            "not verified against your PSET. Name --pset and --descriptor to detect a modified file or signer",
        ),
    }
    record_entry(arguments, &signed, &bytes)?;
    let mut log = LogFile::beside(&arguments.signed, &bytes)?;
    runtime::wait_for(async {
        let chain = AnyChain::open(arguments.chain.named())?;
        same_chain(&chain, signed.chain()).await.map_err(|error| refusal::broadcast(&error))?;
        chain.warn_if_behind(signed.chain()).await;
        let amp = match arguments.without_amp {
            true => None,
            false => {
                let root = load::amp_root(&arguments.amp, signed.api())?;
                Some(load::amp(http()?, root, &arguments.amp).await?)
            }
        };
        let sent = broadcast(&chain, amp.as_ref(), &signed, arguments.replaces, &mut log)
            .await
            .map_err(|error| refusal::broadcast(&error))?;
        let txid = signed.txid();
        match sent {
            Sent::Now => screen::say(&format!("sent           {txid}")),
            Sent::AlreadyOnChain(Place::Block { height, confirmations }) => screen::say(&format!(
                "was sent       {txid}, in block {height}, {confirmations} confirmations"
            )),
            Sent::AlreadyOnChain(_) => screen::say(&format!("was sent       {txid}, not in a block yet")),
        }
        screen::say(&format!("log            {}", printable_path(log.path())));
        screen::say(match was_accepted(log.steps()) {
            true => {
                "next           `coldamp-online report`: the log says that AMP took the report, and this checks AMP's own record"
            }
            false => {
                "next           `coldamp-online report`: it waits for two confirmations and reports to AMP"
            }
        });
        Ok(())
    })
}

/// Recomputes the signed file from the PSET and compares it.
fn audited(
    secp: &Secp,
    arguments: &BroadcastArguments,
    pset: &Path,
    descriptor: &Path,
    signed: &SignedFile,
    bytes: &[u8],
) -> Result<(), Failure> {
    let network = network(signed.chain(), arguments.policy_asset)?;
    let descriptor = load::descriptor(descriptor, &network)?;
    let unsigned = load::pset(pset, "Name with --pset the unsigned PSET that was signed.")?;
    let missing = arguments.allow_missing_token_utxos;
    let checked = audit(secp, &network, &descriptor, &unsigned, missing, bytes)
        .map_err(|error| refusal::not_audited(pset, &error))?;
    screen::say(
        "audited        the transaction equals the one that the PSET and the view key give, and its signatures are valid",
    );
    // PSET and signed file come over one stick. If both were exchanged, they agree, and are another job's.
    let request = checked.request();
    let recipients = match &request.job {
        Job::Distribute { recipients, .. } => format!(", to {} recipients", recipients.len()),
        Job::Reissue { .. } | Job::Burn { .. } => String::new(),
    };
    screen::say(&format!(
        "               {} {} of {}{recipients}",
        request.command(),
        amount(request.total()),
        request.asset
    ));
    screen::say(&format!("approval       {}", checked.approval_code()));
    let state = TreasuryState::open(arguments.state.folder(), &descriptor)?;
    if !state.reservations().knows(request) {
        screen::warn(
            "this job was not prepared with this state folder. Compare amount and approval code with the job that you mean to send",
        );
    }
    Ok(())
}

/// Records the journal entry of each signer, warns of entries that are missing before it, and keeps a copy of the file.
///
/// # Errors
/// When the report was exchanged, or an entry was another transaction before.
fn record_entry(arguments: &BroadcastArguments, signed: &SignedFile, bytes: &[u8]) -> Result<(), Failure> {
    let mut state = SignatureState::open(arguments.state.folder())?;
    // A file that was recomputed replaces the kept copy.
    if arguments.pset.is_none() {
        state.same_report(signed)?;
    }
    let of_several = matches!(signed.signers(), Signers::Several(_));
    for Gap { journal, first, last } in state.see(signed, &arguments.journal_restored)? {
        let journal = match of_several {
            true => format!("a signing machine's journal, {journal},"),
            false => "the signing machine's journal".to_owned(),
        };
        let which = match first == last {
            true => format!("entry {first} of {journal} was"),
            false => format!("entries {first} to {last} of {journal} were"),
        };
        screen::warn(&format!(
            "{which} not broadcast from this state folder. Policy changes and jobs sent from the page or another machine are entries too. Check with `coldamp journal list` that no signed transaction was kept back"
        ));
    }
    state.keep(signed.txid(), bytes)
}
