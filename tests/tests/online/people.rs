//! Who gets paid: shown before it cannot be undone, shown and written later, and held against the issuer's own register. Amounts
//! in units of the asset, where its contract proves how many decimals it has.

use coldamp_core::Secp;
use coldamp_core::treasury::IssuanceKind;
use coldamp_core::units::{AssetAmount, Precision};
use coldamp_sandbox::faults::{Edit, Fault, Rule};
use coldamp_sandbox::founding::{Founded, record};
use coldamp_sandbox::treasury::IssueSettings;
use coldamp_tests::RequestKind;
use serde_json::json;

use crate::desk::{Issuer, fails};

/// An asset of two decimals, of which 100.00 is assigned to a holder; its contract is on the desk.
fn of_two_decimals(issuer: &Issuer) -> Founded {
    let descriptor = &issuer.treasury.descriptor;
    let founded = issuer.sandbox.with(|chain, amp| {
        let settings = IssueSettings {
            kind: IssuanceKind::Explicit,
            amount: AssetAmount::from_base_units(1_000_000),
            token_amount: AssetAmount::from_base_units(1),
            ticker: "CENTS".to_owned(),
            name: "An asset of two decimals".to_owned(),
            domain: "example.org".to_owned(),
            precision: Precision::new(2).unwrap(),
            asset_index: 12,
            token_index: 13,
        };
        let issued = chain.issue(&Secp::new(), descriptor, settings).unwrap();
        let uuid = amp.add_asset(record(&issued));
        let user = amp.add_user("A holder of cents");
        amp.assign(&uuid, user, AssetAmount::from_base_units(10_000)).unwrap();
        chain.mine(2);
        Founded { uuid, issued }
    });
    issuer.desk.write("contract.json", &founded.issued.contract);
    founded
}

#[test]
fn an_amount_in_units_is_asked_for_exactly_where_the_contract_proves_the_precision() {
    let issuer = Issuer::new();
    let asset = of_two_decimals(&issuer);
    for (what, code, name, said) in [
        ("--units 1.5", 3, "PRECISION_UNPROVEN", "no contract proves"),
        ("--units 1.505 --contract contract.json", 2, "", "3 decimals, expected at most 2"),
        ("--units 1,5 --contract contract.json", 2, "", "expected digits with at most one decimal point"),
        ("--units 0.00 --contract contract.json", 2, "", "--units is 0"),
        ("--units 1.5 --amount 150 --contract contract.json", 2, "", "cannot be used with"),
        ("--units 1.5 --contract treasury.descriptor", 3, "CONTRACT", "the contract treasury.descriptor"),
    ] {
        let run = issuer.request(RequestKind::Burn, &asset, what);
        assert_eq!(run.code, code, "{what}: {}", run.stderr);
        assert!(name.is_empty() || run.names(name), "{what}: {}", run.stderr);
        assert!(run.stderr.contains(said), "{what}: {}", run.stderr);
    }
    let asked = issuer.sandbox.faults().log();
    assert!(!asked.iter().any(|asked| asked.path.contains("burn-request")), "{asked:?}");
    let run = issuer.request(RequestKind::Burn, &asset, "--units 1.5 --contract contract.json").done();
    let shown = "1.50 CENTS: 150 base units (AMP: 0.00000150)";
    assert!(run.stderr.contains(&format!("amount         {shown}")), "{}", run.stderr);
    let prevout = issuer.desk.run("coldamp-online", "request show burn.json --network regtest").done();
    assert!(prevout.stdout.contains("amount         150 base units\n"), "{}", prevout.stdout);
    // Another asset's contract proves nothing of this one.
    let other = issuer.request(RequestKind::Reissue, &issuer.assets[0], "--units 1 --contract contract.json");
    fails(other, 3, "CONTRACT");
}

