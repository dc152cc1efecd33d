//! An honest job that attacks start from, with all that an attacker who holds the view key knows of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use coldamp_core::elements::bitcoin::PublicKey;
use coldamp_core::elements::encode::{deserialize, serialize};
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::pset::{Input, PartiallySignedTransaction as Pset};
use coldamp_core::elements::{AssetEntropy, AssetId, OutPoint, Script, Transaction, Txid};
use coldamp_core::pset::Content;
use coldamp_core::sign::review::{Review, Role};
use coldamp_core::treasury::{Branch, KeyPath, OwnScript, Utxo};

use crate::{Info, Job, RequestKind, Scenario, Treasury};

/// A job that attacks start from: what AMP asks, and of which treasury.
pub type JobName = (RequestKind, &'static str);

/// Jobs as unlike as they can be: each kind, both kinds of issuance, a token in two coins, redeem scripts.
pub const VARIED: [JobName; 6] = [
    (RequestKind::Burn, "wpkh"),
    (RequestKind::Reissue, "wpkh"),
    (RequestKind::Distribute, "wpkh"),
    (RequestKind::Burn, "sh-wpkh"),
    (RequestKind::Reissue, "wpkh-blinded-issuance"),
    (RequestKind::Reissue, "wpkh-split-token"),
];

/// An honest job, prepared and reviewed.
pub struct Honest {
    /// The chain and the asset.
    pub info: Info,
    /// Whose job it is.
    pub treasury: Treasury,
    /// AMP's bytes.
    pub request: Vec<u8>,
    /// As `prepare` wrote it.
    pub text: String,
    /// The same, in the fields of rust-elements.
    pub pset: Pset,
    /// What each output is for, by the review.
    pub roles: Vec<Role>,
    /// What the PSET spends and pays.
    pub content: Content,
    /// All coins of the treasury.
    pub coins: Vec<Utxo>,
    transactions: BTreeMap<Txid, Transaction>,
}

impl Honest {
    /// Prepared once, for every row that starts from it.
    pub fn of((kind, name): JobName) -> &'static Honest {
        static PREPARED: Mutex<BTreeMap<(&str, &str), &'static Honest>> = Mutex::new(BTreeMap::new());
        let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
        prepared.entry((kind.name(), name)).or_insert_with(|| Box::leak(Box::new(Self::prepare(kind, name))))
    }

    fn prepare(kind: RequestKind, name: &str) -> Self {
        let scenario = Scenario::load(name);
        let treasury = Treasury::of(&scenario);
        let job = treasury.job(&scenario, kind);
        let text = job.prepare().pset;
        let review = job.review(text.as_bytes());
        let checked =
            review.checked().unwrap_or_else(|| panic!("honest and refused: {:#?}", review.mismatches));
        let roles = checked.roles().iter().map(|role| role.expect("every output has a role")).collect();
        let coins = treasury.holdings(&job.request()).coins;
        Honest {
            info: scenario.info().clone(),
            request: job.request.clone(),
            pset: text.parse().expect("a PSET"),
            text,
            roles,
            content: checked.content().clone(),
            coins,
            transactions: transactions(&scenario),
            treasury,
        }
    }

    /// The PSET as maps of pairs.
    pub fn binary(&self) -> Vec<u8> {
        serialize(&self.pset)
    }

    /// The job, to be carried through core.
    pub fn job(&self) -> Job<'_> {
        Job { treasury: &self.treasury, request: self.request.clone() }
    }

    /// Reviews a file as the signer does.
    pub fn review(&self, file: &[u8]) -> Review {
        self.job().review(file)
    }

    /// The asset that the request is about.
    pub fn asset(&self) -> AssetId {
        id(&self.info.asset)
    }

    /// L-BTC.
    pub fn policy_asset(&self) -> AssetId {
        id(&self.info.policy_asset)
    }

    /// The token that reissues the asset.
    pub fn token(&self) -> AssetId {
        id(&self.info.issuance.reissuance_token)
    }

    /// The asset that no request is about.
    pub fn other_asset(&self) -> AssetId {
        id(&self.info.other_issuance.asset)
    }

    /// What reissues [`Honest::other_asset`].
    pub fn other_token(&self) -> AssetId {
        id(&self.info.other_issuance.reissuance_token)
    }

    /// What both ids come from.
    pub fn other_entropy(&self) -> AssetEntropy {
        entropy(&self.info.other_issuance.entropy)
    }

    /// What the asset's ids come from.
    pub fn entropy(&self) -> AssetEntropy {
        entropy(&self.info.issuance.entropy)
    }

    /// The asset's contract as its issuer hashed it, by serde_json's sorted maps and not by the code under test.
    pub fn contract(&self) -> String {
        self.info.contract.as_ref().expect("a scenario with a contract").to_string()
    }

    /// The coin that the issuance spent.
    pub fn issuance_prevout(&self) -> OutPoint {
        let prevout = &self.info.issuance.prevout;
        OutPoint::new(prevout.txid.parse().expect("a txid"), prevout.vout)
    }

    /// The transaction that issued the asset.
    pub fn issuance_txid(&self) -> Txid {
        self.info.issuance.txid.parse().expect("a txid")
    }

    /// A coin of an asset that the honest PSET does not spend.
    pub fn unspent(&self, asset: AssetId) -> Utxo {
        let spent = |coin: &Utxo| self.pset.inputs().iter().any(|input| spends(input, coin));
        let coin = self.coins.iter().find(|coin| coin.asset() == asset && !spent(coin));
        coin.expect("another coin of the asset").clone()
    }

    /// The transaction that made a coin.
    pub fn transaction(&self, coin: OutPoint) -> Transaction {
        self.transactions.get(&coin.txid).expect("a transaction of the treasury").clone()
    }

    /// Our script at a path.
    pub fn own(&self, branch: Branch, index: u32) -> OwnScript {
        let path = KeyPath { branch, index };
        self.treasury.descriptor.script_at(&self.treasury.secp, path).expect("an index below 2^31")
    }

    /// The highest index that an own output of the honest PSET may have.
    pub fn highest_allowed_index(&self) -> u32 {
        let spent = |coin: &&Utxo| self.pset.inputs().iter().any(|input| spends(input, coin));
        let highest = self.coins.iter().filter(spent).map(|coin| coin.own.path.index).max();
        highest.expect("inputs") + coldamp_core::limits::MAX_INDEX_GAP
    }

    /// The key that outputs to one of our scripts are blinded to.
    pub fn own_blinding_key(&self, script: &Script) -> PublicKey {
        PublicKey::new(self.treasury.descriptor.blinding_key(&self.treasury.secp, script))
    }
}

fn id(text: &str) -> AssetId {
    text.parse().expect("an asset id")
}

/// The node prints an entropy in reverse, as it does ids.
fn entropy(text: &str) -> AssetEntropy {
    let mut bytes = <[u8; 32]>::try_from(decode_to_vec(text).expect("hex")).expect("an entropy");
    bytes.reverse();
    AssetEntropy::from_byte_array(bytes)
}

fn transactions(scenario: &Scenario) -> BTreeMap<Txid, Transaction> {
    let rows: serde_json::Value = serde_json::from_slice(&scenario.transactions()).expect("JSON");
    let hex = rows.as_array().expect("a list").iter().map(|row| row["hex"].as_str().expect("hex"));
    let decoded =
        hex.map(|hex| deserialize::<Transaction>(&decode_to_vec(hex).expect("hex")).expect("a transaction"));
    decoded.map(|transaction| (transaction.txid(), transaction)).collect()
}

/// Whether an input spends a coin.
pub fn spends(input: &Input, coin: &Utxo) -> bool {
    input.previous_outpoint() == coin.outpoint
}
