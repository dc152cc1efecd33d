//! What the operator is told of AMP, and of a signed file on its way.

use std::path::Path;

use coldamp_cli::screen::shown;
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::confirm::RowError;
use coldamp_core::amp::request::Command;
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::listed::listed;
use coldamp_core::network::Network;
use coldamp_core::signed::ReadError;
use coldamp_online::amp::{Amp, AmpError};
use coldamp_online::audit::NotAudited;
use coldamp_online::blinders::BlindersError;
use coldamp_online::broadcast::{AskedFee, BroadcastError};
use coldamp_online::report::ReportError;
use coldamp_online::request::answer::AnswerError;
use coldamp_online::request::asset::AssetError;
use coldamp_online::request::distribution::{DistributionError, RebuildError};
use coldamp_online::request::planned::NotPossible;
use coldamp_online::signers::Fork;

use super::{plan, source};
use crate::source::SourceError;

const LOST: &str = "AMP cannot follow what is spent of them: report what was sent and not reported, or ask AMP, before anything else is spent";

const RUN_AGAIN: &str = "run the same command again: it looks first, and nothing is sent twice";

/// A signed file that is none, or contradicts itself.
pub(crate) fn signed(path: &Path, error: &ReadError) -> Failure {
    let exit = match error {
        ReadError::TooLarge { .. } | ReadError::Shape { .. } => Exit::Input,
        ReadError::Version { .. }
        | ReadError::Field { .. }
        | ReadError::Host { .. }
        | ReadError::Payload(_) => Exit::Refused,
    };
    let hint = "name what `coldamp sign` wrote; if it is, it was altered on its way: sign the same PSET again, the same file comes out";
    Failure::new(exit, format!("the signed file {}: {error}", shown(path)), hint).with_code(error.code())
}

/// A report that does not open its transaction.
pub(crate) fn payload(path: &Path, error: &RowError) -> Failure {
    let hint = "the report was altered, or the signing machine made a wrong one: do not send; sign the same PSET again";
    Failure::new(Exit::Refused, format!("the signed file {}: {error}", shown(path)), hint)
        .with_code("PAYLOAD")
}

/// AMP that does not do what it was asked.
pub(crate) fn amp(error: &AmpError) -> Failure {
    let (exit, hint) = match error {
        AmpError::Http { .. } | AmpError::Failed { .. } => (Exit::Network, RUN_AGAIN),
        AmpError::Credentials { .. } | AmpError::Token => {
            (Exit::Amp, "check the credentials; an account belongs to one of AMP's hosts")
        }
        AmpError::Refused { .. } => (Exit::Amp, "AMP's own words say why; nothing was changed there"),
        AmpError::Answer { .. } => {
            (Exit::Amp, "AMP's API has changed, or this is not AMP: get a newer Coldamp")
        }
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code())
}

/// An asset that nothing is asked of now.
pub(crate) fn asset(error: &AssetError) -> Failure {
    let (exit, hint) = match error {
        AssetError::Amp(error) => return amp(error),
        AssetError::LostOutputs { .. } => (Exit::Refused, LOST),
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code())
}

/// A request that could not be carried out, and so is not asked for.
pub(crate) fn not_possible(error: &NotPossible, network: &Network) -> Failure {
    let hint = match error {
        NotPossible::Plan { command, error } => return plan(error, *command, network),
        NotPossible::Draft(_) => {
            "AMP's assignments make no request that could be acted on: correct them at AMP; nothing was asked for"
        }
        NotPossible::NoToken { .. } => {
            "a node needs --issuance-tx to know the token; otherwise it is not in this treasury"
        }
        NotPossible::NoCoin { .. } => "wait until what is on its way has confirmed",
    };
    Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code())
}

/// A distribution that is not made, or whose answer is lost.
pub(crate) fn distribution(error: &DistributionError) -> Failure {
    let (exit, hint) = match error {
        DistributionError::Open { ours: Some(uuid), .. } => (
            Exit::Conflict,
            format!(
                "{uuid} was made by this command, whose answer was lost: run it again with --distribution {uuid}"
            ),
        ),
        DistributionError::Open { ours: None, .. } => (
            Exit::Conflict,
            "finish them first; the request of one whose answer was lost is written anew with --distribution UUID".to_owned(),
        ),
        DistributionError::Nothing => (Exit::Refused, "create assignments at AMP first".to_owned()),
        DistributionError::Asset(error) => return asset(error),
        DistributionError::Changed { .. } => (
            Exit::Conflict,
            "nothing was made. Look at the assignments at AMP, then run it again and confirm the new sum".to_owned(),
        ),
        DistributionError::Log(error) => {
            return Failure::new(Exit::Output, error.to_string(), "nothing was asked for").with_code("LOG");
        }
        DistributionError::Amp(error) if error.may_have_acted() => {
            let hint = "AMP may have made the distribution: run the same command again, which looks and says how to go on";
            return Failure { hint: hint.to_owned(), ..amp(error) };
        }
        DistributionError::Amp(error) => return amp(error),
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code())
}

