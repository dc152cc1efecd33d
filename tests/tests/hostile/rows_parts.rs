//! Parts that must not be combined, a row each, through core, both binaries and the page. The PSET is honest in all of them.

use coldamp_core::code::Code;
use coldamp_core::elements::Txid;
use coldamp_core::elements::encode::{deserialize, serialize};
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::elements::secp256k1_zkp::{SECP256K1, SecretKey};
use coldamp_core::network::Chain;
use coldamp_core::sign::{Part, SignatureSet, combine};
use coldamp_tests::{Desk, KEYS, Page, Scenario, signed_pset};
use serde_json::json;

use super::binary;
use super::job::{DISTRIBUTE, Honest, REISSUE};

/// Parts that are refused by a code.
struct Parts {
    code: Code,
    attack: &'static str,
    files: fn(&Honest) -> Vec<Vec<u8>>,
}

const fn row(code: Code, attack: &'static str, files: fn(&Honest) -> Vec<Vec<u8>>) -> Parts {
    Parts { code, attack, files }
}

const ROWS: &[Parts] = &[
    row(Code::PartContent, "the signatures of another job", |honest| {
        let name = if honest.treasury.descriptor.threshold() > 1 { Scenario::QUORUM } else { DISTRIBUTE.1 };
        vec![file(&part_of(Honest::of((DISTRIBUTE.0, name))))]
    }),
    row(Code::PartDescriptor, "signed for another descriptor", |honest| {
        vec![file(&SignatureSet { descriptor: [7; 32], ..part_of(honest) })]
    }),
    row(Code::Network, "two parts of two networks", |honest| {
        let own = part_of(honest);
        vec![file(&own), file(&SignatureSet { network: Chain::Liquid, ..own })]
    }),
    row(Code::PartTxid, "another transaction named", |honest| {
        vec![file(&SignatureSet { txid: Txid::from_byte_array([7; 32]), ..part_of(honest) })]
    }),
    row(Code::PartKey, "a key that is not in the descriptor", |honest| {
        let mut part = part_of(honest);
        part.signatures[0].key.inner = SecretKey::from_slice(&[7; 32]).unwrap().public_key(SECP256K1);
        vec![file(&part)]
    }),
    row(Code::PartKey, "the key of one input at another", |honest| {
        let mut part = part_of(honest);
        part.signatures[0].key = part.signatures[1].key;
        vec![file(&part)]
    }),
    row(Code::PartKey, "another signer named than the one whose key signed", |honest| {
        vec![file(&SignatureSet { fingerprint: [7; 4].into(), ..part_of(honest) })]
    }),
    row(Code::PartTwice, "the same part twice", |honest| {
        let part = file(&part_of(honest));
        vec![part.clone(), part]
    }),
    row(Code::PartTwice, "the same signatures once alone and once in a PSET", |honest| {
        let part = part_of(honest);
        vec![file(&part), signed_pset(&honest.text, &[&part])]
    }),
    row(Code::PartSignature, "the signature of another input", |honest| {
        let mut part = part_of(honest);
        part.signatures[0].signature = part.signatures[1].signature.clone();
        vec![file(&part)]
    }),
    row(Code::PartSignature, "a signature of ALL|RANGEPROOF called ALL", |honest| {
        vec![file(&with_sighash(part_of(honest), 0x01))]
    }),
    row(Code::PartSighash, "SINGLE", |honest| vec![file(&with_sighash(part_of(honest), 0x03))]),
    row(Code::PartSighash, "SINGLE|RANGEPROOF", |honest| vec![file(&with_sighash(part_of(honest), 0x43))]),
    row(Code::PartSighash, "ALL|ANYONECANPAY", |honest| vec![file(&with_sighash(part_of(honest), 0x81))]),
    row(Code::PartSighash, "ALL|ANYONECANPAY in a PSET", |honest| {
        vec![signed_pset(&honest.text, &[&with_sighash(part_of(honest), 0x81)])]
    }),
    row(Code::PartsMissing, "an input without a signature", |honest| {
        let mut part = part_of(honest);
        part.signatures.pop();
        vec![file(&part)]
    }),
    row(Code::PartsMissing, "a PSET without any signature", |honest| vec![signed_pset(&honest.text, &[])]),
    row(Code::PartField, "an input that the PSET does not have", |honest| {
        let mut part = part_of(honest);
        let mut more = part.signatures[0].clone();
        more.input = 200;
        part.signatures.push(more);
        vec![file(&part)]
    }),
    row(Code::PartField, "a signature that is not strict DER", |honest| {
        let mut part = part_of(honest);
        part.signatures[0].signature.insert(0, 0x30);
        vec![file(&part)]
    }),
    row(Code::PartPset, "a signed PSET that pays more", |honest| {
        changed(honest, |pset| {
            let output = &mut pset.outputs_mut()[0];
            output.amount = output.amount.map(|amount| amount + 1);
        })
    }),
    row(Code::PartPset, "a signed PSET that pays somebody else", |honest| {
        changed(honest, |pset| {
            let other = pset.outputs()[1].script_pubkey.clone();
            pset.outputs_mut()[0].script_pubkey = other;
        })
    }),
    row(Code::PartPset, "a signed PSET with an output more", |honest| {
        changed(honest, |pset| {
            let output = pset.outputs()[0].clone();
            pset.add_output(output);
        })
    }),
    row(Code::PartPset, "a signed PSET that is final", |honest| {
        changed(honest, |pset| pset.inputs_mut()[0].final_script_witness = Some(vec![vec![1]].into()))
    }),
    row(Code::PartPset, "a signed PSET that is blinded otherwise in one proof", |honest| {
        let blinded = honest.job().blinded(&honest.text);
        let mut pset: Pset = deserialize(&signed_pset(&blinded, &[&part_of(honest)])).unwrap();
        let other = pset.outputs()[1].blind_value_proof.clone();
        pset.outputs_mut()[0].blind_value_proof = other;
        vec![serialize(&pset)]
    }),
    row(Code::Parse, "a file that is neither", |_| vec![b"0".to_vec()]),
    row(Code::Version, "signatures of another version", |honest| {
        let text = part_of(honest).to_json().unwrap();
        vec![text.replace("coldamp.signatures/1", "coldamp.signatures/2").into_bytes()]
    }),
];

