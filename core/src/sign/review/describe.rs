//! Derives what a PSET does from the PSET and the descriptor alone, and every mismatch that needs no request to be seen.

mod claims;
mod inputs;
mod outputs;

use super::change_limit::ChangeLimit;
use super::effects::{Effects, shape};
use super::journal_state::JournalState;
use super::mismatch::Mismatch;
use super::options::ReviewOptions;
use crate::Secp;
use crate::code::Code;
use crate::limits::{MAX_INDEX, MAX_INDEX_GAP, MAX_MONEY, MAX_SURJECTION_DOMAIN, SEQUENCE};
use crate::network::Network;
use crate::pset::UnsignedPset;
use crate::treasury::{Branch, CtDescriptor, ScriptIndex};
use crate::units::base_units;

/// What a PSET does, how high the index of an own output may be, and every mismatch that needs no request to be seen.
pub(super) struct Described {
    pub(super) effects: Effects,
    pub(super) change_limit: ChangeLimit,
    pub(super) mismatches: Vec<Mismatch>,
}

/// Derives what a PSET does.
pub(super) fn describe(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    journal: &JournalState,
    options: ReviewOptions<'_>,
) -> Described {
    let mut mismatches: Vec<Mismatch> = pset.problems.iter().map(Mismatch::of_field).collect();
    header(network, pset, &mut mismatches);

    // Which outputs are ours decides what AMP is told, so it must follow from the content and not from a claim, which the
    // approval code does not cover. Inputs are ours at proven paths. On both branches, every script is derived up to one gap
    // above the highest of them and above the highest index known to be used. Whether an own output may lie there is checked
    // separately.
    let mut scripts = ScriptIndex::default();
    search(secp, descriptor, &mut scripts, MAX_INDEX_GAP, &mut mismatches);
    let inputs = inputs::effects(secp, descriptor, &scripts, pset, &mut mismatches);
    let indices = inputs.iter().filter_map(|input| input.own.as_ref()).map(|own| own.path.index);
    let highest = indices.chain(journal.known_index()).filter(|index| *index <= MAX_INDEX).max();
    let searched = highest.unwrap_or_default().saturating_add(MAX_INDEX_GAP).min(MAX_INDEX);
    search(secp, descriptor, &mut scripts, searched, &mut mismatches);
    let change_limit = ChangeLimit::of(journal, options.is_audit, &inputs);
    let outputs = outputs::effects(secp, descriptor, &scripts, change_limit.allowed(), pset, &mut mismatches);

    let shape = shape(descriptor.spend_size(), &inputs, &outputs);
    if shape.surjection_domain() > MAX_SURJECTION_DOMAIN {
        let found = format!("{} inputs and issuances", shape.surjection_domain());
        let expected = format!("at most {MAX_SURJECTION_DOMAIN}");
        mismatches.push(Mismatch::new(Code::TooHeavy, "the PSET", found, expected));
    }
    Described { effects: Effects { inputs, outputs, bound: shape.bound() }, change_limit, mismatches }
}

/// Derives the scripts of both branches up to an index.
fn search(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &mut ScriptIndex,
    highest: u32,
    mismatches: &mut Vec<Mismatch>,
) {
    for branch in Branch::BOTH {
        if let Err(error) = scripts.extend(secp, descriptor, branch, highest) {
            mismatches.push(Mismatch::new(
                Code::InputKey,
                "the inputs",
                error,
                "indices that can be derived",
            ));
        }
    }
}

fn header(network: &Network, pset: &UnsignedPset, mismatches: &mut Vec<Mismatch>) {
    match (pset.genesis, network.genesis()) {
        (Some(found), _) if !network.accepts_genesis(found) => {
            let expected = format!("the genesis of {}", network.chain());
            mismatches.push(Mismatch::new(Code::Network, "genesis hash (ELIP-101)", found, expected));
        }
        (None, Some(own)) => {
            mismatches.push(Mismatch::new(Code::Network, "genesis hash (ELIP-101)", "none", own));
        }
        _ => {}
    }
    if pset.tx_version != 2 {
        mismatches.push(Mismatch::new(Code::Version, "transaction version", pset.tx_version, 2));
    }
    if pset.locktime != 0 {
        mismatches.push(Mismatch::new(Code::Locktime, "locktime", pset.locktime, 0));
    }
    for (index, input) in pset.inputs.iter().enumerate() {
        if input.sequence != SEQUENCE.to_consensus_u32() {
            let place = format!("sequence of input {index}");
            let (found, expected) =
                (format!("{:#010x}", input.sequence), format!("{:#010x}", SEQUENCE.to_consensus_u32()));
            mismatches.push(Mismatch::new(Code::Locktime, &place, found, expected));
        }
        if input.requires_locktime {
            let place = format!("input {index}");
            mismatches.push(Mismatch::new(Code::Locktime, &place, "a locktime of its own", "none"));
        }
    }
    // Sums far above any supply must not come near an overflow; consensus stops explicit ones here.
    let explicit = pset.outputs.iter().filter(|output| output.blinding_key.is_none());
    let sum: u128 = explicit.map(|output| u128::from(output.amount)).sum();
    if sum > u128::from(MAX_MONEY) {
        let (sum, expected) = (base_units(sum), format!("at most {}", base_units(MAX_MONEY)));
        mismatches.push(Mismatch::new(Code::ExplicitSum, "explicit outputs together", sum, expected));
    }
}
