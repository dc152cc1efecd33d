//! A rule that failed: its stable code, what was found, what was expected, and what to do.

use std::fmt;

use crate::amp::RequestError;
use crate::limits::{MAX_LISTED_OF_A_CODE, MAX_LISTED_PROBLEMS};
use crate::listed::at_most_of_each;
use crate::pset::{FieldError, KeyProblem};

/// A rule that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Which rule.
    pub code: Code,
    /// Where, what was found, and what was expected.
    pub message: String,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $hint:literal;)+) => {
        /// The stable names of the rules, which docs/rules.md describes. Other tools match on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The name as it stands in reports.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }

            /// What to do about it.
            pub fn hint(self) -> &'static str {
                match self { $(Code::$name => $hint,)+ }
            }
        }
    };
}

codes! {
    /// Paid amount differs from the request's.
    AmountMismatch = "AMOUNT_MISMATCH", "Do not sign. Prepare the PSET anew from AMP's request; if it happens again, treat the preparing machine as hostile.";
    /// A recipient's script is replaced, or a recipient is paid twice.
    RecipientMismatch = "RECIPIENT_MISMATCH", "Do not sign: somebody else would be paid. Treat the preparing machine as hostile.";
    /// A recipient's script is right and its blinding key is not.
    BlindingKeyMismatch = "BLINDING_KEY_MISMATCH", "Do not sign: the recipient could not open the output. Prepare anew on another machine.";
    /// A recipient is not paid.
    RecipientMissing = "RECIPIENT_MISSING", "Do not sign. Prepare the PSET anew from AMP's request.";
    /// An output that nothing in the request explains.
    OutputUnexplained = "OUTPUT_UNEXPLAINED", "Do not sign: value would leave the treasury. Treat the preparing machine as hostile.";
    /// A recipient is paid in another asset.
    AssetMismatch = "ASSET_MISMATCH", "Do not sign. Prepare the PSET anew from AMP's request.";
    /// An output that must be blinded is explicit.
    MustBeBlinded = "MUST_BE_BLINDED", "Do not sign: the amount would be public. Prepare the PSET anew.";
    /// Too few blinded outputs to hide an amount.
    TooFewBlinded = "TOO_FEW_BLINDED", "Prepare with one more coin, so that two outputs are blinded.";
    /// Reissued amount differs from the request's.
    IssuanceAmount = "ISSUANCE_AMOUNT", "Do not sign: supply would be made that nobody asked for. Treat the preparing machine as hostile.";
    /// The entropy is another asset's.
    IssuanceAsset = "ISSUANCE_ASSET", "Do not sign: another asset would be reissued. Prepare with the right issuance transaction.";
    /// A new issuance instead of a reissuance.
    IssuanceKind = "ISSUANCE_KIND", "Do not sign: a new asset would be made. Prepare the PSET anew.";
    /// Reissuance tokens would be made.
    IssuanceInflationKeys = "ISSUANCE_INFLATION_KEYS", "Do not sign. Prepare the PSET anew.";
    /// An issuance where the request has none, or a second one.
    IssuanceUnexpected = "ISSUANCE_UNEXPECTED", "Do not sign: supply would be made unseen. Treat the preparing machine as hostile.";
    /// Explicit where the asset was issued blinded, the other way round, or blinded by the preparer.
    IssuanceBlinded = "ISSUANCE_BLINDED", "Prepare the PSET anew; consensus wants the amount explicit exactly when the asset was issued explicit.";
    /// The issuance does not ride on the first token input.
    IssuanceInput = "ISSUANCE_INPUT", "Prepare the PSET anew.";
    /// The nonce is not the token's asset blinding factor.
    IssuanceNonce = "ISSUANCE_NONCE", "Prepare the PSET anew.";
    /// A token output is not ours.
    TokenEscapes = "TOKEN_ESCAPES", "Do not sign: the power to reissue would be lost. Treat the preparing machine as hostile.";
    /// Not all tokens come back in one output.
    TokenNotConserved = "TOKEN_NOT_CONSERVED", "Do not sign: reissuance tokens would be lost or split. Prepare the PSET anew.";
    /// The token comes back explicit, which can never reissue again.
    TokenUnblinded = "TOKEN_UNBLINDED", "Do not sign: an unblinded token can never reissue again. Prepare the PSET anew.";
    /// A distribution or burn spends something else than its asset and L-BTC.
    TokenUnexpected = "TOKEN_UNEXPECTED", "Do not sign: a distribution or burn never touches a reissuance token or another asset.";
    /// Something else would be burnt.
    BurnAsset = "BURN_ASSET", "Do not sign: the wrong asset would be destroyed.";
    /// Another amount would be burnt.
    BurnAmount = "BURN_AMOUNT", "Do not sign: the wrong amount would be destroyed.";
    /// The burn output is no single, explicit, bare OP_RETURN.
    BurnScript = "BURN_SCRIPT", "Do not sign: this is not a burn that AMP can see. Prepare the PSET anew.";
    /// Not exactly one fee output, explicit and last.
    FeeShape = "FEE_SHAPE", "Prepare the PSET anew.";
    /// The fee is paid in another asset than L-BTC.
    FeeAsset = "FEE_ASSET", "Do not sign: an asset would be given away as fee.";
    /// The fee is above the cap.
    FeeTooHigh = "FEE_TOO_HIGH", "Prepare with a lower --fee-rate; if none was given, treat the preparing machine as hostile.";
    /// The fee is below what nodes relay.
    FeeTooLow = "FEE_TOO_LOW", "Prepare with a --fee-rate of at least 100 sat/kvB.";
    /// An output claims to be ours and is not.
    ChangeForged = "CHANGE_FORGED", "DO NOT SIGN: an output pretends to be change. Treat the preparing machine as hostile.";
    /// An own output is blinded to a key that is not the treasury's.
    ChangeBlinding = "CHANGE_BLINDING", "Do not sign: the treasury could not open its own coin again. Treat the preparing machine as hostile.";
    /// An own output at a path the treasury would not look at.
    ChangePath = "CHANGE_PATH", "Do not sign: the coin would lie where no scan of the treasury looks. Prepare the PSET anew. Only where the treasury has used more addresses than this journal knows, as after `key restore`: `coldamp journal used` says so.";
    /// In and out differ for an asset.
    AssetUnbalanced = "ASSET_UNBALANCED", "Do not sign. Prepare the PSET anew.";
    /// An input that is not the treasury's.
    InputForeign = "INPUT_FOREIGN", "Check that keystore and descriptor belong to this treasury; a joint transaction is never signed.";
    /// An input's key or path is not what its script derives from.
    InputKey = "INPUT_KEY", "Check that keystore and descriptor belong to this treasury; prepare the PSET anew.";
    /// One coin twice.
    InputDuplicate = "INPUT_DUPLICATE", "Prepare the PSET anew.";
    /// Peg-in fields.
    PegIn = "PEGIN", "Do not sign. Prepare the PSET anew.";
    /// A coin's commitments do not fit its proof or what it opens to.
    UtxoCommitment = "UTXO_COMMITMENT", "Do not sign: the coin is not what it is said to be. Prepare from another chain source.";
    /// Claimed amount, asset or blinders of an input.
    UtxoClaim = "UTXO_CLAIM", "Do not sign: the coin holds something else than claimed. Prepare the PSET anew.";
    /// A coin whose amount cannot be learned.
    UtxoUnblindable = "UTXO_UNBLINDABLE", "Prepare with the coin's own range proof, or with an opening of it; a coin that cannot be opened is not signed for.";
    /// The previous transaction is another one.
    UtxoTxid = "UTXO_TXID", "Do not sign. Prepare from another chain source.";
    /// A listed token output is not spent.
    RequiredUtxo = "REQUIRED_UTXO", "Ask AMP for a new request if its list is out of date, and prepare anew; --allow-missing-token-utxos lets listed outputs be left out, only if Blockstream support asked for it.";
    /// An input that the request does not list.
    UnlistedInput = "UNLISTED_INPUT", "Prepare the PSET anew from AMP's request.";
    /// An output is blinded already.
    Preblinded = "PREBLINDED", "Prepare an unsigned PSET and do not pass it through another wallet; this signer blinds.";
    /// A blinding scalar.
    Scalar = "SCALAR", "Prepare an unsigned PSET and do not pass it through another wallet.";
    /// A blinder index that names no input, or stands without a blinding key.
    BlinderIndex = "BLINDER_INDEX", "Prepare the PSET anew.";
    /// A sighash type other than absent, ALL or ALL|RANGEPROOF.
    Sighash = "SIGHASH", "Do not sign: outputs could be changed after signing. Treat the preparing machine as hostile.";
    /// Signatures or final scripts before signing.
    SigsPresent = "SIGS_PRESENT", "Sign the unsigned PSET, not one that went through another signer.";
    /// A script that is not the treasury's.
    Script = "SCRIPT", "Prepare the PSET anew.";
    /// Locktime or sequence other than 0 and 0xfffffffd.
    Locktime = "LOCKTIME", "Prepare the PSET anew.";
    /// Transaction version other than 2.
    Version = "VERSION", "Prepare the PSET anew.";
    /// Flags that allow later changes.
    Modifiable = "MODIFIABLE", "Prepare the PSET anew.";
    /// A key that is on no list, stands twice, is missing, or has a value that does not decode.
    UnknownField = "UNKNOWN_FIELD", "Prepare the PSET with coldamp-online of the same version.";
    /// Metadata of the asset or its token that is not true, or proves nothing.
    Contract = "CONTRACT", "Prepare with the contract that the registry or AMP has (--contract FILE), or without --contract. If that one was given, treat the preparing machine as hostile.";
    /// An entropy that leads to another asset.
    Entropy = "ENTROPY", "Do not sign: the asset would be taken for another one. Prepare the PSET anew from another chain source.";
    /// Another chain's PSET.
    Network = "NETWORK", "Check --network when preparing, and the keystore's network.";
    /// Heavier than nodes relay.
    TooHeavy = "TOO_HEAVY", "Distribute to fewer holders at once: split the assignments at AMP.";
    /// An output or a coin of nothing.
    ZeroAmount = "ZERO_AMOUNT", "Prepare the PSET anew.";
    /// An amount that no range proof can hide.
    AmountRange = "AMOUNT_RANGE", "Prepare without that coin, or with smaller amounts.";
    /// Explicit outputs above what consensus sums.
    ExplicitSum = "EXPLICIT_SUM", "Burn or pay less at once.";
    /// No request to hold the PSET against.
    RequestMissing = "REQUEST_MISSING", "Give AMP's request with --request FILE.";
    /// The request given is not the one in the PSET.
    RequestDiffers = "REQUEST_DIFFERS", "Find out which of the two is AMP's; prepare anew from that one.";
    /// The request is no JSON.
    Parse = "PARSE", "Get the request from AMP again.";
    /// The request has another shape than AMP's.
    JsonShape = "JSON_SHAPE", "Get the request from AMP again; do not edit it.";
    /// Text of the request that does not look like what it is.
    TextUnsafe = "TEXT_UNSAFE", "Do not sign: a text of the request is written to mislead. Get the request from AMP again; if it is the same, tell AMP.";
    /// The request's command is none of the three.
    Command = "COMMAND", "Only distribute, reissue and burn are supported.";
    /// An amount that is not a whole number of base units in range.
    AmountSyntax = "AMOUNT_SYNTAX", "Get the request from AMP again; do not edit it.";
    /// An address of another network, or none.
    Address = "ADDRESS", "Check that request and keystore are of one network.";
    /// A host that is not AMP's.
    Host = "HOST", "Do not use this file: its report and your password would go to that host.";
    /// AMP wants a newer client.
    ClientVersion = "CLIENT_VERSION", "Update coldamp before signing anything for AMP.";
    /// The asset is L-BTC.
    RequestAsset = "REQUEST_ASSET", "AMP distributes, reissues and burns issued assets only.";
    /// Another transaction was signed for this request, and both could confirm.
    AlreadySigned = "ALREADY_SIGNED", "Send the transaction that was signed before. To replace it, prepare with --replace and its signed.json; the new one has to spend a coin of every earlier one for this request; if an earlier one can never confirm, `coldamp journal declare-void` says so.";
    /// A signing that was declared void could confirm after it, or is this one.
    VoidRevived = "VOID_REVIVED", "Do not sign: the transaction that was declared void could confirm after this one, and its request be paid twice. Treat the preparing machine as hostile. If you want a transaction that was signed before once more, prepare its request anew with another --fee-rate: that one excludes it.";
    /// A distribution to the same holders is signed and may still confirm.
    OpenTwin = "OPEN_TWIN", "Find out whether AMP has cancelled the older distribution: if so, the new transaction has to spend one of its coins: prepare it with --replace and the older signed.json; if both are meant, sign at a terminal without --approve and type the older uuid.";
    /// Another process holds the chain of policy and journal.
    JournalBusy = "JOURNAL_BUSY", "Wait until the other coldamp is done, then run it again.";
    /// The chain of policy and journal is missing, foreign, broken, forked, or older than it was.
    Journal = "JOURNAL", "Put back the keystore's own .journal and .head, the newest there are (a missing .head: `coldamp journal rebuild-head`). If they are lost, restore the newest backup with `coldamp restore`. Only where there is no backup, restore a keystore from the words: every review then warns that earlier signings are unknown.";
    /// An entry of the chain that sets or removes a policy was altered.
    PolicyMac = "POLICY_MAC", "Somebody edited the policy without the keystore. Put back the keystore's own .journal; treat whoever had access as hostile.";
    /// The chain is another keystore's, by network or fingerprint.
    KeyMismatch = "KEY_MISMATCH", "Put back this keystore's own .journal, or name the keystore that this one belongs to.";
    /// Asset or uuid are not the pair that the policy pins.
    PolicyAsset = "POLICY_ASSET", "Do not sign unless this asset is meant: then set a policy for it with `coldamp policy apply`.";
    /// More than the policy allows at once.
    PolicyMax = "POLICY_MAX", "Ask whoever set the policy; `coldamp policy apply` sets another one.";
    /// Too many recipients, or too much for one of them.
    PolicyRecipients = "POLICY_RECIPIENTS", "Split the distribution at AMP, or ask whoever set the policy.";
    /// The budget is used up.
    PolicyBudget = "POLICY_BUDGET", "Ask whoever set the policy; a policy file that names this job in `renew_budgets` starts the budget anew (`coldamp policy apply`).";
    /// A recipient in the open, which the policy forbids.
    PolicyUnconfidential = "POLICY_UNCONFIDENTIAL", "Have the holder register a confidential address at AMP, and ask for a new request.";
    /// The approval code is another PSET's or another treasury's.
    ApprovalCode = "APPROVAL_CODE", "Review this very PSET with this keystore, and compare the codes.";
    /// The policy demands an approver.
    ApprovalMissing = "APPROVAL_MISSING", "Have an approver run `coldamp approve` on this PSET, and give its file with --approval.";
    /// An approver's signature that is not one for this.
    ApprovalSignature = "APPROVAL_SIGNATURE", "Have an approver whom the policy names approve this very PSET.";
    /// What another machine signed is not what this PSET and these keys make.
    SignedDiffers = "SIGNED_DIFFERS", "Do not send it: the stick was changed, or the machine that signed it does not do what it says. Sign again on hardware that you trust.";
    /// A field that a transaction needs is missing.
    Content = "CONTENT", "Prepare the PSET anew.";
}

