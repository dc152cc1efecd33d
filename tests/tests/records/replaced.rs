//! `coldamp-online prepare --replace`, and what the cold side says of the result: a transaction that excludes the earlier
//! one for the same request is signed, and named as such in the journal.

use coldamp_core::elements::encode::serialize_hex;
use coldamp_core::elements::pset::PartiallySignedTransaction;
use coldamp_core::elements::{OutPoint, Transaction};
use coldamp_tests::{Desk, RequestKind, Scenario};
use serde_json::{Value, json};

use super::desk::{not_signed, signed, transaction};

const REPLACE: &str = "--replace earlier.json";

/// The online machine of a treasury.
fn online(scenario: &Scenario) -> Desk {
    let desk = Desk::default();
    desk.write("descriptor", scenario.ct_descriptor());
    desk.write("transactions.json", scenario.transactions());
    for kind in RequestKind::ALL {
        desk.write(&format!("{}.request", kind.name()), scenario.request(kind));
    }
    desk
}

fn command(kind: RequestKind, flags: &str) -> String {
    format!(
        "prepare {}.request --descriptor descriptor --network regtest --transactions transactions.json -o out.pset {flags}",
        kind.name()
    )
}

/// Prepares; the PSET and what was said.
fn prepared(desk: &Desk, kind: RequestKind, flags: &str) -> (String, String) {
    let said = desk.run("coldamp-online", &command(kind, flags)).done().stderr;
    let pset = desk.read("out.pset");
    std::fs::remove_file(desk.path("out.pset")).unwrap();
    (pset, said)
}

/// Adds a transaction to the file, confirmed or waiting.
fn seen(desk: &Desk, transaction: &Transaction, height: Option<u32>) {
    let mut entries: Vec<Value> = serde_json::from_str(&desk.read("transactions.json")).unwrap();
    let txid = transaction.txid().to_string();
    entries.retain(|entry| entry["txid"] != txid.as_str());
    entries.push(json!({ "txid": txid, "height": height, "hex": serialize_hex(transaction) }));
    desk.write("transactions.json", serde_json::to_string(&entries).unwrap());
}

fn spent(transaction: &Transaction) -> Vec<OutPoint> {
    transaction.input.iter().map(|input| input.previous_output).collect()
}

fn of_pset(pset: &str) -> Vec<OutPoint> {
    let pset: PartiallySignedTransaction = pset.trim_end().parse().unwrap();
    pset.inputs().iter().map(|input| input.previous_outpoint()).collect()
}

fn shares(one: &Transaction, other: &Transaction) -> bool {
    spent(one).iter().any(|outpoint| spent(other).contains(outpoint))
}

fn fee(transaction: &Transaction) -> u64 {
    let fee = transaction.output.iter().find(|output| output.script_pubkey.is_empty());
    fee.and_then(|output| output.value.explicit()).unwrap()
}

/// A distribution prepared and signed, its file on the online machine as `earlier.json`.
struct Stuck {
    scenario: Scenario,
    online: Desk,
    cold: Desk,
    earlier: Transaction,
}

impl Stuck {
    fn of(scenario: &str) -> Self {
        let scenario = Scenario::load(scenario);
        let (online, cold) = (online(&scenario), Desk::cold(&scenario));
        let (pset, _) = prepared(&online, RequestKind::Distribute, "");
        let earlier = transaction(&signed(&cold, "earlier", &pset));
        online.write("earlier.json", cold.read("earlier.json"));
        Stuck { scenario, online, cold, earlier }
    }

    /// Planned to replace the earlier one, and signed.
    fn replaced(&self, name: &str) -> Transaction {
        let (pset, said) = prepared(&self.online, RequestKind::Distribute, REPLACE);
        assert!(said.contains(&format!("\nreplaces       {}; ", self.earlier.txid())), "{said}");
        let later = transaction(&signed(&self.cold, name, &pset));
        assert!(shares(&self.earlier, &later), "both can confirm");
        let size = u64::try_from(later.weight().div_ceil(4)).unwrap();
        assert!(fee(&later) >= fee(&self.earlier) + size.div_ceil(10), "{}", fee(&later));
        later
    }
}

