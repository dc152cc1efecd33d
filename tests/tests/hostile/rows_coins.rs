//! Lies about the coins that are spent: their commitments, proofs, claims and previous transactions
//! (docs/rules.md#openings, docs/rules.md#claims-about-a-coin).

use coldamp_core::code::Code;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Nonce, Value, ValueBlindingFactor};
use coldamp_core::elements::pset::raw::ProprietaryKey;
use coldamp_core::elements::{RangeProof, TxOut};
use coldamp_core::pset::opening_key;
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Opening;
use coldamp_core::units::AssetAmount;

use super::bench::{Bench, attacker_key};
use super::coin::{self, Lie};
use super::job::{DISTRIBUTE, EACH, JobName};
use super::pairs::{get, proprietary, pset_key, set};
use super::row::Expected::{Among, Only};
use super::row::{Row, raw, refused, typed};

#[test]
fn a_coin_is_what_its_commitments_and_its_proof_say_together() {
    let mut rows: Vec<Row> = EACH.into_iter().flat_map(commitments).collect();
    rows.extend(lying_proofs());
    refused(rows);
}

#[test]
fn a_coin_that_cannot_be_opened_is_not_spent() {
    refused(EACH.into_iter().flat_map(unopened).collect());
}

#[test]
fn claims_about_a_coin_are_true() {
    refused(EACH.into_iter().flat_map(claims).collect());
}

#[test]
fn an_opening_is_the_coins_own() {
    refused(EACH.into_iter().flat_map(openings).collect());
}

#[test]
fn a_previous_transaction_is_the_coins_own() {
    refused(EACH.into_iter().flat_map(previous).collect());
}

fn spent(bench: &mut Bench) -> &mut TxOut {
    bench.input(0).witness_utxo.as_mut().unwrap()
}

fn commitments(job: JobName) -> Vec<Row> {
    let row = |attack, how: fn(&mut Bench)| typed(job, attack, Among(Code::UtxoCommitment), how);
    vec![
        row("another coin's value commitment", |bench| {
            let other = bench.pset.inputs()[1].witness_utxo.clone().unwrap();
            spent(bench).value = other.value;
        }),
        row("an open value beside a committed asset", |bench| {
            spent(bench).value = Value::Explicit(1_000_000)
        }),
        row("no value", |bench| spent(bench).value = Value::Null),
        row("another coin's asset commitment", |bench| {
            let other = bench.pset.inputs()[1].witness_utxo.clone().unwrap();
            spent(bench).asset = other.asset;
        }),
        row("an open asset beside a committed value", |bench| {
            spent(bench).asset = Asset::Explicit(bench.honest.policy_asset());
        }),
        row("no asset", |bench| spent(bench).asset = Asset::Null),
        raw(job, "a value commitment that is no point", Among(Code::UtxoCommitment), |pairs| {
            get(&mut pairs.inputs[0], &[0x01])[34..66].fill(0xff);
        }),
        raw(job, "bytes behind the coin", Among(Code::UtxoCommitment), |pairs| {
            get(&mut pairs.inputs[0], &[0x01]).push(0);
        }),
    ]
}

/// Coins that the attacker paid us, with range proofs that open and lie.
fn lying_proofs() -> Vec<Row> {
    let row = |attack, lie: fn(&Bench) -> Lie| {
        typed(DISTRIBUTE, attack, Only(Code::UtxoCommitment), move |bench| {
            let (index, coin) = bench.input_of(bench.honest.policy_asset());
            let lie = lie(bench);
            let (txout, proof) = coin::forged(bench, &coin.txout.script_pubkey, &lie);
            let input = bench.input(index);
            (input.witness_utxo, input.in_utxo_rangeproof) = (Some(txout), Some(proof));
            *bench.amount(Role::PolicyChange) = lie.amount - 900;
            *bench.amount(Role::Fee) = 900;
        })
    };
    vec![
        row("the proof says L-BTC of a coin of something else", |bench| Lie {
            asset: bench.honest.other_asset(),
            amount: 1_000_000,
            said_asset: bench.honest.policy_asset(),
            said_asset_bf: coin::ASSET_BF,
        }),
        row("the proof says another asset blinding factor", |bench| Lie {
            asset: bench.honest.policy_asset(),
            amount: 1_000_000,
            said_asset: bench.honest.policy_asset(),
            said_asset_bf: [0x12; 32],
        }),
        row("the proof says a blinding factor that is no scalar", |bench| Lie {
            asset: bench.honest.policy_asset(),
            amount: 1_000_000,
            said_asset: bench.honest.policy_asset(),
            said_asset_bf: [0xff; 32],
        }),
    ]
}

