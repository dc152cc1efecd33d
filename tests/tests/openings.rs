//! Coins whose range proof the treasury cannot read, known by an opening instead: from preparing to the signed file.

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::confidential::Nonce;
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::elements::secp256k1_zkp::SecretKey;
use coldamp_core::elements::{RangeProof, TxOut};
use coldamp_core::prepare::{Settings, prepare};
use coldamp_core::pset::opening_key;
use coldamp_core::sign::audit_without_keys;
use coldamp_core::sign::review::Review;
use coldamp_core::treasury::{CoinError, Opening, Utxo};
use coldamp_core::units::AssetAmount;
use coldamp_tests::{Desk, Honest, JobName, KEYS, RequestKind, Scenario};
use serde_json::Value;

const JOBS: [JobName; 5] = [
    (RequestKind::Distribute, "wpkh"),
    (RequestKind::Reissue, "wpkh"),
    (RequestKind::Burn, "wpkh"),
    (RequestKind::Reissue, "wpkh-blinded-issuance"),
    (RequestKind::Distribute, "sh-wpkh"),
];

/// The coin's output with a range proof for somebody else: what whoever knows the blinders can put there before the
/// coin confirms, where its spender signed with ALL alone.
fn swapped(secp: &Secp, coin: &Utxo) -> TxOut {
    let generator = coin.txout.asset.commitment().unwrap();
    let stranger = SecretKey::from_slice(&[0x44; 32]).unwrap();
    let (_, shared) = Nonce::with_ephemeral_sk(
        secp,
        SecretKey::from_slice(&[0x33; 32]).unwrap(),
        &stranger.public_key(secp),
    );
    let proof = RangeProof::new(
        secp,
        1,
        coin.txout.value.commitment().unwrap(),
        coin.secrets.value,
        coin.secrets.value_bf.into_inner(),
        &[0; 64],
        coin.txout.script_pubkey.as_bytes(),
        shared,
        0,
        52,
        generator,
    );
    let mut output = coin.txout.clone();
    output.witness.rangeproof = proof.unwrap();
    output
}

/// Prepares the job with every blinded coin of the treasury opened by an opening, its proof swapped or lost.
fn prepared(honest: &Honest, output: impl Fn(&Utxo) -> TxOut) -> String {
    let secp = &honest.treasury.secp;
    let request = honest.job().request();
    let mut holdings = honest.treasury.holdings(&request);
    for coin in holdings.coins.iter_mut().filter(|coin| coin.is_blinded()) {
        let opening = Opening::of(&coin.secrets);
        *coin = Utxo::open_with(secp, coin.outpoint, &output(coin), coin.own.clone(), &opening).unwrap();
    }
    let treasury = holdings.treasury(&honest.treasury.network, &honest.treasury.descriptor);
    prepare(secp, &request, &treasury, &Settings::default(), None).unwrap().pset
}

fn codes(review: &Review) -> Vec<Code> {
    review.mismatches.iter().map(|mismatch| mismatch.code).collect()
}

fn openings_used(review: &Review) -> usize {
    review.warnings.iter().filter(|warning| warning.code == Code::OpeningUsed).count()
}

#[test]
fn a_coin_is_opened_by_its_own_opening_and_no_other() {
    let honest = Honest::of(JOBS[0]);
    let secp = &honest.treasury.secp;
    for coin in honest.coins.iter().filter(|coin| coin.is_blinded()) {
        let output = swapped(secp, coin);
        let (outpoint, own) = (coin.outpoint, || coin.own.clone());
        let read = Utxo::open(secp, &honest.treasury.descriptor, outpoint, &output, own());
        assert_eq!(read, Err(CoinError::NotOurs));
        let opening = Opening::of(&coin.secrets);
        let opened = Utxo::open_with(secp, outpoint, &output, own(), &opening).unwrap();
        assert_eq!((opened.secrets, opened.by_opening), (coin.secrets, true));
        assert_eq!((&opened.txout, &opened.rangeproof), (&coin.txout, &output.witness.rangeproof));
        let more = AssetAmount::from_base_units(opening.value.base_units() + 1);
        let lie = Opening { value: more, ..opening };
        let refused = Utxo::open_with(secp, outpoint, &output, own(), &lie);
        assert_eq!(refused, Err(CoinError::OpeningMismatch));
        let half = TxOut { value: coldamp_core::elements::confidential::Value::Explicit(1), ..output };
        let refused = Utxo::open_with(secp, outpoint, &half, own(), &opening);
        assert_eq!(refused, Err(CoinError::HalfBlinded));
    }
}

