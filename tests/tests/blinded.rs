//! A PSET that is blinded for signers who do not blind. What others read of it in node tests is in `node/peers.rs`; what is refused
//! is in `hostile/rows_fields.rs` and `hostile/rows_parts.rs`.

use coldamp_core::elements::Transaction;
use coldamp_core::elements::pset::PartiallySignedTransaction as Pset;
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::{Part, combine};
use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, signed_pset};

/// Every job of every recording.
fn every(check: impl Fn(&str, &Treasury, &coldamp_tests::Job<'_>, &str, &str)) {
    for scenario in Scenario::all_with_quorum() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let job = treasury.job(&scenario, kind);
            let unsigned = job.prepare().pset;
            let blinded = job.blinded(&unsigned);
            check(&format!("{} {}", scenario.name(), kind.name()), &treasury, &job, &unsigned, &blinded);
        }
    }
}

#[test]
fn a_blinded_pset_passes_the_review_that_its_unsigned_pset_passes() {
    every(|name, _, job, unsigned, blinded| {
        assert!(!UnsignedPset::read(blinded.as_bytes()).unwrap().blinding.is_empty(), "{name}");
        let [before, after] = [unsigned, blinded].map(|pset| job.review(pset.as_bytes()));
        assert!(after.mismatches.is_empty(), "{name}: {:#?}", after.mismatches);
        assert_eq!(before.approval_code(), after.approval_code(), "{name}");
        assert_eq!(before.warnings, after.warnings, "{name}");
        // It is made of an unsigned PSET alone, and always the same.
        assert_eq!(job.blinded(unsigned), blinded, "{name}");
    });
}

#[test]
fn a_blinded_pset_is_the_transaction_that_is_signed_with_proofs_of_what_it_pays() {
    every(|name, treasury, job, _, blinded| {
        let secp = &treasury.secp;
        let pset: Pset = blinded.parse().unwrap();
        let checked = job.review(blinded.as_bytes()).checked().unwrap().clone();
        let transaction: Transaction = pset.extract_tx().unwrap();
        let mut signed = transaction.clone();
        for (input, effect) in signed.input.iter_mut().zip(&checked.effects().inputs) {
            input.script_sig = effect.own.as_ref().unwrap().script_sig();
        }
        assert_eq!(signed.txid(), checked.txid(), "{name}");
        for (index, output) in pset.outputs().iter().enumerate() {
            assert_eq!(output.is_fully_blinded(), output.blinding_key.is_some(), "{name} output {index}");
            let (Some(generator), Some(commitment)) = (output.asset_comm, output.amount_comm) else {
                continue;
            };
            let (value, asset) = (output.amount.unwrap(), output.asset.unwrap());
            let proof = output.blind_value_proof.as_ref().unwrap();
            assert!(
                proof.blind_value_proof_verify(secp, value, generator, commitment),
                "{name} output {index}"
            );
            let proof = output.blind_asset_proof.as_ref().unwrap();
            assert!(proof.blind_asset_proof_verify(secp, asset, generator), "{name} output {index}");
        }
        // Amount and asset of each blinded coin, which the review verifies as claims.
        for (input, effect) in pset.inputs().iter().zip(&checked.effects().inputs) {
            let secrets = effect.secrets.unwrap();
            let claimed = input.amount.zip(input.asset);
            assert_eq!(claimed, effect.is_blinded().then_some((secrets.value, secrets.asset)), "{name}");
        }
    });
}

#[test]
fn a_part_of_a_blinded_pset_is_that_of_its_unsigned_pset() {
    every(|name, treasury, job, unsigned, blinded| {
        let keys = treasury.signing_keys();
        let sets: Vec<_> = (1..)
            .zip(&keys)
            .take(treasury.descriptor.threshold())
            .map(|(number, key)| job.part(blinded.as_bytes(), key, number))
            .collect();
        for (set, (number, key)) in sets.iter().zip((1..).zip(&keys)) {
            assert_eq!(*set, job.part(unsigned.as_bytes(), key, number), "{name}");
        }
        let checked = job.review(unsigned.as_bytes()).checked().unwrap().clone();
        let sets: Vec<_> = sets.iter().collect();
        // As another signer gives it back: the blinded PSET with signatures. And as one who blinds gives it back.
        let files = [blinded, unsigned].map(|pset| {
            let part = Part::read(&signed_pset(pset, &sets)).unwrap();
            combine(&treasury.secp, &checked, &[part]).unwrap_or_else(|error| panic!("{name}: {error}"))
        });
        let [one, other] = files.map(|file| file.to_json().unwrap());
        assert_eq!(one, other, "{name}");
    });
}

/// `prepare --blinded` through the binary, signed by the cold machine as the unsigned PSET is.
#[test]
fn the_binaries_prepare_and_sign_a_blinded_pset() {
    let scenario = Scenario::load("wpkh");
    let cold = Desk::cold(&scenario);
    cold.write("treasury.descriptor", scenario.ct_descriptor());
    cold.write("request.json", scenario.request(RequestKind::Burn));
    cold.write("transactions.json", scenario.transactions());
    let prepare = "prepare request.json --descriptor treasury.descriptor --network regtest --transactions transactions.json";
    cold.run("coldamp-online", &format!("{prepare} -o unsigned.pset")).done();
    let run = cold.run("coldamp-online", &format!("{prepare} --blinded -o blinded.pset")).done();
    assert!(run.stderr.contains("blinded PSET   blinded.pset"), "{}", run.stderr);
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Burn);
    assert_eq!(cold.read("blinded.pset").trim(), job.blinded(&cold.read("unsigned.pset")));
    let code = job.review(cold.read("blinded.pset").as_bytes()).approval_code().unwrap();
    for name in ["blinded", "unsigned"] {
        cold.run("coldamp", &format!("sign {name}.pset {KEYS} --approve {code} -o {name}.json")).done();
    }
    assert_eq!(cold.read("blinded.json"), cold.read("unsigned.json"));
}
