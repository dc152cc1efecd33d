//! `coldamp-online treasury blinders`: tells AMP the blinders of the treasury's outputs that it lacks.

use coldamp_cli::{Failure, screen};
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::code::Code;
use coldamp_core::limits::MAX_INDEX;
use coldamp_core::listed::{CoinName, coins, listed};
use coldamp_online::treasury::blinders::{Outcome, update};

use crate::args::BlindersArguments;
use crate::source::{AnySource, http};
use crate::{curve, load, refusal, runtime};

/// Sends the missing blinders to AMP.
///
/// # Errors
/// When the chain source or AMP cannot be asked, or an output cannot be opened.
pub(super) fn run(arguments: &BlindersArguments) -> Result<(), Failure> {
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let asset = arguments.asset.uuid()?;
    let asset_id = load::named(arguments.asset_id)?;
    let named = ApiRoot::built_in(network.chain());
    let root = load::amp_root(&arguments.amp, &named)?;
    let source = AnySource::open(&arguments.source)?;
    let secp = curve::secp(&arguments.threads);
    runtime::wait_for(async {
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let outcomes = update(&secp, &descriptor, &source, &amp, &asset, asset_id)
            .await
            .map_err(|error| refusal::blinders(&error))?;
        if outcomes.is_empty() {
            screen::say("AMP lacks no blinders of the treasury's outputs");
        }
        let (mut unopened, mut not_taken) = (Vec::new(), Vec::new());
        for (outpoint, outcome) in outcomes {
            let coin = CoinName(outpoint);
            match outcome {
                Outcome::Taken => screen::say(&format!("{coin}: AMP now has its blinders")),
                Outcome::NotTaken => not_taken.push(outpoint),
                Outcome::Explicit => screen::say(&format!("{coin} is explicit and needs no blinders")),
                Outcome::Foreign => screen::warn(&format!(
                    "{coin} holds another asset. AMP does not need its blinders and was not told them"
                )),
                Outcome::NotOurs => screen::warn(&format!(
                    "{coin} pays no address of this treasury (checked indices 0 to {MAX_INDEX} of both branches)"
                )),
                Outcome::Unopened { reason } => unopened.push(format!("{coin}: {reason}")),
            }
        }
        if !not_taken.is_empty() {
            let message = format!(
                "AMP was told the blinders of {}, but its record does not show them",
                coins(&not_taken)
            );
            return Err(refusal::of(Code::BlindersMissing, message));
        }
        if unopened.is_empty() {
            return Ok(());
        }
        Err(refusal::of(Code::Unopened, listed(unopened)))
    })
}
