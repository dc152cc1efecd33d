//! What the binaries take from a profile, and that the command line wins.

use coldamp_tests::{Desk, RequestKind, Scenario};

use crate::desk::{Issuer, fails};

/// A profile of the sandbox's treasury, without its first line.
pub(crate) fn profile(issuer: &Issuer) -> String {
    let path = |name: &str| issuer.desk.path(name).display().to_string();
    let asset = &issuer.assets[0];
    format!(
        "network = \"regtest\"\ndescriptor = \"{}\"\nesplora = \"{}\"\namp = \"{}\"\namp_credentials = \"{}\"\n\
         state = \"{}\"\n[assets.PLAIN]\nuuid = \"{}\"\nid = \"{}\"\n",
        path("treasury.descriptor"),
        issuer.sandbox.esplora_url(),
        issuer.sandbox.amp_url(),
        path("credentials"),
        path("state"),
        asset.uuid,
        asset.issued.asset,
    )
}

fn written(issuer: &Issuer, name: &str) {
    written_with(issuer, name, "");
}

/// The same with lines of one's own.
pub(crate) fn written_with(issuer: &Issuer, name: &str, lines: &str) {
    let text = format!("schema = \"coldamp.profile/1\"\n{lines}\n{}", profile(issuer));
    issuer.desk.write_profile(name, text);
}

#[test]
fn a_job_takes_its_treasury_chain_and_amp_from_the_default_profile() {
    let issuer = Issuer::new();
    written(&issuer, "default");
    let run = |line: &str| issuer.desk.run("coldamp-online", line);
    let asked = run("request burn PLAIN --amount 5000000001 -o burn.json").done();
    assert!(asked.stderr.contains("profile        ") && asked.stderr.contains("/coldamp/default.toml"));
    run("request check burn.json").done();
    run("prepare burn.json -o burn.pset").done();
    assert!(run("status").done().stdout.contains("burn"));
    let signed = issuer.sign("burn");
    let sent = run("broadcast burn.signed.json --pset burn.pset").done();
    assert!(sent.stderr.contains("audited"), "{}", sent.stderr);
    assert!(issuer.desk.has("state/signers.json"));
    issuer.mine(2);
    run("report burn.signed.json --no-wait").done();
    run("status burn.signed.json").done();
    assert_eq!(issuer.reported(signed.txid()), 1);
}

#[test]
fn a_profile_is_found_by_name_and_never_in_the_current_folder() {
    let issuer = Issuer::new();
    let line = "request burn PLAIN --amount 5000000001 -o burn.json";
    let run = |more: &str| issuer.desk.run("coldamp-online", &format!("{line} {more}"));
    for name in ["default.toml", "other"] {
        issuer.desk.write(name, format!("schema = \"coldamp.profile/1\"\n{}", profile(&issuer)));
    }
    let without = run("");
    assert_eq!(without.code, 2, "{}", without.stderr);
    let [all, hint] = [
        "the following is not named: --descriptor FILE, --network NET, --esplora URL or --node URL",
        "keys: descriptor, network, esplora or node",
    ];
    // A name alone is nobody's short name, and no uuid.
    assert!(
        !without.stderr.contains(all) && without.stderr.contains("expected a uuid"),
        "{}",
        without.stderr
    );
    let by_uuid = format!("request burn {} --amount 5000000001 -o burn.json", issuer.uuid());
    let by_uuid = issuer.desk.run("coldamp-online", &by_uuid);
    assert!(by_uuid.stderr.contains(all) && by_uuid.stderr.contains(hint), "{}", by_uuid.stderr);
    fails(run("--profile other"), 6, "PROFILE");
    written(&issuer, "other");
    let unknown = issuer.desk.run("coldamp-online", "request burn GOLD --amount 1 -o b.json --profile other");
    assert!(unknown.code == 2 && unknown.stderr.contains("It has PLAIN"), "{}", unknown.stderr);
    run("--profile other").done();
    std::fs::remove_file(issuer.desk.path("burn.json")).unwrap();
    run("--profile ./default.toml").done();
}

