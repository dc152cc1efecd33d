//! Requests as AMP could make them for a recorded treasury, and the coins that happen to be there.

use std::sync::LazyLock;

use coldamp_core::elements::bitcoin::hashes::Hash as _;
use coldamp_core::elements::opcodes::all::OP_PUSHNUM_1;
use coldamp_core::elements::script::Builder;
use coldamp_core::elements::secp256k1_zkp::{PublicKey, SecretKey};
use coldamp_core::elements::{
    Address, AddressParams, AssetId, OutPoint, PubkeyHash, Script, ScriptHash, WPubkeyHash, WScriptHash,
};
use coldamp_core::treasury::Utxo;
use coldamp_online::sync::Holdings;
use coldamp_tests::{RequestKind, Scenario, Treasury};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A recorded treasury, synced once.
pub(crate) struct Recorded {
    pub(crate) scenario: Scenario,
    pub(crate) treasury: Treasury,
    pub(crate) holdings: Holdings,
}

/// All of them.
pub(crate) static RECORDED: LazyLock<Vec<Recorded>> = LazyLock::new(|| {
    let recorded = |scenario: Scenario| {
        let treasury = Treasury::of(&scenario);
        let holdings = treasury.holdings(&treasury.job(&scenario, RequestKind::Reissue).request());
        Recorded { scenario, treasury, holdings }
    };
    Scenario::all().into_iter().map(recorded).collect()
});

/// What is drawn: numbers that mean something only beside a treasury, so that a failing one can be made smaller.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Which treasury.
    pub(crate) treasury: usize,
    /// Which of its coins are there: a bit each.
    coins: u16,
    /// Thousandths of what is there that are asked for; a little more than all at the most.
    share: u64,
    pub(crate) fee_rate: u64,
    recipients: Vec<Recipient>,
}

/// A holder.
#[derive(Debug, Clone)]
struct Recipient {
    /// How much of the whole, against the others.
    weight: u64,
    /// Which kind of script.
    kind: u8,
    hash: [u8; 32],
    /// The key he opens his outputs with; none for an address without one.
    blinding_key: Option<[u8; 32]>,
}

/// Anything that may be asked.
pub(crate) fn anything() -> impl Strategy<Value = Asked> {
    // A coin is there three times of four, or hardly a job could be done.
    let coins = (any::<u16>(), any::<u16>()).prop_map(|(one, other)| one | other);
    let recipients = prop::collection::vec(recipient(), 1..=40);
    (0..Scenario::NAMES.len(), coins, 1_u64..=1_020, 100_u64..=200, recipients).prop_map(
        |(treasury, coins, share, fee_rate, recipients)| Asked {
            treasury,
            coins,
            share,
            fee_rate,
            recipients,
        },
    )
}

fn recipient() -> impl Strategy<Value = Recipient> {
    let weight = prop_oneof![Just(0_u64), 1_u64..1_000_000];
    // A scalar begins with a byte below 0xff and is not zero.
    let scalar = (1_u8..0xff, any::<[u8; 31]>()).prop_map(|(first, rest)| {
        let mut scalar = [first; 32];
        scalar[1..].copy_from_slice(&rest);
        scalar
    });
    let key = prop::option::weighted(0.9, scalar);
    (weight, 0_u8..5, any::<[u8; 32]>(), key).prop_map(|(weight, kind, hash, blinding_key)| Recipient {
        weight,
        kind,
        hash,
        blinding_key,
    })
}

