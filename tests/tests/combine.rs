//! Parts of a signature, combined: of a single key, and of any two of three keys, in any order and in any form. What is refused is in
//! `hostile/rows_parts.rs`.

use std::path::Path;

use coldamp_core::code::Code;
use coldamp_core::consensus::{SighashType, Sighashes};
use coldamp_core::elements::Witness;
use coldamp_core::elements::bitcoin::NetworkKind;
use coldamp_core::elements::bitcoin::bip32::Xpriv;
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::elements::secp256k1_zkp::Message;
use coldamp_core::sign::review::CheckedPset;
use coldamp_core::sign::{Part, SignatureSet, audit_without_keys, combine};
use coldamp_core::signed::{JournalPosition, SignedFile, Signers};
use coldamp_tests::{Desk, Honest, Job, KEYS, RequestKind, Scenario, Treasury, signed_pset};

fn combined(job: &Job<'_>, pset: &str, parts: &[Part]) -> SignedFile {
    combine(&job.treasury.secp, &checked(job, pset), parts).unwrap_or_else(|error| panic!("{error}"))
}

fn checked(job: &Job<'_>, pset: &str) -> CheckedPset {
    job.review(pset.as_bytes()).checked().unwrap().clone()
}

fn text(file: &SignedFile) -> String {
    file.to_json().unwrap()
}

/// The file read back, as the online side reads it.
fn reread(set: &SignatureSet) -> Part {
    let text = set.to_json().unwrap();
    let part = Part::read(text.as_bytes()).unwrap();
    assert_eq!(part, Part::Signatures(set.clone()));
    part
}

#[test]
fn the_signatures_of_a_single_key_combine_to_the_file_that_sign_writes() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let name = format!("{} {}", scenario.name(), kind.name());
            let job = treasury.job(&scenario, kind);
            let pset = job.prepare().pset;
            let signed = job.sign(pset.as_bytes());
            let Signers::One(position) = signed.signers() else { panic!("{name}") };
            let set = job.part(pset.as_bytes(), &treasury.signing_key(), 0);
            let set = SignatureSet { signer: Some(*position), ..set };
            assert_eq!(text(&combined(&job, &pset, &[reread(&set)])), text(&signed), "{name}");
            let inputs = set.signatures.len();
            let length = set.to_json().unwrap().len();
            assert!(length <= 1_000 || inputs > 2, "{name}: {length} bytes for {inputs} inputs");
            if scenario.name() == "wpkh-80-recipients" {
                assert!(length <= 1_000, "{name}: {length} bytes for {inputs} inputs");
            }

            // As a signed PSET it names no journal.
            let file = signed_pset(&pset, &[&set]);
            let file = combined(&job, &pset, &[Part::read(&file).unwrap()]);
            let Signers::Several(signers) = file.signers() else { panic!("{name}") };
            assert_eq!(signers.iter().collect::<Vec<_>>(), [(&set.fingerprint, &None)], "{name}");
            assert_eq!((file.txid(), signed.txid()), (set.txid, set.txid), "{name}");
            let without = |text: &str| {
                text.split_once("\"wtxid\"").unwrap().1.split_once("\"signer").unwrap().0.to_owned()
            };
            assert_eq!(without(&text(&file)), without(&text(&signed)), "{name}");
        }
    }
}

#[test]
fn any_two_of_three_keys_in_any_order_make_the_same_transaction() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let keys = treasury.signing_keys();
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let pset = job.prepare().pset;
        let checked = checked(&job, &pset);
        // In parallel: all three sign the same unsigned file.
        let sets: Vec<SignatureSet> =
            (1..).zip(&keys).map(|(number, key)| job.part(pset.as_bytes(), key, number)).collect();
        let parts: Vec<Part> = sets.iter().map(reread).collect();
        let all_positions = |numbers: &[u8]| -> Vec<JournalPosition> {
            numbers
                .iter()
                .map(|number| JournalPosition {
                    id: [*number; 16],
                    number: u32::from(*number),
                    head: [*number; 32],
                })
                .collect()
        };
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let name = format!("{}: {one} and {other}", kind.name());
            let file = combined(&job, &pset, &[parts[one].clone(), parts[other].clone()]);
            let swapped = combined(&job, &pset, &[parts[other].clone(), parts[one].clone()]);
            assert_eq!(text(&file), text(&swapped), "{name}");
            let signed =
                SignedFile::read(text(&file).as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(signed.opens(&treasury.secp), Ok(()), "{name}");
            assert_eq!(
                audit_without_keys(&treasury.secp, &checked, text(&file).as_bytes()),
                Ok(()),
                "{name}"
            );
            let mut positions: Vec<JournalPosition> =
                signed.signers().positions_by_signer().into_iter().map(|(_, position)| *position).collect();
            positions.sort_by_key(|position| position.number);
            let numbers = [one, other].map(|index| u8::try_from(index + 1).unwrap());
            assert_eq!(positions, all_positions(&numbers), "{name}");
            assert_eq!(signed.txid(), checked.txid(), "{name}");

            // One after the other: the second signer adds to the PSET that the first one signed.
            let both = signed_pset(&pset, &[&sets[one], &sets[other]]);
            let after = combined(&job, &pset, &[Part::read(&both).unwrap()]);
            let mixed = [Part::read(&signed_pset(&pset, &[&sets[other]])).unwrap(), parts[one].clone()];
            for other in [after, combined(&job, &pset, &mixed)] {
                let read = SignedFile::read(text(&other).as_bytes()).unwrap();
                assert_eq!(read.transaction(), signed.transaction(), "{name}");
                assert_eq!(read.payload(), signed.payload(), "{name}");
            }
        }
        // A journal belongs to one signer: two parts that name the same one are refused.
        let same_journal =
            [&keys[0], &keys[1]].map(|key| Part::Signatures(job.part(pset.as_bytes(), key, 1)));
        let refused = combine(&treasury.secp, &checked, &same_journal).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), Code::PartTwice, "{refused}");
        // Of three parts, the first two in the order of the keys are taken, and all three signers are named.
        let reversed: Vec<Part> = parts.iter().rev().cloned().collect();
        let (file, swapped) = (combined(&job, &pset, &parts), combined(&job, &pset, &reversed));
        assert_eq!(text(&file), text(&swapped));
        let read = |file: &SignedFile| SignedFile::read(text(file).as_bytes()).unwrap();
        let first_two = read(&combined(&job, &pset, &parts[..2]));
        assert_eq!(read(&file).transaction(), first_two.transaction());
        assert_eq!(file.signers().positions_by_signer().len(), 3);
    }
}

