//! What a person types: the sum of a distribution that cannot be taken back, and AMP's credentials.

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
    for wrong in ["yes", "18750000001", ""] {
        let run = issuer.desk.run_typing("coldamp-online", &distribute(&issuer), &[(question, wrong)]);
        assert_eq!((run.code, made()), (4, 0), "{wrong:?}: {}", run.stderr);
        assert!(!issuer.desk.has("distribute.json"), "{wrong:?}");
    }
    let run = issuer.desk.run_typing("coldamp-online", &distribute(&issuer), &[(question, "18750000000")]);
    assert_eq!((run.code, made()), (0, 1), "{}", run.stderr);
    assert!(issuer.desk.has("distribute.json"));
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
