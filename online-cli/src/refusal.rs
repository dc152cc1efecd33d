//! What the operator is told when a command stops: the rule that failed, and what to do about it. What follows a
//! signature has its own file, [`online`].

mod online;

use std::path::Path;

use coldamp_cli::screen::shown;
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::RequestError;
use coldamp_core::amp::request::Command;
use coldamp_core::elements::OutPoint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::listed::CoinName;
use coldamp_core::network::Network;
use coldamp_core::prepare::PlanError;
use coldamp_core::sign::review::Code;
use coldamp_core::treasury::{ContractError, DescriptorError};
use coldamp_online::prepare::listed::{Missing, MissingCoin, Shown};
use coldamp_online::prepare::replaced::OtherNetwork;
use coldamp_online::prepare::{PrepareError, more};
use coldamp_online::rpc::RpcError;
use coldamp_online::source::esplora::EsploraError;
use coldamp_online::source::file::FileError;
use coldamp_online::source::node::NodeError;
use coldamp_online::sync::{ContractFileError, SyncError};

use crate::source::SourceError;
pub(crate) use online::{
    amp, answer, asset, blinders, broadcast, distribution, fork, not_audited, not_possible, payload, rebuilt,
    record_differs, report, signed,
};

const PRINTED_BY_WATCH: &str =
    "name with --descriptor the file that holds what `coldamp key watch` printed on the air-gapped machine";

const WHOLE_HISTORY: &str =
    "--transactions takes all transactions of the treasury, confirmed ones with their height";

/// A descriptor file with bytes that are no text.
pub(crate) fn no_text(path: &Path) -> Failure {
    let message = format!("the descriptor file {}: found bytes that are no UTF-8 text", shown(path));
    Failure::new(Exit::Input, message, PRINTED_BY_WATCH).with_code("DESCRIPTOR")
}

/// A descriptor that is none, or not of this treasury.
pub(crate) fn descriptor(path: &Path, error: &DescriptorError) -> Failure {
    let (exit, hint) = match error {
        DescriptorError::Unreadable { .. } => (Exit::Input, PRINTED_BY_WATCH),
        DescriptorError::WrongNetwork { .. } => (
            Exit::Refused,
            "name the network of the treasury with --network, or the descriptor of that network",
        ),
        DescriptorError::NotSlip77
        | DescriptorError::ScriptTypeUnsupported { .. }
        | DescriptorError::KeyShape { .. }
        | DescriptorError::Index { .. } => (Exit::Refused, PRINTED_BY_WATCH),
    };
    let message = format!("the descriptor file {}: {error}", shown(path));
    Failure::new(exit, message, hint).with_code(error.code())
}

/// A request that is none, or not to be acted on.
pub(crate) fn request(path: &Path, error: &RequestError) -> Failure {
    let exit = match error {
        RequestError::Unreadable { .. } => Exit::Input,
        _ => Exit::Refused,
    };
    let hint = match error {
        RequestError::Unreadable { .. }
        | RequestError::Shape { .. }
        | RequestError::Command { .. }
        | RequestError::Amount { .. } => {
            "save AMP's answer once more, byte for byte; if it is the same, AMP has changed or somebody between you and AMP has"
        }
        RequestError::TextUnsafe { .. } => {
            "do not act on it: save AMP's answer once more, byte for byte; if it is the same, tell AMP"
        }
        RequestError::Address { .. } => {
            "check that --network is the network of the asset; if it is, the holder's address at AMP is wrong: do not correct it here"
        }
        RequestError::Host { .. } => {
            "find out where this file comes from; the report and the issuer's password would go to that host"
        }
        RequestError::ClientVersion { .. } => "get a newer Coldamp; AMP's rules may have changed",
        RequestError::PolicyAsset { .. } => {
            "check --network and --policy-asset; L-BTC itself is no asset of AMP's"
        }
    };
    Failure::new(exit, format!("the request {}: {error}", shown(path)), hint).with_code(error.code())
}

