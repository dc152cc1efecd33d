#![expect(clippy::disallowed_methods, reason = "the tests make files as an operator does")]

use super::*;
use std::os::unix::fs::symlink;

const TABLE: Hints = coldamp_core::hints! { Job | JobAmbiguous => "x"; [elsewhere] Parse; };

const OLD: &str = "2026-11-28-burn-PLAIN-00000000";
const LINK: &str = "2026-11-30-burn-LINK-22222222";
const NEW: &str = "2026-11-29-distribute-PLAIN-11111111";

fn jobs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in [OLD, NEW, "other"] {
        JobFolder::at(&folder.path().join(name)).create().unwrap();
    }
    symlink(folder.path().join(NEW), folder.path().join(LINK)).unwrap();
    fs::write(folder.path().join("2026-11-30-burn-FILE-22222222"), "").unwrap();
    folder
}

fn picked(jobs: &Path, waits: impl Fn(&JobFolder) -> Result<bool, String>) -> Result<Picked, Failure> {
    pick(None, Some(jobs), "prepare", &TABLE, waits)
}

#[test]
fn the_one_job_that_waits_is_picked_and_two_are_refused() {
    let folder = jobs();
    let names: Vec<String> =
        list(folder.path(), &TABLE).unwrap().into_iter().map(|found| found.name).collect();
    assert_eq!(names, [NEW, OLD, "other", LINK]);
    // What is carried as a link, under another name or with files that do not read may be the job that is meant.
    let unclear = |what: &str| {
        let refused = picked(folder.path(), |job| Ok(job.has(SIGNED))).unwrap_err();
        assert_eq!(refused.code, Some(Code::JobAmbiguous), "{what}");
    };
    unclear("a link");
    fs::remove_file(folder.path().join(LINK)).unwrap();
    fs::write(folder.path().join("other").join(UNSIGNED), "").unwrap();
    unclear("renamed");
    fs::remove_file(folder.path().join("other").join(UNSIGNED)).unwrap();
    let unread = picked(folder.path(), |job| match job.path().ends_with(OLD) {
        true => Err("junk".to_owned()),
        false => Ok(true),
    });
    assert_eq!(unread.unwrap_err().code, Some(Code::JobAmbiguous));
    let none = picked(folder.path(), |job| Ok(job.has(REQUEST))).unwrap_err();
    assert_eq!(none.code, Some(Code::Job));
    let two = picked(folder.path(), |_| Ok(true)).unwrap_err();
    assert_eq!((two.code, two.lines.len()), (Some(Code::JobAmbiguous), 2));
    fs::write(folder.path().join(OLD).join(REQUEST), "").unwrap();
    let one = picked(folder.path(), |job| Ok(job.has(REQUEST))).unwrap();
    assert_eq!(one, Picked::Job(JobFolder::at(&folder.path().join(OLD))));
    let missing = list(&folder.path().join("none"), &TABLE).unwrap_err();
    assert!(
        missing.code == Some(Code::Job) && missing.message.contains("is not there"),
        "{}",
        missing.message
    );
}

#[test]
fn a_file_of_a_job_is_no_link() {
    let folder = jobs();
    let job = JobFolder::at(&folder.path().join(OLD));
    symlink("/etc/passwd", job.path_of(SIGNED)).unwrap();
    symlink("/etc/passwd", job.path_of("signatures-00000000.json")).unwrap();
    fs::create_dir(job.path_of(REQUEST)).unwrap();
    assert!(job.has(SIGNED));
    for name in [SIGNED, REQUEST, UNSIGNED] {
        assert_eq!(job.file(name, &TABLE).unwrap_err().code, Some(Code::Job), "{name}");
    }
    assert_eq!(job.signatures(&TABLE).unwrap_err().code, Some(Code::Job));
    fs::remove_file(job.path_of("signatures-00000000.json")).unwrap();
    fs::write(job.path_of("signatures-11111111.json"), "").unwrap();
    assert_eq!(job.signatures(&TABLE).unwrap(), [job.path_of("signatures-11111111.json")]);
    for number in 0..15 {
        fs::write(job.path_of(&format!("signatures-{number}.json")), "").unwrap();
    }
    assert_eq!(job.signatures(&TABLE).unwrap_err().code, Some(Code::Job), "more than a treasury has keys");
}

#[test]
fn a_new_job_takes_a_name_that_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let new = || new_folder(folder.path(), Command::Burn, "PLAIN", 1_795_910_400);
    let first = new();
    first.create().unwrap();
    let second = new();
    assert_ne!(first, second);
    first.remove_if_empty();
    assert_eq!(new(), first);
}
