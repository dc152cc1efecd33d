//! reissue-request and burn-request: what a request file holds.

use coldamp_core::elements::{OutPoint, Txid};
use coldamp_core::units::AssetAmount;
use serde::{Deserialize, Serialize};

use super::answers::{Refusal, written};
use super::body::{self, Named};
use super::outputs::{Known, named};
use super::python_float::PythonFloat;
use super::routes::Route;
use super::{Amp, CLIENT_VERSION};
use crate::exchange::Answer;
use crate::ledger::Ledger;

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The amount, in base units.
    pub(super) amount: AssetAmount,
    /// The transaction that did it, once that was reported.
    pub(super) answered: Option<Txid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReissueBody {
    amount_to_reissue: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BurnBody {
    amount: Option<u64>,
}

#[derive(Serialize)]
struct RequestFile<'a> {
    command: &'static str,
    min_supported_client_script_version: u64,
    base_url: &'a str,
    asset_uuid: String,
    asset_id: String,
    amount: PythonFloat,
    #[serde(skip_serializing_if = "Option::is_none")]
    reissuance_utxos: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    utxos: Option<Vec<Named>>,
}

impl Amp {
    /// Opens a request for more units and names the tokens to spend.
    pub(super) fn reissue_request(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        body: &[u8],
    ) -> Result<Answer, Refusal> {
        let asked: ReissueBody = body::read(body)?;
        let amount = body::amount("amount_to_reissue", asked.amount_to_reissue)?;
        let asset = self.asset(route)?;
        let token = asset.record.token.ok_or_else(|| Refusal::detail("The asset is not reissuable."))?;
        asset.has_all_blinders(ledger, token)?;
        let in_sight =
            |(outpoint, known): &(OutPoint, &Known)| !asset.is_out_of_sight(ledger, *outpoint, known);
        let tokens = named(asset.treasury_unspent(ledger, token).filter(in_sight));
        if tokens.is_empty() {
            return Err(Refusal::detail("The treasury holds no reissuance token."));
        }
        let answer = written(&RequestFile {
            command: "reissue",
            min_supported_client_script_version: CLIENT_VERSION,
            base_url: &self.base_url,
            asset_uuid: asset.uuid.to_string(),
            asset_id: asset.record.asset.to_string(),
            amount: PythonFloat(amount),
            reissuance_utxos: Some(tokens),
            utxos: None,
        })?;
        self.asset_mut(route)?.reissues.push(Asked { amount, answered: None });
        Ok(answer)
    }

    /// Opens a request to destroy units and names the outputs they may come from.
    pub(super) fn burn_request(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        body: &[u8],
    ) -> Result<Answer, Refusal> {
        let asked: BurnBody = body::read(body)?;
        let amount = body::amount("amount", asked.amount)?;
        let asset = self.asset(route)?;
        if asset.treasury_balance(ledger) < amount {
            return Err(Refusal::NonField("There is not enough in the treasury balance.".to_owned()));
        }
        let answer = written(&RequestFile {
            command: "burn",
            min_supported_client_script_version: CLIENT_VERSION,
            base_url: &self.base_url,
            asset_uuid: asset.uuid.to_string(),
            asset_id: asset.record.asset.to_string(),
            amount: PythonFloat(amount),
            reissuance_utxos: None,
            utxos: Some(named(asset.treasury_unspent(ledger, asset.record.asset))),
        })?;
        self.asset_mut(route)?.burns.push(Asked { amount, answered: None });
        Ok(answer)
    }
}
