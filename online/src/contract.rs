//! An asset's contract from wherever it is found, proven against the asset id.
//!
//! Nobody is believed: a file, a chain source and AMP only claim a contract and the coin that the issuance spent. Both
//! together lead to the asset id, or they are not the asset's.

use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint, Transaction, Txid};
use coldamp_core::treasury::{ContractError, ProvenContract, canonical, first_prevout_in};

use crate::amp::AssetFacts;
use crate::source::Source;
use crate::treasury::issue::contract_of;

/// Why no contract is proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    /// It is not the asset's contract, or cannot be read.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// Without the coin that the first issuance spent nothing can be proven.
    #[error("the coin that the first issuance of asset {asset} spent is not known")]
    NoPrevout {
        /// The asset.
        asset: AssetId,
    },
    /// AMP lacks fields that the contract has.
    #[error("AMP has no {} of asset {asset}, so its contract cannot be made from AMP's answer", .fields.join(", "))]
    AmpLacks {
        /// The asset.
        asset: AssetId,
        /// The fields.
        fields: Vec<&'static str>,
    },
    /// A contract of AMP's fields is not the asset's.
    #[error(
        "a contract of the fields that AMP shows does not lead to asset {asset}: AMP does not show `version` and other fields that the issuer may have added"
    )]
    AmpOther {
        /// The asset.
        asset: AssetId,
    },
}

impl NotProven {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            NotProven::Contract(error) => error.code(),
            NotProven::NoPrevout { .. } => Code::NoIssuance,
            NotProven::AmpLacks { .. } | NotProven::AmpOther { .. } => Code::Contract,
        }
    }
}

/// The coin that the first issuance of an asset spent, from the named transaction or the one that the source claims. A
/// transaction that issues another asset is none.
///
/// # Errors
/// When the source cannot be asked.
pub async fn prevout<S: Source>(
    source: &S,
    asset: AssetId,
    named: Option<Txid>,
) -> Result<Option<OutPoint>, S::Error> {
    let txid = match named {
        Some(txid) => Some(txid),
        None => source.claimed_issuance(asset).await?,
    };
    let Some(txid) = txid else { return Ok(None) };
    let issuance: Option<Transaction> = source.transaction(txid).await?;
    Ok(issuance.and_then(|issuance| first_prevout_in(&issuance, asset)))
}

/// Proves a contract in any layout, or the contract in the asset registry's whole answer, which names the coin itself.
///
/// # Errors
/// When it is not the asset's contract, cannot be read, or the coin is not known.
pub fn prove(file: &[u8], prevout: Option<OutPoint>, asset: AssetId) -> Result<ProvenContract, NotProven> {
    // The registry's answer is recognised with any coin.
    let given = prevout.unwrap_or_default();
    let contract = canonical(file);
    let bytes = contract.as_ref().map_or(file, |contract| contract.as_bytes());
    let error = match (ProvenContract::prove(bytes, given, asset), prevout) {
        (Ok(proven), Some(_)) => return Ok(proven),
        // Whoever names the id could have made it of the null coin, which no issuance spends.
        (Ok(_), None) => return Err(NotProven::NoPrevout { asset }),
        (Err(error), _) => error,
    };
    if let Some(offered) = error.offered() {
        return Ok(ProvenContract::prove(offered.contract.as_bytes(), offered.prevout, asset)?);
    }
    match (error, contract, prevout) {
        (error @ ContractError::RegistryAnswer { .. }, ..) => Err(error.into()),
        (_, Err(unreadable), _) => Err(unreadable.into()),
        (_, Ok(_), None) => Err(NotProven::NoPrevout { asset }),
        (error, Ok(_), Some(_)) => Err(error.into()),
    }
}