#[test]
fn a_stuck_distribution_is_replaced_and_the_cold_side_signs_what_excludes_it() {
    let stuck = Stuck::of("wpkh");
    let unseen = stuck.replaced("unseen");
    // Where the source shows it waiting, its coins look spent; they are there all the same.
    seen(&stuck.online, &stuck.earlier, None);
    assert_eq!(stuck.replaced("waiting").txid(), unseen.txid(), "the same replacement");
    // Without --replace, the state folder that reserved them refuses; one that knows nothing of them takes them.
    let run = stuck.online.run("coldamp-online", &command(RequestKind::Distribute, ""));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("error[COINS_SPENT]: ") && run.stderr.contains("--release "),
        "{}",
        run.stderr
    );
    let elsewhere = online(&stuck.scenario);
    seen(&elsewhere, &stuck.earlier, None);
    let (beside, _) = prepared(&elsewhere, RequestKind::Distribute, "");
    assert!(!of_pset(&beside).iter().any(|coin| spent(&stuck.earlier).contains(coin)));
    // It excludes neither of the two.
    not_signed(&stuck.cold, "beside", &beside, &["ALREADY_SIGNED", "ALREADY_SIGNED"]);
    let list = stuck.cold.run("coldamp", &format!("journal list {}", coldamp_tests::KEYS)).done().stdout;
    assert!(list.contains(&stuck.earlier.txid().to_string()) && list.contains(&unseen.txid().to_string()));
}

#[test]
fn a_transaction_whose_coins_are_all_spent_is_not_replaced() {
    let stuck = Stuck::of("wpkh");
    seen(&stuck.online, &stuck.earlier, Some(1_000));
    let before = stuck.online.files();
    let run = stuck.online.run("coldamp-online", &command(RequestKind::Distribute, REPLACE));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let error = format!(
        "error[NOTHING_TO_REPLACE]: none of the coins of {} is unspent: it has confirmed",
        stuck.earlier.txid()
    );
    assert!(run.stderr.contains(&error) && run.stderr.contains("\nhint: "), "{}", run.stderr);
    assert_eq!(stuck.online.files(), before);
}

#[test]
fn another_request_takes_a_coin_that_was_promised_to_the_one_it_replaces() {
    let stuck = Stuck::of("wpkh");
    let burn = RequestKind::Burn;
    let takes_its = |pset: &str| of_pset(pset).iter().any(|coin| spent(&stuck.earlier).contains(coin));
    assert!(takes_its(&prepared(&online(&stuck.scenario), burn, "").0), "a desk that promised nothing");
    let reserved = stuck.online.run("coldamp-online", &command(burn, ""));
    assert!(reserved.code == 3 && reserved.stderr.contains("error[COINS_RESERVED]: "), "{}", reserved.stderr);
    let (beside, said) = prepared(&stuck.online, burn, "--allow-missing-coins");
    assert!(!takes_its(&beside) && said.contains("coins skipped"), "{said}");
    // Its own coins are there and would do; it must reach for the other's.
    let (instead, _) = prepared(&stuck.online, burn, REPLACE);
    let instead = transaction(&signed(&stuck.cold, "instead", &instead));
    assert!(shares(&stuck.earlier, &instead));
    assert!(fee(&instead) > fee(&stuck.earlier));
}

#[test]
fn a_replacement_that_costs_more_than_the_cap_is_refused_with_a_way_out() {
    let stuck = Stuck::of("wpkh-80-recipients");
    let first = stuck.replaced("first");
    assert_eq!((fee(&stuck.earlier), fee(&first)), (569, 10_361));
    stuck.online.write("earlier.json", stuck.cold.read("first.json"));
    let run = stuck.online.run("coldamp-online", &command(RequestKind::Distribute, REPLACE));
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("error[FEE_TOO_HIGH]: ")
            && run.stderr.contains("a replacement pays the earlier fee")
    );
    assert!(!stuck.online.has("out.pset"));
}

#[test]
fn what_is_named_to_be_replaced_must_be_a_signed_file() {
    let scenario = Scenario::load("wpkh");
    let desk = online(&scenario);
    desk.write("earlier.json", scenario.request(RequestKind::Burn));
    let run = desk.run("coldamp-online", &command(RequestKind::Burn, REPLACE));
    assert!(run.code != 0 && run.stderr.contains("the signed file earlier.json"), "{}", run.stderr);
    assert!(!desk.has("out.pset"));
}
