//! A treasury of a published test key, with as many coins and recipients as a measurement needs. No recording is read.

use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::elements::bitcoin::PublicKey;
use coldamp_core::elements::bitcoin::bip32::Xpriv;
use coldamp_core::elements::encode::serialize_hex;
use coldamp_core::elements::secp256k1_zkp::SecretKey;
use coldamp_core::elements::{
    Address, AssetId, AssetIssuance, LockTime, OutPoint, Script, Sequence, Transaction, TxIn, TxInWitness,
    Txid,
};
use coldamp_core::network::{Chain, Network};
use coldamp_core::prepare::{Prepared, Settings, Treasury as Known, prepare};
use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{Approval, ApprovedPset, JournalState, Review, ReviewOptions, review};
use coldamp_core::sign::{Recorded, SigningKey, sign};
use coldamp_core::signed::{JournalPosition, SignedFile};
use coldamp_core::treasury::{
    Branch, CtDescriptor, FreeIndices, KeyPath, OwnScript, ScriptIndex, UsedIndices, Utxo,
};
use coldamp_online::source::file::TransactionsFile;
use serde_json::json;

use crate::floor::Blinding;
use crate::machine;

/// "abandon … about", for test networks.
const MASTER_KEY: &str = "tprv8ZgxMBicQKsPe5YMU9gHen4Ez3ApihUfykaqUorj9t6FDqy3nP6eoXiAo2ssvpAjoLroQxHqr3R5nE3a5dU3DHTjTgJDd7zrbniJr6nrCzd";

/// Its descriptor.
const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

/// Coins that have proofs of their own. Further ones repeat these: how long a proof takes does not depend on its content.
const DISTINCT: usize = 100;

/// Base units that each recipient gets.
pub(crate) const PAID: u64 = 100_000_000;

/// What both sides of the air gap know of the treasury.
pub(crate) struct Treasury {
    pub(crate) secp: Secp,
    pub(crate) network: Network,
    pub(crate) descriptor: CtDescriptor,
    pub(crate) asset: AssetId,
    scripts: ScriptIndex,
    free: FreeIndices,
}

/// A job, from its request to the signed file.
pub(crate) struct Job<'a> {
    pub(crate) treasury: &'a Treasury,
    pub(crate) recipients: usize,
    pub(crate) coins: Vec<Utxo>,
    pub(crate) request: Vec<u8>,
}

impl Treasury {
    /// One that computes on all cores.
    pub(crate) fn new() -> Treasury {
        Treasury::with(machine::secp())
    }

    /// One that computes on one core.
    pub(crate) fn on_one_core() -> Treasury {
        Treasury::with(Secp::new())
    }

    fn with(secp: Secp) -> Treasury {
        let network = Network::new(Chain::Regtest);
        let descriptor = CtDescriptor::parse(DESCRIPTOR, network.chain()).expect("a descriptor");
        let scripts = ScriptIndex::up_to(&secp, &descriptor, 200).expect("scripts");
        let mut used = UsedIndices::default();
        (0..10).for_each(|index| used.mark(KeyPath { branch: Branch::External, index }));
        let (asset, free) = (AssetId::from_byte_array([7; 32]), FreeIndices::besides(used));
        Treasury { secp, network, descriptor, asset, scripts, free }
    }

    fn own(&self, number: usize) -> OwnScript {
        let index = u32::try_from(number % 10).expect("a digit");
        self.descriptor.script_at(&self.secp, KeyPath { branch: Branch::External, index }).expect("a script")
    }

    /// Blinded coins of one asset, all of the same amount, opened.
    pub(crate) fn coins(&self, asset: AssetId, amount: u64, count: usize) -> Vec<Utxo> {
        let distinct: Vec<Utxo> =
            (0..count.min(DISTINCT)).map(|number| self.coin(asset, amount, number)).collect();
        let at =
            |number: usize| Utxo { outpoint: outpoint(asset, number), ..distinct[number % DISTINCT].clone() };
        (0..count).map(at).collect()
    }

    fn coin(&self, asset: AssetId, amount: u64, number: usize) -> Utxo {
        let own = self.own(number);
        let receiver = self.descriptor.blinding_key(&self.secp, &own.script_pubkey);
        let count = u32::try_from(number).expect("a count");
        let blinding = Blinding { asset, amount, script: &own.script_pubkey, receiver, number: count };
        let mut txout = blinding.bare(&self.secp);
        txout.witness.rangeproof = blinding.prove(&self.secp, &txout);
        Utxo::open(&self.secp, &self.descriptor, outpoint(asset, number), &txout, own.clone())
            .expect("its own coin")
    }

    /// So many coins in transactions, as a chain source has them.
    pub(crate) fn source(&self, count: usize) -> TransactionsFile {
        TransactionsFile::parse(&self.transactions(count)).expect("a transactions file")
    }

    /// The file of these transactions, of 100 outputs each, with the proofs of the coins.
    pub(crate) fn transactions(&self, count: usize) -> Vec<u8> {
        let outputs = self.coins(self.asset, PAID, DISTINCT).into_iter().map(|coin| {
            let mut output = coin.txout;
            output.witness.rangeproof = coin.rangeproof;
            output
        });
        let input = TxIn {
            previous_output: OutPoint::null(),
            is_pegin: false,
            script_sig: Script::new(),
            sequence: Sequence::MAX,
            asset_issuance: AssetIssuance::null(),
            witness: TxInWitness::empty(),
        };
        let mut transaction = Transaction {
            version: 2,
            lock_time: LockTime::ZERO,
            input: vec![input],
            output: outputs.collect(),
        };
        let entries = (0..count / DISTINCT).map(|number| {
            transaction.input[0].previous_output = outpoint(AssetId::from_byte_array([8; 32]), number);
            json!({ "txid": transaction.txid().to_string(), "height": 100, "hex": serialize_hex(&transaction) })
        });
        serde_json::to_vec(&entries.collect::<Vec<_>>()).expect("JSON")
    }

