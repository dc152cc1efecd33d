//! Reads a PSET, unsigned or with partial signatures, pair by pair and before any library does. Hashes the content that decides
//! the transaction.

mod allowed;
mod blinding;
mod content;
mod decode;
mod fields;
mod keys;
mod metadata;
mod pairs;
mod signed;

pub use allowed::{FieldError, KeyProblem};
pub(crate) use blinding::ExplicitProofs;
pub use blinding::{Blinding, BlindingDifference};
pub use content::{Content, ContentHash, ContentInput, ContentIssuance, ContentOutput};
pub use fields::{ClaimedInput, ClaimedIssuance, ClaimedOutput, UnsignedPset};
pub use metadata::{ClaimedAssetMetadata, ClaimedMetadata, ClaimedTokenMetadata};
pub use pairs::{ParseError, pset_binary, pset_text};
pub use signed::SignedPset;

use elements::pset::raw::ProprietaryKey;

/// The key under which a PSET carries AMP's request, byte for byte.
pub fn request_key() -> ProprietaryKey {
    keys::global::REQUEST.proprietary_key()
}

/// The key under which a PSET carries the entropy of the request's asset: 32 bytes in internal order.
pub fn entropy_key() -> ProprietaryKey {
    keys::global::ENTROPY.proprietary_key()
}

/// The key under which an input carries the opening of its coin, if its range proof does not open it; see
/// [`crate::treasury::Opening`].
pub fn opening_key() -> ProprietaryKey {
    keys::input::OPENING.proprietary_key()
}

/// The key under which a PSET names its chain by the hash of the genesis block (ELIP-101).
pub fn genesis_key() -> ProprietaryKey {
    keys::global::GENESIS.proprietary_key()
}
