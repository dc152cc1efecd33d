//! What the page tells a person to do, by code. It names the page's own fields and buttons.

use coldamp_core::code::{Code, Hint, Hints};

/// The page's table.
pub(crate) const HINTS: Hints = Hints::new(HERE, ELSEWHERE);

const _: () = assert!(HINTS.is_complete(), "wasm/src/hints.rs must name every code once");

const PREPARE_AGAIN: &str = "Do not hand this PSET over. Prepare it again from AMP's request. If it happens again, do not trust this computer.";
const OTHER_SOURCE: &str =
    "Do not hand this PSET over. Read the coins from another chain source, then prepare it again.";
const AS_WRITTEN: &str = "Use the PSET as this page, or `coldamp-online prepare`, wrote it. It must not pass through another wallet or signer.";
const ANOTHER_ASSET: &str = "Enter the transaction that issued this asset, or leave the field empty.";
const SAVE_AGAIN: &str = "Save AMP's answer once more, byte for byte. If the result is the same, AMP has changed, or somebody between you and AMP changed it.";
const WATCH: &str =
    "Use the whole, unchanged text that `coldamp key watch` printed on the air-gapped machine.";
const SERVER: &str =
    "Check the address and the connection, then try again. Coins that were opened are not opened again.";
const TRY_AGAIN: &str = "Try again. The page first checks what has arrived, and sends nothing twice.";
const OTHER_FILE: &str = "This QR code belongs to another file. Start scanning again.";
const NO_FRAME: &str = "Scan the BBQr codes of a PSET or of a signed.json, or bring the file on a USB stick.";
const BASE_UNITS: &str =
    "Enter a whole number of base units: AMP's number times 10^8, without point or comma.";

