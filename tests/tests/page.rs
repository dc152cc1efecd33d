//! The page's WASM does what the command line does: the same PSET to the byte, the same review, the same refusals.

use coldamp_core::pset::UnsignedPset;
use coldamp_core::sign::review::{JournalState, ReviewDocument};
use coldamp_online::prepare::review_prepared;
use coldamp_tests::{Desk, KEYS, Page, RequestKind, Scenario, Treasury};
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
            assert_eq!(signed["signers"][0]["journal"]["number"], file["signer"]["number"], "{name}");
        }
    }
}

/// The page has the document of the air-gapped machine, but for what only journal and policy can say.
fn as_on_the_cold_side(page: &Value, cold: &Value, name: &str) {
    assert!(cold["approval"].is_string(), "{name}");
    let only_cold = ["warnings", "warning_counts"];
    let fields = |document: &Value| {
        let mut fields = document.as_object().unwrap().clone();
        fields.retain(|field, _| !only_cold.contains(&field.as_str()));
        fields
    };
    assert!(fields(page).len() > 30, "{name}: {page}");
    assert_eq!(fields(page), fields(cold), "{name}");
}

#[test]
fn the_document_of_the_page_is_the_document_of_core_to_the_byte() {
    let Some(page) = Page::found() else { return };
    for scenario in Scenario::all() {
        let desk = desk(&scenario);
        let treasury = Treasury::of(&scenario);
        let jobs = RequestKind::ALL.map(|kind| (kind, treasury.job(&scenario, kind).prepare().pset));
        for (kind, pset) in &jobs {
            desk.write(&format!("{}.pset", kind.name()), pset);
        }
        let steps = jobs
            .each_ref()
            .map(|(kind, _)| step("document", json!({ "pset": format!("{}.pset", kind.name()) })));
        for ((kind, pset), outcome) in jobs.iter().zip(page.run(&desk, &steps)) {
            let name = format!("{} {}", scenario.name(), kind.name());
            let Treasury { secp, network, descriptor, .. } = &treasury;
            let pset = UnsignedPset::read(pset.as_bytes()).unwrap();
            let journal = JournalState::default();
            let review = review_prepared(secp, network, descriptor, &pset, false, None);
            let document = ReviewDocument::of(network, descriptor, &review, &journal);
            assert_eq!(done(&outcome, &name).as_str().unwrap(), document.to_json().unwrap(), "{name}");
        }
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
        made["review"]["contract"]["ticker"].is_string()
            && made["review"]["contract"]["precision"].is_number(),
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
    assert_eq!(
        read["progress"][frames.len() - 1],
        json!({ "have": frames.len(), "of": frames.len(), "missing": "" })
    );
}
