//! The three jobs through the two binaries, from AMP's JSON to signed.json, and what the offline one refuses.

use coldamp_core::elements::pset::PartiallySignedTransaction;
use coldamp_core::pset::entropy_key;
use coldamp_tests::{Desk, KEYS, RequestKind, Run, Scenario, Treasury};
use serde_json::Value;

/// An online machine that knows the descriptor, and prepares.
fn prepared(scenario: &Scenario, descriptor: &str, kind: RequestKind) -> String {
    let desk = Desk::default();
    desk.write("treasury.descriptor", descriptor);
    desk.write("request.json", scenario.request(kind));
    desk.write("transactions.json", scenario.transactions());
    let arguments = "prepare request.json --descriptor treasury.descriptor --network regtest \
                     --transactions transactions.json -o unsigned.pset";
    let run = desk.run("coldamp-online", arguments).done();
    assert_eq!(run.stdout, "");
    assert_eq!(desk.mode("unsigned.pset"), 0o600);
    desk.read("unsigned.pset")
}

fn review(desk: &Desk) -> Value {
    let run = desk.run("coldamp", &format!("review unsigned.pset {KEYS} --json")).done();
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn every_job_goes_through_the_binaries_as_through_core_and_on_two_keystores_alike() {
    for scenario in Scenario::all() {
        let treasury = Treasury::of(&scenario);
        let (first, second) = (Desk::cold(&scenario), Desk::cold(&scenario));
        let descriptor = first.run("coldamp", &format!("key watch {KEYS}")).done().stdout;
        assert_eq!(descriptor.split('#').next(), Some(scenario.ct_descriptor()));
        for kind in RequestKind::ALL {
            let name = format!("{} {}", scenario.name(), kind.name());
            let job = treasury.job(&scenario, kind);
            let pset = prepared(&scenario, &descriptor, kind);
            assert_eq!(pset.trim_end(), job.prepare().pset, "{name}");

            let mut files = Vec::new();
            for desk in [&first, &second] {
                desk.write("unsigned.pset", &pset);
                desk.write("request.json", scenario.request(kind));
                let review = review(desk);
                assert_eq!(review["format"], "coldamp.review/2", "{name}");
                assert_eq!(review["mismatches"], Value::Array(Vec::new()), "{name}");
                let out = format!("{}.json", kind.name());
                let code = review["approval"].as_str().unwrap();
                let sign =
                    format!("sign unsigned.pset {KEYS} --request request.json --approve {code} -o {out}");
                let run = desk.run("coldamp", &sign).done();
                assert!(run.stdout.contains("\nChecks passed.\napproval     "), "{name}: {}", run.stdout);
                assert_eq!(desk.mode(&out), 0o600, "{name}");
                files.push(desk.read(&out));
                // Signed once more, the same bytes come out, its place in the journal included.
                desk.run("coldamp", &sign.replace(&out, "again.json")).done();
                assert_eq!(desk.read("again.json"), desk.read(&out), "{name}");
                std::fs::remove_file(desk.path("again.json")).unwrap();
            }
            let without = |text: &str| {
                let (file, signer) = text.split_once("\"signer\"").unwrap();
                assert!(signer.contains("\"id\"") && signer.contains("\"head\""), "{name}: {signer}");
                file.to_owned()
            };
            assert_ne!(files[0], files[1], "{name}: two keystores have two journals");
            assert_eq!(without(&files[0]), without(&files[1]), "{name}");
            assert_eq!(without(&files[0]), without(&job.sign(pset.as_bytes()).to_json().unwrap()), "{name}");
            // The second machine audits what the first one signed.
            second.write("signed.json", &files[0]);
            let audit = format!("review unsigned.pset {KEYS} --signed signed.json");
            let audit = second.run("coldamp", &audit).done().stdout;
            let last = audit.lines().rev().find(|line| line.starts_with("signed file")).unwrap();
            assert!(
                last.starts_with("signed file  agrees: ") && audit.ends_with(&format!("{last}\n")),
                "{name}: {audit}"
            );
        }
    }
}

/// The screen that a person approves, word for word: whoever changes it looks at it.
fn reads_as_it_did(scenario: &Scenario, pset: &str, name: &str) {
    let desk = Desk::cold(scenario);
    desk.write("unsigned.pset", pset);
    let screen = desk.run("coldamp", &format!("review unsigned.pset {KEYS}")).done().stdout;
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/review").join(name);
    let golden = std::fs::read_to_string(&golden).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(screen, golden, "{name}");
}

#[test]
fn the_review_reads_as_it_did() {
    for (scenario, kind) in [
        ("wpkh", RequestKind::Distribute),
        ("wpkh-blinded-issuance", RequestKind::Distribute),
        ("wpkh-blinded-issuance", RequestKind::Reissue),
        ("wpkh-split-token", RequestKind::Burn),
    ] {
        let name = format!("{scenario}.{}.txt", kind.name());
        let scenario = Scenario::load(scenario);
        reads_as_it_did(&scenario, &Treasury::of(&scenario).job(&scenario, kind).prepare().pset, &name);
    }
}

#[test]
fn the_review_of_a_proven_contract_reads_as_it_did() {
    for (scenario, kind) in [("wpkh", RequestKind::Distribute), ("sh-wpkh", RequestKind::Reissue)] {
        let name = format!("{scenario}.{}.contract.txt", kind.name());
        let scenario = Scenario::load(scenario);
        let prepared = Treasury::of(&scenario).job(&scenario, kind).prepare_with_contract(&scenario);
        reads_as_it_did(&scenario, &prepared.pset, &name);
    }
}

#[test]
fn the_review_of_an_asset_that_nothing_proves_reads_as_it_did() {
    let scenario = Scenario::load("wpkh");
    let prepared = Treasury::of(&scenario).job(&scenario, RequestKind::Distribute).prepare();
    let mut pset: PartiallySignedTransaction = prepared.pset.parse().unwrap();
    pset.global.proprietary.remove(&entropy_key());
    reads_as_it_did(&scenario, &pset.to_string(), "wpkh.distribute.unproven.txt");
}

#[test]
fn the_contract_of_a_file_goes_through_both_binaries() {
    let scenario = Scenario::load("wpkh");
    let desk = Desk::cold(&scenario);
    let descriptor = desk.run("coldamp", &format!("key watch {KEYS}")).done().stdout;
    desk.write("treasury.descriptor", descriptor);
    desk.write("transactions.json", scenario.transactions());
    // Laid out with blanks and line ends, as the registry's web page shows it.
    let contract = scenario.info().contract.as_ref().unwrap();
    desk.write("contract.json", serde_json::to_string_pretty(contract).unwrap());
    for kind in RequestKind::ALL {
        let out = format!("{}.pset", kind.name());
        desk.write("request.json", scenario.request(kind));
        // A state of its own for each: one that remembers another transaction's change would choose another address.
        let prepare = |out: &str, state: &str| {
            format!(
                "prepare request.json --descriptor treasury.descriptor --network regtest \
                 --transactions transactions.json --state {state}-{} -o {out}",
                kind.name()
            )
        };
        desk.run("coldamp-online", &format!("{} --contract contract.json", prepare(&out, "named"))).done();
        desk.run("coldamp-online", &prepare("unsigned.pset", "plain")).done();
        let named = desk.run("coldamp", &format!("review {out} {KEYS} --json")).done();
        let named: Value = serde_json::from_str(&named.stdout).unwrap();
        let contract = &named["contract"];
        assert_eq!(contract["ticker"], "DTST");
        assert_eq!((&contract["precision"], &named["entropy_proven"]), (&Value::from(2), &Value::Bool(true)));
        assert_eq!(contract["domain"], "example.com");
        let plain = review(&desk);
        assert_eq!(plain["approval"], named["approval"], "the transaction is the same");
        assert_eq!((&plain["contract"], &plain["entropy_proven"]), (&Value::Null, &Value::Bool(true)));
        std::fs::remove_file(desk.path("unsigned.pset")).unwrap();
    }
}

/// Runs a command that must not be done, and checks what holds of all of them.
fn refused(desk: &Desk, arguments: &str, code: i32, words: &[&str]) -> Run {
    let before = desk.files();
    let run = desk.run("coldamp", arguments);
    assert_eq!(run.code, code, "{arguments}: {}", run.stderr);
    for words in words.iter().chain(&["error", "\nhint: "]) {
        assert!(run.stderr.contains(words), "{arguments}: no {words:?} in {}", run.stderr);
    }
    assert_eq!(desk.files(), before, "{arguments}: left something behind");
    run
}

#[test]
fn what_must_not_be_signed_ends_with_its_exit_code_and_without_a_file() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let pset = job.prepare().pset;
    let desk = Desk::cold(&scenario);
    desk.write("unsigned.pset", &pset);
    desk.write("taken.json", "mine");
    let code = review(&desk)["approval"].as_str().unwrap().to_owned();
    let sign = format!("sign unsigned.pset {KEYS} --approve {code}");

    // 3: it decodes and a rule fails.
    let other = treasury.job(&scenario, RequestKind::Burn);
    let other_code =
        other.review(other.prepare().pset.as_bytes()).checked().unwrap().approval_code().to_string();
    refused(
        &desk,
        &format!("sign unsigned.pset {KEYS} --approve {other_code}"),
        3,
        &["APPROVAL_CODE", &other_code],
    );
    refused(&desk, &format!("sign unsigned.pset {KEYS} --approve x"), 3, &["APPROVAL_CODE"]);
    desk.write("request.json", scenario.request(RequestKind::Burn));
    refused(&desk, &format!("{sign} --request request.json"), 3, &["REQUEST_DIFFERS"]);
    let mut blank = scenario.request(RequestKind::Distribute);
    blank.push(b' ');
    desk.write("request.json", blank);
    refused(&desk, &format!("{sign} --request request.json"), 3, &["REQUEST_DIFFERS"]);

    let mut tampered: PartiallySignedTransaction = pset.parse().unwrap();
    for output in tampered.outputs_mut() {
        // One base unit from the largest output of the asset to the next: every sum stays as it was.
        output.amount = output.amount.map(|amount| match amount {
            48_237_280_487 => amount - 1,
            39_637_231_922 => amount + 1,
            other => other,
        });
    }
    desk.write("tampered.pset", tampered.to_string());
    let words = ["AMOUNT_MISMATCH", "39 637 231 923", "39 637 231 922", "Do not sign"];
    let run = refused(&desk, &format!("sign tampered.pset {KEYS} --approve {code}"), 3, &words);
    assert!(run.stdout.contains("NOT TO BE SIGNED") && !run.stdout.contains("\napproval"), "{}", run.stdout);
    let run = refused(&desk, &format!("review tampered.pset {KEYS} --json"), 3, &words);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["approval"], Value::Null);
    let codes: Vec<&str> =
        report["mismatches"].as_array().unwrap().iter().map(|rule| rule["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["AMOUNT_MISMATCH"]);
    let run = refused(&desk, &format!("review tampered.pset {KEYS}"), 3, &words);
    assert!(run.stdout.contains("NOT TO BE SIGNED") && !run.stdout.contains("\napproval"), "{}", run.stdout);

    // 4: nobody approved.
    refused(&desk, &format!("sign unsigned.pset {KEYS}"), 4, &["approv"]);
    // 5: keystore or passphrase.
    desk.write("wrong", "correct horse\n");
    refused(
        &desk,
        &sign.replace("--passphrase-file passphrase", "--passphrase-file wrong"),
        5,
        &["passphrase"],
    );
    // 6: unreadable.
    for (name, content) in [
        ("truncated.pset", &pset.as_bytes()[..pset.len() / 2]),
        ("cut-four.pset", &pset.as_bytes()[..pset.len() - 4]),
        ("empty.pset", b"".as_slice()),
        ("words.pset", b"hello".as_slice()),
    ] {
        desk.write(name, content);
        refused(&desk, &format!("sign {name} {KEYS} --approve {code}"), 6, &["PARSE", name]);
        refused(&desk, &format!("review {name} {KEYS}"), 6, &["PARSE", name]);
    }
    refused(&desk, &format!("sign missing.pset {KEYS} --approve {code}"), 6, &["missing.pset"]);
    refused(&desk, &format!("{sign} --request missing.json"), 6, &["missing.json"]);
    // 7: cannot write.
    refused(&desk, &format!("{sign} -o taken.json"), 7, &["taken.json"]);
    assert_eq!(desk.read("taken.json"), "mine");
    refused(&desk, &format!("{sign} -o missing/signed.json"), 7, &["missing/signed.json"]);
    assert!(!desk.has("signed.json"));

    // And the same arguments without a fault are done.
    desk.run("coldamp", &sign).done();
    assert!(desk.has("signed.json"));
}

#[test]
fn a_pset_of_another_treasury_is_refused_input_by_input() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&Scenario::load("sh-wpkh"));
    desk.write("unsigned.pset", treasury.job(&scenario, RequestKind::Burn).prepare().pset);
    refused(
        &desk,
        &format!("review unsigned.pset {KEYS}"),
        3,
        &["None of the 2 inputs belongs to this keystore", "INPUT_FOREIGN: input 0, input 1"],
    );
}
