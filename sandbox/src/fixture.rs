//! A treasury whose keys everybody knows, and how it spends: for the unit tests.

use coldamp_core::consensus::{SIGHASH_ALL_RANGEPROOF, SighashType, Sighashes};
use coldamp_core::elements::bitcoin::bip32::{DerivationPath, Xpriv};
use coldamp_core::elements::bitcoin::hex::FromHex;
use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::secp256k1_zkp::{Message, SecretKey};
use coldamp_core::elements::sighash::SighashCache;
use coldamp_core::elements::{
    AssetId, AssetIssuance, EcdsaSighashType, LockTime, OutPoint, RangeProof, Script, Sequence,
    SurjectionProof, Transaction, TxIn, TxInWitness, TxOut, TxOutWitness,
};
use coldamp_core::network::Chain as ChainName;
use coldamp_core::treasury::{Branch, CtDescriptor, IssuanceKind, KeyPath, ScriptType};
use coldamp_core::units::{AssetAmount, Precision, Satoshi};

use crate::chain::Chain;
use crate::secp::SECP;
use crate::treasury::IssueSettings;

const WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";
const SH_WPKH: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elsh(wpkh([73c5da0a/49h/1h/0h]tpubDD7tXK8KeQ3YY83yWq755fHY2JW8Ha8Q765tknUM5rSvjPcGWfUppDFMpQ1ScziKfW3ZNtZvAD7M3u7bSs7HofjTD3KP3YxPK7X6hwV8Rk2/<0;1>/*)))";

/// BIP-39 seed of "abandon … about" without a passphrase.
const SEED: &str = "5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4";

pub(crate) fn descriptor(script_type: ScriptType) -> CtDescriptor {
    let text = match script_type {
        ScriptType::Wpkh => WPKH,
        ScriptType::ShWpkh => SH_WPKH,
    };
    CtDescriptor::parse(text, ChainName::Regtest).unwrap()
}

pub(crate) fn external(index: u32) -> KeyPath {
    KeyPath { branch: Branch::External, index }
}

fn private_key(script_type: ScriptType, path: KeyPath) -> SecretKey {
    let seed: Vec<u8> = FromHex::from_hex(SEED).unwrap();
    let master = Xpriv::new_master(ChainName::Regtest.key_kind(), &seed).unwrap();
    let purpose = if script_type == ScriptType::Wpkh { 84 } else { 49 };
    let path: DerivationPath = format!("m/{purpose}h/1h/0h/{path}").parse().unwrap();
    master.derive_priv(&SECP, &path).unwrap().private_key
}

/// An explicit coin of 100,000 satoshi at external index 0.
pub(crate) fn chain_with_coin(script_type: ScriptType) -> (Chain, OutPoint) {
    let mut chain = Chain::new();
    let coins = chain.fund_many(&SECP, &descriptor(script_type), 0, 1, Satoshi::from_sat(100_000), false);
    let coin = coins.unwrap()[0];
    (chain, coin)
}

pub(crate) fn output(asset: AssetId, value: u64, script_pubkey: Script) -> TxOut {
    TxOut {
        asset: Asset::Explicit(asset),
        value: Value::Explicit(value),
        nonce: Nonce::Null,
        script_pubkey,
        witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
    }
}

/// Pays an explicit coin back to external index 1, less the fee. Unsigned.
pub(crate) fn spend(chain: &Chain, script_type: ScriptType, coin: OutPoint, fee: u64) -> Transaction {
    let policy_asset = chain.network().policy_asset();
    let value = chain.output(coin).unwrap().value.explicit().unwrap();
    let script = descriptor(script_type).script_at(&SECP, external(1)).unwrap().script_pubkey;
    Transaction {
        version: 2,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: coin,
            is_pegin: false,
            script_sig: Script::new(),
            sequence: Sequence::ENABLE_RBF_NO_LOCKTIME,
            asset_issuance: AssetIssuance::null(),
            witness: TxInWitness::empty(),
        }],
        output: vec![output(policy_asset, value - fee, script), output(policy_asset, fee, Script::new())],
    }
}

/// Signs an input whose coin is at a path.
pub(crate) fn sign(
    chain: &Chain,
    script_type: ScriptType,
    mut tx: Transaction,
    index: usize,
    path: KeyPath,
    byte: u8,
) -> Transaction {
    let own = descriptor(script_type).script_at(&SECP, path).unwrap();
    let value = chain.output(tx.input[index].previous_output).unwrap().value;
    let script_code = own.script_code();
    let digest = match byte {
        SIGHASH_ALL_RANGEPROOF => {
            let all = SighashType::AllRangeproof;
            Sighashes::of(&tx).digest(index, &script_code, &value, all).unwrap().0
        }
        _ => SighashCache::new(&tx)
            .segwitv0_sighash(index, &script_code, value, EcdsaSighashType::All)
            .to_byte_array(),
    };
    let key = private_key(script_type, path);
    let mut signature = SECP.sign_ecdsa(&Message::from_digest(digest), &key).serialize_der().to_vec();
    signature.push(byte);
    let signatures = [(own.keys()[0].public_key, signature)].into();
    tx.input[index].witness.script_witness = own.witness(&signatures).unwrap().into();
    // A test may have put something else there.
    if own.redeem_script.is_some() {
        tx.input[index].script_sig = own.script_sig();
    }
    tx
}

/// [`spend`], signed with ALL|RANGEPROOF from external index 0.
pub(crate) fn signed(chain: &Chain, coin: OutPoint, fee: u64) -> Transaction {
    let tx = spend(chain, ScriptType::Wpkh, coin, fee);
    sign(chain, ScriptType::Wpkh, tx, 0, external(0), SIGHASH_ALL_RANGEPROOF)
}

pub(crate) fn issue_settings(kind: IssuanceKind) -> IssueSettings {
    IssueSettings {
        kind,
        amount: AssetAmount::from_base_units(100_000_000_000),
        token_amount: AssetAmount::from_base_units(100_000),
        ticker: "COLD".to_owned(),
        name: "Cold Asset".to_owned(),
        domain: "example.com".to_owned(),
        precision: Precision::new(2).unwrap(),
        asset_index: 3,
        token_index: 4,
    }
}
