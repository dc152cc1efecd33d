//! `coldamp key watch`, and what holds for every command that opens a keystore.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::support::{Run, SH_WPKH, Vault, WPKH, plaintext, plaintext_with_bip39_passphrase};

const WATCH: &str = "key watch --keystore keystore --passphrase-file passphrase";

#[test]
fn the_descriptor_is_the_one_of_the_recorded_wallet() {
    for (script, descriptor) in [("wpkh", WPKH), ("sh-wpkh", SH_WPKH)] {
        let run = Vault::with_keystore(&plaintext(script)).run(WATCH);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let (text, checksum) = run.stdout.trim_end().split_once('#').unwrap();
        assert_eq!((text, checksum.len()), (descriptor, 8));
        assert_eq!(run.stdout.lines().count(), 1);
        assert!(run.stderr.contains("73c5da0a") && run.stderr.contains("000102030405060708090a0b0c0d0e0f"));
    }
}

#[test]
fn the_descriptor_goes_into_a_new_file_and_never_over_another_one() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    let printed = vault.run(WATCH).stdout;
    let run = vault.run(&format!("{WATCH} -o descriptor"));
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(run.stderr.contains("written      descriptor\n"), "{}", run.stderr);
    assert_eq!(vault.read("descriptor"), printed.as_bytes());
    assert_eq!(fs::metadata(vault.path("descriptor")).unwrap().permissions().mode() & 0o777, 0o600);
    // A second run keeps the file, and one that fails leaves none.
    vault.write("descriptor", "the only copy");
    assert_eq!(vault.run(&format!("{WATCH} -o descriptor")).code, 7);
    assert_eq!(vault.read("descriptor"), b"the only copy");
    vault.write("wrong", "staple battery 7 house\n");
    assert_eq!(vault.run("key watch --keystore keystore --passphrase-file wrong -o other").code, 5);
    assert!(!vault.path("other").exists());
}

#[test]
fn what_does_not_open_exits_with_5() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    vault.write("wrong", "staple battery 7 house\n");
    vault.write("empty", "\n");
    vault.write("text", "coldamp keystore 1\n");
    for arguments in [
        "key watch --keystore keystore --passphrase-file wrong",
        "key watch --keystore keystore --passphrase-file empty",
        "key watch --keystore keystore --passphrase-file missing",
        "key watch --keystore missing --passphrase-file passphrase",
        "key watch --keystore text --passphrase-file passphrase",
        "key watch --keystore . --passphrase-file passphrase",
    ] {
        let run = vault.run(arguments);
        assert_eq!(run.code, 5, "{arguments}: {}", run.stderr);
    }
}

#[test]
fn a_keystore_that_was_edited_exits_with_5() {
    for edited in [
        plaintext("wpkh").replace("73c5da0a", "73c5da0b"),
        plaintext("wpkh").replace("about\n", "abandon\n"),
        plaintext("wpkh") + "note: hello\n",
        plaintext("wpkh").replace("keystore 1", "keystore 2"),
    ] {
        let run = Vault::with_keystore(&edited).run(WATCH);
        assert_eq!(run.code, 5, "{}", run.stderr);
    }
}

#[test]
fn a_wrong_bip_39_passphrase_opens_no_other_wallet() {
    let vault = Vault::with_keystore(&plaintext_with_bip39_passphrase());
    vault.write("mistyped", "TREZoR\n");
    let right = vault.run(&format!("{WATCH} --bip39-passphrase-file bip39-passphrase"));
    assert_eq!(right.code, 0, "{}", right.stderr);
    assert!(right.stdout.contains("[b4e3f5ed/84h/1h/0h]"));
    assert_eq!(vault.run(&format!("{WATCH} --bip39-passphrase-file mistyped")).code, 5);
    let without = Vault::with_keystore(&plaintext("wpkh"));
    assert_eq!(without.run(&format!("{WATCH} --bip39-passphrase-file bip39-passphrase")).code, 5);
}

#[test]
fn with_nobody_to_ask_a_command_exits_with_4() {
    let vault = Vault::with_keystore(&plaintext_with_bip39_passphrase());
    let passphrase = vault.run("key watch --keystore keystore");
    assert_eq!(passphrase.code, 4, "{}", passphrase.stderr);
    assert!(passphrase.stderr.contains("--passphrase-file"));
    let bip39_passphrase = vault.run(WATCH);
    assert_eq!(bip39_passphrase.code, 4, "{}", bip39_passphrase.stderr);
    assert!(bip39_passphrase.stderr.contains("--bip39-passphrase-file"));
}

#[test]
fn a_file_that_others_may_read_is_warned_of() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    assert!(!vault.run(WATCH).stderr.contains("warning"));
    for name in ["keystore", "passphrase"] {
        fs::set_permissions(vault.path(name), Permissions::from_mode(0o644)).unwrap();
    }
    let run = vault.run(WATCH);
    assert_eq!((run.code, run.stderr.matches("warning: ").count()), (0, 2), "{}", run.stderr);
}

#[test]
fn an_output_that_takes_nothing_exits_with_7() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let closed = vault.command(WATCH).stdout(writer).output().unwrap();
    assert_eq!(Run::of(closed).code, 7);
    let full = Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    assert_eq!(Run::of(vault.command(WATCH).stdout(full).output().unwrap()).code, 7);
}

#[test]
fn an_unknown_argument_exits_with_2() {
    let vault = Vault::new();
    for arguments in ["", "key", "key watch", "key watch --keystore keystore --passphrase secret", "sing"] {
        assert_eq!(vault.run(arguments).code, 2, "{arguments}");
    }
    let version = vault.run("--version");
    assert_eq!(
        (version.code, version.stdout.as_str()),
        (0, concat!("coldamp ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}
