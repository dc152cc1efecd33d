//! Issuance fields: another amount, asset, kind, input or nonce than the reissue needs, more of them than one, or any
//! at all where nothing is reissued (docs/rules.md#issuance).

use coldamp_core::code::Code;
use coldamp_core::elements::AssetBlindingNonce;
use coldamp_core::elements::pset::Input;
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Branch;

use super::bench::Bench;
use super::coin;
use super::job::{BURN, DISTRIBUTE, REISSUE, REISSUE_BLINDED, REISSUE_SPLIT};
use super::pairs::{Pair, Pairs, pset_key, set, unset};
use super::row::Expected::{Among, Only};
use super::row::{Row, raw, refused, typed};

#[test]
fn only_the_asked_for_units_are_made() {
    let mut rows = another_amount();
    rows.extend(another_asset());
    refused(rows);
}

#[test]
fn the_issuance_has_the_kind_input_and_nonce_of_its_token() {
    let mut rows = another_kind();
    rows.extend(another_place());
    refused(rows);
}

#[test]
fn no_second_issuance_and_none_where_nothing_is_reissued() {
    refused(smuggled());
}

fn another_amount() -> Vec<Row> {
    let row = |attack, how: fn(&mut Bench)| typed(REISSUE, attack, Among(Code::IssuanceAmount), how);
    vec![
        row("raised, the surplus to the attacker", |bench| {
            raise(bench);
            bench.pay_attacker(bench.honest.asset(), 1_000);
            bench.settle();
        }),
        row("raised, the surplus among our own units", |bench| {
            raise(bench);
            *bench.amount(Role::Reissued) += 1_000;
        }),
        row("raised, the surplus as change", |bench| {
            raise(bench);
            let limit = bench.honest.highest_allowed_index();
            bench.pay_own(Branch::Internal, limit, bench.honest.asset(), 1_000);
            bench.settle();
        }),
        row("lowered", |bench| {
            *bench.issuing_input().issuance_value_amount.as_mut().unwrap() -= 1_000;
            *bench.amount(Role::Reissued) -= 1_000;
        }),
        row("none at all", |bench| {
            bench.issuing_input().issuance_value_amount = None;
        }),
        row("no issuance at all", |bench| {
            withdrawn(bench);
            bench.remove(Role::Reissued);
            bench.settle();
        }),
    ]
}

fn raise(bench: &mut Bench) {
    *bench.issuing_input().issuance_value_amount.as_mut().unwrap() += 1_000;
}

/// Takes the issuance fields out and returns the input as it was.
fn withdrawn(bench: &mut Bench) -> Input {
    let input = bench.issuing_input();
    let before = input.clone();
    input.issuance_value_amount = None;
    input.issuance_blinding_nonce = None;
    input.issuance_asset_entropy = None;
    input.blinded_issuance = None;
    before
}

/// Puts issuance fields on another input.
fn put(input: &mut Input, issuance: &Input) {
    input.issuance_value_amount = issuance.issuance_value_amount;
    input.issuance_blinding_nonce = issuance.issuance_blinding_nonce;
    input.issuance_asset_entropy = issuance.issuance_asset_entropy;
    input.blinded_issuance = issuance.blinded_issuance;
}

fn another_asset() -> Vec<Row> {
    vec![
        typed(REISSUE, "our other asset by its own token", Among(Code::IssuanceAsset), |bench| {
            let coin = bench.honest.unspent(bench.honest.other_token());
            let issuance = withdrawn(bench);
            let (index, _) = bench.input_of(bench.honest.token());
            let mut input = bench.spending(&coin);
            put(&mut input, &issuance);
            input.issuance_asset_entropy = Some(bench.honest.other_entropy());
            input.issuance_blinding_nonce =
                Some(AssetBlindingNonce::from_blinding_factor(coin.secrets.asset_bf));
            *bench.input(index) = input;
            bench.output(Role::Reissued).asset = Some(bench.honest.other_asset());
            bench.output(Role::Token).asset = Some(coin.asset());
            *bench.amount(Role::Token) = coin.secrets.value;
        }),
        typed(REISSUE, "our other asset's entropy", Among(Code::IssuanceAsset), |bench| {
            bench.issuing_input().issuance_asset_entropy = Some(bench.honest.other_entropy());
        }),
        typed(REISSUE, "no entropy", Among(Code::IssuanceAsset), |bench| {
            bench.issuing_input().issuance_asset_entropy = None;
        }),
        typed(REISSUE, "a zero nonce, which issues a new asset", Among(Code::IssuanceKind), |bench| {
            bench.issuing_input().issuance_blinding_nonce = Some(AssetBlindingNonce::default());
        }),
        typed(REISSUE, "no nonce", Among(Code::IssuanceKind), |bench| {
            bench.issuing_input().issuance_blinding_nonce = None;
        }),
        typed(REISSUE, "reissuance tokens", Only(Code::IssuanceInflationKeys), |bench| {
            bench.issuing_input().issuance_inflation_keys = Some(1);
        }),
        typed(REISSUE, "no reissuance tokens, but the field", Only(Code::IssuanceInflationKeys), |bench| {
            bench.issuing_input().issuance_inflation_keys = Some(0);
        }),
        typed(REISSUE, "reissuance tokens in a commitment", Only(Code::IssuanceInflationKeys), |bench| {
            bench.issuing_input().issuance_inflation_keys_comm = Some(coin::some_commitment(bench));
        }),
        raw(REISSUE, "a range proof of reissuance tokens", Only(Code::IssuanceInflationKeys), |pairs| {
            set(issuing(pairs), &pset_key(0x03), [0; 8]);
        }),
        raw(REISSUE, "a value proof of reissuance tokens", Only(Code::IssuanceInflationKeys), |pairs| {
            set(issuing(pairs), &pset_key(0x10), [0; 8]);
        }),
    ]
}

