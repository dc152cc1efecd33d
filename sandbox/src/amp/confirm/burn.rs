//! burn-confirm: the chain shows the amount in an explicit OP_RETURN output.

use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use coldamp_core::elements::{AssetId, Transaction, Txid};
use coldamp_core::units::AssetAmount;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Reported, change, open_request, settled};
use crate::amp::answers::Refusal;
use crate::amp::open::Opening;
use crate::amp::outputs::Holder;
use crate::amp::routes::Route;
use crate::amp::txs::Kind;
use crate::amp::{Amp, body};
use crate::exchange::{Answer, Question};
use crate::ledger::Ledger;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    tx_data: TxData,
    change_data: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TxData {
    #[serde(deserialize_with = "body::hex_64")]
    txid: Txid,
}

impl Amp {
    /// Accepts the report of a burn. The answer is empty.
    pub(in crate::amp) fn confirm_burn(
        &mut self,
        ledger: &dyn Ledger,
        route: &Route<'_>,
        question: &Question,
    ) -> Result<Answer, Refusal> {
        let asset = self.asset(route)?;
        let told: Body = body::read(&question.body)?;
        let txid = told.tx_data.txid;
        let (transaction, confirmations) = settled(ledger, txid)?;
        let mut reported = change::read(&transaction, confirmations, &told.change_data, asset.record.asset)?;
        let burnt = burnt(&transaction, asset.record.asset);
        let (Some((burnt_vout, opening)), 1) = (burnt.first_key_value(), burnt.len()) else {
            let (found, asset) = (burnt.len(), asset.record.asset);
            let reason = format!("{txid} has {found} OP_RETURN outputs of {asset}, and one is expected");
            return Err(Refusal::detail(reason));
        };
        let (burnt_vout, opening) = (*burnt_vout, *opening);
        let amount = opening.amount;
        if reported.insert(burnt_vout, opening).is_some() {
            return Err(Refusal::detail(format!("change_data: output {burnt_vout} is the burn")));
        }
        asset.nothing_goes_missing(&transaction, &reported, AssetAmount::ZERO)?;

        let kind = Kind::Burn { amount };
        if !asset.is_repeated(txid, |known| *known == kind)? {
            let asset = self.asset_mut(route)?;
            open_request(&mut asset.burns, amount, "burn")?.answered = Some(txid);
            let holder = |vout: u32, _: &Opening| match vout == burnt_vout {
                true => Holder::Burnt,
                false => Holder::Treasury,
            };
            asset.enter(txid, kind, reported, holder);
        }
        self.count(&question.path, txid);
        Ok(Answer::empty(200))
    }
}

/// The explicit outputs of an asset that nobody can ever spend.
fn burnt(transaction: &Transaction, asset: AssetId) -> Reported {
    let mut burnt = Reported::new();
    for (vout, output) in (0_u32..).zip(&transaction.output) {
        let (Asset::Explicit(found), Value::Explicit(value)) = (output.asset, output.value) else { continue };
        if output.script_pubkey.is_op_return() && found == asset {
            let opening = Opening {
                asset,
                amount: AssetAmount::from_base_units(value),
                asset_blinder: AssetBlindingFactor::zero(),
                amount_blinder: ValueBlindingFactor::zero(),
            };
            burnt.insert(vout, opening);
        }
    }
    burnt
}
