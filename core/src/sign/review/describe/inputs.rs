//! Inputs: whether they are the treasury's (docs/rules.md#own-inputs), and what they hold (docs/rules.md#openings).

use std::collections::BTreeSet;

use elements::confidential::{Asset, Value};
use elements::{TxOut, TxOutSecrets};

use super::super::effects::InputEffect;
use super::super::mismatch::Mismatch;
use super::claims::{Claims, keys_of};
use crate::Secp;
use crate::code::Code;
use crate::consensus::SIGHASH_ALL_RANGEPROOF;
use crate::limits::{MAX_INDEX, MAX_PROVABLE};
use crate::listed::CoinName;
use crate::pset::{ClaimedInput, UnsignedPset};
use crate::treasury::{CoinError, CtDescriptor, Opening, OwnScript, ScriptIndex, open_coin};
use crate::units::base_units;

/// SIGHASH_ALL. A PSET may ask for it; Coldamp signs ALL|RANGEPROOF in any case.
const SIGHASH_ALL: u32 = 0x01;

pub(super) fn effects(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &ScriptIndex,
    pset: &UnsignedPset,
    mismatches: &mut Vec<Mismatch>,
) -> Vec<InputEffect> {
    let mut seen = BTreeSet::new();
    let mut effects = Vec::with_capacity(pset.inputs.len());
    // Rewinding takes most of the time, and no coin depends on another.
    let read = secp.threads().map(&pset.inputs, |input| {
        input.witness_utxo.as_ref().map(|spent| open_coin(secp, descriptor, spent, &input.rangeproof))
    });
    for ((index, input), read) in pset.inputs.iter().enumerate().zip(read) {
        let mut report = Report { place: format!("input {index}"), mismatches };
        if !seen.insert(input.outpoint) {
            report.mismatch(Code::InputDuplicate, CoinName(input.outpoint), "every coin once");
        }
        if !matches!(input.sighash, None | Some(SIGHASH_ALL))
            && input.sighash != Some(SIGHASH_ALL_RANGEPROOF.into())
        {
            let found = format!("sighash type {:#x}", input.sighash.unwrap_or_default());
            report.mismatch(Code::Sighash, found, "none, 0x01 or 0x41");
        }
        previous_transaction(input, &mut report);
        let own = input
            .witness_utxo
            .as_ref()
            .and_then(|spent| owner(secp, descriptor, scripts, input, spent, &mut report));
        let coin = match (input.witness_utxo.as_ref().zip(read), &own) {
            (Some((spent, read)), Some(_)) => opened(secp, input, spent, read, &mut report),
            (None, _) => {
                report.mismatch(Code::UtxoUnblindable, "no coin", "the output spent, with its range proof");
                None
            }
            (Some(_), None) => None,
        };
        if let Some(OpenedCoin { secrets, .. }) = &coin {
            claims(secp, input, secrets, &mut report);
            if secrets.value == 0 {
                report.mismatch(Code::ZeroAmount, "0 base units", "at least 1 base unit");
            }
            if secrets.value > MAX_PROVABLE {
                report.mismatch(
                    Code::AmountRange,
                    base_units(secrets.value),
                    format!("at most {}", base_units(MAX_PROVABLE)),
                );
            }
        }
        let opening_used = coin.as_ref().is_some_and(|coin| coin.by_opening);
        effects.push(InputEffect {
            outpoint: input.outpoint,
            spent: input.witness_utxo.clone(),
            own,
            secrets: coin.map(|coin| coin.secrets),
            opening_used,
            claimed_issuance: input.issuance,
        });
    }
    effects
}

/// Collects the mismatches of one input.
struct Report<'a> {
    place: String,
    mismatches: &'a mut Vec<Mismatch>,
}

impl Report<'_> {
    fn mismatch(&mut self, code: Code, found: impl std::fmt::Display, expected: impl std::fmt::Display) {
        self.mismatches.push(Mismatch::new(code, &self.place, found, expected));
    }
}

/// Checks the previous transaction. It is not needed, but where one is given, it must be the coin's.
fn previous_transaction(input: &ClaimedInput, report: &mut Report<'_>) {
    let Some(previous) = &input.non_witness_utxo else { return };
    if previous.txid() != input.outpoint.txid {
        report.mismatch(
            Code::UtxoTxid,
            format!("previous transaction {}", previous.txid()),
            input.outpoint.txid,
        );
    }
    let output = usize::try_from(input.outpoint.vout).ok().and_then(|vout| previous.output.get(vout));
    let Some(output) = output else {
        let found = "a previous transaction without that output";
        return report.mismatch(Code::UtxoTxid, found, CoinName(input.outpoint));
    };
    let same = |spent: &TxOut| {
        (spent.asset, spent.value, spent.nonce, &spent.script_pubkey)
            == (output.asset, output.value, output.nonce, &output.script_pubkey)
    };
    if !input.witness_utxo.as_ref().is_some_and(same) {
        report.mismatch(Code::UtxoTxid, "another output in the previous transaction", "the witness UTXO");
    }
}