/// A contract that is not the asset's, that a signer would not read, or that cannot be proven, for want of the asset's
/// first issuance.
pub(crate) fn contract(path: &Path, error: &ContractFileError) -> Failure {
    let (message, hint) = match error {
        ContractFileError::NoFirstIssuance { .. } => (
            error.to_string(),
            "name that transaction with --issuance-tx; a transactions file must hold it; or leave out --contract",
        ),
        ContractFileError::Contract(error @ ContractError::RegistryAnswer { .. }) => (
            format!("the contract {}: {error}", shown(path)),
            "save its `contract` member as a file of its own, in any layout, and name that with --contract",
        ),
        ContractFileError::Contract(error) => (
            format!("the contract {}: {error}", shown(path)),
            "get the contract from the asset registry or from AMP, or leave out --contract: amounts are then shown in base units",
        ),
    };
    Failure::new(Exit::Refused, message, hint).with_code(error.code())
}

/// A signed file of another network, where one is to be replaced.
pub(crate) fn other_network(path: &Path, error: &OtherNetwork) -> Failure {
    let message = format!("the signed file {}: {error}", shown(path));
    Failure::new(Exit::Refused, message, "name with --replace what was signed for this treasury")
        .with_code("NETWORK")
}

/// A transactions file that is none, or contradicts itself.
pub(crate) fn transactions(path: &Path, error: &FileError) -> Failure {
    let (exit, hint) = if error.is_unreadable() {
        (
            Exit::Input,
            "name with --transactions a JSON array of {txid, height, hex}, the hex with all witnesses",
        )
    } else {
        (Exit::Refused, "make the file anew from a node that you trust; an entry was altered or mixed up")
    };
    Failure::new(exit, format!("the transactions file {}: {error}", shown(path)), hint)
        .with_code(error.code())
}

/// A treasury that cannot be read from the transactions.
pub(crate) fn sync<E: std::error::Error + 'static>(
    error: &SyncError<E>,
    of_source: impl Fn(&E) -> Failure,
) -> Failure {
    let hint = match error {
        SyncError::Source(error) => return of_source(error),
        SyncError::NothingOurs { .. } => {
            "check that --descriptor and the chain source are of the same treasury, and that it has received something"
        }
        SyncError::AssetIsToken { .. } => {
            "do not use this request: find out who wrote it; AMP distributes, reissues and burns the asset, never its token"
        }
        SyncError::Descriptor(_) => PRINTED_BY_WATCH,
        SyncError::Issuance(_) => {
            "name with --issuance-tx the transaction that issued the request's asset, or leave it out"
        }
        SyncError::IssuanceNotFound { .. } => {
            "check the txid; a transactions file must hold it; or leave out --issuance-tx"
        }
        SyncError::NoOutput { .. } => "ask again; if it stays so, do not believe this chain source",
    };
    Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code())
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
    let (exit, hint) = match error {
        EsploraError::Address { .. } => (Exit::Usage, "name the root of an Esplora API with --esplora"),
        EsploraError::Http { .. } => (
            Exit::Network,
            "check the address and the line, then run it again: what was read is not read twice",
        ),
        EsploraError::Limited { .. } => (
            Exit::Network,
            "wait, then run it again: what was looked at is not asked for again; --esplora-rate asks more slowly, a node has no limit",
        ),
        EsploraError::Credentials { .. } => (
            Exit::Network,
            "check the file of --esplora-credentials, or COLDAMP_ESPLORA_HOST with COLDAMP_ESPLORA_TOKEN, or with COLDAMP_ESPLORA_CLIENT_ID, COLDAMP_ESPLORA_CLIENT_SECRET and COLDAMP_ESPLORA_TOKEN_URL; the host is that of --esplora, and the address is https, or http to 127.0.0.1",
        ),
        EsploraError::Status { .. } | EsploraError::Answer { .. } => {
            (Exit::Network, "check that this is an Esplora server of the network, with Elements' API")
        }
        EsploraError::Descriptor(error) => return Failure::internal(error),
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code())
}

/// A node that is not asked, or does not answer as it should.
pub(crate) fn node(error: &NodeError) -> Failure {
    let (exit, hint) = match error {
        NodeError::Rpc(error) => return rpc(error),
        NodeError::Descriptor(error) => return Failure::internal(error),
        NodeError::NoTransaction { .. } | NodeError::NoIndex => {
            (Exit::Network, "run the node with -txindex=1, and let it build the index before you ask again")
        }
        NodeError::OtherTransaction { .. } | NodeError::Unfinished => {
            (Exit::Network, "ask again; if it stays so, do not believe this node")
        }
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code())
}

