//! One recording of a treasury on a real Elements node: its keys, its chain, AMP's three requests, and what a hot
//! wallet made of them. Its files and their origin are told in `scenarios/README.md`.
//!
//! Texts stay texts: a recording that a crate under test had parsed would agree with that crate.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A recorded treasury.
#[derive(Debug, Clone)]
pub struct Scenario {
    name: &'static str,
    wallet: Wallet,
    info: Info,
}

/// What AMP asks a treasury to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// Send units to the investors.
    Distribute,
    /// Make more units.
    Reissue,
    /// Destroy units.
    Burn,
}

impl RequestKind {
    /// In the order in which the hot node carried them out.
    pub const ALL: [RequestKind; 3] = [RequestKind::Distribute, RequestKind::Reissue, RequestKind::Burn];

    /// AMP's name for it.
    pub fn name(self) -> &'static str {
        match self {
            RequestKind::Distribute => "distribute",
            RequestKind::Reissue => "reissue",
            RequestKind::Burn => "burn",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Wallet {
    mnemonics: Vec<String>,
    ct_descriptor: String,
    #[serde(flatten)]
    node_keys: NodeKeys,
    investors: Investors,
}

#[derive(Debug, Clone, Deserialize)]
struct Investors {
    mnemonic: String,
    #[serde(flatten)]
    node_keys: NodeKeys,
}

/// What a node's wallet has to be given to hold someone's keys.
#[derive(Debug, Clone, Deserialize)]
pub struct NodeKeys {
    /// Private descriptors with ranges, without checksums.
    #[serde(rename = "node_descriptors_private")]
    pub descriptors: Vec<String>,
    /// The SLIP-77 master blinding key, as hex.
    #[serde(rename = "slip77_master_blinding_key")]
    pub master_blinding_key: String,
}

/// The chain and the asset of a scenario; ids and hashes in the node's byte order, as hex.
#[derive(Debug, Clone, Deserialize)]
pub struct Info {
    /// L-BTC of this chain.
    pub policy_asset: String,
    /// The hash of block 0.
    pub genesis_hash: String,
    /// The height of the tip.
    pub height: u32,
    /// The asset that AMP's requests are about.
    pub asset: String,
    /// The contract behind `asset`, where the issuer has published one.
    pub contract: Option<serde_json::Value>,
    /// How `asset` came to be.
    pub issuance: Issuance,
    /// How the second asset came to be, which no request may touch.
    pub other_issuance: Issuance,
}

/// An issuance, as the chain has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Issuance {
    /// The asset issued.
    pub asset: String,
    /// The token that reissues it.
    pub reissuance_token: String,
    /// The entropy that both ids come from.
    pub entropy: String,
    /// The transaction.
    pub txid: String,
    /// The input that carries the issuance.
    pub vin: u32,
    /// The coin that this input spends.
    pub prevout: Outpoint,
    /// Whether the issued amount is a commitment; it decides the token's id.
    pub blinded: bool,
    /// What the issuance commits to besides its prevout; of the second asset it is not recorded.
    pub contract_hash: Option<String>,
}

/// An output of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Outpoint {
    /// The transaction.
    pub txid: String,
    /// The output's index in it.
    pub vout: u32,
}

/// A coin as the hot node's `listunspent` lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct Unspent {
    /// The transaction that made it.
    pub txid: String,
    /// The index of the output in that transaction.
    pub vout: u32,
    /// Its unconfidential address.
    pub address: String,
    /// Its script, as hex.
    #[serde(rename = "scriptPubKey")]
    pub script_pubkey: String,
    /// What it is worth, in the node's own digits; [`Unspent::base_units`] reads them.
    pub amount: Box<RawValue>,
    /// What it is a coin of.
    pub asset: String,
    /// Asset generator on the chain; an explicit coin has none.
    #[serde(rename = "assetcommitment")]
    pub asset_commitment: Option<String>,
    /// Value commitment on the chain; an explicit coin has none.
    #[serde(rename = "amountcommitment")]
    pub amount_commitment: Option<String>,
    /// Asset blinding factor; zeros for an explicit coin.
    #[serde(rename = "assetblinder")]
    pub asset_blinder: String,
    /// Value blinding factor; zeros for an explicit coin.
    #[serde(rename = "amountblinder")]
    pub amount_blinder: String,
    /// How deep it lies.
    pub confirmations: u32,
    /// The concrete descriptor with origin and checksum.
    pub desc: String,
}

