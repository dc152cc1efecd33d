//! docs/moving-in.md, command by command: a hot wallet of the node, which issued an asset that AMP knows, pays everything to a cold
//! treasury, and the cold side burns.

use coldamp_core::amp::request::Uuid;
use coldamp_core::elements::{AssetId, OutPoint};
use coldamp_core::units::{AssetAmount, Precision};
use coldamp_sandbox::amp::{AssetRecord, TreasuryOutput};
use coldamp_sandbox::exchange::Question;
use coldamp_sandbox::server::{PASSWORD, Sandbox, USERNAME};
use coldamp_tests::node::{Elementsd, Node, Wallet};
use coldamp_tests::runbook::{Typed, typed_in, with_words};
use coldamp_tests::{Desk, KEYS, Ordered, Run, Scenario, sha256_of, skipped};
use serde_json::{Map, Value, json};

const DOCUMENT: &str = include_str!("../../../docs/moving-in.md");

/// Tried by another test, which has it word for word but for the network: the words are drawn and typed back.
const CEREMONY: (&str, &str) =
    ("key new --keystore treasury.age", include_str!("../../../offline-cli/tests/cli/new.rs"));

/// What moves, as the node names it.
struct Asset {
    id: AssetId,
    token: AssetId,
    txid: String,
    uuid: Uuid,
    /// The outputs of the treasury that AMP knows from the time before.
    outputs: Vec<TreasuryOutput>,
}

/// All machines.
struct Move<'a> {
    node: &'a Node,
    hot: Wallet<'a>,
    sandbox: Sandbox,
    asset: Asset,
    cold: Desk,
    online: Desk,
    words: Vec<(&'static str, String)>,
}

/// A decimal of the node's in base units.
fn base_units(decimal: &str) -> u64 {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    format!("{whole}{part:0<8}").parse().unwrap()
}

fn decimal(value: &Ordered) -> String {
    match value {
        Ordered::Other(text) => text.clone(),
        other => panic!("no number: {other:?}"),
    }
}

/// A line of a policy's template, with a decision in the place of FILL IN.
fn filled_in(line: &str) -> String {
    let decision = match line.split_once(" = ").map_or("", |(key, _)| key) {
        "contract" | "issuance_prevout" | "approvers" => "none",
        "unconfidential_recipients" => "refused",
        _ => "unlimited",
    };
    if line.starts_with('#') { line.to_owned() } else { line.replace("FILL IN", decision) }
}

