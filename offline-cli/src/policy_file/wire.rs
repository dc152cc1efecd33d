//! A policy file as it is written: TOML into the shapes of its keys, before any value is judged. A key that is missing, doubled
//! or unknown ends here.

use std::fmt;

use coldamp_core::units::grouped;
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use toml::Spanned;

/// A number, or a word in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Number {
    Units(u64),
    Word(String),
}

/// A list, or a word in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum List {
    Texts(Vec<Spanned<String>>),
    Word(String),
}

/// The file as it is written, each value with its place. No key has a default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wire {
    pub(super) schema: Spanned<String>,
    pub(super) remove: Vec<Spanned<String>>,
    /// Only this may be absent, in a file that removes policies and sets none.
    #[serde(default)]
    pub(super) policy: Vec<WirePolicy>,
}

/// One policy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WirePolicy {
    pub(super) asset: Spanned<String>,
    pub(super) uuid: Spanned<String>,
    pub(super) contract: Spanned<String>,
    pub(super) issuance_prevout: Spanned<String>,
    pub(super) approvers: Spanned<List>,
    pub(super) unconfidential_recipients: Spanned<String>,
    pub(super) max_recipients: Spanned<Number>,
    pub(super) max_per_recipient: Spanned<Number>,
    pub(super) max_fee_sat: Spanned<Number>,
    pub(super) max_fee_sat_per_kvb: Spanned<Number>,
    pub(super) renew_budgets: Vec<Spanned<String>>,
    pub(super) distribute: WireLimits,
    pub(super) reissue: WireLimits,
    pub(super) burn: WireLimits,
}

/// The limits of one job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireLimits {
    pub(super) max: Spanned<Number>,
    pub(super) budget: Spanned<Number>,
    pub(super) budget_count: Spanned<Number>,
}

/// TOML's integers end at 2^63 - 1.
fn too_large() -> String {
    let most = grouped(i64::MAX.unsigned_abs());
    format!("the number is above {most}. Where there is no limit, write \"unlimited\"")
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number, or a word in quotes that says that there is no limit")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
                let number = u64::try_from(number).map_err(|_| E::custom("a limit cannot be negative"))?;
                Ok(Number::Units(number))
            }

            fn visit_u64<E: Error>(self, _: u64) -> Result<Number, E> {
                Err(E::custom(too_large()))
            }

            fn visit_i128<E: Error>(self, _: i128) -> Result<Number, E> {
                Err(E::custom(too_large()))
            }

            fn visit_u128<E: Error>(self, _: u128) -> Result<Number, E> {
                Err(E::custom(too_large()))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Number, E> {
                Ok(Number::Word(word.to_owned()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = List;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of keys in quotes, or \"none\"")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element()? {
                    texts.push(text);
                }
                Ok(List::Texts(texts))
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<List, E> {
                Ok(List::Word(word.to_owned()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
