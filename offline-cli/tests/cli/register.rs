//! `coldamp key register`: what is shown and asked, and every descriptor that is refused.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::account::COSIGNER;
use crate::support::{Run, Vault, WPKH, plaintext};
use crate::terminal::Terminal;

const KEYS: &str = "--keystore keystore --passphrase-file passphrase";
const REGISTER: &str = "key register descriptor --keystore keystore --passphrase-file passphrase";

/// scenarios/wsh-2of3/wallet.json.
const VIEW: &str = "slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023)";
const SECOND: &str = "[b8688df1/48h/1h/0h/2h]tpubDEfobrrtptRTbKf4gysDhoabneABDTAcdj3Vbn4XwPsLE2pmqpizSPRG6zHsbAMuiSgWmWPsYCLHTKTPpyrGJ5rAoTpKoQNZcxodiPf2tSJ";
const THIRD: &str = "[28645006/48h/1h/0h/2h]tpubDEwqCvJxKwKWX9xvRe48uofWJn1Y89Jn8UeH1Efrjb1UEVjUDy3URYTiqWaVCW7WdvHrL8XrSihHEhTwv5H3VDJoakjuCHiAnr6xcF2Xm4s";
const FIRST_ADDRESS: &str = "el1qq0dhh4yk9xtsrhkskp9axd5dwmq7crty8m6putf98v7ytar26zaxmm7xumdcw2stjjq0vxwkmde3szp00pwx7mphqfz5h3tqd7tfzktggtnwh4zuujty";

/// Of the text of its `ct_descriptor`, by sha256sum.
const SHA256: &str = "6c0b93dbf2bb000f8816e612ccfda5493e84314178a474281ecd9eab99771c99";

/// `ct(slip77(…),elwsh(multi(k,…)))`.
fn quorum(threshold: usize, keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("{key}/<0;1>/*")).collect();
    format!("ct({VIEW},elwsh(multi({threshold},{})))", keys.join(","))
}

fn two_of_three() -> String {
    quorum(2, &[COSIGNER, SECOND, THIRD])
}

fn vault(descriptor: &str) -> Vault {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    vault.write("descriptor", descriptor);
    vault
}

/// The checksum that BIP-380 gives a descriptor, as `key watch` prints it once it is registered.
fn checksum(vault: &Vault) -> String {
    let watched = vault.run(&format!("key watch {KEYS}"));
    watched.stdout.trim_end().rsplit_once('#').unwrap().1.to_owned()
}

/// Registers, typing the checksum that the screen shows.
fn register(vault: &Vault, more: &str) -> Run {
    let mut terminal = Terminal::open(vault, &format!("{REGISTER} {more}"));
    terminal
        .wait_for("Type the checksum, if keys, first address and SHA-256 are what the other signers have: ");
    let descriptor = String::from_utf8(vault.read("descriptor")).unwrap();
    let typed = elements_miniscript::descriptor::checksum::desc_checksum(descriptor.trim()).unwrap();
    terminal.type_keys(&format!("{typed}\r"));
    terminal.end()
}