/// A distribution whose request is not written anew.
pub(crate) fn rebuilt(error: &RebuildError) -> Failure {
    let hint = match error {
        RebuildError::Amp(error) => return amp(error),
        RebuildError::Distributed { .. } | RebuildError::Paid { .. } => "it was paid: do not pay it again",
        RebuildError::NoAddress { .. } => {
            "ask AMP for the answer of distributions/create; without the address nobody can be paid"
        }
        RebuildError::Nothing { .. } => "check the uuid and --asset",
        RebuildError::TooMuch(_) => "look at the distribution's assignments at AMP: no chain holds as much",
    };
    Failure::new(Exit::Refused, error.to_string(), hint).with_code(error.code())
}

/// A signed file that is not what the PSET must have become.
pub(crate) fn not_audited(pset: &Path, error: &NotAudited) -> Failure {
    let (message, hint) = match error {
        NotAudited::Review(_) => (
            format!("the PSET {}: {error}", shown(pset)),
            "this is not the PSET that was handed over, or not this treasury's: do not send",
        ),
        NotAudited::Differs(_) => (
            error.to_string(),
            "the stick or the signing machine was tampered with, or this is another PSET's: do not send; audit on a second cold machine with `coldamp review --signed`",
        ),
    };
    Failure::new(Exit::Refused, message, hint).with_code(error.code())
}

/// An answer of AMP's that is not what was asked for. Its words may quote the answer.
pub(crate) fn answer(path: &Path, answer: &[u8], asked: Command, error: &AnswerError, amp: &Amp) -> Failure {
    let hint = match (error, asked) {
        (AnswerError::Nothing, _) => "look at the assignments at AMP; nothing was made",
        (_, Command::Distribute) => {
            "AMP's answer is saved; do not prepare it before you know why it differs. AMP may have made the distribution all the same: ask for it once more with another -o, which looks first and says how to go on"
        }
        (_, Command::Reissue | Command::Burn) => {
            "AMP's answer is saved; do not prepare it before you know why it differs"
        }
    };
    let reason = amp.reason_without_credentials(&error.to_string(), answer);
    let message = format!("{}: {reason}", shown(path));
    Failure::new(Exit::Refused, message, hint).with_code(error.code())
}

/// A transaction that is not sent.
pub(crate) fn broadcast(error: &BroadcastError<SourceError>) -> Failure {
    let (exit, hint) = match error {
        BroadcastError::Source(error) => return source(error),
        BroadcastError::Amp(error) => return amp(error),
        BroadcastError::OtherChain { .. } => {
            (Exit::Refused, "name a chain source of the network that the file is signed for")
        }
        BroadcastError::Spent { .. }
        | BroadcastError::SpentByUnnamed { .. }
        | BroadcastError::NotUnspent { .. } => (
            Exit::Conflict,
            "only one of the two can confirm: look up the other one before anything is signed anew. If it waits in the mempool and this one was prepared to replace it, say so with --replaces TXID",
        ),
        BroadcastError::LostOutputs { .. } => (Exit::Refused, LOST),
        BroadcastError::NoAssignments { .. } => (
            Exit::Refused,
            "it was cancelled at AMP: do not send it; to make sure that nobody does, spend one of its coins with `prepare --replace`",
        ),
        BroadcastError::Distributed { .. } | BroadcastError::OtherTransaction { .. } => (
            Exit::Conflict,
            "AMP was told of a transaction that paid it: do not pay it again; look it up at AMP",
        ),
        BroadcastError::FeeTooLow { asked, .. } => {
            let hint = fee_too_low(*asked);
            return Failure::new(Exit::Network, error.to_string(), hint)
                .with_code(error.code(SourceError::code));
        }
        BroadcastError::Rejected { .. } => (Exit::Refused, "the node's own words say why; nothing was sent"),
        BroadcastError::Unclear { .. } => (Exit::Network, RUN_AGAIN),
        BroadcastError::Log(_) => (Exit::Output, "make room beside the signed file, then run it again"),
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code(SourceError::code))
}

