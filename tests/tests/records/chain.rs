//! A chain that is missing, copied, older, forked, altered or held by somebody else is refused, never taken for empty.

use std::fs;
use std::process::{Command, Stdio};

use coldamp_tests::{Desk, KEYS, RequestKind, Scenario, Treasury, policy_file};

use super::desk::{not_signed, only, refused, reviewed, signed, warnings};

/// A cold machine with something to sign.
pub(crate) struct Vault {
    pub(crate) desk: Desk,
    /// Two requests' PSETs of disjoint coins.
    pub(crate) psets: [String; 2],
}

pub(crate) fn vault() -> Vault {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let distribute = treasury.job(&scenario, RequestKind::Distribute);
    let burn = treasury.job(&scenario, RequestKind::Burn);
    let psets = [
        distribute.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset,
        burn.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset,
    ];
    Vault { desk: Desk::cold(&scenario), psets }
}

fn copied(desk: &Desk) -> Desk {
    let copy = Desk::default();
    for name in desk.files() {
        copy.write(&name, fs::read(desk.path(&name)).unwrap());
    }
    copy
}

#[test]
fn a_chain_that_is_missing_is_not_an_empty_one() {
    let Vault { desk, psets } = vault();
    signed(&desk, "first", &psets[0]);
    fs::remove_file(desk.path("keystore.journal")).unwrap();
    not_signed(&desk, "second", &psets[1], &["JOURNAL"]);
    // The journal alone says which treasury the keystore signs for.
    let run = desk.run("coldamp", &format!("review second.pset {KEYS} --json"));
    let review: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(run.code == 3 && review["treasury"].is_null() && review["approval"].is_null(), "{review}");
    for command in [
        "journal list",
        "journal verify",
        "journal acknowledge-unknown",
        "journal rebuild-head",
        "policy show",
    ] {
        refused(&desk, &format!("{command} {KEYS}"), &["JOURNAL"]);
    }
    desk.write("keystore.journal", "");
    not_signed(&desk, "third", &psets[1], &["JOURNAL"]);
    // The keystore copied to another folder without its chain.
    let Vault { desk: other, .. } = vault();
    let copy = Desk::default();
    for name in ["keystore", "passphrase"] {
        copy.write(name, fs::read(other.path(name)).unwrap());
    }
    not_signed(&copy, "fourth", &psets[1], &["JOURNAL"]);
}

#[test]
fn another_keystores_chain_is_refused_and_told_apart_by_its_keys() {
    let Vault { desk, psets } = vault();
    // The same words restored once more have another chain.
    let Vault { desk: sibling, .. } = vault();
    let stranger = Desk::cold(&Scenario::load("sh-wpkh"));
    for (other, codes) in [(&sibling, &["JOURNAL"][..]), (&stranger, &["JOURNAL", "KEY_MISMATCH"])] {
        let copy = copied(&desk);
        for name in ["keystore.journal", "keystore.head"] {
            copy.write(name, fs::read(other.path(name)).unwrap());
        }
        // The head is the other keystore's as well; with our own, the chain itself must be found out.
        not_signed(&copy, "foreign", &psets[0], &["JOURNAL"]);
        copy.write("keystore.head", desk.read("keystore.head"));
        not_signed(&copy, "other", &psets[0], codes);
    }
}

#[test]
fn an_older_chain_and_a_cut_one_are_refused() {
    let Vault { desk, psets } = vault();
    let older = desk.read("keystore.journal");
    signed(&desk, "first", &psets[0]);
    let newer = desk.read("keystore.journal");
    assert!(newer.starts_with(&older) && newer.len() > older.len());
    for (name, chain) in [
        ("rolled-back", older.as_str()),
        ("cut", &newer[..newer.len() - 1]),
        ("cut-more", &newer[..newer.len() - 80]),
    ] {
        desk.write("keystore.journal", chain);
        not_signed(&desk, name, &psets[1], &["JOURNAL"]);
    }
    desk.write("keystore.journal", &newer);
    signed(&desk, "second", &psets[1]);
}

#[test]
fn a_fork_is_refused_on_both_sides() {
    let Vault { desk, psets } = vault();
    let fork = copied(&desk);
    let (one, other) = (signed(&desk, "first", &psets[0]), signed(&fork, "second", &psets[1]));
    // What came out tells the online side: one number, two heads.
    assert_eq!(one["signer"]["id"], other["signer"]["id"]);
    assert_eq!(one["signer"]["number"], other["signer"]["number"]);
    assert_ne!(one["signer"]["head"], other["signer"]["head"]);
    let chain = fork.read("keystore.journal");
    fork.write("keystore.journal", desk.read("keystore.journal"));
    desk.write("keystore.journal", chain);
    not_signed(&desk, "third", &psets[0], &["JOURNAL"]);
    not_signed(&fork, "fourth", &psets[1], &["JOURNAL"]);
}

