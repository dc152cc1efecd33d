//! `coldamp-online treasury issue`: has AMP issue an asset to the treasury, once, after a person has read and typed it
//! ([`coldamp_online::treasury::issue`]).

mod files;
mod shown;

use std::path::Path;

use coldamp_cli::ask::ask_line;
use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::Secp;
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::code::Code;
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::network::Network;
use coldamp_core::treasury::{CtDescriptor, IssuanceKind};
use coldamp_core::units::{AssetAmount, Precision, ungrouped_digits};
use coldamp_online::amp::Amp;
use coldamp_online::source::Source as _;
use coldamp_online::state::log::Log as _;
use coldamp_online::treasury::issue::{Order, Terms, alike, ask, may_be_asked, rebuilt};

use crate::args::IssueArguments;
use crate::bar::Bar;
use crate::source::{AnySource, http};
use crate::state::TreasuryState;
use crate::state::issue_log::IssueLog;
use crate::state::log_file::LogFile;
use crate::{curve, load, refusal, runtime};
use files::transaction;
pub(super) use files::{order_path, proven, read_if_there, saved_order};
use shown::show;
pub(super) use shown::show_proven;

/// The treasury and AMP, for one asset.
struct Session<'a> {
    arguments: &'a IssueArguments,
    secp: Secp,
    network: Network,
    descriptor: CtDescriptor,
    amp: Amp,
}

/// Issues, or goes on with what was issued.
///
/// # Errors
/// When a term is not one that AMP takes, nobody confirms, AMP refuses, its answer is lost, or what was issued is not what was
/// asked for.
pub(super) fn run(arguments: &IssueArguments) -> Result<(), Failure> {
    let terms = terms(arguments)?;
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let root = load::amp_root(&arguments.amp, &ApiRoot::built_in(network.chain()))?;
    let secp = curve::secp(&arguments.threads);
    runtime::wait_for(async {
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let session = Session { arguments, secp, network, descriptor, amp };
        session.issue(terms).await
    })
}

/// The terms of the command line.
fn terms(arguments: &IssueArguments) -> Result<Terms, Failure> {
    let usage = |message: String| Failure::new(Exit::Usage, message, "Nothing was asked for.");
    let precision =
        Precision::new(arguments.precision).ok_or_else(|| usage("--precision is above 8".to_owned()))?;
    let amount = match (arguments.amount, &arguments.units) {
        (Some(base_units), _) => AssetAmount::from_base_units(base_units),
        (None, Some(units)) => {
            AssetAmount::parse_units(units, precision).map_err(|error| usage(format!("--units: {error}")))?
        }
        (None, None) => return Err(usage("expected --amount or --units".to_owned())),
    };
    let terms = Terms {
        name: arguments.name.clone(),
        ticker: arguments.ticker.clone(),
        domain: arguments.domain.clone(),
        pubkey: arguments.pubkey.clone(),
        precision,
        amount,
        tokens: arguments.tokens.map(AssetAmount::from_base_units),
        kind: if arguments.confidential { IssuanceKind::Blinded } else { IssuanceKind::Explicit },
        transfer_restricted: !arguments.unrestricted,
    };
    terms.check().map_err(|error| usage(error.to_string()))?;
    Ok(terms)
}

