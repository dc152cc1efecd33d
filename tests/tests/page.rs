//! The page's WASM does what the command line does: the same PSET to the byte, the same review, the same refusals.

use coldamp_tests::{Desk, KEYS, Page, RequestKind, Scenario};
use serde_json::{Value, json};

/// A cold desk with a scenario's files on it, and the names they have there.
fn desk(scenario: &Scenario) -> Desk {
    let desk = Desk::cold(scenario);
    desk.write("descriptor", scenario.ct_descriptor());
    desk.write("transactions", scenario.transactions());
    for kind in RequestKind::ALL {
        desk.write(kind.name(), scenario.request(kind));
    }
    desk
}

fn prepare(desk: &Desk, kind: RequestKind, more: &str, output: &str) {
    let arguments = format!(
        "prepare {} --descriptor descriptor --network regtest --transactions transactions --state {output}.state -o {output} {more}",
        kind.name()
    );
    desk.run("coldamp-online", &arguments).done();
}

fn step(what: &str, more: Value) -> Value {
    let mut step = json!({ "do": what, "descriptor": "descriptor" });
    step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    step
}

fn done<'a>(outcome: &'a Value, name: &str) -> &'a Value {
    assert!(outcome.get("failure").is_none(), "{name}: {outcome}");
    &outcome["done"]
}

fn refused(outcome: &Value) -> &str {
    let failure = &outcome["failure"];
    let told = failure["message"].as_str().is_some_and(|words| !words.is_empty());
    assert!(told && failure["hint"].is_string(), "{outcome}");
    failure["code"].as_str().unwrap_or_default()
}

#[test]
fn every_job_is_prepared_to_the_byte_as_on_the_command_line_and_audited() {
    let Some(page) = Page::found() else { return };
    for scenario in Scenario::all() {
        let desk = desk(&scenario);
        let named = |kind: RequestKind, what: &str| format!("{}.{what}", kind.name());
        let mut steps = Vec::new();
        for kind in RequestKind::ALL {
            prepare(&desk, kind, "", &named(kind, "pset"));
            let review = desk.run("coldamp", &format!("review {} {KEYS} --json", named(kind, "pset"))).done();
            desk.write(&named(kind, "review"), &review.stdout);
            let review: Value = serde_json::from_str(&review.stdout).unwrap();
            let (pset, signed) = (named(kind, "pset"), named(kind, "signed"));
            let code = review["approval"].as_str().unwrap();
            desk.run("coldamp", &format!("sign {pset} {KEYS} --approve {code} -o {signed}")).done();
            let request = kind.name();
            let output = named(kind, "page");
            steps.push(step(
                "prepare",
                json!({ "request": request, "transactions": "transactions", "output": output }),
            ));
            steps.push(step("audit", json!({ "pset": pset, "signed": signed })));
        }
        let outcomes = page.run(&desk, &steps);
        for (kind, outcomes) in RequestKind::ALL.into_iter().zip(outcomes.chunks(2)) {
            let name = format!("{} {}", scenario.name(), kind.name());
            let made = done(&outcomes[0], &name);
            assert!(
                desk.read(&named(kind, "page")) == desk.read(&named(kind, "pset")),
                "{name}: another PSET"
            );
            assert_eq!(made["again"], true, "{name}: another PSET when it is prepared again");
            assert_eq!(
                (&made["notices"], &made["again_notices"][0]["code"]),
                (&json!([]), &json!("PREPARED_BEFORE"))
            );
            let last = made["progress"].as_array().unwrap().last().unwrap();
            assert!(last["stage"] == "coins" && last["done"] == last["of"], "{name}: {last}");
            let cold: Value = serde_json::from_str(&desk.read(&named(kind, "review"))).unwrap();
            as_on_the_cold_side(&made["review"], &cold, &name);
            let signed = done(&outcomes[1], &name);
            let file: Value = serde_json::from_str(&desk.read(&named(kind, "signed"))).unwrap();
            for field in ["network", "command", "txid"] {
                assert_eq!(signed[field], file[field], "{name}");
            }
            assert_eq!(signed["journal"]["number"], file["signer"]["number"], "{name}");
        }
    }
}

