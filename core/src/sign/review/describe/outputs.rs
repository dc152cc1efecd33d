//! Outputs: which are the treasury's, found by deriving scripts and not by what the PSET claims
//! (docs/rules.md#own-outputs).

use elements::bitcoin::PublicKey;

use super::super::effects::OutputEffect;
use super::super::mismatch::Mismatch;
use crate::Secp;
use crate::code::Code;
use crate::limits::MAX_PROVABLE;
use crate::pset::{ClaimedOutput, UnsignedPset};
use crate::treasury::{CtDescriptor, KeyPath, OwnScript, ScriptIndex};
use crate::units::AssetAmount;

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
            let found = format!("{} base units", output.amount);
            let expected = format!("at most {MAX_PROVABLE} base units");
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
    let claimed: Vec<(&PublicKey, Option<KeyPath>)> =
        output.derivations.iter().map(|(key, source)| (key, descriptor.path_of(source))).collect();
    // A script that was derived already is not derived again.
    let at_claimed_path = || {
        let paths = claimed.iter().filter_map(|(_, path)| *path);
        let mut derived = paths.filter_map(|path| descriptor.script_at(secp, path).ok());
        derived.find(|own| own.script_pubkey == output.script_pubkey)
    };
    let Some(own) = scripts.find(&output.script_pubkey).cloned().or_else(at_claimed_path) else {
        if output.redeem_script.is_some() {
            report(Code::Script, "a redeem script on an output that is not ours".to_owned(), "none");
        }
        // A derivation claims that the output is ours. Below our account, at a script that is not ours, it is forged change.
        // Elsewhere, with our fingerprint, it is a path that this treasury never scans.
        for (key, source) in &output.derivations {
            let (fingerprint, path) = source;
            if descriptor.path_of(source).is_some() || *fingerprint != descriptor.fingerprint() {
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
    let exact = match claimed.as_slice() {
        [] => true,
        [(key, Some(path))] => **key == own.public_key && *path == own.path,
        _ => false,
    };
    if !exact {
        report(
            Code::ChangePath,
            format!("another key or path claimed for our {}", own.path),
            "key and path of the script",
        );
    }
    if output.redeem_script.is_some() && output.redeem_script != own.redeem_script {
        report(Code::Script, "another redeem script".to_owned(), "the treasury's own");
    }
    Some(own)
}
