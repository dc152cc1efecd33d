//! What `coldamp-online` tells a person to do, by code. Where a command knows more of the case, `refusal` says that instead.

use coldamp_core::code::{Code, Hint, Hints};

/// The table of `coldamp-online`.
pub(crate) const HINTS: Hints = Hints::new(HERE, ELSEWHERE);

const _: () = assert!(HINTS.is_complete(), "online-cli/src/hints.rs must name every code once");

const NO_SIGNER: &str = "Nothing was written, because no signer would sign this PSET. Check the request and the chain source. If both are right, report the line above.";
const WATCH: &str =
    "Name with --descriptor the file that holds what `coldamp key watch` printed on the air-gapped machine.";
const SAVE_AGAIN: &str = "Save AMP's answer once more, byte for byte. If the result is the same, AMP has changed, or somebody between you and AMP changed it.";
const RUN_AGAIN: &str = "Run the same command again. It looks first, and sends nothing twice.";
const ESPLORA: &str = "Check that this is an Esplora server of the network, with Elements' API.";
const NODE: &str = "Check that this is an Elements node of the network, fully synced.";
const ISSUANCE: &str = "Name the transaction that issued the asset with --issuance-tx, or leave the option out if the chain source finds it. A transactions file must contain it.";

const HERE: &[Hint] = &[
    // What the review of a PSET that was just prepared may find.
    Hint::new(
        &[
            Code::AmountMismatch,
            Code::RecipientMismatch,
            Code::BlindingKeyMismatch,
            Code::RecipientMissing,
            Code::OutputUnexplained,
            Code::AssetMismatch,
            Code::MustBeBlinded,
            Code::IssuanceAmount,
            Code::IssuanceKind,
            Code::IssuanceInflationKeys,
            Code::IssuanceUnexpected,
            Code::IssuanceBlinded,
            Code::IssuanceInput,
            Code::IssuanceNonce,
            Code::TokenEscapes,
            Code::TokenNotConserved,
            Code::BurnAsset,
            Code::BurnAmount,
            Code::BurnScript,
            Code::FeeShape,
            Code::FeeAsset,
            Code::ChangeForged,
            Code::AssetUnbalanced,
            Code::InputForeign,
            Code::InputKey,
            Code::InputDuplicate,
            Code::PegIn,
            Code::UtxoCommitment,
            Code::UtxoClaim,
            Code::UtxoUnblindable,
            Code::UtxoTxid,
            Code::RequiredUtxo,
            Code::UnlistedInput,
            Code::Preblinded,
            Code::Scalar,
            Code::BlinderIndex,
            Code::Sighash,
            Code::SigsPresent,
            Code::Script,
            Code::Locktime,
            Code::Modifiable,
            Code::UnknownField,
            Code::Entropy,
            Code::ZeroAmount,
            Code::RequestMissing,
            Code::RequestDiffers,
            Code::Content,
            Code::Pset,
        ],
        NO_SIGNER,
    ),
    Hint::new(
        &[Code::ChangeBlinding],
        "The request pays one of the treasury's own scripts under another blinding key. Tell AMP, and do not sign.",
    ),
    Hint::new(
        &[Code::ChangePath],
        "Coldamp signs nothing that pays the treasury above index 20,000. If the output is a recipient, tell AMP. If not, ask for every script again with --full-scan, or ask another chain source. If every lower address is really used, move the coins to a new treasury.",
    ),
    Hint::new(
        &[Code::AmountRange],
        "Prepare smaller amounts, or join fewer coins at once. No range proof hides so much in one output.",
    ),
    Hint::new(
        &[Code::FeeTooHigh],
        "Leave out --fee-rate, or name a lower one. If the air-gapped machine's policy allows more, name its cap with --max-fee. A replacement pays the earlier fee, and 100 sat/kvB of its own full size on top.",
    ),
    Hint::new(
        &[Code::FeeTooLow],
        "Leave out --fee-rate, or name a higher one. If a node refuses a signed transaction for its fee, prepare the request again with --replace FILE --fee-basis full and a higher --fee-rate.",
    ),
    Hint::new(
        &[Code::TooHeavy],
        "One distribution is one transaction. Assign to at most that many holders at a time, and ask AMP before you cancel this distribution.",
    ),
    Hint::new(
        &[Code::TooFewBlinded],
        "Send some L-BTC to a confidential address of the treasury. A blinded L-BTC coin hides the amount.",
    ),
    Hint::new(
        &[Code::ExplicitSum],
        "Burn less at a time, or have unconfidential recipients give confidential addresses.",
    ),
    Hint::new(
        &[Code::TokenUnexpected],
        "Do not use this request, and find out who wrote it. AMP distributes, reissues and burns the asset, never its reissuance token.",
    ),
    Hint::new(
        &[Code::TokenUnblinded],
        "Send the token to a confidential address of the treasury. When that has confirmed, ask AMP for the request again.",
    ),
    Hint::new(
        &[Code::Contract],
        "Get the contract from AMP or from the asset registry: of the registry's answer save the member `contract` alone. Or leave out --contract: amounts are then shown in base units.",
    ),
    Hint::new(
        &[Code::Network],
        "Name the network of the treasury with --network. Descriptor, files and chain source must all belong to it.",
    ),
    Hint::new(&[Code::Version], "Get the Coldamp version that wrote the file, or sign the same PSET again."),
    // The request.
    Hint::new(
        &[Code::Parse],
        "Name the file as the program that made it wrote it. Save an answer of AMP once more, byte for byte.",
    ),
    Hint::new(&[Code::JsonShape, Code::Command, Code::AmountSyntax], SAVE_AGAIN),
    Hint::new(
        &[Code::TextUnsafe],
        "Do not use it. Save AMP's answer once more, byte for byte. If the result is the same, tell AMP.",
    ),
    Hint::new(
        &[Code::Address],
        "Check that --network is the network of the asset. If it is, the holder's address at AMP is wrong: have it corrected at AMP, not here.",
    ),
    Hint::new(
        &[Code::Host],
        "Check --network. If it is right, distrust this file or address: the report and the issuer's password would go to that host.",
    ),
    Hint::new(&[Code::ClientVersion], "Get a newer Coldamp. AMP's rules may have changed."),
    Hint::new(&[Code::RequestAsset], "Check --network and --policy-asset. L-BTC is not an asset of AMP's."),
    // Warnings.
    Hint::new(
        &[Code::TokensLeftOut],
        "Hand it over only if Blockstream support asked you to leave token outputs out.",
    ),
    Hint::new(
        &[Code::TickerNotProven, Code::MayBeToken],
        "Compare the asset id with the one you keep on paper, or prepare with --contract.",
    ),
    Hint::new(&[Code::NoTicker], "Compare the asset id with the one you keep on paper."),
    Hint::new(
        &[Code::OpeningUsed],
        "Nothing is needed: the opening matches both commitments of the coin. Keep the signed.json that it comes from.",
    ),
    Hint::new(
        &[Code::FarIndex],
        "Of a coin, nothing is needed: anybody who knows an address can pay there. Of an output or of change, check that the treasury has used its addresses that far. If it has not, prepare with --full-scan or another chain source.",
    ),
    Hint::new(
        &[Code::UnconfidentialRecipient],
        "Check that a public amount is meant. Otherwise have the holder register a confidential address at AMP.",
    ),
    Hint::new(&[Code::OwnRecipient], "Check at AMP that a payment to the treasury itself is meant."),
    Hint::new(
        &[Code::NotUnderstood],
        "Read the names of these fields. If one of them changes what is to be done, get a newer Coldamp first.",
    ),
    Hint::new(&[Code::OldClientVersion], "Ask AMP for a new request if this one is old."),
    // Any file, and the descriptor.
    Hint::new(
        &[Code::Encoding],
        "Save AMP's own answers byte for byte. Save what an editor or PowerShell wrote once more, as UTF-8 without a byte order mark.",
    ),
    Hint::new(
        &[Code::KeysExposed],
        "Treat these keys as stolen: they have been on a machine with a network. Make a new treasury with `coldamp key new` on the air-gapped machine and send the asset, its reissuance token and all L-BTC there. Delete every copy here, in files, clipboard and shell history.",
    ),
    Hint::new(&[Code::Descriptor, Code::NotSlip77, Code::ScriptType, Code::KeyShape, Code::Index], WATCH),
    // Reading the treasury.
    Hint::new(&[Code::Source], "Check the chain source, then run it again. What was read is not read twice."),
    Hint::new(
        &[Code::NothingOurs],
        "Check that --descriptor and the chain source belong to the same treasury, and that it has received something.",
    ),
    Hint::new(&[Code::IssuanceAsset, Code::IssuanceNotFound, Code::NoIssuance], ISSUANCE),
    Hint::new(
        &[Code::NoTransaction],
        "Run the node with -txindex=1, and let it build the index. Otherwise name a chain source of the asset's network that has the transaction.",
    ),
    Hint::new(&[Code::NoOutput], "Run it again. If it stays so, do not trust this chain source."),
    Hint::new(
        &[Code::Transaction],
        "Name with --transactions a JSON array of {txid, height, hex}, the hex with all witnesses.",
    ),
    Hint::new(
        &[Code::Txid],
        "Make the transactions file again with a node that you trust. An entry was altered or mixed up.",
    ),
    Hint::new(&[Code::EsploraAddress], "Name the root of an Esplora API with --esplora, https://HOST/PATH."),
    Hint::new(
        &[Code::EsploraUnreachable],
        "Check the address and the connection, then run it again. What was read is not read twice.",
    ),
    Hint::new(
        &[Code::EsploraLimited],
        "Wait, then run it again: what was read is not asked for again. --esplora-rate asks more slowly. A node has no limit.",
    ),
    Hint::new(
        &[Code::EsploraCredentials],
        "Check the file of --esplora-credentials, or COLDAMP_ESPLORA_HOST with COLDAMP_ESPLORA_TOKEN, or with COLDAMP_ESPLORA_CLIENT_ID, COLDAMP_ESPLORA_CLIENT_SECRET and COLDAMP_ESPLORA_TOKEN_URL. The host is that of --esplora. Addresses are https, or http to 127.0.0.1.",
    ),
    Hint::new(&[Code::EsploraRefused, Code::EsploraAnswer], ESPLORA),
    Hint::new(&[Code::CredentialsOpen], "Take away the other users' permissions: chmod 600 FILE."),
    Hint::new(
        &[Code::NodeAddress],
        "Name the node with --node http://user:password@host:port, or with --node-cookie FILE.",
    ),
    Hint::new(&[Code::NodeCredentials], "Check that user and password, or the cookie file, are the node's."),
    Hint::new(&[Code::NodeUnreachable], "Check that the node runs and listens there, then run it again."),
    Hint::new(&[Code::NodeRefused, Code::NodeAnswer], NODE),
    // Preparing.
    Hint::new(
        &[Code::MissingCoins],
        "Wait until payments to the treasury have confirmed. --transactions needs all transactions of the treasury, confirmed ones with their height.",
    ),
    Hint::new(
        &[Code::TokenMissing],
        "Ask AMP whether its list of token outputs is out of date. With --node, name --issuance-tx. Use --allow-missing-token-utxos only if Blockstream support asked for it.",
    ),
    Hint::new(
        &[Code::NotTheToken],
        "Do nothing before AMP has corrected its list: it names an output that is not a token of this asset.",
    ),
    Hint::new(
        &[Code::CoinsSpent],
        "Find out which transaction spent the coin. If it was this request's own, the request is paid: go on with `coldamp-online report`. If it was another one, `coldamp-online status --release ID` releases the coins of this request. For a burn that lists such coins, ask AMP for a new request, or leave the coins out with --allow-missing-coins.",
    ),
    Hint::new(
        &[Code::CoinsReserved],
        "Finish the other job first, or release its coins with `coldamp-online status --release ID`. `coldamp-online status` lists the prepared requests.",
    ),
    Hint::new(
        &[Code::NothingToReplace],
        "If the earlier transaction has confirmed, go on with `coldamp-online report`. If it was never sent, or other transactions spent its coins, prepare without --replace.",
    ),
    Hint::new(
        &[Code::CannotReplace],
        "Name with --replace the signed file of this request, or prepare a request that may spend these coins.",
    ),
    Hint::new(&[Code::TooMany], "Join small coins into larger ones first, with transactions of their own."),
    Hint::new(&[Code::Overflow], "Check the amounts at AMP, and --fee-rate."),
    Hint::new(
        &[Code::Record],
        "Put back the file as it was. Without it, coins and addresses would be used twice. A signed file that was kept is kept again by `coldamp-online broadcast` with --pset and --descriptor.",
    ),
    Hint::new(
        &[Code::PreparedBefore],
        "Sign only one of the PSETs of this request, unless both spend a coin in common.",
    ),
    Hint::new(&[Code::OtherCoins], "Check the inputs below."),
    Hint::new(
        &[Code::Promised],
        "Nothing is needed. `coldamp-online status` lists the prepared requests and the coins that they reserve.",
    ),
    // AMP.
    Hint::new(&[Code::AmpUnreachable, Code::AmpFailed, Code::Unclear], RUN_AGAIN),
    Hint::new(
        &[Code::AmpCredentials],
        "Check user name and password. An account belongs to one of AMP's hosts.",
    ),
    Hint::new(&[Code::AmpRefused], "Read AMP's own words. Nothing was changed there."),
    Hint::new(&[Code::AmpAnswer], "Get a newer Coldamp: AMP's API has changed, or this is not AMP."),
    Hint::new(
        &[Code::AnswerDiffers],
        "Keep AMP's answer, which is saved. Do not prepare it before you know why it differs.",
    ),
    Hint::new(
        &[Code::AmpDiffers],
        "Do not approve this request. Find out who wrote the file, and whether AMP has changed since.",
    ),
    Hint::new(
        &[Code::LostOutputs],
        "Report any transaction that was not reported, or contact AMP, before anything else is spent.",
    ),
    Hint::new(&[Code::NothingToDistribute], "Create assignments at AMP first."),
    Hint::new(
        &[Code::AssignmentsChanged],
        "Nothing was made. Look at the assignments at AMP, then run it again and confirm the new total.",
    ),
    Hint::new(
        &[Code::DistributionOpen],
        "Finish that distribution first. If its answer was lost, --distribution UUID writes its request again.",
    ),
    Hint::new(&[Code::TotalDiffers], "Look at the assignments at AMP. Nothing was made."),
    Hint::new(
        &[Code::NoAssignments],
        "Check the uuid and --asset. If both are right, the distribution was cancelled at AMP: do not send it. To make sure that nobody does, spend one of its coins with `coldamp-online prepare --replace`.",
    ),
    Hint::new(
        &[Code::NoAddress],
        "Ask AMP for its answer to distributions/create. Without the address nobody can be paid.",
    ),
    Hint::new(&[Code::AlreadyDistributed], "Do not pay it again. AMP shows which transaction paid it."),
    Hint::new(
        &[Code::BlindersMissing],
        "Run it again later: AMP's record may be behind, and telling it the same blinders again is harmless. If it stays so, ask AMP.",
    ),
    Hint::new(&[Code::Unopened], "Check that --descriptor is the treasury that the asset was issued to."),
    // The signed file, sending and reporting.
    Hint::new(
        &[Code::SignedField],
        "Name the file that `coldamp sign` wrote, not AMP's request. If it is that file, it was altered: sign the same PSET again, which gives the same file.",
    ),
    Hint::new(
        &[Code::Payload],
        "Do not send. The report was altered, or the signing machine made a wrong one. Sign the same PSET again.",
    ),
    Hint::new(
        &[Code::SignedDiffers],
        "Do not send. First check that --pset and the signed file are of the same job. If they are, the file or the signing machine was tampered with: check it on a second air-gapped machine with `coldamp review --signed`.",
    ),
    Hint::new(
        &[Code::JournalFork],
        "Nothing was sent. If the keystore was restored from an older backup and this is the first job since, make sure that every transaction signed after the backup has confirmed or never can, then run it again with --journal-restored. If it was not restored, find the other machine that signs, or who put the journal back, before anything is sent.",
    ),
    Hint::new(
        &[Code::InputSpent],
        "Only one of the two transactions can confirm. Look at the other one before anything is signed again. If it waits in the mempool and this one was prepared to replace it, use --replaces TXID.",
    ),
    Hint::new(&[Code::Rejected], "Read the node's own words. Nothing was sent."),
    Hint::new(&[Code::NotSent], "Send it with `coldamp-online broadcast`, then run this again."),
    Hint::new(&[Code::NotYet], "Run it again later, or without --no-wait."),
    Hint::new(
        &[Code::ReportUnknown],
        "Check at AMP whether it has the transaction. If it does not, --again posts the same report once more.",
    ),
    Hint::new(
        &[Code::ReportMissing],
        "Run it again later: AMP's record may be behind, and running it again posts nothing. If it stays so, ask AMP. If AMP does not have the report, --again posts it once more.",
    ),
    Hint::new(
        &[Code::ReportDiffers],
        "One of the two reports was altered. Sign the same PSET again, which gives the same report. `coldamp-online broadcast` with --pset and --descriptor tells which is right, and keeps that one.",
    ),
    Hint::new(&[Code::RecordDiffers], "Show AMP these lines before the next job. The report was accepted."),
    Hint::new(
        &[Code::OtherTransaction],
        "Two transactions were made for one distribution. Find out at AMP which one paid the holders.",
    ),
    Hint::new(
        &[Code::Log],
        "If it cannot be written, make room beside the file and run it again: the step was not taken. If it belongs to another file, put back the log as it was. Without it, check the chain and AMP before you continue.",
    ),
    Hint::new(&[Code::LogBusy], "Wait until the other command has ended."),
    // The page's server.
    Hint::new(&[Code::Page], "Build the page with `cargo xtask web`, or name its folder with --page."),
    Hint::new(&[Code::Internal], "Report the line above, without amounts and addresses if you like."),
];

