//! The journal of a new keystore, made by docs/formats.md alone.

use bip39::{Language, Mnemonic};
use coldamp_core::Secp;
use coldamp_core::elements::bitcoin::bip32::{DerivationPath, Xpriv, Xpub};
use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::hmac::hmac_sha256;
use coldamp_core::network::{Chain, Network};
use elements_miniscript::confidential::slip77::MasterBlindingKey;

use crate::support::{BIP39_PASSPHRASE, WORDS};

/// FILE.journal and FILE.head of a keystore with [`WORDS`]: one entry, `created`.
pub(crate) fn of(plaintext: &str) -> (String, String) {
    let value = |key: &str| {
        let mut lines = plaintext.lines();
        lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(": ")).unwrap_or_default()
    };
    let passphrase = if value("bip39-passphrase") == "yes" { BIP39_PASSPHRASE } else { "" };
    let words = Mnemonic::parse_in_normalized(Language::English, WORDS).unwrap();
    let seed = words.to_seed_normalized(passphrase);
    let chain: Chain = value("network").parse().unwrap();
    let key = hmac_sha256(&seed, &[b"coldamp/journal/1", &bytes_of(value("chain"))]);
    let created = serde_json::json!({ "created": {
        "version": 1,
        "chain": value("chain"),
        "network": chain.name(),
        "policy_asset": Network::new(chain).policy_asset().to_string(),
        "fingerprint": value("fingerprint"),
        "descriptor": descriptor_hash(&seed, chain, value("script")),
        "origin": "new",
    } })
    .to_string();
    let mac = hmac_sha256(&key, &[b"entry", &[0; 32], &0_u32.to_le_bytes(), created.as_bytes()]);
    let head = hmac_sha256(&key, &[b"head", &0_u32.to_le_bytes(), &mac]);
    let [mac, head] = [mac, head].map(|mac| mac.to_lower_hex_string());
    (format!("{mac} {created}\n"), format!("0 {mac} {head}\n"))
}

fn bytes_of(hexadecimal: &str) -> Vec<u8> {
    coldamp_core::elements::hex::decode_to_vec(hexadecimal).unwrap()
}

fn descriptor_hash(seed: &[u8], chain: Chain, script: &str) -> String {
    let secp = Secp::new();
    let purpose = if script == "wpkh" { 84 } else { 49 };
    let coin = if chain == Chain::Liquid { 1776 } else { 1 };
    let path: DerivationPath = format!("m/{purpose}h/{coin}h/0h").parse().unwrap();
    let master = Xpriv::new_master(chain.key_kind(), seed).unwrap();
    let account = Xpub::from_priv(&secp, &master.derive_priv(&secp, &path).unwrap());
    let key = format!("[{}/{purpose}h/{coin}h/0h]{account}/<0;1>/*", master.fingerprint(&secp));
    let script = if script == "wpkh" { format!("elwpkh({key})") } else { format!("elsh(wpkh({key}))") };
    let descriptor = format!("ct(slip77({}),{script})", MasterBlindingKey::from_seed(seed));
    sha256::Hash::hash(descriptor.as_bytes()).to_byte_array().to_lower_hex_string()
}