/// At most so many of each code as a screen bears, in their order; the last of a code says how many more there are.
pub(super) fn bounded(mismatches: Vec<Mismatch>) -> Vec<Mismatch> {
    let most = |code: &Code| match code {
        // Each names a uuid of its own, which has to be typed.
        Code::OpenTwin => MAX_LISTED_PROBLEMS,
        // Each is a fault of the file's own; the one behind them says how many more there are.
        Code::UnknownField => MAX_LISTED_PROBLEMS.saturating_add(1),
        _ => MAX_LISTED_OF_A_CODE,
    };
    at_most_of_each(
        mismatches,
        |mismatch| mismatch.code,
        most,
        |last, more| {
            last.message.push_str(&format!(" (and {more} more like this)"));
        },
    )
}

impl Mismatch {
    /// `place: found …, expected …`.
    pub(crate) fn new(
        code: Code,
        place: &str,
        found: impl fmt::Display,
        expected: impl fmt::Display,
    ) -> Self {
        Mismatch { code, message: format!("{place}: found {found}, expected {expected}") }
    }

    pub(crate) fn of_request(error: &RequestError) -> Self {
        let code = match error {
            RequestError::Unreadable { .. } => Code::Parse,
            RequestError::Shape { .. } => Code::JsonShape,
            RequestError::TextUnsafe { .. } => Code::TextUnsafe,
            RequestError::Command { .. } => Code::Command,
            RequestError::Amount { .. } => Code::AmountSyntax,
            RequestError::Address { .. } => Code::Address,
            RequestError::Host { .. } => Code::Host,
            RequestError::ClientVersion { .. } => Code::ClientVersion,
            RequestError::PolicyAsset { .. } => Code::RequestAsset,
        };
        Mismatch { code, message: format!("the request: {error}") }
    }

