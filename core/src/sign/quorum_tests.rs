//! The jobs of a treasury of two of three keys: signed by each pair, finished, reported and audited.

use elements::bitcoin::bip32::{DerivationPath, Xpriv, Xpub};
use elements::hex::decode_to_vec;
use elements::secp256k1_zkp::Message;

use super::blinder::Blinder;
use super::finalizer::{NoWitness, finalize};
use super::finish::{FinishError, finish};
use super::review::{CheckedPset, JournalState, ReviewOptions, review};
use super::signatures::Signatures;
use super::signer::own_signatures;
use super::{
    AuditError, CombineError, Part, PartAudit, PartAuditError, SignError, SignatureSet, SigningKey, audit,
    audit_part, audit_without_keys, combine,
};
use crate::Secp;
use crate::consensus::{SighashType, Sighashes};
use crate::network::{Chain, Network};
use crate::pset::UnsignedPset;
use crate::signed::{JournalPosition, SignedFile, Signers};
use crate::treasury::CtDescriptor;

const WALLET: &str = include_str!("../../../tests/scenarios/wsh-2of3/wallet.json");
const PSETS: [&[u8]; 3] = [
    include_bytes!("../../../tests/vectors/quorum/wsh-2of3.distribute.pset"),
    include_bytes!("../../../tests/vectors/quorum/wsh-2of3.reissue.pset"),
    include_bytes!("../../../tests/vectors/quorum/wsh-2of3.burn.pset"),
];

/// The BIP-39 seeds of the scenario's mnemonics.
const SEEDS: [&str; 3] = [
    "5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4",
    "878386efb78845b3355bd15ea4d39ef97d179cb712b77d5c12b6be415fffeffe5f377ba02bf3f8544ab800b955e51fbff09828f682052a20faa6addbbddfb096",
    "77d6be9708c8218738934f84bbbb78a2e048ca007746cb764f0673e4b1812d176bbb173e1a291f31cf633f1d0bad7d3cf071c30e98cd0688b5bcce65ecaceb36",
];

fn key(seed: &str) -> SigningKey {
    SigningKey::new(Xpriv::new_master(Chain::Regtest.key_kind(), &decode_to_vec(seed).unwrap()).unwrap())
}

fn checked(secp: &Secp, pset: &[u8]) -> CheckedPset {
    let network = Network::new(Chain::Regtest);
    let wallet: serde_json::Value = serde_json::from_str(WALLET).unwrap();
    let descriptor = CtDescriptor::parse(wallet["ct_descriptor"].as_str().unwrap(), network.chain()).unwrap();
    let pset = UnsignedPset::read(pset).unwrap();
    let (journal, options) = (JournalState::default(), ReviewOptions::default());
    let judged = review(secp, &network, &descriptor, &pset, &journal, options).into_judged().unwrap();
    judged.checked().clone()
}

/// Signers without a journal.
fn named(fingerprints: &[&str]) -> Signers {
    Signers::Several(fingerprints.iter().map(|text| (text.parse().unwrap(), None)).collect())
}

const FINGERPRINTS: [&str; 3] = ["73c5da0a", "b8688df1", "28645006"];

/// The file that these keys make, in the order in which they are named.
fn finished(secp: &Secp, checked: &CheckedPset, keys: &[usize]) -> Result<SignedFile, FinishError> {
    let blinded = Blinder::new(secp, checked).unwrap().blind().unwrap();
    let mut signatures = Signatures::default();
    for position in keys {
        let own = own_signatures(secp, checked, &blinded.transaction, &key(SEEDS[*position])).unwrap();
        own.iter().for_each(|signature| signatures.add(signature).unwrap());
    }
    let file = finish(secp, checked, blinded, &signatures)?;
    let signed: Vec<&str> = keys.iter().map(|position| FINGERPRINTS[*position]).collect();
    Ok(file.with_signers(named(&signed)))
}

