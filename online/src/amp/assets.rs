//! AMP's records of assets, and the calls that make one and set it up.

use std::str::FromStr;

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::AssetId;
use serde::Deserialize;
use serde::de::Deserializer;

use super::answers;
use super::client::Amp;
use super::error::AmpError;
use super::wire::Object;

/// An asset as AMP's `assets` and `assets/UUID` describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAsset {
    /// AMP's name for it.
    pub uuid: Uuid,
    /// The asset.
    pub asset: AssetId,
    /// The reissuance token; none where there is none, or AMP does not know it.
    pub token: Option<AssetId>,
    /// The contract's name.
    pub name: String,
    /// The contract's ticker.
    pub ticker: Option<String>,
    /// The contract's domain.
    pub domain: Option<String>,
    /// The contract's issuer key.
    pub pubkey: Option<String>,
    /// The contract's precision.
    pub precision: u64,
    /// Whether the public asset registry has it, by AMP's record.
    pub is_registered: bool,
    /// Whether AMP enforces who may hold it.
    pub is_authorized: bool,
}

/// A row of `assets`, and `assets/UUID`. Every field that is read must be there; where AMP writes null or an empty text, it has
/// none.
#[derive(Deserialize)]
struct Row {
    asset_uuid: String,
    asset_id: String,
    #[serde(deserialize_with = "text_or_none")]
    reissuance_token_id: Option<String>,
    name: String,
    #[serde(deserialize_with = "text_or_none")]
    ticker: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    domain: Option<String>,
    #[serde(deserialize_with = "text_or_none")]
    pubkey: Option<String>,
    precision: u64,
    is_registered: bool,
    is_authorized: bool,
}

/// A text that must be there; empty and null mean none.
fn text_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

impl Row {
    fn read(self) -> Result<ListedAsset, String> {
        let token = self.reissuance_token_id.map(|text| read_id("reissuance_token_id", &text));
        Ok(ListedAsset {
            uuid: read_uuid("asset_uuid", &self.asset_uuid)?,
            asset: read_id("asset_id", &self.asset_id)?,
            token: token.transpose()?,
            name: self.name,
            ticker: self.ticker,
            domain: self.domain,
            pubkey: self.pubkey,
            precision: self.precision,
            is_registered: self.is_registered,
            is_authorized: self.is_authorized,
        })
    }
}

/// Reads an id of an answer: 64 hexadecimal digits.
pub(crate) fn read_id<T: FromStr>(field: &str, text: &str) -> Result<T, String> {
    answers::id(field, text)
}

/// Reads a uuid of an answer.
pub(crate) fn read_uuid(field: &str, text: &str) -> Result<Uuid, String> {
    answers::uuid(field, text)
}

fn list(body: &[u8]) -> Result<Vec<ListedAsset>, String> {
    answers::json::<Vec<Object<Row>>>(body)?.into_iter().map(|Object(row)| row.read()).collect()
}

fn one(body: &[u8], asked: &Uuid) -> Result<ListedAsset, String> {
    let facts = answers::json::<Object<Row>>(body)?.0.read()?;
    match facts.uuid == *asked {
        true => Ok(facts),
        false => Err(format!("found the asset {}, asked for was {asked}", facts.uuid)),
    }
}

/// # Errors
/// Every call fails with an [`AmpError`].
impl Amp {
    /// All assets of the issuer's.
    pub async fn assets(&self) -> Result<Vec<ListedAsset>, AmpError> {
        self.get("assets", list).await
    }

    /// AMP's record of one asset.
    pub async fn listed_asset(&self, asset: &Uuid) -> Result<ListedAsset, AmpError> {
        self.get(&format!("assets/{asset}"), |body| one(body, asset)).await
    }

    /// Has AMP issue an asset; AMP's answer byte for byte. It cannot be taken back.
    /// After an error that may have acted the asset may exist although the answer is lost.
    pub async fn issue(&self, order: &[u8]) -> Result<Vec<u8>, AmpError> {
        Ok(self.ask_to_create("assets/issue", order).await?.body)
    }

    /// Has AMP put the asset into the public asset registry. It is a GET that changes state. AMP refuses where the domain does
    /// not prove it, and where the asset is there already.
    pub async fn register(&self, asset: &Uuid) -> Result<(), AmpError> {
        self.ask(&format!("assets/{asset}/register"), None).await.map(|_| ())
    }

    /// Has AMP enforce who may hold the asset. It is a GET that changes state. AMP refuses where it does so already.
    pub async fn register_authorized(&self, asset: &Uuid) -> Result<(), AmpError> {
        self.ask(&format!("assets/{asset}/register-authorized"), None).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The form of a real answer (amp-api.md section 6), with a made-up asset.
    fn row() -> Value {
        json!({
            "name": "Demo Share",
            "asset_uuid": "09b6ab77-de23-58f1-95e4-b62e5d34b456",
            "issuer": 1,
            "asset_id": "b4f7070f1f068b11b985188f30898b6fba19ecc005d2e29cfc94055373e9d8cf",
            "reissuance_token_id": "7c43ef5ae21d43ce2743f770c68e24def1a43ee2f416d2438410c8af7af2ff2c",
            "requirements": [],
            "ticker": "DEMO",
            "precision": 8,
            "domain": "example.com",
            "pubkey": "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            "is_registered": true,
            "is_authorized": false,
            "is_locked": false,
            "issuer_authorization_endpoint": "",
            "transfer_restricted": true,
        })
    }

    #[test]
    fn the_recorded_form_is_read_and_an_empty_text_is_none() {
        let facts = list(json!([row()]).to_string().as_bytes()).unwrap().remove(0);
        assert_eq!((facts.is_registered, facts.is_authorized, facts.precision), (true, false, 8));
        assert!(facts.token.is_some());
        let mut bare = row();
        bare["reissuance_token_id"] = json!("");
        bare["ticker"] = Value::Null;
        let facts = one(bare.to_string().as_bytes(), &facts.uuid).unwrap();
        assert_eq!((facts.token, facts.ticker), (None, None));
    }

    #[test]
    fn a_missing_field_and_another_asset_are_refused() {
        let uuid = Uuid::parse("09b6ab77-de23-58f1-95e4-b62e5d34b456").unwrap();
        for field in [
            "asset_uuid",
            "asset_id",
            "reissuance_token_id",
            "name",
            "ticker",
            "domain",
            "pubkey",
            "precision",
            "is_registered",
            "is_authorized",
        ] {
            let mut row = row();
            row.as_object_mut().unwrap().remove(field);
            let error = one(row.to_string().as_bytes(), &uuid).unwrap_err();
            assert!(error.contains(field), "{error}");
            assert!(list(json!([row]).to_string().as_bytes()).is_err());
        }
        let other = Uuid::parse("19b6ab77-de23-58f1-95e4-b62e5d34b456").unwrap();
        assert!(one(row().to_string().as_bytes(), &other).is_err());
        for shape in ["{}", "[[]]", "[1]", "null"] {
            assert!(list(shape.as_bytes()).is_err(), "{shape}");
        }
    }
}