/// A wallet without keys of ours, of one of the node's two kinds, with L-BTC of the scenario's. None where the node has not the
/// older kind.
fn hot_wallet<'a>(node: &'a Node, scenario: &Scenario, is_descriptors: bool) -> Option<Wallet<'a>> {
    let hot = match node.new_wallet("hot", is_descriptors) {
        Ok(hot) => hot,
        Err(error) if !is_descriptors && error.message.contains("without bdb") => {
            skipped("this elementsd is built without legacy wallets");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    let rich = node.wallet("rich", scenario.treasury_node_keys());
    let address = hot.call("getnewaddress", json!([]));
    // All of it: this wallet has no addresses for change.
    let all = rich.call("getbalance", json!([])).get("bitcoin").clone();
    let is_fee_in_it = true;
    rich.call("sendtoaddress", json!([address.text(), decimal(&all), "", "", is_fee_in_it]));
    node.mine();
    hot.call("getbalance", json!([]));
    Some(hot)
}

/// Issues as AMP's script would have, reissues a little, and tells AMP of both.
fn issued(node: &Node, hot: &Wallet<'_>, sandbox: &Sandbox, is_blind: bool) -> Asset {
    let answer = hot.call("issueasset", json!([1_000, 1, is_blind]));
    node.mine();
    let id = answer.get("asset").text().to_owned();
    hot.call("getbalance", json!([]));
    hot.call("reissueasset", json!([id, "0.00000100"]));
    node.mine();
    node.mine();
    let mut asset = Asset {
        id: id.parse().unwrap(),
        token: answer.get("token").text().parse().unwrap(),
        txid: answer.get("txid").text().to_owned(),
        uuid: Uuid::parse("7a2f1c5e-0b1d-4a77-9c55-3f0a6c1d2e4b").unwrap(),
        outputs: Vec::new(),
    };
    asset.outputs = outputs_of(&hot.call("listunspent", json!([])), &asset);
    told(sandbox, &asset, asset.outputs.clone());
    asset
}

/// The outputs of asset and token in `listunspent`.
fn outputs_of(unspent: &Ordered, asset: &Asset) -> Vec<TreasuryOutput> {
    let rows = unspent.items().iter().map(|row| TreasuryOutput {
        outpoint: OutPoint::new(
            row.get("txid").text().parse().unwrap(),
            decimal(row.get("vout")).parse().unwrap(),
        ),
        asset: row.get("asset").text().parse().unwrap(),
        amount: AssetAmount::from_base_units(base_units(&decimal(row.get("amount")))),
        asset_blinder: row.get("assetblinder").text().parse().unwrap(),
        amount_blinder: row.get("amountblinder").text().parse().unwrap(),
    });
    rows.filter(|output| [asset.id, asset.token].contains(&output.asset)).collect()
}

/// AMP knows the asset with these outputs of its treasury: told anew, as AMP's people can do.
fn told(sandbox: &Sandbox, asset: &Asset, treasury: Vec<TreasuryOutput>) {
    let total = |wanted: AssetId| {
        let of = asset.outputs.iter().filter(|output| output.asset == wanted);
        AssetAmount::from_base_units(of.map(|output| output.amount.base_units()).sum())
    };
    let record = AssetRecord {
        uuid: Some(asset.uuid.clone()),
        name: "A moving asset".to_owned(),
        ticker: "MOVE".to_owned(),
        precision: Precision::new(8).unwrap(),
        domain: "example.org".to_owned(),
        pubkey: String::new(),
        asset: asset.id,
        token: Some(asset.token),
        txid: asset.txid.parse().unwrap(),
        amount: total(asset.id),
        token_amount: total(asset.token),
        treasury,
    };
    // None before AMP is told for the first time.
    let known = asks(sandbox, "GET", &addresses(asset, ""), &Value::Null);
    sandbox.with(|_, amp| amp.add_asset(record));
    if known.as_array().is_some_and(|known| !known.is_empty()) {
        asks(sandbox, "POST", &addresses(asset, "add"), &known);
    }
}

/// The path of the treasury's addresses at AMP.
fn addresses(asset: &Asset, what: &str) -> String {
    format!("assets/{}/treasury-addresses/{what}", asset.uuid).trim_end_matches('/').to_owned()
}

/// What AMP answers to its issuer; nothing where its answer is none of JSON.
fn asks(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Value {
    let ask = |method: &str, path: &str, authorization: Option<String>, body: &Value| {
        let question = Question {
            method: method.to_owned(),
            path: path.to_owned(),
            query: String::new(),
            authorization,
            body: body.to_string().into_bytes(),
        };
        let answer = sandbox.with(|chain, amp| amp.answer(chain, &question));
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    };
    let login = json!({ "username": USERNAME, "password": PASSWORD });
    let (_, token): (u16, Value) = ask("POST", "user/obtain_token", None, &login);
    let token = format!("token {}", token["token"].as_str().unwrap());
    let (status, answer) = ask(method, path, Some(token), body);
    assert!(status == 200 || (method == "GET" && status == 404), "{method} {path}: {status} {answer}");
    answer
}

impl Move<'_> {
    fn word(&self, name: &str) -> &str {
        let found = self.words.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| panic!("{name} is not known yet"), |(_, value)| value.as_str())
    }

    fn learn(&mut self, name: &'static str, value: String) {
        self.words.retain(|(known, _)| *known != name);
        self.words.push((name, value));
    }

    /// Runs a command of the document. None for what the node was asked.
    fn types(&mut self, typed: &Typed) -> Option<Run> {
        let arguments = with_words(&typed.arguments, &self.words);
        match (typed.machine.as_str(), typed.program.as_str()) {
            ("cold", "coldamp") => {
                let run = self.on_cold(&arguments);
                self.carry(&arguments, true);
                Some(run)
            }
            ("online", "coldamp-online") => {
                let run = self.on_online(&arguments);
                self.carry(&arguments, false);
                Some(run)
            }
            ("hot", "elements-cli") => {
                self.on_hot(&arguments);
                None
            }
            _ => panic!("who runs {typed:?}?"),
        }
    }

    fn on_cold(&mut self, arguments: &str) -> Run {
        if arguments.starts_with("policy apply ") {
            // Filled in by a person, who types his yes: here by the digest of the file.
            let file: String =
                self.cold.read("policy.toml").lines().map(|line| format!("{}\n", filled_in(line))).collect();
            self.cold.write("policy.toml", &file);
            return self.cold.run("coldamp", &format!("{arguments} --approve-sha256 {}", sha256_of(&file)));
        }
        let run = self.cold.run("coldamp", arguments);
        if let Some(code) = run.stdout.lines().find_map(|line| line.strip_prefix("approval ")) {
            self.learn("CODE", code.trim().to_owned());
        }
        run
    }

    fn on_online(&mut self, arguments: &str) -> Run {
        if arguments.starts_with("treasury register ") {
            return self.online.run_typing("coldamp-online", arguments, &[("Type REGISTER", "REGISTER")]);
        }
        if arguments.starts_with("report ") {
            // It waits for two confirmations.
            self.mine();
        }
        self.online.run("coldamp-online", arguments)
    }

    /// What a command wrote goes to the other machine, but for what stays on the cold one.
    fn carry(&self, arguments: &str, is_cold: bool) {
        let mut words = arguments.split(' ');
        let Some(name) = words.find(|word| *word == "-o").and_then(|_| words.next()) else { return };
        let (from, to) = if is_cold { (&self.cold, &self.online) } else { (&self.online, &self.cold) };
        if from.has(name) && name != "backup.age" {
            to.write(name, from.read(name));
        }
    }

    fn mine(&self) {
        self.node.mine();
        self.node.mine();
        // Waits until the wallet has read the blocks.
        self.hot.call("getbalance", json!([]));
    }

    fn on_hot(&mut self, arguments: &str) {
        let mut words = arguments.split(' ').filter(|word| *word != "-named");
        assert_eq!(words.next(), Some("-rpcwallet=hot"));
        let method = words.next().unwrap();
        let named: Map<String, Value> = words
            .map(|word| word.split_once('=').unwrap_or_else(|| panic!("{word}")))
            .map(|(key, value)| (key.to_owned(), Value::from(value)))
            .collect();
        let answer = self.hot.call(method, Value::from(named));
        match method {
            "listunspent" => {
                let id = self.asset.id.to_string();
                let of_asset = answer.items().iter().filter(|row| row.get("asset").text() == id);
                let amounts = of_asset.map(|row| decimal(row.get("amount")));
                self.learn("SMALLEST", amounts.min_by_key(|amount| base_units(amount)).unwrap());
            }
            "getbalance" => {
                for (name, id) in [("REST", self.asset.id), ("TOKENS", self.asset.token)] {
                    let left = answer.find(&id.to_string()).map_or_else(|| "0".to_owned(), decimal);
                    self.learn(name, left);
                }
            }
            "sendtoaddress" => self.mine(),
            other => panic!("what does {other} teach?"),
        }
    }

    /// AMP's people record the coins of the new treasury beside those that they know. Of the new ones they have no blinders.
    fn put_right(&self) {
        let mut outputs = self.asset.outputs.clone();
        let words = with_words("treasury --without-amp --json TREASURY CHAIN", &self.words);
        let shown: Value =
            serde_json::from_str(&self.online.run("coldamp-online", &words).done().stdout).unwrap();
        for coin in shown["coins"].as_array().unwrap() {
            let asset: AssetId = coin["asset"].as_str().unwrap().parse().unwrap();
            if [self.asset.id, self.asset.token].contains(&asset) {
                let zeros = "0".repeat(64);
                outputs.push(TreasuryOutput {
                    outpoint: OutPoint::new(
                        coin["txid"].as_str().unwrap().parse().unwrap(),
                        u32::try_from(coin["vout"].as_u64().unwrap()).unwrap(),
                    ),
                    asset,
                    amount: AssetAmount::from_base_units(coin["amount"].as_str().unwrap().parse().unwrap()),
                    asset_blinder: zeros.parse().unwrap(),
                    amount_blinder: zeros.parse().unwrap(),
                });
            }
        }
        told(&self.sandbox, &self.asset, outputs);
    }
}

