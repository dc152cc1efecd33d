//! What is reported of a key or value that an **unsigned** PSET must not hold: where it is, and why it is dangerous.
//! Which keys are allowed is in [`super::keys`] (docs/rules.md#unsigned-pset).

use std::fmt;

use crate::limits::MAX_LISTED_PROBLEMS;

/// A key or value that an unsigned PSET must not hold, or a field that it lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The map, for example `input 0`.
    pub place: String,
    /// What is wrong with it.
    pub problem: KeyProblem,
    /// The key as hexadecimal, or the field's name.
    pub field: String,
}

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyProblem {
    /// The key is not known, belongs to another program, or has key data that it must not have.
    Unknown,
    /// There are more faults than are listed.
    More,
    /// There are more fields of this kind than a job needs.
    TooMany,
    /// The key is in the map twice.
    Duplicate,
    /// A required field is missing.
    Missing,
    /// The bytes of a transaction version, locktime or sequence do not decode.
    LockTime,
    /// A blinding scalar that somebody else supplied.
    Scalar,
    /// A signature, final script, taproot field or preimage.
    SignaturesPresent,
    /// A redeem script or witness script that does not decode.
    Script,
    /// A flag that allows later changes of the PSET.
    Modifiable,
    /// A peg-in field, or the peg-in flag in the output index.
    PegIn,
    /// An amount of inflation keys in any form. A reissuance makes none.
    InflationKeys,
    /// Blinders of an input in a form that is not checked against the coin.
    SuppliedOpening,
    /// A claim about an input that does not decode.
    UtxoClaim,
    /// A witness UTXO that does not decode, for example because a commitment is no point of the curve.
    UtxoCommitment,
    /// A range proof that does not decode.
    UtxoProof,
    /// A previous transaction that does not decode.
    UtxoTransaction,
    /// A sighash type that does not decode.
    Sighash,
    /// An issuance field that does not decode.
    Issuance,
    /// A blinding key without a blinder index, a blinder index without a blinding key, or one that does not decode.
    BlinderIndex,
    /// A blinding key that is not a public key.
    BlindingKey,
    /// A derivation of an input that does not decode.
    InputDerivation,
    /// A derivation of an output that does not decode.
    OutputDerivation,
    /// A genesis hash that is not 32 bytes.
    Genesis,
    /// Asset or token metadata that does not decode.
    Metadata,
    /// An entropy that is not 32 bytes.
    Entropy,
    /// An output index with the issuance flag, which aborts elementsd 23.3.3.
    IssuanceFlag,
    /// An amount, asset, script, txid or index that does not decode.
    Value,
}

impl FieldError {
    pub(super) fn new(place: &str, problem: KeyProblem, field: impl Into<String>) -> Self {
        FieldError { place: place.to_owned(), problem, field: field.into() }
    }
}

/// The faults of a file. The first are kept and the rest only counted, so that a file full of faults fills neither memory
/// nor the screen.
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<FieldError>,
    more: usize,
}

impl Problems {
    /// Adds a fault. It is built only if it is kept.
    pub(super) fn push(&mut self, problem: impl FnOnce() -> FieldError) {
        if self.listed.len() < MAX_LISTED_PROBLEMS {
            self.listed.push(problem());
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Counts faults that are not listed.
    pub(super) fn count(&mut self, more: usize) {
        self.more = self.more.saturating_add(more);
    }

    /// The listed faults, followed by the number of the others.
    pub(super) fn into_listed(self) -> Vec<FieldError> {
        let mut listed = self.listed;
        if self.more > 0 {
            let more = format!("{} more faults", self.more);
            listed.push(FieldError::new("the PSET", KeyProblem::More, more));
        }
        listed
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FieldError { place, problem, field } = self;
        let what = match problem {
            KeyProblem::Unknown => "is no field of an unsigned PSET of ours",
            KeyProblem::More => "are not listed",
            KeyProblem::TooMany => "are more than a job needs",
            KeyProblem::Duplicate => "stands there twice",
            KeyProblem::Missing => "is missing",
            KeyProblem::Scalar => "is a blinding scalar from outside",
            KeyProblem::SignaturesPresent => {
                "holds signatures, final scripts or taproot fields before signing"
            }
            KeyProblem::Modifiable => "declares later changes legal",
            KeyProblem::PegIn => "belongs to a peg-in",
            KeyProblem::InflationKeys => "makes reissuance tokens",
            KeyProblem::SuppliedOpening => {
                "supplies blinders for an input in a form that nothing holds against the coin"
            }
            KeyProblem::IssuanceFlag => "carries the issuance flag in the output index",
            KeyProblem::BlinderIndex => "does not go with a blinding key",
            KeyProblem::LockTime
            | KeyProblem::UtxoClaim
            | KeyProblem::UtxoCommitment
            | KeyProblem::UtxoProof
            | KeyProblem::UtxoTransaction
            | KeyProblem::Sighash
            | KeyProblem::Issuance
            | KeyProblem::BlindingKey
            | KeyProblem::InputDerivation
            | KeyProblem::OutputDerivation
            | KeyProblem::Script
            | KeyProblem::Genesis
            | KeyProblem::Metadata
            | KeyProblem::Entropy
            | KeyProblem::Value => "does not decode",
        };
        write!(f, "{place}: {field} {what}")
    }
}
