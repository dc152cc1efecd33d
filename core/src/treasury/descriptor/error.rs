//! Why a text is no descriptor of this treasury, in words that never quote its view key.

use crate::code::Code;
use crate::limits::MAX_QUORUM_KEYS;
use crate::network::Chain;

/// Why a text is no descriptor that this treasury can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptorError {
    /// No character but white space.
    #[error("the descriptor is empty")]
    Empty,
    /// No CT descriptor at all, or a wrong checksum.
    #[error(
        "no CT descriptor: {reason}; expected ct(slip77(…),elwpkh([…]xpub…/<0;1>/*)), ct(slip77(…),elsh(wpkh(…))), or multi or sortedmulti in elwsh or elsh(wsh(…))"
    )]
    Unreadable {
        /// What the parser said.
        reason: String,
    },
    /// A CT descriptor whose blinding key is not `slip77(…)`.
    #[error(
        "the blinding key is not slip77(…); deterministic blinding needs the SLIP-77 master blinding key"
    )]
    NotSlip77,
    /// A CT descriptor of another kind of script.
    #[error(
        "scripts of type {found} are not supported; expected elwpkh, elsh(wpkh), or multi or sortedmulti in elwsh or elsh(wsh)"
    )]
    ScriptTypeUnsupported {
        /// What it is.
        found: String,
    },
    /// No signature at all is asked for, or more than there are keys.
    #[error("{found} of {keys} keys must sign; expected at least 1 and at most {keys}")]
    Threshold {
        /// How many must sign.
        found: usize,
        /// How many keys there are.
        keys: usize,
    },
    /// More keys than a treasury may have.
    #[error("found {found} keys, expected at most {MAX_QUORUM_KEYS}")]
    TooManyKeys {
        /// How many keys there are.
        found: usize,
    },
    /// Two keys of one seed: one person would sign for two.
    #[error("key {key} has {what} as an earlier key; each key must come from a seed of its own")]
    KeyTwice {
        /// The origin of the second key.
        key: String,
        /// What is the same.
        what: &'static str,
    },
    /// A key without origin, without `/<0;1>/*`, or hardened below the account.
    #[error("{which} {problem}; expected [fingerprint/path]xpub/<0;1>/*")]
    KeyShape {
        /// `the key`, or `key` and its position, from 1.
        which: String,
        /// What is wrong with the key.
        problem: &'static str,
    },
    /// Extended keys of another kind of network.
    #[error("{which} is of {found}, the network is {expected}")]
    WrongNetwork {
        /// `the key`, or `key` and its position, from 1.
        which: String,
        /// `liquid`, or a test network.
        found: &'static str,
        /// The network asked for.
        expected: Chain,
    },
    /// An index of 2^31 or more, which only hardened derivation has.
    #[error("index {index} cannot be derived; indices are below 2147483648")]
    Index {
        /// What was asked for.
        index: u32,
    },
}

impl DescriptorError {
    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            DescriptorError::Empty | DescriptorError::Unreadable { .. } => Code::Descriptor,
            DescriptorError::NotSlip77 => Code::NotSlip77,
            DescriptorError::ScriptTypeUnsupported { .. } => Code::ScriptType,
            DescriptorError::Threshold { .. } | DescriptorError::TooManyKeys { .. } => Code::Quorum,
            DescriptorError::KeyTwice { .. } => Code::KeyTwice,
            DescriptorError::KeyShape { .. } => Code::KeyShape,
            DescriptorError::WrongNetwork { .. } => Code::Network,
            DescriptorError::Index { .. } => Code::Index,
        }
    }
}