/// Everything in the document, in its order, over a wallet of one kind.
fn moves_in(elementsd: &Elementsd, is_descriptors: bool, is_blind: bool) {
    let scenario = Scenario::load("wpkh");
    let node = elementsd.replay(&scenario);
    let Some(hot) = hot_wallet(&node, &scenario, is_descriptors) else { return };
    let sandbox = Sandbox::amp_over(Box::new(node.ledger()), 0).unwrap();
    let asset = issued(&node, &hot, &sandbox, is_blind);
    let (address, cookie) = node.address_and_cookie();
    let online = Desk::default();
    online.write("cookie", cookie);
    online.write("credentials", format!("{USERNAME}\n{PASSWORD}\n"));
    let mut words = vec![
        ("KEYS", KEYS.to_owned()),
        ("TREASURY", "--descriptor treasury.descriptor --network regtest".to_owned()),
        ("CHAIN", format!("--node {address} --node-cookie cookie")),
        ("AMP", format!("--amp {} --amp-credentials credentials", sandbox.amp_url())),
        ("UUID", asset.uuid.to_string()),
        ("ASSET_ID", asset.id.to_string()),
        ("TOKEN_ID", asset.token.to_string()),
        ("ISSUANCE_TXID", asset.txid.clone()),
    ];
    // Of other words than the chain's own wallet: a treasury that has nothing yet.
    let cold = Desk::approver();
    let old = hot.call("getnewaddress", json!([])).text().to_owned();
    asks(&sandbox, "POST", &addresses(&asset, "add"), &json!([old]));
    words.push(("OLD", old));
    let mut moving = Move { node: &node, hot, sandbox, asset, cold, online, words };
    let mut looks = 0;
    for typed in typed_in(DOCUMENT) {
        if typed.arguments.starts_with(CEREMONY.0) {
            // The same words, but for the file's name, the network, and the passphrase of a test.
            let tried = typed.arguments.replace("treasury.age", "new").replace("liquid", "regtest");
            assert!(
                CEREMONY.1.contains(&format!("const NEW: &str = \"{tried} --passphrase-file passphrase\"")),
                "{tried}"
            );
            continue;
        }
        let Some(run) = moving.types(&typed) else { continue };
        let told = format!("{typed:?}:\n{}{}", run.stdout, run.stderr);
        if !typed.arguments.starts_with("treasury --asset ") {
            assert_eq!(run.code, 0, "{told}");
            check(&mut moving, &typed, &run);
            continue;
        }
        looks += 1;
        if looks == 4 {
            // After the blinders nothing differs but what AMP has of the old wallet.
            assert!(run.code == 13 && told.contains("differ: foreign-address"), "{told}");
            let old = json!([moving.word("OLD")]);
            asks(&moving.sandbox, "DELETE", &addresses(&moving.asset, "delete"), &old);
            continue;
        }
        if looks == 5 {
            assert_eq!(run.code, 0, "{told}");
            continue;
        }
        assert_eq!(run.code, 13, "{told}");
        let lost = if looks == 3 { "\n  lost tokens  1 (" } else { "\n  lost         1 (" };
        for word in ["error[TREASURY_DIFFERS]", "lost-and-spent", "not-recorded", "foreign-address", lost] {
            assert!(told.contains(word), "no {word:?} in {told}");
        }
        assert_eq!(told.contains("not-held"), looks < 3, "{told}");
        let burn = with_words(
            "request burn --asset UUID --amount 1 TREASURY CHAIN AMP -o early.json",
            &moving.words,
        );
        let refused = moving.online.run("coldamp-online", &burn);
        assert!(refused.stderr.contains("error[LOST_OUTPUTS]"), "{}", refused.stderr);
        moving.put_right();
    }
    assert_eq!(looks, 5);
    assert_eq!((moving.word("REST"), moving.word("TOKENS")), ("0", "0"), "the old wallet kept something");
    let confirms = moving.sandbox.with(|_, amp| amp.confirms().to_vec());
    assert_eq!(confirms.iter().map(|confirm| confirm.times).collect::<Vec<_>>(), [1]);
}

