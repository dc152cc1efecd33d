//! What a person decides of a new asset, with the rules of AMP's assets/issue.

use coldamp_core::elements::secp256k1_zkp::PublicKey;
use coldamp_core::limits::MAX_MONEY;
use coldamp_core::treasury::{ContractError, IssuanceKind, canonical};
use coldamp_core::units::{AssetAmount, Precision};
use serde_json::{Value, json};

/// Characters of a name, by AMP's documentation.
const NAME: std::ops::RangeInclusive<usize> = 5..=255;

/// Characters of a ticker that the asset registry and a contract may have.
const TICKER: std::ops::RangeInclusive<usize> = 3..=24;

/// Characters of a ticker by AMP's documentation. Its test server has taken longer ones.
const AMPS_TICKER: std::ops::RangeInclusive<usize> = 3..=5;

/// What is asked for, without the addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The contract's name.
    pub name: String,
    /// The contract's ticker.
    pub ticker: String,
    /// The contract's domain, without scheme and `www.`.
    pub domain: String,
    /// The contract's issuer key: a compressed public key, 66 hexadecimal digits.
    pub pubkey: String,
    /// The contract's precision.
    pub precision: Precision,
    /// Units issued, in base units.
    pub amount: AssetAmount,
    /// Reissuance tokens, in base units; none for an asset that can never be reissued.
    pub tokens: Option<AssetAmount>,
    /// Whether the issued amounts are explicit or blinded.
    pub kind: IssuanceKind,
    /// Whether only registered users may hold the asset.
    pub transfer_restricted: bool,
}

/// A term that AMP does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: found {found:?}, expected {expected}")]
pub struct TermsError {
    /// The term.
    pub field: &'static str,
    /// What was given, cut.
    pub found: String,
    /// What AMP takes.
    pub expected: String,
}

impl Terms {
    /// Checks each term.
    ///
    /// # Errors
    /// When AMP would refuse one, by its documentation.
    pub fn check(&self) -> Result<(), TermsError> {
        let refuse = |field, found: &str, expected: String| {
            Err(TermsError { field, found: found.chars().take(100).collect(), expected })
        };
        if !NAME.contains(&self.name.len()) || !self.name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return refuse("name", &self.name, "5 to 255 printable ASCII characters".to_owned());
        }
        let is_ticker = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if !TICKER.contains(&self.ticker.len()) || !self.ticker.bytes().all(is_ticker) {
            return refuse("ticker", &self.ticker, "3 to 24 letters, digits, points and hyphens".to_owned());
        }
        if !is_domain(&self.domain) {
            let expected = "a domain as example.com, without https:// and www.";
            return refuse("domain", &self.domain, expected.to_owned());
        }
        let is_key = self.pubkey.len() == 66 && !self.pubkey.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_key || self.pubkey.parse::<PublicKey>().is_err() {
            let expected = "a compressed public key, 66 lower-case hexadecimal digits";
            return refuse("pubkey", &self.pubkey, expected.to_owned());
        }
        let amounts = [("amount", Some(self.amount)), ("reissuance_amount", self.tokens)];
        for (field, amount) in amounts.into_iter().filter_map(|(field, amount)| Some((field, amount?))) {
            if !(1..=MAX_MONEY).contains(&amount.base_units()) {
                let expected = format!("1 to {} base units", coldamp_core::units::grouped(MAX_MONEY));
                return refuse(field, &amount.base_units().to_string(), expected);
            }
        }
        Ok(())
    }

    /// Whether the ticker is one that AMP's documentation names: 3 to 5 letters.
    pub fn has_documented_ticker(&self) -> bool {
        AMPS_TICKER.contains(&self.ticker.len()) && self.ticker.bytes().all(|byte| byte.is_ascii_alphabetic())
    }

    /// The contract that these terms make, in the form that is hashed.
    ///
    /// # Errors
    /// When it has none, which no checked terms cause.
    pub fn contract(&self) -> Result<String, ContractError> {
        let Terms { domain, pubkey, name, precision, ticker, .. } = self;
        let contract = contract_of(domain, pubkey, name, precision.decimals(), ticker);
        canonical(contract.to_string().as_bytes())
    }
}

/// The contract that AMP and the asset registry make of these fields, in any layout.
pub(crate) fn contract_of(domain: &str, pubkey: &str, name: &str, precision: u8, ticker: &str) -> Value {
    json!({
        "entity": { "domain": domain },
        "issuer_pubkey": pubkey,
        "name": name,
        "precision": precision,
        "ticker": ticker,
        "version": 0,
    })
}

/// Labels of letters, digits and hyphens with points between them, at least two.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.len() <= *NAME.end()
        && domain.contains('.')
        && !domain.starts_with("www.")
        && domain.split('.').all(is_label)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Those of amp-examples/assets-issue.request.json.
    pub(in crate::treasury::issue) fn terms() -> Terms {
        Terms {
            name: "Demo Share".to_owned(),
            ticker: "DEMO".to_owned(),
            domain: "example.com".to_owned(),
            pubkey: "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798".to_owned(),
            precision: Precision::new(8).unwrap(),
            amount: AssetAmount::from_base_units(100_000_000_000),
            tokens: Some(AssetAmount::from_base_units(100_000)),
            kind: IssuanceKind::Explicit,
            transfer_restricted: true,
        }
    }

    #[test]
    fn the_terms_of_amps_example_are_taken_and_each_broken_one_is_named() {
        assert_eq!(terms().check(), Ok(()));
        let zero = AssetAmount::ZERO;
        let much = AssetAmount::from_base_units(MAX_MONEY + 1);
        for (field, broken) in [
            ("name", Terms { name: "Four".to_owned(), ..terms() }),
            ("name", Terms { name: "N\u{e4}hmaschine".to_owned(), ..terms() }),
            ("name", Terms { name: "x".repeat(256), ..terms() }),
            ("ticker", Terms { ticker: "AB".to_owned(), ..terms() }),
            ("ticker", Terms { ticker: "A B C".to_owned(), ..terms() }),
            ("domain", Terms { domain: "https://example.com".to_owned(), ..terms() }),
            ("domain", Terms { domain: "www.example.com".to_owned(), ..terms() }),
            ("domain", Terms { domain: "example".to_owned(), ..terms() }),
            ("domain", Terms { domain: "example..com".to_owned(), ..terms() }),
            ("pubkey", Terms { pubkey: "04".repeat(33), ..terms() }),
            ("pubkey", Terms { pubkey: terms().pubkey.to_uppercase(), ..terms() }),
            ("amount", Terms { amount: zero, ..terms() }),
            ("amount", Terms { amount: much, ..terms() }),
            ("reissuance_amount", Terms { tokens: Some(zero), ..terms() }),
        ] {
            assert_eq!(broken.check().unwrap_err().field, field, "{broken:?}");
        }
    }

    #[test]
    fn the_contract_is_what_the_registry_hashes() {
        assert_eq!(
            terms().contract().unwrap(),
            r#"{"entity":{"domain":"example.com"},"issuer_pubkey":"0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798","name":"Demo Share","precision":8,"ticker":"DEMO","version":0}"#
        );
    }
}
