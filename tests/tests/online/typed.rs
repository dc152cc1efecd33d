//! What a person types: the sum of a distribution that cannot be taken back, a new asset, and AMP's credentials.

use coldamp_sandbox::server::{PASSWORD, USERNAME};
use coldamp_tests::RequestKind;

use crate::desk::Issuer;

fn distribute(issuer: &Issuer) -> String {
    format!(
        "request distribute --asset {} --descriptor treasury.descriptor --network regtest {} --state state -o distribute.json",
        issuer.uuid(),
        issuer.network()
    )
}

#[test]
fn a_distribution_is_made_once_its_sum_is_typed() {
    let issuer = Issuer::new();
    let made = || issuer.sandbox.with(|_, amp| amp.distributions_created());
    let question = "Type the total in base units: ";
    let wrong = [(question, "yes"), (question, "18750000001"), (question, "187.5")];
    let run = issuer.desk.run_typing("coldamp-online", &distribute(&issuer), &wrong);
    assert_eq!((run.code, made()), (4, 0), "{}", run.stderr);
    assert!(!issuer.desk.has("distribute.json"));
    // A wrong answer is told, and the next one counts without a second look at the treasury.
    let answers = [(question, ""), (question, "18 750 000 000")];
    let run = issuer.desk.run_typing("coldamp-online", &distribute(&issuer), &answers);
    assert_eq!((run.code, made()), (0, 1), "{}", run.stderr);
    assert!(issuer.desk.has("distribute.json"));
}

#[test]
fn an_asset_is_issued_once_ticker_and_amount_are_typed() {
    let issuer = Issuer::on_first_day();
    let command = issuer.issue_command("--state state").replace("--expect DEMO:100000050", "");
    let issued = || issuer.sandbox.with(|chain, _| chain.mempool().count());
    let question = "and the amount in base units: ";
    for wrong in ["yes", "DEMO", "100000050", "DEMO 1000000.5", "demo 100000050", ""] {
        let run = issuer.desk.run_typing("coldamp-online", &command, &[(question, wrong)]);
        assert_eq!((run.code, issued()), (4, 0), "{wrong:?}: {}", run.stderr);
        assert!(!issuer.desk.has("issue.json.order"), "{wrong:?}");
    }
    let run = issuer.desk.run_typing("coldamp-online", &command, &[(question, "DEMO 100 000 050")]);
    assert_eq!((run.code, issued()), (0, 1), "{}", run.stderr);
    assert!(issuer.desk.has("issue.json"));
}

#[test]
fn amps_credentials_are_asked_for_and_the_password_is_not_shown() {
    let issuer = Issuer::new();
    issuer.ask(RequestKind::Burn, &issuer.assets[0]).done();
    let check = format!("request check burn.json --network regtest --amp {}", issuer.sandbox.amp_url());
    let answers = [("AMP user name: ", USERNAME), ("AMP password (not shown): ", PASSWORD)];
    let run = issuer.desk.run_typing("coldamp-online", &check, &answers).done();
    assert!(!run.stderr.contains(PASSWORD) && !run.stdout.contains(PASSWORD), "{}", run.stderr);
}
