//! The issuer's rules, one a test: each is kept, and each stops what the request and the PSET agree on.

use coldamp_tests::{
    Desk, Job, KEYS, RequestKind, Scenario, Treasury, policy_file, sha256_of, with_contract,
};

use super::desk::{not_signed, only, refused, reviewed, signed, warnings};

struct Issuer {
    scenario: Scenario,
    treasury: Treasury,
    desk: Desk,
}

impl Issuer {
    fn new(scenario: &str) -> Self {
        let scenario = Scenario::load(scenario);
        Issuer { treasury: Treasury::of(&scenario), desk: Desk::cold(&scenario), scenario }
    }

    fn add(&self, rules: &str) {
        let asset = &self.scenario.info().asset;
        self.desk.set_policy(&policy_file(asset, rules));
    }

    fn pset(&self, kind: RequestKind) -> String {
        self.treasury.job(&self.scenario, kind).prepare().pset
    }

    /// The codes under a policy of these rules.
    fn under(&self, rules: &str, kind: RequestKind) -> Vec<String> {
        self.add(rules);
        reviewed(&self.desk, &self.pset(kind)).0
    }
}

#[test]
fn every_limit_is_kept_to_the_unit() {
    use RequestKind::{Burn, Distribute, Reissue};
    let issuer = Issuer::new("wpkh");
    let uuid = "025b413f-8a9a-421e-a648-a7dd06839eb9";
    for (rules, kind, codes) in [
        ("", Distribute, &[][..]),
        ("distribute.max=92562719514", Distribute, &[]),
        ("distribute.max=92562719513", Distribute, &["POLICY_MAX"]),
        ("distribute.max=92562719513", Reissue, &[]),
        ("reissue.max=59996572739", Reissue, &[]),
        ("reissue.max=59996572738", Reissue, &["POLICY_MAX"]),
        ("burn.max=1775", Burn, &[]),
        ("burn.max=1774", Burn, &["POLICY_MAX"]),
        ("burn.max=0", Burn, &["POLICY_MAX"]),
        ("burn.budget=1775", Burn, &[]),
        ("burn.budget=1774", Burn, &["POLICY_BUDGET"]),
        ("burn.budget_count=1", Burn, &[]),
        ("burn.budget_count=0", Burn, &["POLICY_BUDGET"]),
        ("max_recipients=5", Distribute, &[]),
        ("max_recipients=4", Distribute, &["POLICY_RECIPIENTS"]),
        ("max_per_recipient=39637231922", Distribute, &[]),
        ("max_per_recipient=39637231921", Distribute, &["POLICY_RECIPIENTS"]),
        ("max_fee_sat=67", Distribute, &[]),
        ("max_fee_sat=66", Distribute, &["FEE_TOO_HIGH"]),
        ("max_fee_sat_per_kvb=8", Distribute, &[]),
        ("max_fee_sat_per_kvb=7", Distribute, &["FEE_TOO_HIGH"]),
        (&format!("uuid={uuid}"), Distribute, &[]),
        (&format!("uuid={}", uuid.replace("0", "1")), Distribute, &["POLICY_ASSET"]),
        ("unconfidential_recipients=refused", Distribute, &[]),
        (
            "distribute.max=1 max_recipients=1 max_fee_sat=1",
            Distribute,
            &["FEE_TOO_HIGH", "POLICY_MAX", "POLICY_RECIPIENTS"],
        ),
    ] {
        assert_eq!(issuer.under(rules, kind), codes, "{rules}");
    }
    let shown = issuer.desk.run("coldamp", &format!("policy show {KEYS}")).done().stdout;
    assert!(shown.contains("at most 1 sat") || shown.contains("the policy's 1 sat"), "{shown}");
}

#[test]
fn a_fee_cap_of_the_issuer_stands_in_place_of_the_default() {
    let issuer = Issuer::new("wpkh");
    let scenario = &issuer.scenario;
    let desk = Desk::default();
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("request.json", scenario.request(RequestKind::Distribute));
    desk.write("transactions.json", scenario.transactions());
    let prepare = |rate: u32, out: &str| {
        desk.run(
            "coldamp-online",
            &format!("prepare request.json --descriptor treasury.descriptor --network regtest --transactions transactions.json --fee-rate {rate} -o {out}"),
        )
    };
    prepare(2_000, "dear.pset").done();
    let dear = desk.read("dear.pset");
    assert_eq!(reviewed(&issuer.desk, &dear).0, [""; 0]);
    issuer.add("max_fee_sat=1000");
    not_signed(&issuer.desk, "dear", &dear, &["FEE_TOO_HIGH"]);
    issuer.add("max_fee_sat=2000");
    signed(&issuer.desk, "allowed", &dear);
}

#[test]
fn a_recipient_in_the_open_is_refused_where_the_policy_says_so() {
    let issuer = Issuer::new("wpkh-blinded-issuance");
    assert_eq!(issuer.under("", RequestKind::Distribute), [""; 0]);
    let codes = issuer.under("unconfidential_recipients=refused", RequestKind::Distribute);
    assert!(!codes.is_empty() && codes.iter().all(|code| code == "POLICY_UNCONFIDENTIAL"), "{codes:?}");
}