#[test]
fn coins_that_nobody_can_read_sign_to_the_same_transaction_with_their_openings() {
    for name in JOBS {
        let honest = Honest::of(name);
        let (secp, job) = (&honest.treasury.secp, honest.job());
        let expected = job.sign(honest.text.as_bytes()).to_json().unwrap();
        let lost = |coin: &Utxo| coin.txout.clone();
        for pset in [prepared(honest, |coin| swapped(secp, coin)), prepared(honest, lost)] {
            let review = job.review(pset.as_bytes());
            assert_eq!(codes(&review), [], "{name:?}");
            let checked = review.checked().unwrap();
            // No opening is in the content: it says nothing that the commitments do not fix.
            assert_eq!(checked.content(), &honest.content, "{name:?}");
            let inputs = &review.effects().inputs;
            let blinded = inputs.iter().filter(|input| input.is_blinded()).count();
            assert!(blinded > 0, "{name:?}");
            assert_eq!(inputs.iter().filter(|input| input.opening_used).count(), blinded, "{name:?}");
            assert_eq!(openings_used(&review), blinded, "{name:?}");
            let file = job.sign(pset.as_bytes()).to_json().unwrap();
            assert_eq!(file, expected, "{name:?}");
            assert_eq!(audit_without_keys(secp, checked, file.as_bytes()), Ok(()), "{name:?}");

            let mut without: Pset = pset.parse().unwrap();
            for input in without.inputs_mut() {
                input.proprietary.remove(&opening_key());
            }
            let review = job.review(&serialize(&without));
            assert!(
                codes(&review).contains(&Code::UtxoUnblindable) && review.checked().is_none(),
                "{name:?}"
            );
        }
    }
}

#[test]
fn a_true_opening_beside_a_proof_that_opens_is_not_used() {
    for name in JOBS {
        let honest = Honest::of(name);
        let mut pset = honest.pset.clone();
        for input in pset.inputs_mut() {
            let coin = honest.coins.iter().find(|coin| coldamp_tests::spends(input, coin)).unwrap();
            input.proprietary.insert(opening_key(), Opening::of(&coin.secrets).to_bytes());
        }
        let review = honest.review(&serialize(&pset));
        assert_eq!((codes(&review), openings_used(&review)), (vec![], 0), "{name:?}");
        assert!(
            review.checked().is_some() && review.effects().inputs.iter().all(|input| !input.opening_used)
        );
    }
}

#[test]
fn the_binary_says_which_coins_are_known_by_an_opening_and_signs() {
    let (kind, name) = JOBS[1];
    let honest = Honest::of((kind, name));
    let desk = Desk::cold(&Scenario::load(name));
    desk.write("unsigned.pset", prepared(honest, |coin| swapped(&honest.treasury.secp, coin)));
    let screen = desk.run("coldamp", &format!("review unsigned.pset {KEYS}")).done().stdout;
    assert!(screen.contains("WARNING OPENING_USED: input 0, "), "{screen}");
    assert!(screen.contains("known by the opening in the PSET"), "{screen}");
    assert!(!screen.contains("opened with the view key"), "{screen}");
    let json = desk.run("coldamp", &format!("review unsigned.pset {KEYS} --json")).done().stdout;
    let review: Value = serde_json::from_str(&json).unwrap();
    let inputs = review["inputs"].as_array().unwrap();
    assert!(inputs.iter().all(|input| input["opening_used"] == input["blinded"]), "{json}");
    let code = review["approval"].as_str().unwrap();
    desk.run("coldamp", &format!("sign unsigned.pset {KEYS} --approve {code} -o signed.json")).done();
    let transaction = |text: &str| {
        let file: Value = serde_json::from_str(text).unwrap();
        file["transaction"].as_str().unwrap().to_owned()
    };
    let expected = honest.job().sign(honest.text.as_bytes()).to_json().unwrap();
    assert_eq!(transaction(&desk.read("signed.json")), transaction(&expected), "{name}");
}
