//! `coldamp-online report`: waits for two confirmations, posts the report once, and compares it with AMP's record.

use std::io::{IsTerminal as _, stdout};
use std::time::Duration;

use coldamp_cli::{Failure, output, screen};
use coldamp_online::broadcast::same_chain;
use coldamp_online::report::{Posted, confirmed, post, read_back};

use crate::args::ReportArguments;
use crate::bar::Bar;
use crate::indented::indented;
use crate::runtime::Clock;
use crate::source::{AnyChain, http};
use crate::state::SignatureState;
use crate::state::report_log::ReportLog;
use crate::{curve, load, refusal, runtime};

/// Reports a signed transaction to AMP.
///
/// # Errors
/// When the transaction has too few confirmations, AMP refuses, or it is not known whether AMP took the report.
pub(super) fn run(arguments: &ReportArguments) -> Result<(), Failure> {
    let (bytes, signed) = load::signed(&arguments.signed)?;
    let secp = curve::secp(&arguments.threads);
    signed.opens(&secp).map_err(|error| refusal::payload(&arguments.signed, &error))?;
    let kept = SignatureState::open(arguments.state.folder())?.log_of_report(&signed)?;
    let mut log = ReportLog::open(&arguments.signed, &bytes, kept)?;
    runtime::wait_for(async {
        let chain = AnyChain::open(arguments.chain.named())?;
        same_chain(&chain, signed.chain()).await.map_err(|error| refusal::broadcast(&error))?;
        chain.warn_if_behind(signed.chain()).await;
        let every = (!arguments.no_wait).then(|| Duration::from_secs(arguments.poll));
        let confirmations = {
            let bar = Bar::default();
            confirmed(&chain, &signed, &Clock, every, &bar).await.map_err(|error| refusal::report(&error))?
        };
        screen::say(&format!("confirmations  {confirmations}"));
        let root = load::amp_root(&arguments.amp, signed.api())?;
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let posted = post(&amp, &signed, confirmations, arguments.again, &mut log)
            .await
            .map_err(|error| refusal::report(&error))?;
        match &posted {
            Posted::Now { answer, .. } => {
                screen::say(&format!("AMP took the report of {}", signed.txid()));
                let answer = amp.without_credentials(String::from_utf8_lossy(answer).trim());
                // A program that reads stdout gets AMP's own lines.
                let rows = Some(&answer).filter(|_| stdout().is_terminal()).and_then(|json| indented(json));
                // The answer may be any text. `print` escapes control characters.
                for line in rows.unwrap_or(answer).lines() {
                    output::print(line)?;
                }
            }
            Posted::AlreadyReported { .. } => {
                screen::say(&format!("AMP has the report of {}", signed.txid()))
            }
            Posted::ByLogAlone { .. } => screen::warn(&format!(
                "AMP's record does not show the report of {}. Only the log says that it was accepted: {}. Nothing was posted. Check at AMP whether it has the transaction. If it does not, --again posts the report",
                signed.txid(),
                screen::printable_path(log.accepted_in())
            )),
        }
        let look = read_back(&amp, &signed, &posted).await.map_err(|error| refusal::report(&error))?;
        for notice in &look.notices {
            screen::warn(notice);
        }
        refusal::record_differs(&look.differences)?;
        if look.compared && !matches!(posted, Posted::ByLogAlone { .. }) {
            screen::say("AMP's record of the transaction agrees with the report");
        }
        Ok(())
    })
}
