//! Errors as failures of a command: code, message and hint. The hint is the code's in [`HINTS`], unless more is known of the
//! case here. Errors of AMP and of signed files are in [`online`].

mod online;

use std::path::Path;

use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::RequestError;
use coldamp_core::amp::request::Command;
use coldamp_core::code::Code;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::listed::CoinName;
use coldamp_core::network::Network;
use coldamp_core::prepare::PlanError;
use coldamp_core::treasury::DescriptorError;
use coldamp_online::prepare::amp_listed_coins::{CoinFate, Missing, MissingCoin};
use coldamp_online::prepare::replaced::OtherNetwork;
use coldamp_online::prepare::{NotPrepared, more};
use coldamp_online::rpc::RpcError;
use coldamp_online::source::esplora::EsploraError;
use coldamp_online::source::file::FileError;
use coldamp_online::source::node::NodeError;
use coldamp_online::sync::{ContractFileError, SyncError};

use crate::hints::HINTS;
use crate::source::SourceError;
pub(crate) use online::{
    amp, answer, asset, blinders, broadcast, distribution, fork, issue, locks, not_audited, not_possible,
    not_the_pset, overview, payload, rebuilt, record_differs, register, report, setup, signed,
};

/// A failure with the exit code and the hint of its code.
pub(crate) fn of(code: Code, message: impl Into<String>) -> Failure {
    Failure::coded(code, message, &HINTS)
}

/// A descriptor file with bytes that are not text.
pub(crate) fn no_text(path: &Path) -> Failure {
    let message = format!("the descriptor file {}: found bytes that are no UTF-8 text", printable_path(path));
    of(Code::Descriptor, message)
}

/// A descriptor that does not decode, or is not of this treasury.
pub(crate) fn descriptor(path: &Path, error: &DescriptorError) -> Failure {
    of(error.code(), format!("the descriptor file {}: {error}", printable_path(path)))
}

/// A request that does not decode, or must not be acted on.
pub(crate) fn request(path: &Path, error: &RequestError) -> Failure {
    of(error.code(), format!("the request {}: {error}", printable_path(path)))
}

/// A contract that is not the asset's, that a signer would not read, or that cannot be proven because the asset's first
/// issuance is not known.
pub(crate) fn contract(path: &Path, error: &ContractFileError) -> Failure {
    match error {
        ContractFileError::NoFirstIssuance { .. } => of(error.code(), error.to_string()).with_hint(
            "Name the transaction that issued the asset first with --issuance-tx. A transactions file must contain it. Or leave out --contract.",
        ),
        ContractFileError::Contract(contract) => {
            of(error.code(), format!("the contract {}: {contract}", printable_path(path)))
        }
    }
}

/// A signed file of another network that is to be replaced.
pub(crate) fn other_network(path: &Path, error: &OtherNetwork) -> Failure {
    of(Code::Network, format!("the signed file {}: {error}", printable_path(path)))
        .with_hint("Name with --replace a file that was signed for this treasury.")
}

/// A transactions file that does not decode, or contradicts itself.
pub(crate) fn transactions(path: &Path, error: &FileError) -> Failure {
    let failure = of(error.code(), format!("the transactions file {}: {error}", printable_path(path)));
    match error {
        FileError::Unreadable { .. } => failure.with_hint(HINTS.text(Code::Transaction)),
        FileError::Transaction { .. } | FileError::Txid { .. } => failure,
    }
}

/// A treasury that cannot be read from the transactions.
pub(crate) fn sync<E: std::error::Error + 'static>(
    error: &SyncError<E>,
    of_source: impl Fn(&E) -> Failure,
) -> Failure {
    match error {
        SyncError::Source(error) => of_source(error),
        other => of(other.code(), other.to_string()),
    }
}

/// A chain source that cannot be read.
pub(crate) fn source(error: &SourceError) -> Failure {
    match error {
        SourceError::File(error) => Failure::internal(error),
        SourceError::Node(error) => node(error),
        SourceError::Esplora(error) => esplora(error),
    }
}

/// An Esplora server that is not asked, or does not answer as it should.
pub(crate) fn esplora(error: &EsploraError) -> Failure {
    match error {
        EsploraError::Descriptor(error) => Failure::internal(error),
        other => of(other.code(), other.to_string()),
    }
}

/// A node that is not asked, or does not answer as it should.
pub(crate) fn node(error: &NodeError) -> Failure {
    match error {
        NodeError::Rpc(error) => rpc(error),
        NodeError::Descriptor(error) => Failure::internal(error),
        other => of(other.code(), other.to_string()),
    }
}

/// A node that is not asked, or does not answer a call.
pub(crate) fn rpc(error: &RpcError) -> Failure {
    let failure = of(error.code(), error.to_string());
    match error {
        // RPC_INVALID_PARAMETER with these words (Elements 23.3.3, src/rpc/blockchain.cpp, scantxoutset). The scan of a command
        // that was stopped goes on in the node.
        RpcError::Refused { code: -8, message, .. } if message.contains("Scan already in progress") => failure.with_hint(
            "The node still scans for another command, or for one that was stopped. Wait some minutes, or end that scan with `elements-cli scantxoutset abort`. Then run it again.",
        ),
        _ => failure,
    }
}

