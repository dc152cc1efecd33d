//! The number of threads changes nothing: bytes, refusals and the order of what is told are the same on 1, 2 and 16.

use coldamp_core::Secp;
use coldamp_core::consensus::{AmountError, verify_amounts};
use coldamp_core::elements::confidential::{Asset, Value};
use coldamp_core::elements::encode::serialize;
use coldamp_core::elements::secp256k1_zkp::Secp256k1;
use coldamp_core::elements::{RangeProof, SurjectionProof, Transaction, TxOut};
use coldamp_core::secp::Threads;
use coldamp_core::sign::audit_without_keys;
use coldamp_core::signed::SignedFile;
use coldamp_tests::{Desk, Honest, JobName, KEYS, RequestKind, Scenario, Treasury, VARIED};

const COUNTS: [usize; 3] = [1, 2, 16];

const EIGHTY: JobName = (RequestKind::Distribute, "wpkh-80-recipients");

fn secp(count: usize) -> Secp {
    Secp::with(Secp256k1::new(), Threads::new(count).unwrap())
}

/// The treasury of a job, which computes on this many threads.
fn treasury(name: &str, count: usize) -> Treasury {
    let mut treasury = Treasury::of(&Scenario::load(name));
    treasury.secp = secp(count);
    treasury
}

/// A signed job: its transaction, and the outputs that it spends.
struct Finished {
    transaction: Transaction,
    spent: Vec<TxOut>,
}

impl Finished {
    fn of(job: JobName) -> Self {
        let honest = Honest::of(job);
        let file = honest.job().sign(honest.text.as_bytes()).to_json().unwrap();
        let transaction = SignedFile::read(file.as_bytes()).unwrap().transaction().clone();
        let spent = honest.content.inputs.iter().map(|input| input.spent.clone()).collect();
        Finished { transaction, spent }
    }

    /// What rust-elements, which knows no threads, says of the transaction after a change.
    fn by_library(&self, transaction: &Transaction) -> Result<(), String> {
        let verified = transaction.verify_tx_amt_proofs(&secp(1), &self.spent);
        verified.map_err(|error| error.to_string())
    }

    /// Applies a change, and demands of every number of threads what the library says.
    fn refused(&self, change: impl Fn(&mut Transaction)) -> String {
        let mut changed = self.transaction.clone();
        change(&mut changed);
        let reason = self.by_library(&changed).expect_err("a change that is refused");
        for count in COUNTS {
            let found = verify_amounts(&secp(count), &changed, &self.spent);
            assert_eq!(found, Err(AmountError::Proof { reason: reason.clone() }), "{count} threads");
        }
        reason
    }
}

#[test]
fn what_is_signed_is_the_same_and_an_audit_agrees() {
    for (kind, name) in VARIED.into_iter().chain([EIGHTY]) {
        let mut files = Vec::new();
        for count in COUNTS {
            let (scenario, treasury) = (Scenario::load(name), treasury(name, count));
            let job = treasury.job(&scenario, kind);
            let pset = job.prepare().pset;
            let file = job.sign(pset.as_bytes()).to_json().unwrap();
            let review = job.review(pset.as_bytes());
            let audited = audit_without_keys(&treasury.secp, review.checked().unwrap(), file.as_bytes());
            assert_eq!(audited, Ok(()), "{name} {kind:?} on {count} threads");
            files.push((pset, file));
        }
        assert!(files.iter().all(|file| *file == files[0]), "{name} {kind:?}");
    }
}

#[test]
fn a_review_of_a_hostile_pset_says_the_same_in_the_same_order() {
    let honest = Honest::of(EIGHTY);
    let mut pset = honest.pset.clone();
    for input in pset.inputs_mut() {
        input.in_utxo_rangeproof = None;
    }
    for output in &mut pset.outputs_mut()[10..20] {
        output.amount = Some(0);
    }
    let reviewed = |count: usize| {
        let (scenario, treasury) = (Scenario::load(EIGHTY.1), treasury(EIGHTY.1, count));
        let review = treasury.job(&scenario, EIGHTY.0).review(&serialize(&pset));
        (review.failed, review.mismatches, review.warnings)
    };
    let alone = reviewed(1);
    assert!(alone.0 > 12, "{alone:#?}");
    for count in COUNTS {
        assert_eq!(reviewed(count), alone, "{count} threads");
    }
}

