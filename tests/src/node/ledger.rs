//! A real node as the chain that the sandbox's AMP looks at.

use coldamp_core::elements::encode::deserialize;
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::elements::{OutPoint, Transaction, Txid};
use coldamp_sandbox::ledger::Ledger;
use serde_json::{Value, json};

use super::Node;
use super::rpc::Rpc;
use crate::Ordered;

/// See the module.
pub struct NodeLedger {
    rpc: Rpc,
}

impl Node {
    /// What AMP sees of this node.
    pub fn ledger(&self) -> NodeLedger {
        NodeLedger { rpc: self.rpc.clone() }
    }
}

impl NodeLedger {
    /// What a method says; none where the node refuses it.
    fn ask(&self, method: &str, parameters: Value) -> Option<Ordered> {
        self.rpc.call("/", method, &parameters).ok()
    }

    fn blocks(&self) -> impl Iterator<Item = Ordered> {
        let block = |height| {
            let hash = self.ask("getblockhash", json!([height]))?;
            self.ask("getblock", json!([hash.text(), 2]))
        };
        (0..=self.tip()).rev().filter_map(block)
    }
}

impl Ledger for NodeLedger {
    fn transaction(&self, txid: Txid) -> Option<Transaction> {
        let hex = self.ask("getrawtransaction", json!([txid.to_string(), false]))?;
        deserialize(&decode_to_vec(hex.text()).ok()?).ok()
    }

    fn confirmations(&self, txid: Txid) -> Option<u32> {
        let transaction = self.ask("getrawtransaction", json!([txid.to_string(), true]))?;
        match transaction.find("confirmations") {
            Some(Ordered::Other(depth)) => depth.parse().ok(),
            _ => Some(0),
        }
    }

    fn spender(&self, outpoint: OutPoint) -> Option<Txid> {
        // A node keeps no index of spends: its blocks are gone through, newest first. The mempool is empty in these tests.
        let spends = |transaction: &Ordered| {
            transaction.get("vin").items().iter().any(|input| {
                let is = |name: &str, value: &str| match input.find(name) {
                    Some(Ordered::Other(found)) => found == value,
                    Some(found) => found.text() == value,
                    None => false,
                };
                is("txid", &outpoint.txid.to_string()) && is("vout", &outpoint.vout.to_string())
            })
        };
        self.blocks().find_map(|block| {
            let transactions = block.get("tx").items().to_vec();
            transactions.into_iter().find(&spends)?.get("txid").text().parse().ok()
        })
    }

    fn tip(&self) -> u32 {
        match self.ask("getblockcount", json!([])) {
            Some(Ordered::Other(height)) => height.parse().unwrap_or_default(),
            _ => 0,
        }
    }
}
