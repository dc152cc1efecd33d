//! The plaintext of a keystore: text of one line each, in this order, every line ended by a line feed.
//!
//! ```text
//! coldamp keystore 1
//! network: regtest
//! policy-asset: 0123…                only where it is not the network's built-in one
//! script: wpkh
//! fingerprint: 73c5da0a
//! chain: 000102030405060708090a0b0c0d0e0f
//! bip39-passphrase: no
//! mnemonic: abandon … about
//! ```
//!
//! `fingerprint` is the master key's, of the words together with the BIP-39 passphrase; `chain` is the id of the
//! chain of policy and journal that belongs to this keystore. There is one way of writing it and no other is read:
//! what two readers could take differently is no backup.

use std::str;

use coldamp_core::network::{Network, PolicyAssetFixed};
use zeroize::Zeroizing;

use super::account::script_type_named;
use super::mnemonic::{self, MnemonicError};
use super::{ChainId, Keystore};

const FIRST_LINE: &str = "coldamp keystore 1";

/// Room for the longest plaintext, so that the text never grows and leaves copies behind.
const MAX_PLAINTEXT_BYTES: usize = 1_024;

/// Why a plaintext is no keystore. None of it quotes the text: whatever is in the wrong place may be the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlaintextError {
    /// A backup, which holds a keystore and more.
    #[error("it is a backup and no keystore")]
    IsBackup,
    /// Another kind of file, or a later format.
    #[error("what it holds does not begin with the line `{FIRST_LINE}`")]
    FirstLine,
    /// A line is missing, unknown, or out of place.
    #[error("the line `{key}: …` is not where it is expected")]
    Line {
        /// What the line begins with.
        key: &'static str,
    },
    /// A value of the wrong form.
    #[error("the value of `{key}` is not {expected}")]
    Value {
        /// What the line begins with.
        key: &'static str,
        /// What it may be.
        expected: &'static str,
    },
    /// A public network with a policy asset of its own.
    #[error(transparent)]
    PolicyAsset(#[from] PolicyAssetFixed),
    /// The words are no mnemonic.
    #[error("its mnemonic is wrong: {0}")]
    Mnemonic(#[from] MnemonicError),
    /// Every value is readable, but written in another way, or more follows.
    #[error(
        "it is not written as Coldamp writes it: no more lines, one space, lower case, a final line feed"
    )]
    NotCanonical,
}

/// Writes a keystore down.
pub(super) fn write(keystore: &Keystore) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(MAX_PLAINTEXT_BYTES));
    let mut line = |parts: &[&str]| parts.iter().chain(&["\n"]).for_each(|part| text.push_str(part));
    let chain = keystore.network.chain();
    line(&[FIRST_LINE]);
    line(&["network: ", chain.name()]);
    if keystore.network != Network::new(chain) {
        line(&["policy-asset: ", &keystore.network.policy_asset().to_string()]);
    }
    line(&["script: ", keystore.script_type.name()]);
    line(&["fingerprint: ", &keystore.fingerprint.to_string()]);
    line(&["chain: ", &keystore.chain_id.to_string()]);
    line(&["bip39-passphrase: ", if keystore.has_bip39_passphrase { "yes" } else { "no" }]);
    // Word by word: the sentence as a string of its own would be a copy that is never wiped.
    text.push_str("mnemonic:");
    for word in keystore.mnemonic.words() {
        text.push(' ');
        text.push_str(word);
    }
    text.push('\n');
    text
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// When the text differs in any byte from what is written for its values.
pub(super) fn parse(plaintext: &[u8]) -> Result<Keystore, PlaintextError> {
    if plaintext.starts_with(b"coldamp backup ") {
        return Err(PlaintextError::IsBackup);
    }
    let text = str::from_utf8(plaintext).map_err(|_| PlaintextError::FirstLine)?;
    let mut lines = text.lines().peekable();
    if lines.next() != Some(FIRST_LINE) {
        return Err(PlaintextError::FirstLine);
    }
    let chain =
        value(lines.next(), "network", "liquid, liquid-testnet or regtest", |name| name.parse().ok())?;
    let network = match lines.next_if(|line| line.starts_with("policy-asset:")) {
        Some(line) => {
            let asset = value(Some(line), "policy-asset", "an asset id", |id| id.parse().ok())?;
            Network::with_policy_asset(chain, asset)?
        }
        None => Network::new(chain),
    };
    let script_type = value(lines.next(), "script", "wpkh or sh-wpkh", script_type_named)?;
    let fingerprint = value(lines.next(), "fingerprint", "8 hexadecimal digits", |hex| hex.parse().ok())?;
    let chain_id = value(lines.next(), "chain", "32 hexadecimal digits", ChainId::parse)?;
    let has_bip39_passphrase = value(lines.next(), "bip39-passphrase", "yes or no", |answer| match answer {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    })?;
    let mnemonic = value(lines.next(), "mnemonic", "", |words| Some(mnemonic::parse(words)))??;
    let keystore = Keystore { network, script_type, fingerprint, chain_id, has_bip39_passphrase, mnemonic };
    // Whatever the steps above are lenient in, this is not: case, blanks, line ends, more lines.
    if write(&keystore).as_str() != text {
        return Err(PlaintextError::NotCanonical);
    }
    Ok(keystore)
}