const HERE: &[Hint] = &[
    // What a PSET is refused for.
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
            Code::ChangeBlinding,
            Code::AssetUnbalanced,
            Code::InputDuplicate,
            Code::PegIn,
            Code::UtxoClaim,
            Code::UnlistedInput,
            Code::BlinderIndex,
            Code::Sighash,
            Code::Script,
            Code::Locktime,
            Code::Modifiable,
            Code::ZeroAmount,
            Code::RequestDiffers,
            Code::Content,
            Code::Pset,
        ],
        PREPARE_AGAIN,
    ),
    Hint::new(&[Code::UtxoCommitment, Code::UtxoTxid, Code::Entropy], OTHER_SOURCE),
    Hint::new(
        &[Code::Preblinded, Code::Scalar, Code::SigsPresent, Code::UnknownField, Code::RequestMissing],
        AS_WRITTEN,
    ),
    Hint::new(
        &[Code::InputForeign, Code::InputKey],
        "Check that this PSET belongs to the treasury of step 1. If it does, prepare it again.",
    ),
    Hint::new(
        &[Code::UtxoUnblindable],
        "Give the signed.json that made the coin as an opening in the settings, then prepare again.",
    ),
    Hint::new(
        &[Code::RequiredUtxo],
        "Ask AMP for a new request if its list of token outputs is out of date. Tick “Allow missing token outputs” only if Blockstream support asked for it.",
    ),
    Hint::new(&[Code::AmountRange], "Use smaller amounts, or join fewer coins at once."),
    Hint::new(&[Code::IssuanceAsset], ANOTHER_ASSET),
    Hint::new(
        &[Code::TokenUnexpected],
        "Do not use this request. AMP distributes, reissues and burns the asset, never its reissuance token.",
    ),
    Hint::new(
        &[Code::TokenUnblinded],
        "Send the token to a confidential address of the treasury. When that has confirmed, ask AMP for the request again.",
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
        &[Code::FeeTooLow],
        "Choose a higher fee rate. If the transaction is signed and nodes refuse it, prepare the same request again, replacing this file, with the fee calculated on the full size.",
    ),
    Hint::new(
        &[Code::FeeTooHigh],
        "Choose a lower fee rate. A replacement pays the earlier fee, and relay of its own full size on top.",
    ),
    Hint::new(
        &[Code::ChangePath],
        "Coldamp signs nothing that pays the treasury above index 20,000. If the output is a recipient, tell AMP. If not, read the coins from another chain source. If every lower address is really used, move the coins to a new treasury.",
    ),
    Hint::new(
        &[Code::Contract],
        "Get the contract from AMP, or from the asset registry: of its answer take the `contract` member alone. Or prepare without a contract: amounts are then shown in base units.",
    ),
    Hint::new(
        &[Code::Network],
        "Choose the network of the treasury at step 1. Descriptor, files and chain source must all belong to it.",
    ),
    Hint::new(
        &[Code::Version],
        "If it is a PSET, prepare it again. If it is a signed file, get the Coldamp version that wrote it, or sign again.",
    ),
    Hint::new(
        &[Code::SignedDiffers],
        "Do not send. The file was changed on its way, or belongs to another PSET. Check it on a second air-gapped machine.",
    ),
    // The request.
    Hint::new(
        &[Code::Parse],
        "Choose the file again, whole and unchanged, as the program that made it wrote it.",
    ),
    Hint::new(&[Code::JsonShape, Code::Command], SAVE_AGAIN),
    Hint::new(
        &[Code::AmountSyntax],
        "In a field, enter a whole number of base units above 0. In a request, save AMP's answer once more, byte for byte, and do not edit it.",
    ),
    Hint::new(
        &[Code::TextUnsafe],
        "Do not use it. Save AMP's answer once more. If the result is the same, tell AMP.",
    ),
    Hint::new(
        &[Code::Address],
        "Check that the network is the asset's. If it is, the holder's address at AMP is wrong: have it corrected at AMP, not here.",
    ),
    Hint::new(
        &[Code::Host],
        "Do not log in. The report and your password would go to this host. Find out where it comes from.",
    ),
    Hint::new(&[Code::ClientVersion], "Get a newer Coldamp. AMP's rules may have changed."),
    Hint::new(&[Code::RequestAsset], "Check the network. L-BTC is not an asset of AMP's."),
    // Warnings.
    Hint::new(
        &[Code::TokensLeftOut],
        "Hand it over only if Blockstream support asked you to leave token outputs out.",
    ),
    Hint::new(
        &[Code::TickerNotProven, Code::MayBeToken],
        "Compare the asset id with the one you keep on paper, or prepare with the asset's contract.",
    ),
    Hint::new(&[Code::NoTicker], "Compare the asset id with the one you keep on paper."),
    Hint::new(
        &[Code::OpeningUsed],
        "Nothing is needed: the opening matches both commitments of the coin. Keep the signed.json that it comes from.",
    ),
    Hint::new(
        &[Code::FarIndex],
        "Of a coin, nothing is needed: anybody who knows an address can pay there. Of an output or of change, check that the treasury has used its addresses that far. If it has not, read the coins from another chain source.",
    ),
    Hint::new(
        &[Code::UnconfidentialRecipient],
        "Check with the holder that a public amount is meant. Otherwise have the holder register a confidential address at AMP.",
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
        "Save the file once more as UTF-8 without a byte order mark. Do not edit what AMP or a signer wrote: get it again.",
    ),
    Hint::new(
        &[Code::KeysExposed],
        "Treat these keys as stolen: they have been on a machine with a network. Make a new treasury with `coldamp key new` on the air-gapped machine and send the asset, its reissuance token and all L-BTC there. Delete every copy here.",
    ),
    Hint::new(&[Code::Descriptor, Code::NotSlip77, Code::ScriptType, Code::KeyShape, Code::Index], WATCH),
    // Reading the treasury.
    Hint::new(&[Code::Source, Code::NoTransaction, Code::EsploraUnreachable], SERVER),
    Hint::new(
        &[Code::NothingOurs],
        "Check that the descriptor and the chain source belong to the same treasury, and that it has received something.",
    ),
    Hint::new(
        &[Code::IssuanceNotFound, Code::NoIssuance],
        "Enter the transaction that issued the asset. A transactions file must contain it.",
    ),
    Hint::new(&[Code::NoOutput], "Try again. If it stays so, do not trust this chain source."),
    Hint::new(
        &[Code::Transaction],
        "Make the transactions file again with a node that you trust. An entry was altered.",
    ),
    Hint::new(
        &[Code::Txid],
        "Enter the 64 hexadecimal digits of a transaction id. If a file is refused, make it again with a node that you trust.",
    ),
    Hint::new(
        &[Code::LeftOut],
        "Check whether the request can do without these coins. A node, or the signed.json that made them, may open them.",
    ),
    Hint::new(&[Code::Stale], "Read the coins again."),
    Hint::new(&[Code::EsploraAddress], "Enter the root of an Esplora API, https://HOST/PATH."),
    Hint::new(&[Code::EsploraLimited], "Wait, then try again. What was read is not asked for again."),
    Hint::new(
        &[Code::EsploraCredentials],
        "Start `coldamp-online serve` with valid Esplora credentials. The page has none of its own.",
    ),
    Hint::new(
        &[Code::EsploraRefused, Code::EsploraAnswer],
        "Check that this is an Esplora server of the treasury's network, with Elements' API.",
    ),
    // Preparing.
    Hint::new(
        &[Code::MissingCoins],
        "Wait until payments to the treasury have confirmed. L-BTC pays the fee. A burn takes the asset only from coins that AMP lists.",
    ),
    Hint::new(
        &[Code::TokenMissing],
        "Ask AMP whether its list of token outputs is out of date. Leave some out only if Blockstream support asked for it.",
    ),
    Hint::new(
        &[Code::NotTheToken],
        "Do nothing before AMP has corrected its list: it names an output that is not a token of this asset.",
    ),
    Hint::new(
        &[Code::CoinsSpent],
        "Find out which transaction spent the coin. If it was this request's own, the request is paid: report its signed file. If it was another one, and this request was prepared before, release this request below and prepare again. If AMP's request lists the coin, ask AMP for a new request.",
    ),
    Hint::new(
        &[Code::CoinsReserved],
        "Finish the other prepared request first. If it will never be signed, release it below and prepare again. Every other request keeps its coins.",
    ),
    Hint::new(
        &[Code::NothingToReplace],
        "If the earlier transaction has confirmed, report it. If it was never sent, prepare without replacing it.",
    ),
    Hint::new(
        &[Code::CannotReplace],
        "Choose the signed file of this request as the one to replace, or prepare a request that may spend these coins.",
    ),
    Hint::new(&[Code::TooMany], "Join small coins into larger ones first, with transactions of their own."),
    Hint::new(&[Code::Overflow], "Check the amounts at AMP and the fee rate."),
    Hint::new(
        &[Code::Record],
        "Use the record as it was kept. Without it, coins and addresses would be used twice.",
    ),
    Hint::new(
        &[Code::PreparedBefore],
        "Sign only one of the PSETs of this request, unless both spend a coin in common.",
    ),
    Hint::new(&[Code::OtherCoins], "Check the inputs in the review."),
    Hint::new(
        &[Code::Promised],
        "Nothing is needed. Finish the other prepared requests to free their coins.",
    ),
    // AMP.
    Hint::new(&[Code::AmpUnreachable, Code::AmpFailed, Code::Unclear], TRY_AGAIN),
    Hint::new(
        &[Code::AmpCredentials],
        "Check user name and password. An account belongs to one of AMP's hosts.",
    ),
    Hint::new(&[Code::AmpRefused], "Read AMP's own words. Nothing was changed there."),
    Hint::new(&[Code::AmpAnswer], "Get a newer Coldamp: AMP's API has changed, or this is not AMP."),
    Hint::new(&[Code::AnswerDiffers], "Keep AMP's answer. Do not prepare it before you know why it differs."),
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
        "Nothing was made. Look again, compare the assignments with what is to be paid, and confirm the new total.",
    ),
    Hint::new(
        &[Code::DistributionOpen],
        "Finish that distribution first. If its answer was lost, the page can write its request again from AMP's assignments.",
    ),
    Hint::new(
        &[Code::TotalDiffers],
        "Compare with the assignments at AMP, and type the base units shown above.",
    ),
    Hint::new(
        &[Code::NoAssignments],
        "Do not pay it: it was cancelled at AMP, or belongs to another asset. To make sure that nobody pays it, prepare another request that replaces it.",
    ),
    Hint::new(
        &[Code::NoAddress],
        "Ask AMP for its answer to distributions/create. Without the address nobody can be paid.",
    ),
    Hint::new(&[Code::AlreadyDistributed], "Do not pay it again. Look at AMP which transaction paid it."),
    // The signed file, sending and reporting.
    Hint::new(
        &[Code::SignedField],
        "Use the file that `coldamp sign` wrote. If this is it, it was altered on its way: sign the same PSET again, which gives the same file.",
    ),
    Hint::new(
        &[Code::Payload],
        "Do not send. The report was altered, or the signing machine made a wrong one. Sign the same PSET again.",
    ),
    Hint::new(
        &[Code::InputSpent],
        "Only one of the two transactions can confirm. Look at the other one before anything is signed again.",
    ),
    Hint::new(&[Code::Rejected], "Read the node's own words. Nothing was sent."),
    Hint::new(&[Code::NotSent], "Send it first."),
    Hint::new(
        &[Code::MayBeSent],
        "Broadcast again: the page looks for the transaction first, and sends it only if it is not there. Do not cancel the distribution at AMP before that.",
    ),
    Hint::new(
        &[Code::MayBeReported],
        "Report again: the page looks at AMP's record first, and posts nothing twice.",
    ),
    Hint::new(&[Code::NotYet], "Try again when it has two confirmations."),
    Hint::new(
        &[Code::ReportUnknown],
        "Look at AMP whether it has the transaction. If it does not, tick “Report again, though an earlier report may have arrived”.",
    ),
    Hint::new(
        &[Code::ReportMissing],
        "Try again later: AMP's record may be behind, and trying again posts nothing. If it stays so, ask AMP. If AMP does not have the report, tick “Report again, though an earlier report may have arrived”.",
    ),
    Hint::new(&[Code::RecordDiffers], "Show AMP these lines before the next job. The report was accepted."),
    Hint::new(
        &[Code::OtherTransaction],
        "Two transactions were made for one distribution. Find out at AMP which one paid the holders.",
    ),
    Hint::new(
        &[Code::Log],
        "Keep this file's log, unchanged, where the browser can store it. Without it, look at the chain and at AMP before you continue.",
    ),
    Hint::new(
        &[Code::LogBusy],
        "Wait until the other tab has finished, or close it, then try again. The page looks first, and does nothing twice.",
    ),
    // BBQr frames.
    Hint::new(
        &[Code::BbqrCompressed],
        "Have the other side show it uncompressed (encoding 2 or H), or bring the file on a USB stick.",
    ),
    Hint::new(&[Code::BbqrOtherRow, Code::BbqrConflict, Code::BbqrLength], OTHER_FILE),
    Hint::new(
        &[Code::BbqrNoFrame, Code::BbqrEncoding, Code::BbqrFileType, Code::BbqrNumber, Code::BbqrCharacters],
        NO_FRAME,
    ),
    Hint::new(&[Code::BbqrEmpty], "Choose the file as it was written."),
    Hint::new(&[Code::BbqrFrameSize], "Choose another size of the QR codes."),
    Hint::new(&[Code::BbqrTooMany], "Show larger QR codes, or carry the file on a USB stick."),
    // The page itself.
    Hint::new(&[Code::Page], "This is a mistake in the page. Report it: what you did, and this text."),
    Hint::new(&[Code::Uuid], "AMP shows an asset's uuid beside its name: 8-4-4-4-12 hexadecimal digits."),
    Hint::new(&[Code::Amount], BASE_UNITS),
    Hint::new(
        &[Code::FeeRate],
        "Enter a whole number. 100 sat/kvB is the least that nodes relay, and usually enough.",
    ),
    Hint::new(&[Code::ServerAddress], "Enter the server's whole address, without user and password."),
    Hint::new(&[Code::TooLarge], "Choose another file."),
    Hint::new(&[Code::Unreadable], "Copy the file to this computer first."),
    Hint::new(
        &[Code::Camera],
        "Allow the camera for this page, which needs https or 127.0.0.1, or bring the file on a USB stick.",
    ),
    Hint::new(
        &[Code::RecordChanged],
        "Prepare again. It skips the coins that the other request has reserved.",
    ),
    Hint::new(
        &[Code::KeptOtherwise],
        "Finish here what you prepared here, then reload this tab: it then goes on with what is kept. A reload forgets what only this tab knows.",
    ),
    Hint::new(
        &[Code::Storage],
        "Allow the browser to store data for this page, or work without “Remember on this computer” and keep the files yourself.",
    ),
    Hint::new(
        &[Code::NoLocks],
        "Use a current browser with the page of `coldamp-online serve`, or the command line.",
    ),
    Hint::new(
        &[Code::Cancelled],
        "Start it again when you like. The page looks first, and does nothing twice.",
    ),
    Hint::new(&[Code::Argument], "This is a mistake in the page. Report it: what you did, and this text."),
    Hint::new(
        &[Code::EngineStopped],
        "Reload the page and begin again with the treasury. What was sent or reported is looked up, and not done twice.",
    ),
    Hint::new(
        &[Code::Internal],
        "Report the line above, without amounts and addresses if you like. Then reload the page.",
    ),
];

/// What only a command line shows: journal, policy, approval, a node, and files in a folder.
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
    Code::CredentialsOpen,
    Code::NodeAddress,
    Code::NodeCredentials,
    Code::NodeUnreachable,
    Code::NodeRefused,
    Code::NodeAnswer,
    Code::BlindersMissing,
    Code::Unopened,
    Code::JournalFork,
    Code::ReportDiffers,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hint_is_whole_sentences_and_names_no_flag() {
        assert_eq!(HINTS.faults(), []);
        for hint in Code::ALL.iter().filter_map(|code| HINTS.of(*code)) {
            assert!(hint.ends_with('.') && !hint.contains("--"), "{hint}");
        }
    }

    #[test]
    fn no_hint_tells_anybody_to_forget_every_reservation_and_every_log() {
        for code in [Code::CoinsSpent, Code::CoinsReserved] {
            let hint = HINTS.text(code);
            assert!(hint.contains("release") && !hint.contains("untick"), "{code}: {hint}");
        }
    }
}
