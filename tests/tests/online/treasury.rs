//! `treasury` and its commands on the sandbox: what is shown, what differs by name, and what mends it.

use coldamp_core::elements::encode::serialize_hex;
use coldamp_core::elements::{Address, AddressParams, OutPoint, RangeProof, Transaction};
use coldamp_core::treasury::{Branch, KeyPath};
use coldamp_sandbox::faults::{Edit, Fault, Rule};
use coldamp_tests::{RequestKind, Run};
use serde_json::{Value, json};

use crate::desk::{Issuer, fails};
use crate::profile::profile;

const TREASURY: &str = "--descriptor treasury.descriptor --network regtest";

/// `treasury` about the openly issued asset.
fn show(issuer: &Issuer, more: &str) -> Run {
    let (uuid, network) = (issuer.uuid(), issuer.network());
    issuer.desk.run("coldamp-online", &format!("treasury {uuid} {TREASURY} {network} {more}"))
}

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr))
}

/// The names of the differences.
fn differences(document: &Value) -> Vec<String> {
    let findings = document["findings"].as_array().unwrap();
    let different = findings.iter().filter(|finding| finding["is_difference"] == true);
    different.map(|finding| finding["name"].as_str().unwrap().to_owned()).collect()
}

/// An address of the external branch, as the treasury's own key makes it.
fn address(issuer: &Issuer, index: u32) -> Address {
    let path = KeyPath { branch: Branch::External, index };
    let treasury = &issuer.treasury;
    treasury.descriptor.address_at(&treasury.secp, path, &treasury.network).unwrap()
}

#[test]
fn a_treasury_that_amp_agrees_with_is_shown_in_three_forms() {
    let issuer = Issuer::new();
    let issued = &issuer.assets[0].issued;
    let text = show(&issuer, "").done().stdout;
    for words in [
        "searched       scanned indices 0 to ",
        &format!("asset by AMP   {}", issued.asset),
        "1 000 000 000 000 base units in 1 coin",
        &format!("token          {}", issued.token),
        "100 000 base units in 1 coin",
        "4 000 000 sat in 4 coins",
        "at 100 sat/kvB",
        "distribute to 1 recipient: at least ",
        "reissue: at least ",
        "burn: at least ",
        "  balance      1 000 000 000 000 base units",
        "  lost         none",
        "  blinders     missing: none",
        "  uuid         ",
        "  asset coins  1 000 000 000 000 base units in 1 coin",
        "note           next-not-registered",
    ] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    assert!(text.ends_with("\n\ndifferences    none between AMP and the treasury\n"), "{text}");
    let named = show(&issuer, &format!("--asset-id {}", issued.asset)).done();
    assert!(named.stdout.contains(&format!("asset          {}", issued.asset)), "{}", named.stdout);
    assert!(!named.stderr.contains("AMP's word"), "{}", named.stderr);

    let json = document(&show(&issuer, "--json").done());
    assert_eq!((&json["format"], differences(&json).len()), (&json!("coldamp.treasury/1"), 0));
    assert_eq!(json["assets"][0]["confirmed"], json!({ "coins": 1, "amount": "1000000000000" }));
    assert_eq!(json["amp"]["balance"], json!("1000000000000"));
    assert_eq!(json["token"], json!({ "id": issued.token.to_string(), "is_proven": true }));
    let coins = json["coins"].as_array().unwrap();
    let of_asset = coins.iter().filter(|coin| coin["at_amp"] == "listed").count();
    assert_eq!(of_asset, 2, "the asset and its token: {coins:?}");

    let csv = show(&issuer, "--csv").done().stdout;
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(
        rows[0],
        "txid,vout,branch,index,asset,kind,amount_base_units,state,blinded,reserved_by,at_amp"
    );
    assert_eq!(rows.len(), coins.len() + 1, "{csv}");
    assert!(rows.iter().all(|row| row.matches(',').count() == 10), "{csv}");
    assert!(rows[1].contains(",asset,1000000000000,confirmed,yes,,listed"), "{csv}");
}