impl Unspent {
    /// The amount as an integer of 10^-8.
    ///
    /// # Panics
    ///
    /// If the node's digits are no multiple of 10^-8.
    pub fn base_units(&self) -> u64 {
        base_units(self.amount.get())
    }

    /// The transaction and the index of the output.
    pub fn outpoint(&self) -> Outpoint {
        Outpoint { txid: self.txid.clone(), vout: self.vout }
    }
}

/// What AMP's client script posted for the hot node's transaction.
#[derive(Debug, Clone, Deserialize)]
pub struct Confirm {
    /// The path on AMP's host.
    pub endpoint: String,
    /// The body.
    pub payload: serde_json::Value,
}

impl Scenario {
    /// The name of every scenario here, which is its folder's.
    pub const NAMES: [&'static str; 5] =
        ["wpkh", "wpkh-blinded-issuance", "wpkh-split-token", "wpkh-80-recipients", "sh-wpkh"];

    /// The scenario of a treasury that two of three keys sign for.
    pub const QUORUM: &'static str = "wsh-2of3";

    /// Loads one scenario.
    ///
    /// # Panics
    ///
    /// If there is none of this name, or its files do not read as a recording.
    pub fn load(name: &str) -> Scenario {
        let mut names = Scenario::NAMES.into_iter().chain([Scenario::QUORUM]);
        let Some(name) = names.find(|known| *known == name) else {
            panic!("there is no scenario {name:?}; there are {:?} and {}", Scenario::NAMES, Scenario::QUORUM);
        };
        let folder = folder_of(name);
        Scenario {
            name,
            wallet: parsed(&folder.join("wallet.json")),
            info: parsed(&folder.join("chain/info.json")),
        }
    }

    /// Loads every scenario of a single key.
    ///
    /// # Panics
    ///
    /// If the files of one do not read as a recording.
    pub fn all() -> Vec<Scenario> {
        Scenario::NAMES.into_iter().map(Scenario::load).collect()
    }

    /// Loads every scenario, that of a quorum too.
    ///
    /// # Panics
    ///
    /// If the files of one do not read as a recording.
    pub fn all_with_quorum() -> Vec<Scenario> {
        Scenario::all().into_iter().chain([Scenario::load(Scenario::QUORUM)]).collect()
    }

    /// The name of the scenario.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The folder that holds its files.
    pub fn folder(&self) -> PathBuf {
        folder_of(self.name)
    }

    /// The treasury's watch-only descriptor, `ct(slip77(…),…)`, without a checksum.
    pub fn ct_descriptor(&self) -> &str {
        &self.wallet.ct_descriptor
    }

    /// The BIP-39 mnemonics of the treasury's keys, in the order of the descriptor.
    pub fn mnemonics(&self) -> &[String] {
        &self.wallet.mnemonics
    }

    /// The treasury's BIP-39 mnemonic.
    ///
    /// # Panics
    ///
    /// If the treasury has several keys.
    pub fn mnemonic(&self) -> &str {
        let [mnemonic] = self.wallet.mnemonics.as_slice() else {
            panic!("{} is no single-key treasury", self.name);
        };
        mnemonic
    }

    /// The treasury's SLIP-77 master blinding key, as hex.
    pub fn master_blinding_key(&self) -> &str {
        &self.wallet.node_keys.master_blinding_key
    }

    /// The BIP-39 mnemonic behind every recipient's address.
    pub fn investors_mnemonic(&self) -> &str {
        &self.wallet.investors.mnemonic
    }

    /// The recipients' SLIP-77 master blinding key, as hex.
    pub fn investors_master_blinding_key(&self) -> &str {
        &self.wallet.investors.node_keys.master_blinding_key
    }

    /// The treasury's keys as a node's hot wallet takes them.
    pub fn treasury_node_keys(&self) -> &NodeKeys {
        &self.wallet.node_keys
    }

    /// The keys behind every recipient's address as a node's wallet takes them.
    pub fn investors_node_keys(&self) -> &NodeKeys {
        &self.wallet.investors.node_keys
    }

    /// Its chain and its asset.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The file that `--transactions` takes.
    pub fn transactions_path(&self) -> PathBuf {
        self.folder().join("chain/transactions.json")
    }

    /// The content of that file.
    pub fn transactions(&self) -> Vec<u8> {
        bytes(&self.transactions_path())
    }

    /// Blocks 1 to the tip as hex, for `submitblock` on a node that has none but the genesis.
    pub fn blocks(&self) -> Vec<String> {
        parsed(&self.folder().join("chain/blocks.json"))
    }

    /// The treasury's coins as a hot wallet lists them.
    pub fn listunspent(&self) -> Vec<Unspent> {
        parsed(&self.folder().join("chain/listunspent.json"))
    }

    /// The file that AMP's answer was saved to.
    pub fn request_path(&self, kind: RequestKind) -> PathBuf {
        self.folder().join("requests").join(format!("{}.json", kind.name()))
    }

    /// AMP's answer, byte for byte.
    pub fn request(&self, kind: RequestKind) -> Vec<u8> {
        bytes(&self.request_path(kind))
    }

    /// What a hot node's script told AMP, as the text it was saved as.
    pub fn confirm_text(&self, kind: RequestKind) -> Option<String> {
        let path = self.folder().join("hot-node").join(kind.name()).join("confirm.json");
        self.confirm(kind).map(|_| String::from_utf8(bytes(&path)).expect("UTF-8"))
    }

    /// What a hot node's script told AMP, or `None` where the node could not carry the request out.
    pub fn confirm(&self, kind: RequestKind) -> Option<Confirm> {
        let folder = self.folder().join("hot-node").join(kind.name());
        // A recorded refusal, not a missing file, is what makes it None: a lost recording must not pass for one.
        (!folder.join("refused.txt").exists()).then(|| parsed(&folder.join("confirm.json")))
    }
}

fn folder_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

fn parsed<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&bytes(path))
        .unwrap_or_else(|error| panic!("{} is not the recording it should be: {error}", path.display()))
}