/// The codes that have a row.
pub(crate) fn codes() -> impl Iterator<Item = Code> {
    ROWS.iter().map(|row| row.code)
}

/// The PSET with honest signatures, and changed after that.
fn changed(honest: &Honest, change: fn(&mut Pset)) -> Vec<Vec<u8>> {
    let mut pset: Pset = deserialize(&signed_pset(&honest.text, &[&part_of(honest)])).unwrap();
    change(&mut pset);
    vec![serialize(&pset)]
}

fn part_of(honest: &Honest) -> SignatureSet {
    honest.job().part(honest.text.as_bytes(), &honest.treasury.signing_key(), 1)
}

fn with_sighash(mut part: SignatureSet, byte: u8) -> SignatureSet {
    *part.signatures[0].signature.last_mut().unwrap() = byte;
    part
}

fn file(set: &SignatureSet) -> Vec<u8> {
    set.to_json().unwrap().into_bytes()
}

/// What core says of the files, by the code.
fn in_core(honest: &Honest, files: &[Vec<u8>]) -> Result<(), Code> {
    let parts = files.iter().map(|file| Part::read(file)).collect::<Result<Vec<_>, _>>();
    let parts = parts.map_err(|error| error.code())?;
    let checked = honest.review(honest.text.as_bytes()).checked().unwrap().clone();
    combine(&honest.treasury.secp, &checked, &parts).map(|_| ()).map_err(|error| error.code())
}

#[test]
fn hostile_parts_are_refused_by_name_in_core() {
    let honest = Honest::of(REISSUE);
    assert_eq!(in_core(honest, &[file(&part_of(honest))]), Ok(()));
    for Parts { code, attack, files } in ROWS {
        assert_eq!(in_core(honest, &files(honest)), Err(*code), "{attack}");
    }
}

