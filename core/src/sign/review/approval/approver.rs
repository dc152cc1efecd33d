//! An approver: a second person, on another machine, whose key the policy names. The approver signs the whole hash behind
//! the approval code. The code itself has 160 bits, for people to compare: whoever writes two PSETs could search for a
//! collision of their codes.

use std::collections::BTreeSet;

use elements::secp256k1_zkp::schnorr;

use super::super::approval_code::ApprovalHash;
use super::super::approver_key::ApproverKey;
use super::super::mismatch::Mismatch;
use crate::Secp;
use crate::code::Code;

/// An approver's signature for one transaction, or for one change of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApproverSignature {
    /// The key that signed.
    pub key: ApproverKey,
    /// BIP-340 signature over the approval hash of the transaction or of the change.
    pub signature: schnorr::Signature,
}

impl ApproverSignature {
    /// Whether the key made it over this tagged hash.
    pub(super) fn signs(&self, secp: &Secp, hash: [u8; 32]) -> bool {
        self.key.verifies(secp, &self.signature, hash)
    }

    /// The mismatch if the signature does not approve this hash.
    pub(super) fn refusal(
        &self,
        secp: &Secp,
        hash: &ApprovalHash,
        approvers: &BTreeSet<ApproverKey>,
    ) -> Option<Mismatch> {
        let refuse = |found: String, expected: &str| {
            Some(Mismatch::new(Code::ApprovalSignature, "the approval", found, expected))
        };
        if !approvers.contains(&self.key) {
            let expected = "the key of an approver whom the policy for this asset names";
            return refuse(format!("a signature of {}", self.key), expected);
        }
        if !self.signs(secp, hash.0) {
            return refuse(
                format!("a signature of {} for something else than this transaction", self.key),
                "one for this transaction of this treasury",
            );
        }
        None
    }
}