#[test]
fn an_asset_of_the_profile_is_shown_by_its_short_name() {
    let issuer = Issuer::new();
    let issued = &issuer.assets[0].issued;
    let written = |more: &str| {
        let text = format!("schema = \"coldamp.profile/1\"\n{}{more}", profile(&issuer));
        issuer.desk.write_profile("default", text);
    };
    let shown = |line: &str| issuer.desk.run("coldamp-online", line).done();
    written("");
    let text = shown("treasury").stdout;
    for words in [
        format!("asset          PLAIN\n  id           {}\n", issued.asset),
        format!("token          of PLAIN\n  id           {}\n", issued.token),
    ] {
        assert!(text.contains(&words), "no {words:?} in {text}");
    }
    // Without a contract the token of an asset that was not named is known by its id alone.
    let text = shown("treasury --without-amp").stdout;
    assert!(text.contains(&format!("other asset    PLAIN\n  id           {}\n", issued.asset)), "{text}");
    assert!(text.contains(&format!("other asset    {}\n", issued.token)), "{text}");
    let run = shown("contract PLAIN -o contract.json");
    let line = format!("contract=\"{}\"", issuer.desk.path("contract.json").display());
    let said = format!("write this line below [assets.PLAIN]:\n{line}\n");
    assert!(run.stderr.contains(&said), "no {said:?} in {}", run.stderr);
    written(&format!("{line}\nissuance_prevout = \"{}\"\n", run.stdout.trim()));
    let text = shown("treasury --without-amp").stdout;
    let words = format!("other asset    token of PLAIN\n  id           {}\n", issued.token);
    assert!(text.contains(&words), "no {words:?} in {text}");
    let again = shown("contract PLAIN -o again.json");
    assert!(!again.stderr.contains("[assets.PLAIN]"), "{}", again.stderr);
}

#[test]
fn a_request_is_released_by_the_beginning_of_its_id() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Reissue, &issuer.assets[0]).done();
    issuer.prepare("reissue", "--state release").done();
    let release = |id: &str| {
        let line = format!("status {TREASURY} {} --state release --release {id}", issuer.chain());
        issuer.desk.run("coldamp-online", &line)
    };
    let mut files =
        std::fs::read_dir(issuer.desk.path("release")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|extension| extension == "json")).unwrap();
    let mut record: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let promises = record["promises"].as_object_mut().unwrap();
    let id = promises.keys().next().unwrap().clone();
    // Another request whose id has the same first 9 digits.
    let twin = format!("{}{}", &id[..9], if id[9..].starts_with('0') { "1" } else { "0" }) + &id[10..];
    promises.insert(twin.clone(), promises[&id].clone());
    std::fs::write(&file, record.to_string()).unwrap();
    for (typed, words) in [
        (&id[..7], "--release takes the whole id, or at least its first 8 digits"),
        ("00000000000", "no prepared request whose id begins with 00000000000 reserves coins"),
        (&id[..9], "2 prepared requests have an id that begins with"),
    ] {
        let run = release(typed);
        assert_eq!(run.code, 3, "{typed}: {}", run.stderr);
        let listed = [&id, &twin].map(|id| format!("{}… (reissue", &id[..16]));
        assert!(
            run.stderr.contains(words) && listed.iter().all(|id| run.stderr.contains(id)),
            "{}",
            run.stderr
        );
    }
    let run = release(&id[..10]).done();
    assert!(run.stderr.contains(&format!("released       {id} reissue")), "{}", run.stderr);
    assert!(!run.stdout.contains(&id) && run.stdout.contains(&twin), "{}", run.stdout);
    release(&twin).done();
    let run = release(&twin);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("No prepared request reserves coins. Nothing was released."),
        "{}",
        run.stderr
    );
}

#[test]
fn without_amp_nothing_is_said_of_what_it_lost() {
    let issuer = Issuer::new();
    let lost = OutPoint::new(issuer.assets[0].issued.txid, issuer.assets[0].issued.asset_vout);
    issuer.sandbox.with(|_, amp| assert!(amp.lose(lost)));
    let before = issuer.sandbox.faults().count();
    let arguments = format!("treasury --without-amp {TREASURY} {}", issuer.chain());
    let text = issuer.desk.run("coldamp-online", &arguments).done().stdout;
    assert!(
        text.contains("AMP            was not asked. Whether it has lost outputs is not known"),
        "{text}"
    );
    assert!(!text.contains("lost         none") && !text.contains("difference"), "{text}");
    let other = text.matches("other asset").count();
    assert_eq!(other, 4, "two assets and their tokens, by id: {text}");
    let json = document(&issuer.desk.run("coldamp-online", &format!("{arguments} --json")).done());
    assert_eq!((&json["amp"], &json["findings"], &json["jobs"]), (&Value::Null, &Value::Null, &Value::Null));
    let named = format!("{arguments} --asset-id {} --json", issuer.assets[0].issued.asset);
    let json = document(&issuer.desk.run("coldamp-online", &named).done());
    assert_eq!(json["assets"][0]["kind"], "asset");
    assert!(json["jobs"]["kinds"].as_array().unwrap().len() >= 4, "{json}");
    let log = issuer.sandbox.faults().log();
    assert!(log[before..].iter().all(|asked| !asked.path.starts_with("/api/")), "AMP was asked");
}

