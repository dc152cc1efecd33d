//! `coldamp-online request check`: a second person compares a request with AMP.

use std::path::Path;

use coldamp_cli::register::Agreement;
use coldamp_cli::treasury::network;
use coldamp_cli::{Failure, output, register, screen};
use coldamp_core::amp::Request;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::MAX_REGISTER_BYTES;
use coldamp_core::network::{Chain, Network};
use coldamp_core::treasury::ProvenContract;
use coldamp_online::amp::Amp;
use coldamp_online::request::check::check;
use coldamp_online::request::recipients::{of_request, paid};

use crate::args::CheckArguments;
use crate::hints::HINTS;
use crate::input::read_file;
use crate::source::http;
use crate::{load, precision, refusal, runtime};

/// Compares a request with AMP.
///
/// # Errors
/// When anything differs at AMP.
pub(super) fn run(arguments: &CheckArguments) -> Result<(), Failure> {
    let network = network(arguments.network.unwrap_or(Chain::Liquid), arguments.policy_asset)?;
    let request = load::request(&arguments.request, &network)?;
    let root = load::amp_root(&arguments.amp, &request.api)?;
    runtime::wait_for(async {
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let findings = check(&amp, &request, &network).await.map_err(|error| refusal::amp(&error))?;
        let by_register = match &arguments.register {
            Some(path) => Some(against_register(arguments, path, &amp, &request, &network).await),
            None => None,
        };
        for line in &findings.agrees {
            screen::say(&format!("agrees         {line}"));
        }
        for line in &findings.unseen {
            screen::warn(&format!("AMP does not show {line}"));
        }
        if !findings.differences.is_empty() {
            for line in &findings.differences {
                screen::say(&format!("differs        {line}"));
            }
            let message = format!("the request differs from AMP in {} points", findings.differences.len());
            if let Some(Err(failure)) = &by_register {
                screen::say(&failure.message);
                failure.lines.iter().for_each(|line| screen::say(line));
            }
            return Err(refusal::of(Code::AmpDiffers, message));
        }
        if let Some(agreement) = by_register.transpose()? {
            agreement.say();
        }
        screen::say(
            "Compare this SHA-256 with the one that `coldamp review` prints, and type it into `coldamp approve`:",
        );
        output::print(&request.sha256().to_lower_hex_string())?;
        Ok(())
    })
}

/// Holds the recipients against the issuer's own register, with the accounts that AMP shows for their addresses.
async fn against_register(
    arguments: &CheckArguments,
    path: &Path,
    amp: &Amp,
    request: &Request,
    network: &Network,
) -> Result<Agreement, Failure> {
    register::recipients(request, &HINTS)?;
    let contract = precision::contract(&arguments.precision, (&request.asset_uuid, request.asset), None)?;
    let precision = contract.as_ref().map(ProvenContract::precision);
    let bytes = read_file(path, MAX_REGISTER_BYTES, "the register")?;
    let holders = register::read(path, &bytes, network, request.asset, precision, &HINTS)?;
    let assignments = amp.assignments(&request.asset_uuid).await.map_err(|error| refusal::amp(&error))?;
    let rows = of_request(request, &assignments, network);
    register::compare(path, &holders, &paid(request, &rows), &HINTS)
}
