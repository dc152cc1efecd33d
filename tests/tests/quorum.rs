//! The jobs of a treasury that two of three keys sign for: prepared, reviewed, and signed by each key alone.

use coldamp_core::code::Code;
use coldamp_core::consensus::SIGHASH_ALL_RANGEPROOF;
use coldamp_core::elements::Script;
use coldamp_core::elements::bitcoin::bip32::Xpriv;
use coldamp_core::elements::bitcoin::{NetworkKind, PublicKey};
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::sign::review::{Approval, ApprovedPset};
use coldamp_core::sign::{Recorded, SignError, SignatureSet, SigningKey, sign, sign_part};
use coldamp_core::signed::JournalPosition;
use coldamp_tests::{Desk, Job, KEYS, RequestKind, Scenario, Treasury};

/// The PSETs that core's unit tests sign. `COLDAMP_WRITE_VECTORS=1` writes them.
fn vector(kind: RequestKind) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/quorum");
    folder.join(format!("{}.{}.pset", Scenario::QUORUM, kind.name()))
}

fn approved(job: &Job<'_>, pset: &str) -> ApprovedPset {
    let review = job.review(pset.as_bytes());
    let refused = format!("refused: {:#?}", review.mismatches);
    let judged = review.into_judged().expect(&refused);
    let code = judged.checked().approval_code().to_string();
    judged.approve(&job.treasury.secp, Approval::Code(&code)).expect("its own code")
}

#[test]
fn every_job_is_prepared_with_all_keys_and_reviewed() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let prepared = job.prepare();
        if std::env::var_os("COLDAMP_WRITE_VECTORS").is_some() {
            std::fs::write(vector(kind), &prepared.pset).unwrap();
        }
        assert_eq!(std::fs::read_to_string(vector(kind)).unwrap(), prepared.pset, "{}", kind.name());
        let pset: Pset = prepared.pset.parse().unwrap();
        for input in pset.inputs() {
            assert_eq!((input.bip32_derivation.len(), input.redeem_script.as_ref()), (3, None));
            let program = input.witness_script.as_ref().map(|script| script.to_v0_p2wsh());
            assert_eq!(program.as_ref(), input.witness_utxo.as_ref().map(|coin| &coin.script_pubkey));
        }
        let own = pset.outputs().iter().filter(|output| output.witness_script.is_some());
        assert!(own.clone().all(|output| output.bip32_derivation.len() == 3));
        assert!(own.count() >= 1);
        let review = job.review(prepared.pset.as_bytes());
        assert!(review.mismatches.is_empty(), "{}: {:#?}", kind.name(), review.mismatches);
    }
}

#[test]
fn each_key_signs_a_part_and_no_key_the_whole() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Burn);
    let pset = job.prepare().pset;
    let mut parts: Vec<SignatureSet> = Vec::new();
    for (key, own) in treasury.signing_keys().iter().zip(treasury.descriptor.keys()) {
        let part = sign_part(&treasury.secp, approved(&job, &pset), key).expect("a part");
        let txid = part.facts().txid;
        let part = part.release(Recorded::on_disk(txid, JournalPosition::default())).expect("recorded");
        assert_eq!((part.fingerprint, part.txid), (own.fingerprint(), txid));
        assert_eq!(part.descriptor, treasury.descriptor.canonical_hash());
        assert_eq!(part.signer, Some(JournalPosition::default()));
        for (input, signature) in part.signatures.iter().enumerate() {
            assert_eq!(signature.input, input);
            assert_eq!(signature.signature.last(), Some(&SIGHASH_ALL_RANGEPROOF));
        }
        let whole = sign(&treasury.secp, approved(&job, &pset), key).err();
        assert_eq!(whole, Some(SignError::NeedsMore { threshold: 2 }));
        parts.push(part);
    }
    // Whoever signs, it is the same transaction, and each signs with a key of his own.
    for part in &parts {
        assert_eq!((part.txid, part.content), (parts[0].txid, parts[0].content));
        assert_eq!(part.signatures.len(), parts[0].signatures.len());
        let others = parts.iter().filter(|other| other.fingerprint != part.fingerprint);
        for other in others {
            assert!(other.signatures.iter().zip(&part.signatures).all(|(other, own)| other.key != own.key));
        }
    }

    let seed = bip39::Mnemonic::parse(STRANGER).unwrap().to_seed("");
    let stranger = SigningKey::new(Xpriv::new_master(NetworkKind::Test, &seed).unwrap());
    let refused = sign_part(&treasury.secp, approved(&job, &pset), &stranger).err();
    assert!(matches!(refused, Some(SignError::NoKey { .. })), "{refused:?}");
}

