//! `coldamp backup` and `coldamp restore`: the three files in one, verified before anything is written, and never taken
//! for the newest journal.

use std::fs;
use std::process::{Command, Stdio};

use coldamp_tests::{Desk, KEYS, RequestKind, Run, Scenario, Treasury};
use secrecy::SecretString;

use super::chain::{Vault, vault};
use super::desk::{not_signed, only, refused, reviewed, signed, warnings};

const BACKUP: &str = "backup --keystore keystore --passphrase-file passphrase -o backup.age";
const RESTORE: &str = "restore --backup backup.age --keystore keystore --passphrase-file passphrase";
const FILES: [&str; 3] = ["keystore", "keystore.journal", "keystore.head"];

fn passphrase() -> SecretString {
    SecretString::from("staple battery 7 horse")
}

/// As `age -d` does it.
fn decrypted(file: &[u8]) -> Vec<u8> {
    let mut identity = age::scrypt::Identity::new(passphrase());
    identity.set_max_work_factor(22);
    age::decrypt(&identity, file).unwrap()
}

fn encrypted(plaintext: &[u8]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(passphrase());
    recipient.set_work_factor(2);
    age::encrypt(&recipient, plaintext).unwrap()
}

/// Another machine with the backup and nothing else. It opens at once: a work factor of 2^18 a command costs a second.
fn restored(backup: &[u8]) -> Desk {
    let desk = machine(backup);
    desk.run("coldamp", RESTORE).done();
    desk.opens_at_once();
    desk
}

fn machine(backup: &[u8]) -> Desk {
    let desk = Desk::default();
    desk.write("backup.age", backup);
    desk.write("passphrase", "staple battery 7 horse\n");
    desk
}

fn backed_up(desk: &Desk) -> Vec<u8> {
    desk.run("coldamp", BACKUP).done();
    let backup = fs::read(desk.path("backup.age")).unwrap();
    fs::remove_file(desk.path("backup.age")).unwrap();
    backup
}

fn plaintext(keystore: &[u8], journal: &str, head: &str) -> Vec<u8> {
    let mut text = format!("coldamp backup 1\nkeystore: {}\n", keystore.len()).into_bytes();
    text.extend_from_slice(keystore);
    text.extend(format!("journal: {}\n{journal}head: {}\n{head}", journal.len(), head.len()).into_bytes());
    text
}

fn keystore_plaintext(desk: &Desk) -> Vec<u8> {
    decrypted(&fs::read(desk.path("keystore")).unwrap())
}

