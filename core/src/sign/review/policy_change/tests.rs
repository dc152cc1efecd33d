use std::collections::BTreeMap;

use super::*;
use crate::amp::request::Uuid;
use crate::sign::review::policy::JobLimits;
use crate::treasury::{IssuanceIds, ProvenContract, contract_ids};
use crate::units::{FeeRate, Satoshi};

const UUID: &str = "025b413f-8a9a-421e-a648-a7dd06839eb9";
const ONE: &str = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
const TWO: &str = "c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5";

fn asset(byte: u8) -> AssetId {
    AssetId::from_byte_array([byte; 32])
}

fn units(amount: u64) -> AssetAmount {
    AssetAmount::from_base_units(amount)
}

fn keys(keys: &[&str]) -> BTreeSet<ApproverKey> {
    keys.iter().map(|key| key.parse().unwrap()).collect()
}

/// A policy that has every rule there is.
fn full() -> Policy {
    let limits = JobLimits { max: Some(units(100)), budget: Some(units(1_000)), budget_count: Some(10) };
    Policy {
        number: 5,
        asset_uuid: Uuid::parse(UUID),
        limits: Command::ALL.into_iter().map(|command| (command, limits)).collect(),
        max_recipients: Some(80),
        max_per_recipient: Some(units(50)),
        fee_cap: cap(Some(900), Some(150)),
        approvers: keys(&[ONE]),
        forbid_unconfidential: true,
        ..Policy::without_limits(asset(1))
    }
}

fn cap(absolute: Option<u64>, rate: Option<u64>) -> FeeCap {
    FeeCap { absolute: absolute.map(Satoshi::from_sat), rate: rate.map(FeeRate::from_sat_per_kvb) }
}

fn in_force(policy: Policy) -> JournalState {
    JournalState { policies: vec![policy], ..JournalState::default() }
}

/// The names of what becomes weaker, and of what becomes stricter, when `after` follows on `before`.
fn effects(before: Policy, mut after: Policy, renewed: &[Command]) -> (Vec<String>, Vec<String>) {
    after.continue_counting(&before, &renewed.iter().copied().collect());
    let change = in_force(before).change(after.asset, Some(&after));
    let names = |effect| {
        let rules = change.rules.iter().filter(|rule| rule.effect == effect);
        rules.map(|rule| rule.rule.clone()).collect()
    };
    (names(Effect::Weaker), names(Effect::Stricter))
}

/// With the limits of one command changed.
fn with(command: Command, change: impl Fn(&mut JobLimits)) -> Policy {
    let mut policy = full();
    policy.limits.entry(command).and_modify(change);
    policy
}

#[test]
fn each_rule_that_is_lifted_raised_or_exchanged_is_a_weakening_by_its_name() {
    use Command::{Burn, Distribute, Reissue};
    let table: Vec<(&str, Policy)> = vec![
        ("uuid", Policy { asset_uuid: None, ..full() }),
        ("uuid", Policy { asset_uuid: Uuid::parse(&UUID.replace('0', "1")), ..full() }),
        ("unconfidential_recipients", Policy { forbid_unconfidential: false, ..full() }),
        ("max_recipients", Policy { max_recipients: Some(81), ..full() }),
        ("max_recipients", Policy { max_recipients: None, ..full() }),
        ("max_per_recipient", Policy { max_per_recipient: Some(units(51)), ..full() }),
        ("max_per_recipient", Policy { max_per_recipient: None, ..full() }),
        ("fee", Policy { fee_cap: cap(Some(901), Some(150)), ..full() }),
        ("fee", Policy { fee_cap: cap(Some(900), Some(151)), ..full() }),
        ("fee", Policy { fee_cap: cap(Some(900), None), ..full() }),
        ("fee", Policy { fee_cap: cap(None, Some(150)), ..full() }),
        ("fee", Policy { fee_cap: cap(None, None), ..full() }),
        ("distribute.max", with(Distribute, |limits| limits.max = Some(units(101)))),
        ("distribute.max", with(Distribute, |limits| limits.max = None)),
        ("reissue.max", with(Reissue, |limits| limits.max = None)),
        ("burn.max", with(Burn, |limits| limits.max = None)),
        ("distribute.budget", with(Distribute, |limits| limits.budget = Some(units(1_001)))),
        ("reissue.budget", with(Reissue, |limits| limits.budget = None)),
        ("burn.budget", with(Burn, |limits| limits.budget = None)),
        ("distribute.budget_count", with(Distribute, |limits| limits.budget_count = None)),
        ("reissue.budget_count", with(Reissue, |limits| limits.budget_count = Some(11))),
        ("burn.budget_count", with(Burn, |limits| limits.budget_count = Some(11))),
        // Gone, exchanged, and one more who may approve.
        ("approvers", Policy { approvers: BTreeSet::new(), ..full() }),
        ("approvers", Policy { approvers: keys(&[ONE, TWO]), ..full() }),
    ];
    for (name, after) in table {
        assert_eq!(effects(full(), after, &[]), (vec![name.to_owned()], vec![]), "{name}");
    }
    let exchanged = Policy { approvers: keys(&[TWO]), ..full() };
    assert_eq!(effects(full(), exchanged, &[]).0, ["approvers", "approvers"]);
    let two = Policy { approvers: keys(&[ONE, TWO]), ..full() };
    assert_eq!(effects(two, full(), &[]), (vec!["approvers".to_owned()], vec![]));
    // A command that is missing has no limit at all.
    let missing = Policy { limits: BTreeMap::new(), ..full() };
    assert_eq!(effects(full(), missing, &[]).0.len(), 9);
}