/// Proves the contract that AMP's answer about an asset leads to. AMP shows no contract: it is made of name, ticker, precision,
/// domain and key, as AMP makes one when it issues.
///
/// # Errors
/// When AMP lacks a field, the coin is not known, or the result is not the asset's contract.
pub fn prove_of_amp(
    facts: &AssetFacts,
    prevout: Option<OutPoint>,
    asset: AssetId,
) -> Result<ProvenContract, NotProven> {
    let (Some(ticker), Some(domain), Some(pubkey)) = (&facts.ticker, &facts.domain, &facts.pubkey) else {
        let fields = [("ticker", &facts.ticker), ("domain", &facts.domain), ("pubkey", &facts.pubkey)];
        let lacking = fields.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name);
        return Err(NotProven::AmpLacks { asset, fields: lacking.collect() });
    };
    let contract = contract_of(domain, pubkey, &facts.name, facts.precision, ticker);
    match prove(contract.to_string().as_bytes(), prevout, asset) {
        Err(NotProven::Contract(ContractError::OtherAsset { .. })) => Err(NotProven::AmpOther { asset }),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::treasury::contract_ids;

    fn vector(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/contract");
        std::fs::read(format!("{folder}/{name}")).unwrap()
    }

    /// The asset and the coin of the vectors, from the registry's answer.
    fn known() -> (AssetId, OutPoint) {
        let answer: serde_json::Value =
            serde_json::from_slice(&vector("whole_registry_answer.json")).unwrap();
        let prevout = &answer["issuance_prevout"];
        let vout = u32::try_from(prevout["vout"].as_u64().unwrap()).unwrap();
        let prevout = OutPoint::new(prevout["txid"].as_str().unwrap().parse().unwrap(), vout);
        (answer["asset_id"].as_str().unwrap().parse().unwrap(), prevout)
    }

    #[test]
    fn any_layout_is_proven_with_the_coin_and_the_registrys_answer_without() {
        let (asset, prevout) = known();
        let right = String::from_utf8(vector("contract_right.json")).unwrap();
        for name in ["contract_right.json", "contract_with_blanks.json", "contract_unsorted.json"] {
            let proven = prove(&vector(name), Some(prevout), asset).unwrap();
            assert_eq!((proven.text(), proven.prevout()), (right.trim_end(), prevout), "{name}");
            assert_eq!(prove(&vector(name), None, asset), Err(NotProven::NoPrevout { asset }), "{name}");
        }
        for given in [None, Some(prevout), Some(OutPoint::default())] {
            let proven = prove(&vector("whole_registry_answer.json"), given, asset).unwrap();
            assert_eq!((proven.text(), proven.prevout()), (right.trim_end(), prevout));
        }
    }

    #[test]
    fn an_id_that_is_made_of_no_coin_is_not_proven() {
        let contract = vector("contract_right.json");
        let asset = contract_ids(&contract, OutPoint::default()).asset;
        assert_eq!(prove(&contract, None, asset), Err(NotProven::NoPrevout { asset }));
    }

    #[test]
    fn what_does_not_lead_to_the_asset_is_refused() {
        let (asset, prevout) = known();
        let other = AssetId::from_byte_array([7; 32]);
        for (file, given, asset) in [
            (vector("contract_right.json"), Some(prevout), other),
            (vector("contract_right.json"), Some(OutPoint::default()), asset),
            (vector("whole_registry_answer.json"), None, other),
            (b"{}".to_vec(), Some(prevout), asset),
            (b"".to_vec(), None, asset),
            ("{\"name\":\"\u{202e}\"}".as_bytes().to_vec(), None, asset),
        ] {
            let error = prove(&file, given, asset).unwrap_err();
            assert_eq!(error.code(), Code::Contract, "{error}");
        }
    }

    #[test]
    fn amps_fields_make_the_contract_or_are_named() {
        let (asset, prevout) = known();
        let contract: serde_json::Value = serde_json::from_slice(&vector("contract_right.json")).unwrap();
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let facts = AssetFacts {
            name: text(&contract["name"]).unwrap(),
            precision: u8::try_from(contract["precision"].as_u64().unwrap()).unwrap(),
            ticker: text(&contract["ticker"]),
            domain: text(&contract["entity"]["domain"]),
            pubkey: text(&contract["issuer_pubkey"]),
            token: None,
        };
        let proven = prove_of_amp(&facts, Some(prevout), asset).unwrap();
        assert_eq!(proven.text(), String::from_utf8(vector("contract_right.json")).unwrap().trim_end());
        let lacking = AssetFacts { ticker: None, pubkey: None, ..facts.clone() };
        let error = prove_of_amp(&lacking, Some(prevout), asset).unwrap_err();
        assert!(error.to_string().contains("no ticker, pubkey of"), "{error}");
        let other = AssetFacts { precision: 7, ..facts.clone() };
        assert_eq!(prove_of_amp(&other, Some(prevout), asset), Err(NotProven::AmpOther { asset }));
        assert_eq!(prove_of_amp(&facts, None, asset), Err(NotProven::NoPrevout { asset }));
    }
}