/// What to do if a burn lists a coin that is spent.
const LISTED_GONE: &str = "Make sure that this burn was not carried out before: find out which transaction spent the coin. If it was this request's own, go on with `coldamp-online report`; while that transaction waits, --replace takes its place. If it was another one, ask AMP for a new burn request, or leave such coins out with --allow-missing-coins.";

/// A burn that lists a coin which cannot be spent, with what the chain source shows of it.
pub(crate) fn listed(outpoint: OutPoint, fate: CoinFate, also: usize) -> Failure {
    let hint = match fate {
        CoinFate::Spent => LISTED_GONE,
        CoinFate::Unconfirmed => "Wait until it has confirmed, then run this again.",
        CoinFate::Unopened => "Name with --openings the signed.json that made it.",
        CoinFate::NotOurs => {
            "AMP counts an address of somebody else as the treasury's, or --descriptor is another treasury's: find out which. --allow-missing-coins leaves such coins out."
        }
        CoinFate::Unknown => {
            "Name a chain source that has the treasury's whole history, and the network of the request. Once you have made sure that this burn was not carried out before, --allow-missing-coins leaves such coins out."
        }
    };
    let coin = CoinName(outpoint);
    let message = format!("the request lists coin {coin}, which {}{}", fate.words(), more(also));
    let code = match fate {
        CoinFate::Unconfirmed => Code::MissingCoins,
        _ => Code::CoinsSpent,
    };
    of(code, message).with_hint(hint)
}

/// A request that no PSET is made of.
pub(crate) fn prepare(error: &NotPrepared, command: Command, network: &Network) -> Failure {
    let failure = || of(error.code(), error.to_string());
    match error {
        NotPrepared::Plan(error) => plan(error, command, network),
        NotPrepared::Written(_) | NotPrepared::Blinded(_) => Failure::internal(error),
        NotPrepared::CoinsSpent { request, .. } => failure().with_hint(format!(
            "Find out which transaction spent it. If it was this request's own, the request is paid: go on with `coldamp-online report`; while that transaction waits, --replace takes its place. If it was another one, `coldamp-online status --release {}` releases the coins of this request.",
            request.0.to_lower_hex_string()
        )),
        NotPrepared::ListedCoin { coin: MissingCoin { why: Missing::Reserved, .. }, .. } => failure(),
        NotPrepared::ListedCoin { .. } => failure().with_hint(LISTED_GONE),
        NotPrepared::Review { mismatch, replaces } => match mismatch.code {
            Code::FeeTooHigh if *replaces => failure().with_hint(
                "Leave out --fee-rate: a replacement pays the earlier fee and 100 sat/kvB of its own full size on top. If the fee is still too high, set a higher max_fee_sat in the air-gapped machine's policy and name the same with --max-fee, or spend one of the earlier one's coins with a smaller request.",
            ),
            // Request and chain source are written by others, and may ask for what the planner did not foresee: the review
            // of what was just prepared is no fault of Coldamp, whichever rule fails.
            _ => failure().with_exit(Exit::Refused),
        },
    }
}

/// A request that cannot be met.
pub(crate) fn plan(error: &PlanError, command: Command, network: &Network) -> Failure {
    let failure = of(error.code(), error.to_string());
    match error {
        PlanError::Unbalanced { .. } => Failure::internal(error).with_code(error.code()),
        PlanError::MissingCoins(shortfalls) => {
            let policy_asset = network.policy_asset();
            let mut hint = String::new();
            if command == Command::Burn {
                hint += "A burn takes the asset only from coins that AMP lists. ";
            }
            if shortfalls.iter().any(|shortfall| shortfall.asset == policy_asset) {
                hint += &format!("{policy_asset} is L-BTC, which pays the fee: send some to the treasury. ");
            }
            failure.with_hint(hint + HINTS.text(Code::MissingCoins))
        }
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::network::Chain;
    use coldamp_core::sign::review::Mismatch;

    #[test]
    fn a_node_that_still_scans_is_not_told_as_the_wrong_node() {
        let refused = |code, message: &str| {
            rpc(&RpcError::Refused { method: "scantxoutset", code, message: message.to_owned() }).hint
        };
        let scanning = refused(-8, "Scan already in progress, use action \"abort\" or \"status\"");
        assert!(scanning.contains("still scans") && scanning.contains("abort"), "{scanning}");
        for (code, message) in [(-8, "Invalid descriptor"), (-28, "Scan already in progress")] {
            assert!(refused(code, message).contains("an Elements node of the network"), "{message}");
        }
    }

    #[test]
    fn no_rule_that_a_prepared_pset_may_fail_is_told_as_a_mistake_of_ours() {
        let network = Network::new(Chain::Regtest);
        let rules = Code::ALL.iter().filter(|code| code.is_rule() && HINTS.of(**code).is_some());
        for code in rules {
            let mismatch = Mismatch { code: *code, message: "found one, expected another".to_owned() };
            let failure =
                prepare(&NotPrepared::Review { mismatch, replaces: false }, Command::Burn, &network);
            assert_eq!((failure.exit, failure.code), (Exit::Refused, Some(*code)));
            assert!(!failure.hint.is_empty() && failure.hint.ends_with('.'), "{code}");
        }
    }
}
