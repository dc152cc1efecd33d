//! What the preparer knows of the treasury.

use crate::network::Network;
use crate::treasury::{
    CtDescriptor, FreeIndices, IssuanceIds, IssuanceKind, ProvenContract, ScriptIndex, Utxo,
};

/// A treasury as a plan needs it: its descriptor, its coins and addresses, and the issuance of the asset.
#[derive(Debug, Clone, Copy)]
pub struct Treasury<'a> {
    /// The network that the treasury is on.
    pub network: &'a Network,
    /// The watch-only CT descriptor of its addresses.
    pub descriptor: &'a CtDescriptor,
    /// Its confirmed, unspent coins.
    pub coins: &'a [Utxo],
    /// Its scripts up to the highest used index and the gap above. They show which recipients are the treasury itself.
    pub scripts: &'a ScriptIndex,
    /// The addresses that outputs to the treasury may use.
    pub free: &'a FreeIndices,
    /// The ids of the asset's issuance, and the kind that the chain source claims. A reissue needs them, and every job proves
    /// the asset's identity with them.
    pub issuance: Option<(IssuanceIds, IssuanceKind)>,
    /// The asset's contract. With it the signer shows ticker and precision.
    pub contract: Option<&'a ProvenContract>,
}

impl Treasury<'_> {
    /// How the asset was issued. A token that the treasury holds decides, as it does for consensus
    /// (docs/rules.md#token-kind). The issuance transaction from the chain source could be forged.
    pub(in crate::prepare) fn token_kind(&self) -> Option<IssuanceKind> {
        let (ids, claimed_kind) = self.issuance?;
        let held = self.coins.iter().find_map(|coin| ids.kind_of_token(coin.asset()));
        Some(held.unwrap_or(claimed_kind))
    }
}
