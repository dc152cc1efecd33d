//! An approver's signature for a change of policy. It is valid for one file and one state of the treasury's policies. So it
//! cannot put another file in force, nor the same file later, when stricter policies have followed.

use std::collections::BTreeSet;

use elements::hashes::sha256;

use super::super::approver_key::ApproverKey;
use super::approver::ApproverSignature;
#[cfg(feature = "signer")]
use super::approver_secret::ApproverSecret;
use crate::Secp;
use crate::network::Network;
use crate::treasury::CtDescriptor;

/// BIP-340 tag. It differs from the tag of transactions, so a signature for one is never valid for the other.
const TAG: &[u8] = b"coldamp/policy-approval/1";

/// The two files that a change of policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyChangeDigests {
    /// SHA-256 of the export of all policies in force.
    pub in_force: [u8; 32],
    /// SHA-256 of the new policy file.
    pub file: [u8; 32],
}

/// Tagged SHA-256('coldamp/policy-approval/1', SHA-256(canonical CT descriptor) ‖ policy asset of the network ‖
/// SHA-256(export of the policies in force) ‖ SHA-256(the new file) ‖ name of the network).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyApprovalHash(pub [u8; 32]);

impl PolicyApprovalHash {
    /// The hash of a change of the policies of this treasury.
    pub fn of(descriptor: &CtDescriptor, network: &Network, change: PolicyChangeDigests) -> Self {
        let tag = sha256::Hash::hash(TAG).to_byte_array();
        let policy_asset = network.policy_asset().to_byte_array();
        let PolicyChangeDigests { in_force, file } = change;
        let fixed = [tag, tag, descriptor.canonical_hash(), policy_asset, in_force, file];
        let message = [fixed.as_flattened(), network.chain().name().as_bytes()].concat();
        PolicyApprovalHash(sha256::Hash::hash(&message).to_byte_array())
    }

    /// Whether one of these approvers signed this change.
    pub fn is_signed(
        &self,
        secp: &Secp,
        approvers: &BTreeSet<ApproverKey>,
        signatures: &[ApproverSignature],
    ) -> bool {
        signatures.iter().any(|signature| approvers.contains(&signature.key) && signature.signs(secp, self.0))
    }
}

/// Signs a change of policy, which the approver has compared with the policy in force.
#[cfg(feature = "signer")]
pub fn sign_policy_approval(
    secp: &Secp,
    hash: &PolicyApprovalHash,
    key: &ApproverSecret,
) -> ApproverSignature {
    key.sign(secp, hash.0)
}

#[cfg(all(test, feature = "signer"))]
mod tests {
    use super::*;
    use crate::network::Chain;

    const WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    #[test]
    fn a_signature_is_for_one_file_one_state_one_treasury_and_one_network() {
        let secp = Secp::new();
        let descriptor = CtDescriptor::parse(WPKH, Chain::Regtest).unwrap();
        let other = WPKH.replace("9c8e4f05", "9c8e4f06");
        let other = CtDescriptor::parse(&other, Chain::Regtest).unwrap();
        let (regtest, testnet) = (Network::new(Chain::Regtest), Network::new(Chain::LiquidTestnet));
        let key = ApproverSecret::from_seed(&secp, &[7; 64]).unwrap();
        let named = BTreeSet::from([key.public_key()]);
        let change =
            |in_force: u8, file: u8| PolicyChangeDigests { in_force: [in_force; 32], file: [file; 32] };
        let hash = PolicyApprovalHash::of(&descriptor, &regtest, change(1, 2));
        let signature = [sign_policy_approval(&secp, &hash, &key)];
        assert!(hash.is_signed(&secp, &named, &signature));
        for another in [
            PolicyApprovalHash::of(&other, &regtest, change(1, 2)),
            PolicyApprovalHash::of(&descriptor, &testnet, change(1, 2)),
            PolicyApprovalHash::of(&descriptor, &regtest, change(3, 2)),
            PolicyApprovalHash::of(&descriptor, &regtest, change(1, 3)),
            PolicyApprovalHash::of(&descriptor, &regtest, change(2, 1)),
        ] {
            assert!(!another.is_signed(&secp, &named, &signature));
        }
        let stranger = ApproverSecret::from_seed(&secp, &[8; 64]).unwrap();
        assert!(!hash.is_signed(&secp, &BTreeSet::from([stranger.public_key()]), &signature));
        assert!(!hash.is_signed(&secp, &named, &[sign_policy_approval(&secp, &hash, &stranger)]));
        assert!(!hash.is_signed(&secp, &named, &[]));
        // With the approver's name on a signature of another key.
        let forged =
            ApproverSignature { key: key.public_key(), ..sign_policy_approval(&secp, &hash, &stranger) };
        assert!(!hash.is_signed(&secp, &named, &[forged]));
    }
}
