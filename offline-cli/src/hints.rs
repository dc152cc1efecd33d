//! What `coldamp` tells a person to do, by code. It names the commands and flags of `coldamp`, and of `coldamp-online`
//! where the PSET has to be prepared again.

use coldamp_core::code::{Code, Hint, Hints};

/// The table of `coldamp`.
pub(crate) const HINTS: Hints = Hints::new(HERE, ELSEWHERE);

const _: () = assert!(HINTS.is_complete(), "offline-cli/src/hints.rs must name every code once");

const PREPARE_AGAIN: &str = "Do not sign. Prepare a new PSET from AMP's request.";
const HOSTILE: &str = "Do not sign. Check that this is the right keystore for the PSET. If it is, somebody changed the PSET: treat the preparing machine as hostile.";
const OTHER_SOURCE: &str = "Do not sign. Prepare a new PSET with another chain source.";
const UNSIGNED: &str =
    "Use the PSET as `coldamp-online prepare` wrote it. It must not pass through another wallet or signer.";
const REQUEST_AGAIN: &str = "Get the request from AMP again, and do not edit it.";
const OWN_JOURNAL: &str = "Put back the keystore's own .journal and .head files, the newest there are. If only the .head is missing, use `coldamp journal rebuild-head`. If the journal is lost, use `coldamp restore` with the newest backup. Without any backup, use `coldamp key restore` with the words and the newest policy file.";

