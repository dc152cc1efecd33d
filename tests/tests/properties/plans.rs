//! Whatever AMP asks of whatever coins: it is prepared, balanced and passed by the review, or refused for a reason that
//! is true.

use std::cell::Cell;
use std::collections::BTreeMap;

use coldamp_core::amp::Request;
use coldamp_core::elements::AssetId;
use coldamp_core::prepare::{Plan, PlanError, PrepareError, Settings, prepare};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::treasury::Utxo;
use coldamp_core::units::FeeRate;
use coldamp_tests::RequestKind;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::asked::{Asked, anything};

/// Requests of each kind.
const CASES: u32 = 150;

fn run(kind: RequestKind) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let prepared = Cell::new(0);
    let outcome = runner.run(&anything(), |asked| {
        prepared.set(prepared.get() + u32::from(prepared_or_refused(&asked, kind)));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(
        prepared.get() > CASES / 3,
        "only {} of {CASES} were prepared: they show too little",
        prepared.get()
    );
}

#[test]
fn any_distribution_is_balanced_and_passes_or_is_refused_for_a_true_reason() {
    run(RequestKind::Distribute);
}

#[test]
fn any_reissue_is_balanced_and_passes_or_is_refused_for_a_true_reason() {
    run(RequestKind::Reissue);
}

#[test]
fn any_burn_is_balanced_and_passes_or_is_refused_for_a_true_reason() {
    run(RequestKind::Burn);
}

/// Whether it was prepared.
fn prepared_or_refused(asked: &Asked, kind: RequestKind) -> bool {
    let treasury = &asked.recorded().treasury;
    let request = Request::parse(&asked.request(kind), &treasury.network).expect("a request");
    let holdings = asked.holdings();
    let state = holdings.treasury(&treasury.network, &treasury.descriptor);
    let settings = Settings { fee_rate: FeeRate::from_sat_per_kvb(asked.fee_rate), ..Settings::default() };
    match prepare(&treasury.secp, &request, &state, &settings, None) {
        Ok(prepared) => {
            balanced(&prepared.plan);
            spends_what_is_there(&prepared.plan, &holdings.coins);
            let pset = UnsignedPset::read(prepared.pset.as_bytes()).expect("a PSET");
            let review = treasury.review(&pset, Some(request.bytes()));
            assert_eq!(review.mismatches, []);
            let checked = review.checked().expect("no rule failed");
            assert_eq!(checked.request(), &request);
            assert_eq!(checked.fee(), prepared.plan.fee());
            true
        }
        Err(PrepareError::Plan(error)) => {
            true_reason(&error, &holdings.coins);
            false
        }
        Err(error) => panic!("{error}"),
    }
}

/// In plus issued is out, asset by asset, in integers that cannot wrap.
fn balanced(plan: &Plan) {
    let mut sums: BTreeMap<AssetId, i128> = BTreeMap::new();
    for input in plan.inputs() {
        *sums.entry(input.coin.asset()).or_default() += i128::from(input.coin.secrets.value);
        if let Some(issuance) = &input.issuance {
            *sums.entry(issuance.asset).or_default() += i128::from(issuance.amount.base_units());
        }
    }
    for output in plan.outputs() {
        *sums.entry(output.asset).or_default() -= i128::from(output.amount.base_units());
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
}

fn spends_what_is_there(plan: &Plan, there: &[Utxo]) {
    let mut spent: Vec<_> = plan.inputs().iter().map(|input| input.coin.outpoint).collect();
    assert!(spent.iter().all(|outpoint| there.iter().any(|coin| coin.outpoint == *outpoint)), "{spent:?}");
    spent.sort();
    spent.dedup();
    assert_eq!(spent.len(), plan.inputs().len(), "a coin twice");
}

/// Only what the drawn coins can bring about, and true of them.
fn true_reason(error: &PlanError, there: &[Utxo]) {
    match error {
        PlanError::MissingCoins(shortfalls) => {
            for shortfall in shortfalls {
                let of_asset = there.iter().filter(|coin| coin.asset() == shortfall.asset);
                let held: u64 = of_asset.map(|coin| coin.secrets.value).sum();
                assert!(shortfall.found < shortfall.needed, "{shortfall:?}");
                assert_eq!(shortfall.found.base_units(), held, "{shortfall:?}");
            }
        }
        PlanError::TokenMissing { missing } => {
            let is_there = |outpoint| there.iter().any(|coin| coin.outpoint == outpoint);
            assert!(
                !missing.is_empty() && !missing.iter().any(|outpoint| is_there(*outpoint)),
                "{missing:?}"
            );
        }
        PlanError::TooFewBlinded { .. } => {}
        other => panic!("no coins explain this: {other}"),
    }
}