/// The page shows what the air-gapped machine prints.
fn as_on_the_cold_side(page: &Value, cold: &Value, name: &str) {
    assert!(cold["approval"].is_string(), "{name}");
    assert_eq!(page["approval"], cold["approval"], "{name}");
    assert_eq!(page["mismatches"], json!([]), "{name}");
    let effects = &cold["effects"];
    for field in
        ["network", "command", "asset", "ticker", "precision", "domain", "asset_uuid", "distribution_uuid"]
    {
        assert_eq!(page[field], effects[field], "{name}: {field}");
    }
    for field in ["request_sha256", "weight_bound", "discounted_weight_bound"] {
        assert_eq!(page[field], effects[field], "{name}: {field}");
    }
    let text = |amount: &Value| if amount.is_null() { Value::Null } else { Value::from(amount.to_string()) };
    assert_eq!(page["fee"], text(&effects["fee"]), "{name}");
    let rows = |side: &Value, what: &str| side[what].as_array().unwrap().clone();
    assert_eq!(rows(page, "inputs").len(), rows(effects, "inputs").len(), "{name}");
    for (page, cold) in rows(page, "inputs").iter().zip(&rows(effects, "inputs")) {
        let outpoint = format!("{}:{}", cold["txid"].as_str().unwrap(), cold["vout"]);
        assert_eq!(page["outpoint"], Value::from(outpoint), "{name}");
        for field in ["path", "asset", "blinded", "opening_used"] {
            assert_eq!(page[field], cold[field], "{name}: {field}");
        }
        assert_eq!(
            (&page["amount"], &page["issues"]),
            (&text(&cold["amount"]), &text(&cold["issues"])),
            "{name}"
        );
    }
    assert_eq!(rows(page, "outputs").len(), rows(effects, "outputs").len(), "{name}");
    for (page, cold) in rows(page, "outputs").iter().zip(&rows(effects, "outputs")) {
        for field in ["role", "asset", "address", "path", "blinded"] {
            assert_eq!(page[field], cold[field], "{name}: {field}");
        }
        assert_eq!(page["amount"], text(&cold["amount"]), "{name}");
    }
}

#[test]
fn settings_and_a_contract_make_the_same_pset_too() {
    let Some(page) = Page::found() else { return };
    let scenario = Scenario::all().into_iter().find(|scenario| scenario.info().contract.is_some()).unwrap();
    let desk = desk(&scenario);
    desk.write("contract", scenario.info().contract.as_ref().unwrap().to_string());
    let kind = RequestKind::Distribute;
    prepare(&desk, kind, "--fee-rate 150 --fee-basis full --contract contract", "pset");
    let settings = json!({ "fee_rate": 150, "fee_basis": "full" });
    let files = json!({ "request": kind.name(), "transactions": "transactions", "output": "page" });
    let with = |more: Value| {
        let mut step = step("prepare", files.clone());
        step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        step
    };
    let steps = [
        with(json!({ "settings": settings, "contract": "contract" })),
        with(json!({ "settings": { "fee_rate": 99 }, "output": "none" })),
        with(json!({ "settings": { "fee": 100 }, "output": "none" })),
        with(json!({ "contract": "descriptor", "output": "none" })),
    ];
    let outcomes = page.run(&desk, &steps);
    let made = done(&outcomes[0], "with settings");
    assert!(desk.read("page") == desk.read("pset"), "another PSET");
    assert!(
        made["review"]["ticker"].is_string() && made["review"]["precision"].is_number(),
        "{}",
        made["review"]
    );
    assert_eq!(
        outcomes[1..].iter().map(refused).collect::<Vec<_>>(),
        ["FEE_TOO_LOW", "ARGUMENT", "CONTRACT"]
    );
    assert!(!desk.has("none"));
}

