//! Errors of AMP, of signed files, and of sending and reporting, as failures of a command.

use std::path::Path;

use coldamp_cli::screen::printable_path;
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::confirm::RowError;
use coldamp_core::amp::request::Command;
use coldamp_core::code::Code;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::listed::listed;
use coldamp_core::network::Network;
use coldamp_core::signed::ReadError;
use coldamp_online::amp::{Amp, AmpError};
use coldamp_online::audit::NotAudited;
use coldamp_online::broadcast::{AskedFee, BroadcastError};
use coldamp_online::report::ReportError;
use coldamp_online::request::answer::AnswerError;
use coldamp_online::request::asset::AssetError;
use coldamp_online::request::distribution::{DistributionError, RebuildError};
use coldamp_online::request::locks::LockError;
use coldamp_online::request::planned::NotPossible;
use coldamp_online::state::seen_signatures::Fork;
use coldamp_online::treasury::blinders::BlindersError;
use coldamp_online::treasury::issue::IssueError;
use coldamp_online::treasury::issue::setup::SetupError;
use coldamp_online::treasury::overview::OverviewError;
use coldamp_online::treasury::register::RegisterError;

use super::{HINTS, of, plan, source, sync};
use crate::source::SourceError;

/// A signed file that does not decode, or contradicts itself.
pub(crate) fn signed(path: &Path, error: &ReadError) -> Failure {
    let failure = of(error.code(), format!("the signed file {}: {error}", printable_path(path)));
    match error {
        ReadError::Version { .. } | ReadError::Payload(_) => failure,
        _ => failure.with_hint(HINTS.text(Code::SignedField)),
    }
}

/// A report that does not open its transaction.
pub(crate) fn payload(path: &Path, error: &RowError) -> Failure {
    of(Code::Payload, format!("the signed file {}: {error}", printable_path(path)))
}

/// AMP that does not do what it was asked.
pub(crate) fn amp(error: &AmpError) -> Failure {
    of(error.code(), error.to_string())
}

/// An asset that nothing is asked of now.
pub(crate) fn asset(error: &AssetError) -> Failure {
    of(error.code(), error.to_string())
}

/// A treasury that cannot be shown.
pub(crate) fn overview(error: &OverviewError<SourceError>) -> Failure {
    match error {
        OverviewError::Sync(error) => sync(error, source),
        other => of(other.code(SourceError::code), other.to_string()).with_hint(
            "Check --asset and --asset-id, or the profile. If both are right, do nothing before AMP has said why.",
        ),
    }
}

/// Addresses that are not registered.
pub(crate) fn register(error: &RegisterError) -> Failure {
    match error {
        RegisterError::Amp(error) if error.may_have_acted() => amp(error).with_hint(
            "AMP may have taken the addresses. Run it again: it reads AMP's list first, and sends what is missing there.",
        ),
        other => of(other.code(), other.to_string()),
    }
}

/// A request that could not be carried out, and so is not asked for.
pub(crate) fn not_possible(error: &NotPossible, network: &Network) -> Failure {
    let failure = || of(error.code(), error.to_string()).with_exit(Exit::Refused);
    match error {
        NotPossible::Plan { command, error } => plan(error, *command, network),
        NotPossible::Draft(_) => failure().with_hint(
            "AMP's assignments make no request that could be acted on: correct them at AMP. Nothing was asked for.",
        ),
        NotPossible::NoToken { .. } => failure().with_hint(
            "With --node, name --issuance-tx, from which the token is known. Otherwise the token is not in this treasury.",
        ),
        NotPossible::NoCoin { .. } => failure(),
    }
}

/// A distribution that is not made, or whose answer is lost.
pub(crate) fn distribution(error: &DistributionError) -> Failure {
    let failure = || of(error.code(), error.to_string());
    match error {
        DistributionError::Open { ours: Some(uuid), .. } => failure().with_hint(format!(
            "This command made distribution {uuid}, and the answer was lost. Add --distribution {uuid} to the same command: it writes the request again."
        )),
        DistributionError::Open { ours: None, .. }
        | DistributionError::Nothing
        | DistributionError::Changed { .. } => failure(),
        DistributionError::OtherAssignments { .. } => failure().with_hint(
            "Do not prepare it. AMP's answer is saved. Ask AMP before you cancel the distribution: its assignments are bound to it.",
        ),
        DistributionError::Asset(error) => asset(error),
        DistributionError::Log(_) => failure().with_hint("Nothing was asked for. Make room on the disk, then run it again."),
        DistributionError::Amp(error) if error.may_have_acted() => amp(error).with_hint(
            "AMP may have made the distribution. Run the same command again: it looks, and says how to continue.",
        ),
        DistributionError::Amp(error) => amp(error),
    }
}

/// Assignments that are not locked or not unlocked.
pub(crate) fn locks(error: &LockError) -> Failure {
    match error {
        LockError::Amp(error) => amp(error),
        LockError::Log(_) => of(error.code(), error.to_string())
            .with_hint("The step was not taken. Make room on the disk, then run it again."),
        other => of(other.code(), other.to_string()),
    }
}