#[test]
fn what_refuses_more_is_stricter_and_what_stands_is_neither() {
    assert_eq!(effects(full(), full(), &[]), (vec![], vec![]));
    let open = Policy { number: 5, ..Policy::without_limits(asset(1)) };
    let (weaker, stricter) = effects(open.clone(), full(), &[]);
    assert_eq!((weaker.len(), stricter.len()), (0, 15), "{stricter:?}");
    for (name, after) in [
        ("max_recipients", Policy { max_recipients: Some(79), ..full() }),
        ("max_per_recipient", Policy { max_per_recipient: Some(units(49)), ..full() }),
        ("fee", Policy { fee_cap: cap(Some(899), Some(150)), ..full() }),
        ("burn.max", with(Command::Burn, |limits| limits.max = Some(units(0)))),
        ("burn.budget", with(Command::Burn, |limits| limits.budget = Some(units(999)))),
        ("burn.budget_count", with(Command::Burn, |limits| limits.budget_count = Some(9))),
    ] {
        assert_eq!(effects(full(), after, &[]), (vec![], vec![name.to_owned()]), "{name}");
    }
}

#[test]
fn fee_caps_are_compared_at_every_size() {
    let effect = |before: (Option<u64>, Option<u64>), after: (Option<u64>, Option<u64>)| {
        fee_effect(cap(before.0, before.1), cap(after.0, after.1))
    };
    let default = (None, None);
    // The default is 1,000 sat for what is small and 20,000 sat for the largest.
    assert_eq!(effect(default, (Some(1_000), None)), Effect::Stricter);
    assert_eq!(effect(default, (Some(1_001), None)), Effect::Weaker);
    assert_eq!(effect((Some(20_000), None), default), Effect::Stricter);
    assert_eq!(effect((Some(19_999), None), default), Effect::Weaker);
    assert_eq!(effect(default, (None, Some(200))), Effect::Stricter);
    assert_eq!(effect(default, (None, Some(201))), Effect::Weaker);
    assert_eq!(effect((None, Some(200)), default), Effect::Weaker, "a floor of 1,000 sat");
    // Lower for the small ones, higher for the large.
    assert_eq!(effect((Some(1_000), None), (None, Some(100))), Effect::Weaker);
    assert_eq!(effect((None, Some(100)), (Some(1_000), None)), Effect::Weaker);
    assert_eq!(effect((Some(500), Some(100)), (Some(500), Some(100))), Effect::Same);
}

