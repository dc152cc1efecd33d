//! The other side: honest PSETs, and harmless things in them, pass and name the same transaction.

use coldamp_core::elements::BlockHash;
use coldamp_core::elements::LockTime;
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::pset::PsbtSighashType;
use coldamp_core::pset::genesis_key;
use coldamp_core::sign::review::Role;
use coldamp_core::treasury::Branch;
use coldamp_tests::{RequestKind, Scenario};

use super::bench::Bench;
use super::job::{EACH, Honest, JobName, REISSUE};
use super::rows_fee::floor_and_cap;

/// A name, and what is done that harms nothing.
type Harmless = (&'static str, fn(&mut Bench));

/// Leave the content as it is.
const SAME: [Harmless; 12] = [
    ("true claims of amount and asset", |bench| {
        let (index, coin) = bench.input_of(bench.honest.policy_asset());
        let input = bench.input(index);
        (input.amount, input.asset) = (Some(coin.secrets.value), Some(coin.asset()));
    }),
    ("sighash ALL asked for", |bench| bench.input(0).sighash_type = Some(PsbtSighashType::from_u32(0x01))),
    ("sighash ALL with range proofs asked for", |bench| {
        bench.input(0).sighash_type = Some(PsbtSighashType::from_u32(0x41));
    }),
    ("the previous transaction", |bench| {
        for index in 0..bench.pset.inputs().len() {
            let outpoint = bench.input(index).previous_outpoint();
            bench.input(index).non_witness_utxo = Some(bench.honest.transaction(outpoint));
        }
    }),
    ("no claims on own outputs", |bench| {
        for output in bench.pset.outputs_mut() {
            output.bip32_derivation.clear();
            output.redeem_script = None;
        }
    }),
    ("no redeem scripts on inputs", |bench| {
        for input in bench.pset.inputs_mut() {
            input.redeem_script = None;
        }
    }),
    ("the last input as blinder", |bench| {
        let last = u32::try_from(bench.pset.inputs().len() - 1).unwrap();
        bench.output(Role::PolicyChange).blinder_index = Some(last);
    }),
    ("no locktime, which is zero", |bench| {
        assert_eq!(bench.pset.global.tx_data.fallback_locktime, Some(LockTime::ZERO));
        bench.pset.global.tx_data.fallback_locktime = None;
    }),
    ("the genesis of a private chain", |bench| {
        let genesis = BlockHash::from_byte_array([7; 32]);
        bench.pset.global.proprietary.insert(genesis_key(), serialize(&genesis));
    }),
    ("no entropy", |bench| bench.say_entropy(None)),
    ("the entropy", |bench| bench.say_entropy(Some(bench.honest.entropy()))),
    ("contract and token", |bench| {
        let (asset, blinded) = (bench.honest.asset(), bench.honest.info.issuance.blinded);
        bench.say_contract(asset, bench.honest.contract(), bench.honest.issuance_prevout());
        bench.say_token(bench.honest.token(), asset, blinded);
    }),
];

/// Change the content, within what is allowed.
const ALLOWED: [Harmless; 6] = [
    ("change at the highest index allowed", |bench| {
        let limit = bench.honest.highest_allowed_index();
        bench.move_own(Role::PolicyChange, Branch::Internal, limit);
    }),
    ("another fair fee", |bench| bench.settle()),
    ("one more coin of L-BTC", |bench| {
        let coin = bench.honest.unspent(bench.honest.policy_asset());
        bench.spend(&coin);
        bench.settle();
    }),
    ("outputs in another order", |bench| bench.pset.outputs_mut().swap(0, 1)),
    ("a field of the request that nobody understands", |bench| {
        bench.request("\"command\"", "\"hello\": \"world\", \"command\"");
    }),
    ("a request written otherwise", |bench| bench.request("\n", "\r\n\t")),
];

fn all() -> impl Iterator<Item = JobName> {
    Scenario::NAMES.into_iter().flat_map(|name| RequestKind::ALL.map(|kind| (kind, name)))
}

#[test]
fn honest_psets_pass_in_text_and_in_binary() {
    for job in all() {
        let honest = Honest::of(job);
        for file in [
            honest.text.clone().into_bytes(),
            format!("\n {}\r\n", honest.text).into_bytes(),
            honest.binary(),
        ] {
            let review = honest.review(&file);
            assert_eq!(
                review.checked().map(|checked| checked.content().hash()),
                Some(honest.content.hash()),
                "{job:?}"
            );
        }
    }
}

#[test]
fn harmless_fields_change_nothing() {
    let nested = RequestKind::ALL.map(|kind| (kind, "sh-wpkh"));
    for job in EACH.into_iter().chain(nested) {
        for (name, add) in SAME {
            let mut bench = Bench::new(job);
            add(&mut bench);
            let review = bench.honest.review(&serialize(&bench.pset));
            let found = review.checked().map(|checked| checked.content().hash());
            assert_eq!(found, Some(bench.honest.content.hash()), "{job:?}: {name}: {:?}", review.mismatches);
        }
    }
}

#[test]
fn another_honest_transaction_has_another_code() {
    for job in EACH {
        for (name, change) in ALLOWED {
            let mut bench = Bench::new(job);
            change(&mut bench);
            let review = bench.honest.review(&serialize(&bench.pset));
            let checked =
                review.checked().unwrap_or_else(|| panic!("{job:?}: {name}: {:?}", review.mismatches));
            let honest = bench.honest.review(bench.honest.text.as_bytes()).checked().unwrap().clone();
            assert_ne!(checked.approval_code(), honest.approval_code(), "{job:?}: {name}");
        }
    }
}

#[test]
fn fees_at_the_floor_and_at_the_cap_pass() {
    for job in EACH {
        let (floor, cap) = floor_and_cap(job);
        for fee in [floor, cap] {
            let mut bench = Bench::new(job);
            bench.fee = fee;
            bench.settle();
            let review = bench.honest.review(&serialize(&bench.pset));
            assert!(review.checked().is_some(), "{job:?}: {fee}: {:?}", review.mismatches);
        }
    }
}

#[test]
fn an_open_coin_of_ours_needs_no_proof() {
    for job in EACH {
        let mut bench = Bench::new(job);
        let (index, coin) = bench.input_of(bench.honest.policy_asset());
        bench.pretend_explicit(index, coin.asset(), coin.secrets.value);
        bench.input(index).amount = Some(coin.secrets.value);
        let review = bench.honest.review(&serialize(&bench.pset));
        assert!(review.checked().is_some(), "{job:?}: {:?}", review.mismatches);
    }
}

#[test]
fn harmless_fields_sign_to_the_same_transaction() {
    let honest = Honest::of(REISSUE);
    let plain = honest.job().sign(honest.text.as_bytes());
    let mut bench = Bench::new(REISSUE);
    for (_, add) in SAME {
        add(&mut bench);
    }
    let crowded = honest.job().sign(&serialize(&bench.pset));
    assert_eq!(crowded.to_json().unwrap(), plain.to_json().unwrap());
}
