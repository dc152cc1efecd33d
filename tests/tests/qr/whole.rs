//! The whole job with codes in both directions and no file that crosses: online → cold → online.

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario};

use super::job;

#[test]
fn a_job_crosses_by_codes_in_both_directions() {
    let scenario = Scenario::load("wpkh");
    let (pset, _) = job("wpkh", RequestKind::Distribute);
    let (online, cold) = (Desk::default(), Desk::cold_copy(&scenario));
    online.write("job.pset", &pset);
    online.write("descriptor", scenario.ct_descriptor());

    let shown = online.run("coldamp-online", "qr show job.pset --text").done().stdout;
    cold.write("scan.txt", shown);
    cold.run("coldamp", "qr join scan.txt -o job.pset").done();
    assert!(cold.read("job.pset") == pset);
    let review = cold.run("coldamp", &format!("review job.pset {KEYS}")).done().stdout;
    let code = review.lines().find_map(|line| line.strip_prefix("approval ")).unwrap().trim();
    cold.run("coldamp", &format!("sign job.pset {KEYS} --approve {code} --signatures -o job.signatures"))
        .done();
    cold.run("coldamp", &format!("sign job.pset {KEYS} --approve {code} -o job.signed.json")).done();

    let shown = cold.run("coldamp", "qr show job.signatures --text").done().stdout;
    online.write("scan.txt", shown);
    online.run("coldamp-online", "qr join scan.txt -o job.signatures").done();
    assert_eq!(online.read("job.signatures"), cold.read("job.signatures"));
    online
        .run("coldamp-online", "combine job.pset job.signatures --descriptor descriptor -o job.signed.json")
        .done();
    assert!(online.read("job.signed.json") == cold.read("job.signed.json"));

    let refused = cold.run("coldamp", "qr show job.signed.json --text");
    assert_eq!(refused.code, 3);
    assert!(refused.stderr.contains("error[QR_SIGNED_FILE]: "), "{}", refused.stderr);
}

/// What `coldamp` and an approver write is known by its form.
#[test]
fn what_the_cold_machine_writes_is_shown() {
    let scenario = Scenario::load("wpkh");
    let cold = Desk::cold_copy(&scenario);
    cold.run("coldamp", &format!("key watch {KEYS} -o descriptor")).done();
    let shown = cold.run("coldamp", "qr show descriptor --text").done().stdout;
    cold.write("scan.txt", shown);
    cold.run("coldamp", "qr join scan.txt -o again").done();
    assert_eq!(cold.read("again"), cold.read("descriptor"));
    let account = cold.run("coldamp", &format!("key account {KEYS}")).done().stdout;
    cold.write("account", &account);
    let shown = cold.run("coldamp", "qr show account --text").done().stdout;
    cold.write("scan.txt", shown);
    cold.run("coldamp", "qr join scan.txt -o account.back").done();
    assert_eq!(cold.read("account.back"), account);
    let address = cold.run("coldamp", &format!("key address {KEYS} --index 0")).done().stdout;
    let address = address
        .split_whitespace()
        .find(|word| word.starts_with("el1"))
        .unwrap_or_else(|| panic!("{address}"));
    cold.write("address", address);
    assert_eq!(cold.run("coldamp", "qr show address --text").done().stdout.trim(), address);
}