/// As [`node`], for what lies below.
pub(crate) fn rpc(error: &RpcError) -> Failure {
    let (exit, hint) = match error {
        RpcError::Address { .. } | RpcError::Cookie => (
            Exit::Usage,
            "name the node with --node http://user:password@host:port, or with --node-cookie FILE",
        ),
        RpcError::Credentials => {
            (Exit::Network, "check user and password, or the cookie file, against the node's")
        }
        RpcError::Transport { .. } => {
            (Exit::Network, "check that the node runs and listens there, then run it again")
        }
        // RPC_INVALID_PARAMETER with these words (Elements 23.3.3, src/rpc/blockchain.cpp, scantxoutset). The scan of a command
        // that was stopped goes on in the node.
        RpcError::Refused { code: -8, message, .. } if message.contains("Scan already in progress") => (
            Exit::Network,
            "the node still scans for another command, or for one that was stopped: wait some minutes, or end that scan with `elements-cli scantxoutset abort`; then run it again",
        ),
        RpcError::Refused { .. } | RpcError::Answer { .. } => {
            (Exit::Network, "check that this is an Elements node of the network, fully synced")
        }
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code())
}

/// What to do where a burn lists a coin that is gone.
const LISTED_GONE: &str = "make sure that this burn was not carried out before: look up what spent the coin. If this request's own transaction did, go on with `coldamp-online report`; while that one waits, --replace takes its place. If it was not, ask AMP for a new burn request, or leave such coins out with --allow-missing-coins";

/// A burn that lists a coin which cannot be spent, with what the chain source shows of it.
pub(crate) fn listed(outpoint: OutPoint, shown: Shown, also: usize) -> Failure {
    let hint = match shown {
        Shown::Spent => LISTED_GONE,
        Shown::Unconfirmed => "wait until it has confirmed, then run this again",
        Shown::Unopened => "name with --openings the signed.json that made it",
        Shown::NotOurs => {
            "AMP counts an address of somebody else as the treasury's, or --descriptor is another treasury's: find out which; --allow-missing-coins leaves such coins out"
        }
        Shown::Unknown => {
            "name a chain source that has the treasury's whole history, and the network of the request; --allow-missing-coins leaves such coins out, once you have made sure that this burn was not carried out before"
        }
    };
    let coin = CoinName(outpoint);
    let message = format!("the request lists coin {coin}, which {}{}", shown.words(), more(also));
    let code = match shown {
        Shown::Unconfirmed => "MISSING_COINS",
        _ => "COINS_SPENT",
    };
    Failure::new(Exit::Refused, message, hint).with_code(code)
}

/// A request that no PSET is made of.
pub(crate) fn prepare(error: &PrepareError, command: Command, network: &Network) -> Failure {
    let (mismatch, replaces) = match error {
        PrepareError::Plan(error) => return plan(error, command, network),
        PrepareError::Written(_) | PrepareError::ReadBack(_) => return Failure::internal(error),
        PrepareError::CoinsSpent { request, .. } => {
            let hint = format!(
                "look up what spent it: if it was this request's transaction, it is paid, go on with `coldamp-online report`; while that waits, --replace takes its place; if it was another one, `coldamp-online status --release {}` gives back what this request took",
                request.0.to_lower_hex_string()
            );
            return Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code());
        }
        PrepareError::Listed { coin: MissingCoin { why: Missing::Reserved, .. }, .. } => {
            let hint = "finish the other job first, or give its coins back with `coldamp-online status --release ID`; `coldamp-online status` lists the prepared requests";
            return Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code());
        }
        PrepareError::Listed { .. } => {
            return Failure::new(Exit::Refused, error.to_string(), LISTED_GONE).with_code(error.code());
        }
        PrepareError::Review { mismatch, replaces } => (mismatch, *replaces),
    };
    let hint = match mismatch.code {
        Code::FeeTooHigh if replaces => {
            "a replacement pays the earlier fee and 100 sat/kvB of its own full size on top: leave out --fee-rate. If the fee is still too high, set a higher max_fee in the cold machine's policy and name the same with --max-fee, or spend one of the earlier one's coins with a smaller request"
        }
        Code::FeeTooHigh => {
            "leave out --fee-rate, or name a lower one; where the cold machine's policy allows more, name its cap with --max-fee"
        }
        Code::ChangePath => {
            "an own output would lie above index 20,000, and nothing is signed for there. If it is a recipient, tell AMP. Else ask for every script again with --full-scan, or ask another chain source; if every address below is really used, the coins have to move to a new treasury"
        }
        Code::ChangeBlinding => {
            "the request pays one of our own scripts under another key: tell AMP, do not sign"
        }
        Code::AmountRange => {
            "no range proof hides as much in one output: prepare smaller amounts, or join fewer coins at once"
        }
        // Request and chain source are others' words, and may ask for what the planner did not foresee.
        _ => {
            "nothing was written: no signer signs this; check the request and the chain source, and if both are right, report the line above"
        }
    };
    Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code())
}

