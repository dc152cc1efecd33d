//! A treasury of ten thousand coins: read from Esplora in bounded memory under a bar that moves, and gone on with where a
//! sync was interrupted.

use coldamp_core::Secp;
use coldamp_core::units::Satoshi;
use coldamp_sandbox::faults::{Fault, Rule};
use coldamp_tests::RequestKind;

use crate::desk::Issuer;

/// Coins of L-BTC: most explicit, since making the proofs of blinded ones takes a minute.
const EXPLICIT: u32 = 9_000;
const BLINDED: u32 = 1_000;

/// Virtual memory that a sync may take, in KiB. The binary alone starts in 30,000, and 90,000 were enough.
const MEMORY: u32 = 150_000;

/// The positions that a bar of so many was drawn at.
fn positions(shown: &str, title: &str) -> Vec<u32> {
    let lines = shown.split(['\r', '\n']).filter(|line| line.contains(title));
    let positions = lines.filter_map(|line| line.rsplit_once("] ")?.1.split_once('/')?.0.trim().parse().ok());
    let mut positions: Vec<u32> = positions.collect();
    positions.dedup();
    positions
}

/// How many transactions were asked for from some request on.
fn read(issuer: &Issuer, from: usize) -> usize {
    let log = issuer.sandbox.faults().log();
    log[from..].iter().filter(|asked| asked.path.ends_with("/raw")).count()
}

#[test]
fn ten_thousand_coins_are_read_in_bounded_memory_and_an_interrupted_sync_goes_on() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let descriptor = &issuer.treasury.descriptor;
    issuer.sandbox.with(|chain, _| {
        let (secp, amount) = (Secp::new(), Satoshi::from_sat(1_000));
        chain.fund_many(&secp, descriptor, 10, BLINDED, amount, true).unwrap();
        chain.fund_many(&secp, descriptor, 10 + BLINDED, EXPLICIT, amount, false).unwrap();
    });
    let prepare = format!(
        "prepare burn.json --descriptor treasury.descriptor --network regtest {} --state state -o burn.pset",
        issuer.chain()
    );
    // The server gives up in the middle of the transactions.
    let broken = Fault::Status { status: 400, acted: false };
    let (method, path) = (Some("GET".to_owned()), "/esplora/tx/".to_owned());
    issuer.sandbox.faults().set(vec![Rule { method, path, skip: 30, count: None, fault: broken }]);
    // Each further thread reserves a stack and an arena of the allocator: virtual memory, of which next to nothing is used.
    let on_one_thread = format!("{prepare} --threads 1");
    let (code, shown) = issuer.desk.run_watched("coldamp-online", &on_one_thread, MEMORY);
    assert_eq!(code, 11, "{}", &shown[shown.len().saturating_sub(600)..]);
    let moved = positions(&shown, "addresses");
    assert!(moved.len() > 10 && moved.is_sorted(), "{moved:?}");
    let from = issuer.sandbox.faults().count();
    issuer.sandbox.faults().clear();

    let (code, shown) = issuer.desk.run_watched("coldamp-online", &on_one_thread, MEMORY);
    assert_eq!(code, 0, "{}", &shown[shown.len().saturating_sub(600)..]);
    assert!(!positions(&shown, "coins").is_empty());
    let second = read(&issuer, from);
    let first_pset = issuer.desk.read("burn.pset");

    // A desk that remembers nothing reads all of them, and makes the same PSET.
    std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    let from = issuer.sandbox.faults().count();
    issuer.desk.run("coldamp-online", &prepare.replace("--state state", "--state elsewhere")).done();
    assert_eq!(issuer.desk.read("burn.pset"), first_pset);
    let all = read(&issuer, from);
    assert!(second < all, "{second} transactions were read after the interruption, {all} without one before");
}
