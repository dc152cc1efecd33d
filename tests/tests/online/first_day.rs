//! The first day of a treasury that never had a hot wallet: from the words on the cold machine to AMP's receipt of a first
//! distribution, through both binaries; and that each step which is forgotten shows.

use coldamp_core::elements::Txid;
use coldamp_core::signed::SignedFile;
use coldamp_tests::{Desk, KEYS, RequestKind, Scenario};
use serde_json::{Value, json};

use crate::desk::{Issuer, fails};

const TREASURY: &str = "--descriptor treasury.descriptor --network regtest";

/// An issuer with a cold machine, on the first day.
struct FirstDay {
    issuer: Issuer,
    cold: Desk,
}

impl FirstDay {
    fn new() -> Self {
        let (issuer, cold) = (Issuer::on_first_day(), Desk::cold(&Scenario::load("wpkh")));
        cold.run("coldamp", &format!("key watch {KEYS} -o treasury.descriptor")).done();
        issuer.desk.write("treasury.descriptor", cold.read("treasury.descriptor"));
        FirstDay { issuer, cold }
    }

    /// Issues, with two confirmations.
    fn issued(kind: &str) -> Self {
        let day = Self::new();
        day.issuer.desk.run("coldamp-online", &day.issuer.issue_command(kind)).done();
        day.issuer.mine(2);
        day
    }

    fn answer(&self) -> Value {
        serde_json::from_str(&self.issuer.desk.read("issue.json")).unwrap()
    }

    fn uuid(&self) -> String {
        self.answer()["asset_uuid"].as_str().unwrap().to_owned()
    }

    /// What AMP answers to a request below the asset.
    fn amp(&self, method: &str, path: &str, body: &Value) -> u16 {
        let token = format!("token {}", self.issuer.token());
        let path = format!("assets/{}/{path}", self.uuid());
        self.issuer.asks_amp(method, &path, Some(token), body.to_string()).status
    }

    fn assigned(&self) {
        let row = json!({ "registered_user": 1, "amount": 18_750, "vesting_timestamp": null, "ready_for_distribution": true });
        assert_eq!(self.amp("POST", "assignments/create", &json!({ "assignments": [row] })), 200);
    }

    fn setup(&self, more: &str) -> coldamp_tests::Run {
        let network = self.issuer.network();
        self.issuer.desk.run(
            "coldamp-online",
            &format!("treasury setup issue.json {TREASURY} {network} --no-wait {more}"),
        )
    }

    fn distribute(&self) -> coldamp_tests::Run {
        self.ask(RequestKind::Distribute, "--expect-total 18750")
    }

    fn ask(&self, kind: RequestKind, what: &str) -> coldamp_tests::Run {
        let (name, uuid, network) = (kind.name(), self.uuid(), self.issuer.network());
        let arguments = format!("request {name} --asset {uuid} {what} {TREASURY} {network} -o {name}.json");
        self.issuer.desk.run("coldamp-online", &arguments)
    }

    /// From a request on the desk to AMP's receipt.
    fn carried_out(&self, name: &str) {
        self.issuer.prepare(name, "--contract issue.contract.json").done();
        self.cold.write(&format!("{name}.pset"), self.issuer.desk.read(&format!("{name}.pset")));
        let review = self.cold.run("coldamp", &format!("review {name}.pset {KEYS} --json")).done();
        let review: Value = serde_json::from_str(&review.stdout).unwrap();
        let code = review["approval"].as_str().unwrap();
        let sign = format!("sign {name}.pset {KEYS} --approve {code} -o {name}.signed.json");
        self.cold.run("coldamp", &sign).done();
        let text = self.cold.read(&format!("{name}.signed.json"));
        self.issuer.desk.write(&format!("{name}.signed.json"), &text);
        self.issuer.broadcast(name, &format!("--pset {name}.pset --descriptor treasury.descriptor")).done();
        self.issuer.mine(2);
        let report = self.issuer.report(name, "").done();
        assert!(report.stderr.contains("agrees with the report"), "{}", report.stderr);
        let txid = SignedFile::read(text.as_bytes()).unwrap().txid();
        assert_eq!(self.issuer.reported(txid), 1, "{name}");
    }
}