#[test]
fn an_output_that_amp_lost_and_one_without_blinders_are_named_and_mended() {
    let issuer = Issuer::new();
    let issued = &issuer.assets[0].issued;
    let [asset, token] = [issued.asset_vout, issued.token_vout].map(|vout| OutPoint::new(issued.txid, vout));
    issuer.sandbox.with(|_, amp| assert!(amp.lose(token) && amp.forget_blinders(asset)));
    let run = show(&issuer, "");
    let last = "\ndifferences    2: lost-and-held, no-blinders\n";
    assert!(run.stdout.ends_with(last), "{}", run.stdout);
    let words = run.stdout.clone() + &fails(run, 13, "TREASURY_DIFFERS");
    for expected in [
        "difference     lost-and-held",
        &format!(
            "AMP no longer tracks token output {}:{}. The treasury still holds it",
            token.txid, token.vout
        ),
        "difference     no-blinders",
        "differ in 2 points: lost-and-held, no-blinders",
    ] {
        assert!(words.contains(expected), "no {expected:?} in {words}");
    }
    let json = document(&show(&issuer, "--json"));
    assert_eq!(differences(&json), ["lost-and-held", "no-blinders"]);
    assert_eq!(json["amp"]["lost"], json!([]));
    assert_eq!(json["amp"]["lost_tokens"], json!([format!("{}:{}", token.txid, token.vout)]));
    let blinders = format!(
        "treasury blinders --asset {} --asset-id {} {TREASURY} {}",
        issuer.uuid(),
        issued.asset,
        issuer.network()
    );
    issuer.desk.run("coldamp-online", &blinders).done();
    issuer.sandbox.with(|_, amp| assert!(amp.recover(token)));
    show(&issuer, "").done();
}

#[test]
fn a_job_is_reserved_then_differs_until_it_is_reported() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Distribute, &issuer.assets[0]).done();
    issuer.prepare("distribute", "").done();
    let json = document(&show(&issuer, "--json").done());
    let reservation = &json["reservations"][0];
    assert!(reservation["what"].as_str().unwrap().starts_with("distribute 18 750 000 000"), "{reservation}");
    assert_eq!(json["assets"][0]["reserved"]["coins"], 1);
    let text = show(&issuer, "").done().stdout;
    assert!(text.contains("1 coin by job "), "{text}");

    let signed = issuer.sign("distribute");
    issuer.broadcast("distribute", "").done();
    let json = document(&show(&issuer, "--json"));
    assert_eq!(json["assets"][0]["waiting"], json!({ "coins": 1, "amount": "981250000000" }));
    issuer.mine(2);
    let run = show(&issuer, "--json");
    assert_eq!(run.code, 13, "{}", run.stderr);
    let found = differences(&document(&run));
    assert_eq!(found, ["lost-and-spent", "not-recorded"], "{}", run.stdout);
    issuer.report("distribute", "").done();
    let json = document(&show(&issuer, "--json").done());
    assert_eq!(json["assets"][0]["confirmed"]["amount"], "981250000000");

    // The blinders of the change, which a distribution made.
    let change = json["coins"].as_array().unwrap().iter().find(|coin| coin["kind"] == "asset").unwrap();
    assert_eq!(change["txid"], signed.txid().to_string());
    let change = OutPoint::new(signed.txid(), u32::try_from(change["vout"].as_u64().unwrap()).unwrap());
    issuer.sandbox.with(|_, amp| assert!(amp.forget_blinders(change)));
    assert_eq!(differences(&document(&show(&issuer, "--json"))), ["no-blinders"]);
    let blinders = format!(
        "treasury blinders --asset {} --asset-id {} {TREASURY} {}",
        issuer.uuid(),
        issuer.assets[0].issued.asset,
        issuer.network()
    );
    let told = issuer.desk.run("coldamp-online", &blinders).done();
    assert_eq!(told.stderr.matches("AMP now has its blinders").count(), 1, "{}", told.stderr);
    show(&issuer, "").done();
}

