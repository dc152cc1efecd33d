//! `coldamp-online request show`: whom a saved request pays, as text or as CSV. It reads only.

use std::path::Path;

use coldamp_cli::treasury::network;
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::amp::Job;
use coldamp_core::network::Chain;
use coldamp_online::request::recipients::{csv, of_request};

use crate::amount::with_units;
use crate::args::RecipientsArguments;
use crate::source::http;
use crate::{load, precision, recipients, refusal, runtime};

/// Shows the recipients.
///
/// # Errors
/// When the request cannot be read, AMP cannot be asked where it is named, or the CSV cannot be written.
pub(super) fn run(arguments: &RecipientsArguments) -> Result<(), Failure> {
    let network = network(arguments.network.unwrap_or(Chain::Liquid), arguments.policy_asset)?;
    let request = load::request(&arguments.request, &network)?;
    let contract = precision::contract(&arguments.precision, (&request.asset_uuid, request.asset), None)?;
    let distribution = match &request.job {
        Job::Distribute { uuid, .. } => uuid,
        Job::Reissue { .. } | Job::Burn { .. } if arguments.csv.is_some() => {
            let message = format!("found a {}, which pays no recipients", request.command());
            return Err(Failure::new(Exit::Usage, message, "Leave out --csv: it is for a distribution."));
        }
        Job::Reissue { .. } | Job::Burn { .. } => {
            output::print(&format!("job            {}", request.command()))?;
            output::print(&format!("asset          {}", request.asset))?;
            output::print(&format!("amount         {}", with_units(request.total(), contract.as_ref())))?;
            return Ok(());
        }
    };
    let assignments = match arguments.amp.is_named() {
        false => Vec::new(),
        true => runtime::wait_for(async {
            let root = load::amp_root(&arguments.amp, &request.api)?;
            let amp = load::amp(http()?, root, &arguments.amp).await?;
            amp.assignments(&request.asset_uuid).await.map_err(|error| refusal::amp(&error))
        })?,
    };
    let rows = of_request(&request, &assignments, &network);
    let unknown = rows.iter().filter(|row| row.assignments.is_empty()).count();
    if arguments.amp.is_named() && unknown > 0 {
        screen::warn(&format!(
            "AMP shows no assignment for the addresses of {unknown} recipients. `coldamp-online request check` compares them"
        ));
    }
    match &arguments.csv {
        Some(path) if path == Path::new("-") => output::print_exact(csv(&rows).trim_end())?,
        Some(path) => {
            output::create_file(path, csv(&rows).as_bytes())?;
            screen::say(&format!("written        {}", screen::printable_path(path)));
        }
        None => {
            output::print(&format!("distribution   {distribution}"))?;
            output::print(&format!("asset          {}", request.asset))?;
            for line in recipients::lines(&rows, contract.as_ref()) {
                output::print(&line)?;
            }
        }
    }
    Ok(())
}