#[test]
fn of_several_bad_outputs_the_same_one_is_told_as_by_the_library() {
    let finished = Finished::of(EIGHTY);
    assert_eq!(finished.by_library(&finished.transaction), Ok(()));
    for count in COUNTS {
        assert_eq!(verify_amounts(&secp(count), &finished.transaction, &finished.spent), Ok(()));
    }
    let swap_proofs = |transaction: &mut Transaction, one: usize, other: usize| {
        let proof = transaction.output[one].witness.rangeproof.clone();
        let instead = std::mem::replace(&mut transaction.output[other].witness.rangeproof, proof);
        transaction.output[one].witness.rangeproof = instead;
    };
    let told = finished.refused(|transaction| {
        swap_proofs(transaction, 71, 7);
        transaction.output[30].witness.surjection_proof = SurjectionProof::EMPTY;
    });
    // rust-elements writes index and reason in the other's place.
    assert_eq!(told, "Rangeproof Error 7 : for output index failed to verify range proof");
    let told = finished.refused(|transaction| {
        swap_proofs(transaction, 71, 40);
        transaction.output[40].witness.surjection_proof = SurjectionProof::EMPTY;
        transaction.output[30].witness.surjection_proof = SurjectionProof::EMPTY;
    });
    assert_eq!(told, "Missing Surjection Proof for output index 30");
    let told = finished.refused(|transaction| {
        transaction.output[12].witness.rangeproof = RangeProof::EMPTY;
        transaction.output[11].witness.surjection_proof =
            transaction.output[13].witness.surjection_proof.clone();
    });
    assert_eq!(told, "Surjection proof verification failed for output index 11");
    let told = finished.refused(|transaction| {
        let fee = transaction.output.iter_mut().find(|output| output.script_pubkey.is_empty());
        fee.unwrap().value = Value::Explicit(1);
    });
    assert_eq!(told, "Confidential transaction verification balance check failed");
    let told = finished.refused(|transaction| {
        let asset = transaction.output.iter().find_map(|output| output.asset.explicit()).unwrap();
        transaction.output[5].asset = Asset::Explicit(asset);
    });
    assert_eq!(told, "Rangeproof Error 5 : for output index failed to verify range proof");
}

#[test]
fn of_several_bad_rows_of_a_report_the_first_is_told() {
    let honest = Honest::of(EIGHTY);
    let file = honest.job().sign(honest.text.as_bytes()).to_json().unwrap();
    // Each recipient is paid in one entry of the report. Entries from the twentieth on are given the blinder of its neighbour.
    let signed = SignedFile::read(file.as_bytes()).unwrap();
    let mut payload = signed.payload().clone();
    let coldamp_core::amp::confirm::Payload::Distribute { tx_data, .. } = &mut payload else { panic!() };
    let other = tx_data.details[0].amountblinder;
    for row in &mut tx_data.details[20..60] {
        row.amountblinder = other;
    }
    let vout = tx_data.details[20].vout;
    let alone = payload.opens(&secp(1), signed.transaction()).unwrap_err();
    assert_eq!(alone, coldamp_core::amp::confirm::RowError::Output { vout });
    for count in COUNTS {
        assert_eq!(payload.opens(&secp(count), signed.transaction()), Err(alone), "{count} threads");
    }
}

#[test]
fn a_sync_finds_the_same_coins() {
    for (kind, name) in VARIED {
        let found = |count: usize| {
            let (scenario, treasury) = (Scenario::load(name), treasury(name, count));
            let holdings = treasury.holdings(&treasury.job(&scenario, kind).request());
            (holdings.coins, holdings.unconfirmed)
        };
        let alone = found(1);
        assert!(!alone.0.is_empty(), "{name}");
        for count in COUNTS {
            assert_eq!(found(count), alone, "{name} on {count} threads");
        }
    }
}

#[test]
fn the_binaries_take_a_number_of_threads_and_write_the_same() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let desk = Desk::cold(&scenario);
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("request.json", scenario.request(RequestKind::Distribute));
    desk.write("transactions.json", scenario.transactions());
    let prepare = "prepare request.json --descriptor treasury.descriptor --network regtest --transactions transactions.json";
    for (place, count) in COUNTS.into_iter().enumerate() {
        let pset = format!("{count}.pset");
        // A request that was prepared before takes the same coins and addresses again.
        desk.run("coldamp-online", &format!("{prepare} --threads {count} -o {pset}")).done();
        assert_eq!(desk.read(&pset).trim_end(), job.prepare().pset, "{count} threads");
        let code = job.review(desk.read(&pset).trim_end().as_bytes()).approval_code().unwrap();
        let sign = format!("sign {pset} {KEYS} --threads {count} --approve {code} -o {count}.json");
        desk.run("coldamp", &sign).done();
        assert_eq!(desk.read(&format!("{count}.json")), desk.read("1.json"), "{place}: {count} threads");
        let audit = format!("review {pset} {KEYS} --threads {count} --signed 1.json");
        desk.run("coldamp", &audit).done();
    }
    for wrong in ["0", "257", "all"] {
        let review = desk.run("coldamp", &format!("review 1.pset {KEYS} --threads {wrong}"));
        let prepare = desk.run("coldamp-online", &format!("{prepare} --threads {wrong} -o x.pset"));
        for run in [review, prepare] {
            assert_eq!(run.code, 2, "{run:?}");
            let expected =
                format!("invalid value '{wrong}' for '--threads <N>': expected a whole number from 1 to 256");
            assert!(run.stderr.contains(&expected), "{run:?}");
        }
    }
}