#[test]
fn what_amp_says_of_a_coin_is_held_against_the_chain() {
    let issuer = Issuer::new();
    let path = format!("/api/assets/{}/txs$", issuer.uuid());
    let balance = format!("/api/assets/{}/balance$", issuer.uuid());
    let vout = issuer.assets[0].issued.asset_vout;
    let outputs = issuer.assets[0].issued.token_vout.min(vout) == vout;
    let at = |field: &str| format!("/0/outputs/{}/{field}", if outputs { 0 } else { 1 });
    let set = |at: String, value: Value| Edit::Set { at, value };
    for (path, edit, expected) in [
        (&path, set(at("is_treasury"), json!(false)), &["not-counted", "balance"][..]),
        (&path, set(at("is_treasury"), json!(null)), &["not-counted", "balance"]),
        (&path, set(at("is_spent"), json!(true)), &["counted-spent", "balance"]),
        (&path, set(at("is_burnt"), json!(true)), &["counted-spent", "balance"]),
        (&path, set(at("amount"), json!(5)), &["other-amount", "balance"]),
        (&path, set(at("asset_id"), json!("07".repeat(32))), &["other-amount", "balance"]),
        (&path, set(at("asset_blinder"), json!("07".repeat(32))), &["other-blinders"]),
        (&path, set(at("vout"), json!(77)), &["not-recorded", "not-held"]),
        (&balance, set("/confirmed_balance/0/amount".to_owned(), json!(5)), &["balance"]),
        (&balance, set("/confirmed_balance".to_owned(), json!([])), &["balance"]),
    ] {
        let fault = Fault::Altered { status: None, edits: vec![edit.clone()] };
        let rule = Rule { method: Some("GET".to_owned()), path: path.clone(), skip: 0, count: None, fault };
        issuer.sandbox.faults().set(vec![rule]);
        let run = show(&issuer, "--json");
        assert_eq!(run.code, 13, "{edit:?}: {}{}", run.stdout, run.stderr);
        assert_eq!(differences(&document(&run)), expected, "{edit:?}");
        issuer.sandbox.faults().clear();
    }
    show(&issuer, "").done();
}

#[test]
fn a_coin_that_amp_counts_and_the_view_key_does_not_open_is_a_difference() {
    let issuer = Issuer::new();
    let issued = &issuer.assets[0].issued;
    let mut issuance = issuer.sandbox.with(|chain, _| chain.transaction(issued.txid).unwrap().clone());
    let write = |issuance: &Transaction| {
        let hex = serialize_hex(issuance);
        let entries = json!([{ "txid": issued.txid.to_string(), "height": 3, "hex": hex }]);
        issuer.desk.write("transactions.json", entries.to_string());
    };
    // A folder for each: an opening that the first one remembers holds against the commitments.
    let shown = |state: &str| {
        let (uuid, amp) = (issuer.uuid(), issuer.amp());
        let source = format!("--transactions transactions.json --state {state}");
        let asset = format!("--asset-id {} --issuance-tx {}", issued.asset, issued.txid);
        issuer
            .desk
            .run("coldamp-online", &format!("treasury {uuid} {asset} {TREASURY} {source} {amp} --json"))
    };
    write(&issuance);
    assert_eq!(differences(&document(&shown("one").done())), [""; 0]);
    let vout = usize::try_from(issued.asset_vout).unwrap();
    issuance.output[vout].witness.rangeproof = RangeProof::EMPTY;
    write(&issuance);
    let run = shown("two");
    assert_eq!(run.code, 13, "{}", run.stderr);
    let json = document(&run);
    assert_eq!(differences(&json), ["not-opened"], "{json}");
    assert_eq!(json["not_counted"].as_array().unwrap().len(), 1, "{json}");
    assert_eq!(json["assets"][0]["confirmed"]["coins"], 0, "{json}");
}

