//! What a PSET of ours carries, read pair by pair before any library reads it, and the content hash over what counts.

mod allowed;
mod content;
mod decode;
mod fields;
mod metadata;
mod pairs;

pub use allowed::{FieldError, KeyProblem};
pub use content::{Content, ContentHash, ContentInput, ContentIssuance, ContentOutput};
pub use fields::{ClaimedInput, ClaimedIssuance, ClaimedOutput, UnsignedPset};
pub use metadata::{ClaimedAssetMetadata, ClaimedMetadata, ClaimedTokenMetadata};
pub use pairs::{ParseError, pset_text};

use elements::pset::raw::ProprietaryKey;

/// Proprietary prefix of our own fields.
pub const COLDAMP_PREFIX: &[u8] = b"coldamp";
/// `coldamp` global subtype 0: AMP's request, byte for byte.
pub const COLDAMP_GLOBAL_REQUEST: u8 = 0;
/// `coldamp` global subtype 1: the entropy of the request's asset, 32 bytes in internal order.
pub const COLDAMP_GLOBAL_ENTROPY: u8 = 1;
/// `coldamp` input subtype 1: how the coin opens where its range proof does not, see [`crate::treasury::Opening`].
pub const COLDAMP_INPUT_OPENING: u8 = 1;
/// `pset` global subtype 2: the genesis hash (ELIP-101).
pub const PSET_GLOBAL_GENESIS: u8 = 2;

/// The key under which a PSET carries AMP's request.
pub fn request_key() -> ProprietaryKey {
    ProprietaryKey { prefix: COLDAMP_PREFIX.to_vec(), subtype: COLDAMP_GLOBAL_REQUEST, key: Vec::new() }
}

/// The key under which a PSET carries the entropy of the request's asset.
pub fn entropy_key() -> ProprietaryKey {
    ProprietaryKey { prefix: COLDAMP_PREFIX.to_vec(), subtype: COLDAMP_GLOBAL_ENTROPY, key: Vec::new() }
}

/// The key under which an input carries the opening of its coin.
pub fn opening_key() -> ProprietaryKey {
    ProprietaryKey { prefix: COLDAMP_PREFIX.to_vec(), subtype: COLDAMP_INPUT_OPENING, key: Vec::new() }
}

/// The key under which a PSET names its chain (ELIP-101).
pub fn genesis_key() -> ProprietaryKey {
    ProprietaryKey { prefix: b"pset".to_vec(), subtype: PSET_GLOBAL_GENESIS, key: Vec::new() }
}
