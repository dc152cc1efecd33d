//! A rule that failed: its code, what was found, and what was expected.

use std::fmt;

use crate::amp::RequestError;
use crate::code::Code;
use crate::limits::{MAX_LISTED_OF_A_CODE, MAX_LISTED_PROBLEMS};
use crate::listed::at_most_of_each;
use crate::pset::{FieldError, KeyProblem};

/// A rule that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The stable code of the rule.
    pub code: Code,
    /// Where, what was found, and what was expected.
    pub message: String,
}

/// Keeps the first few mismatches of each code, in their order. The last one kept says how many more there are.
pub(super) fn bounded(mismatches: Vec<Mismatch>) -> Vec<Mismatch> {
    let most = |code: &Code| match code {
        // Each names another uuid, and each uuid has to be typed.
        Code::OpenTwin => MAX_LISTED_PROBLEMS,
        // Each is another fault of the file. The last one says how many more there are.
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
        Mismatch { code: error.code(), message: format!("the request: {error}") }
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
            KeyProblem::Scalar => Code::Scalar,
            KeyProblem::SignaturesPresent => Code::SigsPresent,
            KeyProblem::Script => Code::Script,
            KeyProblem::Modifiable => Code::Modifiable,
            KeyProblem::PegIn => Code::PegIn,
            KeyProblem::Issuance => Code::IssuanceBlinded,
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
        write!(f, "{}: {}", self.code, self.message)
    }
}
