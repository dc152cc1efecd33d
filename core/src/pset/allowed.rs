//! Which keys an **unsigned** PSET may hold. Every other key is refused, with a code that says why it is dangerous. None
//! is ignored: a field that this signer ignores is a field that another one obeys (docs/rules.md#unsigned-pset).

use std::fmt;

use crate::limits::MAX_LISTED_PROBLEMS;

/// Something in the raw pairs that an unsigned PSET of ours never has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Which map, e.g. `input 0`.
    pub place: String,
    /// What is wrong with which key.
    pub problem: KeyProblem,
    /// The key as hexadecimal, or the field's name.
    pub field: String,
}

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyProblem {
    /// On no list at all, of another program, or with key data where none belongs.
    Unknown,
    /// Faults beyond those that are listed.
    More,
    /// More fields of a kind than a job needs.
    TooMany,
    /// Twice in one map.
    Duplicate,
    /// A field that must be there is not.
    Missing,
    /// The bytes of a transaction version, locktime or sequence do not decode.
    LockTime,
    /// Output commitments, proofs or ephemeral keys before blinding.
    Preblinded,
    /// A blinding scalar of somebody else's.
    Scalar,
    /// Signatures, final scripts, taproot fields or preimages.
    SignaturesPresent,
    /// A witness script, which single-key treasuries have none of, or a redeem script that does not decode.
    Script,
    /// Flags that declare later changes legal.
    Modifiable,
    /// Peg-in fields, or the peg-in flag in the output index.
    PegIn,
    /// The reissued amount as a commitment, or proofs of it: blinding is done here, not by the preparer.
    IssuanceCommitment,
    /// An amount of inflation keys, in any form: a reissuance makes none.
    InflationKeys,
    /// Blinders of an input in another form than the one that is held against the coin.
    SuppliedOpening,
    /// Claims on an input that do not decode.
    UtxoClaim,
    /// A witness_utxo that does not decode: no such commitment exists.
    UtxoCommitment,
    /// A range proof that does not decode.
    UtxoProof,
    /// A previous transaction that does not decode.
    UtxoTransaction,
    /// A sighash type that does not decode.
    Sighash,
    /// Issuance fields that do not decode, or some without the others.
    Issuance,
    /// A blinding key without blinder index, or the other way round, or one that does not decode.
    BlinderIndex,
    /// A blinding key that is no key.
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

/// The faults of a file: the first are kept and the others counted, so that a file of nothing but faults takes neither
/// memory nor the screen.
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<FieldError>,
    more: usize,
}

impl Problems {
    /// Takes one, which is only made where it is kept.
    pub(super) fn push(&mut self, problem: impl FnOnce() -> FieldError) {
        if self.listed.len() < MAX_LISTED_PROBLEMS {
            self.listed.push(problem());
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Counts some that nobody has looked at one by one.
    pub(super) fn count(&mut self, more: usize) {
        self.more = self.more.saturating_add(more);
    }

    /// Those that are listed, and last how many more there are.
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
            KeyProblem::Preblinded => "is already blinded; the signer blinds",
            KeyProblem::Scalar => "is a blinding scalar from outside",
            KeyProblem::SignaturesPresent => {
                "holds signatures, final scripts or taproot fields before signing"
            }
            KeyProblem::Script => "is a script that is not this treasury's",
            KeyProblem::Modifiable => "declares later changes legal",
            KeyProblem::PegIn => "belongs to a peg-in",
            KeyProblem::IssuanceCommitment => "commits to the reissued amount; the signer blinds",
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
            | KeyProblem::Genesis
            | KeyProblem::Metadata
            | KeyProblem::Entropy
            | KeyProblem::Value => "does not decode",
        };
        write!(f, "{place}: {field} {what}")
    }
}

/// A key split into what decides: its type, or prefix and subtype, and the key data behind.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Key<'a> {
    Plain { kind: u8, data: &'a [u8] },
    Proprietary { prefix: &'a [u8], subtype: u8, data: &'a [u8] },
    Broken,
}

