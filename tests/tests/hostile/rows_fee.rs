//! Fees of another shape, asset or size (docs/rules.md#fee-output, docs/rules.md#fee-limits).

use coldamp_core::code::Code;
use coldamp_core::elements::Script;
use coldamp_core::limits::{DEFAULT_MAX_FEE, DEFAULT_MAX_FEE_RATE, MIN_RELAY_FEE_RATE};
use coldamp_core::sign::review::Role;

use super::bench::{Bench, attacker_key};
use super::job::{BURN, DISTRIBUTE, EACH, Honest, JobName};
use super::row::Expected::{Among, Only};
use super::row::{Row, refused, typed};

/// The lowest fee that nodes relay and the highest that passes without a policy.
pub(crate) fn floor_and_cap(job: JobName) -> (u64, u64) {
    let honest = Honest::of(job);
    let bound = honest.review(honest.text.as_bytes()).effects().bound;
    let floor = MIN_RELAY_FEE_RATE.fee(bound.discounted_size()).unwrap();
    let cap = DEFAULT_MAX_FEE_RATE.fee(bound.full_size()).unwrap().max(DEFAULT_MAX_FEE);
    (floor.sat(), cap.sat())
}

#[test]
fn the_fee_is_one_open_output_of_lbtc_at_the_end() {
    let mut rows: Vec<Row> = EACH.into_iter().flat_map(shapes).collect();
    for job in [DISTRIBUTE, BURN] {
        rows.push(typed(job, "in the asset", Only(Code::FeeAsset), |bench| {
            bench.output(Role::Fee).asset = Some(bench.honest.asset());
            bench.settle();
        }));
    }
    rows.push(typed(DISTRIBUTE, "in our other asset", Among(Code::FeeAsset), |bench| {
        let coin = bench.honest.unspent(bench.honest.other_asset());
        bench.spend(&coin);
        bench.output(Role::Fee).asset = Some(coin.asset());
        bench.fee = coin.secrets.value;
        bench.settle();
    }));
    refused(rows);
}

#[test]
fn the_fee_is_what_the_size_asks_for() {
    refused(EACH.into_iter().flat_map(sizes).collect());
}

fn shapes(job: JobName) -> Vec<Row> {
    vec![
        typed(job, "none", Among(Code::FeeShape), |bench| {
            bench.remove(Role::Fee);
            bench.settle();
        }),
        typed(job, "two", Among(Code::FeeShape), |bench| {
            bench.pay(Script::new(), bench.honest.policy_asset(), 500, None);
            bench.settle();
        }),
        typed(job, "two, one of another asset", Among(Code::FeeShape), |bench| {
            bench.pay(Script::new(), bench.honest.asset(), 500, None);
            bench.settle();
        }),
        typed(job, "not the last output", Only(Code::FeeShape), |bench| {
            let last = bench.pset.outputs().len() - 1;
            bench.pset.outputs_mut().swap(0, last);
        }),
        typed(job, "blinded", Among(Code::FeeShape), |bench| {
            bench.settle();
            let output = bench.output(Role::Fee);
            (output.blinding_key, output.blinder_index) = (Some(attacker_key()), Some(0));
        }),
    ]
}

fn sizes(job: JobName) -> Vec<Row> {
    let (floor, cap) = floor_and_cap(job);
    let row = |attack: &str, fee: u64, code| {
        typed(job, attack, Only(code), move |bench: &mut Bench| {
            bench.fee = fee;
            bench.settle();
        })
    };
    vec![
        row("a skim of 20,000 sat", 20_000, Code::FeeTooHigh),
        row("one above the cap", cap + 1, Code::FeeTooHigh),
        row("one below the floor", floor - 1, Code::FeeTooLow),
        row("a satoshi", 1, Code::FeeTooLow),
        typed(job, "nothing", Among(Code::FeeTooLow), |bench| {
            bench.fee = 0;
            bench.settle();
        }),
    ]
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] =
    &[the_fee_is_one_open_output_of_lbtc_at_the_end, the_fee_is_what_the_size_asks_for];