fn unopened(job: JobName) -> Vec<Row> {
    let row = |attack, how: fn(&mut Bench)| typed(job, attack, Among(Code::UtxoUnblindable), how);
    vec![
        row("no coin at all", |bench| bench.input(0).witness_utxo = None),
        row("no range proof", |bench| bench.input(0).in_utxo_rangeproof = None),
        row("another coin's range proof", |bench| {
            let other = bench.pset.inputs()[1].in_utxo_rangeproof.clone();
            bench.input(0).in_utxo_rangeproof = other;
        }),
        row("a byte of the range proof changed", |bench| {
            let mut bytes = bench.input(0).in_utxo_rangeproof.as_ref().unwrap().to_vec();
            bytes[2_000] ^= 1;
            bench.input(0).in_utxo_rangeproof = Some(RangeProof::from_slice(&bytes).unwrap());
        }),
        row("no nonce", |bench| spent(bench).nonce = Nonce::Null),
        row("the attacker's nonce", |bench| spent(bench).nonce = Nonce::Confidential(attacker_key().inner)),
        raw(job, "a range proof of garbage", Among(Code::UtxoUnblindable), |pairs| {
            set(&mut pairs.inputs[0], &pset_key(0x0e), [0xff; 100]);
        }),
        raw(job, "an empty range proof", Among(Code::UtxoUnblindable), |pairs| {
            set(&mut pairs.inputs[0], &pset_key(0x0e), []);
        }),
        raw(job, "a range proof cut short", Among(Code::UtxoUnblindable), |pairs| {
            get(&mut pairs.inputs[0], &pset_key(0x0e)).truncate(1_000);
        }),
    ]
}

fn claims(job: JobName) -> Vec<Row> {
    let claim = |attack: &str, how: fn(&mut Bench)| typed(job, attack, Only(Code::UtxoClaim), how);
    let mut rows = vec![
        claim("an amount that is one too high", |bench| {
            let (index, coin) = bench.input_of(bench.honest.policy_asset());
            bench.input(index).amount = Some(coin.secrets.value + 1);
        }),
        claim("another asset", |bench| {
            let (index, _) = bench.input_of(bench.honest.policy_asset());
            bench.input(index).asset = Some(bench.honest.other_asset());
        }),
        claim("an amount that an open coin does not hold", |bench| {
            let (index, coin) = bench.input_of(bench.honest.policy_asset());
            bench.pretend_explicit(index, coin.asset(), coin.secrets.value);
            bench.input(index).amount = Some(coin.secrets.value - 1);
        }),
        claim("a value proof of another amount", |bench| {
            let (index, coin) = bench.input_of(bench.honest.policy_asset());
            let input = bench.input(index);
            input.amount = Some(coin.secrets.value);
            input.blind_value_proof = input.in_utxo_rangeproof.clone();
        }),
        claim("a value proof without an amount", |bench| {
            bench.input(0).blind_value_proof = bench.input(0).in_utxo_rangeproof.clone();
        }),
    ];
    let supplied: [(&str, Vec<u8>, &[u8]); 5] = [
        ("an opening of another length", proprietary(b"coldamp", 1), &[1; 136]),
        ("an unknown field of our own", proprietary(b"coldamp", 0), &[1; 32]),
        ("a value proof of garbage", pset_key(0x12), &[0xff; 9]),
        ("an asset proof of garbage", pset_key(0x14), &[0xff; 9]),
        ("an empty asset proof", pset_key(0x14), &[]),
    ];
    for (attack, key, value) in supplied {
        rows.push(raw(job, attack, Only(Code::UtxoClaim), move |pairs| {
            set(&mut pairs.inputs[0], &key, value);
        }));
    }
    rows.push(raw(job, "an amount of nine bytes", Only(Code::UtxoClaim), |pairs| {
        set(&mut pairs.inputs[0], &pset_key(0x11), [0; 9]);
    }));
    rows.push(raw(job, "an asset of 31 bytes", Only(Code::UtxoClaim), |pairs| {
        set(&mut pairs.inputs[0], &pset_key(0x13), [0; 31]);
    }));
    rows
}

/// What is said of a coin instead of how it opens.
type Tell = fn(&mut Opening, &Bench);

/// How the first coin opens, and one lie about it.
fn lie(bench: &Bench, tell: Tell) -> Vec<u8> {
    let mut opening = Opening::of(&bench.coin_of(0).secrets);
    tell(&mut opening, bench);
    opening.to_bytes()
}

