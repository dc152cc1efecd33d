//! The screen on which a person decides: what it shows when the question comes, and how the pages before it are turned.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Sitting, Treasury};

const PAGE: &str = "q: quit, nothing is signed --";

/// A cold desk with a job of a scenario on it, and the text of its request.
fn desk(scenario: &str, kind: RequestKind) -> (Desk, String) {
    let scenario = Scenario::load(scenario);
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    desk.write("job.pset", treasury.job(&scenario, kind).prepare().pset);
    (desk, String::from_utf8(scenario.request(kind)).unwrap())
}

fn sit(desk: &Desk, rows: u16, columns: u16) -> Sitting {
    desk.sit("coldamp", &format!("sign job.pset {KEYS} -o signed.json"), rows, columns)
}

/// Turns pages until the question is there; how many there were.
fn turn_to(sitting: &mut Sitting, question: &str) -> usize {
    let mut pages = 1;
    while sitting.wait_for(&[question, "q: quit"]) != 0 {
        pages += 1;
        sitting.press("\r");
    }
    pages
}

/// What was shown but for the prompts below the pages, which may be in the middle of an address.
fn without_prompts(shown: &str) -> String {
    let mut parts = shown.split("-- ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once(" --\r").map_or(part, |(_, rest)| rest));
    }
    text
}

/// What a person must see while answering.
fn assert_in_sight(sitting: &Sitting, recipients: usize, warnings: &[&str]) {
    let rows = sitting.rows();
    assert_eq!(rows.len(), 24);
    let sight = rows.join("\n");
    for name in ["job ", "asset ", "largest ", "fee ", "comes back ", "warnings ", "approval "] {
        assert!(rows.iter().any(|row| row.starts_with(name)), "no {name}in sight:\n{sight}");
    }
    for words in [&format!("to {recipients} recipients"), " base units", " sat)", "Checks passed."] {
        assert!(sight.contains(words), "no {words:?} in sight:\n{sight}");
    }
    for warning in warnings {
        assert!(rows.iter().any(|row| row.trim_start().starts_with(warning)), "no {warning}:\n{sight}");
    }
}

#[test]
fn what_decides_stands_above_the_question_however_long_the_review_is() {
    for name in ["wpkh", "wpkh-80-recipients"] {
        let (desk, request) = desk(name, RequestKind::Distribute);
        let request: serde_json::Value = serde_json::from_str(&request).unwrap();
        let amounts = request["map_address_amount"].as_object().unwrap();
        let asset = Scenario::load(name).info().asset.clone();
        let mut sitting = sit(&desk, 24, 80);
        let pages = turn_to(&mut sitting, "in base units:");
        assert!(pages > amounts.len() / 8, "{name}: {pages} pages");
        let warnings = ["NO_POLICY", "EARLIER_UNKNOWN", "TICKER_NOT_PROVEN"];
        assert_in_sight(&sitting, amounts.len(), &warnings);
        assert!(sitting.rows().iter().any(|row| row.ends_with(&asset)), "{:?}", sitting.rows());
        // Nothing was skipped: the beginning of each address went by, in its groups of four.
        let shown = without_prompts(sitting.shown()).replace(['\r', '\n', ' '], "");
        for (address, _) in amounts {
            assert!(shown.contains(address.as_str()), "{address} was not shown");
        }
        let review = desk.run("coldamp", &format!("review job.pset {KEYS}")).done().stdout;
        let job = review.lines().find(|line| line.starts_with("job ")).unwrap();
        let total = job.split_once('(').unwrap().1.split_once(" base units").unwrap().0;
        sitting.press(&format!("{total}\r"));
        sitting.wait_for(&["of the asset id: "]);
        assert_in_sight(&sitting, amounts.len(), &warnings);
        sitting.press(&format!("{}\r", &asset[56..]));
        let (code, shown) = sitting.end();
        assert_eq!(code, 0, "{shown}");
        assert!(desk.has("signed.json"));
    }
}

#[test]
fn a_review_that_is_left_signs_nothing() {
    let (desk, _) = desk("wpkh-80-recipients", RequestKind::Distribute);
    // At once, on the second page, and after keys that mean nothing.
    for keys in [&["q"][..], &["\u{3}"], &["\u{4}"], &["\r", "q"], &["x", "\u{1b}[A", "q"]] {
        let mut sitting = sit(&desk, 24, 80);
        sitting.wait_for(&[PAGE]);
        for key in keys {
            sitting.press(key);
            if *key == "\r" {
                sitting.wait_for(&[PAGE]);
            }
        }
        let (code, shown) = sitting.end();
        assert_eq!(code, 4, "{keys:?}: {shown}");
        assert!(shown.contains("the review was left before its end"), "{keys:?}: {shown}");
        assert_eq!(
            shown.matches(PAGE).count(),
            if keys.contains(&"\r") { 2 } else { 1 },
            "{keys:?}: {shown}"
        );
    }
    let mut gone = sit(&desk, 24, 80);
    gone.wait_for(&[PAGE]);
    gone.hang_up();
    assert!(!desk.has("signed.json"));
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(!list.contains("signed "), "{list}");
}

