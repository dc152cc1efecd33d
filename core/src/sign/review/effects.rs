//! What a PSET does, from the PSET and the descriptor alone.
//!
//! Field names say `claimed_*` until something here has verified them; nothing verified is ever copied from a claim.

mod inputs;
mod outputs;

use elements::secp256k1_zkp;
use elements::{AssetId, OutPoint, Script, TxOut, TxOutSecrets};

use crate::code::Code;

use super::mismatch::Mismatch;
use super::policy::Records;
use super::reach::Reach;
use crate::Secp;
use crate::consensus::{InputShape, OutputShape, TransactionShape, WeightBound};
use crate::limits::{MAX_INDEX, MAX_INDEX_GAP, MAX_MONEY, MAX_SURJECTION_DOMAIN, SEQUENCE};
use crate::network::Network;
use crate::pset::{ClaimedIssuance, UnsignedPset};
use crate::treasury::{Branch, CtDescriptor, IssuanceKind, OwnScript, ScriptIndex};
use crate::units::AssetAmount;

/// What a PSET does.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// What goes in.
    pub inputs: Vec<InputEffect>,
    /// What comes out.
    pub outputs: Vec<OutputEffect>,
    /// What the finished transaction weighs at most.
    pub bound: WeightBound,
}

/// An input.
#[derive(Debug, Clone, PartialEq)]
pub struct InputEffect {
    /// What it spends.
    pub outpoint: OutPoint,
    /// The output spent; none where the PSET has none.
    pub spent: Option<TxOut>,
    /// Our script; none where it is not ours.
    pub own: Option<OwnScript>,
    /// What it holds, opened with our view key or as below; none where it cannot be opened.
    pub secrets: Option<TxOutSecrets>,
    /// Whether its range proof did not open, and the opening in the PSET did.
    pub opening_used: bool,
    /// What it would issue, as claimed.
    pub claimed_issuance: Option<ClaimedIssuance>,
}

/// An output, explicit as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputEffect {
    /// The asset.
    pub asset: AssetId,
    /// How much.
    pub amount: AssetAmount,
    /// The script; empty for a fee.
    pub script_pubkey: Script,
    /// The key it gets blinded to.
    pub blinding_key: Option<secp256k1_zkp::PublicKey>,
    /// Our script, if it is one.
    pub own: Option<OwnScript>,
}

impl InputEffect {
    /// Whether asset and amount are hidden on chain.
    pub fn is_blinded(&self) -> bool {
        self.spent.as_ref().is_some_and(|spent| spent.asset.is_confidential())
    }
}

impl Effects {
    /// The reissuance that the inputs claim: input index and fields. The first, where there are several.
    pub fn claimed_issuance(&self) -> Option<(usize, &ClaimedIssuance)> {
        let mut inputs = self.inputs.iter().enumerate();
        inputs.find_map(|(index, input)| input.claimed_issuance.as_ref().map(|issuance| (index, issuance)))
    }
}

/// What a PSET does, how far out own outputs may lie, and every mismatch that needs no request to be seen.
pub(super) struct Found {
    pub(super) effects: Effects,
    pub(super) reach: Reach,
    pub(super) mismatches: Vec<Mismatch>,
}

/// Derives the effects.
pub(super) fn effects(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    pset: &UnsignedPset,
    records: &Records,
) -> Found {
    let mut mismatches: Vec<Mismatch> = pset.problems.iter().map(Mismatch::of_field).collect();
    header(network, pset, &mut mismatches);

    // What is ours among the outputs decides what AMP is told, so it must follow from the content and not from a claim,
    // which the approval code does not cover: inputs are ours at proven paths, and every script up to the gap above the
    // highest of them, and of what is known to be used, is looked for, on both branches. Whether an own output may lie there
    // is another question.
    let mut scripts = ScriptIndex::default();
    search(secp, descriptor, &mut scripts, MAX_INDEX_GAP, &mut mismatches);
    let inputs = inputs::effects(secp, descriptor, &scripts, pset, &mut mismatches);
    let indices = inputs.iter().filter_map(|input| input.own.as_ref()).map(|own| own.path.index);
    let highest = indices.chain(records.known_index()).filter(|index| *index <= MAX_INDEX).max();
    let searched = highest.unwrap_or_default().saturating_add(MAX_INDEX_GAP).min(MAX_INDEX);
    search(secp, descriptor, &mut scripts, searched, &mut mismatches);
    let reach = Reach::of(records, &inputs);
    let outputs = outputs::effects(secp, descriptor, &scripts, reach.limit(), pset, &mut mismatches);

    let shape = shape(descriptor, pset);
    if shape.surjection_domain() > MAX_SURJECTION_DOMAIN {
        let found = format!("{} inputs and issuances", shape.surjection_domain());
        mismatches.push(Mismatch::new(
            Code::TooHeavy,
            "the PSET",
            found,
            format!("at most {MAX_SURJECTION_DOMAIN}"),
        ));
    }
    Found { effects: Effects { inputs, outputs, bound: shape.bound() }, reach, mismatches }
}

/// Derives both branches up to an index.
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
        let expected = format!("at most {MAX_MONEY} base units");
        mismatches.push(Mismatch::new(Code::ExplicitSum, "explicit outputs together", sum, expected));
    }
}

/// How the finished transaction will look. Issued amounts and values are claims here; they are checked elsewhere.
fn shape(descriptor: &CtDescriptor, pset: &UnsignedPset) -> TransactionShape {
    let script_type = descriptor.script_type();
    let inputs = pset.inputs.iter().map(|input| InputShape {
        script_type,
        issuance: input.issuance.map(|issuance| {
            let kind =
                if issuance.blinded_flag.is_none() { IssuanceKind::Blinded } else { IssuanceKind::Explicit };
            (kind, issuance.amount.unwrap_or_default())
        }),
    });
    let outputs = pset.outputs.iter().map(|output| OutputShape {
        script_length: output.script_pubkey.len(),
        blinded_value: output.blinding_key.map(|_| output.amount),
    });
    TransactionShape { inputs: inputs.collect(), outputs: outputs.collect() }
}