#[test]
fn a_treasury_that_never_had_a_hot_wallet_issues_sets_up_distributes_and_reissues() {
    for kind in ["", "--confidential"] {
        let day = FirstDay::new();
        let issue = day.issuer.desk.run("coldamp-online", &day.issuer.issue_command(kind)).done();
        // The addresses are those that the cold machine shows.
        for index in [4, 5] {
            let address = day.cold.run("coldamp", &format!("key address {KEYS} --index {index}")).done();
            let address =
                address.stdout.split_whitespace().find(|word| word.starts_with("el1")).unwrap().to_owned();
            assert!(issue.stderr.contains(&format!("to index {index:5} {address}")), "{}", issue.stderr);
        }
        let early = fails(day.setup(""), 10, "SETUP_OPEN");
        assert!(early.contains("confirmations  0, 2 are needed"), "{early}");
        day.issuer.mine(2);
        let look = fails(day.setup("--show"), 10, "SETUP_OPEN");
        for line in [
            "confirmations  2, 2 are needed",
            "addresses      AMP lacks 22 of 22",
            "registry       not registered",
            "authorization  not authorized",
            "blinders       AMP lacks those of",
            "https://example.com/.well-known/liquid-asset-proof-",
            "what remains: addresses, registry, authorization, blinders",
        ] {
            assert!(look.contains(line), "no {line:?} in {look}");
        }
        let setup = day.setup("").done();
        for line in [
            "addresses      AMP lists 22, those of the issuance among them",
            "registry       registered",
            "authorization  authorized",
            "blinders       AMP has them",
        ] {
            assert!(setup.stderr.contains(line), "no {line:?} in {}", setup.stderr);
        }
        let answer = day.answer();
        let contract = day.issuer.desk.path("issue.contract.json");
        assert_eq!(
            setup.stdout.lines().take(4).collect::<Vec<_>>(),
            [
                "[assets.DEMO]".to_owned(),
                format!("uuid = {}", answer["asset_uuid"]),
                format!("id = {}", answer["asset_id"]),
                format!("contract = {:?}", contract.canonicalize().unwrap().to_str().unwrap()),
            ]
        );
        assert!(setup.stdout.lines().nth(4).unwrap().starts_with("issuance_prevout = \""));
        // Run again, it posts nothing and says the same.
        let before = day.issuer.sandbox.faults().count();
        assert_eq!(day.setup("").done().stdout, setup.stdout);
        let log = day.issuer.sandbox.faults().log();
        let changes = log[before..].iter().filter(|asked| {
            asked.path.contains("/register")
                || (asked.method == "POST" && !asked.path.ends_with("obtain_token"))
        });
        assert_eq!(changes.count(), 0);

        day.assigned();
        day.distribute().done();
        day.carried_out("distribute");
        // The token moves to an address that was registered with the others.
        day.ask(RequestKind::Reissue, "--amount 123456").done();
        day.carried_out("reissue");
        day.assigned();
        day.issuer.desk.write("old.json", day.issuer.desk.read("distribute.json"));
        std::fs::remove_file(day.issuer.desk.path("distribute.json")).unwrap();
        std::fs::remove_file(day.issuer.desk.path("distribute.json.log")).unwrap();
        day.distribute().done();
    }
}

#[test]
fn a_forgotten_address_shows_as_lost_outputs() {
    let day = FirstDay::issued("");
    let told = fails(day.distribute(), 3, "LOST_OUTPUTS");
    let txid: Txid = day.answer()["txid"].as_str().unwrap().parse().unwrap();
    assert!(told.contains(&txid.to_string()), "{told}");
}

#[test]
fn forgotten_blinders_and_a_forgotten_authorization_show_when_amp_is_asked() {
    let day = FirstDay::issued("");
    let addresses = json!([day.answer()["destination_address"], day.answer()["reissuance_address"]]);
    assert_eq!(day.amp("POST", "treasury-addresses/add", &addresses), 200);
    day.assigned();
    let told = fails(day.distribute(), 12, "AMP_REFUSED");
    assert!(told.contains("has not authorized"), "{told}");
    assert_eq!(day.amp("GET", "register-authorized", &Value::Null), 200);
    let told = fails(day.distribute(), 12, "AMP_REFUSED");
    assert!(told.contains("lacks the blinders of"), "{told}");
    let told = fails(day.ask(RequestKind::Reissue, "--amount 5"), 12, "AMP_REFUSED");
    assert!(told.contains("lacks the blinders of"), "{told}");
    // The registry is not needed for a distribution.
    day.setup("--without-registry").done();
    day.distribute().done();
}

#[test]
fn what_amp_refuses_of_one_step_stops_no_other_and_is_said_at_the_end() {
    let day = FirstDay::issued("");
    let rule = |path: &str| coldamp_sandbox::faults::Rule {
        method: Some("GET".to_owned()),
        path: format!("/api/assets/{}/{path}$", day.uuid()),
        skip: 0,
        count: Some(1),
        fault: coldamp_sandbox::faults::Fault::Answers {
            status: 400,
            body: "{\"detail\": \"The domain has no proof.\"}".to_owned(),
        },
    };
    day.issuer.sandbox.faults().set(vec![rule("register")]);
    let told = fails(day.setup(""), 10, "SETUP_OPEN");
    assert!(told.contains("The domain has no proof") && told.contains("what remains: registry"), "{told}");
    assert!(told.contains("Authorize linking the domain name example.com to the Liquid asset"), "{told}");
    // An answer of success that the record does not bear out is no yes.
    let page = coldamp_sandbox::faults::Fault::Answers { status: 200, body: "<html>".to_owned() };
    day.issuer.sandbox.faults().set(vec![coldamp_sandbox::faults::Rule { fault: page, ..rule("register") }]);
    fails(day.setup(""), 10, "SETUP_OPEN");
    day.setup("").done();
}

#[test]
fn a_contract_file_of_something_else_and_an_answer_without_its_order_are_refused() {
    let day = FirstDay::issued("");
    day.issuer.desk.write("issue.contract.json", "{}");
    let run = day.setup("");
    assert_eq!(run.code, 13, "{}", run.stderr);
    assert!(run.stderr.contains("something else than this asset's contract"), "{}", run.stderr);
    day.setup("--contract other.json").done();
    std::fs::remove_file(day.issuer.desk.path("issue.json.order")).unwrap();
    let run = day.setup("");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(run.stderr.contains("issue.json.order does not exist"), "{}", run.stderr);
}