#[test]
fn a_page_that_was_drawn_for_another_size_comes_again() {
    let (desk, _) = desk("wpkh-80-recipients", RequestKind::Distribute);
    let mut sitting = sit(&desk, 24, 80);
    sitting.wait_for(&[PAGE]);
    sitting.resize(10, 60);
    sitting.press("\r");
    sitting.wait_for(&["network      regtest"]);
    let mut pages = 0;
    while sitting.wait_for(&["warnings. Type", "Enter: "]) != 0 {
        // The summary is longer than this screen, and is paged as well.
        pages += 1;
        sitting.press("\r");
    }
    assert!(pages > 20, "{pages}");
    sitting.press("\u{3}");
    assert_eq!(sitting.end().0, 4);
}

#[test]
fn one_recipient_takes_one_line_where_the_terminal_is_wide() {
    let (desk, _) = desk("wpkh-80-recipients", RequestKind::Distribute);
    let mut sitting = sit(&desk, 50, 220);
    let pages = turn_to(&mut sitting, "in base units:");
    assert!(pages <= 4, "{pages} pages");
    let lines = sitting.shown().lines().filter(|line| line.contains("  recipient ")).count();
    assert_eq!(lines, 80);
    sitting.press("\u{3}");
    assert_eq!(sitting.end().0, 4);
}

#[test]
fn in_a_pipe_the_review_is_plain_and_whole_and_nothing_is_asked() {
    let (desk, request) = desk("wpkh-80-recipients", RequestKind::Distribute);
    let binary = desk.binary_path("coldamp");
    let line = format!("'{}' sign job.pset {KEYS} -o signed.json | cat; echo piped", binary.display());
    let mut sitting = desk.sit_at_shell(&line, 24, 80);
    sitting.wait_for(&["piped"]);
    let (_, shown) = sitting.end();
    assert!(shown.contains("Nothing is approved: ") && shown.contains("nobody was asked: "), "{shown}");
    assert!(!shown.contains(PAGE) && !shown.contains("Type the amount"), "{shown}");
    let request: serde_json::Value = serde_json::from_str(&request).unwrap();
    let plain = shown.replace([' ', '\r', '\n'], "");
    for (address, _) in request["map_address_amount"].as_object().unwrap() {
        assert!(plain.contains(address.as_str()), "{address}");
    }
    assert!(!desk.has("signed.json"));

    // With the code of that review, scripts sign without a terminal, and the review is on stdout for them too.
    let review = desk.run("coldamp", &format!("review job.pset {KEYS}")).done().stdout;
    let code = review.lines().find_map(|line| line.strip_prefix("approval ")).unwrap().trim().to_owned();
    let run = desk.run("coldamp", &format!("sign job.pset {KEYS} -o signed.json --approve {code}")).done();
    // The right code is not on it: whoever gives a code has it from a review.
    let given = "the code that was given is compared now";
    assert_eq!(run.stdout, review.replace(&code, given));
    assert!(desk.has("signed.json"));
}

#[test]
fn a_review_alone_is_paged_at_a_terminal_too() {
    let (desk, _) = desk("wpkh-80-recipients", RequestKind::Distribute);
    let mut sitting = desk.sit("coldamp", &format!("review job.pset {KEYS}"), 24, 80);
    let mut pages = 0;
    while sitting.wait_for(&["approval     ", "q: quit --"]) != 0 {
        pages += 1;
        sitting.press(" ");
    }
    assert!(pages > 8, "{pages}");
    // The summary begins a page of its own, with job and amount on it, as before a signing.
    let shown = sitting.shown().to_owned();
    let summary = shown.rsplit("end of the review. Enter: summary.").next().unwrap();
    for name in ["job ", "asset ", "largest ", "fee ", "warnings ", "Checks passed."] {
        assert!(summary.lines().any(|row| row.starts_with(name)), "no {name}in: {summary}");
    }
    assert_eq!(sitting.end().0, 0);
}

#[test]
fn a_wrong_keystore_is_told_first_and_in_short() {
    // The PSET of the same words under another script type, at a keystore of other keys.
    let scenario = Scenario::load("sh-wpkh");
    let pset = Treasury::of(&scenario).job(&scenario, RequestKind::Reissue).prepare().pset;
    let desk = Desk::default();
    desk.write("passphrase", "staple battery 7 horse\n");
    desk.write("words", "legal winner thank year wave sausage worth useful legal winner thank yellow\n");
    let restore = format!("key restore --no-policy {KEYS} --network regtest --mnemonic-file words");
    let own = desk.run("coldamp", &restore).done().stderr;
    let own = own.lines().find_map(|line| line.strip_prefix("fingerprint    ")).unwrap();
    desk.write("job.pset", pset);
    let run = desk.run("coldamp", &format!("sign job.pset {KEYS} -o signed.json --approve 0"));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let told = format!(
        "belongs to this keystore (fingerprint {own} on regtest). The PSET names fingerprint 73c5da0a. Probably --keystore names the wrong file"
    );
    assert!(run.stdout.lines().next().unwrap().contains(&told), "{}", run.stdout);
    assert!(run.stderr.starts_with("error: None of the ") && run.stderr.contains(&told), "{}", run.stderr);
    assert!(run.stderr.contains("\n  INPUT_FOREIGN: input 0, input 1"), "{}", run.stderr);
    assert!(!run.stderr.contains("hostile"), "{}", run.stderr);
    let count = run.stdout.lines().count() + run.stderr.lines().count();
    assert!(count < 24, "{count} lines: {}{}", run.stdout, run.stderr);
    assert!(!desk.has("signed.json"));
}