#[test]
fn too_few_signatures_are_counted_and_the_missing_signers_named() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = coldamp_tests::Treasury::of(&scenario);
    let job = treasury.job(&scenario, coldamp_tests::RequestKind::Burn);
    let pset = job.prepare().pset;
    let checked = job.review(pset.as_bytes()).checked().unwrap().clone();
    let part = Part::Signatures(job.part(pset.as_bytes(), &treasury.signing_key(), 1));
    let error = combine(&treasury.secp, &checked, &[part]).unwrap_err();
    assert_eq!(error.code(), Code::PartsMissing);
    assert_eq!(error.to_string(), "input 0 has 1 of 2 signatures; no signature of 28645006, b8688df1");
}

#[test]
fn hostile_parts_are_refused_by_name_in_both_binaries() {
    if !binary::is_wanted() {
        return;
    }
    let scenario = Scenario::load(REISSUE.1);
    let (honest, desk) = (Honest::of(REISSUE), Desk::cold_copy(&scenario));
    desk.write("job.pset", &honest.text);
    desk.write("descriptor", scenario.ct_descriptor());
    for Parts { code, attack, files } in ROWS {
        refused_by_both(&desk, *code, attack, &files(honest));
    }
}

/// Brings parts to both binaries.
fn refused_by_both(desk: &Desk, code: Code, attack: &str, files: &[Vec<u8>]) {
    let names = written(desk, files);
    for (binary, arguments) in
        [("coldamp", KEYS), ("coldamp-online", "--descriptor descriptor --network regtest")]
    {
        let run = desk.run(binary, &format!("combine job.pset {} {arguments} -o out.json", names.join(" ")));
        let exit = i32::from(code.exit().unwrap().number());
        assert_eq!((run.code, desk.has("out.json")), (exit, false), "{binary}: {attack}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("error[{code}]: ")), "{binary}: {attack}: {}", run.stderr);
    }
}

/// The same beside an honest part of a second signer, on the machine of the first.
#[test]
fn a_hostile_part_of_a_quorum_is_refused_whatever_the_other_signers_gave() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let honest = Honest::of((coldamp_tests::RequestKind::Burn, Scenario::QUORUM));
    let second = honest.job().part(honest.text.as_bytes(), &honest.treasury.signing_keys()[1], 2);
    let with_second = |mut files: Vec<Vec<u8>>| {
        files.push(file(&second));
        files
    };
    assert_eq!(in_core(honest, &with_second(vec![file(&part_of(honest))])), Ok(()));
    for Parts { code, attack, files } in ROWS {
        assert_eq!(in_core(honest, &with_second(files(honest))), Err(*code), "{attack}");
    }
    if !binary::is_wanted() {
        return;
    }
    let desk = Desk::cold_copy(&scenario);
    desk.write("job.pset", &honest.text);
    desk.write("descriptor", scenario.ct_descriptor());
    for Parts { code, attack, files } in ROWS {
        refused_by_both(&desk, *code, attack, &with_second(files(honest)));
    }
}

#[test]
fn hostile_parts_are_refused_by_name_in_the_page() {
    if !binary::is_wanted() {
        return;
    }
    let Some(page) = Page::found() else { return };
    let (honest, desk) = (Honest::of(REISSUE), Desk::default());
    desk.write("job.pset", &honest.text);
    desk.write("descriptor", Scenario::load(REISSUE.1).ct_descriptor());
    let step = |parts: &[String]| json!({ "do": "combine", "descriptor": "descriptor", "pset": "job.pset", "parts": parts, "output": "out.json" });
    for Parts { code, attack, files } in ROWS {
        let names = written(&desk, &files(honest));
        let outcome = page.run(&desk, &[step(&names)]).remove(0);
        assert_eq!(outcome["failure"]["code"], code.as_str(), "{attack}: {outcome}");
    }
    let names = written(&desk, &[file(&part_of(honest))]);
    let outcome = page.run(&desk, &[step(&names)]).remove(0);
    assert_eq!(outcome["done"]["signers"][0]["journal"]["number"], 1, "{outcome}");
}

/// Writes the files of parts. Gives back their names.
fn written(desk: &Desk, files: &[Vec<u8>]) -> Vec<String> {
    let name = |(number, file): (usize, &Vec<u8>)| {
        let name = format!("part-{number}");
        desk.write(&name, file);
        name
    };
    files.iter().enumerate().map(name).collect()
}
