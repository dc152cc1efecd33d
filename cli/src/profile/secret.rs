//! Secrets in a profile. Nothing of them is quoted.

use std::path::Path;

use coldamp_core::code::{Code, Hints};

use crate::exposed::Exposed;
use crate::failure::Failure;
use crate::screen::printable_path;

/// Parts of names of keys that stand for a secret. A profile names files with secrets, and the keys for these end in `credentials`
/// and `cookie`.
const SECRET_NAMES: &[&str] = &[
    "pass", "secret", "token", "mnemonic", "words", "seed", "private", "view_key", "viewkey", "api_key",
    "user",
];

/// Keys whose values are hexadecimal digits.
const HEXADECIMAL: &[&str] = &["id", "policy_asset", "issuance_prevout"];

/// Hexadecimal digits in a row that no path and no address has. A view key has 64.
const LEAST_DIGITS: usize = 48;

/// Refuses a profile that holds a secret.
pub(super) fn refuse(bytes: &[u8], path: &Path, hints: &Hints) -> Result<(), Failure> {
    let path = printable_path(path);
    if let Some(keys) = Exposed::find(bytes) {
        let message = format!("the profile {path}: it holds {}", keys.name());
        let refused = Failure::coded(Code::ProfileSecret, message, hints);
        // On a machine with a network the keys count as stolen.
        return Err(match hints.of(Code::KeysExposed) {
            Some(_) => refused.with_code(Code::KeysExposed).with_hint(keys.hint()),
            None => refused,
        });
    }
    let text = String::from_utf8_lossy(bytes);
    for (number, line) in (1_usize..).zip(text.lines()) {
        if let Some(what) = in_line(line) {
            let message = format!("the profile {path}: line {number} holds {what}");
            return Err(Failure::coded(Code::ProfileSecret, message, hints));
        }
    }
    Ok(())
}

/// What secret a line holds.
fn in_line(line: &str) -> Option<&'static str> {
    let lower = line.to_ascii_lowercase();
    if ["slip77(", "ct("].iter().any(|beginning| lower.contains(beginning)) {
        return Some("a descriptor, which has the view key in it");
    }
    if holds_login(&lower) {
        return Some("an address with a user or a password in it");
    }
    let line = line.trim_start();
    let key = line.split_once('=').map(|(key, _)| key.trim()).filter(|_| !line.starts_with('#'));
    // The short name of an asset may be any, as in `assets.USERS.uuid`.
    let last = key.map(|key| key.rsplit('.').next().unwrap_or(key).to_ascii_lowercase()).unwrap_or_default();
    if SECRET_NAMES.iter().any(|name| last.contains(name)) {
        return Some("what its key calls a secret");
    }
    let runs = line.split(|character: char| !character.is_ascii_hexdigit());
    let long = runs.filter(|run| run.len() >= LEAST_DIGITS).count();
    // Each is the value of a key that has such: also as `assets.P.id` and in an inline table.
    (long > hexadecimal_values(line)).then_some("so many hexadecimal digits as a view key has")
}

/// How many values of hexadecimal digits a line may have: one for each of their keys before an `=`. None of a comment.
fn hexadecimal_values(line: &str) -> usize {
    if line.starts_with('#') {
        return 0;
    }
    let mut parts: Vec<&str> = line.split('=').collect();
    // What follows the last `=` is a value.
    parts.pop();
    let is_hexadecimal = |part: &&str| {
        let key = part.trim_end().rsplit([' ', '{', ',', '.', '"', '\'']).next();
        key.is_some_and(|key| HEXADECIMAL.contains(&key))
    };
    parts.iter().filter(|part| is_hexadecimal(part)).count()
}

/// Whether an address has something before an `@` in front of its host.
fn holds_login(line: &str) -> bool {
    line.split("://").skip(1).any(|rest| {
        let end = rest.find(['/', '"', '\'', ' ', '?', '#']).unwrap_or(rest.len());
        rest.get(..end).is_some_and(|host| host.contains('@'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_secret_is_told_from_one_that_names_a_file() {
        let digits = "9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023";
        for line in [
            "amp_password = \"x\"",
            "token = \"abc\"",
            "node = \"http://me:pass@127.0.0.1:7041\"",
            "# esplora = \"https://me@host/api\"",
            "descriptor = \"ct(slip77(00),elwpkh(x))\"",
            &format!("descriptor = \"{digits}\""),
            &format!("# {digits}"),
            &format!("# id = \"{digits}\""),
            &format!("id = \"{digits}\" # {digits}"),
            &format!("P = {{ id = \"{digits}\", contract = \"{digits}\" }}"),
        ] {
            assert!(in_line(line).is_some(), "{line}");
        }
        for line in [
            "amp_credentials = \"~/coldamp/amp.login\"",
            "node_cookie = \"~/.elements/.cookie\"",
            "esplora = \"https://host/liquid/api\"",
            "# Password and token are in files of their own.",
            &format!("id = \"{digits}\""),
            &format!("issuance_prevout = \"{digits}:0\""),
            &format!("assets.P.id = \"{digits}\""),
            &format!("P = {{ uuid = \"x\", id = \"{digits}\", issuance_prevout = \"{digits}:0\" }}"),
            "assets.USERS.uuid = \"x\"",
            "",
        ] {
            assert_eq!(in_line(line), None, "{line}");
        }
    }
}
