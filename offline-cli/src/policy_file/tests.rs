use std::collections::BTreeSet;

use coldamp_core::amp::request::Command;
use coldamp_core::code::Code;

use super::*;
use crate::journal::{Limits, PolicySet};

const ASSET: &str = "c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015";
const ONE: &str = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
const TWO: &str = "c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5";

/// A policy that has every rule but a contract.
fn full() -> PolicySet {
    let limits = Limits { max: Some(100), budget: Some(1_000), budget_count: Some(10) };
    let names = Command::ALL.map(|command| command.name().to_owned());
    PolicySet {
        asset: ASSET.to_owned(),
        asset_uuid: Some("025b413f-8a9a-421e-a648-a7dd06839eb9".to_owned()),
        limits: names.into_iter().map(|name| (name, limits)).collect(),
        max_recipients: Some(80),
        max_per_recipient: Some(50),
        max_fee: Some(900),
        approvers: vec![ONE.to_owned(), TWO.to_owned()],
        forbid_unconfidential: true,
        ..PolicySet::default()
    }
}

fn text(set: &PolicySet) -> String {
    exported(&["A treasury.".to_owned()], &[(set, &set.policy(3).unwrap())])
}

/// Why a file is refused.
fn refused(text: &str) -> String {
    match read(text.as_bytes()) {
        Ok(file) => panic!("taken: {file:?}"),
        Err(failure) => [vec![failure.message], failure.lines].concat().join("\n"),
    }
}

/// The full file with one line's value exchanged.
fn with(key: &str, value: &str) -> String {
    let text = text(&full());
    let mut found = 0;
    let lines =
        text.lines().map(|line| match line.starts_with(&format!("{key} = ")) && !line.ends_with('[') {
            true => {
                found += 1;
                format!("{key} = {value}")
            }
            false => line.to_owned(),
        });
    let lines: Vec<String> = lines.collect();
    assert!(found > 0, "{key} is no key");
    lines.join("\n")
}

#[test]
fn what_is_exported_is_read_back_to_the_same_entry() {
    let open = PolicySet {
        limits: full().limits.into_keys().map(|name| (name, Limits::default())).collect(),
        asset: ASSET.to_owned(),
        ..PolicySet::default()
    };
    let both_fees = PolicySet { max_fee_rate: Some(150), ..full() };
    let rate = PolicySet { max_fee: None, max_fee_rate: Some(150), ..full() };
    for set in [full(), open, both_fees, rate] {
        let file = read(text(&set).as_bytes()).unwrap();
        assert_eq!(file.settings.len(), 1);
        assert_eq!(file.settings[0].set, set);
        assert_eq!((file.settings[0].renewed.len(), file.removed.len()), (0, 0));
        // As often as it is written.
        assert_eq!(text(&set), text(&file.settings[0].set));
    }
    // An entry from before all keys were written has no limits at all.
    let old = PolicySet { asset: ASSET.to_owned(), ..PolicySet::default() };
    let file = read(text(&old).as_bytes()).unwrap();
    assert_eq!(
        file.settings[0].policy,
        PolicySet { limits: file.settings[0].set.limits.clone(), ..old }.policy(0).unwrap()
    );
}

#[test]
fn a_contract_survives_whatever_quotes_it_holds() {
    use coldamp_core::elements::OutPoint;
    use coldamp_core::treasury::contract_ids;
    for name in ["Share", "Holder's Share", r#"a \"b\" c"#, r#"'\"\\"#] {
        let contract = format!(
            r#"{{"entity":{{"domain":"example.com"}},"name":"{name}","precision":2,"ticker":"SHR"}}"#
        );
        let prevout = OutPoint::default();
        let set = PolicySet {
            asset: contract_ids(contract.as_bytes(), prevout).asset.to_string(),
            contract: Some(contract),
            issuance_prevout: Some(crate::journal::outpoint_text(&prevout)),
            ..full()
        };
        assert_eq!(read(text(&set).as_bytes()).unwrap().settings[0].set, set, "{name}");
        let other = text(&set).replace("SHR", "SHS");
        assert_eq!(read(other.as_bytes()).unwrap_err().code, Some(Code::Contract), "{name}");
        let half = text(&set).replace(
            &format!("issuance_prevout = \"{}\"", set.issuance_prevout.unwrap()),
            "issuance_prevout = \"none\"",
        );
        assert!(refused(&half).contains("both given"), "{name}");
    }
}

