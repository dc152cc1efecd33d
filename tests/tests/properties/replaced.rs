//! Whatever is to be replaced by whatever: the plan spends one of its coins, pays what nodes ask, and passes the review,
//! or is refused because that cannot be.

use std::cell::Cell;

use coldamp_core::amp::Request;
use coldamp_core::elements::confidential::{Asset, Value};
use coldamp_core::elements::{LockTime, OutPoint, Script, Transaction, TxIn, TxOut};
use coldamp_core::prepare::{Plan, PlanError, PrepareError, Replaced, Settings, prepare};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::units::FeeRate;
use coldamp_tests::RequestKind;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::asked::{Asked, anything};

const CASES: u32 = 150;

#[test]
fn any_replacement_excludes_the_earlier_transaction_and_pays_for_it_or_is_refused_for_a_true_reason() {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (replaced, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    let jobs = (anything(), anything(), 0..RequestKind::ALL.len(), 0..RequestKind::ALL.len());
    let outcome = runner.run(&jobs, |(earlier, mut later, of, by)| {
        later.treasury = earlier.treasury;
        let Some(plan) =
            planned(&earlier, RequestKind::ALL[of], None).ok().filter(|plan| plan.fee().sat() < 500)
        else {
            return Ok(());
        };
        let counter = if excludes(&plan, &later, RequestKind::ALL[by]) { &replaced } else { &refused };
        counter.set(counter.get() + 1);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(replaced.get() > CASES / 6 && refused.get() > 0, "{} and {}", replaced.get(), refused.get());
}

fn planned(asked: &Asked, kind: RequestKind, replace: Option<Replaced>) -> Result<Plan, PlanError> {
    let treasury = &asked.recorded().treasury;
    let request = Request::parse(&asked.request(kind), &treasury.network).expect("a request");
    let holdings = asked.holdings();
    let state = holdings.treasury(&treasury.network, &treasury.descriptor);
    let fee_rate = FeeRate::from_sat_per_kvb(asked.fee_rate);
    let settings = Settings { fee_rate, replace, ..Settings::default() };
    let prepared =
        prepare(&treasury.secp, &request, &state, &settings, None).map_err(|error| match error {
            PrepareError::Plan(error) => error,
            other => panic!("{other}"),
        })?;
    let pset = UnsignedPset::read(prepared.pset.as_bytes()).expect("a PSET");
    assert_eq!(treasury.review(&pset, Some(request.bytes())).mismatches, []);
    Ok(prepared.plan)
}

/// A transaction of a plan's inputs, fee and size, without having signed it.
fn as_if_signed(plan: &Plan, asked: &Asked) -> Transaction {
    let policy_asset = asked.recorded().treasury.network.policy_asset();
    let explicit = |value: u64, script_pubkey: Script| TxOut {
        asset: Asset::Explicit(policy_asset),
        value: Value::Explicit(value),
        script_pubkey,
        ..TxOut::default()
    };
    let input = |outpoint: OutPoint| TxIn { previous_output: outpoint, ..TxIn::default() };
    let mut transaction = Transaction {
        version: 2,
        lock_time: LockTime::ZERO,
        input: plan.inputs().iter().map(|planned| input(planned.coin.outpoint)).collect(),
        output: vec![explicit(plan.fee().sat(), Script::new()), explicit(0, vec![0x51].into())],
    };
    let missing = usize::try_from(plan.bound().full.units()).unwrap() - transaction.weight();
    transaction.output[1].script_pubkey = vec![0x51; missing / 4].into();
    transaction
}

/// Whether a replacement was planned.
fn excludes(earlier: &Plan, later: &Asked, kind: RequestKind) -> bool {
    let transaction = as_if_signed(earlier, later);
    let policy_asset = later.recorded().treasury.network.policy_asset();
    let is_its =
        |outpoint: &OutPoint| transaction.input.iter().any(|input| input.previous_output == *outpoint);
    let coins = later.holdings().coins;
    let left = coins.iter().filter(|coin| is_its(&coin.outpoint));
    match planned(later, kind, Some(Replaced::of(&transaction, policy_asset))) {
        Ok(plan) => {
            assert!(plan.inputs().iter().any(|input| is_its(&input.coin.outpoint)), "both can confirm");
            let (before, fee) = (earlier.fee().sat(), plan.fee().sat());
            let size = plan.bound().full_size().vbytes();
            assert!(fee >= before + size.div_ceil(10), "{fee} after {before} for {size} vB");
            let earlier_size = u64::try_from(transaction.weight().div_ceil(4)).unwrap();
            assert!(fee * 1_000 / size > before * 1_000 / earlier_size);
            true
        }
        Err(PlanError::NothingToReplace { txid }) => {
            assert_eq!(txid, transaction.txid());
            assert_eq!(left.count(), 0);
            false
        }
        Err(PlanError::CannotReplace { unspent, .. }) => {
            assert_eq!(unspent, left.clone().map(|coin| coin.outpoint).collect::<Vec<_>>());
            assert!(left.clone().all(|coin| coin.asset() != policy_asset), "its L-BTC would do");
            assert!(kind != RequestKind::Distribute || left.clone().all(|coin| coin.asset() != asset(later)));
            false
        }
        // What a job lacks without anything to replace, it may lack with it.
        Err(
            PlanError::MissingCoins(_) | PlanError::TokenMissing { .. } | PlanError::TooFewBlinded { .. },
        ) => false,
        Err(other) => panic!("no coins explain this: {other}"),
    }
}

fn asset(asked: &Asked) -> coldamp_core::elements::AssetId {
    asked.recorded().scenario.info().asset.parse().unwrap()
}
