//! A wallet of the node that holds given keys: the treasury's hot wallet that AMP's script would drive, or a recipient's.

use serde_json::{Value, json};

use super::{Node, RpcError, answered};
use crate::{NodeKeys, Ordered};

/// Scripts of each descriptor that the wallet watches: more than any scenario has used.
const RANGE: u32 = 100;

/// A wallet.
pub struct Wallet<'a> {
    node: &'a Node,
    path: String,
}

impl Node {
    /// Makes a wallet that holds keys, and has it read the chain.
    ///
    /// # Panics
    ///
    /// If the node does not take them.
    pub fn wallet(&self, name: &str, keys: &NodeKeys) -> Wallet<'_> {
        let (private_keys_disabled, blank, passphrase, avoid_reuse, descriptors) =
            (false, true, "", false, true);
        self.call(
            "createwallet",
            json!([name, private_keys_disabled, blank, passphrase, avoid_reuse, descriptors]),
        );
        let wallet = Wallet { node: self, path: format!("/wallet/{name}") };
        // Before the descriptors, whose rescan then opens what it finds.
        wallet.call("importmasterblindingkey", json!([keys.master_blinding_key]));
        let imports: Vec<Value> = keys.descriptors.iter().map(|descriptor| self.import(descriptor)).collect();
        for (descriptor, answer) in
            keys.descriptors.iter().zip(wallet.call("importdescriptors", json!([imports])).items())
        {
            assert_eq!(answer.get("success"), &Ordered::Other("true".to_owned()), "{descriptor}: {answer:?}");
        }
        wallet
    }

    /// Makes a wallet with keys of its own: of descriptors, or of the older kind.
    ///
    /// # Errors
    ///
    /// What the node says when it refuses: many are built without the older kind.
    pub fn new_wallet(&self, name: &str, is_descriptors: bool) -> Result<Wallet<'_>, RpcError> {
        let (private_keys_disabled, blank, passphrase, avoid_reuse) = (false, false, "", false);
        self.try_call(
            "createwallet",
            json!([name, private_keys_disabled, blank, passphrase, avoid_reuse, is_descriptors]),
        )?;
        Ok(Wallet { node: self, path: format!("/wallet/{name}") })
    }

    fn import(&self, descriptor: &str) -> Value {
        let info = self.call("getdescriptorinfo", json!([descriptor]));
        let with_checksum = format!("{descriptor}#{}", info.get("checksum").text());
        json!({"desc": with_checksum, "range": [0, RANGE], "timestamp": 0})
    }
}

impl Wallet<'_> {
    /// Calls a method that must be done.
    ///
    /// # Panics
    ///
    /// If it is not.
    pub fn call(&self, method: &str, parameters: Value) -> Ordered {
        self.try_call(method, parameters).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// What the node says when it refuses.
    ///
    /// # Panics
    ///
    /// If the node does not answer.
    pub fn try_call(&self, method: &str, parameters: Value) -> Result<Ordered, RpcError> {
        answered(self.node.rpc.call(&self.path, method, &parameters))
    }

    /// Puts an address into the wallet's book under the empty label, as `getnewaddress` and `reissueasset` do.
    pub fn gave_out(&self, address: &str) {
        self.call("setlabel", json!([address, ""]));
    }

    /// `gettransaction`'s rows.
    pub fn details(&self, txid: &str) -> Ordered {
        self.call("gettransaction", json!([txid])).get("details").clone()
    }

    /// `listunspent`'s rows of one transaction.
    pub fn unspent_of(&self, txid: &str) -> Vec<Ordered> {
        of_transaction(&self.call("listunspent", json!([])), txid)
    }

    /// `listissuances`' rows of one transaction.
    pub fn issuances_of(&self, txid: &str) -> Vec<Ordered> {
        of_transaction(&self.call("listissuances", json!([])), txid)
    }
}

fn of_transaction(rows: &Ordered, txid: &str) -> Vec<Ordered> {
    rows.items().iter().filter(|row| row.get("txid").text() == txid).cloned().collect()
}
