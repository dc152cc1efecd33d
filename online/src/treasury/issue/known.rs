//! What AMP lists of an asset that is asked for, or was.

use super::{IssueError, Terms};
use crate::amp::{Amp, ListedAsset};

/// The assets of AMP's that may be the one asked for, or that a registry would take for it: the same ticker and domain, in
/// small letters or in capitals. Where AMP's row has none of one of these, by the name.
///
/// # Errors
/// When AMP cannot be asked, or a row has another shape.
pub async fn alike(amp: &Amp, terms: &Terms) -> Result<Vec<ListedAsset>, IssueError> {
    Ok(amp.assets().await?.into_iter().filter(|listed| is_alike(listed, terms)).collect())
}

fn is_alike(listed: &ListedAsset, terms: &Terms) -> bool {
    let differs = |found: &Option<String>, asked: &str| {
        found.as_deref().is_some_and(|found| !found.eq_ignore_ascii_case(asked))
    };
    if differs(&listed.ticker, &terms.ticker) || differs(&listed.domain, &terms.domain) {
        return false;
    }
    let has_both = listed.ticker.is_some() && listed.domain.is_some();
    has_both || listed.name.eq_ignore_ascii_case(&terms.name)
}

#[cfg(test)]
mod tests {
    use super::super::terms::tests::terms;
    use super::*;
    use coldamp_core::amp::request::Uuid;
    use coldamp_core::elements::AssetId;

    #[test]
    fn what_may_be_the_same_asset_is_told_from_what_cannot_be() {
        let listed = ListedAsset {
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
        for (changed, expected) in [
            (listed.clone(), true),
            (ListedAsset { name: "Other".to_owned(), ..listed.clone() }, true),
            (ListedAsset { ticker: Some("demo".to_owned()), ..listed.clone() }, true),
            (ListedAsset { precision: 2, pubkey: None, ..listed.clone() }, true),
            (ListedAsset { ticker: None, ..listed.clone() }, true),
            (ListedAsset { domain: None, ticker: None, ..listed.clone() }, true),
            (ListedAsset { domain: None, name: "Other".to_owned(), ..listed.clone() }, false),
            (ListedAsset { ticker: None, domain: Some("example.org".to_owned()), ..listed.clone() }, false),
            (ListedAsset { ticker: Some("OTHER".to_owned()), ..listed.clone() }, false),
            (ListedAsset { domain: Some("example.org".to_owned()), ..listed }, false),
        ] {
            assert_eq!(is_alike(&changed, &terms()), expected, "{changed:?}");
        }
    }
}
