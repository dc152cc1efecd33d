//! The folder of a job on the cold machines: several signers and an approver.

use std::fs;

use coldamp_tests::{Desk, KEYS, RequestKind, Run, Scenario, Treasury, policy_file};

/// The folder of a distribution.
const JOB: &str = "jobs/2026-11-29-distribute-PLAIN-f4314e94";

fn lay_out(desk: &Desk, pset: &str) {
    fs::create_dir_all(desk.path(JOB)).unwrap();
    desk.write(&format!("{JOB}/unsigned.pset"), pset);
}

fn profile(desk: &Desk, lines: &str) {
    fs::create_dir_all(desk.path("jobs")).unwrap();
    let jobs = desk.path("jobs").display().to_string();
    desk.write_profile("default", format!("schema = \"coldamp.profile/1\"\njobs = \"{jobs}\"\n{lines}"));
}

fn code_of(review: &Run) -> String {
    let line = review.stdout.lines().find_map(|line| line.strip_prefix("approval "));
    line.unwrap_or_else(|| panic!("{}", review.stdout)).trim().to_owned()
}

#[test]
fn signers_write_their_signatures_into_the_folder_and_either_side_combines_them() {
    let scenario = Scenario::load(Scenario::QUORUM);
    let pset = Treasury::of(&scenario).job(&scenario, RequestKind::Distribute).prepare().pset;
    let desks = [0, 1].map(|position| Desk::cosigner(&scenario, position));
    let mut parts = Vec::new();
    for desk in &desks {
        lay_out(desk, &pset);
        profile(desk, "");
        let code = code_of(&desk.run("coldamp", &format!("review {KEYS}")).done());
        let line = format!("sign {KEYS} --approve {code}");
        desk.run("coldamp", &line).done();
        // The same again finds its own file there.
        assert_eq!(desk.run("coldamp", &line).code, 7);
        let mut names = fs::read_dir(desk.path(JOB)).unwrap().map(|entry| entry.unwrap().file_name());
        let name =
            names.find_map(|name| name.into_string().ok().filter(|name| name.starts_with("signatures-")));
        parts.push(format!("{JOB}/{}", name.unwrap()));
    }
    assert_ne!(parts[0], parts[1]);
    desks[0].write(&parts[1], desks[1].read(&parts[1]));
    let online = Desk::default();
    online.write("treasury.descriptor", scenario.ct_descriptor());
    lay_out(&online, &pset);
    for (part, desk) in parts.iter().zip(&desks) {
        online.write(part, desk.read(part));
    }
    let descriptor = online.path("treasury.descriptor").display().to_string();
    profile(&online, &format!("network = \"regtest\"\ndescriptor = \"{descriptor}\"\n"));
    let listed = online.run("coldamp-online", "jobs").done().stdout;
    assert!(listed.contains("signed by 2 of the 2 keys that must sign"), "{listed}");
    online.run("coldamp-online", "combine").done();
    desks[0].run("coldamp", &format!("combine {KEYS}")).done();
    let signed = format!("{JOB}/signed.json");
    assert_eq!(online.read(&signed), desks[0].read(&signed));
}

#[test]
fn an_approval_in_the_folder_counts_where_the_policy_asks_for_one_and_not_else() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let desk = Desk::cold(&scenario);
    lay_out(&desk, &treasury.job(&scenario, RequestKind::Distribute).prepare().pset);
    profile(&desk, "");
    // What a stick brought does not take the place of what is typed.
    desk.write(&format!("{JOB}/approval.json"), "{}");
    let run = desk.run("coldamp", &format!("sign {KEYS}"));
    assert!(run.code == 4 && run.stderr.contains("there is no terminal"), "{}", run.stderr);
    fs::remove_file(desk.path(&format!("{JOB}/approval.json"))).unwrap();

    let approver = Desk::approver();
    let key = approver.run("coldamp", &format!("key approver {KEYS}")).done().stdout;
    let asset = &scenario.info().asset;
    desk.set_policy(&policy_file(asset, &format!("approvers=[\"{}\"]", key.trim())));
    lay_out(&approver, &desk.read(&format!("{JOB}/unsigned.pset")));
    approver.write("treasury.descriptor", scenario.ct_descriptor());
    let descriptor = approver.path("treasury.descriptor").display().to_string();
    profile(&approver, &format!("descriptor = \"{descriptor}\"\n"));
    let digest = coldamp_tests::sha256_of(scenario.request(RequestKind::Distribute));
    approver.run("coldamp", &format!("approve {KEYS} --request-sha256 {digest}")).done();
    assert_eq!(approver.run("coldamp", &format!("approve {KEYS} --request-sha256 {digest}")).code, 2);
    let sign = format!("sign {KEYS}");
    let without = desk.run("coldamp", &sign);
    assert!(without.names("APPROVAL_MISSING"), "{}", without.stderr);
    desk.write(&format!("{JOB}/approval.json"), approver.read(&format!("{JOB}/approval.json")));
    // Nobody named it, so that job and amount are typed all the same: a folder may hold another job and its approval.
    let unasked = desk.run("coldamp", &sign);
    assert!(unasked.code == 4 && !desk.has(&format!("{JOB}/signed.json")), "{}", unasked.stderr);
    let wrong = desk.run_typing("coldamp", &sign, &[("in base units", "1"); 3]);
    assert!(wrong.code == 4 && !desk.has(&format!("{JOB}/signed.json")), "{}", wrong.stderr);
    let answers = [("in base units", "92562719514"), ("characters of the asset id: ", "ebb71015")];
    desk.run_typing("coldamp", &sign, &answers).done();
    assert!(desk.has(&format!("{JOB}/signed.json")));
}
