//! Plans that replace an earlier transaction: they spend at least one of its coins and pay the fee that nodes demand of a
//! replacement. They are checked against the transactions as they were signed (Elements policy/rbf.cpp PaysForRBF,
//! docs/rules.md#replacement, docs/rules.md#replacement-fee).

use coldamp_core::code::Code;
use coldamp_core::elements::{OutPoint, Transaction};
use coldamp_core::prepare::{FeeBasis, PlanError, PrepareError, Prepared, Replaced, Settings, prepare};
use coldamp_core::sign::review::{FeeCap, ReviewOptions};
use coldamp_core::signed::SignedFile;
use coldamp_core::treasury::Utxo;
use coldamp_core::units::Satoshi;
use coldamp_online::prepare::{self as online, Options};
use coldamp_online::state::reservations::Reservations;
use coldamp_tests::{Job, RequestKind, Scenario, Treasury};

/// Prepares from some of the coins, to replace a transaction.
fn try_replacing(
    job: &Job<'_>,
    earlier: &Transaction,
    fee_basis: FeeBasis,
    usable: impl Fn(&Utxo) -> bool,
) -> Result<Prepared, PlanError> {
    let request = job.request();
    let Treasury { secp, network, descriptor, .. } = job.treasury;
    let mut holdings = job.treasury.holdings(&request);
    holdings.coins.retain(|coin| usable(coin));
    let replace = Some(Replaced::of(earlier, network.policy_asset()));
    let settings = Settings { fee_basis, replace, ..Settings::default() };
    prepare(secp, &request, &holdings.treasury(network, descriptor), &settings, None).map_err(|error| {
        match error {
            PrepareError::Plan(error) => error,
            other => panic!("{other}"),
        }
    })
}

fn replacing(job: &Job<'_>, earlier: &Transaction, usable: impl Fn(&Utxo) -> bool) -> Prepared {
    try_replacing(job, earlier, FeeBasis::Discounted, usable).expect("a replacement")
}

fn signed(job: &Job<'_>, prepared: &Prepared) -> Transaction {
    let file = job.sign(prepared.pset.as_bytes()).to_json().expect("JSON");
    SignedFile::read(file.as_bytes()).expect("a signed.json").transaction().clone()
}

fn spent(transaction: &Transaction) -> Vec<OutPoint> {
    transaction.input.iter().map(|input| input.previous_output).collect()
}

fn shared(earlier: &Transaction, later: &Transaction) -> Vec<OutPoint> {
    let earlier = spent(earlier);
    spent(later).into_iter().filter(|outpoint| earlier.contains(outpoint)).collect()
}

fn fee(transaction: &Transaction) -> u64 {
    let fee = transaction.output.iter().find(|output| output.script_pubkey.is_empty());
    fee.and_then(|output| output.value.explicit()).expect("a fee output")
}

/// Satoshi per 1,000 virtual bytes of the full size, as CFeeRate rounds.
fn rate(transaction: &Transaction) -> u64 {
    fee(transaction) * 1_000 / size(transaction)
}

fn size(transaction: &Transaction) -> u64 {
    u64::try_from(transaction.weight().div_ceil(4)).unwrap()
}

/// What a mempool that holds the earlier one asks of the later one.
fn taken_instead(earlier: &Transaction, later: &Transaction, name: &str) {
    assert!(!shared(earlier, later).is_empty(), "{name}: both can confirm");
    assert!(fee(later) >= fee(earlier) + size(later).div_ceil(10), "{name}: PaysForRBF");
    assert!(rate(later) > rate(earlier), "{name}: PaysMoreThanConflicts");
}

#[test]
fn every_job_of_every_scenario_is_replaced_by_what_nodes_take_instead() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let name = format!("{} {}", scenario.name(), kind.name());
            let job = treasury.job(&scenario, kind);
            let earlier = signed(&job, &job.prepare());
            let prepared = replacing(&job, &earlier, |_| true);
            let later = signed(&job, &prepared);
            taken_instead(&earlier, &later, &name);
            assert_eq!(spent(&earlier), spent(&later), "{name}: its own coins do");
            assert_eq!(prepared.pset, replacing(&job, &earlier, |_| true).pset, "{name}: preparing twice");
            // As much again, and no more than a byte of each signature above what had to be.
            let least = fee(&earlier) + size(&later).div_ceil(10);
            assert!(fee(&later) <= least + 1, "{name}: {} for {least}", fee(&later));
        }
    }
}

#[test]
fn eighty_recipients_cost_the_full_size_on_top() {
    let scenario = Scenario::load("wpkh-80-recipients");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let earlier = signed(&job, &job.prepare());
    assert_eq!((fee(&earlier), size(&earlier)), (569, 97_915));
    let later = signed(&job, &replacing(&job, &earlier, |_| true));
    assert_eq!(fee(&later), 569 + 9_792);
    // What the full size costs alone is less: the asked rate does not count twice.
    let full = try_replacing(&job, &earlier, FeeBasis::Full, |_| true).unwrap();
    assert_eq!(full.plan.fee().sat(), 569 + 9_792);
}

