//! A file that Windows saved with a byte order mark, or as UTF-16, is told for that, whatever it is for and whichever
//! binary reads it. The parsers would refuse it too, with words that say nothing of the cause.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury};

/// The same text as an editor or PowerShell may save it, and what is said of it.
fn saved_otherwise(text: &str) -> Vec<(Vec<u8>, &'static str)> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
    vec![
        (["\u{feff}".as_bytes(), text.as_bytes()].concat(), "starts with a byte order mark (BOM)"),
        ([&[0xff, 0xfe], little.as_slice()].concat(), "is UTF-16 text"),
        ([&[0xfe, 0xff], big.as_slice()].concat(), "is UTF-16 text"),
        (little, "is UTF-16 text"),
    ]
}

/// Saves a file otherwise in each way, and holds that the command says so and does nothing. It works with the file as it is.
fn named(desk: &Desk, binary: &str, arguments: &str, file: &str, exit: i32) {
    let text = desk.read(file);
    for (bytes, words) in saved_otherwise(&text) {
        desk.write(file, &bytes);
        let before = desk.files();
        let run = desk.run(binary, arguments);
        assert_eq!(run.code, exit, "{arguments}, {file} {words}: {}", run.stderr);
        let says = format!("the file {words}; save it as UTF-8 without BOM");
        assert!(run.stderr.contains(&says), "{arguments}, {file}: {}", run.stderr);
        assert!(run.stderr.contains("\nhint: ") && run.stdout.is_empty(), "{arguments}: {}", run.stderr);
        assert_eq!(desk.files(), before, "{arguments}: left something behind");
    }
    desk.write(file, text);
}

#[test]
fn every_file_of_the_cold_machine() {
    let scenario = Scenario::load("wpkh");
    let job_of = |kind| Treasury::of(&scenario).job(&scenario, kind).prepare().pset;
    let desk = Desk::cold(&scenario);
    desk.write("burn.pset", job_of(RequestKind::Burn));
    desk.write("request.json", scenario.request(RequestKind::Burn));
    let review = format!("review burn.pset {KEYS}");
    desk.run("coldamp", &review).done();
    named(&desk, "coldamp", &review, "burn.pset", 6);
    named(&desk, "coldamp", &review, "passphrase", 5);
    named(&desk, "coldamp", &format!("{review} --request request.json"), "request.json", 6);
    let report = desk.run("coldamp", &format!("{review} --json")).done().stdout;
    let report: serde_json::Value = serde_json::from_str(&report).expect("a report");
    let code = report["approval"].as_str().expect("a code");
    desk.run("coldamp", &format!("sign burn.pset {KEYS} --approve {code} -o burn.signed.json")).done();
    named(&desk, "coldamp", &format!("{review} --signed burn.signed.json"), "burn.signed.json", 6);
    let descriptor = desk.run("coldamp", &format!("key watch {KEYS}")).done().stdout;
    desk.write("treasury.descriptor", descriptor);
    let approve = format!(
        "approve burn.pset {KEYS} --descriptor treasury.descriptor --request-sha256 {}",
        "0".repeat(64)
    );
    named(&desk, "coldamp", &approve, "treasury.descriptor", 6);
    desk.write("approval.json", "{}");
    let sign = format!("sign burn.pset {KEYS} --approval approval.json -o again.json");
    named(&desk, "coldamp", &sign, "approval.json", 6);
    let restore = "key restore --no-policy --keystore new --passphrase-file passphrase --network regtest --mnemonic-file words";
    named(&desk, "coldamp", restore, "words", 6);
    named(&desk, "coldamp", restore, "passphrase", 5);
    desk.write("extra", "TREZOR\n");
    let restore = format!("{restore} --bip39-passphrase-file extra");
    named(&desk, "coldamp", &restore, "extra", 5);
    desk.run("coldamp", &restore).done();
}

#[test]
fn every_file_of_the_desk() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::default();
    desk.write("treasury.descriptor", treasury.descriptor.with_checksum());
    desk.write("transactions.json", scenario.transactions());
    desk.write("request.json", scenario.request(RequestKind::Burn));
    desk.write("contract.json", scenario.info().contract.as_ref().expect("a contract").to_string());
    let prepare = "prepare request.json --descriptor treasury.descriptor --network regtest \
                   --transactions transactions.json --contract contract.json -o burn.pset";
    for file in ["request.json", "treasury.descriptor", "transactions.json", "contract.json"] {
        named(&desk, "coldamp-online", prepare, file, 6);
    }
    let signed = treasury.job(&scenario, RequestKind::Burn);
    let signed = signed.sign(signed.prepare().pset.as_bytes()).to_json().expect("a file");
    desk.write("burn.signed.json", signed);
    let openings = format!("{prepare} --openings burn.signed.json");
    named(&desk, "coldamp-online", &openings, "burn.signed.json", 6);
    let replace = format!("{prepare} --replace burn.signed.json");
    named(&desk, "coldamp-online", &replace, "burn.signed.json", 6);
    desk.run("coldamp-online", prepare).done();
    // Nothing listens there: the files are read before anybody is asked.
    let chain = "--esplora http://127.0.0.1:9/";
    let broadcast = format!(
        "broadcast burn.signed.json --pset burn.pset --descriptor treasury.descriptor {chain} --without-amp"
    );
    for file in ["burn.signed.json", "burn.pset", "treasury.descriptor"] {
        named(&desk, "coldamp-online", &broadcast, file, 6);
    }
    desk.write("credentials", "user\npassword\n");
    let check = "request check request.json --network regtest --amp http://127.0.0.1:9/api --amp-credentials credentials";
    named(&desk, "coldamp-online", check, "credentials", 6);
    desk.write("cookie", "__cookie__:secret\n");
    let node = prepare
        .replace("--transactions transactions.json", "--node http://127.0.0.1:9/ --node-cookie cookie")
        .replace("burn.pset", "node.pset");
    named(&desk, "coldamp-online", &node, "cookie", 6);
}
