//! Entropy, asset id and token ids: how an asset id follows from its issuance, and how to prove it.

use elements::confidential::Value;
use elements::{AssetEntropy, AssetId, ContractHash, OutPoint, Transaction, TxIn, Txid};

use crate::code::Code;
use crate::listed::listed;

/// Whether the asset was first issued with an explicit or a blinded amount. Consensus derives another token id for
/// each, and asks the same kind of every reissuance (elements confidential_validation.cpp:222-246).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuanceKind {
    /// The reissued amount stands explicit in the input.
    Explicit,
    /// The reissued amount is a commitment with a range proof.
    Blinded,
}

/// The ids that follow from an entropy: asset = fastmerkle(E, 0), token = fastmerkle(E, 1 or 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IssuanceIds {
    /// E, which names the asset for ever.
    pub entropy: AssetEntropy,
    /// The asset.
    pub asset: AssetId,
    /// The reissuance token, if the asset was issued explicit.
    pub explicit_token: AssetId,
    /// The reissuance token, if the asset was issued blinded.
    pub blinded_token: AssetId,
}

/// Why a transaction is not the issuance of an asset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuanceError {
    /// It issues nothing, or only other assets.
    #[error("transaction {txid} does not issue asset {expected}; it issues {}", none_or_listed(.found))]
    OtherAsset {
        /// The transaction looked at.
        txid: Txid,
        /// The asset looked for.
        expected: AssetId,
        /// The assets it does issue.
        found: Vec<AssetId>,
    },
}

impl IssuanceError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            IssuanceError::OtherAsset { .. } => Code::IssuanceAsset,
        }
    }
}

fn none_or_listed(assets: &[AssetId]) -> String {
    if assets.is_empty() {
        return "none".to_owned();
    }
    listed(assets)
}

impl IssuanceKind {
    /// The byte that stands for it in Content.
    pub fn byte(self) -> u8 {
        match self {
            IssuanceKind::Explicit => 0,
            IssuanceKind::Blinded => 1,
        }
    }

    /// A word for screens.
    pub fn name(self) -> &'static str {
        match self {
            IssuanceKind::Explicit => "explicit",
            IssuanceKind::Blinded => "blinded",
        }
    }
}

impl IssuanceIds {
    /// The ids of an entropy.
    pub fn from_entropy(entropy: AssetEntropy) -> Self {
        IssuanceIds {
            entropy,
            asset: AssetId::from_entropy(entropy),
            explicit_token: AssetId::reissuance_token_from_entropy(entropy, false),
            blinded_token: AssetId::reissuance_token_from_entropy(entropy, true),
        }
    }

    /// The ids of an issuance: entropy = fastmerkle(H(prevout), contract hash).
    pub(crate) fn from_issuance(prevout: OutPoint, contract_hash: ContractHash) -> Self {
        Self::from_entropy(AssetId::generate_asset_entropy(prevout, contract_hash))
    }

    /// The ids of an input that issues, for the first time or again.
    pub fn of_input(input: &TxIn) -> Self {
        let issuance = &input.asset_issuance;
        match issuance.asset_blinding_nonce.is_null() {
            true => Self::from_issuance(input.previous_output, issuance.asset_entropy.into_contract_hash()),
            false => Self::from_entropy(issuance.asset_entropy),
        }
    }

    /// The kind of issuance that made this token, if it is a token of this asset at all.
    pub fn kind_of_token(&self, token: AssetId) -> Option<IssuanceKind> {
        if token == self.explicit_token {
            Some(IssuanceKind::Explicit)
        } else if token == self.blinded_token {
            Some(IssuanceKind::Blinded)
        } else {
            None
        }
    }

    /// The token id for a kind of issuance.
    pub fn token(&self, kind: IssuanceKind) -> AssetId {
        match kind {
            IssuanceKind::Explicit => self.explicit_token,
            IssuanceKind::Blinded => self.blinded_token,
        }
    }
}

/// Finds an issuance or a reissuance of `asset` in a transaction and recomputes its ids from it. Both say as much: the
/// entropy leads to the asset id or it does not, and consensus gave both the same kind.
///
/// # Errors
/// When the transaction issues no more of that asset.
pub fn issuance_in(tx: &Transaction, asset: AssetId) -> Result<(IssuanceIds, IssuanceKind), IssuanceError> {
    let mut found = Vec::new();
    for input in tx.input.iter().filter(|input| input.has_issuance()) {
        let issuance = &input.asset_issuance;
        let ids = IssuanceIds::of_input(input);
        if ids.asset == asset {
            let kind = match issuance.amount {
                Value::Confidential(_) => IssuanceKind::Blinded,
                Value::Explicit(_) | Value::Null => IssuanceKind::Explicit,
            };
            return Ok((ids, kind));
        }
        found.push(ids.asset);
    }
    Err(IssuanceError::OtherAsset { txid: tx.txid(), expected: asset, found })
}

/// The coin that an asset's first issuance spent, if this transaction is that issuance. A reissuance does not hold it:
/// its entropy alone leads to the asset, and no contract can be proven from that.
pub fn first_prevout_in(tx: &Transaction, asset: AssetId) -> Option<OutPoint> {
    let first = |input: &&TxIn| input.asset_issuance.asset_blinding_nonce.is_null();
    let mut issuing = tx.input.iter().filter(|input| input.has_issuance()).filter(first);
    issuing.find(|input| IssuanceIds::of_input(input).asset == asset).map(|input| input.previous_output)
}