#[test]
fn an_altered_entry_is_named_and_an_altered_policy_besides() {
    let Vault { desk, psets } = vault();
    let asset = Scenario::load("wpkh").info().asset.clone();
    desk.set_policy(&policy_file(&asset, "burn.max=1"));
    not_signed(&desk, "above", &psets[1], &["POLICY_MAX"]);
    let chain = desk.read("keystore.journal");
    let raised = chain.replace("\"max\":1,", "\"max\":1000000,");
    assert_ne!(raised, chain);
    desk.write("keystore.journal", raised);
    not_signed(&desk, "raised", &psets[1], &["JOURNAL", "POLICY_MAC"]);
    let removed: Vec<&str> = chain.lines().filter(|line| !line.contains("policy_set")).collect();
    desk.write("keystore.journal", format!("{}\n", removed.join("\n")));
    not_signed(&desk, "removed", &psets[1], &["JOURNAL"]);
    let mut lines: Vec<&str> = chain.lines().collect();
    lines.swap(0, 1);
    desk.write("keystore.journal", format!("{}\n", lines.join("\n")));
    not_signed(&desk, "reordered", &psets[1], &["JOURNAL", "POLICY_MAC"]);
    desk.write("keystore.journal", chain.replace("restored", "new"));
    not_signed(&desk, "origin", &psets[1], &["JOURNAL"]);
}

