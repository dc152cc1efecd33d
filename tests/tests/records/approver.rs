//! A second person: where the policy names approvers, nothing but the signature of one of them approves.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, policy_file};

use super::desk::{refused, reviewed};

pub(crate) const ZOO: &str = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";
pub(crate) const LEGAL: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// A desk of other words than the treasury's.
pub(crate) fn stranger(words: &str) -> Desk {
    let desk = Desk::default();
    desk.write("passphrase", "staple battery 7 horse\n");
    desk.write("words", format!("{words}\n"));
    desk.run("coldamp", &format!("key restore --no-policy {KEYS} --network regtest --mnemonic-file words"))
        .done();
    desk.opens_at_once();
    desk
}

struct Two {
    scenario: Scenario,
    signer: Desk,
    approver: Desk,
    digest: String,
}

/// A signing desk whose policy names the approver's key.
fn two() -> Two {
    let scenario = Scenario::load("wpkh");
    let (signer, approver) = (Desk::cold(&scenario), stranger(ZOO));
    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let asset = &scenario.info().asset;
    signer.set_policy(&policy_file(asset, &format!("approvers=[\"{}\"]", key.trim())));
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let digest: String = job.request().sha256().iter().map(|byte| format!("{byte:02x}")).collect();
    for desk in [&signer, &approver] {
        desk.write("d.pset", job.prepare().pset);
        desk.write("b.pset", treasury.job(&scenario, RequestKind::Burn).prepare().pset);
    }
    approver.write("treasury.descriptor", scenario.ct_descriptor());
    Two { scenario, signer, approver, digest }
}

fn approve(digest: &str, pset: &str) -> String {
    format!("approve {pset} {KEYS} --descriptor treasury.descriptor --request-sha256 {digest}")
}

#[test]
fn an_approvers_signature_approves_and_nothing_else_does() {
    let Two { signer, approver, digest, .. } = two();
    let code = reviewed(&signer, &signer.read("d.pset")).1.unwrap();
    refused(&signer, &format!("sign d.pset {KEYS} --approve {code}"), &["APPROVAL_MISSING"]);
    approver.run("coldamp", &approve(&digest, "d.pset")).done();
    signer.write("approval.json", approver.read("approval.json"));
    signer.run("coldamp", &format!("sign d.pset {KEYS} --approval approval.json -o d.json")).done();
    let list = signer.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    assert!(list.contains(&format!("approved by approver {}", key.trim_end())), "{list}");
    let list = approver.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.contains(&code) && list.contains(&digest), "{list}");

    // For one transaction alone.
    refused(
        &signer,
        &format!("sign b.pset {KEYS} --approval approval.json -o b.json"),
        &["APPROVAL_SIGNATURE"],
    );
}

#[test]
fn an_approval_of_somebody_else_altered_or_without_a_policy_is_none() {
    let Two { scenario, signer, approver, digest } = two();
    let sign = format!("sign d.pset {KEYS} --approval approval.json -o d.json");
    let stranger = stranger(LEGAL);
    for name in ["d.pset", "treasury.descriptor"] {
        stranger.write(name, approver.read(name));
    }
    stranger.run("coldamp", &approve(&digest, "d.pset")).done();
    signer.write("approval.json", stranger.read("approval.json"));
    refused(&signer, &sign, &["APPROVAL_SIGNATURE"]);

    approver.run("coldamp", &approve(&digest, "d.pset")).done();
    let good = approver.read("approval.json");
    let value: serde_json::Value = serde_json::from_str(&good).unwrap();
    let signature = value["signature"].as_str().unwrap();
    let flipped = if signature.starts_with('0') { '1' } else { '0' };
    let forged = good.replace(signature, &format!("{flipped}{}", &signature[1..]));
    assert_ne!(forged, good);
    signer.write("approval.json", forged);
    refused(&signer, &sign, &["APPROVAL_SIGNATURE"]);
    for (name, text) in [("cut", &good[..good.len() / 2]), ("other", "{}")] {
        signer.write("approval.json", text);
        let run = signer.run("coldamp", &sign);
        assert_eq!(run.code, 6, "{name}: {}", run.stderr);
    }
    let without = Desk::cold(&scenario);
    without.write("d.pset", approver.read("d.pset"));
    without.write("approval.json", &good);
    refused(&without, &sign, &["APPROVAL_SIGNATURE"]);
}

#[test]
fn an_approver_types_the_digest_that_amp_has_and_is_not_the_signer() {
    let Two { signer, approver, digest, .. } = two();
    let other = digest.replace(&digest[..4], "0000");
    refused(&approver, &approve(&other, "d.pset"), &["REQUEST_DIFFERS"]);
    refused(&approver, &approve(&digest[..32], "d.pset"), &["REQUEST_DIFFERS"]);
    refused(&approver, &approve(&digest, "b.pset"), &["REQUEST_DIFFERS"]);
    let ask = approve(&digest, "d.pset").replace(&format!("--request-sha256 {digest}"), "");
    let run = approver.run("coldamp", &ask);
    assert_eq!(run.code, 4, "{}", run.stderr);
    // Who holds the treasury's words is no second person.
    signer.write("treasury.descriptor", approver.read("treasury.descriptor"));
    refused(&signer, &approve(&digest, "d.pset"), &["APPROVAL_SIGNATURE"]);
    assert!(!approver.has("approval.json"));
}
