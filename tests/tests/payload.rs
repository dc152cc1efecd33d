//! The report against what AMP's script posted for a hot wallet of the same keys, and against the transaction itself.
//!
//! Blinding factors, txids, coin choice and output positions are the node's own; all else must agree row by row.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use coldamp_core::Secp;
use coldamp_core::elements::confidential::{Asset, AssetBlindingFactor, Value, ValueBlindingFactor};
use coldamp_core::elements::secp256k1_zkp::Generator;
use coldamp_core::elements::{Address, AssetId, Transaction, encode};
use coldamp_core::network::{Chain, Network};
use coldamp_tests::{Ordered, RequestKind, Scenario, Treasury};
use elements_miniscript::confidential::slip77::MasterBlindingKey;

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

struct Signed {
    name: String,
    scenario: Scenario,
    kind: RequestKind,
    file: Ordered,
    transaction: Transaction,
}

impl Signed {
    fn payload(&self) -> &Ordered {
        self.file.get("amp").get("payload")
    }

    /// Rows that claim to open an output: (row, is it of the treasury).
    fn rows(&self) -> Vec<&Ordered> {
        let payload = self.payload();
        let details =
            payload.find("details").or_else(|| payload.find("tx_data").and_then(|data| data.find("details")));
        let lists = [details, payload.find("change_data")];
        lists.into_iter().flatten().flat_map(|list| list.items()).collect()
    }
}

/// Every job of every scenario, signed once for all tests.
static ALL_SIGNED: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for scenario in Scenario::all_with_quorum() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let job = treasury.job(&scenario, kind);
            let text = job.sign_with_all_keys(job.prepare().pset.as_bytes()).to_json().unwrap();
            let file = Ordered::parse(&text);
            let bytes = coldamp_core::elements::hex::decode_to_vec(file.get("transaction").text()).unwrap();
            all.push(Signed {
                name: format!("{} {}", scenario.name(), kind.name()),
                scenario: scenario.clone(),
                kind,
                file,
                transaction: encode::deserialize(&bytes).unwrap(),
            });
        }
    }
    all
});

/// What must be the same in a row of ours and the hot wallet's: everything but what the node chose.
fn comparable(row: &Ordered) -> Vec<(String, String)> {
    let own_choice = ["txid", "vout", "fee", "assetcommitment", "amountcommitment", "confirmations"];
    let mut fields = Vec::new();
    for key in row.keys() {
        let value = row.get(key);
        let shown = match key {
            _ if own_choice.contains(&key) => "the node's own".to_owned(),
            "amount" | "assetamount" => value.signed_base_units().to_string(),
            // Zero or not is the shape; which factor is chance.
            "amountblinder" | "assetblinder" | "assetblinds" => (value.text() == ZEROS).to_string(),
            _ => format!("{value:?}"),
        };
        fields.push((key.to_owned(), shown));
    }
    fields
}

fn sorted_rows(list: &Ordered) -> Vec<Vec<(String, String)>> {
    let mut rows: Vec<_> = list.items().iter().map(comparable).collect();
    rows.sort();
    rows
}

/// An own address or descriptor has another index than the hot wallet's: its form is compared instead.
fn only_form_of_own(mut rows: Vec<Vec<(String, String)>>) -> Vec<Vec<(String, String)>> {
    // `comparable` has written a string as Text("…"): six characters before its first.
    for (key, value) in rows.iter_mut().flatten() {
        *value = match key.as_str() {
            "address" => format!("{}… of {}", &value[6..7], value.len()),
            "scriptPubKey" | "redeemScript" | "witnessScript" => {
                format!("{}… of {}", &value[6..10], value.len())
            }
            "desc" => value[6..].split_once("/1'/0'/").expect("an account").0.to_owned(),
            _ => continue,
        };
    }
    rows.sort();
    rows
}

#[test]
fn distributions_are_reported_as_the_hot_wallet_reported_them() {
    for signed in ALL_SIGNED.iter().filter(|signed| signed.kind == RequestKind::Distribute) {
        let hot = Ordered::parse(&signed.scenario.confirm_text(signed.kind).unwrap());
        let (ours, hot) = (signed.payload(), hot.get("payload"));
        assert_eq!(ours.keys(), hot.keys(), "{}", signed.name);
        assert_eq!(ours.get("tx_data").keys(), hot.get("tx_data").keys(), "{}", signed.name);
        let (ours_details, hot_details) =
            (ours.get("tx_data").get("details"), hot.get("tx_data").get("details"));
        assert_eq!(sorted_rows(ours_details), sorted_rows(hot_details), "{}", signed.name);
        let vouts: Vec<_> = ours_details.items().iter().map(|row| row.get("vout")).collect();
        let ascending: Vec<u64> = vouts.iter().map(|vout| number(vout)).collect();
        assert!(ascending.is_sorted(), "{}: sends stand in output order", signed.name);
        let (ours, hot) = (sorted_rows(ours.get("change_data")), sorted_rows(hot.get("change_data")));
        // Which coins the node picked decides how much change there is.
        let without_amount = |rows: Vec<Vec<(String, String)>>| {
            let strip = |row: Vec<(String, String)>| {
                row.into_iter()
                    .map(|(key, value)| if key == "amount" { (key, String::new()) } else { (key, value) })
                    .collect()
            };
            only_form_of_own(rows.into_iter().map(strip).collect())
        };
        assert_eq!(without_amount(ours), without_amount(hot), "{}", signed.name);
    }
}

