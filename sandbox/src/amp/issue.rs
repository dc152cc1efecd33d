//! assets/issue: AMP's own node issues to the addresses that it is given, and pays the fee.

use coldamp_core::elements::confidential::{AssetBlindingFactor, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::PublicKey;
use coldamp_core::elements::{Address, AddressParams, OutPoint};
use coldamp_core::treasury::IssuanceKind;
use coldamp_core::units::{AssetAmount, Precision};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Amp;
use super::answers::Refusal;
use super::asset::{AssetRecord, TreasuryOutput};
use super::body;
use super::standing::Standing;
use crate::exchange::Answer;
use crate::ledger::Ledger;
use crate::treasury::{IssueOrder, contract_text};

/// Characters of a name.
const NAME: std::ops::RangeInclusive<usize> = 5..=255;

/// Characters of a ticker. AMP's documentation says three to five letters; its test server has taken seven letters and digits.
/// These are the asset registry's.
const TICKER: std::ops::RangeInclusive<usize> = 3..=24;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    name: Option<String>,
    amount: Option<u64>,
    destination_address: Option<String>,
    domain: Option<String>,
    ticker: Option<String>,
    pubkey: Option<String>,
    precision: Option<u8>,
    is_confidential: Option<bool>,
    is_reissuable: Option<bool>,
    reissuance_amount: Option<u64>,
    reissuance_address: Option<String>,
    transfer_restricted: Option<bool>,
}

/// A body that was read, with the defaults of what it leaves out.
struct Asked {
    name: String,
    ticker: String,
    domain: String,
    pubkey: String,
    precision: Precision,
    amount: AssetAmount,
    destination: Address,
    tokens: Option<(AssetAmount, Address)>,
    is_confidential: bool,
    transfer_restricted: bool,
}

impl Amp {
    /// Issues an asset. AMP knows its outputs from then on, without their blinders.
    pub(super) fn issue(&mut self, ledger: &mut dyn Ledger, body: &[u8]) -> Result<Answer, Refusal> {
        let asked = Asked::read(body::read(body)?)?;
        let Asked { name, ticker, domain, pubkey, precision, .. } = &asked;
        let contract = contract_text(domain, pubkey, name, *precision, ticker);
        let contract = contract.map_err(|error| Refusal::detail(error.to_string()))?;
        let order = IssueOrder {
            kind: if asked.is_confidential { IssuanceKind::Blinded } else { IssuanceKind::Explicit },
            contract,
            amount: asked.amount,
            address: asked.destination.clone(),
            tokens: asked.tokens.clone(),
        };
        let issuance = ledger.issue(&order).map_err(Refusal::Detail)?;
        let output = |vout, asset, amount| TreasuryOutput {
            outpoint: OutPoint { txid: issuance.txid, vout },
            asset,
            amount,
            asset_blinder: AssetBlindingFactor::zero(),
            amount_blinder: ValueBlindingFactor::zero(),
        };
        let tokens = asked.tokens.as_ref().map(|(amount, _)| *amount);
        let mut treasury = vec![output(issuance.asset_vout, issuance.asset, asked.amount)];
        if let (Some(vout), Some(token), Some(amount)) = (issuance.token_vout, issuance.token, tokens) {
            treasury.push(output(vout, token, amount));
        }
        let uuid = self.add_asset(AssetRecord {
            uuid: None,
            name: asked.name.clone(),
            ticker: asked.ticker.clone(),
            precision: asked.precision,
            domain: asked.domain.clone(),
            pubkey: asked.pubkey.clone(),
            asset: issuance.asset,
            token: issuance.token,
            txid: issuance.txid,
            amount: asked.amount,
            token_amount: tokens.unwrap_or_default(),
            treasury,
        });
        let mut answer = asked.echo();
        for (field, value) in [
            ("asset_uuid", json!(uuid.to_string())),
            ("asset_id", json!(issuance.asset.to_string())),
            ("reissuance_token_id", json!(issuance.token.map(|token| token.to_string()))),
            ("txid", json!(issuance.txid.to_string())),
            ("vin", json!(issuance.vin)),
            ("asset_vout", json!(issuance.asset_vout)),
            ("reissuance_vout", json!(issuance.token_vout)),
            ("issuance_assetblinder", json!(issuance.asset_blinds.to_string())),
            ("issuance_tokenblinder", json!(issuance.token_blinds.to_string())),
            ("issuer_authorization_endpoint", json!("")),
        ] {
            answer.insert(field.to_owned(), value);
        }
        if let Some(asset) = self.assets.get_mut(&uuid) {
            asset.standing = Standing::issued(issuance, asked.transfer_restricted);
        }
        Ok(Answer::json(201, &Value::Object(answer)))
    }
}

