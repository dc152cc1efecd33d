//! An approver: a second person, on another machine, whose key the policy names. What is signed is the whole hash
//! behind the approval code: a code of 160 bits is for eyes, and whoever writes two PSETs may look for a collision.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use elements::secp256k1_zkp::{Message, XOnlyPublicKey, schnorr};

use crate::code::Code;

use super::super::mismatch::Mismatch;
use super::ApprovalHash;
use crate::Secp;

/// The public key of an approver (BIP-340, x-only).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApproverKey(XOnlyPublicKey);

/// An approver's word for one transaction, or for one change of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApproverSignature {
    /// Whose.
    pub key: ApproverKey,
    /// BIP-340 over the approval hash of the one or of the other.
    pub signature: schnorr::Signature,
}

impl fmt::Display for ApproverKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for ApproverKey {
    type Err = NoApproverKey;

    /// Reads 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, NoApproverKey> {
        text.parse().map(ApproverKey).map_err(|_| NoApproverKey)
    }
}

/// A text that is no approver's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an approver's public key, 64 hexadecimal digits")]
pub struct NoApproverKey;

impl ApproverSignature {
    /// Whether it is a signature of its key over a tagged hash.
    pub(super) fn signs(&self, secp: &Secp, hash: [u8; 32]) -> bool {
        secp.verify_schnorr(&self.signature, &Message::from_digest(hash), &self.key.0).is_ok()
    }

    /// Why it does not approve this hash, if it does not.
    pub(super) fn refusal(
        &self,
        secp: &Secp,
        hash: &ApprovalHash,
        approvers: Option<&BTreeSet<ApproverKey>>,
    ) -> Option<Mismatch> {
        let refuse = |found: String, expected: &str| {
            Some(Mismatch::new(Code::ApprovalSignature, "the approval", found, expected))
        };
        if approvers.is_none_or(|approvers| !approvers.contains(&self.key)) {
            let expected = "the key of an approver whom the policy for this asset names";
            return refuse(format!("a signature of {}", self.key), expected);
        }
        if !self.signs(secp, hash.0) {
            return refuse(
                format!("a signature of {} for something else", self.key),
                "one for this very transaction of this treasury",
            );
        }
        None
    }
}

#[cfg(feature = "signer")]
pub use with_key::{ApproverSecret, sign_approval, sign_policy_approval};

#[cfg(feature = "signer")]
mod with_key {
    use elements::secp256k1_zkp::{Keypair, Message, SecretKey};

    use super::super::super::check::CheckedPset;
    use super::super::PolicyApprovalHash;
    use super::{ApproverKey, ApproverSignature};
    use crate::Secp;
    use crate::hmac::hmac_sha256;

    /// The private key of an approver. Neither Debug nor Clone; overwritten when it goes.
    pub struct ApproverSecret(Keypair);

    impl ApproverSecret {
        /// The approver's key of a seed: HMAC-SHA256(seed, 'coldamp/approver/1'), of no use for any coin. `None` for
        /// the one seed in 2^127 whose hash is no key.
        pub fn from_seed(secp: &Secp, seed: &[u8; 64]) -> Option<Self> {
            let mut secret = SecretKey::from_slice(&hmac_sha256(seed, &[b"coldamp/approver/1"])).ok()?;
            let pair = Keypair::from_secret_key(secp, &secret);
            secret.non_secure_erase();
            Some(ApproverSecret(pair))
        }

        /// What a policy names.
        pub fn public_key(&self) -> ApproverKey {
            ApproverKey(self.0.x_only_public_key().0)
        }
    }

    impl Drop for ApproverSecret {
        fn drop(&mut self) {
            self.0.non_secure_erase();
        }
    }

    impl ApproverSecret {
        /// BIP-340 with auxiliary randomness zero: the same approval is the same signature, and cannot carry anything out.
        fn sign(&self, secp: &Secp, hash: [u8; 32]) -> ApproverSignature {
            let signature = secp.sign_schnorr_with_aux_rand(&Message::from_digest(hash), &self.0, &[0; 32]);
            ApproverSignature { key: self.public_key(), signature }
        }
    }

    /// Signs the whole approval hash of a PSET that agrees with its request.
    pub fn sign_approval(secp: &Secp, checked: &CheckedPset, key: &ApproverSecret) -> ApproverSignature {
        key.sign(secp, checked.approval_hash().0)
    }

    /// Signs a change of policy, which the approver has seen beside the policy in force.
    pub fn sign_policy_approval(
        secp: &Secp,
        hash: &PolicyApprovalHash,
        key: &ApproverSecret,
    ) -> ApproverSignature {
        key.sign(secp, hash.0)
    }
}