#[test]
fn a_registered_treasury_is_what_every_command_speaks_of() {
    let vault = vault(&two_of_three());
    let before = vault.read("keystore.journal");
    let run = register(&vault, "");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let checksum = checksum(&vault);
    for line in [
        "network        regtest",
        "script         wsh",
        "signatures     2 of 3",
        &format!("key 1          {COSIGNER}  this keystore"),
        &format!("key 2          {SECOND}"),
        &format!("key 3          {THIRD}"),
        &format!("first address  {FIRST_ADDRESS}"),
        &format!("checksum       {checksum} (of the descriptor)"),
        &format!("SHA-256        {SHA256}"),
        "entry 1: this keystore signs for this treasury, and for no other",
    ] {
        assert!(run.stderr.lines().any(|shown| shown == line), "{line}: {}", run.stderr);
    }
    assert!(
        run.stderr.contains("Every signer must compare keys, first address and SHA-256 with the others"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    let journal = vault.read("keystore.journal");
    assert!(journal.starts_with(&before) && journal.len() > before.len());
    let mode = fs::metadata(vault.path("keystore.journal")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let watched = vault.run(&format!("key watch {KEYS}"));
    assert_eq!(watched.stdout, format!("{}#{checksum}\n", two_of_three()));
    let keys = "fingerprints   73c5da0a, b8688df1, 28645006 (2 of 3 must sign)\n";
    assert!(watched.stderr.contains(keys), "{}", watched.stderr);
    assert!(watched.stderr.contains(SHA256), "{}", watched.stderr);
    let address = vault.run(&format!("key address {KEYS} --index 0"));
    assert_eq!(address.stdout, format!("{FIRST_ADDRESS}\n"));
    assert!(address.stderr.contains("path            b8688df1 m/48h/1h/0h/2h/0/0\n"), "{}", address.stderr);
    let listed = vault.run(&format!("journal list {KEYS}")).stdout;
    let line = format!("    1  registered   the treasury whose descriptor has the checksum {checksum}\n");
    assert!(listed.ends_with(&line) && !listed.contains("9c8e4f05"), "{listed}");
    vault.run(&format!("journal verify {KEYS}"));
    // A second time it has nothing to do, and asks nothing.
    let again = vault.run(REGISTER);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again.stderr.contains(&format!(
            "signs for this treasury already. The SHA-256 of its descriptor is {SHA256}."
        )),
        "{}",
        again.stderr
    );
    assert_eq!(vault.read("keystore.journal"), journal);
}

#[test]
fn the_own_key_is_found_at_whatever_path_the_descriptor_states() {
    let vault = vault("");
    for path in ["m/84h/1h/0h", "m/7h"] {
        let key = vault.run(&format!("key account {KEYS} --path {path}")).stdout;
        let other = Vault::with_keystore(&plaintext("sh-wpkh"));
        other.write("descriptor", quorum(2, &[SECOND, key.trim(), THIRD]));
        let run = register(&other, "");
        assert_eq!(run.code, 0, "{}", run.stderr);
        let line = format!("key 2          {}  this keystore\n", key.trim());
        assert!(run.stderr.contains(&line), "{line}: {}", run.stderr);
    }
}

/// The origin of another signer's key is public. Whoever exchanges the key keeps it, and then holds that signer's place.
#[test]
fn a_key_that_was_exchanged_under_its_origin_is_seen_in_the_key_itself() {
    let (origin, thief) = (THIRD.split(']').next().unwrap(), SECOND.split(']').nth(1).unwrap());
    let vault = vault(&quorum(2, &[COSIGNER, &format!("{origin}]{thief}")]));
    let run = register(&vault, "");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shown = run.stderr.lines().find(|line| line.starts_with("key 2 ")).unwrap();
    assert_eq!(shown, format!("key 2          {origin}]{thief}"));
    assert_ne!(shown, format!("key 2          {THIRD}"));
    assert!(run.stderr.contains("Each signer finds the whole line that `coldamp key account` printed"));
}

#[test]
fn what_no_treasury_may_be_is_refused_by_name() {
    let refused = |descriptor: &str, code: &str, exit: i32| {
        let vault = vault(descriptor);
        let journal = vault.read("keystore.journal");
        let run = vault.run(REGISTER);
        assert_eq!(run.code, exit, "{code}: {}", run.stderr);
        assert!(run.stderr.starts_with(&format!("error[{code}]: ")), "{code}: {}", run.stderr);
        assert!(!run.stderr.contains("9c8e4f05"), "the view key: {}", run.stderr);
        assert_eq!(vault.read("keystore.journal"), journal, "{code}");
    };
    let honest = two_of_three();
    let single = vault("").run(&format!("key account {KEYS} --path m/84h/1h/0h")).stdout;
    let disguised = single.trim().replace("73c5da0a", "0000aaaa");
    for (attack, descriptor, code, exit) in [
        ("no key of this seed", quorum(2, &[SECOND, THIRD]), "KEY_MISMATCH", 3),
        (
            "another key under our name",
            quorum(2, &[SECOND.replace("b8688df1", "73c5da0a").as_str(), THIRD]),
            "KEY_MISMATCH",
            3,
        ),
        ("our key under another name", honest.replace("73c5da0a", "0000aaaa"), "KEY_MISMATCH", 3),
        ("a key twice", quorum(2, &[COSIGNER, SECOND, SECOND]), "KEY_TWICE", 3),
        ("a second key of our seed", quorum(2, &[COSIGNER, &disguised, THIRD]), "KEY_TWICE", 3),
        ("k is 0", quorum(0, &[COSIGNER, SECOND, THIRD]), "QUORUM", 3),
        ("k is above n", quorum(4, &[COSIGNER, SECOND, THIRD]), "QUORUM", 3),
        ("16 keys", quorum(2, &[COSIGNER; 16]), "QUORUM", 3),
        (
            "another blinding",
            honest.replace(
                "slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023)",
                &"9c".repeat(32),
            ),
            "NOT_SLIP77",
            3,
        ),
        ("a single branch", honest.replace("<0;1>", "0"), "KEY_SHAPE", 3),
        ("branches changed round", honest.replace("<0;1>", "<1;0>"), "KEY_SHAPE", 3),
        ("no origin", honest.replace("[73c5da0a/48h/1h/0h/2h]", ""), "KEY_SHAPE", 3),
        ("taproot", format!("ct({VIEW},eltr({COSIGNER}/<0;1>/*))"), "SCRIPT_TYPE", 3),
        ("another script", honest.replace("multi(2", "thresh(2"), "SCRIPT_TYPE", 3),
        ("a wrong checksum", format!("{honest}#aaaaaaaa"), "DESCRIPTOR", 6),
        ("nothing", "\n".to_owned(), "DESCRIPTOR", 6),
    ] {
        assert_ne!(descriptor, honest, "{attack}");
        refused(&descriptor, code, exit);
    }
    // Keys of a test network on liquid.
    let liquid = Vault::with_keystore(&plaintext("wpkh").replace("regtest", "liquid"));
    liquid.write("descriptor", &honest);
    let run = liquid.run(REGISTER);
    assert!(run.code == 3 && run.stderr.starts_with("error[NETWORK]: "), "{}", run.stderr);
}

#[test]
fn nothing_is_registered_unless_the_checksum_is_typed() {
    let vault = vault(&two_of_three());
    let journal = vault.read("keystore.journal");
    let alone = vault.run(REGISTER);
    assert_eq!(alone.code, 4, "{}", alone.stderr);
    let mut terminal = Terminal::open(&vault, REGISTER);
    for typed in ["yes", "", "aaaaaaaa"] {
        terminal.wait_for("Type the checksum");
        terminal.type_keys(&format!("{typed}\r"));
    }
    let run = terminal.end();
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert_eq!(vault.read("keystore.journal"), journal);
}

#[test]
fn another_treasury_takes_the_place_of_one_only_where_replace_is_named() {
    let vault = vault(&two_of_three());
    assert_eq!(register(&vault, "").code, 0);
    let used = format!("journal used {KEYS} --index 300");
    let mut terminal = Terminal::open(&vault, &used);
    terminal.wait_for("Type the index again: ");
    terminal.type_keys("300\r");
    assert_eq!(terminal.end().code, 0);
    let journal = vault.read("keystore.journal");
    vault.write("descriptor", two_of_three().replace("multi(2", "multi(3"));
    let run = vault.run(REGISTER);
    assert!(run.code == 3 && run.stderr.starts_with("error[OTHER_TREASURY]: "), "{}", run.stderr);
    assert!(run.stderr.contains("entry 1 of the journal registers another treasury"), "{}", run.stderr);
    let alone = vault.run(&format!("{REGISTER} --replace"));
    assert_eq!(alone.code, 4, "{}", alone.stderr);
    assert_eq!(vault.read("keystore.journal"), journal);
    let run = register(&vault, "--replace");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("warning: entry 1 registered another treasury"), "{}", run.stderr);
    assert!(run.stderr.contains("warning: every key must sign"), "{}", run.stderr);
    assert!(vault.run(&format!("key watch {KEYS}")).stdout.contains("multi(3,"));
    // The treasury of the keystore's own key alone is one like any other.
    vault.write("descriptor", WPKH);
    assert_eq!(register(&vault, "--replace").code, 0);
    assert!(vault.run(&format!("key watch {KEYS}")).stdout.starts_with(WPKH));
}

#[test]
fn groups_of_signers_without_a_common_one_are_warned_of() {
    for (threshold, keys, warned) in [
        (1, &[COSIGNER, SECOND][..], true),
        (1, &[COSIGNER, SECOND, THIRD], true),
        (2, &[COSIGNER, SECOND, THIRD], false),
        (2, &[COSIGNER, SECOND], false),
    ] {
        let vault = vault(&quorum(threshold, keys));
        let run = register(&vault, "");
        assert_eq!(run.code, 0, "{}", run.stderr);
        let said = run.stderr.contains("need not have a signer in common");
        assert_eq!(said, warned, "{threshold} of {}: {}", keys.len(), run.stderr);
    }
}

#[test]
fn the_view_key_is_not_written_where_others_can_read_it() {
    let vault = vault(&two_of_three());
    let open = |mode: u32| {
        fs::set_permissions(vault.path("keystore.journal"), Permissions::from_mode(mode)).unwrap();
    };
    let journal = vault.read("keystore.journal");
    for mode in [0o644, 0o640, 0o604] {
        open(mode);
        let run = vault.run(REGISTER);
        assert!(run.code == 6 && run.stderr.contains("error[CREDENTIALS_OPEN]: "), "{}", run.stderr);
        assert_eq!(vault.read("keystore.journal"), journal);
    }
    open(0o600);
    assert_eq!(register(&vault, "").code, 0);
    let quiet = vault.run(&format!("key watch {KEYS}"));
    assert!(!quiet.stderr.contains("warning"), "{}", quiet.stderr);
    open(0o644);
    let warned = vault.run(&format!("key watch {KEYS}"));
    assert_eq!(warned.code, 0);
    assert!(
        warned.stderr.contains("can read keystore.journal, which holds the view key"),
        "{}",
        warned.stderr
    );
}

#[test]
fn without_its_journal_a_keystore_names_no_treasury() {
    let vault = vault(&two_of_three());
    assert_eq!(register(&vault, "").code, 0);
    fs::remove_file(vault.path("keystore.journal")).unwrap();
    for command in ["key watch", "key address --index 0"] {
        let run = vault.run(&format!("{command} {KEYS}"));
        assert!(run.code == 3 && run.stderr.starts_with("error[JOURNAL]: "), "{command}: {}", run.stderr);
    }
}