#[test]
fn any_two_of_three_keys_finish_every_job_and_the_file_passes_both_audits() {
    let secp = Secp::new();
    for pset in PSETS {
        let checked = checked(&secp, pset);
        for pair in [[0, 1], [0, 2], [1, 2]] {
            let file = finished(&secp, &checked, &pair).unwrap();
            assert_eq!(file.txid(), checked.txid());
            let text = file.to_json().unwrap();
            let [first, second] = pair;
            assert_eq!(finished(&secp, &checked, &[second, first]).unwrap().to_json().unwrap(), text);
            assert_eq!(audit_without_keys(&secp, &checked, text.as_bytes()), Ok(()));
            for seed in SEEDS {
                assert_eq!(audit(&secp, &checked, &key(seed), text.as_bytes()), Ok(()));
            }
        }
        // Of three signatures the first two are taken.
        let all = finished(&secp, &checked, &[2, 1, 0]).unwrap();
        assert_eq!(audit_without_keys(&secp, &checked, all.to_json().unwrap().as_bytes()), Ok(()));
        let first_two = named(&FINGERPRINTS[..2]);
        assert_eq!(
            all.with_signers(first_two).to_json().unwrap(),
            finished(&secp, &checked, &[0, 1]).unwrap().to_json().unwrap()
        );
        let alone = finished(&secp, &checked, &[1]).err();
        assert_eq!(alone, Some(FinishError::TooFew { input: 0, found: 1, needed: 2 }));
    }
}

/// No review lets such an input pass. Counted as signed by enough keys, it would hide that nobody knows how many must sign.
#[test]
fn an_input_that_is_not_known_to_be_the_treasurys_counts_as_an_error_and_not_as_signed() {
    let secp = Secp::new();
    let checked = checked(&secp, PSETS[2]);
    let blinded = Blinder::new(&secp, &checked).unwrap().blind().unwrap();
    let part = |seed: &str, fingerprint: &str| {
        let own = own_signatures(&secp, &checked, &blinded.transaction, &key(seed)).unwrap();
        Part::Signatures(SignatureSet {
            network: Chain::Regtest,
            content: checked.content().hash(),
            descriptor: checked.descriptor().canonical_hash(),
            txid: checked.txid(),
            fingerprint: fingerprint.parse().unwrap(),
            signatures: own.iter().filter(|signature| signature.input != 0).collect(),
            signer: None,
        })
    };
    let parts = [part(SEEDS[0], FINGERPRINTS[0]), part(SEEDS[1], FINGERPRINTS[1])];
    let missing = combine(&secp, &checked, &parts).map(|_| ()).unwrap_err();
    assert!(matches!(missing, CombineError::TooFew { input: 0, found: 0, .. }), "{missing}");
    let foreign = checked.clone().with_foreign_input(0);
    let refused = combine(&secp, &foreign, &parts).map(|_| ()).unwrap_err();
    assert_eq!(refused, CombineError::Finish(FinishError::Foreign { input: 0 }));
    let finished = finalize(blinded.transaction.clone(), &foreign, &Signatures::default()).unwrap_err();
    assert_eq!(finished, NoWitness::Foreign { input: 0 });
}

#[test]
fn a_file_names_everybody_who_signed_it_and_nobody_who_is_no_signer() {
    let secp = Secp::new();
    let checked = checked(&secp, PSETS[2]);
    let [first, second, third] = FINGERPRINTS;
    for (signers, is_right) in [
        (named(&[first, second]), true),
        (named(&[first, second, third]), true),
        (named(&[first]), false),
        (named(&[first, third]), false),
        (named(&[third]), false),
        (named(&[first, second, "01020304"]), false),
        (Signers::One(JournalPosition::default()), false),
    ] {
        let file = finished(&secp, &checked, &[0, 1]).unwrap().with_signers(signers.clone());
        let text = file.to_json().unwrap();
        let expected = match is_right {
            true => Ok(()),
            false => Err(AuditError::Differs { fields: vec!["signer"] }),
        };
        assert_eq!(audit_without_keys(&secp, &checked, text.as_bytes()), expected, "{signers:?}");
        assert_eq!(audit(&secp, &checked, &key(SEEDS[0]), text.as_bytes()), expected, "{signers:?}");
    }
}