/// The value of the line `key: value`.
fn value<T>(
    line: Option<&str>,
    key: &'static str,
    expected: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, PlaintextError> {
    let text = line
        .and_then(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .ok_or(PlaintextError::Line { key })?;
    read(text).ok_or(PlaintextError::Value { key, expected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use coldamp_core::network::Chain;

    const TEXT: &str = "coldamp keystore 1\n\
        network: regtest\n\
        script: wpkh\n\
        fingerprint: 73c5da0a\n\
        chain: 000102030405060708090a0b0c0d0e0f\n\
        bip39-passphrase: no\n\
        mnemonic: abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about\n";
    const POLICY_ASSET: &str =
        "policy-asset: 1111111111111111111111111111111111111111111111111111111111111111";

    fn error(text: &str) -> PlaintextError {
        parse(text.as_bytes()).err().unwrap()
    }

    #[test]
    fn what_was_written_is_read_back() {
        let with_policy_asset = TEXT.replace("script", &format!("{POLICY_ASSET}\nscript"));
        let longest = "mnemonic: ".to_owned() + &"abandon ".repeat(23) + "art";
        let liquid = TEXT.replace("regtest", "liquid").replace("passphrase: no", "passphrase: yes");
        let long = format!("{}{longest}\n", TEXT.split("mnemonic").next().unwrap());
        for text in [TEXT, &with_policy_asset, &liquid, &long] {
            assert_eq!(write(&parse(text.as_bytes()).unwrap()).as_str(), text);
            assert!(text.len() < MAX_PLAINTEXT_BYTES);
        }
        assert_eq!(
            parse(with_policy_asset.as_bytes()).unwrap().network.policy_asset().to_string(),
            "11".repeat(32)
        );
        assert_eq!(parse(liquid.as_bytes()).unwrap().network.chain(), Chain::Liquid);
    }

    #[test]
    fn a_line_that_is_missing_doubled_or_unknown_is_refused() {
        for key in ["network", "script", "fingerprint", "chain", "bip39-passphrase", "mnemonic"] {
            let is_line = |line: &&str| line.starts_with(&format!("{key}: "));
            let line = TEXT.lines().find(is_line).unwrap();
            assert_eq!(error(&TEXT.replace(&format!("{line}\n"), "")), PlaintextError::Line { key });
            let doubled = error(&TEXT.replace(line, &format!("{line}\n{line}")));
            let last = key == "mnemonic";
            assert!(matches!(doubled, PlaintextError::Line { .. }) != last, "{doubled}");
            assert_eq!(doubled == PlaintextError::NotCanonical, last, "{doubled}");
        }
        let unknown = TEXT.replace("script", "created: today\nscript");
        assert_eq!(error(&unknown), PlaintextError::Line { key: "script" });
    }

    #[test]
    fn values_of_the_wrong_form_are_refused_without_being_quoted() {
        for (right, wrong, key) in [
            ("regtest", "secretnet", "network"),
            ("wpkh", "secret", "script"),
            ("73c5da0a", "secret", "fingerprint"),
            ("0001", "secret01", "chain"),
            ("no\n", "secret\n", "bip39-passphrase"),
        ] {
            let found = error(&TEXT.replacen(right, wrong, 1));
            assert!(matches!(found, PlaintextError::Value { key: named, .. } if named == key), "{found}");
            assert!(!found.to_string().contains("secret"), "{found}");
        }
        assert_eq!(
            error(&TEXT.replace("about", "abandon")),
            PlaintextError::Mnemonic(MnemonicError::Checksum)
        );
        let public = TEXT.replace("regtest", &format!("liquid\n{POLICY_ASSET}"));
        assert!(matches!(error(&public), PlaintextError::PolicyAsset(_)));
    }

    #[test]
    fn another_format_or_version_is_refused() {
        for text in ["", "\n", "abandon about", &TEXT.replace("keystore 1", "keystore 2")] {
            assert_eq!(error(text), PlaintextError::FirstLine);
        }
        assert_eq!(parse(b"\xff").err(), Some(PlaintextError::FirstLine));
    }

    #[test]
    fn there_is_one_way_of_writing_a_keystore() {
        let own_policy_asset = Network::new(Chain::Regtest).policy_asset();
        for text in [
            TEXT.trim_end().to_owned(),
            format!("{TEXT}\n"),
            format!("{TEXT}# trailing data\n"),
            TEXT.replace('\n', "\r\n"),
            TEXT.replace("73c5da0a", "73C5DA0A"),
            TEXT.replace("0e0f", "0E0F"),
            TEXT.replace("abandon about", "abandon  about"),
            TEXT.replace("script", &format!("policy-asset: {own_policy_asset}\nscript")),
        ] {
            assert_eq!(error(&text), PlaintextError::NotCanonical, "{text:?}");
        }
    }
}
