//! How many jobs the L-BTC pays, by the planner's own sizes: it plans one job of each kind with one L-BTC coin, and what that
//! costs is what the next one costs too.

use coldamp_core::amp::Job;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Nonce, Value, ValueBlindingFactor};
use coldamp_core::elements::{
    AssetId, OutPoint, RangeProof, SurjectionProof, TxOut, TxOutSecrets, TxOutWitness, Txid,
};
use coldamp_core::prepare::plan::plan;
use coldamp_core::prepare::{PlanError, Settings, Task, Treasury};
use coldamp_core::treasury::{Branch, KeyPath, Utxo};
use coldamp_core::units::AssetAmount;
use coldamp_core::{Secp, amp::RequestError};

use super::{JobDocument, JobsDocument};
use crate::request::draft::next_distribution;
use crate::request::outlook::Outlook;

/// Base units of a coin that pays everything, below the bound of what a proof hides in the usual size.
const PLENTY: u64 = 1 << 50;

/// More recipients than fit into a transaction. The planner says how many do.
const TOO_MANY: usize = 200;

/// Recipients of the distributions that are counted, besides the most that fit.
const RECIPIENTS: [usize; 2] = [1, 10];

/// How many jobs of each kind the L-BTC coins pay. `treasury` has the coins that no job reserves. A job whose fee cannot be
/// planned, as a reissue without a known token, is left out.
pub(super) fn jobs(secp: &Secp, treasury: &Treasury<'_>, asset: AssetId) -> JobsDocument {
    let settings = Settings::default();
    let policy_asset = treasury.network.policy_asset();
    let of_policy = |coin: &&Utxo| coin.asset() == policy_asset;
    let lbtc: Vec<u64> =
        treasury.coins.iter().filter(of_policy).map(|coin| coin.amount().base_units()).collect();
    let one = AssetAmount::from_base_units(1);
    let mut kinds = Vec::new();
    let mut count = |command, recipients, fee: Option<AssetAmount>| {
        if let Some(fee) = fee {
            kinds.push(JobDocument { command, recipients, fee, at_least: paid(&lbtc, fee) });
        }
    };
    let mut numbers = RECIPIENTS.to_vec();
    numbers.extend(most_recipients(secp, treasury, asset, &settings));
    for recipients in numbers {
        let job = distribution(secp, treasury, recipients).ok();
        let fee = job.and_then(|job| fee(secp, treasury, asset, &job, &settings).ok());
        count("distribute", Some(recipients), fee);
    }
    let tokens: Vec<OutPoint> = treasury
        .issuance
        .map(|(ids, _)| {
            let tokens = treasury.coins.iter().filter(|coin| ids.kind_of_token(coin.asset()).is_some());
            tokens.map(|coin| coin.outpoint).collect()
        })
        .unwrap_or_default();
    let reissue = Job::Reissue { amount: one, tokens };
    count("reissue", None, fee(secp, treasury, asset, &reissue, &settings).ok());
    let coin = example(secp, treasury, asset, 1).map(|coin| coin.outpoint);
    let burn = coin.map(|coin| Job::Burn { amount: one, coins: vec![coin] });
    count("burn", None, burn.and_then(|job| fee(secp, treasury, asset, &job, &settings).ok()));
    JobsDocument { fee_rate: settings.fee_rate.sat_per_kvb(), kinds }
}

/// Jobs that these coins pay, each from a coin that it leaves smaller by the fee. One satoshi of change stays at least.
fn paid(coins: &[u64], fee: AssetAmount) -> u64 {
    let jobs = |coin: &u64| coin.saturating_sub(1).checked_div(fee.base_units()).unwrap_or(0);
    coins.iter().map(jobs).fold(0, u64::saturating_add)
}

/// The most recipients whose distribution fits with one coin of the asset and one L-BTC coin.
fn most_recipients(
    secp: &Secp,
    treasury: &Treasury<'_>,
    asset: AssetId,
    settings: &Settings,
) -> Option<usize> {
    let job = distribution(secp, treasury, TOO_MANY).ok()?;
    match fee(secp, treasury, asset, &job, settings) {
        Err(Some(PlanError::TooHeavy { fit, .. })) => Some(fit),
        _ => None,
    }
}

fn distribution(secp: &Secp, treasury: &Treasury<'_>, recipients: usize) -> Result<Job, RequestError> {
    let one = AssetAmount::from_base_units(1);
    let outlook = Outlook {
        by_address: Default::default(),
        without_address: (0_u64..).take(recipients).map(|number| (number, one)).collect(),
        total: AssetAmount::from_base_units(u64::try_from(recipients).unwrap_or(u64::MAX)),
        open: Default::default(),
    };
    next_distribution(secp, treasury.network, &outlook)
}

/// The fee of a job with one L-BTC coin, one coin of the asset, and the treasury's own tokens.
fn fee(
    secp: &Secp,
    treasury: &Treasury<'_>,
    asset: AssetId,
    job: &Job,
    settings: &Settings,
) -> Result<AssetAmount, Option<PlanError>> {
    let is_token =
        |coin: AssetId| treasury.issuance.is_some_and(|(ids, _)| ids.kind_of_token(coin).is_some());
    let mut coins: Vec<Utxo> = treasury.coins.iter().filter(|coin| is_token(coin.asset())).cloned().collect();
    coins.push(example(secp, treasury, asset, 1).ok_or(None)?);
    coins.push(example(secp, treasury, treasury.network.policy_asset(), 2).ok_or(None)?);
    let treasury = Treasury { coins: &coins, ..*treasury };
    let plan = plan(secp, Task::before_request(asset, job), &treasury, settings).map_err(Some)?;
    Ok(plan.fee().as_asset_amount())
}

/// A blinded coin that exists nowhere: the planner weighs it and nobody spends it.
fn example(secp: &Secp, treasury: &Treasury<'_>, asset: AssetId, number: u32) -> Option<Utxo> {
    let path = KeyPath { branch: Branch::External, index: 0 };
    let own = treasury.descriptor.script_at(secp, path).ok()?;
    let asset_bf: AssetBlindingFactor = "01".repeat(32).parse().ok()?;
    let value_bf: ValueBlindingFactor = "01".repeat(32).parse().ok()?;
    let hidden = Asset::new_confidential(secp, asset, asset_bf);
    let value = Value::new_confidential_from_assetid(secp, PLENTY, asset, value_bf, asset_bf);
    let txout = TxOut {
        asset: hidden,
        value,
        nonce: Nonce::Null,
        script_pubkey: own.script_pubkey.clone(),
        witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
    };
    let secrets = TxOutSecrets::new(asset, asset_bf, PLENTY, value_bf);
    let outpoint = OutPoint::new(Txid::from_byte_array([0xff; 32]), number);
    Some(Utxo { outpoint, txout, rangeproof: RangeProof::EMPTY, own, secrets, by_opening: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coin_pays_jobs_until_less_than_a_fee_and_a_satoshi_is_left() {
        let fee = AssetAmount::from_base_units(40);
        for (coins, jobs) in
            [(&[][..], 0), (&[40], 0), (&[41], 1), (&[80], 1), (&[81], 2), (&[81, 40, 41], 3), (&[0], 0)]
        {
            assert_eq!(paid(coins, fee), jobs, "{coins:?}");
        }
        assert_eq!(paid(&[5], AssetAmount::ZERO), 0);
    }
}