    /// A distribution to so many recipients, from these coins.
    pub(crate) fn distribution(&self, recipients: usize, coins: Vec<Utxo>) -> Job<'_> {
        let addresses: Vec<String> = (0..recipients).map(|number| self.recipient(number)).collect();
        let amounts: serde_json::Map<String, serde_json::Value> =
            addresses.iter().map(|address| (address.clone(), json!(1.00000001))).collect();
        let assets: serde_json::Map<String, serde_json::Value> =
            addresses.into_iter().map(|address| (address, json!(self.asset.to_string()))).collect();
        let request = json!({
            "command": "distribute",
            "min_supported_client_script_version": 2,
            "base_url": "https://amp-test.blockstream.com/api/{}",
            "asset_uuid": "8c5050ea-c832-452e-83e2-c32845b61df2",
            "asset_id": self.asset.to_string(),
            "distribution_uuid": "1027e5d3-5c7f-4058-80b9-1b2ede0d0fc5",
            "map_address_amount": amounts,
            "map_address_asset": assets,
        });
        Job { treasury: self, recipients, coins, request: request.to_string().into_bytes() }
    }

    /// The usual coins of a distribution: two of the asset are needed, and one of L-BTC pays the fee.
    pub(crate) fn usual(&self, recipients: usize) -> Job<'_> {
        let units = PAID * u64::try_from(recipients).expect("a count");
        let mut coins = self.coins(self.asset, units * 2 / 3, 3);
        coins.extend(self.coins(self.network.policy_asset(), 100_000, 2));
        self.distribution(recipients, coins)
    }

    fn recipient(&self, number: usize) -> String {
        let key = |name: u8| {
            let mut bytes = [name; 32];
            bytes[..8].copy_from_slice(&u64::try_from(number).expect("a count").to_be_bytes());
            SecretKey::from_slice(&bytes).expect("a key").public_key(&self.secp)
        };
        let params = self.network.address_params();
        Address::p2wpkh(&PublicKey::new(key(0x33)), Some(key(0x44)), params).to_string()
    }

    /// The master key.
    pub(crate) fn key(&self) -> SigningKey {
        SigningKey::new(MASTER_KEY.parse::<Xpriv>().expect("a master key"))
    }
}

fn outpoint(asset: AssetId, number: usize) -> OutPoint {
    let mut bytes = asset.to_byte_array();
    bytes[..8].copy_from_slice(&u64::try_from(number).expect("a count").to_be_bytes());
    OutPoint::new(Txid::from_byte_array(bytes), 0)
}

impl Job<'_> {
    /// AMP's request, parsed.
    pub(crate) fn parsed(&self) -> Request {
        Request::parse(&self.request, &self.treasury.network).expect("a request")
    }

    /// The treasury as the planner takes it.
    pub(crate) fn known(&self) -> Known<'_> {
        Known {
            network: &self.treasury.network,
            descriptor: &self.treasury.descriptor,
            coins: &self.coins,
            scripts: &self.treasury.scripts,
            free: &self.treasury.free,
            issuance: None,
            contract: None,
        }
    }

    /// Prepares the PSET.
    pub(crate) fn prepare(&self, request: &Request) -> Prepared {
        prepare(&self.treasury.secp, request, &self.known(), &Settings::default(), None).expect("a PSET")
    }

    /// The PSET as the signing machine reads it.
    pub(crate) fn pset(&self) -> UnsignedPset {
        UnsignedPset::read(self.prepare(&self.parsed()).pset.as_bytes()).expect("a PSET")
    }

    /// Reviews a PSET as the signing machine does, whatever it finds.
    pub(crate) fn review_all(&self, pset: &UnsignedPset, journal: &JournalState) -> Review {
        let Treasury { secp, network, descriptor, .. } = self.treasury;
        review(secp, network, descriptor, pset, journal, ReviewOptions::default())
    }

    /// Reviews a PSET that no rule refuses.
    pub(crate) fn review(&self, pset: &UnsignedPset, journal: &JournalState) -> Review {
        let review = self.review_all(pset, journal);
        assert!(review.mismatches.is_empty(), "{:#?}", review.mismatches);
        review
    }

    /// Reviews and approves.
    pub(crate) fn approve(&self, pset: &UnsignedPset) -> ApprovedPset {
        let judged = self.review(pset, &JournalState::default()).into_judged().expect("no rule failed");
        let code = judged.checked().approval_code().to_string();
        judged.approve(&self.treasury.secp, Approval::Code(&code)).expect("its own code")
    }

    /// Signs.
    pub(crate) fn sign(&self, approved: ApprovedPset, key: &SigningKey) -> SignedFile {
        let unrecorded = sign(&self.treasury.secp, approved, key).expect("a signature");
        let recorded = Recorded::on_disk(unrecorded.facts().txid, JournalPosition::default());
        unrecorded.release(recorded).expect("recorded")
    }

    /// How many outputs of the transaction are blinded: the recipients, and change of the asset and of L-BTC.
    pub(crate) fn blinded_outputs(&self, pset: &UnsignedPset) -> usize {
        self.review(pset, &JournalState::default())
            .checked()
            .expect("no rule failed")
            .content()
            .outputs
            .iter()
            .filter(|output| output.blinding_key.is_some())
            .count()
    }
}