#[test]
fn an_answer_without_a_field_is_never_read_as_nothing_lost() {
    let issuer = Issuer::new();
    let uuid = issuer.uuid().to_string();
    for (path, at) in [
        ("balance", "/lost_outputs"),
        ("balance", "/reissuance_lost_outputs"),
        ("balance", "/confirmed_balance"),
        ("txs", "/0/outputs/0/is_spent"),
        ("txs", "/0/outputs/0/asset_id"),
        ("txs", "/0/outputs/0/is_treasury"),
    ] {
        let fault = Fault::Altered { status: None, edits: vec![Edit::Remove { at: at.to_owned() }] };
        let path = format!("/api/assets/{uuid}/{path}$");
        let rule = Rule { method: Some("GET".to_owned()), path, skip: 0, count: None, fault };
        issuer.sandbox.faults().set(vec![rule]);
        let words = fails(show(&issuer, ""), 12, "AMP_ANSWER");
        let name = at.rsplit('/').next().unwrap();
        assert!(words.contains(name), "{at}: {words}");
        issuer.sandbox.faults().clear();
    }
    let path = format!("/api/assets/{uuid}/treasury-addresses$");
    let edits = vec![Edit::Body { text: "{\"addresses\":[]}".to_owned() }];
    let fault = Fault::Altered { status: None, edits };
    let rule = Rule { method: Some("GET".to_owned()), path, skip: 0, count: None, fault };
    issuer.sandbox.faults().set(vec![rule]);
    fails(show(&issuer, ""), 12, "AMP_ANSWER");
}

#[test]
fn an_asset_that_amp_names_otherwise_is_not_shown() {
    let issuer = Issuer::new();
    let other = issuer.assets[1].issued.asset;
    fails(show(&issuer, &format!("--asset-id {other}")), 3, "AMP_DIFFERS");
}

#[test]
fn an_address_is_the_descriptors_and_the_next_one_is_behind_history_and_reservations() {
    let issuer = Issuer::new();
    let run = issuer.desk.run("coldamp-online", &format!("treasury address --index 3 {TREASURY}")).done();
    assert_eq!(run.stdout.trim(), address(&issuer, 3).to_string());
    assert!(run.stderr.contains("read aloud     el1q q"), "{}", run.stderr);
    assert!(run.stderr.contains("`coldamp key address --index 3`"), "{}", run.stderr);
    let next = || {
        let arguments = format!("treasury address --next {TREASURY} {}", issuer.chain());
        let run = issuer.desk.run("coldamp-online", &arguments).done();
        (0..50).find(|index| address(&issuer, *index).to_string() == run.stdout.trim()).unwrap()
    };
    // Four coins, two assets, two tokens.
    assert_eq!(next(), 8);
    // A reissue reserves an address for the new units and one for the token.
    issuer.ask(RequestKind::Reissue, &issuer.assets[0]).done();
    issuer.prepare("reissue", "").done();
    assert_eq!(next(), 10);
    let words = issuer.desk.run("coldamp-online", &format!("treasury address --qr --index 3 {TREASURY}"));
    fails(words, 2, "QR_TERMINAL");
}

fn register(issuer: &Issuer, more: &str) -> Run {
    let (uuid, network) = (issuer.uuid(), issuer.network());
    issuer.desk.run("coldamp-online", &format!("treasury register {uuid} {TREASURY} {network} {more}"))
}

fn registered(issuer: &Issuer) -> Vec<String> {
    let token = format!("token {}", issuer.token());
    let path = format!("assets/{}/treasury-addresses", issuer.uuid());
    serde_json::from_slice(&issuer.asks_amp("GET", &path, Some(token), String::new()).body).unwrap()
}

#[test]
fn the_next_addresses_are_registered_once() {
    let issuer = Issuer::new();
    let unasked = register(&issuer, "");
    assert_eq!(unasked.code, 4, "{}", unasked.stderr);
    assert!(
        unasked.stderr.contains(&format!("index 8        {}", address(&issuer, 8))),
        "{}",
        unasked.stderr
    );
    assert_eq!(registered(&issuer), [""; 0], "nobody said yes");
    let first: Vec<char> = address(&issuer, 8).to_string().chars().collect();
    let groups: Vec<String> = first.chunks(4).map(|group| group.iter().collect()).collect();
    let rows: Vec<String> = groups.chunks(13).map(|row| format!("  {}\n", row.join(" "))).collect();
    let asked = format!(
        "None of these 20 is registered at AMP.\nThe first of them, to compare with `coldamp key address --index 8`:\n{}",
        rows.concat()
    );
    assert!(unasked.stderr.contains(&asked), "no {asked:?} in {}", unasked.stderr);
    let run = register(&issuer, "--yes").done();
    assert!(run.stderr.contains("AMP now lists these 20 addresses"), "{}", run.stderr);
    let expected: Vec<String> = (8..28).map(|index| address(&issuer, index).to_string()).collect();
    assert_eq!(registered(&issuer), expected);
    let again = register(&issuer, "").done();
    assert!(
        again.stderr.contains("AMP lists all 20 addresses from index 8 on. Nothing was sent."),
        "{}",
        again.stderr
    );
    let text = show(&issuer, "").done().stdout;
    assert!(text.contains("20 of this treasury; from the next one, index 8, 20 in a row"), "{text}");
    assert!(!text.contains("next-not-registered"), "{text}");
    register(&issuer, "--yes --first 26 --count 4").done();
    assert_eq!(registered(&issuer).len(), 22);
}

