//! A job as a folder: the short commands, which job they take, and that nothing in a folder is trusted.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use coldamp_tests::{Desk, Run, Scenario};
use serde_json::Value;

use crate::desk::{Issuer, fails};
use crate::profile::written_with;

const PASSPHRASE: &str = "staple battery 7 horse";

/// A desk with a profile, and a cold machine to which the folder of the jobs is carried.
struct Desks {
    issuer: Issuer,
    cold: Desk,
}

impl Desks {
    fn new() -> Self {
        let issuer = Issuer::new();
        let jobs = issuer.desk.path("jobs");
        fs::create_dir(&jobs).unwrap();
        written_with(&issuer, "default", &format!("jobs = \"{}\"", jobs.display()));
        let cold = Desk::cold(&Scenario::load("wpkh"));
        let keystore = cold.path("keystore");
        cold.write_profile(
            "default",
            format!(
                "schema = \"coldamp.profile/1\"\nkeystore = \"{}\"\njobs = \"{}\"\n",
                keystore.display(),
                jobs.display()
            ),
        );
        Desks { issuer, cold }
    }

    fn online(&self, line: &str) -> Run {
        self.issuer.desk.run("coldamp-online", line)
    }

    /// The folders of the jobs.
    fn folders(&self) -> Vec<String> {
        let entries = fs::read_dir(self.issuer.desk.path("jobs")).into_iter().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A file of the one job.
    fn file(&self, name: &str) -> PathBuf {
        let folders = self.folders();
        assert_eq!(folders.len(), 1, "{folders:?}");
        self.issuer.desk.path("jobs").join(&folders[0]).join(name)
    }

    /// Has the one job signed.
    fn sign(&self) -> Run {
        let review = self.cold.run("coldamp", "review --passphrase-file passphrase").done();
        let code = review.stdout.lines().find_map(|line| line.strip_prefix("approval ")).unwrap().trim();
        self.cold.run("coldamp", &format!("sign --approve {code} --passphrase-file passphrase")).done()
    }

    /// What `jobs` says.
    fn stages(&self) -> Vec<String> {
        self.online("jobs").done().stdout.lines().map(str::to_owned).collect()
    }
}

/// Commands and answers as they are typed.
#[derive(Default)]
struct Typed {
    commands: usize,
    characters: usize,
}

impl Typed {
    fn run(&mut self, desk: &Desk, binary: &str, line: &str, answers: &[(&str, &str)]) -> Run {
        self.commands += 1;
        self.characters += binary.len() + 1 + line.len();
        let counted = answers.iter().filter(|(_, answer)| *answer != PASSPHRASE);
        self.characters += counted.map(|(_, answer)| answer.len()).sum::<usize>();
        desk.run_typing(binary, line, answers).done()
    }
}

#[test]
fn a_distribution_takes_six_commands_and_200_typed_characters() {
    let Desks { issuer, cold } = &Desks::new();
    let mut typed = Typed::default();
    let online = |typed: &mut Typed, line: &str, answers: &[(&str, &str)]| {
        typed.run(&issuer.desk, "coldamp-online", line, answers)
    };
    let total = [("Type the total in base units: ", "18750000000")];
    online(&mut typed, "request distribute PLAIN", &total);
    online(&mut typed, "prepare", &[]);
    let id = issuer.assets[0].issued.asset.to_string();
    let answers = [
        ("(not shown): ", PASSPHRASE),
        ("in base units", "18750000000"),
        ("characters of the asset id: ", &id[56..]),
    ];
    typed.run(cold, "coldamp", "sign", &answers);
    let sent = online(&mut typed, "broadcast", &[]);
    assert!(sent.stderr.contains("audited"), "{}", sent.stderr);
    issuer.mine(2);
    let report = online(&mut typed, "report", &[]);
    assert!(report.stderr.contains("AMP's record of the transaction agrees"), "{}", report.stderr);
    let receipts: u64 =
        issuer.sandbox.with(|_, amp| amp.confirms().iter().map(|confirmed| confirmed.times).sum());
    assert_eq!(receipts, 1);
    assert!(typed.commands <= 6 && typed.characters <= 200, "{} {}", typed.commands, typed.characters);
}

/// Made anew on the local disk, the folder would be hidden when the stick is mounted there; an empty list would read as "nothing is
/// open".
#[test]
fn a_folder_of_jobs_that_is_not_there_is_no_empty_one() {
    let desks = Desks::new();
    let jobs = desks.issuer.desk.path("jobs");
    fs::remove_dir(&jobs).unwrap();
    for step in ["jobs", "prepare", "report", "request burn PLAIN --amount 5000000001"] {
        let words = fails(desks.online(step), 6, "JOB");
        assert!(words.contains("is not there. If it is on a stick, insert and mount the stick"), "{words}");
    }
    fails(desks.cold.run("coldamp", "review"), 6, "JOB");
    assert!(!jobs.exists());
}

#[test]
fn each_step_takes_the_job_that_waits_for_it_and_jobs_says_where_it_stands() {
    let desks = Desks::new();
    let stands = |stage: &str| {
        let found = desks.stages();
        assert!(found.len() == 1 && found[0].contains("-PLAIN-"), "{found:?}");
        assert!(found[0].contains(&format!(": {stage}, 5 000 000 001 base units")), "{found:?}");
    };
    for step in ["prepare", "combine", "broadcast", "report", "request check"] {
        let words = fails(desks.online(step), 2, "JOB");
        assert!(words.contains(&format!("waits for `{step}`")), "{words}");
    }
    fails(desks.cold.run("coldamp", "review --passphrase-file passphrase"), 2, "JOB");
    desks.online("request burn PLAIN --amount 5000000001").done();
    stands("requested");
    desks.online("request check").done();
    let named = desks.online("prepare").done();
    assert!(named.stderr.contains("\njob            "), "{}", named.stderr);
    stands("prepared");
    fails(desks.online("prepare"), 2, "JOB");
    let folder = desks.file("").display().to_string();
    // Nothing is overwritten.
    assert_eq!(desks.online(&format!("prepare {folder}")).code, 7);
    desks.sign();
    stands("signed");
    fails(desks.cold.run("coldamp", "sign --passphrase-file passphrase"), 2, "JOB");
    let review = desks.cold.run("coldamp", &format!("review {folder} --passphrase-file passphrase")).done();
    let code = review.stdout.lines().find_map(|line| line.strip_prefix("approval ")).unwrap().trim();
    // PSET and signed file come over one stick, so what is sent is said, and whether it was prepared here.
    let unknown = "not prepared with this state folder";
    let sent = desks.online("broadcast").done();
    for words in [code, "burn 5 000 000 001 base units of "] {
        assert!(sent.stderr.contains(words) && !sent.stderr.contains(unknown), "{words}: {}", sent.stderr);
    }
    let elsewhere = desks.online(&format!("broadcast {folder} --state other")).done();
    assert!(elsewhere.stderr.contains(unknown), "{}", elsewhere.stderr);
    stands("sent");
    assert_eq!(desks.online("status").code, 10);
    desks.issuer.mine(2);
    desks.online(&format!("report {folder} --no-wait")).done();
    stands("reported");
    let json: Value = serde_json::from_str(&desks.online("jobs --json").done().stdout).unwrap();
    let row = &json["jobs"][0];
    assert_eq!((row["stage"].as_str(), row["base_units"].as_u64()), (Some("reported"), Some(5_000_000_001)));
    assert!(desks.online("status").done().stderr.contains("no prepared request reserves a coin"));
}

#[test]
fn two_jobs_that_wait_for_a_step_are_both_named_and_neither_is_taken() {
    let desks = Desks::new();
    desks.online("request burn PLAIN --amount 5000000001").done();
    desks.online("request reissue PLAIN --amount 123456789").done();
    let folders = desks.folders();
    let words = fails(desks.online("prepare"), 3, "JOB_AMBIGUOUS");
    assert!(folders.len() == 2 && folders.iter().all(|folder| words.contains(folder)), "{words}");
    for folder in &folders {
        desks.online(&format!("prepare jobs/{folder}")).done();
    }
    for step in ["review", "sign"] {
        fails(desks.cold.run("coldamp", &format!("{step} --passphrase-file passphrase")), 3, "JOB_AMBIGUOUS");
    }
    fs::create_dir(desks.issuer.desk.path("jobs/notes")).unwrap();
    fs::write(desks.issuer.desk.path(&format!("jobs/{}/request.json", folders[0])), "{").unwrap();
    let stages = desks.stages();
    assert!(
        stages.iter().any(|line| line == "notes: does not read: its name is not that of a job"),
        "{stages:?}"
    );
    let broken = format!("{}: does not read: the request: ", folders[0]);
    assert!(stages.iter().any(|line| line.starts_with(&broken)), "{stages:?}");
}

#[test]
fn a_job_is_sent_only_with_its_psets_audit_and_no_link_leads_out_of_its_folder() {
    let desks = Desks::new();
    desks.online("request burn PLAIN --amount 5000000001").done();
    desks.online("prepare").done();
    let pset = fs::read(desks.file("unsigned.pset")).unwrap();
    desks.sign();
    let elsewhere = desks.issuer.desk.path("elsewhere");
    for name in ["unsigned.pset", "signed.json"] {
        let path = desks.file(name);
        fs::rename(&path, &elsewhere).unwrap();
        let folder = desks.file("").display().to_string();
        fails(desks.online(&format!("broadcast {folder}")), 6, "JOB");
        symlink(&elsewhere, &path).unwrap();
        let words = fails(desks.online(&format!("broadcast {folder}")), 6, "JOB");
        assert!(words.contains("a link"), "{words}");
        fs::remove_file(&path).unwrap();
        fs::rename(&elsewhere, &path).unwrap();
    }
    // The PSET of another job.
    let (folder, signed) = (desks.file(""), desks.file("signed.json"));
    let other = desks.issuer.desk.path("other.pset");
    desks.online("request reissue PLAIN --amount 7 -o other.json").done();
    desks.online("prepare other.json -o other.pset").done();
    fs::copy(&other, desks.file("unsigned.pset")).unwrap();
    fails(desks.online("broadcast"), 3, "JOB_AMBIGUOUS");
    fails(desks.online(&format!("broadcast {}", folder.display())), 3, "SIGNED_DIFFERS");
    assert!(!signed.with_extension("json.log").exists());
    fs::write(desks.file("unsigned.pset"), pset).unwrap();
    desks.online(&format!("broadcast {}", folder.display())).done();
}

/// Whoever carries the folders hides the job that is meant, and brings one that looks like it.
#[test]
fn a_job_that_is_hidden_is_not_passed_over_in_silence() {
    let desks = Desks::new();
    desks.online("request burn PLAIN --amount 5000000001").done();
    desks.online("request reissue PLAIN --amount 123456789").done();
    let folders = desks.folders();
    for folder in &folders {
        desks.online(&format!("prepare jobs/{folder}")).done();
    }
    let path =
        |folder: usize, name: &str| desks.issuer.desk.path(&format!("jobs/{}/{name}", folders[folder]));
    let unclear = |what: &str| {
        let words = fails(desks.cold.run("coldamp", "sign --passphrase-file passphrase"), 3, "JOB_AMBIGUOUS");
        assert!(words.contains(&folders[0]) && words.contains("does not read"), "{what}: {words}");
    };
    fs::write(path(0, "signed.json"), "{}").unwrap();
    unclear("junk");
    fails(desks.online("combine"), 3, "JOB_AMBIGUOUS");
    // The signed file of another job.
    fs::remove_file(path(0, "signed.json")).unwrap();
    let line = |what: &str| format!("{what} jobs/{} --passphrase-file passphrase", folders[1]);
    let cold = |what: &str| {
        let line = line(what).replace("jobs/", &format!("{}/", desks.issuer.desk.path("jobs").display()));
        desks.cold.run("coldamp", &line).done()
    };
    let review = cold("review");
    let code =
        review.stdout.lines().find_map(|line| line.strip_prefix("approval ")).unwrap().trim().to_owned();
    cold(&format!("sign --approve {code}"));
    fs::rename(path(1, "signed.json"), path(0, "signed.json")).unwrap();
    unclear("another job's");
    // A junk log beside a signed file.
    fs::rename(path(0, "signed.json"), path(1, "signed.json")).unwrap();
    fs::write(path(1, "signed.json.log"), "junk\n").unwrap();
    for step in ["broadcast", "report", "prepare"] {
        fails(desks.online(step), 3, "JOB_AMBIGUOUS");
    }
    // Names from a stick steer no terminal: `Run` looks at what was printed.
    fs::create_dir(desks.issuer.desk.path("jobs/\u{202e}\u{9b}x")).unwrap();
    assert!(desks.online("jobs --json").done().stdout.contains("u{202e}"));
}

#[test]
fn a_distribution_whose_answer_was_lost_goes_on_in_its_own_folder() {
    let desks = Desks::new();
    let ask = "request distribute PLAIN --expect-total 18750000000";
    // AMP refuses the question before it is asked: nothing is left behind.
    assert_ne!(desks.online("request burn PLAIN --amount 1000000000000000").code, 0);
    assert!(desks.folders().is_empty());
    desks.online(ask).done();
    let request = desks.file("request.json");
    let text = fs::read_to_string(&request).unwrap();
    fs::remove_file(&request).unwrap();
    assert!(desks.stages()[0].contains("AMP was asked, and its answer is not there"), "{:?}", desks.stages());
    let words = fails(desks.online(ask), 13, "DISTRIBUTION_OPEN");
    // A second log of the kind, whose name says that it is newer.
    let forged = desks.issuer.desk.path("jobs/9999-12-31-distribute-PLAIN-00000000");
    fs::create_dir(&forged).unwrap();
    fs::copy(
        desks.issuer.desk.path("jobs").join(&desks.folders()[0]).join("request.json.log"),
        forged.join("request.json.log"),
    )
    .unwrap();
    fails(desks.online(ask), 3, "JOB_AMBIGUOUS");
    // One that does not read may be the one that says that AMP was asked.
    fs::write(forged.join("request.json.log"), "junk\n").unwrap();
    fails(desks.online(ask), 6, "JOB");
    fs::remove_dir_all(&forged).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let uuid = value["distribution_uuid"].as_str().unwrap();
    assert!(words.contains(&format!("--distribution {uuid}")), "{words}");
    desks.online(&format!("request distribute PLAIN --distribution {uuid}")).done();
    assert!(request.exists());
    // The next one is another job, whose folder is taken again and again until AMP was asked.
    for _ in 0..2 {
        fails(desks.online(ask), 13, "DISTRIBUTION_OPEN");
        assert_eq!(desks.folders().len(), 2);
    }
    assert!(desks.stages()[0].ends_with(": nothing was asked yet"), "{:?}", desks.stages());
}
