//! `treasury issue`: AMP issues to addresses of the treasury, once, whatever becomes of its answer.

use coldamp_core::elements::Txid;
use coldamp_sandbox::faults::{Fault, Rule};
use serde_json::Value;

use crate::desk::{Issuer, fails};

/// AMP's own assets.
fn assets(issuer: &Issuer) -> Vec<Value> {
    let token = format!("token {}", issuer.token());
    let answer = issuer.asks_amp("GET", "assets", Some(token), String::new());
    serde_json::from_slice(&answer.body).unwrap()
}

fn uuid_of(issuer: &Issuer, ticker: &str) -> Vec<String> {
    let all = assets(issuer);
    let of = all.iter().filter(|asset| asset["ticker"] == ticker);
    of.map(|asset| asset["asset_uuid"].as_str().unwrap().to_owned()).collect()
}

fn answer(issuer: &Issuer) -> Value {
    serde_json::from_str(&issuer.desk.read("issue.json")).unwrap()
}

#[test]
fn an_asset_of_either_kind_is_issued_to_unused_addresses_and_proven_from_the_chain() {
    for kind in ["", "--confidential"] {
        let issuer = Issuer::new();
        let run = issuer.desk.run("coldamp-online", &issuer.issue_command(kind)).done();
        // Index 0 to 3 have L-BTC, 4 to 7 the founded assets and their tokens.
        for line in [
            "new asset      Demo-Share (DEMO) of example.com",
            "decimals       2: 1 DEMO is 100 base units",
            "amount         100 000 050 base units (1 000 000.50 DEMO)",
            "  to index     8 el1qq",
            "  to index     9 el1qq",
            "tokens         100 000 base units of the reissuance token",
            "coldamp key address --index N",
            "proven         the contract by the asset id",
            "treasury setup issue.json",
        ] {
            assert!(run.stderr.contains(line), "no {line:?} in {}", run.stderr);
        }
        assert!(!run.stderr.contains("not proven"), "{}", run.stderr);
        let answer = answer(&issuer);
        assert_eq!(run.stdout.trim(), answer["asset_uuid"]);
        assert_eq!(answer["is_confidential"], !kind.is_empty());
        assert_eq!(uuid_of(&issuer, "DEMO"), [answer["asset_uuid"].as_str().unwrap()]);
        let log = issuer.desk.read("issue.json.log");
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.ends_with("{\"step\":\"issuing\"}\n"), "{log}");
        // Run again, it proves it again and asks for nothing.
        let posts = issuer.sandbox.faults().log().len();
        issuer.desk.run("coldamp-online", &issuer.issue_command(kind)).done();
        let log = issuer.sandbox.faults().log();
        assert!(!log[posts..].iter().any(|asked| asked.path.ends_with("/issue")));
    }
}

#[test]
fn an_asset_that_is_never_reissued_has_one_output_and_no_token() {
    let issuer = Issuer::new();
    let command = issuer.issue_command("").replace("--tokens 100000", "--never-reissued --unrestricted");
    let run = issuer.desk.run("coldamp-online", &command).done();
    assert!(run.stderr.contains("none: no more of it can ever be issued"), "{}", run.stderr);
    assert!(run.stderr.contains("holders        anybody"), "{}", run.stderr);
    assert!(!run.stderr.contains("\ntoken "), "{}", run.stderr);
    assert_eq!(answer(&issuer)["reissuance_token_id"], Value::Null);
}

#[test]
fn its_addresses_are_reserved_and_no_later_job_takes_them() {
    let issuer = Issuer::new();
    let lost = Rule {
        method: Some("POST".to_owned()),
        path: "/api/assets/issue$".to_owned(),
        skip: 0,
        count: None,
        fault: Fault::DropBefore,
    };
    issuer.sandbox.faults().set(vec![lost]);
    fails(issuer.desk.run("coldamp-online", &issuer.issue_command("")), 11, "AMP_UNREACHABLE");
    issuer.sandbox.faults().clear();
    issuer.ask(coldamp_tests::RequestKind::Reissue, &issuer.assets[0]).done();
    issuer.prepare("reissue", "").done();
    let other = issuer.issue_command("").replace("DEMO", "OTHER").replace("issue.json", "other.json");
    let run = issuer.desk.run("coldamp-online", &other).done();
    // 8 and 9 are the first order's, 10 and 11 the reissue's.
    assert!(run.stderr.contains("to index    12 "), "{}", run.stderr);
}

