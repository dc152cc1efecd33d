//! The report against the node's own words once the transaction is mined: of the treasury's outputs what a hot wallet
//! of the same keys says, of a recipient's what a wallet of the recipient's keys says. A wallet that did not blind an
//! output of somebody else's knows neither its amount nor its blinders.

use coldamp_tests::node::{Elementsd, Node, Wallet};
use coldamp_tests::{Job, Ordered, RequestKind, Scenario, Treasury};
use serde_json::json;

use crate::job::{Signed, number, of_kind};

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a hot node knows of a coin that it neither blinded nor can open.
const UNKNOWN_TO_THE_SENDER: [&str; 4] = ["amount", "amountblinder", "asset", "assetblinder"];

#[test]
fn a_distributions_report_is_what_treasury_and_recipients_say() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for signed in of_kind(RequestKind::Distribute) {
        let node = elementsd.replay(&signed.scenario);
        let hot = mined(&node, signed);
        recipients_agree(&node, signed);
        let said = hot.details(signed.txid());
        let (ours, said) = (signed.details().items(), said.items());
        assert_eq!(ours.len(), said.len(), "{}", signed.name);
        for (ours, said) in ours.iter().zip(said) {
            sender_agrees(ours, said, &signed.name);
        }
        change_agrees(&hot, signed);
    }
}

#[test]
fn a_reissues_report_is_what_the_hot_wallet_says_the_issued_amount_included() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for signed in of_kind(RequestKind::Reissue) {
        let node = elementsd.replay(&signed.scenario);
        let hot = mined(&node, signed);
        // As reissueasset takes both addresses from getnewaddress; else the wallet would call the outputs change.
        for row in signed.details().items() {
            hot.gave_out(row.get("address").text());
        }
        assert_eq!(&hot.details(signed.txid()), signed.details(), "{}", signed.name);
        let coins = hot.unspent_of(signed.txid());
        for row in signed.details().items().iter().filter(|row| row.get("category").text() == "receive") {
            let coin = coins.iter().find(|coin| coin.get("vout") == row.get("vout")).unwrap();
            for key in ["address", "amount", "amountblinder", "asset", "assetblinder", "label"] {
                assert_eq!(coin.get(key), row.get(key), "{}: {key}", signed.name);
            }
        }
        // A blinded amount is read back by the issuance blinding key alone.
        let issuances = hot.issuances_of(signed.txid());
        assert_eq!(issuances, signed.payload().get("listissuances").items(), "{}", signed.name);
        let is_blinded = issuances[0].get("assetblinds").text() != ZEROS;
        assert_eq!(is_blinded, signed.scenario.info().issuance.blinded, "{}", signed.name);
        let named = signed.payload().get("reissuance_output");
        for key in ["txid", "vin"] {
            assert_eq!(named.get(key), issuances[0].get(key), "{}", signed.name);
        }
    }
}

#[test]
fn a_burns_report_is_what_the_hot_wallet_says_of_the_change() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    for signed in of_kind(RequestKind::Burn) {
        let node = elementsd.replay(&signed.scenario);
        let hot = mined(&node, signed);
        change_agrees(&hot, signed);
        let request = String::from_utf8(signed.scenario.request(signed.kind)).unwrap();
        // The burnt units are the only row: explicit, without an address, and not in the report.
        let details = hot.details(signed.txid());
        let [burnt] = details.items() else { panic!("{}: {details:?}", signed.name) };
        assert_eq!(burnt.find("address"), None, "{}", signed.name);
        assert_eq!(burnt.get("asset").text(), signed.scenario.info().asset, "{}", signed.name);
        let asked = Ordered::parse(&request).get("amount").signed_base_units();
        assert_eq!(-burnt.get("amount").signed_base_units(), asked, "{}", signed.name);
    }
}