/// A distribution whose request is not written again.
pub(crate) fn rebuilt(error: &RebuildError) -> Failure {
    let failure = of(error.code(), error.to_string());
    match error {
        // Asked for by its uuid, it is refused; where it is in the way of something else, it is a conflict.
        RebuildError::Distributed { .. } | RebuildError::Paid { .. } => failure.with_exit(Exit::Refused),
        RebuildError::Nothing { .. } => failure.with_hint("Check the uuid and --asset."),
        RebuildError::TooMuch(_) => {
            failure.with_hint("Look at the distribution's assignments at AMP: no chain holds so much.")
        }
        RebuildError::Amp(_) | RebuildError::NoAddress { .. } => failure,
    }
}

/// An asset that is not issued, whose answer is lost, or that is not what was asked for.
pub(crate) fn issue(error: &IssueError) -> Failure {
    let failure = || of(error.code(), error.to_string());
    match error {
        IssueError::Amp(error) if error.may_have_acted() => amp(error).with_hint(
            "AMP may have issued the asset. Run the same command again: it looks, and asks for nothing twice.",
        ),
        IssueError::Amp(error) => amp(error),
        IssueError::Log(_) => {
            failure().with_hint("Nothing was asked for. Make room on the disk, then run it again.")
        }
        IssueError::Contract { .. } => failure().with_exit(Exit::Refused).with_hint(
            "AMP made the contract in another form than the asset registry's documentation has. The asset exists, and its contract is not known here: ask AMP for it.",
        ),
        IssueError::Descriptor(error) => Failure::internal(error),
        IssueError::Exists { .. }
        | IssueError::Unknown { .. }
        | IssueError::Shape { .. }
        | IssueError::Answer { .. }
        | IssueError::Chain { .. } => failure(),
    }
}

/// A step of setting up an asset that is not taken.
pub(crate) fn setup(error: &SetupError<SourceError>) -> Failure {
    match error {
        SetupError::Source(error) => source(error),
        SetupError::Amp(error) => amp(error),
        SetupError::Blinders(error) => blinders(error),
        SetupError::OtherAsset { .. } | SetupError::Register(_) => {
            of(error.code(SourceError::code), error.to_string())
        }
    }
}

/// A signed file that is not what the PSET must have become.
pub(crate) fn not_audited(pset: &Path, error: &NotAudited) -> Failure {
    match error {
        NotAudited::Review(_) => not_the_pset(pset, error.code(), &error.to_string()),
        NotAudited::Differs(_) => of(error.code(), error.to_string()),
    }
}

/// A PSET that fails the review where it is compared with what was signed.
pub(crate) fn not_the_pset(pset: &Path, code: Code, error: &str) -> Failure {
    of(code, format!("the PSET {}: {error}", printable_path(pset)))
        .with_exit(Exit::Refused)
        .with_hint("Do not send. This is not the PSET that was handed over, or not this treasury's.")
}

/// An answer of AMP's that is not what was asked for. Its words may quote the answer.
pub(crate) fn answer(path: &Path, answer: &[u8], asked: Command, error: &AnswerError, amp: &Amp) -> Failure {
    let hint = match (error, asked) {
        (AnswerError::Nothing, _) => "Look at the assignments at AMP. Nothing was made.",
        (_, Command::Distribute) => {
            "Do not prepare AMP's answer, which is saved, before you know why it differs. AMP may have made the distribution all the same: ask for it once more with another -o, which looks first and says how to continue."
        }
        (_, Command::Reissue | Command::Burn) => HINTS.text(Code::AnswerDiffers),
    };
    let reason = amp.reason_without_credentials(&error.to_string(), answer);
    let message = format!("{}: {reason}", printable_path(path));
    of(error.code(), message).with_exit(Exit::Refused).with_hint(hint)
}

/// A transaction that is not sent.
pub(crate) fn broadcast(error: &BroadcastError<SourceError>) -> Failure {
    let failure = of(error.code(SourceError::code), error.to_string());
    match error {
        BroadcastError::Source(error) => source(error),
        BroadcastError::Amp(error) => amp(error),
        BroadcastError::OtherChain { .. } => {
            failure.with_hint("Name a chain source of the network that the file is signed for.")
        }
        BroadcastError::FeeTooLow { asked, .. } => {
            failure.with_exit(Exit::Network).with_hint(fee_too_low(*asked))
        }
        BroadcastError::Log(_) => failure.with_hint(NO_ROOM),
        _ => failure,
    }
}

/// What to do if the log cannot be written.
const NO_ROOM: &str = "Make room beside the signed file, then run it again.";