fn another_kind() -> Vec<Row> {
    vec![
        typed(
            REISSUE,
            "to be blinded, of an asset issued in the open",
            Only(Code::IssuanceBlinded),
            |bench| {
                bench.issuing_input().blinded_issuance = None;
                bench.settle();
            },
        ),
        typed(
            REISSUE_BLINDED,
            "in the open, of an asset issued blinded",
            Only(Code::IssuanceBlinded),
            |bench| {
                bench.issuing_input().blinded_issuance = Some(0);
                bench.settle();
            },
        ),
        typed(REISSUE, "a flag that means nothing", Only(Code::IssuanceBlinded), |bench| {
            bench.issuing_input().blinded_issuance = Some(1);
        }),
        typed(REISSUE_BLINDED, "a flag that says what absence says", Only(Code::IssuanceBlinded), |bench| {
            bench.issuing_input().blinded_issuance = Some(1);
            bench.settle();
        }),
        typed(REISSUE, "a commitment beside the amount", Only(Code::IssuanceBlinded), |bench| {
            bench.issuing_input().issuance_value_comm = Some(coin::some_commitment(bench));
        }),
        typed(REISSUE_BLINDED, "a commitment beside the amount", Only(Code::IssuanceBlinded), |bench| {
            bench.issuing_input().issuance_value_comm = Some(coin::some_commitment(bench));
        }),
        typed(REISSUE_BLINDED, "a commitment in place of the amount", Among(Code::IssuanceAmount), |bench| {
            let commitment = coin::some_commitment(bench);
            let input = bench.issuing_input();
            input.issuance_value_amount = None;
            input.issuance_value_comm = Some(commitment);
        }),
        raw(REISSUE_BLINDED, "a range proof of the amount", Only(Code::IssuanceBlinded), |pairs| {
            set(issuing(pairs), &pset_key(0x02), [0; 8]);
        }),
        raw(REISSUE_BLINDED, "a value proof of the amount", Only(Code::IssuanceBlinded), |pairs| {
            set(issuing(pairs), &pset_key(0x0f), [0; 8]);
        }),
        raw(REISSUE, "an amount of seven bytes", Among(Code::IssuanceBlinded), |pairs| {
            set(issuing(pairs), &pset_key(0x00), [1; 7]);
        }),
        raw(REISSUE, "a flag of two bytes", Among(Code::IssuanceBlinded), |pairs| {
            set(issuing(pairs), &pset_key(0x15), [0; 2]);
        }),
    ]
}

fn another_place() -> Vec<Row> {
    vec![
        typed(REISSUE, "on the L-BTC input", Only(Code::IssuanceInput), |bench| {
            let (index, _) = bench.input_of(bench.honest.policy_asset());
            let issuance = withdrawn(bench);
            put(bench.input(index), &issuance);
        }),
        typed(REISSUE_SPLIT, "on the second token input", Only(Code::IssuanceInput), |bench| {
            let second = bench.second_token();
            let issuance = withdrawn(bench);
            put(bench.input(second), &issuance);
        }),
        typed(REISSUE, "with no token among the inputs", Among(Code::IssuanceInput), |bench| {
            let (index, _) = bench.input_of(bench.honest.token());
            let (policy_index, _) = bench.input_of(bench.honest.policy_asset());
            let issuance = withdrawn(bench);
            put(bench.input(policy_index), &issuance);
            bench.pset.remove_input(index);
            bench.remove(Role::Token);
            bench.settle();
        }),
        typed(REISSUE, "on a token that is said to be explicit", Among(Code::IssuanceInput), |bench| {
            let (index, token) = bench.input_of(bench.honest.token());
            bench.pretend_explicit(index, token.asset(), token.secrets.value);
        }),
        typed(REISSUE, "a nonce of one's own", Only(Code::IssuanceNonce), |bench| {
            let nonce = coldamp_core::elements::encode::deserialize(&[5; 32]).unwrap();
            bench.issuing_input().issuance_blinding_nonce = Some(nonce);
        }),
        typed(REISSUE_SPLIT, "the second token's nonce", Only(Code::IssuanceNonce), |bench| {
            let second = bench.coin_of(bench.second_token());
            let nonce = AssetBlindingNonce::from_blinding_factor(second.secrets.asset_bf);
            bench.issuing_input().issuance_blinding_nonce = Some(nonce);
        }),
        typed(REISSUE, "the L-BTC coin's nonce", Only(Code::IssuanceNonce), |bench| {
            let (_, coin) = bench.input_of(bench.honest.policy_asset());
            let nonce = AssetBlindingNonce::from_blinding_factor(coin.secrets.asset_bf);
            bench.issuing_input().issuance_blinding_nonce = Some(nonce);
        }),
    ]
}

