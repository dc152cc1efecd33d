//! Inputs that are not the treasury's, not by the key that they name, that occur twice, are pegged in, or that AMP did not
//! list (docs/rules.md#own-inputs, docs/rules.md#burn).

use coldamp_core::code::Code;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::pset::Input;
use coldamp_core::elements::{OutPoint, TxOut};
use coldamp_core::limits::SEQUENCE;
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Branch;

use super::bench::{Bench, attacker_key, attacker_script, unknown_txid};
use super::job::{BURN, DISTRIBUTE, EACH, JobName};
use super::pairs::{get, pset_key, set};
use super::row::Expected::{Among, Only};
use super::row::{Row, raw, refused, typed};

#[test]
fn only_our_own_coins_are_spent_each_once() {
    let mut rows: Vec<Row> = EACH.into_iter().flat_map(foreign).collect();
    rows.extend(EACH.into_iter().map(|job| {
        typed(job, "a coin twice, its worth to ourselves", Among(Code::InputDuplicate), |bench| {
            let (index, coin) = bench.input_of(bench.honest.policy_asset());
            let again = bench.input(index).clone();
            bench.pset.add_input(again);
            *bench.amount(Role::PolicyChange) += coin.secrets.value;
        })
    }));
    rows.push(typed(DISTRIBUTE, "a coin twice under two sequences", Among(Code::InputDuplicate), |bench| {
        let mut again = bench.input(0).clone();
        again.sequence = None;
        bench.pset.add_input(again);
        bench.settle();
    }));
    refused(rows);
}

#[test]
fn an_input_names_our_key_at_its_path_and_no_other() {
    refused(misnamed());
}

#[test]
fn nothing_is_pegged_in() {
    let mut rows = Vec::new();
    for job in EACH {
        for subtype in 0x04..=0x09 {
            rows.push(raw(
                job,
                format!("the peg-in field {subtype:#04x}"),
                Only(Code::PegIn),
                move |pairs| {
                    set(&mut pairs.inputs[0], &pset_key(subtype), [1; 8]);
                },
            ));
        }
        rows.push(raw(job, "the peg-in flag in the output index", Only(Code::PegIn), |pairs| {
            get(&mut pairs.inputs[0], &[0x0f])[3] |= 0x40;
        }));
        rows.push(raw(job, "the issuance flag in the output index", Only(Code::UnknownField), |pairs| {
            get(&mut pairs.inputs[0], &[0x0f])[3] |= 0x80;
        }));
        rows.push(raw(job, "both flags in the output index", Among(Code::PegIn), |pairs| {
            get(&mut pairs.inputs[0], &[0x0f])[3] |= 0xc0;
        }));
    }
    refused(rows);
}

#[test]
fn a_burn_takes_what_is_listed() {
    refused(vec![
        typed(BURN, "from a coin that is not listed", Only(Code::UnlistedInput), |bench| {
            let (_, coin) = bench.input_of(bench.honest.asset());
            bench.request(&format!("\"vout\": {}", coin.outpoint.vout), "\"vout\": 9");
        }),
        typed(BURN, "from one more coin, not listed", Only(Code::UnlistedInput), |bench| {
            let coin = bench.honest.unspent(bench.honest.asset());
            bench.request(&format!("\"vout\": {}", coin.outpoint.vout), "\"vout\": 9");
            bench.spend(&coin);
            bench.settle();
        }),
    ]);
}

fn foreign(job: JobName) -> Vec<Row> {
    vec![
        typed(job, "the attacker's L-BTC joins in", Among(Code::InputForeign), |bench| {
            let input = foreign_coin(bench);
            bench.pset.add_input(input);
            *bench.amount(Role::PolicyChange) += 5_000;
        }),
        typed(job, "the attacker's L-BTC joins in and goes home", Among(Code::InputForeign), |bench| {
            let input = foreign_coin(bench);
            bench.pset.add_input(input);
            bench.pay_attacker(bench.honest.policy_asset(), 5_000);
        }),
        typed(job, "the attacker's coin at our path", Among(Code::InputKey), |bench| {
            let claims = bench.input(0).bip32_derivation.clone();
            let mut input = foreign_coin(bench);
            input.bip32_derivation = claims;
            bench.pset.add_input(input);
            *bench.amount(Role::PolicyChange) += 5_000;
        }),
        typed(job, "our coin said to pay the attacker's script", Among(Code::InputForeign), |bench| {
            bench.input(0).witness_utxo.as_mut().unwrap().script_pubkey = attacker_script();
        }),
    ]
}

fn foreign_coin(bench: &Bench) -> Input {
    let mut input = Input::from_prevout(OutPoint::new(unknown_txid(), 0));
    input.sequence = Some(SEQUENCE);
    input.witness_utxo = Some(TxOut {
        asset: Asset::Explicit(bench.honest.policy_asset()),
        value: Value::Explicit(5_000),
        nonce: Nonce::Null,
        script_pubkey: attacker_script(),
        ..TxOut::default()
    });
    input
}

fn misnamed() -> Vec<Row> {
    let row = |attack, how: fn(&mut Bench)| typed(DISTRIBUTE, attack, Only(Code::InputKey), how);
    vec![
        row("the attacker's key at our path", |bench| {
            let claims = &mut bench.input(0).bip32_derivation;
            let (_, source) = claims.pop_first().unwrap();
            claims.insert(attacker_key(), source);
        }),
        row("our key at another path", |bench| {
            let source = bench.honest.own(Branch::Internal, 9).keys()[0].source.clone();
            *bench.input(0).bip32_derivation.values_mut().next().unwrap() = source;
        }),
        row("our key under another fingerprint", |bench| {
            bench.input(0).bip32_derivation.values_mut().next().unwrap().0 = Fingerprint::from([1; 4]);
        }),
        row("our key at a path of another account", |bench| {
            let path = "84h/1h/7h/1/3".parse().unwrap();
            bench.input(0).bip32_derivation.values_mut().next().unwrap().1 = path;
        }),
        row("our key and the attacker's", |bench| {
            let claims = &mut bench.input(0).bip32_derivation;
            let source = claims.values().next().unwrap().clone();
            claims.insert(attacker_key(), source);
        }),
        row("no key at all", |bench| bench.input(0).bip32_derivation.clear()),
        row("two inputs' keys exchanged", |bench| {
            let (first, second) =
                (bench.input(0).bip32_derivation.clone(), bench.input(1).bip32_derivation.clone());
            bench.input(0).bip32_derivation = second;
            bench.input(1).bip32_derivation = first;
        }),
        raw(DISTRIBUTE, "a path of half a step", Among(Code::InputKey), |pairs| {
            let claim = pairs.inputs[0].iter_mut().find(|(key, _)| key[0] == 0x06).unwrap();
            claim.1.pop();
        }),
        raw(DISTRIBUTE, "an uncompressed key", Among(Code::InputKey), |pairs| {
            let claim = pairs.inputs[0].iter_mut().find(|(key, _)| key[0] == 0x06).unwrap();
            claim.0 = [&[0x06], attacker_key().inner.serialize_uncompressed().as_slice()].concat();
        }),
        raw(DISTRIBUTE, "a path of half a step for our change", Among(Code::ChangePath), |pairs| {
            let mut pairs = pairs.outputs.iter_mut().flatten();
            pairs.find(|(key, _)| key[0] == 0x02).unwrap().1.pop();
        }),
    ]
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    only_our_own_coins_are_spent_each_once,
    an_input_names_our_key_at_its_path_and_no_other,
    nothing_is_pegged_in,
    a_burn_takes_what_is_listed,
];
