//! What the extractor tells of a faulty transaction, on any number of threads.

use elements::SurjectionProof;
use elements::secp256k1_zkp::Secp256k1;

use super::*;
use crate::Secp;
use crate::network::{Chain, Network};
use crate::pset::UnsignedPset;
use crate::secp::Threads;
use crate::sign::blinder::Blinder;
use crate::sign::finalizer::finalize;
use crate::sign::review::{JournalState, ReviewOptions, review};
use crate::sign::signatures::{InputSignature, Signatures};
use crate::treasury::CtDescriptor;

const PSET: &[u8] = include_bytes!("../../../../tests/vectors/blinding/wpkh.distribute.pset");
const DESCRIPTOR: &str = include_str!("../../../../tests/vectors/blinding/wpkh.distribute.descriptor");

/// What the extractor says of the vector's transaction after a change, with signatures that sign nothing. They are looked at
/// after everything else.
fn refused(change: impl Fn(&mut Transaction)) -> ExtractError {
    let on = |count: usize| {
        let secp = Secp::with(Secp256k1::new(), Threads::new(count).unwrap());
        let network = Network::new(Chain::Regtest);
        let descriptor = CtDescriptor::parse(DESCRIPTOR.trim(), network.chain()).unwrap();
        let pset = UnsignedPset::read(PSET).unwrap();
        let (journal, options) = (JournalState::default(), ReviewOptions::default());
        let judged = review(&secp, &network, &descriptor, &pset, &journal, options).into_judged().unwrap();
        let checked = judged.checked();
        let blinded = Blinder::new(&secp, checked).unwrap().blind().unwrap();
        let mut signatures = Signatures::default();
        for (input, effect) in checked.effects().inputs.iter().enumerate() {
            let key = effect.own.as_ref().unwrap().keys()[0].public_key;
            signatures.add(InputSignature { input, key, signature: vec![0x30; 71] }).unwrap();
        }
        let mut transaction = finalize(blinded.transaction, checked, &signatures).unwrap();
        change(&mut transaction);
        let extracted = extract(&secp, checked, blinded.openings, &encode::serialize(&transaction));
        extracted.err().unwrap()
    };
    let alone = on(1);
    for count in [2, 16] {
        assert_eq!(on(count), alone, "{count} threads");
    }
    alone
}

/// The first two blinded outputs.
fn two_blinded(transaction: &Transaction) -> [usize; 2] {
    let mut blinded = (0..).zip(&transaction.output).filter(|(_, output)| output.asset.is_confidential());
    [blinded.next().unwrap().0, blinded.next().unwrap().0]
}

fn swap_proofs(transaction: &mut Transaction) {
    let [first, second] = two_blinded(transaction);
    let proof = transaction.output[first].witness.rangeproof.clone();
    let instead = std::mem::replace(&mut transaction.output[second].witness.rangeproof, proof);
    transaction.output[first].witness.rangeproof = instead;
}

#[test]
fn an_unchanged_transaction_fails_for_its_signatures_alone() {
    assert_eq!(refused(|_| ()), ExtractError::Script(ScriptError::SighashByte { index: 0, found: 0x30 }));
}

#[test]
fn a_range_proof_of_another_output_is_refused_and_the_first_is_told() {
    assert_eq!(refused(swap_proofs), ExtractError::Unreadable { index: 0 });
}

#[test]
fn of_faults_of_two_kinds_that_of_the_first_output_is_told() {
    let refusal = refused(|transaction| {
        let [first, second] = two_blinded(transaction);
        swap_proofs(transaction);
        transaction.output[first].value = transaction.output[second].value;
    });
    assert_eq!(refusal, ExtractError::Commitment { index: 0 });
}

#[test]
fn a_surjection_proof_of_another_output_is_refused() {
    let refusal = refused(|transaction| {
        let [first, second] = two_blinded(transaction);
        let proof: SurjectionProof = transaction.output[second].witness.surjection_proof.clone();
        transaction.output[first].witness.surjection_proof = proof;
        transaction.output[second].witness.surjection_proof = SurjectionProof::EMPTY;
    });
    let reason = "Surjection proof verification failed for output index 0".to_owned();
    assert_eq!(refusal, ExtractError::Amounts(AmountError::Proof { reason }));
}