#[test]
fn the_signatures_of_one_key_are_recomputed_with_its_words_and_verified_without() {
    let secp = Secp::new();
    let checked = checked(&secp, PSETS[2]);
    let blinded = Blinder::new(&secp, &checked).unwrap().blind().unwrap();
    let own = own_signatures(&secp, &checked, &blinded.transaction, &key(SEEDS[0])).unwrap();
    let part = SignatureSet {
        network: Chain::Regtest,
        content: checked.content().hash(),
        descriptor: checked.descriptor().canonical_hash(),
        txid: checked.txid(),
        fingerprint: FINGERPRINTS[0].parse().unwrap(),
        signatures: own.iter().collect(),
        signer: None,
    };
    let audited = |seed: &str, part: &SignatureSet| {
        audit_part(&secp, &checked, &key(seed), part.to_json().unwrap().as_bytes())
    };
    assert_eq!(audited(SEEDS[0], &part), Ok(PartAudit::Recomputed));
    assert_eq!(audited(SEEDS[1], &part), Ok(PartAudit::Verified));

    // The same key over the same digest with another nonce: it verifies, and could carry what the signer should keep.
    let own_script = checked.effects().inputs[0].own.as_ref().unwrap();
    let spent = checked.effects().inputs[0].spent.as_ref().unwrap();
    let digests = Sighashes::of(&blinded.transaction);
    let script_code = own_script.script_code();
    let digest = digests.digest(0, &script_code, &spent.value, SighashType::AllRangeproof).unwrap();
    let master = Xpriv::new_master(Chain::Regtest.key_kind(), &decode_to_vec(SEEDS[0]).unwrap()).unwrap();
    let (_, path) = checked.descriptor().keys()[0].source(own_script.path);
    let secret = master.derive_priv(&secp, &path).unwrap().private_key;
    let message = Message::from_digest(digest.0);
    let mut leaking = part.clone();
    let other = secp.sign_ecdsa_with_noncedata(&message, &secret, &[7; 32]);
    leaking.signatures[0].signature = [&other.serialize_der()[..], &[0x41]].concat();
    assert_eq!(audited(SEEDS[0], &leaking), Err(PartAuditError::Differs { input: 0 }));
    assert_eq!(audited(SEEDS[1], &leaking), Ok(PartAudit::Verified));

    let mut fewer = part.clone();
    let last = fewer.signatures.pop().unwrap().input;
    assert_eq!(audited(SEEDS[0], &fewer), Err(PartAuditError::Missing { input: last }));
    let mut wrong = part.clone();
    wrong.signatures[0].signature = wrong.signatures[1].signature.clone();
    for seed in [SEEDS[0], SEEDS[1]] {
        assert!(matches!(audited(seed, &wrong), Err(PartAuditError::Part(_))));
    }
}

#[test]
fn a_second_key_of_the_same_seed_is_found_whatever_fingerprint_the_descriptor_states_for_it() {
    let secp = Secp::new();
    let master = Xpriv::new_master(Chain::Regtest.key_kind(), &decode_to_vec(SEEDS[0]).unwrap()).unwrap();
    let account = |fingerprint: &str, path: &str| {
        let steps: DerivationPath = format!("m/{path}").parse().unwrap();
        let xpub = Xpub::from_priv(&secp, &master.derive_priv(&secp, &steps).unwrap());
        format!("[{fingerprint}/{path}]{xpub}/<0;1>/*")
    };
    let (own, hidden) = (account("73c5da0a", "48h/1h/0h/2h"), account("01020304", "48h/1h/1h/2h"));
    let view_key = "slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023)";
    for keys in [format!("{own},{hidden}"), format!("{hidden},{own}")] {
        let text = format!("ct({view_key},elwsh(multi(2,{keys})))");
        let descriptor = CtDescriptor::parse(&text, Chain::Regtest).unwrap();
        let refused = key(SEEDS[0]).own_key(&secp, &descriptor).err();
        assert!(matches!(refused, Some(SignError::SeveralKeys { .. })), "{refused:?}");
        assert!(matches!(key(SEEDS[1]).own_key(&secp, &descriptor), Err(SignError::NoKey { .. })));
    }
}

/// As the node's `listunspent` prints a coin of the same treasury: scenarios/wsh-2of3/hot-node/burn/confirm.json.
#[test]
fn the_report_of_change_has_the_witness_script_and_the_descriptor_of_all_keys() {
    let secp = Secp::new();
    let [distribute, _, burn] = PSETS;
    for pset in [distribute, burn] {
        let checked = checked(&secp, pset);
        let text = finished(&secp, &checked, &[0, 2]).unwrap().to_json().unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let row = &file["amp"]["payload"]["change_data"][0];
        let own = checked.effects().outputs.iter().filter_map(|output| output.own.as_ref());
        let own = own.clone().find(|own| row["scriptPubKey"] == format!("{:x}", own.script_pubkey)).unwrap();
        assert_eq!(row["witnessScript"], format!("{:x}", own.witness_script.as_ref().unwrap()));
        assert_eq!(row["desc"], own.node_descriptor());
        assert!(row["desc"].as_str().unwrap().starts_with("wsh(multi(2,[73c5da0a/48'/1'/0'/2'/1/"));
        assert_eq!(row.get("redeemScript"), None);
        let keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        let node: serde_json::Value = serde_json::from_str(include_str!(
            "../../../tests/scenarios/wsh-2of3/hot-node/burn/confirm.json"
        ))
        .unwrap();
        let listed = node["payload"]["change_data"][0].as_object().unwrap();
        assert_eq!(keys, listed.keys().collect::<Vec<_>>());
    }
}