#[test]
fn addresses_are_registered_once_the_word_is_typed() {
    let issuer = Issuer::new();
    let (uuid, network) = (issuer.uuid(), issuer.network());
    let command = format!("treasury register {uuid} {TREASURY} {network} --first 3 --count 2");
    for wrong in ["yes", "register", ""] {
        let run = issuer.desk.run_typing("coldamp-online", &command, &[("Type REGISTER: ", wrong)]);
        assert_eq!((run.code, registered(&issuer).len()), (4, 0), "{wrong:?}: {}", run.stderr);
    }
    let run = issuer.desk.run_typing("coldamp-online", &command, &[("Type REGISTER: ", "REGISTER")]);
    assert_eq!((run.code, registered(&issuer).len()), (0, 2), "{}", run.stderr);
}

/// Refuses so many additions with these words, and takes nothing of them.
fn refuse(issuer: &Issuer, count: u32, words: &str) {
    let path = format!("/api/assets/{}/treasury-addresses/add$", issuer.uuid());
    let fault = Fault::Answers { status: 400, body: json!({ "non_field_errors": [words] }).to_string() };
    let rule = Rule { method: Some("POST".to_owned()), path, skip: 0, count: Some(count), fault };
    issuer.sandbox.faults().set(vec![rule]);
}

#[test]
fn either_form_that_amp_takes_is_registered() {
    let issuer = Issuer::new();
    // The list is refused, and the first address in its confidential form.
    refuse(&issuer, 2, "Invalid value: el1…");
    let run = register(&issuer, "--yes --count 2").done();
    let open = "AMP lists 1 of these addresses in their unconfidential form alone (0/8)";
    assert!(run.stderr.contains(open), "{}", run.stderr);
    let expected = [address(&issuer, 8).to_unconfidential().to_string(), address(&issuer, 9).to_string()];
    assert_eq!(registered(&issuer), expected);
    let json = document(&show(&issuer, "--json").done());
    let addresses = json!({ "ours": 2, "others": 0, "next_index": 8, "registered_ahead": 2 });
    assert_eq!(json["amp"]["addresses"], addresses);

    // One that AMP has already by its own words is no failure: the list decides.
    refuse(&issuer, 1, "el1… has already been added");
    register(&issuer, "--yes --first 20 --count 2").done();
    assert_eq!(registered(&issuer).len(), 4);
    refuse(&issuer, 3, "el1… has already been added");
    fails(register(&issuer, "--yes --first 30 --count 2"), 10, "ADDRESSES_MISSING");
    refuse(&issuer, 9, "Invalid value: el1…");
    let words = fails(register(&issuer, "--yes --first 30 --count 2"), 12, "AMP_REFUSED");
    assert!(words.contains("Invalid value"), "{words}");
    refuse(&issuer, 9, "Not today");
    fails(register(&issuer, "--yes --first 30 --count 2"), 12, "AMP_REFUSED");
    issuer.sandbox.faults().clear();
    register(&issuer, "--yes --first 30 --count 2").done();
}

