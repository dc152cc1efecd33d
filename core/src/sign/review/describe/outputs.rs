//! Outputs: which are the treasury's, found by deriving scripts and not by what the PSET claims
//! (docs/rules.md#own-outputs).

use super::super::effects::OutputEffect;
use super::super::mismatch::Mismatch;
use super::claims::Claims;
use crate::Secp;
use crate::code::Code;
use crate::limits::MAX_PROVABLE;
use crate::pset::{ClaimedOutput, UnsignedPset};
use crate::treasury::{CtDescriptor, OwnScript, ScriptIndex};
use crate::units::{AssetAmount, base_units};

/// Derives what each output pays. `limit` is the highest index that an own output may have.
pub(super) fn effects(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &ScriptIndex,
    limit: u32,
    pset: &UnsignedPset,
    mismatches: &mut Vec<Mismatch>,
) -> Vec<OutputEffect> {
    let mut effects = Vec::with_capacity(pset.outputs.len());
    for (index, output) in pset.outputs.iter().enumerate() {
        let place = format!("output {index}");
        let own = owner(secp, descriptor, scripts, limit, output, &place, mismatches);
        if output.amount == 0 {
            mismatches.push(Mismatch::new(Code::ZeroAmount, &place, "0 base units", "at least 1 base unit"));
        }
        if output.amount > MAX_PROVABLE {
            let (found, expected) =
                (base_units(output.amount), format!("at most {}", base_units(MAX_PROVABLE)));
            mismatches.push(Mismatch::new(Code::AmountRange, &place, found, expected));
        }
        let blinder = output.blinder_index.and_then(|index| usize::try_from(index).ok());
        if output.blinder_index.is_some() && blinder.is_none_or(|blinder| blinder >= pset.inputs.len()) {
            let found = format!("blinder index {}", output.blinder_index.unwrap_or_default());
            mismatches.push(Mismatch::new(Code::BlinderIndex, &place, found, "an input of the treasury"));
        }
        effects.push(OutputEffect {
            asset: output.asset,
            amount: AssetAmount::from_base_units(output.amount),
            script_pubkey: output.script_pubkey.clone(),
            blinding_key: output.blinding_key,
            own,
        });
    }
    effects
}

fn owner(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &ScriptIndex,
    limit: u32,
    output: &ClaimedOutput,
    place: &str,
    mismatches: &mut Vec<Mismatch>,
) -> Option<OwnScript> {
    let mut report =
        |code, found: String, expected: &str| mismatches.push(Mismatch::new(code, place, found, expected));
    let claims = Claims {
        derivations: &output.derivations,
        redeem_script: output.redeem_script.as_ref(),
        witness_script: output.witness_script.as_ref(),
    };
    // A script that was derived already is not derived again.
    let at_claimed_path = || claims.own(secp, descriptor, &output.script_pubkey);
    let Some(own) = scripts.find(&output.script_pubkey).cloned().or_else(at_claimed_path) else {
        for what in claims.scripts() {
            report(Code::Script, format!("a {what} on an output that is not ours"), "none");
        }
        // A derivation claims that the output is ours. Below our account, at a script that is not ours, it is forged change.
        // Elsewhere, with our fingerprint, it is a path that this treasury never scans.
        for (key, source) in &output.derivations {
            let (fingerprint, path) = source;
            if descriptor.path_of(source).is_some() || !descriptor.has_fingerprint(*fingerprint) {
                let found =
                    format!("key {key} of [{fingerprint}/{path}] claimed for a script that is not ours");
                report(Code::ChangeForged, found, "no derivation on foreign outputs");
            } else {
                let found = format!("path {path} of our fingerprint");
                report(
                    Code::ChangePath,
                    found,
                    "a path below the treasury's account, /0 or /1, not hardened",
                );
            }
        }
        return None;
    };
    if own.path.index > limit {
        let found = format!("path {}", own.path);
        report(
            Code::ChangePath,
            found,
            &format!("an index of at most {limit}, 200 above the highest index known to be used"),
        );
    }
    // No claim is allowed: the script was found without one. A wrong claim is not allowed: another tool would believe it.
    if !output.derivations.is_empty() && !claims.are_of(&own) {
        report(
            Code::ChangePath,
            format!("another key or path claimed for our {}", own.path),
            "key and path of the script",
        );
    }
    for what in claims.other_scripts(&own) {
        report(Code::Script, format!("another {what}"), "the treasury's own");
    }
    Some(own)
}
