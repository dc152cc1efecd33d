//! Amounts, sizes and blinded outputs outside what the network takes, and how many recipients would fit.

use coldamp_core::code::Code;
use coldamp_core::elements::bitcoin::hashes::Hash as _;
use coldamp_core::elements::{Address, AddressParams};
use coldamp_core::elements::{AssetId, Script, WPubkeyHash};
use coldamp_core::limits::MAX_PROVABLE;
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Branch;
use coldamp_tests::RequestKind;

use super::bench::{Bench, attacker_key};
use super::job::{BURN, DISTRIBUTE, JobName, REISSUE};
use super::row::Expected::{Among, Only};
use super::row::{refused, typed};

/// Burns all there is.
const BURN_ALL: JobName = (RequestKind::Burn, "wpkh-split-token");
const EIGHTY: JobName = (RequestKind::Distribute, "wpkh-80-recipients");

/// 21,000,000 × 10^8 base units.
const MAX_MONEY: u64 = 2_100_000_000_000_000;

#[test]
fn enough_is_blinded_to_hide_an_amount() {
    refused(vec![
        typed(BURN_ALL, "nothing at all", Only(Code::TooFewBlinded), |bench| {
            let (index, coin) = bench.input_of(bench.honest.policy_asset());
            bench.pretend_explicit(index, coin.asset(), bench.fee);
            bench.remove(Role::PolicyChange);
            bench.settle();
        }),
        typed(BURN_ALL, "one output, of open coins", Only(Code::TooFewBlinded), |bench| {
            all_open(bench);
            bench.settle();
        }),
    ]);
}

/// Makes every input look explicit, with what it holds.
fn all_open(bench: &mut Bench) {
    for index in 0..bench.pset.inputs().len() {
        let outpoint = bench.input(index).previous_outpoint();
        let coin = bench.honest.coins.iter().find(|coin| coin.outpoint == outpoint).unwrap();
        let (asset, amount): (AssetId, u64) = (coin.asset(), coin.secrets.value);
        bench.pretend_explicit(index, asset, amount);
    }
}

#[test]
fn amounts_are_above_zero_and_within_what_consensus_sums() {
    refused(vec![
        typed(BURN_ALL, "change of nothing", Only(Code::ZeroAmount), |bench| {
            bench.pay_own(Branch::Internal, 30, bench.honest.asset(), 0);
            bench.settle();
        }),
        typed(DISTRIBUTE, "a recipient who gets nothing", Among(Code::ZeroAmount), |bench| {
            *bench.amount(Role::Recipient(0)) = 0;
            bench.settle();
        }),
        typed(REISSUE, "nothing reissued", Among(Code::ZeroAmount), |bench| {
            *bench.amount(Role::Reissued) = 0;
        }),
        typed(BURN, "burn and fee together above the limit", Only(Code::ExplicitSum), |bench| {
            bench.request("1.775e-05", "21000000");
            *bench.amount(Role::Burn) = MAX_MONEY;
            let (index, coin) = bench.input_of(bench.honest.asset());
            bench.pretend_explicit(index, coin.asset(), MAX_MONEY + 1);
            bench.settle();
        }),
        typed(DISTRIBUTE, "change of more than a range proof hides", Among(Code::AmountRange), |bench| {
            *bench.amount(Role::AssetChange) = MAX_PROVABLE + 1;
        }),
        typed(EIGHTY, "a recipient more than nodes relay", Only(Code::TooHeavy), |bench| {
            bench.fee = *bench.amount(Role::Fee) + 40;
            add_recipients(bench, 1);
            add_recipients(bench, 2);
            bench.settle();
        }),
        typed(BURN, "explicit amounts that overflow together", Among(Code::ExplicitSum), |bench| {
            *bench.amount(Role::Burn) = u64::MAX;
            *bench.amount(Role::Fee) = u64::MAX;
        }),
    ]);
}

#[test]
fn eighty_two_recipients_are_too_heavy_and_the_review_says_how_many_fit() {
    let mut bench = Bench::new(EIGHTY);
    bench.fee = *bench.amount(Role::Fee);
    add_recipients(&mut bench, 1);
    bench.fee += 20;
    bench.settle();
    let honest = bench.honest;
    let eighty_one = honest.review(bench.pset.to_string().as_bytes());
    assert!(eighty_one.checked().is_some(), "{:#?}", eighty_one.mismatches);

    add_recipients(&mut bench, 2);
    bench.fee += 20;
    bench.settle();
    let eighty_two = honest.review(bench.pset.to_string().as_bytes());
    assert!(eighty_two.checked().is_none());
    let [mismatch] = eighty_two.mismatches.as_slice() else { panic!("{:#?}", eighty_two.mismatches) };
    assert_eq!(mismatch.code, Code::TooHeavy);
    let bound = eighty_two.effects().bound.full;
    assert!(bound > coldamp_core::limits::MAX_STANDARD_WEIGHT);
    let expected = format!(
        "the transaction: found up to {bound}, expected at most 400 000 weight units; 81 recipients fit"
    );
    assert_eq!(mismatch.message, expected);
}

/// Adds one more recipient to request and PSET, paid out of the change.
fn add_recipients(bench: &mut Bench, number: u8) {
    let script = Script::new_v0_wpkh(&WPubkeyHash::from_byte_array([number; 20]));
    let key = attacker_key();
    let address = Address::from_script(&script, Some(key.inner), &AddressParams::ELEMENTS).unwrap();
    let asset = bench.honest.info.asset.clone();
    bench.request("\"map_address_amount\": {", &format!("\"map_address_amount\": {{\"{address}\": 0.00001,"));
    bench.request(
        "\"map_address_asset\": {",
        &format!("\"map_address_asset\": {{\"{address}\": \"{asset}\","),
    );
    bench.pay(script, bench.honest.asset(), 1_000, Some(key));
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] =
    &[enough_is_blinded_to_hide_an_amount, amounts_are_above_zero_and_within_what_consensus_sums];
