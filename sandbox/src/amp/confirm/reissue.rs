//! reissue-confirm: the requested units exist, and the token is where the report says.

use coldamp_core::elements::confidential::ValueBlindingFactor;
use coldamp_core::elements::{AssetEntropy, AssetId, Transaction, Txid};
use coldamp_core::units::{AssetAmount, parse_amp_decimal};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::details::Details;
use super::{open_request, settled};
use crate::amp::Amp;
use crate::amp::answers::Refusal;
use crate::amp::body::{self, Row};
use crate::amp::open::open_issuance;
use crate::amp::outputs::Holder;
use crate::amp::routes::Route;
use crate::amp::txs::Kind;
use crate::exchange::{Answer, Question};
use crate::ledger::Ledger;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    details: Vec<Box<RawValue>>,
    reissuance_output: ReissuanceOutput,
    listissuances: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReissuanceOutput {
    #[serde(deserialize_with = "body::hex_64")]
    txid: Txid,
    vin: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    isreissuance: bool,
    #[serde(deserialize_with = "body::hex_64")]
    entropy: AssetEntropy,
    #[serde(deserialize_with = "body::hex_64")]
    txid: Txid,
    vin: u32,
    #[serde(deserialize_with = "body::hex_64")]
    asset: AssetId,
    assetamount: Box<RawValue>,
    #[serde(deserialize_with = "body::hex_64")]
    assetblinds: ValueBlindingFactor,
    #[serde(rename = "assetlabel")]
    _assetlabel: Option<String>,
}

impl Amp {
    /// Accepts the report of a reissuance.
    pub(in crate::amp) fn confirm_reissue(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        question: &Question,
    ) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let told: Body = body::read(&question.body)?;
        let ReissuanceOutput { txid, vin } = told.reissuance_output;
        let (transaction, _) = settled(ledger, txid)?;
        let token = asset.record.token.ok_or_else(|| Refusal::detail("The asset is not reissuable."))?;
        let details = Details::read(&transaction, &told.details, &[asset.record.asset, token])?;
        let amount = issued(&transaction, &told, asset.record.asset)?;
        let unit = details.sends.iter().find(|send| send.opening.asset == asset.record.asset);
        let vout = unit.ok_or_else(|| Refusal::detail("details: no row is of the asset"))?.vout;
        if !details.sends.iter().any(|send| send.opening.asset == token) {
            return Err(Refusal::detail("details: no row is of the reissuance token"));
        }
        // reissueasset pays to the wallet's own addresses only, and the node lists those both ways.
        if let Some(send) = details.sends.iter().find(|send| !details.received.contains(&send.vout)) {
            return Err(send.row.refuse(format!("output {} is sent and never received", send.vout)));
        }
        let reported = details.reported();
        asset.nothing_goes_missing(&transaction, &reported, amount)?;

        let kind = Kind::Reissuance { vin, amount, vout };
        if !asset.is_repeated(txid, |known| *known == kind)? {
            let asset = self.asset_mut(route)?;
            open_request(&mut asset.reissues, amount, "reissue")?.answered = Some(txid);
            asset.enter(txid, kind, reported, |_, _| Holder::Treasury);
        }
        self.count(&question.path, txid);
        let answer = json!({
            "txid": txid.to_string(),
            "vin": vin,
            "reissuance_amount": amount.base_units(),
        });
        Ok(Answer::json(200, &answer))
    }
}

/// The amount of the one row of listissuances, which must be the input that `reissuance_output` names.
fn issued(transaction: &Transaction, told: &Body, asset: AssetId) -> Result<AssetAmount, Refusal> {
    let ReissuanceOutput { txid, vin } = &told.reissuance_output;
    let input = usize::try_from(*vin).ok().and_then(|vin| transaction.input.get(vin));
    let reissues = |input: &&coldamp_core::elements::TxIn| {
        let issuance = &input.asset_issuance;
        input.has_issuance()
            && !issuance.asset_blinding_nonce.is_null()
            && AssetId::from_entropy(issuance.asset_entropy) == asset
    };
    let input = input.filter(reissues).ok_or_else(|| {
        Refusal::detail(format!("reissuance_output: input {vin} of {txid} does not reissue {asset}"))
    })?;
    let rows = told.listissuances.as_slice();
    let [row] = rows else {
        return Err(Refusal::detail(format!("listissuances: {} rows, and one is expected", rows.len())));
    };
    let row = Row::one("listissuances", row);
    let told: Written = row.read()?;
    if !told.isreissuance {
        return Err(row.refuse("isreissuance is false"));
    }
    if told.txid != *txid {
        return Err(row.refuse(format!("txid is {}, and reissuance_output has {txid}", told.txid)));
    }
    if told.vin != *vin {
        return Err(row.refuse(format!("vin is {}, and reissuance_output has {vin}", told.vin)));
    }
    if told.asset != asset {
        return Err(row.refuse(format!("asset is {}, and the report is about {asset}", told.asset)));
    }
    let entropy = input.asset_issuance.asset_entropy;
    if told.entropy != entropy {
        return Err(row.refuse(format!("entropy is {}, and input {vin} has {entropy}", told.entropy)));
    }
    let amount = parse_amp_decimal(told.assetamount.get());
    let amount = amount.map_err(|error| row.refuse(format!("assetamount: {error}")))?;
    let opened = open_issuance(input, told.vin, asset, amount, told.assetblinds);
    opened.map_err(|error| row.refuse(error))?;
    Ok(amount)
}