#[test]
fn reissues_are_reported_as_the_hot_wallet_reported_them() {
    for signed in ALL_SIGNED.iter().filter(|signed| signed.kind == RequestKind::Reissue) {
        let payload = signed.payload();
        assert_eq!(payload.keys(), ["details", "reissuance_output", "listissuances"], "{}", signed.name);
        let issuance = &payload.get("listissuances").items()[0];
        assert_eq!(payload.get("reissuance_output").get("vin"), issuance.get("vin"), "{}", signed.name);
        assert_eq!(
            issuance.get("entropy").text(),
            signed.scenario.info().issuance.entropy,
            "{}",
            signed.name
        );
        let categories: Vec<_> =
            payload.get("details").items().iter().map(|row| row.get("category").text()).collect();
        assert_eq!(categories, ["send", "send", "receive", "receive"], "{}", signed.name);
        let blinded = issuance.get("assetblinds").text() != ZEROS;
        assert_eq!(blinded, signed.scenario.info().issuance.blinded, "{}", signed.name);
        // The node could not reissue for sh-wpkh at all; there is nothing of its to compare.
        let Some(hot) = signed.scenario.confirm_text(signed.kind) else {
            assert_eq!(signed.scenario.name(), "sh-wpkh");
            continue;
        };
        let hot = Ordered::parse(&hot);
        let hot = hot.get("payload");
        assert_eq!(payload.keys(), hot.keys(), "{}", signed.name);
        assert_eq!(
            payload.get("reissuance_output").keys(),
            hot.get("reissuance_output").keys(),
            "{}",
            signed.name
        );
        let vin_aside =
            |row: &Ordered| comparable(row).into_iter().filter(|(key, _)| key != "vin").collect::<Vec<_>>();
        let hot_issuance = &hot.get("listissuances").items()[0];
        assert_eq!(issuance.keys(), hot_issuance.keys(), "{}", signed.name);
        assert_eq!(vin_aside(issuance), vin_aside(hot_issuance), "{}", signed.name);
        let (ours, hot) = (sorted_rows(payload.get("details")), sorted_rows(hot.get("details")));
        assert_eq!(only_form_of_own(ours), only_form_of_own(hot), "{}", signed.name);
    }
}

#[test]
fn burns_are_reported_as_the_hot_wallet_reported_them() {
    for signed in ALL_SIGNED.iter().filter(|signed| signed.kind == RequestKind::Burn) {
        let hot = Ordered::parse(&signed.scenario.confirm_text(signed.kind).unwrap());
        let (ours, hot) = (signed.payload(), hot.get("payload"));
        assert_eq!(ours.keys(), hot.keys(), "{}", signed.name);
        assert_eq!(ours.get("tx_data").keys(), ["txid"], "{}", signed.name);
        let ours = ours.get("change_data").items();
        let hot = hot.get("change_data").items();
        assert_eq!(ours.len(), hot.len(), "{}: a burn of everything leaves no change", signed.name);
        assert_eq!(ours.is_empty(), signed.scenario.name() == "wpkh-split-token", "{}", signed.name);
        for (ours, hot) in ours.iter().zip(hot) {
            assert_eq!(ours.keys(), hot.keys(), "{}", signed.name);
        }
    }
}

#[test]
fn every_blinder_opens_its_commitment_and_every_explicit_row_says_what_the_output_says() {
    let secp = Secp::new();
    for signed in ALL_SIGNED.iter() {
        for row in signed.rows() {
            let vout = usize::try_from(number(row.get("vout"))).unwrap();
            let output = &signed.transaction.output[vout];
            let asset: AssetId = row.get("asset").text().parse().unwrap();
            let value = u64::try_from(row.get("amount").signed_base_units().abs()).unwrap();
            let abf: AssetBlindingFactor = row.get("assetblinder").text().parse().unwrap();
            let vbf: ValueBlindingFactor = row.get("amountblinder").text().parse().unwrap();
            if row.get("assetblinder").text() == ZEROS {
                assert_eq!(
                    (output.asset, output.value),
                    (Asset::Explicit(asset), Value::Explicit(value)),
                    "{}",
                    signed.name
                );
                continue;
            }
            let generator = Generator::new_blinded(&secp, asset.into_tag(), abf.into_inner());
            assert_eq!(output.asset, Asset::Confidential(generator), "{} output {vout}", signed.name);
            assert_eq!(
                output.value,
                Value::new_confidential(&secp, value, generator, vbf),
                "{} output {vout}",
                signed.name
            );
        }
        if let Some(issuances) = signed.payload().find("listissuances") {
            let row = &issuances.items()[0];
            let input = &signed.transaction.input[usize::try_from(number(row.get("vin"))).unwrap()];
            let amount = u64::try_from(row.get("assetamount").signed_base_units()).unwrap();
            let vbf: ValueBlindingFactor = row.get("assetblinds").text().parse().unwrap();
            let asset: AssetId = row.get("asset").text().parse().unwrap();
            let expected = match signed.scenario.info().issuance.blinded {
                true => Value::new_confidential(
                    &secp,
                    amount,
                    Generator::new_unblinded(&secp, asset.into_tag()),
                    vbf,
                ),
                false => Value::Explicit(amount),
            };
            assert_eq!(input.asset_issuance.amount, expected, "{}", signed.name);
        }
    }
}

