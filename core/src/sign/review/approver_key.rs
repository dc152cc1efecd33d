//! The public key of an approver: a second person whom a policy names.

use std::fmt;
use std::str::FromStr;

use elements::secp256k1_zkp::{Message, XOnlyPublicKey, schnorr};

use crate::Secp;

/// The public key of an approver (BIP-340, x-only).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApproverKey(pub(super) XOnlyPublicKey);

impl ApproverKey {
    /// Whether this key made the signature over a tagged hash.
    pub(super) fn verifies(self, secp: &Secp, signature: &schnorr::Signature, hash: [u8; 32]) -> bool {
        secp.verify_schnorr(signature, &Message::from_digest(hash), &self.0).is_ok()
    }
}

impl fmt::Display for ApproverKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for ApproverKey {
    type Err = InvalidApproverKey;

    /// Reads 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, InvalidApproverKey> {
        text.parse().map(ApproverKey).map_err(|_| InvalidApproverKey)
    }
}

/// The error of a text that does not read as an approver's public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an approver's public key, 64 hexadecimal digits")]
pub struct InvalidApproverKey;