#[test]
fn a_lost_answer_is_looked_up_and_a_person_decides() {
    let issuer = Issuer::new();
    let lost = Rule {
        method: Some("POST".to_owned()),
        path: "/api/assets/issue$".to_owned(),
        skip: 0,
        count: Some(1),
        fault: Fault::DropAfter,
    };
    issuer.sandbox.faults().add(lost);
    let command = issuer.issue_command("");
    let told = fails(issuer.desk.run("coldamp-online", &command), 11, "AMP_UNREACHABLE");
    assert!(told.contains("Run the same command again"), "{told}");
    let uuids = uuid_of(&issuer, "DEMO");
    assert_eq!(uuids.len(), 1);
    let told = fails(issuer.desk.run("coldamp-online", &command), 13, "ISSUE_UNKNOWN");
    assert!(told.contains(&uuids[0]) && told.contains("--issued UUID"), "{told}");
    // Another file is no way round it.
    let other = issuer.issue_command("").replace("issue.json", "other.json");
    let told = fails(issuer.desk.run("coldamp-online", &other), 13, "ISSUE_UNKNOWN");
    assert!(told.contains(&uuids[0]), "{told}");
    assert!(!issuer.desk.has("other.json.order") && !issuer.desk.has("other.json.log"));
    // Nor is --again, as long as AMP lists it, or another state folder.
    let again = issuer.issue_command("--again");
    fails(issuer.desk.run("coldamp-online", &again), 13, "ASSET_EXISTS");
    let elsewhere = other.replace("-o other.json", "--state elsewhere -o other.json");
    fails(issuer.desk.run("coldamp-online", &elsewhere), 13, "ASSET_EXISTS");
    // One of the founded assets is not it.
    let wrong = issuer.issue_command(&format!("--issued {}", issuer.uuid()));
    fails(issuer.desk.run("coldamp-online", &wrong), 3, "AMP_DIFFERS");
    let right = issuer.issue_command(&format!("--issued {}", uuids[0]));
    let run = issuer.desk.run("coldamp-online", &right).done();
    assert!(run.stderr.contains("was written from AMP's record"), "{}", run.stderr);
    let txid: Txid = answer(&issuer)["txid"].as_str().unwrap().parse().unwrap();
    assert_eq!(issuer.confirmations(txid), Some(0));
    assert_eq!(uuid_of(&issuer, "DEMO"), uuids);
    issuer.desk.run("coldamp-online", &command).done();
}

#[test]
fn nothing_is_asked_for_that_amp_would_refuse_or_nobody_confirms() {
    let issuer = Issuer::new();
    let before = assets(&issuer);
    for (from, to, field) in [
        ("--name Demo-Share", "--name Four", "name"),
        ("--ticker DEMO", "--ticker D", "ticker"),
        ("--domain example.com", "--domain https://example.com", "domain"),
        ("--pubkey 02", "--pubkey 05", "pubkey"),
        ("--units 1000000.5", "--units 1.005", "--units"),
        ("--units 1000000.5", "--units 0", "amount"),
        ("--tokens 100000", "--tokens 0", "reissuance_amount"),
    ] {
        let run = issuer.desk.run("coldamp-online", &issuer.issue_command("").replace(from, to));
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(&format!("{field}: ")), "{}", run.stderr);
    }
    for (from, to) in [
        ("--expect DEMO:100000050", ""),
        ("--expect DEMO:100000050", "--expect DEMO:100000051"),
        ("--expect DEMO:100000050", "--expect DEM0:100000050"),
    ] {
        let run = issuer.desk.run("coldamp-online", &issuer.issue_command("").replace(from, to));
        assert_eq!(run.code, 4, "{}", run.stderr);
        assert!(run.stderr.contains("Nothing was asked for"), "{}", run.stderr);
    }
    assert_eq!(assets(&issuer), before);
    assert_eq!(issuer.desk.files(), ["credentials", "treasury.descriptor"]);
}

