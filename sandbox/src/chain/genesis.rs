//! The genesis block: all L-BTC of the chain, in coins that anybody may spend.

use std::collections::BTreeMap;

use coldamp_core::elements::confidential::{Asset, Nonce, Value};
use coldamp_core::elements::{
    AssetIssuance, BlockHash, LockTime, OutPoint, RangeProof, Sequence, SurjectionProof, Transaction, TxIn,
    TxInWitness, TxOut, TxOutWitness,
};
use coldamp_core::limits::MIN_RELAY_FEE_RATE;
use coldamp_core::network::{Chain as ChainName, Network};

use super::Chain;
use super::block::{BLOCK_INTERVAL, Block, GENESIS_TIME, anyone_can_spend};
use super::mempool::Terms;

/// Coins of the genesis block: enough for a test to take one and leave the others to the sandbox.
const COINS: u64 = 21;

/// The amount of each, in satoshi. Together they hold all the L-BTC that consensus allows.
const COIN: u64 = 100_000_000_000_000;

/// What makes this genesis block unlike that of any other regtest chain.
const NAME: &[u8] = b"coldamp sandbox";

impl Chain {
    /// A chain with its genesis block.
    pub fn new() -> Self {
        let network = Network::new(ChainName::Regtest);
        let coin = TxOut {
            asset: Asset::Explicit(network.policy_asset()),
            value: Value::Explicit(COIN),
            nonce: Nonce::Null,
            script_pubkey: anyone_can_spend(),
            witness: TxOutWitness { surjection_proof: SurjectionProof::EMPTY, rangeproof: RangeProof::EMPTY },
        };
        let input = TxIn {
            previous_output: OutPoint::null(),
            is_pegin: false,
            script_sig: coldamp_core::elements::script::Builder::new().push_slice(NAME).into_script(),
            sequence: Sequence::MAX,
            asset_issuance: AssetIssuance::null(),
            witness: TxInWitness::empty(),
        };
        let transaction = Transaction {
            version: 1,
            lock_time: LockTime::ZERO,
            input: vec![input],
            output: (0..COINS).map(|_| coin.clone()).collect(),
        };
        let mut chain = Chain {
            network,
            blocks: Vec::new(),
            clock: GENESIS_TIME.saturating_add(BLOCK_INTERVAL),
            entries: BTreeMap::new(),
            waiting: BTreeMap::new(),
            arrivals: 0,
            spends: BTreeMap::new(),
            history: BTreeMap::new(),
            issued: BTreeMap::new(),
            registry: BTreeMap::new(),
            relay_fee_rate: MIN_RELAY_FEE_RATE,
            drawn: 0,
        };
        let txid = transaction.txid();
        let terms = Terms::of(&transaction, 0);
        chain.record(transaction, Some(0), terms);
        let nothing = BlockHash::from_byte_array([0; 32]);
        chain.blocks.push(Block::new(nothing, 0, GENESIS_TIME, vec![txid]));
        chain
    }
}
