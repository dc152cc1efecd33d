//! The reissuance token: all of it must return to the treasury, blinded, and it must not be spent when nothing is reissued
//! (docs/rules.md#token-return, docs/rules.md#token-inputs).

use coldamp_core::code::Code;
use coldamp_core::elements::Script;
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::opcodes::all::OP_RETURN;
use coldamp_core::elements::script::Builder;
use coldamp_core::sign::review::{JournalState, ReviewOptions, Role};
use coldamp_core::treasury::Branch;

use super::bench::{Bench, attacker_key, attacker_script};
use super::job::{BURN, DISTRIBUTE, EACH, Honest, REISSUE, REISSUE_SPLIT};
use super::row::Expected::{Among, Only};
use super::row::{Row, refused, typed};

#[test]
fn the_token_comes_back_whole() {
    let mut rows = lost();
    rows.extend(split());
    refused(rows);
}

#[test]
fn the_token_is_spent_as_amp_lists_it_and_never_otherwise() {
    let mut rows = untouched();
    rows.extend(listed());
    refused(rows);
}

#[test]
fn where_listed_tokens_may_be_missing_nothing_else_may() {
    let rows = lost().into_iter().chain(split()).chain(untouched()).chain(missing());
    refused(rows.map(Row::with_missing_tokens_allowed).collect());
}

#[test]
fn a_token_that_may_be_missing_is_named_and_the_transaction_is_the_same() {
    let options = ReviewOptions { allow_missing_tokens: true, ..ReviewOptions::default() };
    let none = JournalState::default();
    let code = Code::TokensLeftOut;
    let mut bench = Bench::new(REISSUE_SPLIT);
    let left_out = leave_second_token(&mut bench);
    let review = bench.honest.job().review_with(&serialize(&bench.pset), &none, options);
    assert_eq!(review.mismatches, []);
    let said: Vec<_> = review.warnings.iter().filter(|warning| warning.code == code).collect();
    let [said] = said.as_slice() else { panic!("{said:?}") };
    let words = format!("1 of the 2 token outputs that AMP lists are not spent, as you allowed: {left_out};");
    assert!(said.message.contains(&words), "{}", said.message);
    assert!(review.approval_code().is_some());
    // What leaves nothing out is not another transaction because it might have.
    for job in EACH.into_iter().chain([REISSUE_SPLIT]) {
        let honest = Honest::of(job);
        let allowed = honest.job().review_with(honest.text.as_bytes(), &none, options);
        let plain = honest.review(honest.text.as_bytes());
        assert_eq!(allowed.warnings, plain.warnings, "{job:?}");
        assert_eq!(allowed.approval_code().unwrap(), plain.approval_code().unwrap(), "{job:?}");
    }
}

/// Takes the second token out, balanced; where it lies.
fn leave_second_token(bench: &mut Bench) -> String {
    let second = bench.second_token();
    let coin = bench.coin_of(second);
    bench.pset.remove_input(second);
    *bench.amount(Role::Token) -= coin.secrets.value;
    bench.settle();
    format!("{}:{}", coin.outpoint.txid, coin.outpoint.vout)
}

