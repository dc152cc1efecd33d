//! What a transaction must look like, whatever it spends: consensus (elements consensus/tx_check.cpp) and what is relayed
//! (elements policy/policy.cpp).

use std::collections::BTreeSet;

use coldamp_core::consensus::dust_threshold;
use coldamp_core::elements::confidential::Value;
use coldamp_core::elements::{AssetId, Script, Transaction, TxOut};
use coldamp_core::limits::{MAX_MONEY, MAX_STANDARD_WEIGHT};

use super::Rejection;
use super::block::anyone_can_spend;

/// Smallest transaction that is relayed, without its witness (elements policy/policy.h): smaller ones could be taken for
/// nodes of a Merkle tree.
const MIN_BYTES: usize = 82;

/// Longest scriptSig that is relayed.
const MAX_SCRIPT_SIG: usize = 1_650;

/// Longest OP_RETURN script that is relayed.
const MAX_OP_RETURN: usize = 83;

/// Checks what can be checked without the coins.
pub(super) fn check(tx: &Transaction, policy_asset: AssetId) -> Result<(), Rejection> {
    well_formed(tx)?;
    standard(tx, policy_asset)
}

fn well_formed(tx: &Transaction) -> Result<(), Rejection> {
    let refuse = |rule| Err(Rejection::Malformed { rule });
    if tx.input.is_empty() {
        return refuse("bad-txns-vin-empty");
    }
    if tx.output.is_empty() {
        return refuse("bad-txns-vout-empty");
    }
    let explicit = tx.output.iter().filter_map(|output| output.value.explicit());
    if explicit.clone().any(|value| value > MAX_MONEY) {
        return refuse("bad-txns-vout-toolarge");
    }
    if explicit.map(u128::from).sum::<u128>() > u128::from(MAX_MONEY) {
        return refuse("bad-txns-txouttotal-toolarge");
    }
    let spent: BTreeSet<_> = tx.input.iter().map(|input| input.previous_output).collect();
    if spent.len() != tx.input.len() {
        return refuse("bad-txns-inputs-duplicate");
    }
    if tx.input.iter().any(|input| input.previous_output.is_null()) {
        return refuse("coinbase");
    }
    if tx.input.iter().any(|input| input.is_pegin) {
        return refuse("pegin-no-witness");
    }
    let issuance = |amount: Value| amount.explicit().is_some_and(|amount| amount > MAX_MONEY);
    if tx.input.iter().any(|input| issuance(input.asset_issuance.amount)) {
        return Err(Rejection::NotStandard { rule: "issuance-out-of-range" });
    }
    let mut fees = tx.output.iter().filter(|output| output.is_fee());
    // HasValidFee (elements confidential_validation.cpp): one asset, and more than nothing of it.
    let valid = |fee: &TxOut| fee.asset.explicit() == Some(fee_asset(tx)) && fee.value != Value::Explicit(0);
    if fees.any(|fee| !valid(fee)) {
        return refuse("bad-txns-fee-outofrange");
    }
    Ok(())
}

/// The asset of the first fee output. A transaction without one pays nothing, which the relay fee refuses.
fn fee_asset(tx: &Transaction) -> AssetId {
    let fee = tx.output.iter().find(|output| output.is_fee());
    fee.and_then(|fee| fee.asset.explicit()).unwrap_or_default()
}

fn standard(tx: &Transaction, policy_asset: AssetId) -> Result<(), Rejection> {
    let refuse = |rule| Err(Rejection::NotStandard { rule });
    if !matches!(tx.version, 1 | 2) {
        return refuse("version");
    }
    if u64::try_from(tx.weight()).unwrap_or(u64::MAX) > MAX_STANDARD_WEIGHT.units() {
        return refuse("tx-size");
    }
    for input in &tx.input {
        if input.script_sig.len() > MAX_SCRIPT_SIG {
            return refuse("scriptsig-size");
        }
        if !pushes_only(&input.script_sig) {
            return refuse("scriptsig-not-pushonly");
        }
    }
    for output in &tx.output {
        if !output.is_fee() && !is_standard(&output.script_pubkey) {
            return refuse("scriptpubkey");
        }
        let least = dust_threshold(output, policy_asset).map(|least| least.sat());
        if output.value.explicit().zip(least).is_some_and(|(value, least)| value < least) {
            return refuse("dust");
        }
    }
    if bytes_without_witness(tx) < MIN_BYTES {
        return refuse("tx-size-small");
    }
    Ok(())
}

fn pushes_only(script: &Script) -> bool {
    use coldamp_core::elements::opcodes::all::OP_PUSHNUM_16;
    use coldamp_core::elements::script::Instruction;
    script.instructions().all(|instruction| match instruction {
        Ok(Instruction::PushBytes(_)) => true,
        Ok(Instruction::Op(opcode)) => opcode.into_u8() <= OP_PUSHNUM_16.into_u8(),
        Err(_) => false,
    })
}

/// Several OP_RETURN outputs are relayed on Liquid, one of them at most 83 bytes long.
fn is_standard(script: &Script) -> bool {
    let data = script.is_op_return();
    (data && script.len() <= MAX_OP_RETURN)
        || script.is_p2pkh()
        || script.is_p2sh()
        || script.is_witness_program()
        || *script == anyone_can_spend()
}

fn bytes_without_witness(tx: &Transaction) -> usize {
    // weight = 3 × stripped size + size.
    tx.weight().saturating_sub(tx.size()) / 3
}