const HERE: &[Hint] = &[
    // What the transaction pays.
    Hint::new(
        &[Code::AmountMismatch],
        "Do not sign. Prepare a new PSET from AMP's request. If it happens again, treat the preparing machine as hostile.",
    ),
    Hint::new(
        &[Code::RecipientMismatch],
        "Do not sign: somebody else would be paid. Treat the preparing machine as hostile.",
    ),
    Hint::new(
        &[Code::BlindingKeyMismatch],
        "Do not sign: the recipient could not open the output. Prepare a new PSET on another machine.",
    ),
    Hint::new(
        &[
            Code::RecipientMissing,
            Code::AssetMismatch,
            Code::MustBeBlinded,
            Code::IssuanceKind,
            Code::IssuanceInflationKeys,
            Code::IssuanceInput,
            Code::IssuanceNonce,
            Code::TokenNotConserved,
            Code::TokenUnblinded,
            Code::BurnAsset,
            Code::BurnAmount,
            Code::BurnScript,
            Code::FeeShape,
            Code::FeeAsset,
            Code::AssetUnbalanced,
            Code::InputDuplicate,
            Code::PegIn,
            Code::UtxoClaim,
            Code::UnlistedInput,
            Code::BlinderIndex,
            Code::Script,
            Code::Locktime,
            Code::Modifiable,
            Code::ZeroAmount,
        ],
        PREPARE_AGAIN,
    ),
    Hint::new(
        &[
            Code::OutputUnexplained,
            Code::IssuanceAmount,
            Code::IssuanceUnexpected,
            Code::TokenEscapes,
            Code::ChangeForged,
            Code::ChangeBlinding,
            Code::Sighash,
        ],
        HOSTILE,
    ),
    Hint::new(
        &[Code::TooFewBlinded],
        "Send some L-BTC to a confidential address of the treasury and prepare a new PSET: with one more coin two outputs are blinded.",
    ),
    Hint::new(
        &[Code::IssuanceAsset],
        "Do not sign. Prepare a new PSET with the transaction that issued this asset (`coldamp-online prepare --issuance-tx TXID`).",
    ),
    Hint::new(
        &[Code::IssuanceBlinded],
        "Prepare a new PSET. Consensus wants the reissued amount explicit if the asset was issued explicit, and blinded if it was issued blinded.",
    ),
    Hint::new(
        &[Code::TokenUnexpected],
        "Do not sign. A distribution or a burn never spends a reissuance token or another asset.",
    ),
    Hint::new(
        &[Code::FeeTooHigh],
        "Do not sign. If nobody named a fee rate, treat the preparing machine as hostile. Else prepare a new PSET with a lower `--fee-rate`. If the fee is meant, a policy with a higher `max_fee_sat` allows it (`coldamp policy apply`).",
    ),
    Hint::new(&[Code::FeeTooLow], "Prepare a new PSET with a `--fee-rate` of at least 100 sat/kvB."),
    Hint::new(
        &[Code::ChangePath],
        "Do not sign: wallets would not find the coin. Prepare a new PSET. If the keystore was restored and the treasury has used more addresses than this journal knows, say so with `coldamp journal used`.",
    ),
    // Inputs and coins.
    Hint::new(
        &[Code::InputForeign, Code::InputKey],
        "Check that keystore and PSET belong to the same treasury. Coldamp signs no transaction with inputs of others. If they do, prepare a new PSET.",
    ),
    Hint::new(&[Code::UtxoCommitment, Code::UtxoTxid, Code::Entropy], OTHER_SOURCE),
    Hint::new(
        &[Code::UtxoUnblindable],
        "Prepare a new PSET with the signed.json that made the coin (`coldamp-online prepare --openings FILE`), or without the coin. A coin that cannot be opened is not signed for.",
    ),
    Hint::new(
        &[Code::RequiredUtxo],
        "Ask AMP for a new request if its list of token outputs is out of date, and prepare a new PSET. Use `--allow-missing-token-utxos` only if Blockstream support asked for it.",
    ),
    // The PSET itself.
    Hint::new(&[Code::Preblinded, Code::Scalar, Code::SigsPresent], UNSIGNED),
    Hint::new(
        &[Code::Version],
        "If it is a PSET, prepare it again. If it is a signed file, use the Coldamp version that wrote it.",
    ),
    Hint::new(
        &[Code::UnknownField],
        "Prepare a new PSET with a `coldamp-online` of the same version as this `coldamp`.",
    ),
    Hint::new(
        &[Code::Contract],
        "Get the asset's contract from AMP or from the asset registry, and use that file. A PSET can also be prepared without `--contract`. If the right contract was used, treat the preparing machine as hostile.",
    ),
    Hint::new(
        &[Code::Network],
        "Check the network of the keystore, and the `--network` that the PSET was prepared with.",
    ),
    Hint::new(&[Code::TooHeavy], "Distribute to fewer holders at once: split the assignments at AMP."),
    Hint::new(&[Code::AmountRange], "Prepare a new PSET with smaller amounts, or without that coin."),
    Hint::new(&[Code::ExplicitSum], "Burn or pay less at once."),
    // The request.
    Hint::new(&[Code::RequestMissing], "Give AMP's request with `--request FILE`."),
    Hint::new(
        &[Code::RequestDiffers],
        "Find out which of the two is AMP's request. Prepare a new PSET from that one.",
    ),
    Hint::new(
        &[Code::Parse],
        "Carry the file over again. If it stays so, get it again from the machine that made it.",
    ),
    Hint::new(&[Code::JsonShape, Code::AmountSyntax], REQUEST_AGAIN),
    Hint::new(
        &[Code::TextUnsafe],
        "Do not sign: a text of the request is written to mislead. Get the request from AMP again. If it is the same, tell AMP.",
    ),
    Hint::new(
        &[Code::Command],
        "Use a request for a distribution, a reissue or a burn. Others are not supported.",
    ),
    Hint::new(&[Code::Address], "Check that request and keystore belong to the same network."),
    Hint::new(
        &[Code::Host],
        "Check the network of the keystore. If it is right, do not use this file: its report and AMP's password would go to this host.",
    ),
    Hint::new(&[Code::ClientVersion], "Get a newer Coldamp before you sign anything for AMP."),
    Hint::new(
        &[Code::RequestAsset],
        "Do not sign. AMP distributes, reissues and burns issued assets, never L-BTC.",
    ),
    // Journal and history.
    Hint::new(
        &[Code::AlreadySigned],
        "Send the transaction that was signed before. To replace it, prepare with `--replace` and its signed.json: the new transaction must spend a coin of every earlier one for this request. If an earlier one can never confirm, use `coldamp journal declare-void`.",
    ),
    Hint::new(
        &[Code::VoidRevived],
        "Do not sign: the request could be paid twice. If nobody here asked for this PSET, treat the preparing machine as hostile. To sign a transaction again that was signed before, prepare its request with another `--fee-rate`: the new transaction excludes the old one. At `coldamp journal declare-void`, name a confirmed transaction that spends a coin of the entry.",
    ),
    Hint::new(
        &[Code::OpenTwin],
        "Find out whether AMP has cancelled the older distribution. If so, prepare with `--replace` and the older signed.json, so that both cannot confirm. If both are meant, sign at a terminal without `--approve`, and type the older uuid.",
    ),
    Hint::new(&[Code::JournalBusy], "Wait until the other `coldamp` is done, then run it again."),
    Hint::new(&[Code::Journal], OWN_JOURNAL),
    Hint::new(
        &[Code::PolicyMac],
        "Somebody changed the policy without the keystore. Put back the keystore's own .journal, and treat whoever had access as hostile.",
    ),
    Hint::new(
        &[Code::KeyMismatch],
        "Put back this keystore's own .journal, or name the keystore that this journal belongs to.",
    ),
    // Policy and approval.
    Hint::new(
        &[Code::PolicyAsset],
        "Check the asset id. If this asset is meant, set a policy for it with `coldamp policy apply`.",
    ),
    Hint::new(&[Code::PolicyMax], "Ask whoever set the policy. `coldamp policy apply` sets another one."),
    Hint::new(&[Code::PolicyRecipients], "Split the distribution at AMP, or ask whoever set the policy."),
    Hint::new(
        &[Code::PolicyBudget],
        "Ask whoever set the policy. A policy file that names this job in `renew_budgets` starts the budget again (`coldamp policy apply`).",
    ),
    Hint::new(
        &[Code::PolicyUnconfidential],
        "Have the holder register a confidential address at AMP, and ask AMP for a new request.",
    ),
    Hint::new(
        &[Code::ApprovalCode],
        "Review this PSET with this keystore (`coldamp review`), and compare the codes.",
    ),
    Hint::new(
        &[Code::ApprovalMissing],
        "Have an approver run `coldamp approve` on this PSET or policy file, and give the result with `--approval FILE`.",
    ),
    Hint::new(
        &[Code::ApprovalSignature],
        "Have an approver whom the policy names approve this PSET or policy file, with a keystore of other words than the treasury's.",
    ),
    Hint::new(
        &[Code::PolicyWeaker],
        "Run it at a terminal without `--approve-sha256`, which approves only what makes no rule weaker.",
    ),
    Hint::new(
        &[Code::PolicyFile],
        "Compare the SHA-256 with the one on the machine where the policy file was written.",
    ),
    Hint::new(
        &[Code::SignedDiffers],
        "Do not send it. The file was changed on its way, or the machine that signed it cannot be trusted. Sign the PSET again on a machine that you trust.",
    ),
    // Warnings.
    Hint::new(
        &[Code::NoPolicy],
        "Check asset and amount yourself, or set limits with `coldamp policy apply`.",
    ),
    Hint::new(&[Code::NoJournal], "Check that no transaction was signed for this request before."),
    Hint::new(
        &[Code::EarlierUnknown],
        "Make sure that nothing signed before can still be sent, then use `coldamp journal acknowledge-unknown`.",
    ),
    Hint::new(
        &[Code::LaterUnknown],
        "Apply the newest policy file again. Look for higher entry numbers in signed files and notes, then use `coldamp journal compare`. When nothing of what is missing can still be sent, use `coldamp journal acknowledge-unknown`.",
    ),
    Hint::new(
        &[Code::SignedBefore],
        "Signing it again gives the same transaction, which pays once. If its entry was declared void, do not sign before you know whether its request was signed again.",
    ),
    Hint::new(&[Code::Alike], "Make sure that both transactions are meant."),
    Hint::new(
        &[Code::VoidConfirmed],
        "Look whether that transaction has confirmed. If it has, it has paid: find out whether its request was paid a second time, before you sign.",
    ),
    Hint::new(
        &[Code::TokensLeftOut],
        "Sign only if Blockstream support asked you to leave token outputs out.",
    ),
    Hint::new(
        &[Code::TickerNotProven, Code::MayBeToken],
        "Compare the asset id with the one you keep on paper, or prepare with the asset's contract (`--contract FILE`).",
    ),
    Hint::new(&[Code::NoTicker], "Compare the asset id with the one you keep on paper."),
    Hint::new(&[Code::OpeningUsed], "Nothing is needed: the opening matches both commitments of the coin."),
    Hint::new(
        &[Code::FarIndex],
        "Of a coin, nothing is needed: anybody who knows an address can pay there. Of an output, make sure that the treasury has used its addresses that far.",
    ),
    Hint::new(
        &[Code::UnconfidentialRecipient],
        "Check that a public amount is meant. Otherwise have the holder register a confidential address at AMP.",
    ),
    Hint::new(&[Code::OwnRecipient], "Check that a payment to the treasury itself is meant."),
    Hint::new(
        &[Code::NotUnderstood],
        "Read the names of these fields. If one of them changes what is to be done, get a newer Coldamp before you sign.",
    ),
    Hint::new(&[Code::OldClientVersion], "Ask AMP for a new request if this one is old."),
    // Files.
    Hint::new(
        &[Code::Encoding],
        "Save the file once more as UTF-8 without a byte order mark. Do not edit what AMP or a signer wrote: get it again.",
    ),
    Hint::new(
        &[Code::Content, Code::Internal],
        "This is a fault of Coldamp. Report the line above: it holds no key that spends.",
    ),
];

