//! What a PSET says about the asset: ELIP-100 asset and token metadata, and the entropy under one of Coldamp's own keys.
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
//! Ids and entropy are in internal byte order. Source: ELIP-100.

use elements::pset::elip100::{AssetMetadata, TokenMetadata};
use elements::{AssetEntropy, AssetId, OutPoint};

use super::allowed::KeyProblem;
use super::decode::{Fields, consensus};
use super::keys::global as keys;
use crate::limits::MAX_METADATA;

/// Asset metadata: a contract and the coin that the issuance spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedAssetMetadata {
    /// The asset that it claims to describe.
    pub asset: AssetId,
    /// The contract, byte for byte.
    pub contract: String,
    /// The coin that the first issuance claims to have spent.
    pub prevout: OutPoint,
}

/// Token metadata: which asset a reissuance token reissues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimedTokenMetadata {
    /// The token that it claims to describe.
    pub token: AssetId,
    /// The asset that the token claims to reissue.
    pub asset: AssetId,
    /// Whether it claims that the asset was issued blinded.
    pub blinded: bool,
}

/// What the global map says about assets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimedMetadata {
    /// ELIP-100 asset metadata, one for each asset.
    pub assets: Vec<ClaimedAssetMetadata>,
    /// ELIP-100 token metadata, one for each token.
    pub tokens: Vec<ClaimedTokenMetadata>,
    /// The entropy of the request's asset.
    pub entropy: Option<AssetEntropy>,
}

impl ClaimedMetadata {
    pub(super) fn read(global: &mut Fields<'_>) -> Self {
        let mut assets = global.of_assets(&keys::ASSET_METADATA, asset_metadata);
        let mut tokens = global.of_assets(&keys::TOKEN_METADATA, token_metadata);
        for (found, name) in [(assets.len(), "asset metadata"), (tokens.len(), "token metadata")] {
            if found > MAX_METADATA {
                global.report(KeyProblem::TooMany, &format!("{name} of {found} assets"));
            }
        }
        // A PSET with too many is refused already; the review need not prove each of them.
        assets.truncate(MAX_METADATA);
        tokens.truncate(MAX_METADATA);
        let entropy = global.read(&keys::ENTROPY, consensus);
        ClaimedMetadata { assets, tokens, entropy }
    }
}

fn asset_metadata(asset: AssetId, value: &[u8]) -> Option<ClaimedAssetMetadata> {
    let metadata = AssetMetadata::deserialize(value).ok()?;
    // rust-elements ignores bytes after the last field. Another reader might not.
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