/// What is not AMP's split token although a listed token is missing.
fn missing() -> Vec<Row> {
    let nobodys = r#"{"txid":"7777777777777777777777777777777777777777777777777777777777777777","vout":0}"#;
    let list = move |tokens: &str| format!(r#""reissuance_utxos":[{tokens}],"forgotten""#);
    vec![
        typed(REISSUE, "no listed token is spent", Among(Code::RequiredUtxo), move |bench| {
            bench.request(r#""reissuance_utxos""#, &list(nobodys));
        }),
        typed(REISSUE_SPLIT, "neither listed token is spent", Among(Code::UnlistedInput), move |bench| {
            bench.request(r#""reissuance_utxos""#, &list(nobodys));
        }),
        typed(REISSUE_SPLIT, "one that is not listed instead", Only(Code::UnlistedInput), move |bench| {
            let listed = bench.issuing_input().previous_outpoint();
            let listed = format!(r#"{{"txid":"{}","vout":{}}},{nobodys}"#, listed.txid, listed.vout);
            bench.request(r#""reissuance_utxos""#, &list(&listed));
        }),
        typed(REISSUE_SPLIT, "left out, and the issuance with it", Among(Code::IssuanceAmount), |bench| {
            leave_second_token(bench);
            let input = bench.issuing_input();
            input.issuance_value_amount = None;
            input.issuance_asset_entropy = None;
            input.issuance_blinding_nonce = None;
        }),
        typed(REISSUE_SPLIT, "left out, and back all the same", Among(Code::TokenNotConserved), |bench| {
            let held = *bench.amount(Role::Token);
            leave_second_token(bench);
            *bench.amount(Role::Token) = held;
        }),
        typed(REISSUE_SPLIT, "left out, the other to the attacker", Among(Code::TokenEscapes), |bench| {
            leave_second_token(bench);
            bench.output(Role::Token).script_pubkey = attacker_script();
        }),
    ]
}

fn lost() -> Vec<Row> {
    vec![
        typed(REISSUE, "to the attacker", Among(Code::TokenEscapes), |bench| {
            let output = bench.output(Role::Token);
            output.script_pubkey = attacker_script();
            output.blinding_key = Some(attacker_key());
            output.bip32_derivation.clear();
        }),
        typed(REISSUE, "to the attacker, said to be ours", Among(Code::TokenEscapes), |bench| {
            bench.output(Role::Token).script_pubkey = attacker_script();
        }),
        typed(REISSUE, "some of it to the attacker", Among(Code::TokenEscapes), |bench| {
            *bench.amount(Role::Token) -= 1;
            bench.pay_attacker(bench.honest.token(), 1);
            bench.settle();
        }),
        typed(REISSUE, "some of it burnt", Among(Code::TokenEscapes), |bench| {
            *bench.amount(Role::Token) -= 1;
            let burn = Builder::new().push_opcode(OP_RETURN).into_script();
            bench.pay(burn, bench.honest.token(), 1, None);
            bench.settle();
        }),
        typed(REISSUE, "some of it burnt", Among(Code::TokenNotConserved), |bench| {
            *bench.amount(Role::Token) -= 1;
            let burn = Builder::new().push_opcode(OP_RETURN).into_script();
            bench.pay(burn, bench.honest.token(), 1, None);
            bench.settle();
        }),
        typed(REISSUE, "some of it as fee", Among(Code::TokenNotConserved), |bench| {
            *bench.amount(Role::Token) -= 1;
            bench.pay(Script::new(), bench.honest.token(), 1, None);
            bench.settle();
        }),
        typed(REISSUE, "some of it forgotten", Among(Code::TokenNotConserved), |bench| {
            *bench.amount(Role::Token) -= 1;
        }),
        typed(REISSUE, "more than there was", Among(Code::TokenNotConserved), |bench| {
            *bench.amount(Role::Token) += 1;
        }),
        typed(REISSUE, "all of it forgotten", Among(Code::TokenNotConserved), |bench| {
            bench.remove(Role::Token);
            bench.settle();
        }),
        typed(REISSUE, "in the open", Only(Code::TokenUnblinded), |bench| {
            let output = bench.output(Role::Token);
            (output.blinding_key, output.blinder_index) = (None, None);
        }),
        typed(REISSUE_SPLIT, "merged and in the open", Only(Code::TokenUnblinded), |bench| {
            let output = bench.output(Role::Token);
            (output.blinding_key, output.blinder_index) = (None, None);
        }),
    ]
}

fn split() -> Vec<Row> {
    [REISSUE, REISSUE_SPLIT]
        .into_iter()
        .map(|job| {
            typed(job, "in two outputs of ours", Among(Code::TokenNotConserved), |bench| {
                *bench.amount(Role::Token) -= 1;
                bench.pay_own(Branch::External, 30, bench.honest.token(), 1);
                bench.settle();
            })
        })
        .collect()
}

fn untouched() -> Vec<Row> {
    let mut rows = Vec::new();
    for job in [DISTRIBUTE, BURN] {
        for (attack, branch) in [("and back", Branch::External), ("and back as change", Branch::Internal)] {
            rows.push(typed(
                job,
                format!("the token out {attack}"),
                Among(Code::TokenUnexpected),
                move |bench| {
                    out_and_back(bench, bench.honest.token(), branch);
                },
            ));
            rows.push(typed(
                job,
                format!("the other token out {attack}"),
                Among(Code::TokenUnexpected),
                move |bench| {
                    out_and_back(bench, bench.honest.other_token(), branch);
                },
            ));
            rows.push(typed(
                job,
                format!("the other asset out {attack}"),
                Among(Code::TokenUnexpected),
                move |bench| {
                    out_and_back(bench, bench.honest.other_asset(), branch);
                },
            ));
        }
        rows.push(typed(job, "the token in and nothing of it out", Among(Code::TokenUnexpected), |bench| {
            let coin = bench.honest.unspent(bench.honest.token());
            bench.spend(&coin);
        }));
    }
    rows
}

fn out_and_back(bench: &mut Bench, asset: coldamp_core::elements::AssetId, branch: Branch) {
    let coin = bench.honest.unspent(asset);
    bench.spend(&coin);
    bench.pay_own(branch, 30, coin.asset(), coin.secrets.value);
    bench.settle();
}

fn listed() -> Vec<Row> {
    vec![
        typed(REISSUE_SPLIT, "a listed token stays behind", Only(Code::RequiredUtxo), |bench| {
            leave_second_token(bench);
        }),
        typed(REISSUE, "a listed output that is not there", Only(Code::RequiredUtxo), |bench| {
            bench.request("\"reissuance_utxos\": [", r#""reissuance_utxos": [{"txid":"7777777777777777777777777777777777777777777777777777777777777777","vout":0},"#);
        }),
        typed(REISSUE_SPLIT, "a token that is not listed", Only(Code::UnlistedInput), |bench| {
            let listed = bench.issuing_input().previous_outpoint();
            let list = format!(
                r#""reissuance_utxos":[{{"txid":"{}","vout":{}}}],"forgotten""#,
                listed.txid, listed.vout
            );
            bench.request(r#""reissuance_utxos""#, &list);
        }),
        typed(REISSUE, "some of the asset goes along", Among(Code::UnlistedInput), |bench| {
            out_and_back(bench, bench.honest.asset(), Branch::Internal);
        }),
        typed(REISSUE, "our other asset goes along", Among(Code::UnlistedInput), |bench| {
            out_and_back(bench, bench.honest.other_asset(), Branch::Internal);
        }),
        typed(REISSUE, "the other token goes along, listed", Among(Code::UnlistedInput), |bench| {
            let coin = bench.honest.unspent(bench.honest.other_token()).outpoint;
            let more = format!(r#""reissuance_utxos": [{{"txid":"{}","vout":{}}},"#, coin.txid, coin.vout);
            bench.request("\"reissuance_utxos\": [", &more);
            out_and_back(bench, bench.honest.other_token(), Branch::External);
        }),
    ]
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    the_token_comes_back_whole,
    the_token_is_spent_as_amp_lists_it_and_never_otherwise,
    where_listed_tokens_may_be_missing_nothing_else_may,
];
