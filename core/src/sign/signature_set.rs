//! The signatures of one key: all that only the holder of the key can make. Whoever has the PSET and the view key recomputes the
//! rest.

use elements::Txid;
use elements::bitcoin::bip32::Fingerprint;

use super::signatures::InputSignature;
use crate::network::Chain;
use crate::pset::ContentHash;
use crate::signed::JournalPosition;

/// What one key of a treasury signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureSet {
    /// The network.
    pub network: Chain,
    /// The content that was signed.
    pub content: ContentHash,
    /// SHA-256 of the treasury's canonical descriptor.
    pub descriptor: [u8; 32],
    /// The id of the transaction that was signed.
    pub txid: Txid,
    /// The fingerprint of the signer's master key.
    pub fingerprint: Fingerprint,
    /// The signatures, in the order of the inputs.
    pub signatures: Vec<InputSignature>,
    /// The position in the signer's journal. `None` until it is recorded, or where another signer's has none.
    pub signer: Option<JournalPosition>,
}
