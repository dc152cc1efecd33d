//! `coldamp key address`.

use crate::support::{Vault, plaintext};

const ADDRESS: &str = "key address --keystore keystore --passphrase-file passphrase --index";

#[test]
fn addresses_are_those_that_the_recorded_wallets_were_paid_to() {
    // `funded_addresses` of scenarios/wpkh/wallet.json and scenarios/sh-wpkh/wallet.json.
    for (script, index, path, confidential, unconfidential) in [
        (
            "wpkh",
            "0",
            "m/84h/1h/0h/0/0",
            "el1qq2xvpcvfup5j8zscjq05u2wxxjcyewk7979f3mmz5l7uw5pqmx6xf5xy50hsn6vhkm5euwt72x878eq6zxx2z0z676mna6kdq",
            "ert1q6rz28mcfaxtmd6v789l9rrlrusdprr9p69dllk",
        ),
        (
            "sh-wpkh",
            "1",
            "m/49h/1h/0h/0/1",
            "Azpjqybm4dyyAzxYwCDsYJieCRSpraUDHVy6VZYer4A9HvxA1S9y6VTmBHLp4FqnJMGEGsQHNMV8ppXy",
            "XPBmvvgH2254jEnDhiJp5TfHkNkSknFepf",
        ),
    ] {
        let run = Vault::with_keystore(&plaintext(script)).run(&format!("{ADDRESS} {index}"));
        assert_eq!((run.code, run.stdout), (0, format!("{confidential}\n")), "{}", run.stderr);
        assert!(run.stderr.contains(&format!(" {path}\n")), "{}", run.stderr);
        assert!(run.stderr.contains(&format!(" {unconfidential}\n")), "{}", run.stderr);
    }
}

#[test]
fn an_index_that_only_hardened_keys_have_exits_with_2() {
    let vault = Vault::with_keystore(&plaintext("wpkh"));
    assert_eq!(vault.run(&format!("{ADDRESS} 2147483647")).code, 0);
    for index in ["2147483648", "-1", "zero", ""] {
        assert_eq!(vault.run(&format!("{ADDRESS} {index}")).code, 2, "{index}");
    }
}