/// Finds the own script that the coin pays, among those derived up to here and, failing that, at the claimed path.
fn owner(
    secp: &Secp,
    descriptor: &CtDescriptor,
    scripts: &ScriptIndex,
    input: &ClaimedInput,
    spent: &TxOut,
    report: &mut Report<'_>,
) -> Option<OwnScript> {
    let claims = Claims {
        derivations: &input.derivations,
        redeem_script: input.redeem_script.as_ref(),
        witness_script: input.witness_script.as_ref(),
    };
    // A script that was derived already is not derived again.
    let at_claimed_path = || claims.own(secp, descriptor, &spent.script_pubkey);
    let found = scripts.find(&spent.script_pubkey).cloned().or_else(at_claimed_path);
    let Some(own) = found else {
        report.mismatch(
            Code::InputForeign,
            format!("script {:x}", spent.script_pubkey),
            "a script of this treasury",
        );
        if input.derivations.values().any(|source| descriptor.path_of(source).is_some()) {
            report.mismatch(Code::InputKey, "a path of this treasury for it", "none");
        }
        return None;
    };
    if own.path.index > MAX_INDEX {
        let found = format!("index {}", own.path.index);
        report.mismatch(Code::InputKey, found, format!("at most {MAX_INDEX}"));
    }
    // Exactly the derivations of our keys at their path: another signer might use any that is there.
    if !claims.are_of(&own) {
        let found = format!("{} derivations, not exactly the right ones", input.derivations.len());
        report.mismatch(Code::InputKey, found, keys_of(&own));
    }
    for what in claims.other_scripts(&own) {
        report.mismatch(Code::Script, format!("another {what}"), "the treasury's own");
    }
    Some(own)
}

/// What an opened coin holds.
struct OpenedCoin {
    secrets: TxOutSecrets,
    /// Whether the opening in the PSET was used.
    by_opening: bool,
}

/// What a coin holds: as it was read with the view key, or else by the opening in the PSET.
fn opened(
    secp: &Secp,
    input: &ClaimedInput,
    spent: &TxOut,
    read: Result<TxOutSecrets, CoinError>,
    report: &mut Report<'_>,
) -> Option<OpenedCoin> {
    let error = match read {
        Ok(secrets) => {
            if input.opening.is_some_and(|opening| opening != Opening::of(&secrets)) {
                report.mismatch(Code::UtxoClaim, "an opening of another coin", "none, or the coin's own");
            }
            return Some(OpenedCoin { secrets, by_opening: false });
        }
        Err(error) => error,
    };
    if let Some(opening) = &input.opening {
        if opening.rebuilds(secp, spent.asset, spent.value) {
            return Some(OpenedCoin { secrets: opening.secrets(), by_opening: true });
        }
        report.mismatch(Code::UtxoClaim, CoinError::OpeningMismatch, "none, or one that rebuilds both");
    }
    let unblindable = "a range proof that this treasury's view key opens";
    let commitment = "commitments that their range proof proves";
    match error {
        CoinError::NoProof | CoinError::NoNonce | CoinError::NotOurs => {
            report.mismatch(Code::UtxoUnblindable, &error, unblindable);
        }
        // Commitment and proof disagree, and nothing shows which of them was altered, so both codes are reported.
        CoinError::ProofMismatch => {
            report.mismatch(Code::UtxoCommitment, &error, commitment);
            report.mismatch(Code::UtxoUnblindable, &error, unblindable);
        }
        CoinError::CommitmentMismatch | CoinError::HalfBlinded | CoinError::OpeningMismatch => {
            report.mismatch(Code::UtxoCommitment, &error, commitment);
        }
    }
    None
}

/// Checks the claimed amount and asset (0x11 to 0x14). They decide nothing, but must be true, since other tools show them
/// (docs/rules.md#claims-about-a-coin).
fn claims(secp: &Secp, input: &ClaimedInput, secrets: &TxOutSecrets, report: &mut Report<'_>) {
    let expected = format!("{} of {}", base_units(secrets.value), secrets.asset);
    if input.claimed_amount.is_some_and(|claimed| claimed != secrets.value) {
        report.mismatch(
            Code::UtxoClaim,
            format!("a claim of {}", base_units(input.claimed_amount.unwrap_or_default())),
            &expected,
        );
    }
    if let Some(claimed) = input.claimed_asset.filter(|claimed| *claimed != secrets.asset) {
        report.mismatch(Code::UtxoClaim, format!("a claim of asset {claimed}"), &expected);
    }
    let generator = Asset::new_confidential(secp, secrets.asset, secrets.asset_bf).commitment();
    let value_proof_holds = || {
        let (proof, claimed) = (input.value_proof.as_ref()?, input.claimed_amount?);
        let spent = input.witness_utxo.as_ref()?;
        let commitment = match spent.value {
            Value::Confidential(commitment) => commitment,
            Value::Explicit(_) | Value::Null => return None,
        };
        proof.blind_value_proof_verify(secp, claimed, generator?, commitment).then_some(())
    };
    if input.value_proof.is_some() && value_proof_holds().is_none() {
        report.mismatch(
            Code::UtxoClaim,
            "a value proof that does not verify",
            "none, or one of the claimed amount",
        );
    }
    let asset_proof_holds = || {
        let (proof, claimed) = (input.asset_proof.as_ref()?, input.claimed_asset?);
        proof.blind_asset_proof_verify(secp, claimed, generator?).then_some(())
    };
    if input.asset_proof.is_some() && asset_proof_holds().is_none() {
        report.mismatch(
            Code::UtxoClaim,
            "an asset proof that does not verify",
            "none, or one of the claimed asset",
        );
    }
}