/// A signed file whose journal entry was another transaction before, or that names another signer's journal. Of several signers it is
/// said whose part that is.
pub(crate) fn fork(error: &Fork, signer: Option<Fingerprint>) -> Failure {
    let whose = signer.map_or_else(String::new, |signer| format!("signer {signer}: "));
    let failure = of(error.code(), format!("{whose}{error}"));
    match (error, signer) {
        (Fork::OtherSigner { first, .. }, Some(signer)) => failure.with_hint(format!(
            "Nothing was sent. Ask both signers: `coldamp key watch` shows the journal chain of a keystore. If it is that of signer {first}, the part of signer {signer} was changed: find out who made it. If it is that of signer {signer}, an earlier part of signer {first} was changed: find out who made that, then run it again with --journal-restored={signer}."
        )),
        _ => failure,
    }
}

/// What to do if a node asks a higher fee. It names the options that reach the fee: the lowest rate of the full size would
/// be refused again by a node that asks more.
fn fee_too_low(asked: Option<AskedFee>) -> String {
    let again = "prepare the same request again with --replace and this signed file";
    let Some(AskedFee { fee, full_rate, default_cap }) = asked else {
        return format!(
            "The node does not say how much it asks: {again}, with --fee-basis full and a higher --fee-rate than before."
        );
    };
    let rate = full_rate.max(MIN_RELAY_FEE_RATE);
    let mut hint = format!(
        "The node asks at least {fee} for this transaction: {again}, with --fee-basis full --fee-rate {} or more.",
        rate.sat_per_kvb()
    );
    if fee > default_cap {
        hint += &format!(
            " That is above the default cap of {default_cap}: set a higher max_fee_sat in the air-gapped machine's policy, and name the same with --max-fee."
        );
    }
    hint
}

/// A report that is not made.
pub(crate) fn report(error: &ReportError<SourceError>) -> Failure {
    let failure = of(error.code(SourceError::code), error.to_string());
    match error {
        ReportError::Source(error) => source(error),
        ReportError::Amp(error) => amp(error),
        ReportError::Conflict { .. } => failure.with_hint(
            "Find out what the other transaction is. This one never confirms unless that one is dropped, and there is nothing to report.",
        ),
        ReportError::Unclear { .. } => failure.with_exit(Exit::NotYet),
        ReportError::Payload { .. } => Failure::internal(error),
        ReportError::Log(_) => failure.with_hint(NO_ROOM),
        _ => failure,
    }
}

/// What differs between AMP's record and the report.
///
/// # Errors
/// When anything does.
pub(crate) fn record_differs(differences: &[String]) -> Result<(), Failure> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(of(Code::RecordDiffers, format!("AMP's record differs from the report: {}", listed(differences))))
}

/// Blinders that AMP is not told.
pub(crate) fn blinders(error: &BlindersError<SourceError>) -> Failure {
    let failure = of(error.code(SourceError::code), error.to_string());
    match error {
        BlindersError::Source(error) => source(error),
        BlindersError::Amp(error) => amp(error),
        BlindersError::Descriptor(error) => Failure::internal(error),
        BlindersError::OtherAsset { .. } => failure.with_hint(
            "AMP was told nothing. Check --asset and --asset-id. If both are right, AMP asks for the amounts of another asset: ask AMP why.",
        ),
        BlindersError::NoIssuance { .. } => failure.with_hint("Check --asset and --amp."),
        BlindersError::NoTransaction { .. } => {
            failure.with_hint("Name a chain source of the asset's network that has it.")
        }
        BlindersError::OtherIssuance(_) => failure.with_hint(
            "Check --asset and --amp. AMP names a transaction as the issuance that does not issue the asset, and would learn amounts from it that it has no need to know.",
        ),
        BlindersError::NoOutputs { .. } => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::amp::Request;
    use coldamp_core::network::Chain;
    use coldamp_core::units::{FeeRate, Satoshi};
    use coldamp_online::request::outlook::TooMuch;

    #[test]
    fn what_amp_has_assigned_is_no_mistake_of_ours() {
        let network = Network::new(Chain::Regtest);
        let no_request = Request::parse(b"{}", &network).unwrap_err();
        let code = no_request.code();
        let failure = not_possible(&NotPossible::Draft(no_request), &network);
        assert_eq!((failure.exit, failure.code), (Exit::Refused, Some(code)));
        let failure = rebuilt(&RebuildError::TooMuch(TooMuch));
        assert_eq!((failure.exit, failure.code), (Exit::Refused, Some(Code::Overflow)));
    }

    #[test]
    fn the_way_out_of_a_fee_that_is_too_low_reaches_what_the_node_asks() {
        let asked = |fee, rate| {
            let (fee, full_rate) = (Satoshi::from_sat(fee), FeeRate::from_sat_per_kvb(rate));
            fee_too_low(Some(AskedFee { fee, full_rate, default_cap: Satoshi::from_sat(19_800) }))
        };
        // A node that asks 500 sat/kvB of the discounted size asks less than the least rate of the full size.
        assert!(asked(2_860, 29).contains("--fee-basis full --fee-rate 100"), "{}", asked(2_860, 29));
        let dear = asked(49_535, 501);
        assert!(dear.contains("at least 49 535 sat") && dear.contains("--fee-rate 501"), "{dear}");
        assert!(dear.contains("--max-fee"), "{dear}");
        assert!(fee_too_low(None).contains("higher --fee-rate"));
    }
}