    pub(crate) fn of_field(error: &FieldError) -> Self {
        let code = match error.problem {
            KeyProblem::Unknown
            | KeyProblem::More
            | KeyProblem::TooMany
            | KeyProblem::Duplicate
            | KeyProblem::Missing
            | KeyProblem::Value
            | KeyProblem::IssuanceFlag => Code::UnknownField,
            KeyProblem::LockTime => Code::Locktime,
            KeyProblem::Preblinded => Code::Preblinded,
            KeyProblem::Scalar => Code::Scalar,
            KeyProblem::SignaturesPresent => Code::SigsPresent,
            KeyProblem::Script => Code::Script,
            KeyProblem::Modifiable => Code::Modifiable,
            KeyProblem::PegIn => Code::PegIn,
            KeyProblem::IssuanceCommitment | KeyProblem::Issuance => Code::IssuanceBlinded,
            KeyProblem::InflationKeys => Code::IssuanceInflationKeys,
            KeyProblem::SuppliedOpening | KeyProblem::UtxoClaim => Code::UtxoClaim,
            KeyProblem::UtxoCommitment => Code::UtxoCommitment,
            KeyProblem::UtxoProof => Code::UtxoUnblindable,
            KeyProblem::UtxoTransaction => Code::UtxoTxid,
            KeyProblem::Sighash => Code::Sighash,
            KeyProblem::BlinderIndex => Code::BlinderIndex,
            KeyProblem::BlindingKey => Code::BlindingKeyMismatch,
            KeyProblem::InputDerivation => Code::InputKey,
            KeyProblem::OutputDerivation => Code::ChangePath,
            KeyProblem::Genesis => Code::Network,
            KeyProblem::Metadata => Code::Contract,
            KeyProblem::Entropy => Code::Entropy,
        };
        Mismatch { code, message: error.to_string() }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}
