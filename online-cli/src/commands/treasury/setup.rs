//! `coldamp-online treasury setup`: what remains at AMP for an asset that was issued
//! ([`coldamp_online::treasury::issue::setup`]).

use std::path::{Path, PathBuf};
use std::time::Duration;

use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::code::Code;
use coldamp_core::elements::OutPoint;
use coldamp_core::listed::{CoinName, coins, listed};
use coldamp_online::report::NEEDED;
use coldamp_online::treasury::issue::setup::{Setup, SetupStep, Standing, confirmations, domain_proof};
use coldamp_online::treasury::issue::{Answered, ProvenIssue};

use super::issue::{order_path, proven, read_if_there, saved_order, show_proven};
use super::register::warn_of_strange;
use crate::args::SetupArguments;
use crate::bar::Bar;
use crate::runtime::Clock;
use crate::source::{AnyChain, http};
use crate::{curve, load, refusal, runtime};

/// Takes the steps that remain.
///
/// # Errors
/// When the issuance is not what was asked for, chain or AMP cannot be asked, or a step remains.
pub(super) fn run(arguments: &SetupArguments) -> Result<(), Failure> {
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let root = load::amp_root(&arguments.amp, &ApiRoot::built_in(network.chain()))?;
    let secp = curve::secp(&arguments.threads);
    let path = &arguments.issue;
    let missing = |path: &Path| {
        let message = format!("{} does not exist", printable_path(path));
        Failure::new(
            Exit::Input,
            message,
            "Name the file that `treasury issue` wrote, with its .order beside it.",
        )
    };
    let answer = read_if_there(path, "AMP's answer")?.ok_or_else(|| missing(path))?;
    let order = saved_order(&secp, &network, &descriptor, path)?.ok_or_else(|| missing(&order_path(path)))?;
    runtime::wait_for(async {
        let chain = AnyChain::open(arguments.chain.named())?;
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        chain.warn_if_behind(network.chain()).await;
        let (answered, proven) = proven(&secp, &descriptor, &chain, path, &order, &answer, &amp).await?;
        show_proven(&order, &answered, &proven);
        let contract = keep_contract(arguments, &proven)?;
        let setup = Setup {
            secp: &secp,
            network: &network,
            descriptor: &descriptor,
            amp: &amp,
            uuid: &answered.uuid,
            order: &order,
            proven: &proven,
            without_registry: arguments.without_registry,
        };
        let every = (!arguments.no_wait && !arguments.show).then(|| Duration::from_secs(arguments.poll));
        let found = {
            let bar = Bar::default();
            confirmations(&chain, answered.txid, &Clock, every, &bar).await
        };
        let found = found.map_err(|error| refusal::source(&error))?;
        let mut standing = setup.standing(found).await.map_err(|error| refusal::setup(&error))?;
        let is_deep = found.is_some_and(|found| found >= NEEDED);
        if is_deep && !arguments.show {
            for step in standing.open(&setup) {
                take(&setup, step, &standing, &chain).await?;
            }
            standing = setup.standing(found).await.map_err(|error| refusal::setup(&error))?;
        }
        show(&setup, &standing);
        warn_of_strange(&standing.addresses);
        done(&setup, &standing)?;
        print_profile(&answered, &proven, &contract)
    })
}

/// Takes one step. What AMP refuses is told, and the other steps are taken all the same.
async fn take(
    setup: &Setup<'_>,
    step: SetupStep,
    standing: &Standing,
    chain: &AnyChain,
) -> Result<(), Failure> {
    let taken = setup.take(step, standing, chain).await.map_err(|error| refusal::setup(&error));
    match taken {
        Err(failure) if failure.code == Some(Code::AmpRefused) => {
            screen::warn_of(Code::AmpRefused, &format!("{step}: {}", failure.message));
            Ok(())
        }
        taken => taken,
    }
}

