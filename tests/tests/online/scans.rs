//! Scans of an Esplora server: what a second command asks, what it does not see and when it does, scripts that a server does
//! not list, dust far out, servers that refuse more, and the scan cache.

use std::cell::{Cell, RefCell};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::rc::Rc;
use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::treasury::{Branch, FreeIndices, KeyPath};
use coldamp_core::units::Satoshi;
use coldamp_online::http::Http;
use coldamp_online::pace::{Pause, Unwatched};
use coldamp_online::source::esplora::{Esplora, EsploraError};
use coldamp_online::source::scan_cache::{FRESH, ScanCache, ScanCacheStore};
use coldamp_online::source::{ScanRange, Source as _, Survey};
use coldamp_sandbox::faults::{Fault, Rule};
use coldamp_tests::{RequestKind, Run};

use crate::desk::{Issuer, fails};

/// Time that passes where somebody waits, so that nobody does.
#[derive(Default)]
struct ManualClock(Cell<Duration>);

impl Pause for &ManualClock {
    async fn pause(&self, duration: Duration) {
        self.0.set(self.0.get() + duration);
    }

    fn elapsed(&self) -> Duration {
        self.0.get()
    }
}

/// The scan cache, in memory.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Option<ScanCache>>>);

impl ScanCacheStore for Kept {
    fn recall(&mut self) -> Option<ScanCache> {
        self.0.borrow().clone()
    }

    fn keep(&mut self, cache: &ScanCache) {
        *self.0.borrow_mut() = Some(cache.clone());
    }
}

/// An issuer whose chain is looked through by the library.
struct ScanBench {
    issuer: Issuer,
    kept: Kept,
    clock: ManualClock,
}

impl ScanBench {
    fn new() -> Self {
        ScanBench { issuer: Issuer::new(), kept: Kept::default(), clock: ManualClock::default() }
    }

    fn server(&self) -> Esplora<&ManualClock> {
        let url = self.issuer.sandbox.esplora_url();
        Esplora::new(Http::new().unwrap(), &url, &self.clock).unwrap()
    }

    /// Scans, and says how many scripts were asked for.
    fn scan(&self, scan_range: ScanRange) -> (Result<Survey, EsploraError>, usize) {
        let esplora = self.server().scanning(scan_range).caching(Box::new(self.kept.clone()));
        let from = self.issuer.sandbox.faults().count();
        let runtime = runtime();
        let (secp, descriptor) = (Secp::new(), &self.issuer.treasury.descriptor);
        let survey = runtime.block_on(esplora.survey(&secp, descriptor, &Unwatched));
        (survey, scripts(&self.issuer, from))
    }

    fn found(&self, scan_range: ScanRange) -> (Survey, usize) {
        let (survey, asked) = self.scan(scan_range);
        (survey.unwrap(), asked)
    }

    /// Pays the external addresses from an index on.
    fn fund(&self, index: u32, count: usize) {
        let descriptor = &self.issuer.treasury.descriptor;
        let amounts = vec![Satoshi::from_sat(50_000); count];
        self.issuer.sandbox.with(|chain, _| chain.fund(&Secp::new(), descriptor, index, &amounts).unwrap());
    }

    /// Pays one address with explicit coins.
    fn flood(&self, path: KeyPath, count: usize) {
        flood(&self.issuer, path, count);
    }