#[test]
fn a_budget_goes_on_counting_unless_it_is_renewed_which_is_a_weakening() {
    let (burn, all) = (Command::Burn, Command::ALL);
    let mut after = full();
    after.number = 9;
    after.continue_counting(&full(), &BTreeSet::from([burn]));
    assert_eq!(all.map(|command| after.counted_from(command)), [5, 5, 9]);
    assert_eq!(effects(full(), full(), &[burn]), (vec!["renew burn".to_owned()], vec![]));
    // Through one more change the first start is kept.
    let mut third = full();
    third.number = 12;
    third.continue_counting(&after, &BTreeSet::new());
    assert_eq!(all.map(|command| third.counted_from(command)), [5, 5, 9]);
    // What had no budget was not counted.
    let mut from_none = full();
    from_none.number = 9;
    from_none.continue_counting(&Policy { limits: BTreeMap::new(), ..full() }, &BTreeSet::new());
    assert_eq!(from_none.counted_from(burn), 9);
    // A count instead of a sum still counts the same signatures.
    let sum = with(burn, |limits| limits.budget_count = None);
    let mut count = with(burn, |limits| limits.budget = None);
    count.continue_counting(&sum, &BTreeSet::new());
    assert_eq!(count.counted_from(burn), 5);
}

#[test]
fn a_contract_that_goes_takes_its_pin_with_it() {
    let contract = br#"{"entity":{"domain":"example.com"},"name":"Share","precision":2,"ticker":"SHR"}"#;
    let prevout = elements::OutPoint::new(elements::Txid::from_byte_array([3; 32]), 1);
    let ids: IssuanceIds = contract_ids(contract, prevout);
    let proof = AssetKnowledge::Contract(ProvenContract::prove(contract, prevout, ids.asset).unwrap());
    let pinned = Policy { asset: ids.asset, proof, ..full() };
    let unpinned = Policy { proof: AssetKnowledge::Unproven, ..pinned.clone() };
    assert_eq!(effects(pinned.clone(), unpinned.clone(), &[]).0, ["contract"]);
    assert_eq!(effects(unpinned, pinned.clone(), &[]), (vec![], vec!["contract".to_owned()]));
    let change = in_force(pinned.clone()).change(ids.asset, Some(&pinned));
    let max = change.rules.iter().find(|rule| rule.rule == "burn.max").unwrap();
    assert_eq!(max.before, "1.00 SHR (100 base units)");
}

#[test]
fn a_removal_names_every_limit_that_vanishes_and_needs_those_whom_the_policy_names() {
    let change = in_force(full()).change(asset(1), None);
    let weaker: Vec<&str> = change.weaker().map(|rule| rule.rule.as_str()).collect();
    assert_eq!(weaker.len(), 16, "{weaker:?}");
    assert_eq!(weaker.first(), Some(&"policy"));
    assert_eq!(change.approvers, [keys(&[ONE])]);
    // Even where it limits nothing, it pins which asset may be signed for.
    let empty = Policy { number: 5, ..Policy::without_limits(asset(1)) };
    let change = in_force(empty).change(asset(1), None);
    assert_eq!(change.weaker().count(), 1);
    assert_eq!(in_force(full()).change(asset(2), None).rules, []);
}

#[test]
fn a_first_policy_weakens_nothing_but_the_default_fee_cap() {
    let first = |policy: &Policy| JournalState::default().change(policy.asset, Some(policy));
    assert_eq!(first(&full()).weaker().count(), 0);
    // One without any limit is a change too: it pins the asset.
    let pin = first(&Policy::without_limits(asset(1)));
    assert!(pin.weaker().next().is_none() && !pin.is_nothing());
    let dear = Policy { fee_cap: cap(Some(1_001), None), ..full() };
    let change = first(&dear);
    assert_eq!(change.weaker().map(|rule| rule.rule.as_str()).collect::<Vec<_>>(), ["fee"]);
    assert_eq!(change.approvers, []);
}

#[test]
fn a_policy_for_one_more_asset_opens_it_and_takes_the_word_of_everybody_elses_approvers() {
    let other = Policy { approvers: keys(&[TWO]), ..Policy::without_limits(asset(2)) };
    let silent = Policy::without_limits(asset(3));
    let state = JournalState { policies: vec![full(), other, silent], ..JournalState::default() };
    let opened = Policy { asset: asset(4), approvers: keys(&[ONE]), ..full() };
    let change = state.change(asset(4), Some(&opened));
    assert_eq!(change.weaker().map(|rule| rule.rule.as_str()).collect::<Vec<_>>(), ["asset"]);
    assert_eq!(change.approvers, [keys(&[ONE]), keys(&[TWO])]);
}