#[test]
fn every_recipient_opens_its_output_with_its_own_key() {
    let secp = Secp::new();
    let network = Network::new(Chain::Regtest);
    for signed in ALL_SIGNED.iter().filter(|signed| signed.kind == RequestKind::Distribute) {
        let key: MasterBlindingKey = signed.scenario.investors_master_blinding_key().parse().unwrap();
        let request = Ordered::parse(&String::from_utf8(signed.scenario.request(signed.kind)).unwrap());
        let amounts = request.get("map_address_amount");
        let mut opened = BTreeSet::new();
        for text in amounts.keys() {
            let address = Address::parse_with_params(text, network.address_params()).unwrap();
            let script = address.script_pubkey();
            let output =
                signed.transaction.output.iter().find(|output| output.script_pubkey == script).unwrap();
            let expected = u64::try_from(amounts.get(text).signed_base_units()).unwrap();
            if address.blinding_pubkey.is_some() {
                let secrets = output.unblind(&secp, key.blinding_private_key(&script)).unwrap();
                assert_eq!(
                    (secrets.value, secrets.asset.to_string()),
                    (expected, signed.scenario.info().asset.clone())
                );
            } else {
                assert_eq!(output.value, Value::Explicit(expected), "{}", signed.name);
            }
            opened.insert(script);
        }
        assert_eq!(opened.len(), amounts.keys().len(), "{}", signed.name);
    }
}

#[test]
fn the_file_says_where_the_report_goes_and_names_the_transaction() {
    for signed in ALL_SIGNED.iter() {
        let file = &signed.file;
        let signers = if signed.scenario.mnemonics().len() > 1 { "signers" } else { "signer" };
        assert_eq!(
            file.keys(),
            ["version", "network", "command", "txid", "wtxid", "transaction", "amp", signers],
            "{}",
            signed.name
        );
        assert_eq!(file.get("command").text(), signed.kind.name());
        assert_eq!(file.get("network").text(), "regtest");
        assert_eq!(file.get("txid").text(), signed.transaction.txid().to_string());
        assert_eq!(file.get("wtxid").text(), signed.transaction.wtxid().to_string());
        let amp = file.get("amp");
        let is_distribution = signed.kind == RequestKind::Distribute;
        assert_eq!(amp.find("distribution_uuid").is_some(), is_distribution, "{}", signed.name);
        assert_eq!(amp.get("base_url").text(), "https://amp-test.blockstream.com/api");
        if let Some(hot) = signed.scenario.confirm(signed.kind) {
            assert_eq!(format!("/api/{}", amp.get("path").text()), hot.endpoint, "{}", signed.name);
        }
    }
}

#[test]
fn the_weight_bound_is_met_but_for_a_few_bytes_of_signature() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        for kind in RequestKind::ALL {
            let job = treasury.job(&scenario, kind);
            let prepared = job.prepare();
            let signed = Ordered::parse(&job.sign(prepared.pset.as_bytes()).to_json().unwrap());
            let bytes = coldamp_core::elements::hex::decode_to_vec(signed.get("transaction").text()).unwrap();
            let transaction: Transaction = encode::deserialize(&bytes).unwrap();
            let bound = prepared.plan.bound();
            let slack = bound.full.units().checked_sub(transaction.weight() as u64).expect("a bound");
            let discounted =
                bound.discounted.units().checked_sub(transaction.discount_weight() as u64).expect("a bound");
            assert!(
                slack <= 3 * transaction.input.len() as u64,
                "{} {}: {slack}",
                scenario.name(),
                kind.name()
            );
            assert_eq!(slack, discounted, "{} {}", scenario.name(), kind.name());
        }
    }
}

fn number(value: &Ordered) -> u64 {
    match value {
        Ordered::Other(text) => text.parse().unwrap(),
        other => panic!("no number: {other:?}"),
    }
}