impl Asked {
    pub(crate) fn recorded(&self) -> &'static Recorded {
        &RECORDED[self.treasury]
    }

    /// The treasury with the coins that are there.
    pub(crate) fn holdings(&self) -> Holdings {
        let mut holdings = self.recorded().holdings.clone();
        let mut position = 0;
        holdings.coins.retain(|_| {
            position += 1;
            self.coins >> (position - 1) & 1 == 1
        });
        holdings
    }

    /// Base units that are asked for, where so many are there.
    fn of(&self, there: u64) -> u64 {
        u64::try_from(u128::from(there) * u128::from(self.share) / 1_000).unwrap().max(1)
    }

    /// AMP's JSON.
    pub(crate) fn request(&self, kind: RequestKind) -> Vec<u8> {
        let info = self.recorded().scenario.info();
        let asset: AssetId = info.asset.parse().unwrap();
        let there = self.holdings().coins;
        let held: u64 =
            there.iter().filter(|coin| coin.asset() == asset).map(|coin| coin.secrets.value).sum();
        let mut request = json!({
            "command": kind.name(),
            "min_supported_client_script_version": 2,
            "base_url": "https://amp-test.blockstream.com/api/{}",
            "asset_uuid": "025b413f-8a9a-421e-a648-a7dd06839eb9",
            "asset_id": info.asset,
        });
        let more = match kind {
            RequestKind::Distribute => self.distribution(self.of(held), &info.asset),
            RequestKind::Reissue => {
                let token: AssetId = info.issuance.reissuance_token.parse().unwrap();
                let listed = listed(&self.recorded().holdings.coins, token);
                json!({"amount": number(self.of(MOST_REISSUED)), "reissuance_utxos": listed})
            }
            RequestKind::Burn => {
                json!({"amount": number(self.of(held)), "utxos": listed(&self.recorded().holdings.coins, asset)})
            }
        };
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request.to_string().into_bytes()
    }

    fn distribution(&self, total: u64, asset: &str) -> Value {
        let weights: u128 = self.recipients.iter().map(|recipient| u128::from(recipient.weight)).sum();
        let mut amounts = serde_json::Map::new();
        for recipient in &self.recipients {
            let share = u128::from(total) * u128::from(recipient.weight) / weights.max(1);
            amounts.insert(recipient.address().to_string(), number(u64::try_from(share).unwrap().max(1)));
        }
        let assets: serde_json::Map<String, Value> =
            amounts.keys().map(|address| (address.clone(), json!(asset))).collect();
        json!({
            "distribution_uuid": "afbd67f9-6196-49cf-a198-8ad9f06c144a",
            "map_address_amount": amounts,
            "map_address_asset": assets,
        })
    }
}

/// 20,500,000 × 10^8: with a share of a little more than all, still within what AMP's numbers may say.
const MOST_REISSUED: u64 = 2_050_000_000_000_000;

impl Recipient {
    fn address(&self) -> Address {
        let short = <[u8; 20]>::try_from(&self.hash[..20]).unwrap();
        let script = match self.kind {
            0 => Script::new_p2pkh(&PubkeyHash::from_byte_array(short)),
            1 => Script::new_p2sh(&ScriptHash::from_byte_array(short)),
            2 => Script::new_v0_wpkh(&WPubkeyHash::from_byte_array(short)),
            3 => Script::new_v0_wsh(&WScriptHash::from_byte_array(self.hash)),
            _ => Builder::new().push_opcode(OP_PUSHNUM_1).push_slice(&self.hash).into_script(),
        };
        let secp = coldamp_core::elements::secp256k1_zkp::Secp256k1::new();
        let key = self
            .blinding_key
            .map(|key| PublicKey::from_secret_key(&secp, &SecretKey::from_slice(&key).expect("a scalar")));
        Address::from_script(&script, key, &AddressParams::ELEMENTS).expect("an address")
    }
}

/// The coins of an asset as AMP lists them, whether they are there or not.
fn listed(coins: &[Utxo], asset: AssetId) -> Vec<Value> {
    let row = |outpoint: OutPoint| json!({"txid": outpoint.txid.to_string(), "vout": outpoint.vout});
    coins.iter().filter(|coin| coin.asset() == asset).map(|coin| row(coin.outpoint)).collect()
}

/// A JSON number of AMP's kind, in 10^8 base units, all eight decimals.
fn number(base_units: u64) -> Value {
    let text = format!("{}.{:08}", base_units / 100_000_000, base_units % 100_000_000);
    Value::Number(serde_json::from_str(&text).expect("a number"))
}