/// An address of the treasury itself among the recipients: sent and received, and in the change data with a label.
#[test]
fn an_own_recipient_is_reported_as_the_hot_wallet_says() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let request = String::from_utf8(scenario.request(RequestKind::Distribute)).unwrap();
    let node = elementsd.replay(&scenario);
    let hot = node.wallet("hot", scenario.treasury_node_keys());
    let (confidential, bare) = own_address(&hot, &treasury);
    hot.gave_out(&bare);
    let parsed = Ordered::parse(&request);
    let recipient = parsed.get("map_address_amount").keys()[0];
    let request = request.replace(recipient, &confidential);
    let job = Job { treasury: &treasury, request: request.into_bytes() };
    let signed = Signed::of(&job, &scenario, RequestKind::Distribute);

    node.confirm(signed.hex());
    let said = hot.details(signed.txid());
    assert_eq!(signed.details().items().len(), said.items().len());
    let own = |row: &Ordered| row.get("address").text() == bare;
    for (ours, said) in signed.details().items().iter().zip(said.items()) {
        if own(ours) {
            assert_eq!(ours, said);
        } else {
            sender_agrees(ours, said, "an own recipient");
        }
    }
    assert_eq!(signed.details().items().iter().filter(|row| own(row)).count(), 2);
    assert_eq!(signed.payload().get("change_data").items().len(), 2);
    change_agrees(&hot, &signed);
}

/// An unused address of the treasury: as a sender is given it, and as the node prints it.
fn own_address(hot: &Wallet<'_>, treasury: &Treasury) -> (String, String) {
    use coldamp_core::treasury::{Branch, KeyPath};

    let path = KeyPath { branch: Branch::External, index: 50 };
    let address = treasury.descriptor.address_at(&treasury.secp, path, &treasury.network);
    let address = address.unwrap().to_string();
    let info = hot.call("getaddressinfo", json!([address]));
    assert_eq!(info.get("ismine"), &Ordered::Other("true".to_owned()));
    (address, info.get("unconfidential").text().to_owned())
}

/// Sends and mines the transaction, and returns a hot wallet that finds and opens everything of it that is its own.
fn mined<'a>(node: &'a Node, signed: &Signed) -> Wallet<'a> {
    let hot = node.wallet("hot", signed.scenario.treasury_node_keys());
    node.confirm(signed.hex());
    let coins = hot.unspent_of(signed.txid());
    let mut found: Vec<usize> = coins.iter().map(|coin| number(coin.get("vout"))).collect();
    found.sort_unstable();
    assert_eq!(found, signed.own, "{}", signed.name);
    hot
}

/// The rows of the change are the hot wallet's, key by key in its order; only the depth is filled in online.
fn change_agrees(hot: &Wallet<'_>, signed: &Signed) {
    let coins = hot.unspent_of(signed.txid());
    let asset = &signed.scenario.info().asset;
    let said: Vec<Ordered> = coins.into_iter().filter(|coin| coin.get("asset").text() == asset).collect();
    let one = Ordered::Other("1".to_owned());
    let rows = signed.payload().get("change_data").items().iter();
    let ours: Vec<Ordered> = rows.map(|row| row.with("confirmations", one.clone())).collect();
    assert_eq!(ours, said, "{}", signed.name);
}

/// The row of a send as the sender's wallet prints it, all of it where the output is explicit.
fn sender_agrees(ours: &Ordered, said: &Ordered, name: &str) {
    assert_eq!(ours.keys(), said.keys(), "{name}");
    let is_explicit = ours.get("assetblinder").text() == ZEROS;
    for key in ours.keys() {
        if is_explicit || !UNKNOWN_TO_THE_SENDER.contains(&key) {
            assert_eq!(ours.get(key), said.get(key), "{name}: {key}");
        }
    }
}

/// Every row of a send is a coin that the recipients' wallet finds and opens to the same.
fn recipients_agree(node: &Node, signed: &Signed) {
    let investors = node.wallet("investors", signed.scenario.investors_node_keys());
    let coins = investors.unspent_of(signed.txid());
    let rows = signed.details().items();
    assert_eq!(rows.len(), coins.len(), "{}", signed.name);
    for row in rows {
        let vout = row.get("vout");
        let place = format!("{} output {}", signed.name, number(vout));
        let coin = coins.iter().find(|coin| coin.get("vout") == vout).unwrap_or_else(|| panic!("{place}"));
        for key in ["address", "asset", "assetblinder", "amountblinder"] {
            assert_eq!(row.get(key), coin.get(key), "{place}: {key}");
        }
        let (sent, received) =
            (row.get("amount").signed_base_units(), coin.get("amount").signed_base_units());
        assert_eq!(-sent, received, "{place}");
    }
}
