//! A cold desk that signs many PSETs.

use coldamp_core::elements::Transaction;
use coldamp_core::elements::encode::deserialize;
use coldamp_core::elements::hex::decode_to_vec;
use coldamp_core::treasury::Utxo;
use coldamp_tests::{Desk, KEYS, Run};
use serde_json::Value;

/// What a command that is refused must say, and what holds of all of them: exit code 3 and no file.
pub(crate) fn refused(desk: &Desk, arguments: &str, codes: &[&str]) -> Run {
    let before = desk.files();
    let run = desk.run("coldamp", arguments);
    assert_eq!(run.code, 3, "{arguments}: {}", run.stderr);
    for code in codes {
        assert!(run.names(code), "{arguments}: no {code} in {}", run.stderr);
    }
    assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    assert_eq!(desk.files(), before, "{arguments}: left something behind");
    run
}

/// The codes of `mismatches` and the approval code, of a review as JSON.
pub(crate) fn reviewed(desk: &Desk, pset: &str) -> (Vec<String>, Option<String>) {
    desk.write("review.pset", pset);
    let run = desk.run("coldamp", &format!("review review.pset {KEYS} --json"));
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let names = |name: &str| report[name].as_array().unwrap().clone();
    let codes: Vec<String> =
        names("mismatches").iter().map(|rule| rule["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(run.code, if codes.is_empty() { 0 } else { 3 }, "{}", run.stderr);
    let approval = report["approval"].as_str().map(str::to_owned);
    assert_eq!(approval.is_some(), codes.is_empty(), "{codes:?}");
    std::fs::remove_file(desk.path("review.pset")).unwrap();
    (codes, approval)
}

/// The codes of the warnings.
pub(crate) fn warnings(desk: &Desk, pset: &str) -> Vec<String> {
    desk.write("review.pset", pset);
    let run = desk.run("coldamp", &format!("review review.pset {KEYS} --json"));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    std::fs::remove_file(desk.path("review.pset")).unwrap();
    report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["code"].as_str().unwrap().to_owned())
        .collect()
}

/// Reviews and signs under the code that the review printed; the file's content.
pub(crate) fn signed(desk: &Desk, name: &str, pset: &str) -> Value {
    let (codes, approval) = reviewed(desk, pset);
    assert_eq!(codes, [""; 0], "{name}");
    desk.write(&format!("{name}.pset"), pset);
    let sign = format!("sign {name}.pset {KEYS} --approve {} -o {name}.json", approval.unwrap());
    desk.run("coldamp", &sign).done();
    serde_json::from_str(&desk.read(&format!("{name}.json"))).unwrap()
}

/// Refused under any code, and by the review with exactly these codes.
pub(crate) fn not_signed(desk: &Desk, name: &str, pset: &str, codes: &[&str]) {
    let (found, _) = reviewed(desk, pset);
    assert_eq!(found, codes, "{name}");
    desk.write(&format!("{name}.pset"), pset);
    refused(desk, &format!("sign {name}.pset {KEYS} --approve 0 -o {name}.json"), codes);
}

/// The transaction of a signed.json.
pub(crate) fn transaction(signed: &Value) -> Transaction {
    deserialize(&decode_to_vec(signed["transaction"].as_str().unwrap()).unwrap()).unwrap()
}

/// Chooses coins by the beginning of their txid and their index, as in `8cbb31:2`.
pub(crate) fn only(coins: &'static [&'static str]) -> impl Fn(&Utxo) -> bool {
    move |coin| {
        let name = format!("{}:{}", &coin.outpoint.txid.to_string()[..6], coin.outpoint.vout);
        coins.contains(&name.as_str())
    }
}