/// Each replacement pays the relay of the full size once more; the second one is above the cap of a signer without a
/// policy, and the cap that a policy names lets it through on both sides.
#[test]
fn eighty_recipients_are_replaced_twice_under_the_fee_cap_of_a_policy() {
    let scenario = Scenario::load("wpkh-80-recipients");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let earlier = signed(&job, &job.prepare());
    let once = signed(&job, &replacing(&job, &earlier, |_| true));
    let twice = replacing(&job, &once, |_| true);
    assert_eq!(twice.plan.fee().sat(), 569 + 2 * 9_792);
    let refused = job.review(twice.pset.as_bytes());
    let codes: Vec<Code> = refused.mismatches.iter().map(|mismatch| mismatch.code).collect();
    assert_eq!(codes, [Code::FeeTooHigh]);
    let fee_cap = FeeCap { absolute: Some(Satoshi::from_sat(25_000)), rate: None };
    let options = ReviewOptions { fee_cap, ..ReviewOptions::default() };
    let file = job.sign_with(twice.pset.as_bytes(), options).to_json().unwrap();
    let later = SignedFile::read(file.as_bytes()).unwrap().transaction().clone();
    taken_instead(&once, &later, "the second replacement");

    // What `prepare --max-fee` does.
    let request = job.request();
    let Treasury { secp, network, descriptor, .. } = &treasury;
    let holdings = treasury.holdings(&request);
    let replace = Some(Replaced::of(&once, network.policy_asset()));
    let prepare = |fee_cap| {
        let settings = Settings { replace: replace.clone(), ..Settings::default() };
        let options = Options { settings, fee_cap, ..Options::default() };
        let known = holdings.treasury(network, descriptor);
        let prepared =
            online::prepare(secp, &request, &known, &options, None, &Reservations::default(), &mut |_| ());
        prepared.map(|prepared| prepared.pset).map_err(|error| error.code().as_str())
    };
    assert_eq!(prepare(FeeCap::default()), Err("FEE_TOO_HIGH"));
    assert_eq!(prepare(fee_cap), Ok(twice.pset));
}

#[test]
fn the_fee_coin_excludes_it_where_the_job_spends_none_of_its_coins() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    for kind in [RequestKind::Distribute, RequestKind::Burn] {
        let job = treasury.job(&scenario, kind);
        let (asset, policy_asset) = (job.request().asset, treasury.network.policy_asset());
        let earlier = signed(&job, &job.prepare());
        let is_its = |coin: &Utxo| spent(&earlier).contains(&coin.outpoint);
        let other_assets = |coin: &Utxo| coin.asset() != asset || !is_its(coin);
        let later = signed(&job, &replacing(&job, &earlier, other_assets));
        taken_instead(&earlier, &later, kind.name());
        // The other way round the job's own coin does.
        let other_fees = |coin: &Utxo| coin.asset() != policy_asset || !is_its(coin);
        let later = signed(&job, &replacing(&job, &earlier, other_fees));
        taken_instead(&earlier, &later, kind.name());
    }
}

/// A request that needs more than the earlier transaction's coin, and could be met without it.
#[test]
fn a_coin_that_is_too_small_alone_is_spent_first_where_no_other_excludes_it() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let request = job.request();
    let (asset, policy_asset) = (request.asset, treasury.network.policy_asset());
    let mut coins = treasury.holdings(&request).coins;
    coins.retain(|coin| coin.asset() == asset);
    let smallest = coins.iter().min_by_key(|coin| coin.amount()).unwrap().outpoint;
    assert!(coins.iter().any(|coin| coin.outpoint != smallest && coin.amount() >= request.total()));
    let burn = treasury.job(&scenario, RequestKind::Burn);
    let burnt = burn.prepare_from(&[], |coin| coin.asset() != asset || coin.outpoint == smallest);
    let earlier = signed(&burn, &burnt);
    let other_fees = |coin: &Utxo| coin.asset() != policy_asset || !spent(&earlier).contains(&coin.outpoint);
    let later = signed(&job, &replacing(&job, &earlier, other_fees));
    taken_instead(&earlier, &later, "distribute for burn");
    assert_eq!(shared(&earlier, &later), [smallest]);
}

#[test]
fn what_has_no_coin_left_or_none_that_the_job_spends_is_not_replaced() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let policy_asset = treasury.network.policy_asset();
    let reissue = treasury.job(&scenario, RequestKind::Reissue);
    let earlier = signed(&reissue, &reissue.prepare());
    let txid = earlier.txid();
    let of_it = |coin: &Utxo| spent(&earlier).contains(&coin.outpoint);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let refused = |usable: &dyn Fn(&Utxo) -> bool| {
        try_replacing(&job, &earlier, FeeBasis::Discounted, usable).unwrap_err()
    };
    let nothing = refused(&|coin| !of_it(coin));
    assert_eq!(nothing, PlanError::NothingToReplace { txid });
    assert_eq!(nothing.code().as_str(), "NOTHING_TO_REPLACE");
    // Its token is there; a distribution never spends one.
    let found = refused(&|coin| coin.asset() != policy_asset || !of_it(coin));
    let coins = treasury.holdings(&reissue.request()).coins;
    let tokens = coins.iter().filter(|coin| of_it(coin) && coin.asset() != policy_asset);
    let unspent: Vec<OutPoint> = tokens.map(|coin| coin.outpoint).collect();
    assert_eq!(unspent.len(), 1);
    assert_eq!(found, PlanError::CannotReplace { txid, unspent });
    assert_eq!(found.code().as_str(), "CANNOT_REPLACE");
    // Its L-BTC coin excludes it all the same.
    let later = signed(&job, &replacing(&job, &earlier, |_| true));
    taken_instead(&earlier, &later, "distribute for reissue");
}
