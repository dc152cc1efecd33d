//! The private key of an approver. Only the cold side holds one.

use elements::secp256k1_zkp::{Keypair, Message, SecretKey};

use super::super::approver_key::ApproverKey;
use super::super::checked::CheckedPset;
use super::approver::ApproverSignature;
use crate::Secp;
use crate::hmac::hmac_sha256;

/// The private key of an approver. It has neither Debug nor Clone, and is overwritten when dropped.
pub struct ApproverSecret(Keypair);

impl ApproverSecret {
    /// The approver's key of a seed: HMAC-SHA256(seed, 'coldamp/approver/1'). It controls no coin. `None` for the one
    /// seed in 2^127 whose hash is not a valid key.
    pub fn from_seed(secp: &Secp, seed: &[u8; 64]) -> Option<Self> {
        let mut secret = SecretKey::from_slice(&hmac_sha256(seed, &[b"coldamp/approver/1"])).ok()?;
        let pair = Keypair::from_secret_key(secp, &secret);
        secret.non_secure_erase();
        Some(ApproverSecret(pair))
    }

    /// The public key, which a policy names.
    pub fn public_key(&self) -> ApproverKey {
        ApproverKey(self.0.x_only_public_key().0)
    }

    /// BIP-340 with zero as auxiliary randomness: one approval has one signature, so the signature cannot leak data.
    pub(super) fn sign(&self, secp: &Secp, hash: [u8; 32]) -> ApproverSignature {
        let signature = secp.sign_schnorr_with_aux_rand(&Message::from_digest(hash), &self.0, &[0; 32]);
        ApproverSignature { key: self.public_key(), signature }
    }
}

impl Drop for ApproverSecret {
    fn drop(&mut self) {
        self.0.non_secure_erase();
    }
}

/// Signs the whole approval hash of a checked PSET.
pub fn sign_approval(secp: &Secp, checked: &CheckedPset, key: &ApproverSecret) -> ApproverSignature {
    key.sign(secp, checked.approval_hash().0)
}
