//! Inputs of treasuries of one and of several keys, honest and not.

use std::collections::BTreeMap;

use elements::bitcoin::bip32::{DerivationPath, Xpriv, Xpub};
use elements::confidential::{Asset, Nonce, Value};
use elements::secp256k1_zkp::SecretKey;
use elements::{
    AssetId, AssetIssuance, LockTime, OutPoint, RangeProof, Script, SurjectionProof, Transaction, TxIn,
    TxInWitness, TxOutWitness, Txid,
};

use super::*;
use crate::limits::SEQUENCE;
use crate::network::Chain;
use crate::treasury::{Branch, CtDescriptor, KeyPath};

const PATH: KeyPath = KeyPath { branch: Branch::External, index: 3 };

/// A treasury of keys that everybody knows, a transaction that spends its coin, and its keys in the order of the script.
struct Spend {
    secp: Secp,
    own: OwnScript,
    spent: TxOut,
    tx: Transaction,
    secrets: BTreeMap<PublicKey, SecretKey>,
}

impl Spend {
    fn of(form: &str, threshold: usize, count: usize) -> Self {
        let secp = Secp::new();
        let account: DerivationPath = "m/48h/1h/0h/2h".parse().unwrap();
        let masters: Vec<Xpriv> = (1..=count)
            .map(|seed| {
                Xpriv::new_master(Chain::Regtest.key_kind(), &[u8::try_from(seed).unwrap(); 32]).unwrap()
            })
            .collect();
        let keys: Vec<String> = masters
            .iter()
            .map(|master| {
                let xpub = Xpub::from_priv(&secp, &master.derive_priv(&secp, &account).unwrap());
                format!("[{}/48h/1h/0h/2h]{xpub}/<0;1>/*", master.fingerprint(&secp))
            })
            .collect();
        let script =
            form.replace('@', &format!("{threshold},{}", keys.join(","))).replace("wpkh(1,", "wpkh(");
        let text = format!("ct(slip77({}),{script})", "11".repeat(32));
        let descriptor = CtDescriptor::parse(&text, Chain::Regtest).unwrap();
        let own = descriptor.script_at(&secp, PATH).unwrap();
        let whole: DerivationPath = format!("m/48h/1h/0h/2h/{PATH}").parse().unwrap();
        let secrets = masters.iter().map(|master| {
            let secret = master.derive_priv(&secp, &whole).unwrap().private_key;
            (PublicKey::new(secret.public_key(&secp)), secret)
        });
        let output = |value, script_pubkey| TxOut {
            asset: Asset::Explicit(AssetId::from_byte_array([7; 32])),
            value: Value::Explicit(value),
            nonce: Nonce::Null,
            script_pubkey,
            witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
        };
        let tx = Transaction {
            version: 2,
            lock_time: LockTime::ZERO,
            input: vec![TxIn {
                previous_output: OutPoint::new(Txid::from_byte_array([1; 32]), 0),
                is_pegin: false,
                script_sig: own.script_sig(),
                sequence: SEQUENCE,
                asset_issuance: AssetIssuance::null(),
                witness: TxInWitness::empty(),
            }],
            output: vec![output(900, own.script_pubkey.clone()), output(100, Script::new())],
        };
        Spend { secrets: secrets.collect(), spent: output(1_000, own.script_pubkey.clone()), secp, own, tx }
    }

    /// A signature of the key at a position of the script, with the digest of one byte and another byte behind it.
    fn signature_with(&self, position: usize, signed: SighashType, byte: u8) -> Vec<u8> {
        let digests = Sighashes::of(&self.tx);
        let digest = digests.digest(0, &self.own.script_code(), &self.spent.value, signed).unwrap();
        let secret = self.secrets[&self.own.keys()[position].public_key];
        let signature = self.secp.sign_ecdsa_low_r(&Message::from_digest(digest.0), &secret);
        [signature.serialize_der().as_ref(), &[byte]].concat()
    }

    fn signature(&self, position: usize, sighash_type: SighashType) -> Vec<u8> {
        self.signature_with(position, sighash_type, sighash_type.byte())
    }

    /// A quorum's witness of these signatures, as they are given.
    fn witness(&self, signatures: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let script = self.own.witness_script.clone().unwrap().to_bytes();
        [&[Vec::new()], signatures, &[script]].concat()
    }

    fn verify(&self, witness: Vec<Vec<u8>>) -> Result<(), ScriptError> {
        let mut tx = self.tx.clone();
        tx.input[0].witness.script_witness = witness.into();
        verify_input(&self.secp, &Sighashes::of(&tx), 0, &self.spent, &self.own)
    }
}

const QUORUMS: [&str; 4] =
    ["elwsh(multi(@))", "elwsh(sortedmulti(@))", "elsh(wsh(multi(@)))", "elsh(wsh(sortedmulti(@)))"];
use SighashType::{All, AllRangeproof};