#[test]
fn a_total_is_typed_in_the_units_that_the_contract_proves_and_a_wrong_one_may_be_typed_again() {
    let issuer = Issuer::new();
    let asset = of_two_decimals(&issuer);
    let arguments = format!(
        "request distribute --asset {} --contract contract.json --descriptor treasury.descriptor --network regtest {} -o d.json",
        asset.uuid,
        issuer.network()
    );
    let question = "Type the total in CENTS (zeros at the end may be left out): ";
    let made = || issuer.sandbox.with(|_, amp| amp.distributions_created());
    // 10 000 is the number of base units, and 0.0001 what AMP writes.
    let wrong = [(question, "10000"), (question, "0.0001"), (question, "100.001")];
    let run = issuer.desk.run_typing("coldamp-online", &arguments, &wrong);
    assert_eq!((run.code, made()), (4, 0), "{}", run.stderr);
    assert!(run.stderr.contains("not confirmed: 3 answers were not the total"), "{}", run.stderr);
    let run = issuer.desk.run_typing("coldamp-online", &arguments, &[(question, "1,00"), (question, "100")]);
    assert_eq!((run.code, made()), (0, 1), "{}", run.stderr);
    assert!(
        run.stderr.contains("in total       100.00 CENTS: 10 000 base units (AMP: 0.00010000)"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_total_that_is_named_in_units_is_compared_exactly() {
    let issuer = Issuer::new();
    let asset = of_two_decimals(&issuer);
    let ask = |what: &str| issuer.request(RequestKind::Distribute, &asset, what);
    fails(ask("--expect-units 100"), 3, "PRECISION_UNPROVEN");
    fails(ask("--expect-units 100.01 --contract contract.json"), 3, "TOTAL_DIFFERS");
    ask("--expect-units 100.0 --contract contract.json").done();
}

#[test]
fn recipients_are_shown_before_and_later_and_written_as_csv() {
    let issuer = Issuer::new();
    let asked = issuer.ask(RequestKind::Distribute, &issuer.assets[0]).done();
    let rows: Vec<&str> = asked.stderr.lines().filter(|line| line.contains("  user ")).collect();
    assert_eq!(rows.len(), 5, "{}", asked.stderr);
    assert!(rows.iter().all(|row| row.contains("assignment ") && row.contains("GAID GA")), "{rows:?}");
    assert_eq!(asked.stderr.matches("no address yet: AMP chooses it").count(), 5, "{}", asked.stderr);
    assert!(
        asked.stderr.contains("recipients     5\nin total       18 750 000 000 base units"),
        "{}",
        asked.stderr
    );

    let show = |more: &str| {
        issuer.desk.run("coldamp-online", &format!("request show distribute.json --network regtest {more}"))
    };
    let alone = show("").done().stdout;
    assert_eq!(alone.matches("holder not shown").count(), 5, "{alone}");
    let with_amp = show(&issuer.amp()).done().stdout;
    assert_eq!(with_amp.matches("GAID GA").count(), 5, "{with_amp}");
    assert!(
        with_amp.contains("recipients     5\n") && with_amp.lines().all(|line| line.chars().count() <= 80),
        "{with_amp}"
    );
    let csv = show(&format!("{} --csv -", issuer.amp())).done().stdout;
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("assignment,user,gaid,address,amount,amp_amount"));
    assert_eq!(lines.filter(|line| line.contains(",GA")).count(), 5, "{csv}");
    show("--csv holders.csv").done();
    assert_eq!(show("--csv holders.csv").code, 7, "a file is never written over");
    // What is written is a register that the request agrees with.
    let check =
        format!("request check distribute.json --network regtest {} --register holders.csv", issuer.amp());
    let run = issuer.desk.run("coldamp-online", &check).done();
    assert!(run.stderr.contains("are those of the register holders.csv"), "{}", run.stderr);
    assert!(run.stderr.contains("are not read: assignment, user, amp_amount"), "{}", run.stderr);
}

/// One register a row, and what `request check` says of it.
#[test]
fn a_request_is_held_against_the_register_by_address_and_by_account() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Distribute, &issuer.assets[0]).done();
    let show = format!("request show distribute.json --network regtest {} --csv -", issuer.amp());
    let csv = issuer.desk.run("coldamp-online", &show).done().stdout;
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let (gaid, address, amount) = (2, 3, 4);
    let by = |column: usize, name: &str| {
        let lines: Vec<String> = rows.iter().map(|row| format!("{},{}", row[column], row[amount])).collect();
        (format!("{name},amount\n"), lines)
    };
    let check =
        format!("request check distribute.json --network regtest {} --register holders.csv", issuer.amp());
    for (column, name) in [(gaid, "GAID"), (address, "address")] {
        let (header, lines) = by(column, name);
        let write =
            |lines: &[String]| issuer.desk.write("holders.csv", format!("{header}{}\n", lines.join("\n")));
        write(&lines);
        let words = issuer.desk.run("coldamp-online", &check).done().stderr;
        let (count, warned) = if column == gaid {
            ("0 rows by address, 5 by GAID", true)
        } else {
            ("5 rows by address, 0 by GAID", false)
        };
        assert!(words.contains(count), "{words}");
        assert_eq!(words.contains("is AMP's word alone"), warned, "{words}");
        write(&lines[1..]);
        let words = fails(issuer.desk.run("coldamp-online", &check), 3, "REGISTER_DIFFERS");
        assert!(words.contains("the register does not name it"), "{words}");
        write(&[lines.clone(), vec![lines[0].clone()]].concat());
        let words = fails(issuer.desk.run("coldamp-online", &check), 3, "REGISTER_DIFFERS");
        assert!(words.contains("lines 2 and 7 of the register both name it"), "{words}");
        write(&[vec![format!("{}0", lines[0])], lines[1..].to_vec()].concat());
        let words = fails(issuer.desk.run("coldamp-online", &check), 3, "REGISTER_DIFFERS");
        assert!(words.contains("of the register says ") && words.contains("the request pays "), "{words}");
    }
    // An address under another account.
    let both: Vec<String> =
        rows.iter().map(|row| format!("{},{},{}", row[gaid], row[address], row[amount])).collect();
    let exchanged = both[0].replacen(rows[0][gaid], rows[1][gaid], 1);
    let register =
        [vec!["gaid,address,amount".to_owned(), exchanged], both[1..].to_vec()].concat().join("\n");
    issuer.desk.write("holders.csv", register);
    let words = fails(issuer.desk.run("coldamp-online", &check), 3, "REGISTER_DIFFERS");
    assert!(words.contains("AMP that it is of"), "{words}");
    // GAIDs that AMP does not show are not compared, and that is told.
    issuer.desk.write("holders.csv", format!("gaid,address,amount\n{}\n", both.join("\n")));
    let hidden = Fault::Altered {
        status: None,
        edits: (0..5).map(|row| Edit::Set { at: format!("/{row}/GAID"), value: json!(null) }).collect(),
    };
    let path = format!("/api/assets/{}/assignments$", issuer.uuid());
    issuer.sandbox.faults().add(Rule { method: None, path, skip: 0, count: None, fault: hidden });
    let words = issuer.desk.run("coldamp-online", &check).done().stderr;
    issuer.sandbox.faults().clear();
    assert!(
        words.contains("5 rows of the register have a GAID beside the address, and none is known here"),
        "{words}"
    );
    // Another asset's register.
    let of_other: Vec<String> =
        both.iter().map(|row| format!("{row},{}", issuer.assets[1].issued.asset)).collect();
    issuer.desk.write("holders.csv", format!("gaid,address,amount,asset_id\n{}\n", of_other.join("\n")));
    fails(issuer.desk.run("coldamp-online", &check), 6, "REGISTER_FILE");
    // In units, at the precision of the contract.
    issuer.desk.write("contract.json", &issuer.assets[0].issued.contract);
    issuer.desk.write("holders.csv", format!("address,units\n{},12.5\n", rows[0][address]));
    fails(issuer.desk.run("coldamp-online", &check), 3, "PRECISION_UNPROVEN");
    let without_coin = format!("{check} --contract contract.json");
    fails(issuer.desk.run("coldamp-online", &without_coin), 3, "PRECISION_UNPROVEN");
    issuer.desk.write("holders.csv", "address\nnowhere\n");
    fails(issuer.desk.run("coldamp-online", &check), 6, "REGISTER_FILE");
}