/// A change of an honest PSET, and the code that refuses it. The position is that of an input, or of an output to the treasury.
type Attack = (&'static str, Code, fn(&mut Pset, usize));

const ON_AN_INPUT: [Attack; 7] = [
    ("another witness script", Code::Script, |pset, input| {
        pset.inputs_mut()[input].witness_script = Some(Script::from(vec![0x51]));
    }),
    ("a redeem script", Code::Script, |pset, input| {
        pset.inputs_mut()[input].redeem_script = Some(Script::from(vec![0x51]));
    }),
    ("no derivation", Code::InputKey, |pset, input| pset.inputs_mut()[input].bip32_derivation.clear()),
    ("a derivation less", Code::InputKey, |pset, input| {
        pset.inputs_mut()[input].bip32_derivation.pop_last();
    }),
    ("a derivation more", Code::InputKey, |pset, input| {
        let claims = &mut pset.inputs_mut()[input].bip32_derivation;
        let (_, source) = claims.first_key_value().unwrap();
        let source = source.clone();
        claims.insert(strangers_key(), source);
    }),
    ("a stranger's key in place of one", Code::InputKey, |pset, input| {
        let claims = &mut pset.inputs_mut()[input].bip32_derivation;
        let (_, source) = claims.pop_first().unwrap();
        claims.insert(strangers_key(), source);
    }),
    ("one key at another path", Code::InputKey, |pset, input| {
        let source = pset.inputs_mut()[input].bip32_derivation.values_mut().next().unwrap();
        source.1 = "48h/1h/0h/2h/1/199".parse().unwrap();
    }),
];

const ON_CHANGE: [Attack; 5] = [
    ("another witness script", Code::Script, |pset, output| {
        pset.outputs_mut()[output].witness_script = Some(Script::from(vec![0x51]));
    }),
    ("a derivation less", Code::ChangePath, |pset, output| {
        pset.outputs_mut()[output].bip32_derivation.pop_last();
    }),
    ("a derivation more", Code::ChangePath, |pset, output| {
        let claims = &mut pset.outputs_mut()[output].bip32_derivation;
        let (_, source) = claims.first_key_value().unwrap();
        let source = source.clone();
        claims.insert(strangers_key(), source);
    }),
    ("a stranger's key named for one", Code::ChangePath, |pset, output| {
        let claims = &mut pset.outputs_mut()[output].bip32_derivation;
        let (_, source) = claims.pop_first().unwrap();
        claims.insert(strangers_key(), source);
    }),
    // The script pays two of three keys, one of them a stranger's. The other two keys are ours, and so are all paths.
    ("change with one key exchanged", Code::ChangeForged, |pset, output| {
        let output = &mut pset.outputs_mut()[output];
        let (ours, source) = output.bip32_derivation.pop_first().unwrap();
        let script = output.witness_script.clone().unwrap().to_bytes();
        let at = script.windows(33).position(|bytes| bytes == ours.to_bytes()).unwrap();
        let script = [&script[..at], &strangers_key().to_bytes(), &script[at + 33..]].concat();
        let script = Script::from(script);
        output.bip32_derivation.insert(strangers_key(), source);
        output.script_pubkey = script.to_v0_p2wsh();
        output.witness_script = Some(script);
    }),
];

const STRANGER: &str = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";

fn strangers_key() -> PublicKey {
    "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5".parse().unwrap()
}

/// In core, and on the machine of a signer.
#[test]
fn what_a_pset_claims_of_a_quorum_must_be_exact() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold_copy(&scenario);
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let honest: Pset = job.prepare().pset.parse().unwrap();
        let change = honest.outputs().iter().rposition(|output| output.witness_script.is_some()).unwrap();
        let attacks = ON_AN_INPUT.iter().map(|attack| (attack, honest.inputs().len() - 1));
        for ((attack, code, how), position) in attacks.chain(ON_CHANGE.iter().map(|attack| (attack, change)))
        {
            let mut pset = honest.clone();
            how(&mut pset, position);
            let review = job.review(pset.to_string().as_bytes());
            let codes: Vec<Code> = review.mismatches.iter().map(|mismatch| mismatch.code).collect();
            assert!(codes.contains(code), "{}: {attack}: {codes:?}", kind.name());
            assert!(review.checked().is_none(), "{}: {attack}", kind.name());
            desk.write("hostile.pset", pset.to_string());
            let before = desk.files();
            let run = desk.run("coldamp", &format!("sign hostile.pset {KEYS} --approve 0 -o out.json"));
            assert_eq!((run.code, desk.files()), (3, before), "{}: {attack}: {}", kind.name(), run.stderr);
            let named = run.stderr.contains(&format!("\n  {code}: "));
            assert!(named, "{}: {attack}: no {code}: {}", kind.name(), run.stderr);
        }
        // Claims may be left out of own outputs, and scripts everywhere: the review derives them.
        let mut bare = honest.clone();
        bare.inputs_mut().iter_mut().for_each(|input| input.witness_script = None);
        for output in bare.outputs_mut() {
            output.witness_script = None;
            output.bip32_derivation.clear();
        }
        assert!(job.review(bare.to_string().as_bytes()).mismatches.is_empty(), "{}", kind.name());
    }
}