/// A signed file whose journal entry was another transaction before.
pub(crate) fn fork(error: &Fork) -> Failure {
    let hint = "nothing was sent. Was the keystore restored from an older backup, and is this the first job since: check as in the runbook that every transaction signed after the backup has confirmed or never can, then run it again with --journal-restored. If not: find the other machine that signs, or who put the journal back, before anything is sent";
    Failure::new(Exit::Conflict, error.to_string(), hint).with_code(error.code())
}

/// What to do where a node asks a higher fee: the options that reach it, since the lowest rate of the full size would be
/// refused again by a node that asks more.
fn fee_too_low(asked: Option<AskedFee>) -> String {
    let again = "prepare the same request again with --replace and this signed file";
    let Some(AskedFee { fee, full_rate, default_cap }) = asked else {
        return format!(
            "the node does not say how much it asks: {again}, with --fee-basis full and a higher --fee-rate than before"
        );
    };
    let rate = full_rate.max(MIN_RELAY_FEE_RATE);
    let mut hint = format!(
        "the node asks at least {fee} for this transaction: {again}, with --fee-basis full --fee-rate {}",
        rate.sat_per_kvb()
    );
    if fee > default_cap {
        hint += &format!(
            ". That is above the default cap of {default_cap}: set a higher max_fee in the cold machine's policy, and name the same with --max-fee"
        );
    }
    hint
}

/// A report that is not made.
pub(crate) fn report(error: &ReportError<SourceError>) -> Failure {
    let (exit, hint) = match error {
        ReportError::Source(error) => return source(error),
        ReportError::Amp(error) => return amp(error),
        ReportError::NotSent { .. } => {
            (Exit::NotYet, "send it with `coldamp-online broadcast`, then run this again")
        }
        ReportError::Conflict { .. } => (
            Exit::Conflict,
            "it will never confirm unless the other transaction goes: look that one up; there is nothing to report",
        ),
        ReportError::NotYet { .. } => (Exit::NotYet, "run it again later, or without --no-wait"),
        ReportError::Unclear { .. } => (Exit::NotYet, RUN_AGAIN),
        ReportError::Unknown => (
            Exit::Conflict,
            "look at AMP whether it has the transaction; if it has not, --again posts the same report once more",
        ),
        ReportError::Missing { .. } => (
            Exit::NotYet,
            "AMP's record may be behind: run it again later, it looks at the record and posts nothing. If it stays so, ask AMP; if AMP does not have the report, --again posts the same one once more",
        ),
        ReportError::OtherTransaction { .. } => (
            Exit::Conflict,
            "two transactions were made for one distribution: find out at AMP which one holders were paid by",
        ),
        ReportError::Payload { .. } => return Failure::internal(error),
        ReportError::Log(_) => (Exit::Output, "make room beside the signed file, then run it again"),
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code(SourceError::code))
}

/// What AMP's record has otherwise than was reported.
///
/// # Errors
/// When there is any.
pub(crate) fn record_differs(differences: &[String]) -> Result<(), Failure> {
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!("AMP's record differs from the report: {}", listed(differences));
    let hint = "AMP has the report; show AMP these lines before the next job";
    Err(Failure::new(Exit::Conflict, message, hint).with_code("RECORD_DIFFERS"))
}

/// Blinders that AMP is not told.
pub(crate) fn blinders(error: &BlindersError<SourceError>) -> Failure {
    let (exit, hint) = match error {
        BlindersError::Source(error) => return source(error),
        BlindersError::Amp(error) => return amp(error),
        BlindersError::OtherAsset { .. } => (
            Exit::Refused,
            "AMP was told nothing: check --asset and --asset-id; if both are right, AMP asks for the amounts of another asset: ask AMP why",
        ),
        BlindersError::NoIssuance { .. } => (Exit::Refused, "check --asset and --amp"),
        BlindersError::NoTransaction { .. } => {
            (Exit::Network, "name a chain source of the asset's network that has it")
        }
        BlindersError::NoOutputs { .. } => {
            (Exit::Amp, "AMP's API has changed, or this is not AMP: get a newer Coldamp")
        }
        BlindersError::OtherIssuance(_) => (
            Exit::Refused,
            "AMP names as issuance what is none: it would learn amounts that are none of its business; check --asset and --amp",
        ),
        BlindersError::Descriptor(error) => return Failure::internal(error),
    };
    Failure::new(exit, error.to_string(), hint).with_code(error.code(SourceError::code))
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
        assert_eq!((failure.exit, failure.code), (Exit::Refused, Some("OVERFLOW")));
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
        assert!(dear.contains("at least 49535 sat") && dear.contains("--fee-rate 501"), "{dear}");
        assert!(dear.contains("--max-fee"), "{dear}");
        assert!(fee_too_low(None).contains("higher --fee-rate"));
    }
}