#[test]
fn a_saved_order_is_gone_on_with_as_it_was_and_a_changed_one_is_refused() {
    let issuer = Issuer::new();
    let rule = Rule {
        method: Some("POST".to_owned()),
        path: "/api/assets/issue$".to_owned(),
        skip: 0,
        count: Some(1),
        fault: Fault::Answers { status: 400, body: "{\"detail\": \"No.\"}".to_owned() },
    };
    issuer.sandbox.faults().add(rule);
    let command = issuer.issue_command("");
    fails(issuer.desk.run("coldamp-online", &command), 12, "AMP_REFUSED");
    let order = issuer.desk.read("issue.json.order");
    let others = issuer.issue_command("").replace("--tokens 100000", "--tokens 100001");
    let run = issuer.desk.run("coldamp-online", &others);
    assert_eq!(run.code, 13, "{}", run.stderr);
    assert!(run.stderr.contains("other terms"), "{}", run.stderr);
    // An address of somebody else.
    let foreign = "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";
    let mut changed: Value = serde_json::from_str(&order).unwrap();
    changed["destination_address"] = foreign.into();
    issuer.desk.write("issue.json.order", changed.to_string());
    let told = fails(issuer.desk.run("coldamp-online", &command), 3, "ISSUE_DIFFERS");
    assert!(told.contains("is no receive address of this treasury"), "{told}");
    // Another own address: the log is of the order as it was.
    let own: Value = serde_json::from_str(&order).unwrap();
    let swapped = order
        .replace(own["destination_address"].as_str().unwrap(), "HERE")
        .replace(own["reissuance_address"].as_str().unwrap(), own["destination_address"].as_str().unwrap())
        .replace("HERE", own["reissuance_address"].as_str().unwrap());
    issuer.desk.write("issue.json.order", swapped);
    fails(issuer.desk.run("coldamp-online", &command), 13, "LOG");
    issuer.desk.write("issue.json.order", &order);
    issuer.desk.run("coldamp-online", &command).done();
    assert_eq!(issuer.desk.read("issue.json.order"), order);
}

/// AMP's list may be behind or incomplete: what was asked for from this state folder is not asked for again by another file.
#[test]
fn an_asset_that_amps_list_does_not_show_is_not_asked_for_again_by_another_file() {
    let issuer = Issuer::new();
    let rule = |method: &str, path: &str, fault: Fault| Rule {
        method: Some(method.to_owned()),
        path: path.to_owned(),
        skip: 0,
        count: None,
        fault,
    };
    let faults = issuer.sandbox.faults();
    faults.set(vec![rule("POST", "/api/assets/issue$", Fault::DropAfter)]);
    fails(issuer.desk.run("coldamp-online", &issuer.issue_command("")), 11, "AMP_UNREACHABLE");
    assert_eq!(uuid_of(&issuer, "DEMO").len(), 1);
    let hides = || {
        let body = Fault::Answers { status: 200, body: "[]".to_owned() };
        faults.set(vec![rule("GET", "/api/assets$", body)]);
    };
    hides();
    let other = issuer.issue_command("").replace("issue.json", "other.json");
    for command in [
        issuer.issue_command(""),
        other.clone(),
        other.replace("--ticker DEMO", "--ticker demo").replace("DEMO:", "demo:"),
    ] {
        let told = fails(issuer.desk.run("coldamp-online", &command), 13, "ISSUE_UNKNOWN");
        assert!(told.contains("AMP lists no such asset now") && told.contains("--again"), "{told}");
    }
    // A stick that lost order and log.
    for name in ["issue.json.order", "issue.json.log"] {
        std::fs::remove_file(issuer.desk.path(name)).unwrap();
    }
    fails(issuer.desk.run("coldamp-online", &issuer.issue_command("")), 13, "ISSUE_UNKNOWN");
    assert_eq!(issuer.sandbox.with(|chain, _| chain.mempool().count()), 1);
    // Another ticker is another asset.
    let third = other
        .replace("--ticker DEMO", "--ticker THIRD")
        .replace("DEMO:", "THIRD:")
        .replace("other.json", "third.json");
    issuer.desk.run("coldamp-online", &third).done();
    // A person has AMP's clear no.
    issuer.desk.run("coldamp-online", &format!("{other} --again")).done();
    faults.clear();
}