/// A request that cannot be met.
pub(crate) fn plan(error: &PlanError, command: Command, network: &Network) -> Failure {
    let policy_asset = network.policy_asset();
    let hint = match error {
        PlanError::Unbalanced { .. } => return Failure::internal(error).with_code(error.code()),
        PlanError::MissingCoins(shortfalls) => {
            let mut hint = match command {
                Command::Burn => "a burn takes the asset only from coins that AMP lists; ".to_owned(),
                _ => String::new(),
            };
            if shortfalls.iter().any(|shortfall| shortfall.asset == policy_asset) {
                hint += &format!("{policy_asset} is L-BTC, which pays the fee: send some to the treasury; ");
            }
            hint + "wait until what is on its way has confirmed; " + WHOLE_HISTORY
        }
        PlanError::NoIssuance { .. } => {
            "name the transaction that issued the asset with --issuance-tx; a transactions file must hold it".to_owned()
        }
        PlanError::TokenMissing { .. } => {
            format!("find out at AMP whether its list of token outputs is stale; {WHOLE_HISTORY}; --allow-missing-token-utxos leaves out what is not held, only if Blockstream support asked for it")
        }
        PlanError::NotTheToken { .. } => {
            "AMP lists an output that is no token of this asset: do not go on before AMP has corrected it"
                .to_owned()
        }
        PlanError::TokenUnblinded { .. } => {
            "send the token to a confidential address of the treasury; when that has confirmed, ask AMP for the request again".to_owned()
        }
        PlanError::NothingToReplace { .. } => {
            format!("if it has confirmed, go on with `coldamp-online report`; if it was never sent, or other transactions took its coins, prepare without --replace; {WHOLE_HISTORY}")
        }
        PlanError::CannotReplace { .. } => {
            "name with --replace the signed file of this request, or prepare a request that spends these coins".to_owned()
        }
        PlanError::TooHeavy { .. } => {
            "one distribution is one transaction: assign to at most that many holders at a time, and ask AMP before you cancel this one"
                .to_owned()
        }
        PlanError::TooMany { .. } => {
            "join small coins into larger ones first, with transactions of their own".to_owned()
        }
        PlanError::TooFewBlinded { .. } => {
            "send some L-BTC to a confidential address of the treasury: a blinded coin hides the amount".to_owned()
        }
        PlanError::ExplicitSum { .. } => {
            "burn less at a time, or have unconfidential recipients name confidential addresses".to_owned()
        }
        PlanError::FeeRateTooLow { .. } => "leave out --fee-rate, or name a higher one".to_owned(),
        PlanError::Overflow => "check --fee-rate and the amounts of the request".to_owned(),
        PlanError::Descriptor(_) => PRINTED_BY_WATCH.to_owned(),
    };
    Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code())
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
        for code in Code::ALL {
            let mismatch = Mismatch { code: *code, message: "found one, expected another".to_owned() };
            let failure =
                prepare(&PrepareError::Review { mismatch, replaces: false }, Command::Burn, &network);
            assert_eq!((failure.exit, failure.code), (Exit::Refused, Some(code.name())));
            assert!(!failure.hint.is_empty(), "{}", code.name());
        }
    }
}
