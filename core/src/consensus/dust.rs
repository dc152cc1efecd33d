//! Outputs too small to be relayed: explicit L-BTC only (elements policy/policy.cpp). A blinded output has no dust rule.

use elements::{AssetId, TxOut};

use crate::limits::MIN_RELAY_FEE_RATE;
use crate::units::{Satoshi, Weight};

/// The least that an explicit output of the policy asset must pay to be relayed, or `None` where no rule applies.
pub fn dust_threshold(output: &TxOut, policy_asset: AssetId) -> Option<Satoshi> {
    let explicit_policy_asset = output.asset.explicit() == Some(policy_asset) && output.value.is_explicit();
    if !explicit_policy_asset || output.is_fee() || output.script_pubkey.is_provably_unspendable() {
        return None;
    }
    let size = u64::try_from(elements::encode::serialize(output).len()).ok()?;
    // What spending it takes: 67 bytes with a witness, 148 without.
    let spending = if output.script_pubkey.is_witness_program() { 67 } else { 148 };
    MIN_RELAY_FEE_RATE.fee(Weight::new(size.checked_add(spending)?.checked_mul(4)?).virtual_size())
}

#[cfg(test)]
mod tests {
    use super::*;
    use elements::bitcoin::hashes::Hash as _;
    use elements::confidential::{Asset, Nonce, Value};
    use elements::{RangeProof, Script, SurjectionProof, TxOutWitness, WPubkeyHash};

    #[test]
    fn only_spendable_explicit_policy_asset_outputs_can_be_dust() {
        let policy = AssetId::from_byte_array([1; 32]);
        let output = |asset, script_pubkey| TxOut {
            asset: Asset::Explicit(asset),
            value: Value::Explicit(1),
            nonce: Nonce::Null,
            script_pubkey,
            witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
        };
        let script = Script::new_v0_wpkh(&WPubkeyHash::from_byte_array([0; 20]));
        // 33 + 9 + 1 + 23 bytes and 67 to spend it, at 100 sat/kvB.
        let threshold = dust_threshold(&output(policy, script.clone()), policy);
        assert_eq!(threshold, Some(Satoshi::from_sat(14)));
        assert_eq!(dust_threshold(&output(AssetId::from_byte_array([2; 32]), script), policy), None);
        assert_eq!(dust_threshold(&output(policy, Script::new()), policy), None);
        assert_eq!(dust_threshold(&output(policy, Script::new_op_return(&[])), policy), None);
    }
}
