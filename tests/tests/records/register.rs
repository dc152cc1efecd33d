//! The issuer's own register at `coldamp approve`: one difference or one file that is no register, and nothing is approved.

use coldamp_core::amp::Job as AmpJob;
use coldamp_core::code::Exit;
use coldamp_tests::{KEYS, RequestKind, Scenario, Treasury};

use super::approver::{ZOO, stranger};
use super::desk::refused;

#[test]
fn an_approver_who_brings_the_register_approves_what_it_says_and_nothing_else() {
    let scenario = Scenario::load("wpkh");
    let (desk, treasury) = (stranger(ZOO), Treasury::of(&scenario));
    let job = treasury.job(&scenario, RequestKind::Distribute);
    desk.write("d.pset", job.prepare().pset);
    desk.write("b.pset", treasury.job(&scenario, RequestKind::Burn).prepare().pset);
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    let request = job.request();
    let digest: String = request.sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    let AmpJob::Distribute { recipients, .. } = &request.job else { panic!() };
    let rows: Vec<String> =
        recipients.iter().map(|paid| format!("{},{}", paid.address, paid.amount)).collect();
    let file = |rows: &[String]| format!("address,amount\n{}\n", rows.join("\n"));
    let approve = |pset: &str, register: &str| {
        format!(
            "approve {pset} {KEYS} --descriptor treasury.descriptor --request-sha256 {digest} --register {register}"
        )
    };

    let changed = |edit: &dyn Fn(&mut Vec<String>)| {
        let mut rows = rows.clone();
        edit(&mut rows);
        file(&rows)
    };
    let address = recipients[0].address.to_string();
    let elsewhere = recipients[0].address.to_unconfidential().to_string();
    for (what, register, code, said) in [
        (
            "a holder is missing",
            changed(&|rows| drop(rows.pop())),
            "REGISTER_DIFFERS",
            "the register does not name it",
        ),
        (
            "one holder more",
            changed(&|rows| rows.push(format!("{elsewhere},5"))),
            "REGISTER_DIFFERS",
            "the request pays nothing",
        ),
        ("another amount", changed(&|rows| rows[0].push('0')), "REGISTER_DIFFERS", "the request pays"),
        (
            "a row twice",
            changed(&|rows| rows.push(rows[0].clone())),
            "REGISTER_DIFFERS",
            "of the register both name it",
        ),
        (
            "accounts in place of addresses",
            format!("gaid,amount\nGA2M8u2rCJ3jP4YGuE8o4Po61ftwbQ,{}\n", request.total()),
            "REGISTER_FILE",
            "only addresses can be compared",
        ),
        ("no amounts", format!("address\n{address}\n"), "REGISTER_FILE", "a column amount"),
        (
            "units that nothing proves",
            format!("address,units\n{address},12.5\n"),
            "PRECISION_UNPROVEN",
            "precision",
        ),
        ("an amount in words", format!("address,amount\n{address},12.5\n"), "REGISTER_FILE", "whole number"),
    ] {
        desk.write("holders.csv", register);
        let before = desk.files();
        let run = desk.run("coldamp", &approve("d.pset", "holders.csv"));
        let exit = if code == "REGISTER_FILE" { Exit::Input } else { Exit::Refused };
        assert_eq!(run.code, i32::from(exit.number()), "{what}: {}", run.stderr);
        assert!(
            run.names(code)
                && run.stderr.contains(
                    "
hint: "
                ),
            "{what}: {}",
            run.stderr
        );
        assert_eq!(desk.files(), before, "{what}");
        let words = run.stderr;
        assert!(words.contains(said), "{what}: {words}");
    }
    desk.write("holders.csv", file(&rows));
    refused(&desk, &approve("b.pset", "holders.csv"), &["REGISTER_DIFFERS"]);
    let run = desk.run("coldamp", &approve("d.pset", "holders.csv")).done();
    assert!(run.stderr.contains("are those of the register holders.csv"), "{}", run.stderr);
    assert!(desk.has("approval.json"));
}