impl Session<'_> {
    async fn issue(&self, terms: Terms) -> Result<(), Failure> {
        let Session { arguments, secp, network, descriptor, .. } = self;
        let path = &arguments.output;
        let mut state = TreasuryState::open(arguments.state.folder(), descriptor)?;
        let source = AnySource::of_treasury(&arguments.source, &arguments.scan, &state)?;
        let again = arguments.again;
        let answer = read_if_there(path, "AMP's answer")?;
        let saved = saved_order(secp, network, descriptor, path)?;
        if let Some(order) = &saved {
            same_terms(path, order, &terms)?;
        }
        let (order, answer) = match (saved, answer, &arguments.issued) {
            (Some(order), Some(answer), _) => (order, answer),
            (Some(order), None, Some(uuid)) => {
                let answer = self.found_again(uuid, &order, &source).await?;
                (order, answer)
            }
            (Some(order), None, None) => {
                // One log for each order. It tells whether AMP was asked for it before.
                let log = self.log(&order, &mut state)?;
                may_be_asked(&self.amp, &order.terms, log.steps(), again)
                    .await
                    .map_err(|error| refusal::issue(&error))?;
                let answer = self.asked(&order, Some(log), &mut state).await?;
                (order, answer)
            }
            (None, None, None) => {
                let order = self.planned(terms, &source, &state).await?;
                let answer = self.asked(&order, None, &mut state).await?;
                (order, answer)
            }
            (None, _, _) => {
                let message = format!("{} does not exist", printable_path(&order_path(path)));
                let hint = "It says what was asked for, and lies beside the answer. Put it back, or name the -o that was named then.";
                return Err(Failure::new(Exit::Conflict, message, hint));
            }
        };
        let (answered, proven) = proven(secp, descriptor, &source, path, &order, &answer, &self.amp).await?;
        show_proven(&order, &answered, &proven);
        screen::say(&format!(
            "next           `coldamp-online treasury setup {} …`: it takes the steps that remain at AMP",
            printable_path(path)
        ));
        output::print(&answered.uuid.to_string())?;
        Ok(())
    }

    /// An order to the next free addresses. Nothing is asked for, and nothing is written.
    async fn planned(
        &self,
        terms: Terms,
        source: &AnySource,
        state: &TreasuryState,
    ) -> Result<Order, Failure> {
        let Session { arguments, secp, network, descriptor, amp } = self;
        output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
        output::check_free(&order_path(&arguments.output))?;
        {
            // Of all files that asked for such an asset from this state folder.
            let kept = state.log_of_issue(amp.root(), &terms)?;
            may_be_asked(amp, &terms, kept.steps(), arguments.again)
                .await
                .map_err(|error| refusal::issue(&error))?;
        }
        source.warn_if_behind(network.chain()).await;
        let survey = source.survey(secp, descriptor, &Bar::default()).await;
        let survey = survey.map_err(|error| refusal::source(&error))?;
        screen::say(&survey.scanned.to_string());
        let reserved = state.reservations().reserved();
        Order::to_unused(secp, network, descriptor, terms, survey.used, &reserved).map_err(Failure::internal)
    }

    /// The log of an order. Order and reserved addresses are on the disk before it begins.
    fn log(&self, order: &Order, state: &mut TreasuryState) -> Result<IssueLog, Failure> {
        let (body, path) = (order.body(), &self.arguments.output);
        let by = sha256::Hash::hash(&body).to_byte_array().to_lower_hex_string();
        let terms = &order.terms;
        let what = format!("issue {} of {}", terms.amount.in_base_units(), terms.ticker);
        state.reserve_paths(&by, &what, order.paths())?;
        let order_path = order_path(path);
        if read_if_there(&order_path, "the order")?.is_none() {
            output::create_file(&order_path, &body)?;
        }
        let kept = state.log_of_issue(self.amp.root(), terms)?;
        Ok(IssueLog::of(LogFile::beside(path, &body)?, kept))
    }

    /// Shows the order, has it confirmed, asks AMP, and saves the answer. The log of a new order begins once it is confirmed.
    async fn asked(
        &self,
        order: &Order,
        log: Option<IssueLog>,
        state: &mut TreasuryState,
    ) -> Result<Vec<u8>, Failure> {
        show(order);
        confirmed(self.arguments, &order.terms)?;
        output::probe_output(&self.arguments.output, MAX_REQUEST_BYTES)?;
        let mut log = match log {
            Some(log) => log,
            None => self.log(order, state)?,
        };
        let answer = ask(&self.amp, order, &mut log, self.arguments.again)
            .await
            .map_err(|error| refusal::issue(&error))?;
        self.save(&answer)?;
        Ok(answer)
    }

    /// Writes an answer again that was lost, from AMP's record and the chain.
    async fn found_again(&self, uuid: &str, order: &Order, source: &AnySource) -> Result<Vec<u8>, Failure> {
        let uuid = load::uuid(uuid)?;
        let found = alike(&self.amp, &order.terms).await.map_err(|error| refusal::issue(&error))?;
        let facts = found.into_iter().find(|facts| facts.uuid == uuid).ok_or_else(|| {
            let message = format!(
                "AMP's asset {uuid} is not the one of {}",
                printable_path(&order_path(&self.arguments.output))
            );
            refusal::of(Code::AmpDiffers, message)
                .with_hint("Check --issued. Ticker and domain must be those of the order.")
        })?;
        let records = self.amp.transactions(&uuid).await.map_err(|error| refusal::amp(&error))?;
        for record in records.iter().filter(|record| record.is_issuance) {
            let transaction = transaction(source, record.txid).await?;
            if let Some(answer) = rebuilt(order, &facts, &transaction) {
                screen::warn(
                    "this answer was written from AMP's record and the chain, because AMP's own was lost",
                );
                self.save(&answer)?;
                return Ok(answer);
            }
        }
        let message = format!("AMP's asset {uuid} was not issued to the addresses of the order");
        Err(refusal::of(Code::IssueDiffers, message).with_hint(
            "It is another asset of the same name. Look at AMP's list for the one that was asked for.",
        ))
    }

    fn save(&self, answer: &[u8]) -> Result<(), Failure> {
        let Err(error) = output::create_file(&self.arguments.output, answer) else { return Ok(()) };
        // AMP does not repeat it, and the asset exists now.
        for line in self.amp.without_credentials(&String::from_utf8_lossy(answer)).lines() {
            output::print(line)?;
        }
        let hint = "AMP's answer is on standard output instead. The asset is issued. Save the answer under that name, then run the same command again.";
        Err(Failure { hint: hint.to_owned(), ..error.into() })
    }
}