/// What only the signing machine or the page shows.
const ELSEWHERE: &[Code] = &[
    Code::AlreadySigned,
    Code::VoidRevived,
    Code::OpenTwin,
    Code::JournalBusy,
    Code::Journal,
    Code::PolicyMac,
    Code::KeyMismatch,
    Code::PolicyAsset,
    Code::PolicyMax,
    Code::PolicyRecipients,
    Code::PolicyBudget,
    Code::PolicyUnconfidential,
    Code::ApprovalCode,
    Code::ApprovalMissing,
    Code::ApprovalSignature,
    Code::NoPolicy,
    Code::NoJournal,
    Code::EarlierUnknown,
    Code::LaterUnknown,
    Code::SignedBefore,
    Code::Alike,
    Code::VoidConfirmed,
    Code::PolicyWeaker,
    Code::PolicyFile,
    Code::LeftOut,
    Code::Stale,
    Code::BbqrEmpty,
    Code::BbqrFrameSize,
    Code::BbqrTooMany,
    Code::BbqrNoFrame,
    Code::BbqrCompressed,
    Code::BbqrEncoding,
    Code::BbqrFileType,
    Code::BbqrNumber,
    Code::BbqrOtherRow,
    Code::BbqrConflict,
    Code::BbqrLength,
    Code::BbqrCharacters,
    Code::Uuid,
    Code::Amount,
    Code::FeeRate,
    Code::ServerAddress,
    Code::TooLarge,
    Code::Unreadable,
    Code::Camera,
    Code::RecordChanged,
    Code::KeptOtherwise,
    Code::MayBeSent,
    Code::MayBeReported,
    Code::Storage,
    Code::NoLocks,
    Code::Cancelled,
    Code::Argument,
    Code::EngineStopped,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hint_is_whole_sentences() {
        assert_eq!(HINTS.faults(), []);
        for hint in Code::ALL.iter().filter_map(|code| HINTS.of(*code)) {
            assert!(hint.ends_with('.'), "{hint}");
        }
    }
}