#[test]
fn an_address_of_somebody_else_and_another_blinding_key_are_named() {
    let issuer = Issuer::new();
    let other = address(&issuer, 5).blinding_pubkey;
    let mut wrong = address(&issuer, 9);
    wrong.blinding_pubkey = other;
    let elsewhere = issuer.assets[0].issued.txid;
    let foreign = issuer.sandbox.with(|chain, _| {
        let holder = chain.coin().unwrap().1.script_pubkey;
        Address::from_script(&holder, None, &AddressParams::ELEMENTS)
    });
    let foreign = foreign.map_or_else(|| format!("{elsewhere}"), |address| address.to_string());
    let path = format!("/api/assets/{}/treasury-addresses$", issuer.uuid());
    let text = json!([wrong.to_string(), foreign, "nowhere"]).to_string();
    let fault = Fault::Altered { status: None, edits: vec![Edit::Body { text }] };
    let rule = Rule { method: Some("GET".to_owned()), path, skip: 0, count: None, fault };
    issuer.sandbox.faults().set(vec![rule]);
    let json = document(&show(&issuer, "--json"));
    assert_eq!(differences(&json), ["other-blinding-key", "foreign-address", "foreign-address"]);
    let run = register(&issuer, "--yes --count 2");
    let words = fails(run, 10, "ADDRESSES_MISSING");
    assert!(
        words.contains("other-blinding-key: AMP lists ") && words.contains("foreign-address: AMP lists "),
        "{words}"
    );
}

#[test]
fn a_contract_is_proven_from_the_chain_source_from_amp_and_from_a_file() {
    let issuer = Issuer::new();
    let issued = &issuer.assets[0].issued;
    let (asset, prevout) = (issued.asset, issued.issuance_prevout);
    let coin = format!("{}:{}", prevout.txid, prevout.vout);
    let contract =
        |more: &str| issuer.desk.run("coldamp-online", &format!("contract --network regtest {more}"));
    let run = contract(&format!("--asset-id {asset} {} -o one.json", issuer.chain())).done();
    assert_eq!(run.stdout.trim(), coin);
    assert!(run.stderr.contains("The contract is from the chain source"), "{}", run.stderr);
    assert_eq!(issuer.desk.read("one.json"), issued.contract);

    issuer.sandbox.with(|chain, _| chain.unregister(asset));
    let run = contract(&format!("--asset-id {asset} {} -o two.json", issuer.chain()));
    fails(run, 3, "CONTRACT");
    let run = contract(&format!("{} {} -o two.json", issuer.uuid(), issuer.network())).done();
    assert!(run.stderr.contains("the id of the asset is AMP's word"), "{}", run.stderr);
    assert!(run.stderr.contains("The contract is from the fields that AMP shows"), "{}", run.stderr);
    assert_eq!((run.stdout.trim(), issuer.desk.read("two.json")), (coin.as_str(), issued.contract.clone()));

    let parsed: Value = serde_json::from_str(&issued.contract).unwrap();
    let answer = json!({
        "asset_id": asset.to_string(),
        "contract": parsed,
        "issuance_prevout": { "txid": prevout.txid.to_string(), "vout": prevout.vout },
        "issuance_txin": { "txid": issued.txid.to_string(), "vin": issued.vin },
        "name": issued.name,
    });
    issuer.desk.write("registry.json", serde_json::to_string_pretty(&answer).unwrap());
    issuer.desk.write("laid-out.json", serde_json::to_string_pretty(&parsed).unwrap());
    // The registry's answer names the coin, and needs no chain.
    let run = contract(&format!("--asset-id {asset} --from registry.json -o three.json")).done();
    assert_eq!((run.stdout.trim(), issuer.desk.read("three.json")), (coin.as_str(), issued.contract.clone()));
    fails(contract(&format!("--asset-id {asset} --from laid-out.json -o four.json")), 3, "NO_ISSUANCE");
    contract(&format!("--asset-id {asset} --from laid-out.json --issuance-prevout {coin} -o four.json"))
        .done();
    contract(&format!("--asset-id {asset} --from laid-out.json {} -o five.json", issuer.chain())).done();
    assert_eq!(issuer.desk.read("four.json"), issuer.desk.read("five.json"));
    let other = issuer.assets[1].issued.asset;
    for file in ["registry.json", "laid-out.json"] {
        let more = format!("--asset-id {other} --from {file} {} -o six.json", issuer.chain());
        fails(contract(&more), 3, "CONTRACT");
    }
}

#[test]
fn missing_coins_come_with_an_address_that_they_can_be_paid_to() {
    let issuer = Issuer::new();
    let run = issuer.request(RequestKind::Burn, &issuer.assets[0], "--amount 2000000000000");
    let words = fails(run, 3, "MISSING_COINS");
    let expected = format!(
        "To have more, pay asset {} to {}, the treasury's receiving address of index 8. Compare it first with `coldamp key address --index 8`.",
        issuer.assets[0].issued.asset,
        address(&issuer, 8)
    );
    assert!(words.contains(&expected), "{words}");
}