#[test]
fn a_budget_is_used_up_by_every_signature_and_renewed_by_the_policy_alone() {
    let issuer = Issuer::new("wpkh");
    let (treasury, scenario, desk) = (&issuer.treasury, &issuer.scenario, &issuer.desk);
    let text = String::from_utf8(scenario.request(RequestKind::Burn)).unwrap();
    let burn = |units: u64, coins: &'static [&'static str]| {
        let request = text.replace("1.775e-05", &format!("{}e-8", units));
        Job { treasury, request: request.into_bytes() }.prepare_from(&[], only(coins)).pset
    };
    issuer.add("burn.budget=3000 burn.budget_count=2");
    let first = burn(2_000, &["8cbb31:2", "8cbb31:0"]);
    signed(desk, "first", &first);
    not_signed(desk, "above", &burn(1_001, &["8cbb31:1", "6d35d7:1"]), &["POLICY_BUDGET"]);
    signed(desk, "second", &burn(1_000, &["8cbb31:1", "6d35d7:1"]));
    not_signed(desk, "third", &burn(1, &["8cbb31:3", "dc4e20:0"]), &["POLICY_BUDGET", "POLICY_BUDGET"]);
    // The same transaction again uses nothing.
    signed(desk, "first-again", &first);
    let shown = desk.run("coldamp", &format!("policy show {KEYS}")).done().stdout;
    assert!(shown.contains("3 000 base units of 3 000 base units") && shown.contains("2 of 2"), "{shown}");
    // Another file, and a count that is lifted, go on counting from where it counted.
    issuer.add("burn.budget=3000 burn.max=9999");
    not_signed(desk, "still", &burn(1, &["8cbb31:3", "dc4e20:0"]), &["POLICY_BUDGET"]);
    issuer.add("burn.budget=3000 renew_budgets=[\"burn\"]");
    signed(desk, "third-again", &burn(1, &["8cbb31:3", "dc4e20:0"]));
    let shown = desk.run("coldamp", &format!("policy show {KEYS}")).done().stdout;
    assert!(shown.contains("1 base unit of 3 000 base units"), "{shown}");
}

#[test]
fn an_asset_without_a_policy_is_no_way_around_those_that_have_one() {
    let issuer = Issuer::new("wpkh");
    let pset = issuer.pset(RequestKind::Distribute);
    let no_policy = "NO_POLICY".to_owned();
    assert!(warnings(&issuer.desk, &pset).contains(&no_policy));
    let other = &issuer.scenario.info().other_issuance.asset;
    issuer.desk.set_policy(&policy_file(other, ""));
    not_signed(&issuer.desk, "uncovered", &pset, &["POLICY_ASSET"]);
    issuer.add("");
    assert_eq!(reviewed(&issuer.desk, &pset).0, [""; 0]);
    assert!(!warnings(&issuer.desk, &pset).contains(&no_policy));
    for asset in [other, &issuer.scenario.info().asset] {
        let remove = format!("policy remove {KEYS} --asset {asset}");
        assert_eq!(issuer.desk.run("coldamp", &remove).code, 4);
        let words = format!("weaken 1 {}", &asset[56..]);
        assert_eq!(issuer.desk.run_typing("coldamp", &remove, &[("type weaken", "yes"); 3]).code, 4);
        assert_eq!(issuer.desk.run_typing("coldamp", &remove, &[("type weaken", &words)]).code, 0);
    }
    assert!(warnings(&issuer.desk, &pset).contains(&no_policy));
    refused(&issuer.desk, &format!("policy remove {KEYS} --asset {other}"), &["POLICY_ASSET"]);
}

/// The contract of the scenario, as the hash in its asset id wants it.
fn contract(issuer: &Issuer) -> (String, String) {
    let info = issuer.scenario.info();
    let contract = serde_json::to_string(info.contract.as_ref().unwrap()).unwrap();
    let prevout = &info.issuance.prevout;
    (contract, format!("{}:{}", prevout.txid, prevout.vout))
}