/// Refuses a saved order with other terms.
fn same_terms(path: &Path, order: &Order, terms: &Terms) -> Result<(), Failure> {
    if order.terms == *terms {
        return Ok(());
    }
    let message = format!(
        "{} holds an order with other terms than the command line",
        printable_path(&order_path(path))
    );
    let hint = "Name the same terms to go on with it, or another file with -o for another asset.";
    Err(Failure::new(Exit::Conflict, message, hint))
}

/// A person types ticker and amount, or has named them with --expect.
fn confirmed(arguments: &IssueArguments, terms: &Terms) -> Result<(), Failure> {
    let is_right = |text: &str| {
        let (ticker, amount) = text.trim().split_once([' ', ':']).unwrap_or((text, ""));
        ticker == terms.ticker && ungrouped_digits(amount) == terms.amount.base_units().to_string()
    };
    let right = format!("{}:{}", terms.ticker, terms.amount.base_units());
    if let Some(expected) = &arguments.expect {
        return match is_right(expected) {
            true => Ok(()),
            false => {
                let message = format!("--expect is not {right:?}, which is what would be issued");
                Err(Failure::new(Exit::Declined, message, "Nothing was asked for."))
            }
        };
    }
    let unattended = "Nothing was asked for. Run it at a terminal, or name ticker and amount with --expect.";
    let prompt =
        "This issues the asset and cannot be undone. Type the ticker, a blank and the amount in base units: ";
    let typed =
        ask_line("ticker and amount", prompt).map_err(|error| Failure::from(error).with_hint(unattended))?;
    match is_right(&typed) {
        true => Ok(()),
        false => Err(Failure::new(
            Exit::Declined,
            "what was typed is not the ticker and the amount",
            "Nothing was asked for. Run it again and type both, with a blank between them.",
        )),
    }
}
