//! `coldamp-online prepare`: from AMP's request and the treasury's coins to an unsigned PSET.
//!
//! The files are read and parsed, the treasury is synced, [`coldamp_core::prepare`] plans and writes from the coins that
//! are [`free`] for this request; then the review of the cold side looks at the result by its own road, so that nobody
//! carries to the vault what is refused there. What an earlier transaction holds that is to be [`replaced`] counts as
//! unspent, and coins whose proofs were swapped come through [`openings`]; the asset's contract comes through
//! [`contract`], what will happen is told by [`summary`].

mod contract;
mod free;
mod openings;
mod replaced;
mod summary;

use coldamp_core::Secp;
use coldamp_core::network::Network;
use coldamp_core::prepare::{PrepareError, Replaced, Settings};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Code, Records, WarningCode, review};
use coldamp_core::treasury::CtDescriptor;
use coldamp_core::units::FeeRate;
use coldamp_online::source::Source as _;
use coldamp_online::sync::Holdings;

use crate::args::PrepareArguments;
use crate::bar::Bar;
use crate::error::{Exit, Failure};
use crate::source::AnySource;
use crate::state::State;
use crate::{desk, output, refusal, runtime, screen};

/// Prepares a request.
///
/// # Errors
/// When a file cannot be read, the request cannot be met, or the PSET cannot be written. No file is left behind.
pub(super) fn run(arguments: &PrepareArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let (network, descriptor) = desk::treasury(&arguments.treasury)?;
    let request = desk::request(&arguments.request, &network)?;
    let earlier = arguments.replace.as_deref().map(|path| replaced::read(path, &network)).transpose()?;
    // Not blinded against side channels: no key that spends is on this machine.
    let secp = Secp::new();
    let mut state = State::open(arguments.state.as_deref(), &descriptor)?;
    let source = AnySource::open(&arguments.source, state.unpromised())?;
    let (mut holdings, genesis) = runtime::wait_for(async {
        // First, since it answers at once: a wrong address or password must not wait for a scan to be told.
        let genesis = source.genesis().await.map_err(|error| refusal::source(&error))?;
        let bar = Bar::default();
        let (asset, issuance, mut coins) = (request.asset, arguments.issuance_tx, state.coins());
        let synced = Holdings::sync(&secp, &descriptor, &source, asset, issuance, &mut coins, &bar).await;
        let mut holdings = synced.map_err(|error| refusal::sync(&error, refusal::source))?;
        if let Some(earlier) = &earlier {
            let given_back =
                replaced::give_back(&secp, (&network, &descriptor), &source, earlier, &mut holdings).await;
            given_back.map_err(|error| refusal::source(&error))?;
        }
        Ok((holdings, genesis))
    })?;
    openings::apply(&secp, &mut holdings, &arguments.openings, arguments.state.as_deref())?;
    for line in summary::left_out(&holdings) {
        screen::warn(&line);
    }
    let settings = Settings {
        fee_rate: FeeRate::from_sat_per_kvb(arguments.fee_rate),
        fee_basis: arguments.fee_basis,
        allow_missing_tokens: arguments.allow_missing_token_utxos,
        replace: earlier.map(|earlier| Replaced::of(&earlier, network.policy_asset())),
    };
    free::not_spent(&request, &holdings.coins, &settings, &state)?;
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
    let prepared = free::prepare(&secp, &request, &treasury, &settings, genesis, &state);
    let prepared = prepared.map_err(|error| match error {
        PrepareError::Plan(error) => refusal::plan(&error, &request, &network),
        PrepareError::ReadBack(_) | PrepareError::Problem { .. } => Failure::internal(error),
    })?;
    let warnings = reviewed(&secp, &network, &descriptor, &prepared.pset, &settings)?;
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

/// What the cold side's review has to say of the PSET, less what only the cold side can know: whether there is a policy.
///
/// # Errors
/// When it fails a rule: the planner and the review disagree, and one of them is wrong.
fn reviewed(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &str,
    settings: &Settings,
) -> Result<Vec<String>, Failure> {
    let pset = UnsignedPset::read(pset.as_bytes()).map_err(Failure::internal)?;
    let records = Records { allow_missing_tokens: settings.allow_missing_tokens, ..Records::default() };
    let review = review(secp, network, descriptor, &pset, None, &records);
    let cold_side_only = [WarningCode::NoPolicy, WarningCode::NoJournal];
    let warnings = review.warnings.into_iter().filter(|warning| !cold_side_only.contains(&warning.code));
    let lines: Vec<String> = warnings.map(|warning| warning.message).collect();
    if let Some(mismatch) = review.mismatches.first() {
        let hint = match mismatch.code {
            Code::FeeTooHigh if settings.replace.is_some() => {
                "replacing costs the earlier fee and the relay of the full size on top: leave out --fee-rate; if it is too much all the same, spend one of the earlier one's coins with a smaller request"
            }
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