impl<'a> Key<'a> {
    pub(super) fn split(key: &'a [u8]) -> Self {
        let Some((kind, data)) = key.split_first() else {
            return Key::Broken;
        };
        if *kind != 0xfc {
            return Key::Plain { kind: *kind, data };
        }
        // Prefixes we know are short: their length is one byte below 0xfd.
        let proprietary = data.split_first().and_then(|(length, rest)| {
            let (prefix, rest) = rest.split_at_checked(usize::from(*length))?;
            let (subtype, data) = rest.split_first()?;
            (*length < 0xfd).then_some(Key::Proprietary { prefix, subtype: *subtype, data })
        });
        proprietary.unwrap_or(Key::Broken)
    }

    /// Refuses a key of the global map by name, or says that it is on the list.
    pub(super) fn global_problem(&self) -> Option<KeyProblem> {
        match self {
            Key::Plain { kind: 0x02 | 0x03 | 0x04 | 0x05 | 0xfb, data: [] } => None,
            Key::Plain { kind: 0x06, .. } => Some(KeyProblem::Modifiable),
            Key::Proprietary { prefix: b"coldamp", subtype: 0 | 1, data: [] } => None,
            // The key data is an id; of which assets any may stand here, the review decides.
            Key::Proprietary { prefix: b"pset_hww", subtype: 0 | 1, data } if data.len() == 32 => None,
            Key::Proprietary { prefix: b"pset", subtype: 2, data: [] } => None,
            Key::Proprietary { prefix: b"pset", subtype: 0, .. } => Some(KeyProblem::Scalar),
            Key::Proprietary { prefix: b"pset", subtype: 1, .. } => Some(KeyProblem::Modifiable),
            _ => Some(KeyProblem::Unknown),
        }
    }

    /// As [`Key::global_problem`] for an input's map.
    pub(super) fn input_problem(&self) -> Option<KeyProblem> {
        match self {
            Key::Plain { kind: 0x00 | 0x01 | 0x03 | 0x04 | 0x0e | 0x0f | 0x10 | 0x11 | 0x12, data: [] } => {
                None
            }
            Key::Plain { kind: 0x06, .. } => None,
            Key::Plain { kind: 0x05, .. } => Some(KeyProblem::Script),
            Key::Plain { kind: 0x02 | 0x07 | 0x08 | 0x0a..=0x0d | 0x13..=0x18, .. } => {
                Some(KeyProblem::SignaturesPresent)
            }
            Key::Proprietary { prefix: b"coldamp", subtype: 1, data: [] } => None,
            Key::Proprietary { prefix: b"coldamp", .. } => Some(KeyProblem::SuppliedOpening),
            Key::Proprietary { prefix: b"pset", subtype, data: [] } => match subtype {
                0x00 | 0x0c | 0x0d | 0x0e | 0x11 | 0x12 | 0x13 | 0x14 | 0x15 => None,
                0x01 | 0x02 | 0x0f => Some(KeyProblem::IssuanceCommitment),
                0x03 | 0x0a | 0x0b | 0x10 => Some(KeyProblem::InflationKeys),
                0x04..=0x09 => Some(KeyProblem::PegIn),
                _ => Some(KeyProblem::Unknown),
            },
            _ => Some(KeyProblem::Unknown),
        }
    }

    /// As [`Key::global_problem`] for an output's map.
    pub(super) fn output_problem(&self) -> Option<KeyProblem> {
        match self {
            Key::Plain { kind: 0x00 | 0x03 | 0x04, data: [] } => None,
            Key::Plain { kind: 0x02, .. } => None,
            Key::Plain { kind: 0x01, .. } => Some(KeyProblem::Script),
            Key::Plain { kind: 0x05..=0x07, .. } => Some(KeyProblem::SignaturesPresent),
            Key::Proprietary { prefix: b"pset", subtype, data: [] } => match subtype {
                0x02 | 0x06 | 0x08 => None,
                0x01 | 0x03 | 0x04 | 0x05 | 0x07 | 0x09 | 0x0a => Some(KeyProblem::Preblinded),
                _ => Some(KeyProblem::Unknown),
            },
            _ => Some(KeyProblem::Unknown),
        }
    }
}
