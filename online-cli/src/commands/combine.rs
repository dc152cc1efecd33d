//! `coldamp-online combine`: makes signed.json of a PSET and what its signers gave back. The view key is enough.

use coldamp_cli::parts::{MAX_PART_BYTES, combine_failure, read_parts, say_combined};
use coldamp_cli::treasury::network;
use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::network::Chain;
use coldamp_core::sign::Part;
use coldamp_online::combine::{NotCombined, combine};

use crate::args::CombineArguments;
use crate::curve::secp;
use crate::hints::HINTS;
use crate::input::read_file;
use crate::{load, refusal};

/// Combines parts.
///
/// # Errors
/// When a file does not read, a part is refused, or too few keys signed. Then nothing is written.
pub(super) fn run(arguments: &CombineArguments) -> Result<(), Failure> {
    output::check_free(&arguments.output)?;
    let parts = read_parts(&arguments.parts, &HINTS, |path| read_file(path, MAX_PART_BYTES, "the part"))?;
    let network = network(chain(arguments, &parts)?, arguments.policy_asset)?;
    let descriptor = load::descriptor(load::named(arguments.descriptor.as_deref())?, &network)?;
    let unsigned =
        load::pset(&arguments.pset, "Name first the unsigned PSET that was signed, then the parts.")?;
    let missing = arguments.allow_missing_token_utxos;
    let file = combine(&secp(&arguments.threads), &network, &descriptor, &unsigned, missing, &parts)
        .map_err(|error| match &error {
            NotCombined::Review(_) => {
                refusal::not_the_pset(&arguments.pset, error.code(), &error.to_string())
            }
            NotCombined::Parts(error) => combine_failure(&arguments.parts, error, &HINTS),
        })?;
    output::create_file(&arguments.output, file.to_json().map_err(Failure::internal)?.as_bytes())?;
    say_combined(&file, &arguments.output, &HINTS);
    screen::say("Next: send it with `coldamp-online broadcast`.");
    Ok(())
}

/// The network: the one given, or else the one that the first part names.
fn chain(arguments: &CombineArguments, parts: &[Part]) -> Result<Chain, Failure> {
    let named = parts.iter().find_map(|part| match part {
        Part::Signatures(set) => Some(set.network),
        Part::Pset(_) => None,
    });
    arguments.network.or(named).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "no part names the network",
            "Name it with --network. A signed PSET does not say which network it is for.",
        )
    })
}
