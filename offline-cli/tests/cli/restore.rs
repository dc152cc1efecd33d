//! `coldamp key restore`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::{SH_WPKH, Vault, WORDS, WPKH, plaintext, plaintext_with_bip39_passphrase};

const FILES: &str = "--mnemonic-file words --passphrase-file passphrase";

/// What a keystore says of its journal chain, and the rest.
fn split_chain(plaintext: &str) -> (String, String) {
    let (chain, rest): (Vec<_>, Vec<_>) = plaintext.lines().partition(|line| line.starts_with("chain: "));
    (chain.concat(), rest.join("\n"))
}

#[test]
fn what_was_restored_can_be_watched_and_addressed() {
    for (script, descriptor, address) in [
        (
            "wpkh",
            WPKH,
            "el1qq2xvpcvfup5j8zscjq05u2wxxjcyewk7979f3mmz5l7uw5pqmx6xf5xy50hsn6vhkm5euwt72x878eq6zxx2z0z676mna6kdq",
        ),
        (
            "sh-wpkh",
            SH_WPKH,
            "AzpmUtw4GMrEsfz6GKx5SKT1DV3qLS3xtSGdKG351rMjGxoUwS6Vsbu3zu2opBiPtjWs1GnE48uMFFnb",
        ),
    ] {
        let vault = Vault::new();
        let made = vault.run(&format!(
            "key restore --no-policy --keystore new --network regtest --script {script} {FILES}"
        ));
        assert_eq!((made.code, made.stdout.as_str()), (0, ""), "{}", made.stderr);
        assert!(made.stderr.contains("fingerprint    73c5da0a\n"), "{}", made.stderr);
        assert_eq!(fs::metadata(vault.path("new")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            vault.files(),
            ["bip39-passphrase", "new", "new.head", "new.journal", "passphrase", "words"]
        );

        let watch = vault.run("key watch --keystore new --passphrase-file passphrase");
        assert!(watch.stdout.starts_with(&format!("{descriptor}#")), "{}", watch.stderr);
        let checksum = watch.stdout.trim_end().rsplit('#').next().unwrap();
        for fact in [format!("first address  {address}\n"), format!("checksum       {checksum} (of")] {
            assert!(made.stderr.contains(&fact), "{}", made.stderr);
        }
        let shown = vault.run("key address --keystore new --passphrase-file passphrase --index 0");
        assert_eq!(shown.stdout, format!("{address}\n"), "{}", shown.stderr);
    }
}

#[test]
fn the_age_file_decrypts_without_us_and_each_has_its_own_chain() {
    let vault = Vault::new();
    let mut chains = Vec::new();
    for name in ["one", "two"] {
        assert_eq!(
            vault.run(&format!("key restore --no-policy --keystore {name} --network regtest {FILES}")).code,
            0
        );
        let file = vault.read(name);
        let header = String::from_utf8_lossy(&file);
        let recipient = header.lines().nth(1).unwrap();
        assert!(recipient.starts_with("-> scrypt ") && recipient.ends_with(" 18"), "{recipient}");
        let (chain, rest) = split_chain(&vault.decrypt(name));
        assert_eq!(rest, split_chain(&plaintext("wpkh")).1);
        assert_eq!(chain.len(), "chain: ".len() + 32);
        chains.push(chain);
    }
    assert_ne!(chains.first(), chains.last());
}

#[test]
fn a_bip_39_passphrase_is_noted_and_not_stored() {
    let vault = Vault::new();
    let asset = "11".repeat(32);
    let run = vault.run(&format!(
        "key restore --no-policy --keystore new --network regtest --policy-asset {asset} {FILES} --bip39-passphrase-file bip39-passphrase"
    ));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected =
        plaintext_with_bip39_passphrase().replace("script", &format!("policy-asset: {asset}\nscript"));
    assert_eq!(split_chain(&vault.decrypt("new")).1, split_chain(&expected).1);
}

#[test]
fn an_existing_file_is_not_overwritten_and_a_missing_folder_not_made() {
    let vault = Vault::new();
    vault.write("taken", "the only copy");
    let run = vault.run(&format!("key restore --no-policy --keystore taken --network regtest {FILES}"));
    assert_eq!(run.code, 7, "{}", run.stderr);
    assert_eq!(vault.read("taken"), b"the only copy");
    assert_eq!(
        vault.run(&format!("key restore --no-policy --keystore missing/new --network regtest {FILES}")).code,
        7
    );
}

#[test]
fn what_is_no_mnemonic_exits_with_6_and_leaves_nothing() {
    let vault = Vault::new();
    for words in [
        String::new(),
        "\n".to_owned(),
        WORDS.replace("about", "abandon"),
        WORDS.replace("about", "abuot"),
        WORDS.replacen("abandon ", "", 1),
        WORDS.replacen("abandon abandon ", "abandon abandon\n", 1),
        "x".repeat(5_000),
    ] {
        vault.write("words", &words);
        let run = vault.run(&format!("key restore --no-policy --keystore new --network regtest {FILES}"));
        assert_eq!(run.code, 6, "{}", run.stderr);
        assert!(!run.stderr.contains("abuot") && !run.stderr.contains("xxx"), "{}", run.stderr);
    }
    fs::remove_file(vault.path("words")).unwrap();
    assert_eq!(
        vault.run(&format!("key restore --no-policy --keystore new --network regtest {FILES}")).code,
        6
    );
    assert_eq!(vault.files(), ["bip39-passphrase", "passphrase"]);
}

#[test]
fn arguments_that_name_no_network_or_script_exit_with_2() {
    let vault = Vault::new();
    let asset = "11".repeat(32);
    for arguments in [
        "--network liquidv1",
        "--network Liquid",
        "--network regtest --script wsh",
        "--network regtest --policy-asset 11",
        &format!("--network liquid --policy-asset {asset}"),
        "",
    ] {
        let run = vault.run(&format!("key restore --no-policy --keystore new {FILES} {arguments}"));
        assert_eq!(run.code, 2, "{arguments}: {}", run.stderr);
    }
    assert_eq!(vault.files(), ["bip39-passphrase", "passphrase", "words"]);
}

#[test]
fn with_nobody_to_ask_nothing_is_made() {
    let vault = Vault::new();
    for files in ["", "--mnemonic-file words", "--passphrase-file passphrase"] {
        let run = vault.run(&format!("key restore --no-policy --keystore new --network regtest {files}"));
        assert_eq!(run.code, 4, "{files}: {}", run.stderr);
    }
    assert_eq!(vault.files(), ["bip39-passphrase", "passphrase", "words"]);
}
