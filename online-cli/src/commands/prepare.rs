//! `coldamp-online prepare`: from AMP's request and the treasury's coins to an unsigned PSET.
//!
//! The files are read and parsed, the treasury is synced, [`coldamp_core::prepare`] plans and writes; then the review
//! of the cold side looks at the result by its own road, so that nobody carries to the vault what is refused there.
//! Coins come through [`source`], the asset's contract through [`contract`], promised indices are kept by [`state`].
//! What stops it is told by [`refusal`], what will happen by [`summary`].

mod contract;
mod refusal;
mod source;
mod state;
mod summary;

use std::path::Path;

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::limits::MAX_REQUEST_BYTES;
use coldamp_core::network::Network;
use coldamp_core::prepare::{PrepareError, Settings, prepare};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Code, Records, WarningCode, review};
use coldamp_core::treasury::CtDescriptor;
use coldamp_core::units::FeeRate;

use crate::args::PrepareArguments;
use crate::error::{Exit, Failure};
use crate::input::read_file;
use crate::{output, screen};
use state::State;

/// A descriptor has some 300 bytes.
const MAX_DESCRIPTOR_BYTES: usize = 4 * 1024;

/// Prepares a request.
///
/// # Errors
/// When a file cannot be read, the request cannot be met, or the PSET cannot be written. No file is left behind.
pub(super) fn run(arguments: &PrepareArguments) -> Result<(), Failure> {
    let network = network(arguments)?;
    output::check_free(&arguments.output)?;
    let descriptor = descriptor(&arguments.descriptor, &network)?;
    let request = request(&arguments.request, &network)?;
    // Not blinded against side channels: no key that spends is on this machine.
    let secp = Secp::new();
    let mut state = State::open(arguments.state.as_deref(), &descriptor)?;
    let (holdings, genesis) = source::sync(&secp, &descriptor, &request, arguments, state.unpromised())?;
    for line in summary::left_out(&holdings) {
        screen::warn(&line);
    }
    let settings =
        Settings { fee_rate: FeeRate::from_sat_per_kvb(arguments.fee_rate), fee_basis: arguments.fee_basis };
    let contract = arguments.contract.as_deref();
    let contract = contract.map(|path| contract::read(path, request.asset, &holdings)).transpose()?;
    let mut treasury = holdings.treasury(&network, &descriptor);
    treasury.contract = contract.as_ref();
    if state.knows(&request) {
        screen::warn(
            "this request was prepared before: sign only one of the PSETs, unless both spend a coin in common",
        );
    }
    treasury.unused = state.start(&request, treasury.unused);
    let prepared = prepare(&secp, &request, &treasury, &settings, genesis).map_err(|error| match error {
        PrepareError::Plan(error) => refusal::plan(&error, &request, &network),
        PrepareError::ReadBack(_) | PrepareError::Problem { .. } => Failure::internal(error),
    })?;
    let warnings = reviewed(&secp, &network, &descriptor, &prepared.pset)?;
    let words = summary::lines(&request, &prepared.plan, &settings, &network)
        .map_err(|error| refusal::plan(&error, &request, &network))?;
    // Promised before anything leaves: a crash in between costs an index, the other order could give one out twice.
    state.promise(&request, treasury.unused, &prepared.plan)?;
    output::create_file(&arguments.output, format!("{}\n", prepared.pset).as_bytes())?;

    for line in &words {
        screen::say(line);
    }
    for line in &warnings {
        screen::warn(line);
    }
    screen::say(&format!("unsigned PSET  {}", arguments.output.display()));
    screen::say("its amounts stand in the open: keep it as secret as the report, also after it was signed");
    Ok(())
}

/// The network with its policy asset.
fn network(arguments: &PrepareArguments) -> Result<Network, Failure> {
    match arguments.policy_asset {
        None => Ok(Network::new(arguments.network)),
        Some(asset) => Network::with_policy_asset(arguments.network, asset).map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("found --policy-asset {asset} with --network {}: {error}", arguments.network),
                "leave out --policy-asset, or name --network regtest",
            )
        }),
    }
}

fn descriptor(path: &Path, network: &Network) -> Result<CtDescriptor, Failure> {
    let what = "the descriptor file";
    let bytes = read_file(path, MAX_DESCRIPTOR_BYTES).map_err(|error| error.into_failure(what, path))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| refusal::no_text(path))?;
    CtDescriptor::parse(text, network.chain()).map_err(|error| refusal::descriptor(path, &error))
}

fn request(path: &Path, network: &Network) -> Result<Request, Failure> {
    let what = "the request file";
    let bytes = read_file(path, MAX_REQUEST_BYTES).map_err(|error| error.into_failure(what, path))?;
    Request::parse(&bytes, network).map_err(|error| refusal::request(path, &error))
}

/// What the cold side's review has to say of the PSET, less what only the cold side can know: whether there is a policy.
///
/// # Errors
/// When it fails a rule: the planner and the review disagree, and one of them is wrong.
fn reviewed(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &str,
) -> Result<Vec<String>, Failure> {
    let pset = UnsignedPset::read(pset.as_bytes()).map_err(Failure::internal)?;
    let review = review(secp, network, descriptor, &pset, None, &Records::default());
    let cold_side_only = [WarningCode::NoPolicy, WarningCode::NoJournal];
    let warnings = review.warnings.into_iter().filter(|warning| !cold_side_only.contains(&warning.code));
    let lines: Vec<String> = warnings.map(|warning| warning.message).collect();
    if let Some(mismatch) = review.mismatches.first() {
        let hint = match mismatch.code {
            Code::FeeTooHigh => "leave out --fee-rate, or name a lower one",
            // Refused here and not promised: one made-up transaction far out would else move every later change there.
            Code::ChangePath => {
                "the treasury's next address lies further than 200 above the coins to be spent: check the chain source"
            }
            Code::ChangeBlinding => {
                "the request pays one of our own scripts under another key: tell AMP, do not sign"
            }
            _ => {
                let message = format!("the PSET just made fails the review: {mismatch}");
                return Err(Failure::internal(message));
            }
        };
        let failure = Failure::new(Exit::Refused, mismatch.message.clone(), hint);
        return Err(failure.with_code(mismatch.code.name()));
    }
    Ok(lines)
}