#[test]
fn a_part_of_a_quorum_takes_at_most_1000_bytes_for_two_inputs() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    for kind in RequestKind::ALL {
        let job = treasury.job(&scenario, kind);
        let pset = job.prepare().pset;
        let set = job.part(pset.as_bytes(), &treasury.signing_key(), 1);
        let (length, inputs) = (set.to_json().unwrap().len(), set.signatures.len());
        assert!(length <= 1_000 || inputs > 2, "{}: {length} bytes for {inputs} inputs", kind.name());
    }
}

/// The parts that the browser test brings to the page. `COLDAMP_WRITE_VECTORS=1` writes them.
#[test]
fn the_parts_of_the_browser_test_are_those_of_its_pset() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/quorum");
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Burn);
    let pset = std::fs::read_to_string(folder.join("wsh-2of3.burn.pset")).unwrap();
    let mut parts = Vec::new();
    for (number, key) in (1..).zip(&treasury.signing_keys()[..2]) {
        let (set, path) = (
            job.part(pset.as_bytes(), key, number),
            folder.join(format!("wsh-2of3.burn.part-{number}.json")),
        );
        if std::env::var_os("COLDAMP_WRITE_VECTORS").is_some() {
            std::fs::write(&path, set.to_json().unwrap()).unwrap();
        }
        parts.push(reread(&set));
        assert_eq!(std::fs::read_to_string(path).unwrap(), set.to_json().unwrap());
    }
    assert_eq!(combined(&job, &pset, &parts).txid(), checked(&job, &pset).txid());
}

#[test]
fn what_a_part_adds_to_the_transaction_is_a_witness_and_nothing_else() {
    let honest = Honest::of((RequestKind::Reissue, "sh-wpkh"));
    let job = honest.job();
    let set = job.part(honest.text.as_bytes(), &honest.treasury.signing_key(), 1);
    let signed = SignedFile::read(text(&combined(&job, &honest.text, &[reread(&set)])).as_bytes()).unwrap();
    let mut bare = signed.transaction().clone();
    for input in &mut bare.input {
        assert!(!input.witness.script_witness.is_empty() && !input.script_sig.is_empty());
        input.witness.script_witness = Witness::default();
    }
    assert_eq!(bare.txid(), honest.review(honest.text.as_bytes()).checked().unwrap().txid());
}

/// What a wallet gives that signs ALL, as most do.
fn part_of_all(scenario: &Scenario, job: &Job<'_>, pset: &str, position: usize) -> SignatureSet {
    let (treasury, checked) = (job.treasury, checked(job, pset));
    let blinded: Pset = job.blinded(pset).parse().unwrap();
    let transaction = blinded.extract_tx().unwrap();
    let digests = Sighashes::of(&transaction);
    let seed = bip39::Mnemonic::parse(scenario.mnemonics()[position].as_str()).unwrap().to_seed("");
    let master = Xpriv::new_master(NetworkKind::Test, &seed).unwrap();
    let number = u8::try_from(position).unwrap() + 1;
    let mut part = job.part(pset.as_bytes(), &treasury.signing_keys()[position], number);
    for signature in &mut part.signatures {
        let effect = &checked.effects().inputs[signature.input];
        let (own, spent) = (effect.own.as_ref().unwrap(), effect.spent.as_ref().unwrap());
        let (_, path) = treasury.descriptor.keys()[position].source(own.path);
        let secret = master.derive_priv(&treasury.secp, &path).unwrap().private_key;
        let digest =
            digests.digest(signature.input, &own.script_code(), &spent.value, SighashType::All).unwrap();
        let made = treasury.secp.sign_ecdsa_low_r(&Message::from_digest(digest.0), &secret);
        signature.signature = [&made.serialize_der()[..], &[SighashType::All.byte()]].concat();
    }
    part
}