/// What stands, a line each.
fn show(setup: &Setup<'_>, standing: &Standing) {
    let line = |step: SetupStep, text: String| screen::say(&format!("{:15}{text}", step.to_string()));
    let found = match standing.confirmations {
        Some(found) => format!("{found}, {NEEDED} are needed"),
        None => "the chain source does not show the issuance".to_owned(),
    };
    line(SetupStep::Confirmations, found);
    let (wanted, missing) = (standing.addresses.wanted.len(), standing.addresses.missing.len());
    line(
        SetupStep::Addresses,
        match missing {
            0 => format!("AMP lists {wanted}, those of the issuance among them"),
            _ => format!("AMP lacks {missing} of {wanted}"),
        },
    );
    line(
        SetupStep::Registry,
        match (standing.is_registered, setup.without_registry) {
            (true, _) => "registered",
            (false, true) => "left out",
            (false, false) => "not registered",
        }
        .to_owned(),
    );
    line(
        SetupStep::Authorization,
        match (standing.is_authorized, setup.order.terms.transfer_restricted) {
            (true, _) => "authorized",
            (false, true) => "not authorized",
            (false, false) => "not needed: anybody may hold the asset",
        }
        .to_owned(),
    );
    line(
        SetupStep::Blinders,
        match standing.without_blinders.as_slice() {
            [] => "AMP has them".to_owned(),
            missing => format!("AMP lacks those of {}", coins(missing)),
        },
    );
}

/// Says what remains.
///
/// # Errors
/// When a step remains, or AMP has lost outputs.
fn done(setup: &Setup<'_>, standing: &Standing) -> Result<(), Failure> {
    let open = standing.open(setup);
    if open.contains(&SetupStep::Registry) {
        let (place, line) = domain_proof(&setup.order.terms.domain, setup.proven.asset());
        screen::say("The registry takes the asset only if this file is on the domain's server:");
        screen::say(&format!("  {place}"));
        screen::say("with this line in it:");
        screen::say(&format!("  {line}"));
        screen::say(
            "Without the registry wallets show the asset by its id. --without-registry leaves it out.",
        );
    }
    if !open.is_empty() {
        return Err(refusal::of(Code::SetupOpen, format!("what remains: {}", listed(&open))));
    }
    let lost: &[OutPoint] = &standing.lost;
    if lost.is_empty() {
        return Ok(());
    }
    let message = format!("AMP no longer tracks {}", coins(lost));
    Err(refusal::of(Code::LostOutputs, message)
        .with_hint("The asset is set up, and AMP lost sight of these outputs all the same. Ask AMP before anything is distributed."))
}

/// Writes the contract, which policy and preparer take. One that is there already must be the same.
fn keep_contract(arguments: &SetupArguments, proven: &ProvenIssue) -> Result<PathBuf, Failure> {
    let path = match &arguments.contract {
        Some(path) => path.clone(),
        None => arguments.issue.with_extension("contract.json"),
    };
    let text = proven.contract.text().as_bytes();
    match read_if_there(&path, "the contract file")? {
        Some(found) if found == text => {}
        Some(_) => {
            let message =
                format!("{} holds something else than this asset's contract", printable_path(&path));
            return Err(Failure::new(Exit::Conflict, message, "Name another file with --contract."));
        }
        None => output::create_file(&path, text)?,
    }
    Ok(path)
}

/// What goes into the profile, not broken at the width of the terminal: it is copied. Path and ticker are escaped.
fn print_profile(answered: &Answered, proven: &ProvenIssue, contract: &Path) -> Result<(), Failure> {
    screen::say("The asset is set up. For the profile:");
    let name = proven.contract.ticker().unwrap_or("NAME");
    // A point would begin a table within a table.
    let name = if name.contains('.') { format!("\"{name}\"") } else { name.to_owned() };
    let contract = std::path::absolute(contract).unwrap_or_else(|_| contract.to_owned());
    output::print_exact(&format!("[assets.{name}]"))?;
    output::print_exact(&format!("uuid = \"{}\"", answered.uuid))?;
    output::print_exact(&format!("id = \"{}\"", proven.asset()))?;
    output::print_exact(&format!("contract = \"{}\"", printable_path(&contract)))?;
    output::print_exact(&format!("issuance_prevout = \"{}\"", CoinName(proven.contract.prevout())))?;
    Ok(())
}