/// Decimal text in 10^-8, by digits alone: written here once more so that no recording is read by the code it judges.
pub(crate) fn base_units(text: &str) -> u64 {
    let refuse = || -> u64 { panic!("{text:?} is no amount in multiples of 10^-8") };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let Ok(digits) = format!("{whole}{fraction}").parse::<u64>() else { return refuse() };
    let (Ok(exponent), Ok(places)) = (exponent.parse::<i32>(), i32::try_from(fraction.len())) else {
        return refuse();
    };
    let shift = exponent + 8 - places;
    let scale = 10_u64.checked_pow(shift.unsigned_abs());
    let units = match scale {
        Some(scale) if shift >= 0 => digits.checked_mul(scale),
        Some(scale) if digits.is_multiple_of(scale) => Some(digits / scale),
        _ => None,
    };
    units.unwrap_or_else(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nodes_decimals_are_read_by_their_digits() {
        for (text, units) in [
            ("0.00179213", 179_213),
            ("2817.10398234", 281_710_398_234),
            ("1.0", 100_000_000),
            ("21000000", 2_100_000_000_000_000),
            ("1.775e-05", 1_775),
            ("1e-08", 1),
            ("0.100000000", 10_000_000),
        ] {
            assert_eq!(base_units(text), units, "{text}");
        }
    }

    #[test]
    #[should_panic(expected = "no amount")]
    fn less_than_a_base_unit_is_no_amount() {
        base_units("1.5e-08");
    }

    #[test]
    #[should_panic(expected = "there is no scenario \"wsh\"")]
    fn an_unknown_scenario_is_named() {
        Scenario::load("wsh");
    }
}