/// Signatures of ALL alone leave the proofs of the outputs open to whoever knows the blinders.
#[test]
fn both_binaries_warn_where_no_signature_of_an_input_covers_the_proofs() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Burn);
    let pset = job.prepare().pset;
    let desk = Desk::cosigner(&scenario, 0);
    desk.write("job.pset", &pset);
    desk.write("descriptor", scenario.ct_descriptor());
    desk.write("ours", job.part(pset.as_bytes(), &treasury.signing_keys()[0], 1).to_json().unwrap());
    for (name, position) in [("one", 1), ("two", 2)] {
        desk.write(name, part_of_all(&scenario, &job, &pset, position).to_json().unwrap());
    }
    let inputs: Vec<String> =
        (0..checked(&job, &pset).effects().inputs.len()).map(|index| index.to_string()).collect();
    let warning = format!(
        "warning[PROOFS_UNSIGNED]: every signature of input {} has sighash byte 0x01 (ALL)",
        inputs.join(", ")
    );
    for (binary, arguments) in [("coldamp", KEYS), ("coldamp-online", "--descriptor descriptor")] {
        for (parts, is_open) in
            [("one two", true), ("two one", true), ("ours one", false), ("two ours", false)]
        {
            let out = format!("{binary} {parts}.json").replace(' ', "-");
            let run = desk.run(binary, &format!("combine job.pset {parts} {arguments} -o {out}")).done();
            assert_eq!(run.stderr.contains(&warning), is_open, "{binary} {parts}: {}", run.stderr);
            assert_eq!(run.stderr.contains("PROOFS_UNSIGNED"), is_open, "{binary} {parts}: {}", run.stderr);
        }
    }
}

/// One key signs on the cold machine, and both binaries make signed.json of it, as `sign` writes it.
#[test]
fn the_binaries_combine_what_a_single_key_signed() {
    let scenario = Scenario::load("wpkh");
    let cold = Desk::cold(&scenario);
    let honest = Honest::of((RequestKind::Burn, "wpkh"));
    cold.write("job.pset", &honest.text);
    cold.write("treasury.descriptor", scenario.ct_descriptor());
    let code = honest.review(honest.text.as_bytes()).approval_code().unwrap();
    let sign = format!("sign job.pset {KEYS} --approve {code}");
    let run = cold.run("coldamp", &format!("{sign} --signatures")).done();
    assert!(run.stderr.contains("\nwritten      signatures.json\n"), "{}", run.stderr);
    assert!(run.stderr.contains("coldamp-online combine"), "{}", run.stderr);
    assert_eq!(cold.mode("signatures.json"), 0o600);
    assert!(!cold.has("signed.json"));
    let journal = cold.read("keystore.journal");
    // The same signing is given out again under the same entry.
    cold.run("coldamp", &sign).done();
    assert_eq!(cold.read("keystore.journal"), journal);
    let signed = cold.read("signed.json");

    let combine = "combine job.pset signatures.json";
    let run = cold.run("coldamp", &format!("{combine} {KEYS} -o cold.json")).done();
    assert!(
        run.stderr.contains("The journal has no new entry, because nothing was signed here."),
        "{}",
        run.stderr
    );
    let online = cold
        .run("coldamp-online", &format!("{combine} --descriptor treasury.descriptor -o online.json"))
        .done();
    assert!(
        online.stderr.contains("combined       transaction ") && online.stdout.is_empty(),
        "{}",
        online.stderr
    );
    for name in ["cold.json", "online.json"] {
        assert_eq!(cold.read(name), signed, "{name}");
        assert_eq!(cold.mode(name), 0o600, "{name}");
    }
    assert_eq!(cold.read("keystore.journal"), journal);
    // An existing file is not overwritten.
    for (binary, arguments) in [("coldamp", KEYS), ("coldamp-online", "--descriptor treasury.descriptor")] {
        let run = cold.run(binary, &format!("{combine} {arguments}"));
        assert_eq!(run.code, 7, "{}", run.stderr);
    }
    // A signed PSET names no network.
    let set = SignatureSet::read(cold.read("signatures.json").as_bytes()).unwrap();
    cold.write("part.pset", signed_pset(&honest.text, &[&set]));
    let of_pset = "combine job.pset part.pset --descriptor treasury.descriptor -o pset.json";
    let run = cold.run("coldamp-online", of_pset);
    assert!(run.code == 2 && run.stderr.contains("no part names the network"), "{}", run.stderr);
    cold.run("coldamp-online", &format!("{of_pset} --network regtest")).done();
    assert!(cold.read("pset.json").contains("\"version\": 2"));
}
