//! What the tests share: a recorded treasury, its chain as a ledger, and AMP with its asset.

mod alterations;
mod api;
mod issue;
mod recorded;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::confidential::Value as Amount;
use coldamp_core::elements::{AssetId, OutPoint, Transaction, Txid, encode, hex};
use coldamp_core::units::{AssetAmount, Precision, parse_amp_decimal};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Amp, AssetRecord, TreasuryOutput};
use crate::exchange::{Answer, Question};
use crate::ledger::Ledger;

const ROOT: &str = "https://amp-test.blockstream.com/api/{}";

/// Transactions with their confirmations.
#[derive(Debug, Default)]
struct Recording {
    transactions: BTreeMap<Txid, (Transaction, u32)>,
}

impl Ledger for Recording {
    fn transaction(&self, txid: Txid) -> Option<Transaction> {
        self.transactions.get(&txid).map(|(transaction, _)| transaction.clone())
    }

    fn confirmations(&self, txid: Txid) -> Option<u32> {
        self.transactions.get(&txid).map(|(_, confirmations)| *confirmations)
    }

    fn spender(&self, outpoint: OutPoint) -> Option<Txid> {
        let spends = |tx: &Transaction| tx.input.iter().any(|input| input.previous_output == outpoint);
        self.transactions.iter().find(|(_, (tx, _))| spends(tx)).map(|(txid, _)| *txid)
    }

    fn tip(&self) -> u32 {
        100
    }
}

#[derive(Deserialize)]
struct Coin {
    txid: String,
    vout: u32,
    asset: String,
    amount: Box<RawValue>,
    amountblinder: String,
    assetblinder: String,
}

/// A recorded treasury whose hot node's transactions come onto the chain one by one.
struct Treasury {
    name: &'static str,
    amp: Amp,
    ledger: Recording,
    token: String,
    uuid: Uuid,
    asset: AssetId,
    reissuance_token: AssetId,
}