#[test]
fn a_template_is_refused_until_every_blank_is_filled_in() {
    let blank = template(&Blanks::default());
    let message = refused(&blank);
    let keys = [
        "asset",
        "uuid",
        "contract",
        "issuance_prevout",
        "approvers",
        "unconfidential_recipients",
        "max_recipients",
        "max_per_recipient",
        "distribute.max",
        "distribute.budget",
        "distribute.budget_count",
        "reissue.max",
        "reissue.budget",
        "reissue.budget_count",
        "burn.max",
        "burn.budget",
        "burn.budget_count",
    ];
    // One fact: no line is told by itself.
    let lines: Vec<usize> = (1..)
        .zip(blank.lines())
        .filter(|(_, line)| line.ends_with("FILL IN\""))
        .map(|(number, _)| number)
        .collect();
    assert_eq!(lines.len(), keys.len());
    let first = format!("cannot take the policy file: 17 lines still say FILL IN: lines {}, ", lines[0]);
    assert!(message.starts_with(&first) && !message.contains('\n'), "{message}");
    assert!(message.ends_with(&format!(" to {}", lines[16])), "{message}");
    // Whoever fills in all blanks but one has no policy yet.
    let all = [
        ("asset", ASSET),
        ("uuid", "any"),
        ("contract", "none"),
        ("issuance_prevout", "none"),
        ("approvers", "none"),
        ("unconfidential_recipients", "refused"),
        ("max_recipients", "unlimited"),
        ("max_per_recipient", "unlimited"),
        ("max", "unlimited"),
        ("budget", "unlimited"),
        ("budget_count", "unlimited"),
    ];
    let filled = |left: &str| {
        all.iter().filter(|(key, _)| *key != left).fold(blank.clone(), |text, (key, value)| {
            text.replace(&format!("\n{key} = \"FILL IN\""), &format!("\n{key} = \"{value}\""))
        })
    };
    for (key, _) in all {
        assert!(refused(&filled(key)).contains("FILL IN"), "{key}");
    }
    read(filled("").as_bytes()).unwrap();
    assert!(blank.lines().all(|line| line.len() <= 80), "{blank}");
    let known = Blanks { asset: Some(ASSET.to_owned()), ..Blanks::default() };
    assert!(template(&known).contains(&format!("asset = \"{ASSET}\"")));
}

#[test]
fn a_number_in_quotation_marks_is_told_as_one() {
    let text = text(&full());
    let line = text.lines().find(|line| line.starts_with("max_recipients = ")).unwrap();
    let message = refused(&text.replace(line, "max_recipients = \"80\""));
    assert!(message.contains(", max_recipients: found \"80\", expected "), "{message}");
    assert!(message.contains("Write the number without quotation marks"), "{message}");
    let message = refused(&text.replace(line, "max_recipients = \"many\""));
    assert!(!message.contains("quotation marks"), "{message}");
}

#[test]
fn wrong_values_are_told_in_the_order_of_the_file_with_their_lines() {
    let text = text(&full());
    let wrong =
        text.replace("burn]\nmax = 100", "burn]\nmax = \"x\"").replace("uuid = \"025b", "uuid = \"y025b");
    let at = |line: &str| (1..).zip(wrong.lines()).find(|(_, found)| found.starts_with(line)).unwrap().0;
    let message = refused(&wrong);
    let uuid = format!("\n  line {}, uuid: found \"y025b", at("uuid = "));
    let max = format!("\n  line {}, burn.max: found \"x\"", at("max = \"x\""));
    assert!(message.starts_with("cannot take the policy file: 2 values are wrong"), "{message}");
    assert!(message.find(&uuid) < message.find(&max) && message.contains(&uuid), "{message}");
    // The only policy is not named. Of two, each is named once.
    assert!(!message.contains(ASSET), "{message}");
    let other = "00".repeat(32);
    let second = wrong.split_once("\n[[policy]]").unwrap().1.replace(ASSET, &other);
    let message = refused(&format!("{wrong}\n[[policy]]{second}"));
    for asset in [ASSET, other.as_str()] {
        assert_eq!(message.matches(&format!("\n  policy of {asset}:\n")).count(), 1, "{message}");
    }
}