#[test]
fn a_contract_proves_what_the_policy_shows_and_pins_the_token() {
    let issuer = Issuer::new("wpkh");
    let (contract, prevout) = contract(&issuer);
    let file = with_contract(&policy_file(&issuer.scenario.info().asset, ""), &contract, &prevout);
    issuer.desk.write("p.toml", &file);
    issuer.desk.write("reissue.pset", issuer.pset(RequestKind::Reissue));
    let apply = format!("policy apply p.toml {KEYS} --approve-sha256 {}", sha256_of(&file));
    let run = issuer.desk.run("coldamp", &format!("{apply} --evidence reissue.pset")).done();
    for words in ["DTST", "Treasury Share", "example.com", "precision 2", "strong evidence"] {
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    issuer.desk.write("burn.pset", issuer.pset(RequestKind::Burn));
    let run = issuer.desk.run("coldamp", &format!("{apply} --evidence burn.pset")).done();
    assert!(run.stderr.contains("NO coin"), "{}", run.stderr);
    let pset = issuer.pset(RequestKind::Distribute);
    let found = warnings(&issuer.desk, &pset);
    for gone in ["NO_POLICY", "TICKER_NOT_PROVEN", "MAY_BE_TOKEN"] {
        assert!(!found.contains(&gone.to_owned()), "{gone}");
    }
    issuer.desk.write("d.pset", &pset);
    let screen = issuer.desk.run("coldamp", &format!("review d.pset {KEYS}")).done().stdout;
    assert!(screen.contains("925 627 195.14 DTST"), "{screen}");

    for other in [file.replace("DTST", "DTSU"), file.replace(&prevout, &prevout.replace(":0", ":1"))] {
        assert_ne!(other, file);
        issuer.desk.write("other.toml", other);
        refused(&issuer.desk, &format!("policy apply other.toml {KEYS}"), &["CONTRACT"]);
    }
}

#[test]
fn a_request_that_names_the_token_as_its_asset_is_refused_under_the_policy() {
    let issuer = Issuer::new("wpkh");
    let (contract, prevout) = contract(&issuer);
    let file = policy_file(&issuer.scenario.info().asset, "");
    issuer.desk.set_policy(&with_contract(&file, &contract, &prevout));
    let info = issuer.scenario.info();
    let text = String::from_utf8(issuer.scenario.request(RequestKind::Burn)).unwrap();
    let text = text.replace(&info.asset, &info.issuance.reissuance_token).replace(
        "8cbb31b4cadecbbba76fb9992dfcd49a0093835652f41d24ef38a52d233b452c",
        "b9b0aa70184e082938b1209b484495ef9085ce10fd10fb8e3422f3185d766aa8",
    );
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["utxos"] = serde_json::json!([{ "txid": "b9b0aa70184e082938b1209b484495ef9085ce10fd10fb8e3422f3185d766aa8", "vout": 2 }]);
    let job = Job { treasury: &issuer.treasury, request: serde_json::to_vec(&value).unwrap() };
    // prepare refuses it by itself where the history shows the issuance; an attacker does not.
    let request = job.request();
    let mut holdings =
        issuer.treasury.holdings(&issuer.treasury.job(&issuer.scenario, RequestKind::Burn).request());
    holdings.coins.retain(|coin| coin.asset() == request.asset || only(&["6d35d7:1"])(coin));
    let known = holdings.treasury(&issuer.treasury.network, &issuer.treasury.descriptor);
    let attack = coldamp_core::prepare::Treasury { issuance: None, ..known };
    let settings = coldamp_core::prepare::Settings::default();
    let pset = coldamp_core::prepare::prepare(&issuer.treasury.secp, &request, &attack, &settings, None);
    let (codes, _) = reviewed(&issuer.desk, &pset.unwrap().pset);
    assert!(codes.contains(&"TOKEN_UNEXPECTED".to_owned()), "{codes:?}");
}

#[test]
fn a_file_that_cannot_be_meant_is_refused_before_anything_is_written() {
    let issuer = Issuer::new("wpkh");
    let asset = &issuer.scenario.info().asset;
    let before = issuer.desk.read("keystore.journal");
    let own = issuer.desk.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let file = policy_file(asset, "burn.max=1");
    for (from, to) in [
        ("burn.max = 1", "burn.max = -1"),
        ("burn.max = 1", "burn.max = \"FILL IN\""),
        ("burn.max = 1\n", ""),
        ("burn.max = 1", "burn.max = 1\nburn.max = 1"),
        ("burn.max = 1", "mint.max = 1"),
        ("approvers = \"none\"", "approvers = []"),
    ] {
        let file = file.replace(from, to);
        issuer.desk.write("p.toml", &file);
        let apply = format!("policy apply p.toml {KEYS} --approve-sha256 {}", sha256_of(&file));
        let run = issuer.desk.run("coldamp", &apply);
        assert_eq!(run.code, 6, "{to}: {}", run.stderr);
    }
    let own = policy_file(asset, &format!("approvers=[\"{}\"]", own.trim()));
    issuer.desk.write("p.toml", &own);
    let apply = format!("policy apply p.toml {KEYS} --approve-sha256 {}", sha256_of(&own));
    refused(&issuer.desk, &apply, &["APPROVAL_SIGNATURE"]);
    // A template as it comes is no file without limits.
    let template = issuer.desk.run("coldamp", &format!("policy template --asset {asset}")).done().stdout;
    issuer.desk.write("p.toml", &template);
    let run = issuer.desk.run("coldamp", &format!("policy apply p.toml {KEYS}"));
    assert!(run.code == 6 && run.stderr.contains("16 lines still say FILL IN: lines "), "{}", run.stderr);
    assert_eq!(issuer.desk.read("keystore.journal"), before);
}
