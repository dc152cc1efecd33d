//! A real node as AMP's own: it issues to the addresses that the sandbox's AMP is asked for.

use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{OutPoint, Transaction, Txid};
use coldamp_core::treasury::{IssuanceIds, IssuanceKind};
use coldamp_sandbox::ledger::Ledger;
use coldamp_sandbox::treasury::{Issuance, IssueOrder};
use serde_json::{Value, json};

use super::rpc::{CallError, Rpc};
use super::{Node, NodeLedger, Wallet};
use crate::Ordered;

/// The wallet of AMP's node.
const WALLET: &str = "amp";

/// See the module.
pub struct NodeIssuer {
    ledger: NodeLedger,
    rpc: Rpc,
}

impl Node {
    /// What AMP sees of this node, with a wallet of AMP's on it that a treasury's hot wallet pays L-BTC to.
    pub fn issuer(&self, hot: &Wallet<'_>) -> NodeIssuer {
        let (private_keys_disabled, blank, passphrase, avoid_reuse, descriptors) =
            (false, false, "", false, true);
        self.call(
            "createwallet",
            json!([WALLET, private_keys_disabled, blank, passphrase, avoid_reuse, descriptors]),
        );
        let issuer = NodeIssuer { ledger: self.ledger(), rpc: self.rpc.clone() };
        let address = || issuer.ask("getnewaddress", json!([])).expect("an address").text().to_owned();
        // The change goes to AMP's wallet too: the hot wallet gives out no addresses.
        let raw = hot.call("createrawtransaction", json!([[], [{ address(): 0.001 }]]));
        let funded = hot.call("fundrawtransaction", json!([raw.text(), { "changeAddress": address() }]));
        let blinded = hot.call("blindrawtransaction", json!([funded.get("hex").text()]));
        let signed = hot.call("signrawtransactionwithwallet", json!([blinded.text()]));
        self.confirm(signed.get("hex").text());
        issuer
    }
}

impl NodeIssuer {
    fn ask(&self, method: &str, parameters: Value) -> Result<Ordered, String> {
        let answer = self.rpc.call(&format!("/wallet/{WALLET}"), method, &parameters);
        answer.map_err(|error| match error {
            CallError::Refused(error) => format!("{method}: {error}"),
            CallError::NoAnswer(why) => format!("{method}: {why}"),
        })
    }

    /// As the documentation of Elements does it for an asset with a contract: a transaction that is funded, then issues, is
    /// blinded and signed.
    fn issued(&self, order: &IssueOrder) -> Result<Transaction, String> {
        // Funding takes a transaction that pays something: it pays AMP's wallet itself.
        let own = self.ask("getnewaddress", json!([]))?;
        let raw = self.ask("createrawtransaction", json!([[], [{ own.text(): 0.000_1 }]]))?;
        // 1 sat/vB: a blinded issuance is several kilobytes.
        let funding = json!({ "feeRate": 0.000_05 });
        let funded = self.ask("fundrawtransaction", json!([raw.text(), funding]))?;
        // The node reads the hash as it writes all hashes: reversed.
        let mut hash = sha256::Hash::hash(order.contract.as_bytes()).to_byte_array();
        hash.reverse();
        let mut terms = json!({
            "asset_amount": decimal(order.amount.base_units()),
            "asset_address": order.address.to_string(),
            "blind": order.kind == IssuanceKind::Blinded,
            "contract_hash": hash.to_lower_hex_string(),
        });
        if let Some((amount, address)) = &order.tokens {
            terms["token_amount"] = decimal(amount.base_units());
            terms["token_address"] = json!(address.to_string());
        }
        let issues = self.ask("rawissueasset", json!([funded.get("hex").text(), [terms]]))?;
        let issues = issues.items().first().ok_or("rawissueasset: no answer")?.clone();
        let (ignores_failures, commitments, is_blinded) =
            (true, json!([]), order.kind == IssuanceKind::Blinded);
        let blinded = self.ask(
            "blindrawtransaction",
            json!([issues.get("hex").text(), ignores_failures, commitments, is_blinded]),
        )?;
        let signed = self.ask("signrawtransactionwithwallet", json!([blinded.text()]))?;
        let txid = self.ask("sendrawtransaction", json!([signed.get("hex").text()]))?;
        let txid: Txid = txid.text().parse().map_err(|_| "sendrawtransaction: no txid")?;
        self.transaction(txid).ok_or_else(|| "the node does not have what it sent".to_owned())
    }
}

/// Base units as the node's decimal, which must be a number here. One with eight places of at most 21 million is exact in a
/// double's text.
fn decimal(base_units: u64) -> Value {
    let text = format!("{}.{:08}", base_units / 100_000_000, base_units % 100_000_000);
    serde_json::from_str(&text).expect("a number")
}

impl Ledger for NodeIssuer {
    fn transaction(&self, txid: Txid) -> Option<Transaction> {
        self.ledger.transaction(txid)
    }

    fn confirmations(&self, txid: Txid) -> Option<u32> {
        self.ledger.confirmations(txid)
    }

    fn spender(&self, outpoint: OutPoint) -> Option<Txid> {
        self.ledger.spender(outpoint)
    }

    fn tip(&self) -> u32 {
        self.ledger.tip()
    }

    fn issue(&mut self, order: &IssueOrder) -> Result<Issuance, String> {
        let transaction = self.issued(order)?;
        let txid = transaction.txid();
        let vin =
            transaction.input.iter().position(|input| input.has_issuance()).ok_or("nothing is issued")?;
        let input = transaction.input.get(vin).ok_or("nothing is issued")?;
        let ids = IssuanceIds::of_input(input);
        let vout = |script: coldamp_core::elements::Script| {
            let place = transaction.output.iter().position(|output| output.script_pubkey == script);
            place.and_then(|place| u32::try_from(place).ok()).ok_or("an address is not paid")
        };
        // What opens the issued amounts, as the wallet that blinded them knows it.
        let rows = self.ask("listissuances", json!([]))?;
        let row = rows.items().iter().find(|row| row.get("txid").text() == txid.to_string());
        let row = row.ok_or("listissuances does not list the issuance")?;
        let blinder = |name: &str| match row.find(name) {
            Some(text) => text.text().parse().map_err(|_| format!("{name} is no blinding factor")),
            None => Ok(coldamp_core::elements::confidential::ValueBlindingFactor::zero()),
        };
        Ok(Issuance {
            asset: ids.asset,
            token: order.tokens.as_ref().map(|_| ids.token(order.kind)),
            contract: order.contract.clone(),
            prevout: input.previous_output,
            txid,
            vin: u32::try_from(vin).map_err(|error| error.to_string())?,
            asset_vout: vout(order.address.script_pubkey())?,
            token_vout: order
                .tokens
                .as_ref()
                .map(|(_, address)| vout(address.script_pubkey()))
                .transpose()?,
            asset_blinds: blinder("assetblinds")?,
            token_blinds: blinder("tokenblinds")?,
        })
    }
}