#[test]
fn what_the_command_line_names_wins_and_the_profiles_login_goes_to_the_profiles_amp_only() {
    let issuer = Issuer::new();
    written(&issuer, "default");
    let run = |more: &str| {
        let line = format!("request burn PLAIN --amount 5000000001 -o burn.json {more}");
        issuer.desk.run("coldamp-online", &line)
    };
    // Another chain source in place of the whole of the profile's, and no rate without an Esplora server.
    let other = run("--esplora http://127.0.0.1:1/api");
    fails(other, 11, "ESPLORA_UNREACHABLE");
    fails(run("--network liquid"), 3, "NETWORK");
    assert_eq!(run("--descriptor none").code, 6);
    assert!(run("--transactions none --esplora-rate 1").stderr.contains("for an Esplora server only"));
    // Nobody is there to type a login for another AMP.
    let asked = run("--amp http://127.0.0.1:1/api");
    assert_eq!(asked.code, 4, "{}", asked.stderr);
    assert!(asked.stderr.contains("no terminal to ask for the AMP user name"), "{}", asked.stderr);
    run("--esplora-rate 500").done();
    std::fs::remove_file(issuer.desk.path("burn.json")).unwrap();
    // A network of its own AMP, on the command line: the login of a profile without `amp` stays at home.
    let text = profile(&issuer).replace(&format!("amp = \"{}\"\n", issuer.sandbox.amp_url()), "");
    let text = text.replace("network = \"regtest\"", "network = \"liquid\"");
    issuer.desk.write_profile("liquid", format!("schema = \"coldamp.profile/1\"\n{text}"));
    let other = run("--profile liquid --network regtest");
    assert_eq!(other.code, 4, "{}", other.stderr);
    assert!(other.stderr.contains("is not sent to https://amp-test"), "{}", other.stderr);
    assert!(other.stderr.contains("no terminal to ask for the AMP user name"), "{}", other.stderr);
}

#[test]
fn an_asset_whose_id_is_another_one_at_amp_is_refused() {
    let issuer = Issuer::new();
    let (own, other) = (issuer.assets[0].issued.asset, issuer.assets[1].issued.asset);
    let text = profile(&issuer).replace(&own.to_string(), &other.to_string());
    issuer.desk.write_profile("default", format!("schema = \"coldamp.profile/1\"\n{text}"));
    let asked = issuer.desk.run("coldamp-online", "request burn PLAIN --amount 5000000001 -o burn.json");
    let words = fails(asked, 3, "AMP_DIFFERS");
    assert!(words.contains("for PLAIN") && !issuer.desk.has("burn.json"), "{words}");
    // The request of another desk, without a profile.
    let elsewhere = Desk::default();
    issuer.lay_out(&elsewhere);
    let asked = elsewhere.run("coldamp-online", &issuer.ask_command(RequestKind::Burn)).done();
    assert!(!asked.stderr.contains("profile        "), "{}", asked.stderr);
    issuer.desk.write("burn.json", elsewhere.read("burn.json"));
    fails(issuer.desk.run("coldamp-online", "prepare burn.json -o burn.pset"), 3, "AMP_DIFFERS");
    // The asset of the profile under a uuid that the profile does not have.
    let text = profile(&issuer).replace(&issuer.uuid().to_string(), "025b413f-8a9a-421e-a648-a7dd06839eb9");
    issuer.desk.write_profile("default", format!("schema = \"coldamp.profile/1\"\n{text}"));
    let words = fails(issuer.desk.run("coldamp-online", "prepare burn.json -o burn.pset"), 3, "AMP_DIFFERS");
    assert!(words.contains("AMP's uuid of the asset"), "{words}");
}

#[test]
fn the_cold_machine_takes_its_keystore_from_a_profile() {
    let desk = Desk::cold(&Scenario::load("wpkh"));
    let keystore = desk.path("keystore");
    let line = "key address --index 0 --passphrase-file passphrase";
    let without = desk.run("coldamp", line);
    assert!(without.code == 2 && without.stderr.contains("not named: --keystore FILE"), "{}", without.stderr);
    desk.write_profile(
        "default",
        format!(
            "schema = \"coldamp.profile/1\"\nnetwork = \"regtest\"\nkeystore = \"{}\"\n",
            keystore.display()
        ),
    );
    let named = desk.run("coldamp", &format!("{line} --keystore keystore")).done();
    let by_profile = desk.run("coldamp", line).done();
    let shown = desk.run("coldamp", "profile show --keystore other").done().stdout;
    assert!(shown.contains("network              regtest (profile)"), "{shown}");
    assert!(shown.contains("keystore             other (flag)"), "{shown}");
    assert_eq!(named.stdout, by_profile.stdout);
    assert!(by_profile.stderr.contains("/coldamp/default.toml"), "{}", by_profile.stderr);
    let qr = desk.run("coldamp", "qr show keystore --profile default");
    assert!(qr.code == 2 && qr.stderr.contains("reads no profile"), "{}", qr.stderr);
}

