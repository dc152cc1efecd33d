//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use coldamp_core::elements::{AssetId, Txid};
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::network::Chain;
use coldamp_core::prepare::FeeBasis;

use crate::error::{Exit, Failure};
use crate::output;

/// Prepares what the keys of a cold Blockstream AMP asset are to sign: the half of Coldamp that runs online.
#[derive(Parser)]
#[command(name = "coldamp-online", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make an unsigned PSET of AMP's request, for `coldamp review` and `coldamp sign` on the air-gapped machine
    Prepare(PrepareArguments),
}

/// What to prepare, and of which treasury.
#[derive(Args)]
pub(crate) struct PrepareArguments {
    /// AMP's answer to a distribute, reissue or burn request, byte for byte
    #[arg(value_name = "request.json")]
    pub(crate) request: PathBuf,
    /// File with the watch-only CT descriptor, as `coldamp key watch` prints it
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: PathBuf,
    /// The network of the treasury: liquid, liquid-testnet or regtest
    #[arg(long, value_name = "NET")]
    pub(crate) network: Chain,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    /// The node's cookie file, for a URL without user and password
    #[arg(long, value_name = "FILE", requires = "node")]
    pub(crate) node_cookie: Option<PathBuf>,
    /// L-BTC of a regtest chain that has another one than liquidregtest
    #[arg(long, value_name = "HEX")]
    pub(crate) policy_asset: Option<AssetId>,
    /// The transaction that issued or reissued the asset; when not given, found among the treasury's transactions
    #[arg(long, value_name = "TXID")]
    pub(crate) issuance_tx: Option<Txid>,
    /// The asset's contract as the registry or AMP has it, in any layout: the signer then shows ticker and precision
    #[arg(long, value_name = "FILE")]
    pub(crate) contract: Option<PathBuf>,
    /// Fee rate; nodes relay from 100 on
    #[arg(long, value_name = "SAT_PER_KVB", default_value_t = MIN_RELAY_FEE_RATE.sat_per_kvb())]
    pub(crate) fee_rate: u64,
    /// The size that the fee rate is paid for: discounted (ELIP-200) or full
    #[arg(long, value_name = "BASIS", default_value = "discounted", value_parser = fee_basis)]
    pub(crate) fee_basis: FeeBasis,
    /// The folder that remembers which change addresses were promised; the platform's state folder when not given
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// The file to write; it must not exist
    #[arg(short, long, value_name = "unsigned.pset")]
    pub(crate) output: PathBuf,
}

/// Where the treasury's coins come from: exactly one.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SourceArguments {
    /// File with all transactions of the treasury and the issuance: a JSON array of {txid, height, hex}
    #[arg(long, value_name = "FILE")]
    pub(crate) transactions: Option<PathBuf>,
    /// An Elements node with -txindex=1, http://user:password@host:port; no wallet on it is needed or touched
    #[arg(long, value_name = "URL")]
    pub(crate) node: Option<String>,
}

/// Reads the command line; `None` when all that was asked for is help or the version, which then stand on stdout.
///
/// # Errors
/// When clap cannot read it, or stdout takes no data.
pub(crate) fn parse() -> Result<Option<Arguments>, Failure> {
    let other = match Arguments::try_parse() {
        Ok(arguments) => return Ok(Some(arguments)),
        Err(other) => other,
    };
    let words = other.to_string();
    if other.use_stderr() {
        return Err(refused(&words));
    }
    output::print(words.trim_end())?;
    Ok(None)
}

/// What clap says of a mistake, in the words of this program. clap itself would bring what was typed to the terminal
/// as it stands, escape sequences included.
fn refused(words: &str) -> Failure {
    // Without any command clap shows the help alone.
    let message = match words.strip_prefix("error: ") {
        Some(message) => message.split("\n\n").next().unwrap_or(message),
        None => "no command is named",
    };
    let message = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    Failure::new(
        Exit::Usage,
        message,
        "`coldamp-online --help` lists the commands, `coldamp-online COMMAND --help` their arguments",
    )
}

/// Reads the name of a fee basis.
fn fee_basis(name: &str) -> Result<FeeBasis, &'static str> {
    match name {
        "discounted" => Ok(FeeBasis::Discounted),
        "full" => Ok(FeeBasis::Full),
        _ => Err("expected discounted or full"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_mistake_is_told_in_one_line_with_a_hint() {
        let parse = |line: &str| match Arguments::try_parse_from(line.split(' ')) {
            Ok(_) => panic!("{line} was read"),
            Err(error) => refused(&error.to_string()),
        };
        let missing = parse("coldamp-online prepare request.json --network regtest -o out");
        assert_eq!(missing.exit, Exit::Usage);
        assert_eq!(
            missing.message,
            "the following required arguments were not provided: --descriptor <FILE> <--transactions <FILE>|--node <URL>>"
        );
        assert_eq!(parse("coldamp-online").message, "no command is named");
        assert_eq!(
            parse("coldamp-online prepare r --fee-basis half").message,
            "invalid value 'half' for '--fee-basis <BASIS>': expected discounted or full"
        );
    }
}
