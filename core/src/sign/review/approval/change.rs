//! An approver's word for a change of policy. It is for one file and for one state of the treasury's policies, so that
//! neither another file nor the same one later, when stricter limits have followed, can be brought into force with it.

use std::collections::BTreeSet;

use elements::hashes::sha256;

use super::{ApproverKey, ApproverSignature};
use crate::Secp;
use crate::network::Network;
use crate::treasury::CtDescriptor;

/// BIP-340 tag, another one than that of transactions: no signature for the one is one for the other.
const TAG: &[u8] = b"coldamp/policy-approval/1";

/// Tagged SHA-256('coldamp/policy-approval/1', SHA-256(canonical CT descriptor) ‖ policy asset of the network ‖
/// SHA-256(export of the policies in force) ‖ SHA-256(the new file) ‖ name of the network).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyApprovalHash(pub [u8; 32]);

impl PolicyApprovalHash {
    /// The hash of a change: from what `in_force` is the digest of to what `file` is the digest of.
    pub fn of(descriptor: &CtDescriptor, network: &Network, in_force: [u8; 32], file: [u8; 32]) -> Self {
        let tag = sha256::Hash::hash(TAG).to_byte_array();
        let fixed =
            [tag, tag, descriptor.canonical_hash(), network.policy_asset().to_byte_array(), in_force, file];
        let message = [fixed.as_flattened(), network.chain().name().as_bytes()].concat();
        PolicyApprovalHash(sha256::Hash::hash(&message).to_byte_array())
    }

    /// Whether one of these approvers has signed it.
    pub fn is_signed(
        &self,
        secp: &Secp,
        approvers: &BTreeSet<ApproverKey>,
        signatures: &[ApproverSignature],
    ) -> bool {
        signatures.iter().any(|signature| approvers.contains(&signature.key) && signature.signs(secp, self.0))
    }
}

#[cfg(all(test, feature = "signer"))]
mod tests {
    use super::super::{ApproverSecret, sign_policy_approval};
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
        let hash = PolicyApprovalHash::of(&descriptor, &regtest, [1; 32], [2; 32]);
        let signature = [sign_policy_approval(&secp, &hash, &key)];
        assert!(hash.is_signed(&secp, &named, &signature));
        for another in [
            PolicyApprovalHash::of(&other, &regtest, [1; 32], [2; 32]),
            PolicyApprovalHash::of(&descriptor, &testnet, [1; 32], [2; 32]),
            PolicyApprovalHash::of(&descriptor, &regtest, [3; 32], [2; 32]),
            PolicyApprovalHash::of(&descriptor, &regtest, [1; 32], [3; 32]),
            PolicyApprovalHash::of(&descriptor, &regtest, [2; 32], [1; 32]),
        ] {
            assert!(!another.is_signed(&secp, &named, &signature));
        }
        let stranger = ApproverSecret::from_seed(&secp, &[8; 64]).unwrap();
        assert!(!hash.is_signed(&secp, &BTreeSet::from([stranger.public_key()]), &signature));
        assert!(!hash.is_signed(&secp, &named, &[sign_policy_approval(&secp, &hash, &stranger)]));
        assert!(!hash.is_signed(&secp, &named, &[]));
        // With the approver's name on a stranger's signature.
        let forged =
            ApproverSignature { key: key.public_key(), ..sign_policy_approval(&secp, &hash, &stranger) };
        assert!(!hash.is_signed(&secp, &named, &[forged]));
    }
}