#[test]
fn a_backup_is_an_age_file_with_the_three_files_as_documented() {
    let Vault { desk, psets } = vault();
    signed(&desk, "first", &psets[0]);
    let run = desk.run("coldamp", BACKUP).done();
    assert!(run.stderr.contains("journal        up to entry 1"), "{}", run.stderr);
    assert_eq!((run.stdout.as_str(), desk.mode("backup.age")), ("", 0o600));
    let found = decrypted(&fs::read(desk.path("backup.age")).unwrap());
    let expected =
        plaintext(&keystore_plaintext(&desk), &desk.read("keystore.journal"), &desk.read("keystore.head"));
    assert_eq!(String::from_utf8(found).unwrap(), String::from_utf8(expected).unwrap());
    // In a keystore's place it is told for what it is.
    let run = desk.run("coldamp", "key watch --keystore backup.age --passphrase-file passphrase");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("it is a backup and no keystore"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: Restore it with `coldamp restore"), "{}", run.stderr);
    // Never over a file that is there.
    let before = fs::read(desk.path("backup.age")).unwrap();
    assert_eq!(desk.run("coldamp", BACKUP).code, 7);
    assert_eq!(fs::read(desk.path("backup.age")).unwrap(), before);
}

#[test]
fn what_was_signed_before_the_backup_is_known_after_it() {
    let Vault { desk, psets } = vault();
    acknowledge(&desk);
    let first = signed(&desk, "first", &psets[0]);
    let backup = backed_up(&desk);
    let copy = restored(&backup);
    for name in FILES {
        assert_eq!(copy.mode(name), 0o600, "{name}");
    }
    let (old, new) = (desk.read("keystore.journal"), copy.read("keystore.journal"));
    assert!(new.starts_with(&old) && new.lines().count() == old.lines().count() + 1, "{new}");
    copy.run("coldamp", &format!("journal verify {KEYS}")).done();
    assert_eq!(keystore_plaintext(&copy), keystore_plaintext(&desk));
    // The transaction that was signed comes out again, byte for byte, from its own entry.
    let again = signed(&copy, "again", &psets[0]);
    assert_eq!(again, first);
    // Another one for the same request does not.
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let twin = job.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset;
    not_signed(&copy, "twin", &twin, &["ALREADY_SIGNED"]);
    // Words alone know none of it.
    let words = Desk::cold(&scenario);
    assert_eq!(reviewed(&words, &twin).0, [""; 0]);
}

fn acknowledge(desk: &Desk) {
    let acknowledge = format!("journal acknowledge-unknown {KEYS}");
    desk.run_typing("coldamp", &acknowledge, &[("Type SETTLED", "SETTLED")]).done();
}

fn compare(desk: &Desk, typed: &str) -> Run {
    desk.run_typing("coldamp", &format!("journal compare {KEYS}"), &[("highest entry number", typed)])
}

fn warned(desk: &Desk, pset: &str) -> bool {
    warnings(desk, pset).contains(&"LATER_UNKNOWN".to_owned())
}

#[test]
fn every_review_warns_until_the_newest_entry_known_is_typed() {
    let Vault { desk, psets } = vault();
    acknowledge(&desk);
    // Nothing to compare where no backup was put back.
    refused(&desk, &format!("journal compare {KEYS}"), &["JOURNAL"]);
    assert!(!warned(&desk, &psets[1]));
    signed(&desk, "first", &psets[0]);
    let copy = restored(&backed_up(&desk));
    assert!(warned(&copy, &psets[1]));
    copy.write("second.pset", &psets[1]);
    let screen = copy.run("coldamp", &format!("review second.pset {KEYS}")).done().stdout;
    assert!(screen.to_lowercase().contains("apply the newest policy file again"), "{screen}");
    // To acknowledge without having looked lifts nothing of it.
    refused(&copy, &format!("journal acknowledge-unknown {KEYS}"), &["JOURNAL"]);
    assert!(warned(&copy, &psets[1]));
    // Nobody to ask, and answers that cannot be right.
    let alone = copy.run("coldamp", &format!("journal compare {KEYS}"));
    assert_eq!(alone.code, 4, "{}", alone.stderr);
    for wrong in ["1", "", "two", "-2", "+2", "02", "2 3", "99999999999"] {
        let run = compare(&copy, wrong);
        assert_eq!(run.code, 4, "{wrong}: {}", run.stderr);
    }
    assert!(warned(&copy, &psets[1]));
    let run = compare(&copy, "2");
    assert_eq!(run.code, 0, "{}", run.stderr);
    // The number says nothing of a policy.
    assert!(
        run.stderr.contains("apply the newest policy file again with `coldamp policy apply`"),
        "{}",
        run.stderr
    );
    assert!(!warned(&copy, &psets[1]));
    refused(&copy, &format!("journal compare {KEYS}"), &["JOURNAL"]);
    let list = copy.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.contains("restored     from a backup whose newest entry is 2"), "{list}");
    assert!(list.contains("compared     the newest entry known after the backup is 2"), "{list}");
}

#[test]
fn entries_known_to_be_missing_are_warned_of_until_they_are_acknowledged() {
    let Vault { desk, psets } = vault();
    acknowledge(&desk);
    let backup = backed_up(&desk);
    let lost = signed(&desk, "lost", &psets[0]);
    let number = lost["signer"]["number"].as_u64().unwrap();
    let copy = restored(&backup);
    let run = compare(&copy, &number.to_string());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("entries 2 to 2 are missing here"), "{}", run.stderr);
    assert!(warned(&copy, &psets[1]));
    copy.write("second.pset", &psets[1]);
    let screen = copy.run("coldamp", &format!("review second.pset {KEYS}")).done().stdout;
    assert!(screen.contains("lacks entries 2 to 2"), "{screen}");
    assert!(screen.to_lowercase().contains("apply the newest policy file again"), "{screen}");
    acknowledge(&copy);
    assert!(!warned(&copy, &psets[1]));
    // A backup of the restored machine says what the first one did, and is itself older than what comes after it.
    fs::remove_file(copy.path("backup.age")).unwrap();
    let again = restored(&backed_up(&copy));
    assert!(warned(&again, &psets[1]));
}

#[test]
fn a_second_backup_leaves_the_gap_of_the_first_one_open() {
    let Vault { desk, psets } = vault();
    acknowledge(&desk);
    let backup = backed_up(&desk);
    signed(&desk, "lost", &psets[0]);
    let copy = restored(&backup);
    assert_eq!(compare(&copy, "2").code, 0);
    // A lower number than the one found before does not take it back.
    let run = compare(&copy, "1");
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(run.stderr.contains("entry 2 was found before"), "{}", run.stderr);
    assert!(warned(&copy, &psets[1]));

    let newest = copy.read("keystore.journal").lines().count() - 1;
    std::fs::remove_file(copy.path("backup.age")).unwrap();
    let again = restored(&backed_up(&copy));
    again.write("second.pset", &psets[1]);
    let screen = |desk: &Desk| desk.run("coldamp", &format!("review second.pset {KEYS}")).done().stdout;
    let both = screen(&again);
    assert!(both.contains("lacks entries 2 to 2"), "{both}");
    assert!(both.contains(&format!("after entry {newest}")), "{both}");
    // Nothing is newer than the second backup: its own gap ends, and entry 2 is missing as before.
    let run = compare(&again, &newest.to_string());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("Reviews still warn: entries 2 to 2 are missing"), "{}", run.stderr);
    let first = screen(&again);
    assert!(first.contains("lacks entries 2 to 2"), "{first}");
    assert!(!first.contains(&format!("after entry {newest}")), "{first}");
    acknowledge(&again);
    assert!(!warned(&again, &psets[1]));
}

#[test]
fn what_is_acknowledged_ends_no_warning_of_a_backup_that_was_not_compared() {
    let Vault { desk, psets } = vault();
    let copy = restored(&backed_up(&desk));
    let acknowledge = format!("journal acknowledge-unknown {KEYS}");
    let run = copy.run_typing("coldamp", &acknowledge, &[("Type SETTLED", "SETTLED")]).done();
    assert!(run.stderr.contains("Reviews still warn: signings after entry 0 are unknown"), "{}", run.stderr);
    assert!(warned(&copy, &psets[1]));
    let run = compare(&copy, "0");
    assert!(run.stderr.contains("Reviews no longer warn of missing signings"), "{}", run.stderr);
    assert!(!warned(&copy, &psets[1]));
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_behind() {
    let Vault { desk, .. } = vault();
    let backup = backed_up(&desk);
    for name in FILES {
        let taken = machine(&backup);
        taken.write(name, "mine");
        let run = taken.run("coldamp", RESTORE);
        assert_eq!(run.code, 7, "{name}: {}", run.stderr);
        assert_eq!(taken.read(name), "mine");
        assert_eq!(taken.files(), ["backup.age", name, "passphrase"]);
    }
}

#[test]
fn a_backup_is_made_of_a_whole_chain_that_nobody_else_holds() {
    let Vault { desk, .. } = vault();
    let mut holder = Command::new("flock")
        .args(["--exclusive", "keystore.journal", "sh", "-c", "echo held; cat"])
        .current_dir(desk.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut held = [0; 5];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut held).unwrap();
    refused(&desk, BACKUP, &["JOURNAL_BUSY"]);
    drop(holder.stdin.take());
    holder.wait().unwrap();
    // A line that a power cut tore is no part of it.
    let whole = desk.read("keystore.journal");
    desk.write("keystore.journal", format!("{whole}0123456789abcdef {{\"sig"));
    let backup = String::from_utf8(decrypted(&backed_up(&desk))).unwrap();
    assert!(backup.contains(&format!("journal: {}\n{whole}head: ", whole.len())), "{backup}");
    // Nor is a chain backed up that would sign nothing.
    for name in ["keystore.head", "keystore.journal"] {
        let content = desk.read(name);
        fs::remove_file(desk.path(name)).unwrap();
        refused(&desk, BACKUP, &["JOURNAL"]);
        desk.write(name, content);
    }
}

#[test]
fn a_backup_whose_parts_do_not_belong_together_is_refused() {
    let Vault { desk, psets } = vault();
    let (old_journal, old_head) = (desk.read("keystore.journal"), desk.read("keystore.head"));
    signed(&desk, "first", &psets[0]);
    let keystore = keystore_plaintext(&desk);
    let (journal, head) = (desk.read("keystore.journal"), desk.read("keystore.head"));
    let sibling = Desk::cold(&Scenario::load("wpkh"));
    let stranger = Desk::cold(&Scenario::load("sh-wpkh"));
    let foreign = |other: &Desk| (other.read("keystore.journal"), other.read("keystore.head"));
    let (sibling, stranger) = (foreign(&sibling), foreign(&stranger));
    let rows: Vec<(&str, Vec<u8>, i32, &str)> = vec![
        ("an older head", plaintext(&keystore, &journal, &old_head), 3, "error[JOURNAL]: "),
        ("an older journal", plaintext(&keystore, &old_journal, &head), 3, "error[JOURNAL]: "),
        ("a journal without entries", plaintext(&keystore, "", &head), 3, "error[JOURNAL]: "),
        ("no head", plaintext(&keystore, &journal, ""), 3, "error[JOURNAL]: "),
        ("a forged head", plaintext(&keystore, &journal, &head.replace("1 ", "2 ")), 3, "error[JOURNAL]: "),
        ("a torn line", plaintext(&keystore, &format!("{journal}0123 {{"), &head), 3, "error[JOURNAL]: "),
        (
            "an altered entry",
            plaintext(&keystore, &journal.replace("\"restored\"", "\"new\""), &head),
            3,
            "error[JOURNAL]: ",
        ),
        (
            "the chain of another keystore of these words",
            plaintext(&keystore, &sibling.0, &sibling.1),
            3,
            "error[JOURNAL]: ",
        ),
        (
            "the chain of other keys",
            plaintext(&keystore, &stranger.0, &stranger.1),
            3,
            "error[KEY_MISMATCH]: ",
        ),
        ("a keystore", keystore.clone(), 5, "it is a keystore and no backup"),
        ("a text", b"hello\n".to_vec(), 5, "does not begin with the line `coldamp backup 1`"),
        ("a part cut off", plaintext(&keystore, &journal, &head)[..300].to_vec(), 5, "its part `"),
        (
            "more behind it",
            [plaintext(&keystore, &journal, &head), b"x".to_vec()].concat(),
            5,
            "goes on behind",
        ),
        (
            "a keystore in it that is none",
            plaintext(&keystore[1..], &journal, &head),
            5,
            "the keystore in it is wrong",
        ),
    ];
    for (what, plaintext, exit, words) in rows {
        let desk = machine(&encrypted(&plaintext));
        let run = desk.run("coldamp", RESTORE);
        assert_eq!(run.code, exit, "{what}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{what}: {}", run.stderr);
        assert!(run.stderr.contains("\nhint: ") && !run.stderr.contains("abandon"), "{what}: {}", run.stderr);
        assert_eq!(desk.files(), ["backup.age", "passphrase"], "{what}: left something behind");
    }
    // The parts as they are do restore: each refusal above is the alteration's.
    restored(&encrypted(&plaintext(&keystore, &journal, &head)));
    // What age refuses.
    let good = encrypted(&plaintext(&keystore, &journal, &head));
    for (bytes, passphrase) in
        [(&good[..good.len() - 1], "staple battery 7 horse"), (&good[..], "another"), (&b""[..], "any")]
    {
        let desk = machine(bytes);
        desk.write("passphrase", passphrase);
        assert_eq!(desk.run("coldamp", RESTORE).code, 5);
        assert_eq!(desk.files(), ["backup.age", "passphrase"]);
    }
}
