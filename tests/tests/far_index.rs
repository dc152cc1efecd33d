//! Coins and used addresses far out stop no job: change goes to the index behind the used ones up to the first gap of 20, or
//! above index 200 to the lowest that nothing has used. The signer goes by its own journal, and signs it.

use coldamp_tests::{Desk, KEYS, Scenario};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/far-index");

fn vector(name: &str) -> Vec<u8> {
    std::fs::read(format!("{FOLDER}/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// An online desk with a treasury's transactions and the burn.
fn online(scenario: &Scenario, transactions: &str) -> Desk {
    let desk = Desk::default();
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("request.json", vector("burn.request.json"));
    desk.write("transactions.json", vector(transactions));
    desk
}

fn prepare(out: &str) -> String {
    format!(
        "prepare request.json --descriptor treasury.descriptor --network regtest --transactions transactions.json -o {out}"
    )
}

#[test]
fn a_treasury_with_used_addresses_or_dust_far_out_is_prepared_and_signed_nearby() {
    let scenario = Scenario::load("wpkh");
    for (transactions, dust) in [("treasury.json", false), ("dust-every-200.json", true)] {
        let desk = online(&scenario, transactions);
        let run = desk.run("coldamp-online", &prepare("burn.pset")).done();
        assert_eq!(run.stderr.contains("FAR_INDEX"), dust, "{transactions}: {}", run.stderr);
        let pset = desk.read("burn.pset");
        let cold = Desk::cold(&scenario);
        cold.write("burn.pset", &pset);
        let report = cold.run("coldamp", &format!("review burn.pset {KEYS} --json")).done().stdout;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let change = report["outputs"].as_array().unwrap().iter().filter_map(|output| {
            let (branch, index) = output["path"].as_str()?.split_once('/')?;
            Some((branch.to_owned(), index.parse::<u32>().unwrap()))
        });
        let change: Vec<(String, u32)> = change.collect();
        assert!(!change.is_empty(), "{transactions}: {report}");
        for (branch, index) in change {
            assert!(branch == "1" && index < 10, "{transactions}: change at {branch}/{index}");
        }
        let approval = report["approval"].as_str().unwrap();
        cold.run("coldamp", &format!("sign burn.pset {KEYS} --approve {approval} -o signed.json")).done();
        assert!(cold.read("keystore.journal").contains("\"own_index\":"), "{transactions}");
        // Prepared again, the same bytes come out: the reserved coins are this request's own.
        desk.run("coldamp-online", &prepare("again.pset")).done();
        assert_eq!(desk.read("again.pset"), pset, "{transactions}");
    }
}
