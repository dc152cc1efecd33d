//! A treasury of several keys on a node: signed on two machines, combined, mined and reported.

use coldamp_tests::node::Elementsd;
use coldamp_tests::{Desk, Job, KEYS, RequestKind, Scenario};

use crate::online::carried_signed_by;

#[test]
fn what_two_machines_sign_is_combined_mined_and_reported() {
    let Some(elementsd) = Elementsd::named_or_skipped() else { return };
    let scenario = Scenario::load(Scenario::QUORUM);
    let signers = [0, 1, 2].map(|position| Desk::cosigner(&scenario, position));
    let online = Desk::default();
    online.write("treasury.descriptor", scenario.ct_descriptor());
    for (kind, pair) in RequestKind::ALL.into_iter().zip([[0, 1], [0, 2], [1, 2]]) {
        let sign = |job: &Job<'_>, pset: &str| {
            let name = kind.name();
            online.write(&format!("{name}.pset"), pset);
            let code = job.review(pset.as_bytes()).approval_code().unwrap();
            let parts = pair.map(|position| {
                let signer = &signers[position];
                signer.write(&format!("{name}.pset"), pset);
                let sign = format!("sign {name}.pset {KEYS} --approve {code} -o {name}.part");
                signer.run("coldamp", &sign).done();
                let part = format!("{name}.{position}");
                online.write(&part, signer.read(&format!("{name}.part")));
                part
            });
            let combine = format!(
                "combine {name}.pset {} --descriptor treasury.descriptor -o {name}.signed.json",
                parts.join(" ")
            );
            online.run("coldamp-online", &combine).done();
            online.read(&format!("{name}.signed.json"))
        };
        let node = elementsd.replay(&scenario);
        let (address, _) = node.address_and_cookie();
        let chain = format!("--node {address} --node-cookie cookie");
        carried_signed_by(&sign, &scenario, kind, &node, &chain, &|| ());
    }
}