impl Asked {
    fn read(body: Body) -> Result<Self, Refusal> {
        let name = body::required("name", body.name)?;
        if !NAME.contains(&name.len()) || !name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(Refusal::field("name", "Ensure this field has 5 to 255 ASCII characters."));
        }
        let ticker = body::required("ticker", body.ticker)?;
        let is_ticker = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if !TICKER.contains(&ticker.len()) || !ticker.bytes().all(is_ticker) {
            return Err(Refusal::field("ticker", "Enter a valid ticker."));
        }
        let domain = body::required("domain", body.domain)?;
        if !is_domain(&domain) {
            return Err(Refusal::field("domain", "Enter a valid domain name, without http:// and www."));
        }
        let pubkey = body::required("pubkey", body.pubkey)?;
        let is_compressed = pubkey.len() == 66 && !pubkey.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_compressed || pubkey.parse::<PublicKey>().is_err() {
            return Err(Refusal::field("pubkey", "Enter a valid compressed public key."));
        }
        // What AMP takes where none is named is not known. The asset registry takes 0.
        let precision = Precision::new(body.precision.unwrap_or(0))
            .ok_or_else(|| Refusal::field("precision", "Ensure this value is less than or equal to 8."))?;
        let amount = body::amount("amount", body.amount)?;
        let destination = address("destination_address", body.destination_address)?;
        let tokens = match body.is_reissuable.unwrap_or(false) {
            true => {
                let amount = body::amount("reissuance_amount", body.reissuance_amount)?;
                let own = address("reissuance_address", body.reissuance_address)?;
                if own.script_pubkey() == destination.script_pubkey() {
                    let reason = "It must differ from destination_address.";
                    return Err(Refusal::field("reissuance_address", reason));
                }
                Some((amount, own))
            }
            false if body.reissuance_amount.unwrap_or(0) > 0 => {
                return Err(Refusal::field("reissuance_amount", "The asset is not reissuable."));
            }
            false => None,
        };
        Ok(Asked {
            name,
            ticker,
            domain,
            pubkey,
            precision,
            amount,
            destination,
            tokens,
            is_confidential: body.is_confidential.unwrap_or(false),
            transfer_restricted: body.transfer_restricted.unwrap_or(true),
        })
    }

    /// The fields of the request, as the answer repeats them. AMP writes an empty text where there is no address.
    fn echo(&self) -> serde_json::Map<String, Value> {
        let tokens = self.tokens.as_ref();
        let members = [
            ("name", json!(self.name)),
            ("amount", json!(self.amount.base_units())),
            ("destination_address", json!(self.destination.to_string())),
            ("domain", json!(self.domain)),
            ("ticker", json!(self.ticker)),
            ("pubkey", json!(self.pubkey)),
            ("precision", json!(self.precision.decimals())),
            ("is_confidential", json!(self.is_confidential)),
            ("is_reissuable", json!(tokens.is_some())),
            ("reissuance_amount", json!(tokens.map_or(0, |(amount, _)| amount.base_units()))),
            ("reissuance_address", json!(tokens.map_or(String::new(), |(_, address)| address.to_string()))),
            ("transfer_restricted", json!(self.transfer_restricted)),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// A confidential address of the network.
fn address(field: &'static str, text: Option<String>) -> Result<Address, Refusal> {
    let text = body::required(field, text)?;
    let address = Address::parse_with_params(&text, &AddressParams::ELEMENTS)
        .map_err(|_| Refusal::field(field, format!("Invalid value: {text}")))?;
    match address.is_blinded() {
        true => Ok(address),
        false => Err(Refusal::field(field, "The address must be confidential.")),
    }
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