/// What only a machine with a network shows by its code.
const ELSEWHERE: &[Code] = &[
    Code::KeysExposed,
    Code::Descriptor,
    Code::NotSlip77,
    Code::ScriptType,
    Code::KeyShape,
    Code::Index,
    Code::SignedField,
    Code::Payload,
    Code::Source,
    Code::NothingOurs,
    Code::IssuanceNotFound,
    Code::NoIssuance,
    Code::NoTransaction,
    Code::NoOutput,
    Code::Transaction,
    Code::Txid,
    Code::LeftOut,
    Code::Stale,
    Code::EsploraAddress,
    Code::EsploraUnreachable,
    Code::EsploraLimited,
    Code::EsploraCredentials,
    Code::EsploraRefused,
    Code::EsploraAnswer,
    Code::CredentialsOpen,
    Code::NodeAddress,
    Code::NodeCredentials,
    Code::NodeUnreachable,
    Code::NodeRefused,
    Code::NodeAnswer,
    Code::MissingCoins,
    Code::TokenMissing,
    Code::NotTheToken,
    Code::CoinsSpent,
    Code::CoinsReserved,
    Code::NothingToReplace,
    Code::CannotReplace,
    Code::TooMany,
    Code::Overflow,
    Code::Record,
    Code::Pset,
    Code::PreparedBefore,
    Code::OtherCoins,
    Code::Promised,
    Code::AmpUnreachable,
    Code::AmpFailed,
    Code::AmpCredentials,
    Code::AmpRefused,
    Code::AmpAnswer,
    Code::AnswerDiffers,
    Code::AmpDiffers,
    Code::LostOutputs,
    Code::NothingToDistribute,
    Code::AssignmentsChanged,
    Code::DistributionOpen,
    Code::TotalDiffers,
    Code::NoAssignments,
    Code::NoAddress,
    Code::AlreadyDistributed,
    Code::BlindersMissing,
    Code::Unopened,
    Code::JournalFork,
    Code::InputSpent,
    Code::Rejected,
    Code::Unclear,
    Code::NotSent,
    Code::NotYet,
    Code::ReportUnknown,
    Code::ReportMissing,
    Code::ReportDiffers,
    Code::RecordDiffers,
    Code::OtherTransaction,
    Code::Log,
    Code::LogBusy,
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
    Code::Page,
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