#[test]
fn a_key_that_is_missing_doubled_or_unknown_is_refused() {
    let text = text(&full());
    let lines: Vec<&str> = text.lines().collect();
    let mut keys = 0;
    for (place, line) in lines.iter().enumerate() {
        let is_key = line.contains(" = ") && !line.starts_with('#') && !line.ends_with('[');
        if is_key {
            keys += 1;
            let without: Vec<&str> = [&lines[..place], &lines[place + 1..]].concat();
            refused(&without.join("\n"));
            let twice: Vec<&str> = [&lines[..=place], &lines[place..]].concat();
            refused(&twice.join("\n"));
            let misspelt = line.replacen(" = ", "s = ", 1);
            let unknown: Vec<&str> = [&lines[..=place], &[misspelt.as_str()], &lines[place + 1..]].concat();
            refused(&unknown.join("\n"));
        }
    }
    // All but the list of approvers, which stands on several lines.
    assert_eq!(keys, 2 + 10 + 9);
    refused(&text.replace("approvers = ", "aprovers = "));
    for table in ["distribute", "reissue", "burn"] {
        refused(&text.replace(&format!("[policy.{table}]"), "[policy.mint]"));
    }
    refused(&format!("{text}\n{text}"));
    let again = text.split_once("\n[[policy]]").unwrap().1;
    assert!(refused(&format!("{text}\n[[policy]]{again}")).contains("names once"));
}

#[test]
fn a_value_that_cannot_be_meant_is_refused_by_its_key() {
    for (key, value) in [
        ("schema", "\"coldamp.policy/2\""),
        ("remove", "[\"00\"]"),
        ("remove", "\"none\""),
        ("asset", "\"00\""),
        ("uuid", "\"025B413F-8a9a-421e-a648-a7dd06839eb9\""),
        ("uuid", "\"\""),
        ("issuance_prevout", "\"00:0\""),
        ("unconfidential_recipients", "\"none\""),
        ("unconfidential_recipients", "true"),
        ("max_recipients", "4294967296"),
        ("max_recipients", "-1"),
        ("max_recipients", "\"none\""),
        ("max_per_recipient", "1.0"),
        ("max_per_recipient", "1e3"),
        ("max_per_recipient", "\"1\""),
        ("max_per_recipient", "[]"),
        ("max_per_recipient", "9223372036854775808"),
        ("max_per_recipient", "18446744073709551615"),
        ("max_per_recipient", "99999999999999999999999999999999999999999999"),
        ("max_fee_sat", "\"default\""),
        ("max_fee_sat", "\"unlimited\""),
        ("max", "-1"),
        ("max", "\"Unlimited\""),
        ("max", "{ distribute = 1 }"),
        ("budget", "true"),
        ("budget_count", "4294967296"),
        ("renew_budgets", "[\"mint\"]"),
        ("renew_budgets", "[\"burn\", \"burn\"]"),
        ("renew_budgets", "\"burn\""),
    ] {
        let message = refused(&with(key, value));
        assert!(message.contains(key), "{key} = {value}: {message}");
    }
    let message = refused(&with("max_recipients", "18446744073709551615"));
    assert!(
        message.contains("key max_recipients: the number is above 9 223 372 036 854 775 807."),
        "{message}"
    );
    for list in ["[]", "\"\"", "\"unlimited\"", "[\"00\"]", &format!("[\"{ONE}\", \"{ONE}\"]")] {
        let from = text(&full());
        let (head, tail) = from.split_once("approvers = [").unwrap();
        let tail = tail.split_once("]\n").unwrap().1;
        assert!(refused(&format!("{head}approvers = {list}\n{tail}")).contains("approvers"), "{list}");
    }
    // Nothing that would be renewed.
    let unlimited =
        with("budget", "\"unlimited\"").replace("budget_count = 10", "budget_count = \"unlimited\"");
    assert!(
        refused(&unlimited.replace("renew_budgets = []", "renew_budgets = [\"burn\"]"))
            .contains("renew_budgets")
    );
}

#[test]
fn what_is_no_policy_file_is_refused_without_end() {
    for text in
        ["", "x", "[[policy]]", "schema = \"coldamp.policy/1\"", "schema = \"coldamp.policy/1\"\nremove = []"]
    {
        refused(text);
    }
    assert!(read(b"\xff").is_err());
    // Nested as deep as the file is long.
    let deep = MAX_POLICY_BYTES / 2;
    refused(&format!("schema = {}", "[".repeat(deep)));
    refused(&format!("schema = {}", "{a=".repeat(deep / 2)));
    refused(&format!("{}a = 1", "a.".repeat(deep)));
    refused(&format!("[{}a]", "a.".repeat(deep)));
}

#[test]
fn removals_and_renewals_are_lines_of_their_own() {
    let file = read(removal(ASSET.parse().unwrap()).as_bytes()).unwrap();
    assert_eq!((file.settings.len(), file.removed), (0, vec![ASSET.parse().unwrap()]));
    let file = read(with("renew_budgets", "[\"burn\", \"distribute\"]").as_bytes()).unwrap();
    assert_eq!(file.settings[0].renewed, BTreeSet::from([Command::Burn, Command::Distribute]));
    let both = with("remove", &format!("[\"{ASSET}\"]"));
    assert!(refused(&both).contains("names once"));
}