#[test]
fn links_and_folders_in_place_of_the_chain_are_not_followed() {
    let Vault { desk, psets } = vault();
    fs::rename(desk.path("keystore.journal"), desk.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", desk.path("keystore.journal")).unwrap();
    not_signed(&desk, "link", &psets[0], &["JOURNAL"]);
    fs::remove_file(desk.path("keystore.journal")).unwrap();
    fs::create_dir(desk.path("keystore.journal")).unwrap();
    not_signed(&desk, "folder", &psets[0], &["JOURNAL"]);
}

#[test]
fn while_one_process_holds_the_chain_no_other_signs() {
    let Vault { desk, psets } = vault();
    let (codes, approval) = reviewed(&desk, &psets[0]);
    assert_eq!(codes, [""; 0]);
    desk.write("first.pset", &psets[0]);
    // flock of util-linux takes the same lock as the binary, for as long as it reads from the pipe.
    let mut holder = Command::new("flock")
        .args(["--exclusive", "keystore.journal", "sh", "-c", "echo held; cat"])
        .current_dir(desk.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut held = [0; 5];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut held).unwrap();
    let sign = format!("sign first.pset {KEYS} --approve {} -o first.json", approval.unwrap());
    let run = refused(&desk, &sign, &["JOURNAL_BUSY"]);
    assert!(run.stderr.contains("another coldamp"), "{}", run.stderr);
    refused(&desk, &format!("journal acknowledge-unknown {KEYS}"), &["JOURNAL_BUSY"]);
    // A look needs no lock.
    assert_eq!(reviewed(&desk, &psets[0]).0, [""; 0]);
    drop(holder.stdin.take());
    holder.wait().unwrap();
    desk.run("coldamp", &sign).done();
}

#[test]
fn of_two_that_sign_at_once_for_one_request_one_is_refused() {
    let scenario = Scenario::load("wpkh");
    let treasury = Treasury::of(&scenario);
    let job = treasury.job(&scenario, RequestKind::Distribute);
    let desk = Desk::cold(&scenario);
    let psets = [
        job.prepare_from(&[], only(&["8cbb31:2", "8cbb31:0"])).pset,
        job.prepare_from(&[], only(&["8cbb31:1", "6d35d7:1"])).pset,
    ];
    let commands: Vec<String> = psets
        .iter()
        .enumerate()
        .map(|(index, pset)| {
            let approval = reviewed(&desk, pset).1.unwrap();
            desk.write(&format!("{index}.pset"), pset);
            format!("sign {index}.pset {KEYS} --approve {approval} -o {index}.json")
        })
        .collect();
    let runs = std::thread::scope(|scope| {
        let threads: Vec<_> =
            commands.iter().map(|command| scope.spawn(|| desk.run("coldamp", command))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let codes: Vec<i32> = runs.iter().map(|run| run.code).collect();
    assert!(codes == [0, 3] || codes == [3, 0], "{codes:?}");
    let refused = runs.iter().find(|run| run.code == 3).unwrap();
    let named = ["JOURNAL_BUSY", "ALREADY_SIGNED"].iter().any(|code| refused.names(code));
    assert!(named, "{}", refused.stderr);
    assert_eq!(desk.has("0.json"), codes[0] == 0);
    assert_eq!(desk.has("1.json"), codes[1] == 0);
}

#[test]
fn a_line_that_a_power_cut_tore_is_written_over() {
    let Vault { desk, psets } = vault();
    let whole = desk.read("keystore.journal");
    desk.write("keystore.journal", format!("{whole}0123456789abcdef {{\"sig"));
    signed(&desk, "first", &psets[0]);
    let chain = desk.read("keystore.journal");
    assert!(chain.starts_with(&whole) && chain.lines().count() == whole.lines().count() + 1);
    desk.run("coldamp", &format!("journal verify {KEYS}")).done();
    // The entry was on the disk and the head was not yet written: nothing is lost.
    let head = desk.read("keystore.head");
    signed(&desk, "second", &psets[1]);
    desk.write("keystore.head", head);
    let run = desk.run("coldamp", &format!("journal verify {KEYS}")).done();
    assert!(run.stdout.starts_with("2 "), "{}", run.stdout);
}

#[test]
fn a_head_that_is_missing_or_forged_is_refused() {
    let Vault { desk, psets } = vault();
    let head = desk.read("keystore.head");
    fs::remove_file(desk.path("keystore.head")).unwrap();
    not_signed(&desk, "missing", &psets[0], &["JOURNAL"]);
    for forged in [head.replace("0 ", "1 "), head.trim_end().to_owned(), head.to_uppercase(), String::new()] {
        desk.write("keystore.head", &forged);
        not_signed(&desk, "forged", &psets[0], &["JOURNAL"]);
    }
    desk.write("keystore.head", &head);
    signed(&desk, "second", &psets[0]);
}

#[test]
fn earlier_signings_are_warned_of_until_they_are_acknowledged() {
    let Vault { desk, psets } = vault();
    let unknown = "EARLIER_UNKNOWN".to_owned();
    assert!(warnings(&desk, &psets[0]).contains(&unknown));
    let acknowledge = format!("journal acknowledge-unknown {KEYS}");
    // Nobody to ask, another answer, left: it stays as it was.
    let before = desk.read("keystore.journal");
    assert_eq!(desk.run("coldamp", &acknowledge).code, 4);
    for answer in ["", "y", "yes", "known", "\u{3}"] {
        let run = desk.run_typing("coldamp", &acknowledge, &[("Type SETTLED", answer)]);
        assert_eq!(run.code, 4, "{answer:?}: {}", run.stderr);
    }
    assert_eq!(desk.read("keystore.journal"), before);
    assert!(warnings(&desk, &psets[0]).contains(&unknown));
    let run = desk.run_typing("coldamp", &acknowledge, &[("Type SETTLED", "SETTLED")]).done();
    assert!(run.stderr.contains("paid twice"), "{}", run.stderr);
    assert!(!warnings(&desk, &psets[0]).contains(&unknown));
    // Once is enough, and a second entry would say nothing.
    refused(&desk, &acknowledge, &["JOURNAL"]);
    assert_eq!(desk.run("coldamp", &format!("journal acknowledge {KEYS}")).code, 2);
    let list = desk.run("coldamp", &format!("journal list {KEYS}")).done().stdout;
    assert!(list.contains("created") && list.contains("acknowledged"), "{list}");
}

#[test]
fn nothing_leaves_before_its_entry_is_on_the_disk() {
    let Vault { desk, psets } = vault();
    let (_, approval) = reviewed(&desk, &psets[0]);
    desk.write("first.pset", &psets[0]);
    let sign = format!("sign first.pset {KEYS} --approve {} -o taken.json", approval.unwrap());
    // A file system that is full for the head: its temporary file cannot be made.
    let before = desk.read("keystore.journal");
    fs::set_permissions(desk.path(""), std::os::unix::fs::PermissionsExt::from_mode(0o500)).unwrap();
    let run = desk.run("coldamp", &sign);
    fs::set_permissions(desk.path(""), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    if run.code == 0 {
        // root writes everywhere: then the order is shown by the entry being there with the file.
        assert!(desk.read("keystore.journal").len() > before.len());
        return;
    }
    assert_eq!(run.code, 7, "{}", run.stderr);
    assert!(!desk.has("taken.json"));
}
