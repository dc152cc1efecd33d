//! What a PSET says of the asset itself: ELIP-100 asset and token metadata, and the entropy under a key of ours.
//!
//! None of it is in [`super::Content`]: the blinder cannot read it, so approval codes do not cover it
//! (docs/rules.md#content). The review therefore proves each of these claims, or refuses it (docs/rules.md#contract).
//!
//! ```text
//! fc 08 "pset_hww" 00 ‖ asset 32   contract (compact size first) ‖ issuance prevout 36
//! fc 08 "pset_hww" 01 ‖ token 32   00 explicit | 01 blinded ‖ asset 32
//! fc 07 "coldamp"  01              entropy 32
//! ```
//!
//! Ids and entropy stand in internal byte order. Source: ELIP-100.

use elements::pset::elip100::{self, AssetMetadata, PSET_HWW_PREFIX, TokenMetadata};
use elements::{AssetEntropy, AssetId, OutPoint};

use super::allowed::KeyProblem;
use super::decode::{Fields, consensus, proprietary};
use crate::limits::MAX_METADATA;

/// Asset metadata: a contract and the coin that the issuance spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedAssetMetadata {
    /// The asset that it is said to be of.
    pub asset: AssetId,
    /// The contract, byte for byte.
    pub contract: String,
    /// The coin that the first issuance is said to have spent.
    pub prevout: OutPoint,
}

/// Token metadata: of which asset a reissuance token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedTokenMetadata {
    /// The token that it is said to be of.
    pub token: AssetId,
    /// The asset that the token is said to reissue.
    pub asset: AssetId,
    /// Whether the asset is said to have been issued blinded.
    pub blinded: bool,
}

/// All that the global map says of assets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimedMetadata {
    /// ELIP-100 asset metadata, each asset once.
    pub assets: Vec<ClaimedAssetMetadata>,
    /// ELIP-100 token metadata, each token once.
    pub tokens: Vec<ClaimedTokenMetadata>,
    /// The entropy of the request's asset.
    pub entropy: Option<AssetEntropy>,
}

impl ClaimedMetadata {
    pub(super) fn read(global: &mut Fields<'_>) -> Self {
        let mut assets = global.keyed(
            (PSET_HWW_PREFIX, elip100::PSBT_ELEMENTS_HWW_GLOBAL_ASSET_METADATA),
            "asset metadata (ELIP-100)",
            KeyProblem::Metadata,
            asset_metadata,
        );
        let mut tokens = global.keyed(
            (PSET_HWW_PREFIX, elip100::PSBT_ELEMENTS_HWW_GLOBAL_REISSUANCE_TOKEN),
            "token metadata (ELIP-100)",
            KeyProblem::Metadata,
            token_metadata,
        );
        for (found, name) in [(assets.len(), "asset metadata"), (tokens.len(), "token metadata")] {
            if found > MAX_METADATA {
                global.report(KeyProblem::TooMany, &format!("{name} of {found} assets"));
            }
        }
        // What is refused already is not proven one by one.
        assets.truncate(MAX_METADATA);
        tokens.truncate(MAX_METADATA);
        let entropy = global.optional(
            &proprietary(super::COLDAMP_PREFIX, super::COLDAMP_GLOBAL_ENTROPY),
            "entropy of the asset",
            KeyProblem::Entropy,
            consensus,
        );
        ClaimedMetadata { assets, tokens, entropy }
    }
}

fn asset_metadata(asset: AssetId, value: &[u8]) -> Option<ClaimedAssetMetadata> {
    let metadata = AssetMetadata::deserialize(value).ok()?;
    // rust-elements overlooks what stands behind the last field; another reader might not.
    (metadata.serialize() == value).then(|| ClaimedAssetMetadata {
        asset,
        contract: metadata.contract().to_owned(),
        prevout: metadata.issuance_prevout(),
    })
}

fn token_metadata(token: AssetId, value: &[u8]) -> Option<ClaimedTokenMetadata> {
    let metadata = TokenMetadata::deserialize(value).ok()?;
    (metadata.serialize() == value).then(|| ClaimedTokenMetadata {
        token,
        asset: *metadata.asset_id(),
        blinded: metadata.issuance_blinded(),
    })
}
