//! `coldamp key account`.

use crate::support::{Vault, plaintext};

const ACCOUNT: &str = "key account --keystore keystore --passphrase-file passphrase";

/// The first key of scenarios/wsh-2of3/wallet.json.
pub(crate) const COSIGNER: &str = "[73c5da0a/48h/1h/0h/2h]tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ";

#[test]
fn the_key_is_that_of_the_recorded_wallet() {
    for script in ["wpkh", "sh-wpkh"] {
        let run = Vault::with_keystore(&plaintext(script)).run(ACCOUNT);
        assert_eq!((run.code, run.stdout), (0, format!("{COSIGNER}\n")), "{}", run.stderr);
        assert!(run.stderr.starts_with("network      regtest\n"), "{}", run.stderr);
    }
}

#[test]
fn another_path_may_be_named() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    // scenarios/wpkh/wallet.json.
    let single = "[73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M\n";
    for path in ["m/84h/1h/0h", "84'/1'/0'", "m/84H/1h/0'"] {
        let run = vault.run(&format!("{ACCOUNT} --path {path}"));
        assert_eq!((run.code, run.stdout.as_str()), (0, single), "{}", run.stderr);
    }
    for path in ["m", "m/48h/1h/0h/2", "m/48h/1h/0h/2h/0", "m/x", "m/2147483648h"] {
        let run = vault.run(&format!("{ACCOUNT} --path {path}"));
        assert_eq!(run.code, 2, "{path}: {}", run.stderr);
    }
}

#[test]
fn liquid_has_its_own_coin_type_and_key_version() {
    let liquid = plaintext("wpkh").replace("regtest", "liquid");
    let run = Vault::with_keystore(&liquid).run(ACCOUNT);
    assert!(run.stdout.starts_with("[73c5da0a/48h/1776h/0h/2h]xpub"), "{}{}", run.stdout, run.stderr);
}