/// What each command must have shown.
fn check(moving: &mut Move<'_>, typed: &Typed, run: &Run) {
    let arguments = typed.arguments.as_str();
    if arguments.starts_with("treasury address --index 0") {
        for (index, name) in ["ADDRESS_0", "ADDRESS_1", "ADDRESS_2", "ADDRESS_3"].into_iter().enumerate() {
            let online = with_words(&format!("treasury address --index {index} TREASURY"), &moving.words);
            let address = moving.online.run("coldamp-online", &online).done().stdout.trim().to_owned();
            let cold = moving.cold.run("coldamp", &format!("key address --index {index} {KEYS}")).done();
            assert!(cold.stdout.contains(&address), "{address}: {}", cold.stdout);
            moving.learn(name, address);
        }
    }
    if arguments.starts_with("treasury --without-amp ") {
        assert!(run.stdout.contains("100 000 sat in 1 coin"), "{}", run.stdout);
    }
    if arguments.starts_with("report ") {
        assert!(run.stderr.contains("agrees with the report"), "{}", run.stderr);
    }
}

#[test]
fn a_hot_descriptor_wallet_moves_in_and_the_cold_side_burns() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    // An asset whose issuance was open, and one whose issuance was blinded.
    moves_in(&elementsd, true, false);
    moves_in(&elementsd, true, true);
}

#[test]
fn a_hot_legacy_wallet_moves_in_and_the_cold_side_burns() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    moves_in(&elementsd, false, false);
}