/// The map of the input that issues, or of one that does not.
fn issuing(pairs: &mut Pairs) -> &mut Vec<Pair> {
    pairs.inputs.iter_mut().find(|map| issues(map)).unwrap()
}

fn not_issuing(pairs: &mut Pairs) -> &mut Vec<Pair> {
    pairs.inputs.iter_mut().find(|map| !issues(map)).unwrap()
}

fn issues(map: &[Pair]) -> bool {
    map.iter().any(|(key, _)| *key == pset_key(0x0d))
}

fn smuggled() -> Vec<Row> {
    let mut rows = vec![
        typed(
            REISSUE,
            "a new asset on the L-BTC input, to the attacker",
            Among(Code::IssuanceUnexpected),
            |bench| {
                let (index, _) = bench.input_of(bench.honest.policy_asset());
                let entropy = bench.honest.other_entropy();
                let input = bench.input(index);
                input.issuance_value_amount = Some(1_000);
                input.issuance_blinding_nonce = Some(AssetBlindingNonce::default());
                input.issuance_asset_entropy = Some(entropy);
                input.blinded_issuance = Some(0);
                bench.pay_attacker(bench.honest.other_asset(), 1_000);
                bench.settle();
            },
        ),
        typed(
            REISSUE_SPLIT,
            "the asset once more on the second token",
            Among(Code::IssuanceUnexpected),
            |bench| {
                let second = bench.second_token();
                let issuance = bench.issuing_input().clone();
                put(bench.input(second), &issuance);
                let amount = issuance.issuance_value_amount.unwrap();
                bench.pay_attacker(bench.honest.asset(), amount);
                bench.settle();
            },
        ),
        typed(REISSUE, "our other asset by its own token", Among(Code::IssuanceUnexpected), |bench| {
            let coin = bench.honest.unspent(bench.honest.other_token());
            let mut input = bench.spending(&coin);
            let issuance = bench.issuing_input().clone();
            put(&mut input, &issuance);
            input.issuance_asset_entropy = Some(bench.honest.other_entropy());
            input.issuance_blinding_nonce =
                Some(AssetBlindingNonce::from_blinding_factor(coin.secrets.asset_bf));
            bench.pset.add_input(input);
            bench.pay_attacker(bench.honest.other_asset(), issuance.issuance_value_amount.unwrap());
            bench.pay_own(Branch::External, 30, coin.asset(), coin.secrets.value);
            bench.settle();
        }),
        typed(DISTRIBUTE, "a whole reissue of the asset", Among(Code::IssuanceUnexpected), |bench| {
            let reissue = Bench::new(REISSUE).issuing_input().clone();
            bench.pset.add_input(reissue.clone());
            bench.pay_attacker(bench.honest.asset(), reissue.issuance_value_amount.unwrap());
            bench.settle();
        }),
        raw(
            REISSUE,
            "an entropy without more on the L-BTC input",
            Among(Code::IssuanceUnexpected),
            |pairs| {
                set(not_issuing(pairs), &pset_key(0x0d), [1; 32]);
            },
        ),
    ];
    let fields: [(u8, &str, &[u8]); 11] = [
        (0x00, "amount", &[1; 8]),
        (0x01, "amount commitment", &[8; 33]),
        (0x02, "amount proof", &[1; 8]),
        (0x03, "inflation keys proof", &[1; 8]),
        (0x0a, "inflation keys", &[1; 8]),
        (0x0b, "inflation keys commitment", &[8; 33]),
        (0x0c, "nonce", &[1; 32]),
        (0x0d, "entropy", &[1; 32]),
        (0x0f, "value proof", &[1; 8]),
        (0x10, "inflation keys value proof", &[1; 8]),
        (0x15, "blinded flag", &[0]),
    ];
    for job in [DISTRIBUTE, BURN] {
        for (subtype, name, value) in fields {
            for input in [0, 1] {
                let attack = format!("the field {name} on input {input}");
                rows.push(raw(job, attack, Among(Code::IssuanceUnexpected), move |pairs| {
                    set(&mut pairs.inputs[input], &pset_key(subtype), value);
                }));
            }
        }
    }
    rows.push(raw(
        REISSUE,
        "a commitment and nothing else of the amount",
        Among(Code::IssuanceAmount),
        |pairs| {
            unset(issuing(pairs), &pset_key(0x00));
            set(issuing(pairs), &pset_key(0x01), [8; 33]);
        },
    ));
    rows
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    only_the_asked_for_units_are_made,
    the_issuance_has_the_kind_input_and_nonce_of_its_token,
    no_second_issuance_and_none_where_nothing_is_reissued,
];
