//! `coldamp-online request check`: a second person compares a request with AMP.

use coldamp_cli::treasury::network;
use coldamp_cli::{Failure, output, screen};
use coldamp_core::code::Code;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::network::Chain;
use coldamp_online::request::check::check;

use crate::args::CheckArguments;
use crate::source::http;
use crate::{load, refusal, runtime};

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
            return Err(refusal::of(Code::AmpDiffers, message));
        }
        screen::say(
            "Compare this SHA-256 with the one that `coldamp review` prints, and type it into `coldamp approve`:",
        );
        output::print(&request.sha256().to_lower_hex_string())?;
        Ok(())
    })
}