/// The answers of an operator to `init`, up to the id of his asset.
fn answers(issuer: &Issuer, id: &str) -> Vec<(&'static str, String)> {
    let enter = String::new;
    vec![
        ("Network (", "regtest".to_owned()),
        ("L-BTC asset id", enter()),
        ("descriptor: ", "none".to_owned()),
        ("descriptor: ", "treasury.descriptor".to_owned()),
        ("Esplora server, ", issuer.sandbox.esplora_url()),
        ("Esplora server's login", enter()),
        ("AMP's API (Enter: https://amp-test", issuer.sandbox.amp_url()),
        ("File of AMP's login", "credentials".to_owned()),
        ("Folder of the jobs", "jobs".to_owned()),
        ("Short name of an asset", "../x".to_owned()),
        ("Short name of an asset", "PLAIN".to_owned()),
        ("AMP's uuid of it", issuer.uuid().to_string()),
        ("not from AMP (Enter: none)", id.to_owned()),
        ("File of its contract", enter()),
        ("issuance prevout", enter()),
    ]
}

fn initialized(issuer: &Issuer, answers: &[(&str, String)]) -> coldamp_tests::Run {
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(question, answer)| (*question, answer.as_str())).collect();
    issuer.desk.run_typing("coldamp-online", "init", &answers)
}

#[test]
fn init_asks_verifies_at_amp_and_overwrites_nothing() {
    let issuer = Issuer::new();
    let other = issuer.assets[1].issued.asset.to_string();
    fails(initialized(&issuer, &answers(&issuer, &other)), 3, "AMP_DIFFERS");
    let run = |line: &str| issuer.desk.run("coldamp-online", line);
    assert!(!run("profile show").done().stdout.contains("(profile)"));
    let own = issuer.assets[0].issued.asset.to_string();
    // A contract and a coin that do not lead to the id.
    issuer.desk.write("contract.json", "{}");
    let mut unproven = answers(&issuer, &own);
    unproven[13].1 = "contract.json".to_owned();
    unproven[14].1 = format!("{own}:0");
    let refused = initialized(&issuer, &unproven);
    assert!(refused.code != 0 && refused.stderr.contains("the contract "), "{}", refused.stderr);
    assert!(!run("profile show").done().stdout.contains("(profile)"));
    let mut typed = answers(&issuer, &own);
    typed.push(("Short name of an asset", String::new()));
    let made = initialized(&issuer, &typed).done();
    assert!(made.stderr.contains(&format!("AMP names {own} as the asset")), "{}", made.stderr);
    let shown = run("profile show --node http://me:hidden@host:1").done().stdout;
    for line in [
        "network              regtest (profile)",
        "node                 http://…@host:1 (flag)",
        "state                ",
        &format!("                     id {own} (profile)"),
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(!shown.contains("hidden") && !shown.contains("esplora  "), "{shown}");
    run("request burn PLAIN --amount 5000000001").done();
    assert_eq!(std::fs::read_dir(issuer.desk.path("jobs")).unwrap().count(), 1);
    assert_eq!(run("init").code, 7);
    // AMP's word does not become the operator's: what AMP says later would be held against AMP itself.
    let mut untold = answers(&issuer, "");
    untold.push(("Short name of an asset", String::new()));
    let untold: Vec<(&str, &str)> =
        untold.iter().map(|(question, answer)| (*question, answer.as_str())).collect();
    issuer.desk.run_typing("coldamp-online", "init --profile ./untold.toml", &untold).done();
    let text = issuer.desk.read("untold.toml");
    assert!(text.contains("[assets.") && !text.contains("\nid = "), "{text}");
    // Nobody is there to ask.
    assert_eq!(run("init --profile other").code, 4);
}
