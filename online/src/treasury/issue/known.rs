//! What AMP lists of an asset that is asked for, or was.

use super::{IssueError, Terms};
use crate::amp::{Amp, ListedAsset};

/// The assets of AMP's that resemble the one asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Those with the same name, ticker, domain, key and precision.
    pub same: Vec<ListedAsset>,
    /// Those with the same ticker and domain, the same ones among them. A registry takes one of them at most.
    pub alike: Vec<ListedAsset>,
}

/// Looks through AMP's assets.
///
/// # Errors
/// When AMP cannot be asked, or a row has another shape.
pub async fn known(amp: &Amp, terms: &Terms) -> Result<Known, IssueError> {
    Ok(Known::among(amp.assets().await?, terms))
}

impl Known {
    fn among(assets: Vec<ListedAsset>, terms: &Terms) -> Self {
        let is_alike = |facts: &ListedAsset| {
            let same = |found: &Option<String>, asked: &str| {
                found.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(asked))
            };
            same(&facts.ticker, &terms.ticker) && same(&facts.domain, &terms.domain)
        };
        let alike: Vec<ListedAsset> = assets.into_iter().filter(is_alike).collect();
        let is_same = |facts: &&ListedAsset| {
            facts.ticker.as_ref() == Some(&terms.ticker)
                && facts.domain.as_ref() == Some(&terms.domain)
                && facts.name == terms.name
                && facts.pubkey.as_ref() == Some(&terms.pubkey)
                && facts.precision == u64::from(terms.precision.decimals())
        };
        Known { same: alike.iter().filter(is_same).cloned().collect(), alike }
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::tests::terms;
    use super::*;
    use coldamp_core::amp::request::Uuid;
    use coldamp_core::elements::AssetId;

    #[test]
    fn the_same_asset_and_those_that_a_registry_would_take_for_it_are_told_apart() {
        let facts = ListedAsset {
            uuid: Uuid::parse("025b413f-8a9a-421e-a648-a7dd06839eb9").unwrap(),
            asset: AssetId::from_byte_array([7; 32]),
            token: None,
            name: terms().name,
            ticker: Some(terms().ticker),
            domain: Some(terms().domain),
            pubkey: Some(terms().pubkey),
            precision: 8,
            is_registered: false,
            is_authorized: false,
        };
        for (changed, same, alike) in [
            (facts.clone(), 1, 1),
            (ListedAsset { name: "Other".to_owned(), ..facts.clone() }, 0, 1),
            (ListedAsset { ticker: Some("demo".to_owned()), ..facts.clone() }, 0, 1),
            (ListedAsset { precision: 2, ..facts.clone() }, 0, 1),
            (ListedAsset { ticker: None, ..facts.clone() }, 0, 0),
            (ListedAsset { domain: Some("example.org".to_owned()), ..facts }, 0, 0),
        ] {
            let known = Known::among(vec![changed], &terms());
            assert_eq!((known.same.len(), known.alike.len()), (same, alike), "{known:?}");
        }
    }
}