#[test]
fn any_k_keys_spend_and_no_other_number_does() {
    for form in QUORUMS {
        let spend = Spend::of(form, 2, 3);
        for [first, second] in [[0, 1], [0, 2], [1, 2]] {
            let signatures = [first, second].map(|key| spend.signature(key, AllRangeproof));
            let by_key = [first, second].map(|key| spend.own.keys()[key].public_key);
            let made = spend.own.witness(&by_key.into_iter().zip(signatures.clone()).collect()).unwrap();
            assert_eq!(made, spend.witness(&signatures), "{form}");
            assert_eq!(spend.verify(made), Ok(()), "{form}: {first} {second}");
            let digests = Sighashes::of(&spend.tx);
            let found = signers(&spend.secp, &digests, 0, &spend.spent, &spend.own, &signatures).unwrap();
            assert_eq!(found, by_key, "{form}");
            // Two signatures of one key, the wrong order, one alone, and one too many.
            let [one, other] = signatures;
            let bad = Err(ScriptError::Signature { index: 0 });
            assert_eq!(spend.verify(spend.witness(&[one.clone(), one.clone()])), bad, "{form}");
            assert_eq!(spend.verify(spend.witness(&[other.clone(), one.clone()])), bad, "{form}");
            let shape = Err(ScriptError::Shape { index: 0 });
            assert_eq!(spend.verify(spend.witness(std::slice::from_ref(&one))), shape, "{form}");
            assert_eq!(
                spend.verify(spend.witness(&[one.clone(), other.clone(), other.clone()])),
                shape,
                "{form}"
            );
            // The item that OP_CHECKMULTISIG takes too many, and another script.
            let mut extra = spend.witness(&[one, other]);
            let script = extra.pop().unwrap();
            extra.push([script.as_slice(), &[0x51]].concat());
            assert_eq!(spend.verify(extra.clone()), shape, "{form}");
            *extra.last_mut().unwrap() = script;
            extra[0] = vec![1];
            assert_eq!(spend.verify(extra), shape, "{form}");
        }
    }
}

#[test]
fn a_whole_quorum_of_fifteen_spends() {
    for form in QUORUMS {
        let spend = Spend::of(form, 15, 15);
        let signatures: Vec<_> = (0..15).map(|key| spend.signature(key, AllRangeproof)).collect();
        assert_eq!(spend.verify(spend.witness(&signatures)), Ok(()), "{form}");
    }
}

#[test]
fn signatures_of_a_quorum_are_of_either_type_and_every_byte_is_the_one_that_was_signed() {
    for form in QUORUMS {
        let spend = Spend::of(form, 2, 3);
        let ours = |key| spend.signature(key, AllRangeproof);
        let others = |key| spend.signature(key, All);
        assert_eq!(spend.verify(spend.witness(&[ours(0), others(2)])), Ok(()), "{form}");
        assert_eq!(spend.verify(spend.witness(&[others(0), ours(2)])), Ok(()), "{form}");
        assert_eq!(spend.verify(spend.witness(&[others(0), others(2)])), Ok(()), "{form}");
        let unprotected = |signatures: &[Vec<u8>]| {
            let mut tx = spend.tx.clone();
            tx.input[0].witness.script_witness = spend.witness(signatures).into();
            unprotected_inputs(&tx)
        };
        assert_eq!(unprotected(&[others(0), others(2)]), [0], "{form}");
        assert_eq!(unprotected(&[ours(0), others(2)]), [0; 0], "{form}");
        assert_eq!(unprotected(&[ours(0), ours(2)]), [0; 0], "{form}");
        let bad = Err(ScriptError::Signature { index: 0 });
        for (signed, byte) in [(All, 0x41), (AllRangeproof, 0x01)] {
            let swapped = spend.signature_with(2, signed, byte);
            assert_eq!(spend.verify(spend.witness(&[ours(0), swapped])), bad, "{form}");
        }
        for byte in [0x00, 0x02, 0x03, 0x81, 0x83, 0x42, 0x43, 0xc1, 0xc3] {
            let found = spend.signature_with(2, AllRangeproof, byte);
            let refused = Err(ScriptError::SighashByte { index: 0, found: byte });
            assert_eq!(spend.verify(spend.witness(&[ours(0), found])), refused, "{form}: {byte:#x}");
        }
    }
}

#[test]
fn one_signature_is_verified_with_its_key_alone() {
    let spend = Spend::of(QUORUMS[0], 2, 3);
    let digests = Sighashes::of(&spend.tx);
    let verify = |key: &PublicKey, signature: &[u8]| {
        verify_signature(&spend.secp, &digests, 0, &spend.spent, &spend.own, key, signature)
    };
    let [first, second] = [0, 1].map(|position| spend.own.keys()[position].public_key);
    for sighash_type in [All, AllRangeproof] {
        let signature = spend.signature(0, sighash_type);
        assert_eq!(verify(&first, &signature), Ok(sighash_type));
        assert_eq!(verify(&second, &signature), Err(ScriptError::Signature { index: 0 }));
    }
    let foreign = PublicKey::new(SecretKey::from_slice(&[9; 32]).unwrap().public_key(&spend.secp));
    let signature = spend.signature(0, AllRangeproof);
    assert_eq!(verify(&foreign, &signature), Err(ScriptError::ForeignKey { index: 0, key: foreign }));
    assert_eq!(verify(&first, &[]), Err(ScriptError::Signature { index: 0 }));
}

#[test]
fn a_single_key_must_sign_the_proofs() {
    for form in ["elwpkh(@)", "elsh(wpkh(@))"] {
        let spend = Spend::of(form, 1, 1);
        let key = spend.own.keys()[0].public_key.to_bytes();
        let with = |signature: Vec<u8>| spend.verify(vec![signature, key.clone()]);
        assert_eq!(with(spend.signature(0, AllRangeproof)), Ok(()), "{form}");
        assert_eq!(with(Vec::new()), Err(ScriptError::Signature { index: 0 }), "{form}");
        let found = 0x01;
        assert_eq!(
            with(spend.signature(0, All)),
            Err(ScriptError::SighashByte { index: 0, found }),
            "{form}"
        );
    }
}
