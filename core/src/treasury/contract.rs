//! An asset's contract: the issuer's JSON with ticker, name, domain and precision, whose hash is in the asset id.
//!
//! The bytes prove themselves as given: their SHA-256 and the coin that the issuance spent lead to the entropy, and
//! the entropy to the asset id. The signer canonicalizes nothing. Two parsers that canonicalize differently, or that take
//! a different one of two equal keys, would show the same asset at two precisions, both "proven"
//! (docs/rules.md#contract). Only the preparer brings a file into the canonical form, by [`canonical()`].
//!
//! Proven means that the issuer of *this asset id* chose the words. Anybody can issue a "USDt": which id is meant is
//! pinned by policy alone, so ticker and id are shown together.

mod canonical;
mod error;
mod recognise;

use elements::hashes::sha256;
use elements::{AssetId, ContractHash, OutPoint};

use super::IssuanceIds;
use crate::json::{Tree, shown};
use crate::units::Precision;
pub use canonical::canonical;
pub use error::{ContractError, OfferedContract};

/// Bytes that a contract may have.
pub(crate) const MAX_CONTRACT_BYTES: usize = 4 * 1024;

/// Bytes that a file may have which is read as a contract: laid out with blanks and line ends, or the asset registry's
/// whole answer, it is longer than the contract and can still be told for what it is.
pub const MAX_CONTRACT_FILE_BYTES: usize = 64 * 1024;

/// Characters that a ticker may have, as the asset registry and LWK allow.
const MAX_TICKER: usize = 24;

/// Characters that a name or a domain may have, as the asset registry and LWK allow.
const MAX_NAME: usize = 255;

/// What an asset's own contract says of it. Made by [`ProvenContract::prove`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenContract {
    ids: IssuanceIds,
    prevout: OutPoint,
    text: String,
    ticker: Option<String>,
    precision: Precision,
    name: String,
    domain: String,
}

impl ProvenContract {
    /// Proves that a contract is the asset's, and reads it. `prevout` is the coin that the first issuance spent.
    ///
    /// # Errors
    /// When the bytes as given do not lead to the asset, or say something in a way that could be read otherwise. Where
    /// the bytes are the right contract in another layout, or the asset registry's whole answer, the error says so.
    pub fn prove(contract: &[u8], prevout: OutPoint, asset: AssetId) -> Result<Self, ContractError> {
        let recognised = || recognise::recognise(contract, prevout, asset);
        if contract.len() > MAX_CONTRACT_BYTES {
            let found = contract.len();
            return Err(recognised().unwrap_or(ContractError::TooLong { found }));
        }
        let ids = contract_ids(contract, prevout);
        if ids.asset != asset {
            let found = ids.asset;
            return Err(recognised().unwrap_or(ContractError::OtherAsset { found, expected: asset }));
        }
        let text = printable(contract)?;
        let tree =
            Tree::read(text).map_err(|error| ContractError::Unreadable { reason: error.to_string() })?;
        let entity = field(&tree, "entity")?;
        Ok(ProvenContract {
            ids,
            prevout,
            ticker: ticker(&tree)?,
            precision: precision(field(&tree, "precision")?)?,
            name: words(field(&tree, "name")?, "name", MAX_NAME, name_character)?,
            domain: words(field(entity, "domain")?, "domain", MAX_NAME, domain_character)?,
            text: text.to_owned(),
        })
    }

    /// Entropy, asset and token ids.
    pub fn ids(&self) -> &IssuanceIds {
        &self.ids
    }

    /// The coin that the first issuance spent.
    pub fn prevout(&self) -> OutPoint {
        self.prevout
    }

    /// The contract, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// At most 24 letters, digits, dots and hyphens; none where the contract has no ticker.
    pub fn ticker(&self) -> Option<&str> {
        self.ticker.as_deref()
    }

    /// The unit of an amount at this precision: the ticker, or words where the contract has none.
    pub fn unit(&self) -> &str {
        self.ticker.as_deref().unwrap_or("units of the asset")
    }

    /// Decimals.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Printable ASCII, at most 255 characters.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The issuer's domain: letters, digits, dots and hyphens.
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

/// The ids that a contract's bytes as given and the coin of the first issuance lead to.
pub fn contract_ids(contract: &[u8], prevout: OutPoint) -> IssuanceIds {
    let hash = sha256::Hash::hash(contract).to_byte_array();
    IssuanceIds::from_issuance(prevout, ContractHash::from_byte_array(hash))
}

/// Text that looks the same everywhere: what lies outside printable ASCII is written in more than one way, by Unicode's
/// forms and by JSON's escapes.
fn printable(contract: &[u8]) -> Result<&str, ContractError> {
    if let Some(position) = contract.iter().position(|byte| !matches!(byte, b' '..=b'~')) {
        return Err(ContractError::Unprintable { position });
    }
    std::str::from_utf8(contract)
        .map_err(|error| ContractError::Unprintable { position: error.valid_up_to() })
}

fn field<'t, 'a>(tree: &'t Tree<'a>, name: &'static str) -> Result<&'t Tree<'a>, ContractError> {
    tree.member(name).ok_or_else(|| wrong(name, "nothing", "the field"))
}

fn wrong(field: &'static str, found: impl Into<String>, expected: &'static str) -> ContractError {
    ContractError::Field { field, found: found.into(), expected }
}

/// The ticker. Issuers may leave it out: 163 of the 14,220 contracts in mainnet's asset registry had none in November
/// 2026. A ticker that is there must be one.
fn ticker(tree: &Tree<'_>) -> Result<Option<String>, ContractError> {
    let ticker = tree.member("ticker").filter(|value| **value != Tree::Plain("null"));
    ticker.map(|value| words(value, "ticker", MAX_TICKER, ticker_character)).transpose()
}

/// One digit and nothing else: `8.0`, `8e0` or `"8"` is eight to some parsers and none to others.
fn precision(value: &Tree<'_>) -> Result<Precision, ContractError> {
    let expected = "a whole number from 0 to 8";
    let Tree::Plain(text) = value else { return Err(wrong("precision", "no number", expected)) };
    let digit = match text.as_bytes() {
        [digit @ b'0'..=b'9'] => Precision::new(digit.saturating_sub(b'0')),
        _ => None,
    };
    digit.ok_or_else(|| wrong("precision", shown(text), expected))
}

fn words(
    value: &Tree<'_>,
    name: &'static str,
    longest: usize,
    allowed: fn(char) -> bool,
) -> Result<String, ContractError> {
    let expected = match name {
        "ticker" => "1 to 24 letters, digits, dots and hyphens",
        "domain" => "1 to 255 letters, digits, dots and hyphens",
        _ => "1 to 255 printable ASCII characters",
    };
    match value {
        // By characters, after the escapes: what is printable in the file may be the escape of what is not.
        Tree::String(text) if (1..=longest).contains(&text.len()) && text.chars().all(allowed) => {
            Ok(text.clone())
        }
        Tree::String(text) => Err(wrong(name, shown(text), expected)),
        Tree::Object(_) | Tree::Array(_) | Tree::Plain(_) => Err(wrong(name, "no string", expected)),
    }
}

fn ticker_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-')
}

fn domain_character(character: char) -> bool {
    ticker_character(character)
}

fn name_character(character: char) -> bool {
    matches!(character, ' '..='~')
}

#[cfg(test)]
mod tests;