/// Each lie beside a proof that opens, and beside one that does not: what is then left to believe is the lie.
fn openings(job: JobName) -> Vec<Row> {
    let lies: [(&str, Tell); 6] = [
        ("a unit more", |opening, _| {
            let more = opening.value.base_units() + 1;
            opening.value = AssetAmount::from_base_units(more);
        }),
        ("nothing, under no blinding factor", |opening, _| {
            (opening.value, opening.vbf) = (AssetAmount::ZERO, ValueBlindingFactor::zero());
        }),
        ("another asset", |opening, bench| opening.asset = bench.honest.other_token()),
        ("another asset blinding factor", |opening, _| {
            opening.abf = AssetBlindingFactor::from_slice(&[1; 32]).unwrap();
        }),
        ("another value blinding factor", |opening, _| {
            opening.vbf = ValueBlindingFactor::from_slice(&[1; 32]).unwrap();
        }),
        ("another coin's", |opening, bench| *opening = Opening::of(&bench.coin_of(1).secrets)),
    ];
    let mut rows = Vec::new();
    for (what, tell) in lies {
        let attack = format!("an opening of {what}");
        rows.push(typed(job, attack.clone(), Only(Code::UtxoClaim), move |bench| {
            let opening = lie(bench, tell);
            bench.input(0).proprietary.insert(opening_key(), opening);
        }));
        for code in [Code::UtxoClaim, Code::UtxoUnblindable] {
            rows.push(typed(job, format!("{attack}, and no proof"), Among(code), move |bench| {
                let opening = lie(bench, tell);
                bench.input(0).proprietary.insert(opening_key(), opening);
                bench.input(0).in_utxo_rangeproof = None;
            }));
        }
    }
    rows.push(typed(job, "an opening of an open coin", Only(Code::UtxoClaim), |bench| {
        let coin = bench.coin_of(0);
        bench.pretend_explicit(0, coin.asset(), coin.secrets.value);
        bench.input(0).proprietary.insert(opening_key(), Opening::of(&coin.secrets).to_bytes());
    }));
    rows.push(typed(job, "its opening, and another coin's commitments", Among(Code::UtxoClaim), |bench| {
        let opening = Opening::of(&bench.coin_of(0).secrets).to_bytes();
        let other = bench.pset.inputs()[1].witness_utxo.clone().unwrap();
        spent(bench).value = other.value;
        bench.input(0).proprietary.insert(opening_key(), opening);
    }));
    for (attack, edit) in [
        ("an opening of 103 bytes", (|bytes| bytes.truncate(103)) as fn(&mut Vec<u8>)),
        ("an opening of 105 bytes", |bytes| bytes.push(0)),
        ("an opening with a factor that is no scalar", |bytes| bytes[72..].fill(0xff)),
        ("an opening of no bytes", Vec::clear),
    ] {
        rows.push(typed(job, attack, Only(Code::UtxoClaim), move |bench| {
            let mut opening = lie(bench, |_, _| ());
            edit(&mut opening);
            bench.input(0).proprietary.insert(opening_key(), opening);
        }));
    }
    rows.push(typed(job, "an opening under a longer key", Only(Code::UtxoClaim), |bench| {
        let key = ProprietaryKey { key: vec![1], ..opening_key() };
        let opening = lie(bench, |_, _| ());
        bench.input(0).proprietary.insert(key, opening);
    }));
    rows
}

fn previous(job: JobName) -> Vec<Row> {
    let row = |attack, how: fn(&mut Bench)| typed(job, attack, Only(Code::UtxoTxid), how);
    vec![
        row("another coin's transaction", |bench| {
            let other = bench.honest.unspent(bench.honest.other_asset()).outpoint;
            bench.input(0).non_witness_utxo = Some(bench.honest.transaction(other));
        }),
        row("its transaction, an output changed", |bench| {
            let outpoint = bench.input(0).previous_outpoint();
            let mut transaction = bench.honest.transaction(outpoint);
            transaction.output[usize::try_from(outpoint.vout).unwrap()].value = Value::Explicit(1);
            bench.input(0).non_witness_utxo = Some(transaction);
        }),
        row("its transaction without its output", |bench| {
            let outpoint = bench.input(0).previous_outpoint();
            let mut transaction = bench.honest.transaction(outpoint);
            transaction.output.truncate(usize::try_from(outpoint.vout).unwrap());
            bench.input(0).non_witness_utxo = Some(transaction);
        }),
        typed(job, "its transaction, another output's index", Among(Code::UtxoTxid), |bench| {
            let outpoint = bench.input(0).previous_outpoint();
            let transaction = bench.honest.transaction(outpoint);
            bench.input(0).previous_output_index = u32::from(outpoint.vout == 0);
            bench.input(0).non_witness_utxo = Some(transaction);
        }),
        typed(job, "its transaction, an index out of range", Among(Code::UtxoTxid), |bench| {
            let outpoint = bench.input(0).previous_outpoint();
            bench.input(0).non_witness_utxo = Some(bench.honest.transaction(outpoint));
            bench.input(0).previous_output_index = 1_000;
        }),
        raw(job, "a transaction of garbage", Only(Code::UtxoTxid), |pairs| {
            set(&mut pairs.inputs[0], &[0x00], [0xff; 50]);
        }),
    ]
}

/// The tests above that refuse rows, for `codes`.
pub(crate) const LISTS: &[fn()] = &[
    a_coin_is_what_its_commitments_and_its_proof_say_together,
    a_coin_that_cannot_be_opened_is_not_spent,
    claims_about_a_coin_are_true,
    an_opening_is_the_coins_own,
    a_previous_transaction_is_the_coins_own,
];