    fn fault(&self, path: &str, skip: u32, count: Option<u32>, fault: Fault) {
        let path = format!("/esplora/{path}");
        self.issuer.sandbox.faults().set(vec![Rule { method: None, path, skip, count, fault }]);
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// What electrs says of a script with a long history.
fn too_many() -> Fault {
    let words = "Too many history transactions (>500). Contact support to raise limits.";
    Fault::Answers { status: 400, body: words.to_owned() }
}

fn flood(issuer: &Issuer, path: KeyPath, count: usize) {
    let descriptor = &issuer.treasury.descriptor;
    let amount = Satoshi::from_sat(300);
    issuer.sandbox.with(|chain, _| {
        chain.fund_one(&Secp::new(), descriptor, path, count, amount).unwrap();
    });
}

/// How many scripts were asked for from some request on, each counted once.
fn scripts(issuer: &Issuer, from: usize) -> usize {
    let log = issuer.sandbox.faults().log();
    let asked = log[from..].iter().filter_map(|asked| asked.path.strip_prefix("/esplora/scripthash/"));
    let hashes: std::collections::BTreeSet<&str> = asked.filter_map(|path| path.split('/').next()).collect();
    hashes.len()
}

fn external(index: u32) -> KeyPath {
    KeyPath { branch: Branch::External, index }
}

fn prepare(issuer: &Issuer, more: &str) -> Run {
    if issuer.desk.has("burn.pset") {
        std::fs::remove_file(issuer.desk.path("burn.pset")).unwrap();
    }
    issuer.prepare("burn", more)
}

/// The treasury's own file of what was learnt.
fn scan_cache_file(issuer: &Issuer, state: &str) -> std::path::PathBuf {
    let mut entries = std::fs::read_dir(issuer.desk.path(state)).unwrap().map(|entry| entry.unwrap().path());
    entries.find(|path| path.extension().is_some_and(|extension| extension == "looks")).unwrap()
}

#[test]
fn a_second_command_on_a_treasury_of_twenty_used_indices_asks_fewer_than_sixty_requests() {
    let issuer = Issuer::new();
    // Twenty used indices of either branch: as much as a treasury of twenty can cost.
    issuer.sandbox.with(|chain, _| {
        let (secp, descriptor) = (Secp::new(), &issuer.treasury.descriptor);
        for index in 0..20 {
            for branch in Branch::BOTH {
                chain
                    .fund_one(&secp, descriptor, KeyPath { branch, index }, 1, Satoshi::from_sat(5_000))
                    .unwrap();
            }
        }
    });
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let count =
        || issuer.sandbox.faults().log().iter().filter(|asked| asked.path.starts_with("/esplora/")).count();
    let before = count();
    let first = prepare(&issuer, "--state fresh").done();
    let (asked_first, pset) = (count() - before, issuer.desk.read("burn.pset"));
    assert!(asked_first < 600, "{asked_first}");
    assert!(first.stderr.contains("scanned indices 0 to 220 of both branches\n"), "{}", first.stderr);
    let before = count();
    let second = prepare(&issuer, "--state fresh").done();
    let asked_second = count() - before;
    assert!(asked_second < 60, "{asked_second} requests, {asked_first} by the first command");
    assert_eq!(issuer.desk.read("burn.pset"), pset);
    assert!(second.stderr.contains("were not rechecked"), "{}", second.stderr);
    assert!(second.stderr.contains("--full-scan rechecks all"), "{}", second.stderr);

    let before = count();
    let all = prepare(&issuer, "--state fresh --full-scan").done();
    assert!(count() - before > 440, "{}", count() - before);
    // The first command has reserved indices, and the gap is counted from those.
    assert!(all.stderr.contains("scanned indices 0 to 222 of both branches\n"), "{}", all.stderr);
    assert_eq!(issuer.desk.read("burn.pset"), pset);
}

#[test]
fn what_was_learnt_is_no_authority_a_damaged_file_is_told_and_an_old_chain_forgotten() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    prepare(&issuer, "--state kept").done();
    let pset = issuer.desk.read("burn.pset");
    let file = scan_cache_file(&issuer, "kept");
    let learnt = std::fs::read_to_string(&file).unwrap();
    for damaged in ["{", "", "{\"version\":2}", "[]"] {
        std::fs::write(&file, damaged).unwrap();
        let from = issuer.sandbox.faults().count();
        let run = prepare(&issuer, "--state kept").done();
        assert!(
            run.stderr.contains("is unusable (") && run.stderr.contains("Scanning all addresses"),
            "{}",
            run.stderr
        );
        assert!(scripts(&issuer, from) > 400, "{damaged:?}");
        assert_eq!(issuer.desk.read("burn.pset"), pset);
    }
    // Another server, and another chain of the same height, begin anew.
    let short = |issuer: &Issuer| {
        let from = issuer.sandbox.faults().count();
        prepare(issuer, "--state kept").done();
        scripts(issuer, from) < 60
    };
    assert!(short(&issuer));
    std::fs::write(&file, learnt.replace("http://", "https://")).unwrap();
    assert!(!short(&issuer) && short(&issuer));
    issuer.sandbox.with(|chain, _| {
        chain.mine(1);
        chain.reorganise(1);
    });
    assert!(short(&issuer), "the block that was the highest is still there");
    issuer.mine(1);
    assert!(short(&issuer));
    issuer.sandbox.with(|chain, _| chain.reorganise(1));
    assert!(!short(&issuer), "the block that was the highest is gone");
}

#[test]
fn a_short_look_sees_what_was_spent_and_what_comes_next_and_is_never_the_ground_of_a_refusal() {
    let bench = ScanBench::new();
    let (before, first) = bench.found(ScanRange::default());
    assert!(first > 400, "{first}");
    // Coins on the next address, and on one that is skipped.
    let next = before.used.end(Branch::External);
    bench.fund(next, 1);
    bench.fund(next + 100, 1);
    let (short, asked) = bench.found(ScanRange::default());
    assert!(asked < 40, "{asked}");
    assert_eq!(short.coins.len(), before.coins.len() + 1);
    assert!(
        short.scanned.used_cache() && short.scanned.to_string().contains("--full-scan"),
        "{}",
        short.scanned
    );
    let (all, _) = bench.found(ScanRange { all: true, ..ScanRange::default() });
    assert_eq!((all.coins.len(), all.scanned.used_cache()), (before.coins.len() + 2, false));
    // Once seen it is asked for every time, and the gap above it was looked at.
    let (later, _) = bench.found(ScanRange::default());
    assert_eq!(later.coins.len(), all.coins.len());
    assert_eq!(later.scanned.near.to, next + 100 + 201);
    // Whoever hides behind what was skipped comes to light after a day of blocks.
    bench.fund(next + 150, 1);
    bench.issuer.mine(FRESH + 1);
    assert_eq!(bench.found(ScanRange::default()).0.coins.len(), all.coins.len() + 1);

    // Through the binary: what the short look finds does not do, so all is looked at before that is said.
    let issuer = &bench.issuer;
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    prepare(issuer, "").done();
    std::fs::remove_file(issuer.desk.path("burn.json")).unwrap();
    let run = issuer.request(RequestKind::Burn, &issuer.assets[1], "--amount 999999999999999");
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(run.stderr.contains("Scanning all addresses again"), "{}", run.stderr);
}

#[test]
fn a_short_look_asks_for_the_addresses_that_change_takes_next_although_a_coin_lies_far_out() {
    let bench = ScanBench::new();
    let descriptor = &bench.issuer.treasury.descriptor;
    let first = bench.found(ScanRange::default()).0.used.end_within(Branch::External, 20);
    // Every other address was used, so that there are more holes than the lowest ones that are asked for, and one far out.
    for index in [1, 3, 5, 7, 9, 130].map(|more| first + more) {
        bench.flood(external(index), 1);
    }
    let (all, _) = bench.found(ScanRange { all: true, ..ScanRange::default() });
    let next = FreeIndices::besides(all.used).next(Branch::External);
    assert_eq!(next, external(first + 10));
    // What another state folder, or the page, paid there a moment ago.
    bench.flood(next, 1);
    let (short, asked) = bench.found(ScanRange::default());
    assert!(asked < 60 && short.scanned.used_cache(), "{asked}");
    let script = descriptor.script_at(&Secp::new(), next).unwrap();
    assert!(short.coins.iter().any(|coin| coin.own == script), "the coin on {next} is seen");
}

#[test]
fn a_server_that_refuses_more_is_waited_for_and_the_next_look_goes_on_where_it_was() {
    let bench = ScanBench::new();
    // Refused twice in the middle: waited for, for everybody, and gone on with.
    bench.fault("scripthash/", 100, Some(2), Fault::Status { status: 429, acted: false });
    bench.found(ScanRange::default());
    assert!((1..=4).contains(&bench.clock.0.get().as_secs()), "{:?}", bench.clock.0.get());

    // Refused for good: given up after some minutes, and what was learnt stays.
    *bench.kept.0.borrow_mut() = None;
    bench.fault("scripthash/", 150, None, Fault::Status { status: 429, acted: false });
    let (limited, _) = bench.scan(ScanRange::default());
    let error = limited.unwrap_err();
    assert!(matches!(error, EsploraError::Limited { status: 429, .. }), "{error}");
    assert!((180..400).contains(&bench.clock.0.get().as_secs()), "{:?}", bench.clock.0.get());
    let learnt = bench.kept.0.borrow().as_ref().map(|cache| cache.used.len() + cache.unused.len()).unwrap();
    assert!((100..=150).contains(&learnt), "{learnt}");
    bench.issuer.sandbox.faults().clear();
    let (whole, asked) = bench.found(ScanRange::default());
    let all = bench.found(ScanRange { all: true, ..ScanRange::default() });
    assert!(asked < all.1 - 80, "{asked} of {}", all.1);
    assert_eq!(whole.coins.len(), all.0.coins.len());
    assert_eq!(whole.used, all.0.used);
}

#[test]
fn a_script_with_more_coins_than_a_server_lists_is_read_by_its_history() {
    let bench = ScanBench::new();
    let (before, _) = bench.found(ScanRange::default());
    let path = external(0);
    for _ in 0..30 {
        bench.flood(path, 21);
    }
    let (flooded, _) = bench.found(ScanRange::default());
    assert_eq!(flooded.coins.len(), before.coins.len() + 630);
    assert!(flooded.partial_scripts.is_empty());
    let mut outpoints: Vec<_> = flooded.coins.iter().map(|coin| coin.outpoint).collect();
    outpoints.dedup();
    assert_eq!(outpoints.len(), flooded.coins.len());
    assert!(flooded.coins.iter().all(|coin| coin.height.is_some()));

    // A server that does not list the history either: the script is left out by name, and the others stay.
    let hash = bench.issuer.sandbox.faults().log().iter().rev().find_map(|asked| {
        let rest = asked.path.strip_prefix("/esplora/scripthash/")?.split_once("/txs")?.0;
        Some(rest.to_owned())
    });
    bench.fault(&format!("scripthash/{}/txs", hash.unwrap()), 0, None, too_many());
    let (left, _) = bench.found(ScanRange::default());
    assert_eq!(left.partial_scripts.len(), 1);
    let said = left.partial_scripts[0].to_string();
    assert!(
        said.contains("address 0/0: ")
            && said.contains("unspent outputs are ignored")
            && said.contains("Too many history"),
        "{said}"
    );
    let others = before.coins.iter().filter(|coin| coin.own.path != path).count();
    assert_eq!(left.coins.len(), others);
    let gone = u64::try_from(flooded.coins.len() - others).unwrap();
    assert_eq!(left.partial_scripts[0].coins, gone, "no coin is left out without being counted");
}

#[test]
fn a_history_is_read_to_its_end_although_blocks_come_while_it_is_read() {
    let bench = ScanBench::new();
    let path = external(0);
    for _ in 0..30 {
        bench.flood(path, 21);
    }
    let (whole, _) = bench.found(ScanRange::default());
    let hash = bench.issuer.sandbox.faults().log().iter().rev().find_map(|asked| {
        let rest = asked.path.strip_prefix("/esplora/scripthash/")?.split_once("/txs")?.0;
        Some(rest.to_owned())
    });
    // The count is of before most of these transactions were in a block.
    let stats = |transactions, funded| {
        format!(r#"{{"tx_count":{transactions},"funded_txo_count":{funded},"spent_txo_count":0}}"#)
    };
    let body = format!(r#"{{"chain_stats":{},"mempool_stats":{}}}"#, stats(20, 420), stats(0, 0));
    bench.fault(&format!("scripthash/{}$", hash.unwrap()), 0, None, Fault::Answers { status: 200, body });
    let (behind, _) = bench.found(ScanRange::default());
    assert_eq!(behind.coins.len(), whole.coins.len());
    assert!(behind.partial_scripts.is_empty());
}

#[test]
fn a_flood_of_coins_on_one_address_stops_no_job() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    flood(&issuer, external(1), 700);
    prepare(&issuer, "--state flooded").done();
    let pset = issuer.desk.read("burn.pset");
    // Their transactions are read once.
    let reads = |from: usize| {
        let log = issuer.sandbox.faults().log();
        log[from..].iter().filter(|asked| asked.path.ends_with("/raw")).count()
    };
    let from = issuer.sandbox.faults().count();
    prepare(&issuer, "--state flooded").done();
    assert_eq!(reads(from), 1, "the issuance alone");
    assert_eq!(issuer.desk.read("burn.pset"), pset);

    // Where the history is not listed either, the job goes on without what is on that address, and says so.
    let rule =
        |path: &str| Rule { method: None, path: path.to_owned(), skip: 0, count: None, fault: too_many() };
    let hash = issuer
        .sandbox
        .faults()
        .log()
        .iter()
        .find_map(|asked| Some(asked.path.strip_suffix("/txs")?.to_owned()));
    issuer.sandbox.faults().set(vec![rule(&format!("{}/txs", hash.unwrap()))]);
    let run = issuer.request(RequestKind::Reissue, &issuer.assets[1], "--amount 5").done();
    assert!(run.stderr.contains("address 0/1: "), "{}", run.stderr);
}

#[test]
fn dust_far_out_stops_nothing_and_what_lies_further_is_found_by_its_index() {
    let bench = ScanBench::new();
    let (before, _) = bench.found(ScanRange::default());
    for index in (200..=20_000).step_by(200) {
        bench.flood(external(index), 1);
    }
    let (dusted, asked) = bench.found(ScanRange { all: true, ..ScanRange::default() });
    assert!(asked < 2_000, "{asked} scripts");
    assert!(dusted.scanned.near.is_cut, "{}", dusted.scanned);
    assert!(
        dusted.scanned.to_string().contains("there may be used addresses beyond; --from-index "),
        "{}",
        dusted.scanned
    );
    assert!(dusted.coins.len() > before.coins.len());
    let far = |from| {
        let (survey, _) = bench.found(ScanRange { from: Some(from), ..ScanRange::default() });
        let found = survey.coins.iter().map(|coin| coin.own.path).filter(|path| path.index >= from);
        (found.collect::<Vec<_>>(), survey)
    };
    let (found, survey) = far(19_990);
    assert_eq!(found, [external(20_000)]);
    assert_eq!(survey.scanned.far.unwrap().to, 20_000);
    for branch in Branch::BOTH {
        let next = |survey: &Survey| survey.used.lowest_unused(branch);
        assert_eq!(next(&survey), next(&dusted), "an address far out gives none out behind it");
    }
    // What was found far out is asked for from then on.
    let (later, _) = bench.found(ScanRange::default());
    assert!(later.coins.iter().any(|coin| coin.own.path == external(20_000)));

    let issuer = &bench.issuer;
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let status = "status --descriptor treasury.descriptor --network regtest";
    let run =
        issuer.desk.run("coldamp-online", &format!("{status} {} --from-index 9000", issuer.chain())).done();
    assert!(run.stderr.contains(" and 9000 to 9"), "{}", run.stderr);
    let beyond =
        issuer.desk.run("coldamp-online", &format!("{status} {} --from-index 20001", issuer.chain()));
    assert_eq!(beyond.code, 2, "{}", beyond.stderr);
}

#[test]
fn an_asset_is_asked_for_once_and_gives_its_issuance_and_its_contract() {
    let bench = ScanBench::new();
    let (server, asset) = (bench.server(), bench.issuer.assets[0].issued.asset);
    let (issuance, contract) = runtime().block_on(async {
        (server.claimed_issuance(asset).await.unwrap(), server.claimed_contract(asset).await.unwrap())
    });
    assert!(issuance.is_some());
    let contract: serde_json::Value = serde_json::from_slice(&contract.unwrap()).unwrap();
    assert_eq!(contract["ticker"], bench.issuer.assets[0].issued.ticker.as_str());
    let log = bench.issuer.sandbox.faults().log();
    assert_eq!(log.iter().filter(|asked| asked.path.starts_with("/esplora/asset/")).count(), 1);
}

#[test]
fn addresses_wrongly_called_used_are_asked_for_again_by_a_full_scan_and_before_change_goes_far_out() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    prepare(&issuer, "--state honest").done();
    let pset = issuer.desk.read("burn.pset");
    for (state, more) in [("full", "--full-scan"), ("noticed", "")] {
        let status = "status --descriptor treasury.descriptor --network regtest";
        issuer.desk.run("coldamp-online", &format!("{status} {} --state {state}", issuer.chain())).done();
        let file = scan_cache_file(&issuer, state);
        let honest = ScanCache::parse(&std::fs::read(&file).unwrap()).unwrap();
        let mut wrong = honest.clone();
        for index in 0..=250 {
            for path in Branch::BOTH.map(|branch| KeyPath { branch, index }) {
                wrong.unused.remove(&path);
                wrong.used.insert(path);
            }
        }
        std::fs::write(&file, wrong.to_json().unwrap()).unwrap();
        let run = prepare(&issuer, &format!("--state {state} {more}")).done();
        let noticed = run.stderr.contains("warning[FAR_INDEX]: change goes to index 252, ");
        assert_eq!(noticed, more.is_empty(), "{}", run.stderr);
        assert!(run.stderr.contains(" at 1/0\n"), "{}", run.stderr);
        assert_eq!(issuer.desk.read("burn.pset"), pset, "{state}: change where it would have been");
        let healed = ScanCache::parse(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(healed.used, honest.used, "{state}");
    }
}

/// A server that answers every request with this status, and asks not to be asked for an hour. Gives the API's root.
fn refusing(status: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 {status} X\r\nretry-after: 3600\r\nconnection: close");
            let _ = stream.write_all(format!("{head}\r\ncontent-length: 0\r\n\r\n").as_bytes());
        }
    });
    root
}

#[test]
fn a_refusal_and_a_limit_are_told_with_what_to_do() {
    let issuer = Issuer::new();
    for (status, code, hint) in [
        (403, "ESPLORA_REFUSED", "Check that this is an Esplora server"),
        (429, "ESPLORA_LIMITED", "--esplora-rate"),
        (503, "ESPLORA_LIMITED", "--esplora-rate"),
    ] {
        let treasury = "--descriptor treasury.descriptor --network regtest";
        let status = format!("status {treasury} --esplora {}", refusing(status));
        let words = fails(issuer.desk.run("coldamp-online", &status), 11, code);
        let (_, told) = words.split_once("hint: ").unwrap();
        assert!(told.contains(hint), "{words}");
    }
}
