//! Request and PSET written by one hostile machine. They agree with each other and not with what AMP asked for. Only the
//! issuer's policy and a look at AMP from another machine detect it (docs/rules.md#policy-limits,
//! docs/rules.md#request-digest).

use coldamp_tests::{Desk, Job, KEYS, RequestKind, Scenario, Treasury, policy_file};

use super::desk::{not_signed, refused, reviewed};

/// The holder with the largest share, and the attacker in their place.
const HOLDER: &str =
    "el1qqvrzhdsjapk4nx76mhqxn5rwxfmgaql0tn42a8n9s5r7p56c2x99a3a2h0avfkmwemf4xkk45gy9p8feyy5ukwehzfas5ek6r";

/// The distribution as AMP asked for it and as the attacker did, both with their PSETs.
fn pair(scenario: &Scenario, treasury: &Treasury) -> (String, String) {
    let text = String::from_utf8(scenario.request(RequestKind::Distribute)).unwrap();
    let attacker = treasury
        .descriptor
        .address_at(
            &treasury.secp,
            coldamp_core::treasury::KeyPath { branch: coldamp_core::treasury::Branch::External, index: 99 },
            &treasury.network,
        )
        .unwrap();
    let forged = text.replace(HOLDER, &attacker.to_string());
    assert_ne!(forged, text);
    let honest = treasury.job(scenario, RequestKind::Distribute).prepare().pset;
    (honest, Job { treasury, request: forged.into_bytes() }.prepare().pset)
}

#[test]
fn a_pset_exchanged_after_the_review_is_not_signed_under_its_code() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let (honest, forged) = pair(&scenario, &treasury);
    let desk = Desk::cold(&scenario);
    let approval = reviewed(&desk, &honest).1.unwrap();
    desk.write("d.pset", &forged);
    let sign = format!("sign d.pset {KEYS} --approve {approval} -o d.json");
    refused(&desk, &sign, &["APPROVAL_CODE"]);
    // Nor is a pipe, which could say one thing to the review and another to the signer.
    std::fs::remove_file(desk.path("d.pset")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(desk.path("d.pset")).status().unwrap();
    assert!(made.success());
    let run = desk.run("coldamp", &sign);
    assert_eq!(run.code, 6, "{}", run.stderr);
}

#[test]
fn a_forged_pair_is_stopped_by_the_approver_who_looks_at_amp() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let (honest, forged) = pair(&scenario, &treasury);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let digest: String = job.request().sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    let desk = Desk::default();
    desk.write("passphrase", "staple battery 7 horse\n");
    desk.write("words", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong\n");
    desk.run("coldamp", &format!("key restore --no-policy {KEYS} --network regtest --mnemonic-file words"))
        .done();
    desk.write("treasury.descriptor", scenario.ct_descriptor());
    desk.write("honest.pset", honest);
    desk.write("forged.pset", forged);
    let approve = |pset: &str| {
        format!("approve {pset} {KEYS} --descriptor treasury.descriptor --request-sha256 {digest}")
    };
    refused(&desk, &approve("forged.pset"), &["REQUEST_DIFFERS"]);
    desk.run("coldamp", &approve("honest.pset")).done();
}

#[test]
fn a_forged_pair_can_do_no_more_than_the_policy_allows() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let (_, forged) = pair(&scenario, &treasury);
    let desk = Desk::cold(&scenario);
    let asset = &scenario.info().asset;
    desk.set_policy(&policy_file(asset, "max_per_recipient=30000000000"));
    not_signed(&desk, "forged", &forged, &["POLICY_RECIPIENTS"]);
}