#[test]
fn an_amount_stays_exact_to_the_last_base_unit() {
    let Some(page) = Page::found() else { return };
    let scenario = Scenario::load("wpkh");
    let desk = desk(&scenario);
    let mut request: Value = serde_json::from_slice(&scenario.request(RequestKind::Burn)).unwrap();
    request["amount"] = json!("AMOUNT");
    desk.write("large", request.to_string().replace("\"AMOUNT\"", "20999999.99999999"));
    let outcomes = page.run(&desk, &[step("request", json!({ "request": "large" }))]);
    assert_eq!(done(&outcomes[0], "a large burn")["total"], "2099999999999999");
}

#[test]
fn what_is_wrong_is_thrown_with_its_code_and_what_to_do() {
    let Some(page) = Page::found() else { return };
    let scenario = Scenario::load("wpkh");
    let desk = desk(&scenario);
    let kind = RequestKind::Distribute;
    prepare(&desk, kind, "", "pset");
    prepare(&desk, RequestKind::Burn, "", "other.pset");
    let review = desk.run("coldamp", &format!("review pset {KEYS} --json")).done().stdout;
    let review: Value = serde_json::from_str(&review).unwrap();
    let code = review["approval"].as_str().unwrap();
    desk.run("coldamp", &format!("sign pset {KEYS} --approve {code} -o signed")).done();
    let signed = desk.read("signed");
    desk.write("no descriptor", "hello");
    desk.write(
        "elsewhere",
        String::from_utf8(scenario.request(kind)).unwrap().replace("blockstream.com", "example.org"),
    );
    desk.write("cut", &signed[..signed.len() / 2]);
    desk.write("another amp", signed.replace("amp-test.blockstream.com", "amp-test.example.org"));
    desk.write("no pset", "cHNidP8=");
    let audit = |pset: &str, signed: &str| step("audit", json!({ "pset": pset, "signed": signed }));
    let with = |what: &str, more: Value| step(what, more);
    let steps_and_codes = [
        (with("treasury", json!({ "descriptor": "no descriptor" })), "DESCRIPTOR"),
        (with("treasury", json!({ "network": "liquid" })), "NETWORK"),
        (with("treasury", json!({ "network": "bitcoin" })), "NETWORK"),
        (with("request", json!({ "request": "elsewhere" })), "HOST"),
        (with("request", json!({ "request": "no descriptor" })), "PARSE"),
        (with("review", json!({ "pset": "no pset" })), "PARSE"),
        (
            with("prepare", json!({ "request": "burn", "transactions": "no descriptor", "output": "none" })),
            "PARSE",
        ),
        (audit("pset", "cut"), "PARSE"),
        (audit("pset", "another amp"), "HOST"),
        (audit("other.pset", "signed"), "SIGNED_DIFFERS"),
    ];
    let steps: Vec<Value> = steps_and_codes.iter().map(|(step, _)| step.clone()).collect();
    let outcomes = page.run(&desk, &steps);
    for ((step, code), outcome) in steps_and_codes.iter().zip(&outcomes) {
        assert_eq!(refused(outcome), *code, "{step}");
    }
    assert!(!desk.has("none"));
}

#[test]
fn a_pset_goes_through_frames_and_comes_back() {
    let Some(page) = Page::found() else { return };
    let scenario = Scenario::load("wpkh");
    let desk = desk(&scenario);
    prepare(&desk, RequestKind::Distribute, "", "pset");
    let steps = [json!({ "do": "bbqr", "file": "pset", "frame_chars": 400, "output": "back" })];
    let outcomes = page.run(&desk, &steps);
    let read = done(&outcomes[0], "frames");
    assert_eq!((desk.read("back"), &read["file_type"]), (desk.read("pset"), &json!("P")));
    let frames = read["frames"].as_array().unwrap();
    assert!(frames.len() > 10 && frames.iter().all(|frame| frame.as_str().unwrap().len() <= 400));
    assert_eq!(read["progress"][frames.len() - 1], json!({ "have": frames.len(), "of": frames.len() }));
}