impl Treasury {
    const NAMES: [&'static str; 5] =
        ["wpkh", "wpkh-blinded-issuance", "wpkh-split-token", "wpkh-80-recipients", "sh-wpkh"];

    fn file(name: &str, path: &str) -> String {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios").join(name);
        fs::read_to_string(folder.join(path)).unwrap()
    }

    fn json(name: &str, path: &str) -> Value {
        serde_json::from_str(&Self::file(name, path)).unwrap()
    }

    /// With the chain as it was recorded, and the recorded distribution open.
    fn load(name: &'static str) -> Treasury {
        let (info, request) =
            (Self::json(name, "chain/info.json"), Self::json(name, "requests/distribute.json"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut ledger = Recording::default();
        for row in Self::json(name, "chain/transactions.json").as_array().unwrap() {
            let transaction = decode(&text(&row["hex"]));
            ledger.transactions.insert(transaction.txid(), (transaction, 10));
        }
        let asset: AssetId = text(&info["asset"]).parse().unwrap();
        let reissuance_token: AssetId = text(&info["issuance"]["reissuance_token"]).parse().unwrap();
        let coins: Vec<Coin> = serde_json::from_str(&Self::file(name, "chain/listunspent.json")).unwrap();
        let outputs = coins.into_iter().map(|coin| TreasuryOutput {
            outpoint: OutPoint { txid: coin.txid.parse().unwrap(), vout: coin.vout },
            asset: coin.asset.parse().unwrap(),
            amount: parse_amp_decimal(coin.amount.get()).unwrap(),
            asset_blinder: coin.assetblinder.parse().unwrap(),
            amount_blinder: coin.amountblinder.parse().unwrap(),
        });
        let treasury = outputs.filter(|output| [asset, reissuance_token].contains(&output.asset)).collect();
        let mut amp = Amp::new(ROOT, "issuer", "correct horse");
        let uuid = amp.add_asset(AssetRecord {
            uuid: Uuid::parse(request["asset_uuid"].as_str().unwrap()),
            name: "Treasury Share".to_owned(),
            ticker: "DTST".to_owned(),
            precision: Precision::new(2).unwrap(),
            domain: "example.com".to_owned(),
            pubkey: "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798".to_owned(),
            asset,
            token: Some(reissuance_token),
            txid: text(&info["issuance"]["txid"]).parse().unwrap(),
            amount: AssetAmount::from_base_units(500_000_000_000),
            token_amount: AssetAmount::from_base_units(100_000_000),
            treasury,
        });
        let amounts = request["map_address_amount"].as_object().unwrap();
        let payments: Vec<_> = amounts
            .iter()
            .map(|(address, amount)| {
                let amount = parse_amp_decimal(&amount.to_string()).unwrap();
                (amp.add_user(address), address.parse().unwrap(), amount)
            })
            .collect();
        let distribution = Uuid::parse(request["distribution_uuid"].as_str().unwrap()).unwrap();
        amp.add_distribution(&uuid, &distribution, &payments).unwrap();
        let mut treasury =
            Treasury { name, amp, ledger, token: String::new(), uuid, asset, reissuance_token };
        treasury.log_in();
        treasury
    }

    fn log_in(&mut self) {
        let credentials = json!({ "username": "issuer", "password": "correct horse" });
        let answer = self.post("user/obtain_token", &credentials);
        self.token = body(&answer)["token"].as_str().unwrap().to_owned();
    }

    fn ask(&mut self, method: &str, path: &str, query: &str, body: Vec<u8>) -> Answer {
        let question = Question {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            authorization: Some(format!("token {}", self.token)),
            body,
        };
        self.amp.answer(&mut self.ledger, &question)
    }

    fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "", Vec::new())
    }

    fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, "", body.to_string().into_bytes())
    }

    /// A path of the asset.
    fn path(&self, rest: &str) -> String {
        format!("assets/{}/{rest}", self.uuid)
    }

    fn get_asset(&mut self, rest: &str) -> Answer {
        let path = self.path(rest);
        self.get(&path)
    }

    fn post_asset(&mut self, rest: &str, body: &Value) -> Answer {
        let path = self.path(rest);
        self.post(&path, body)
    }

    /// Whether the hot node could do this job.
    fn did(&self, job: &str) -> bool {
        !(self.name == "sh-wpkh" && job == "reissue")
    }

    fn transaction(&self, job: &str) -> Transaction {
        decode(Self::file(self.name, &format!("hot-node/{job}/transaction.hex")).trim())
    }

    /// Puts the hot node's transaction onto the chain.
    fn mine(&mut self, job: &str, confirmations: u32) -> Txid {
        let transaction = self.transaction(job);
        let txid = transaction.txid();
        self.ledger.transactions.insert(txid, (transaction, confirmations));
        txid
    }

    /// Asks AMP for what the hot node did.
    fn request(&mut self, job: &str) {
        let transaction = self.transaction(job);
        let answer = match job {
            "reissue" => {
                let issued: Value = Self::json(self.name, "hot-node/reissue/confirm.json");
                let amount = &issued["payload"]["listissuances"][0]["assetamount"];
                let amount = parse_amp_decimal(&amount.to_string()).unwrap();
                self.post_asset("reissue-request", &json!({ "amount_to_reissue": amount.base_units() }))
            }
            "burn" => {
                let burnt =
                    transaction.output.iter().find(|output| output.script_pubkey.is_op_return()).unwrap();
                let Amount::Explicit(amount) = burnt.value else { panic!("a blinded burn") };
                self.post_asset("burn-request", &json!({ "amount": amount }))
            }
            _ => return,
        };
        assert_eq!(answer.status, 200, "{job} of {}: {}", self.name, body(&answer));
    }

    /// Where the hot node's report goes.
    fn endpoint(&self, job: &str) -> String {
        let confirm = Self::json(self.name, &format!("hot-node/{job}/confirm.json"));
        confirm["endpoint"].as_str().unwrap().strip_prefix("/api/").unwrap().to_owned()
    }

    /// The hot node's report.
    fn payload(&self, job: &str) -> Value {
        Self::json(self.name, &format!("hot-node/{job}/confirm.json"))["payload"].clone()
    }

    /// The hot node's report as the text that its script posted.
    fn payload_text(&self, job: &str) -> Vec<u8> {
        #[derive(Deserialize)]
        struct Confirm {
            payload: Box<RawValue>,
        }
        let text = Self::file(self.name, &format!("hot-node/{job}/confirm.json"));
        let confirm: Confirm = serde_json::from_str(&text).unwrap();
        confirm.payload.get().as_bytes().to_vec()
    }

    /// Asks, mines and reports as the hot node did.
    fn carry_out(&mut self, job: &str) -> Answer {
        self.request(job);
        self.mine(job, 2);
        let (path, payload) = (self.endpoint(job), self.payload_text(job));
        self.ask("POST", &path, "", payload)
    }
}

fn decode(text: &str) -> Transaction {
    encode::deserialize(&hex::decode_to_vec(text).unwrap()).unwrap()
}

/// The JSON of an answer; an empty body is null.
fn body(answer: &Answer) -> Value {
    if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body).unwrap() }
}

fn detail(answer: &Answer) -> String {
    assert_eq!(answer.status, 400, "{}", body(answer));
    body(answer)["detail"].as_str().unwrap().to_owned()
}
