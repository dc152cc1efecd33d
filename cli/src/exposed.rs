//! Finds signing keys in text that was meant to be something else: words of a backup, an extended private key, a single
//! private key, a keystore. On a machine with a network such keys count as stolen, and the refusal says so instead of naming
//! the character that a descriptor cannot have (docs/rules.md#exposed-keys). The cold machine shows none of it as QR codes.
//!
//! The page has the same rules in `web/src/exposed.ts`; `tests/vectors/exposed.json` holds both to one table.

/// Larger text is not looked at: no file that holds keys is as large, and a file of transactions is much larger.
const MAX_BYTES: usize = 1024 * 1024;

/// Fewer words are no BIP-39 backup.
const LEAST_WORDS: usize = 12;

/// Characters after `xprv`, of which the shortest form of an extended key has 107; a key that was cut short is exposed too.
const LEAST_EXTENDED: usize = 60;

/// The kind of secret that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposed {
    /// Twelve or more words that follow one another, as BIP-39 and SLIP-39 write a backup.
    Words,
    /// xprv, tprv and what other wallets call them; alone or inside a descriptor.
    ExtendedKey,
    /// A private key in wallet import format.
    PrivateKey,
    /// A seed in codex32 (BIP-93).
    Codex32,
    /// A file encrypted with age, as a keystore is.
    Keystore,
}

impl Exposed {
    /// Looks for keys in a file or a line; `None` if there are none or it has more than `MAX_BYTES`.
    pub fn find(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            return None;
        }
        let text = String::from_utf8_lossy(bytes);
        let begins = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if begins.starts_with("age-encryption.org/v1")
            || begins.starts_with("-----BEGIN AGE ENCRYPTED FILE-----")
        {
            return Some(Exposed::Keystore);
        }
        in_key_form(&text).or_else(|| holds_words(&text).then_some(Exposed::Words))
    }

    /// In words, behind "it holds".
    pub fn name(self) -> &'static str {
        match self {
            Exposed::Words => "what reads like the backup words of a wallet",
            Exposed::ExtendedKey => "an extended private key (xprv)",
            Exposed::PrivateKey => "a private key",
            Exposed::Codex32 => "a seed in codex32",
            Exposed::Keystore => "a file encrypted with age, as the keystore of the air-gapped machine is",
        }
    }

    /// The hint: what the operator has to do now.
    pub fn hint(self) -> &'static str {
        match self {
            Exposed::Keystore => {
                "the keystore must never leave the air-gapped machine: its passphrase is now all that protects the keys. Delete this copy; unless the passphrase is long and nobody else knows it, make a new treasury with `coldamp key new` and send the asset, its reissuance token and all L-BTC there"
            }
            _ => {
                "these keys have been on a machine with a network: treat them as stolen. Make a new treasury with `coldamp key new` on the air-gapped machine and send the asset, its reissuance token and all L-BTC there. Delete every copy here, in files, clipboard and shell history"
            }
        }
    }
}

/// Keys that are told by their first characters and their alphabet.
fn in_key_form(text: &str) -> Option<Exposed> {
    // `+` and `/` belong to base64, of which a PSET has millions of characters: a part of it is no key of its own.
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '+' || c == '/'));
    words.filter(|word| !word.is_empty()).find_map(|word| {
        if word.split(['+', '/']).any(is_extended_key) {
            return Some(Exposed::ExtendedKey);
        }
        if is_private_key(word) {
            return Some(Exposed::PrivateKey);
        }
        is_codex32(word).then_some(Exposed::Codex32)
    })
}

fn is_extended_key(word: &str) -> bool {
    let Some((prefix, rest)) = word.split_at_checked(4) else { return false };
    let mut characters = prefix.chars();
    let kind = characters.next().is_some_and(|first| "xtyzYZuvUV".contains(first));
    kind && characters.as_str() == "prv" && rest.len() >= LEAST_EXTENDED && rest.bytes().all(is_base58)
}

/// Base58 of a version byte and 32 bytes, with a byte more where the public key is compressed: always of these lengths and
/// first characters, whichever the key is.
fn is_private_key(word: &str) -> bool {
    let kind = match word.len() {
        51 => word.starts_with(['5', '9']),
        52 => word.starts_with(['K', 'L', 'c']),
        _ => false,
    };
    kind && word.bytes().all(is_base58)
}

fn is_codex32(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let one_case = lower == word || word.to_ascii_uppercase() == word;
    let data = lower.strip_prefix("ms1").unwrap_or_default();
    one_case
        && (45..=124).contains(&data.len())
        && data.bytes().all(|b| b"qpzry9x8gf2tvdw0s3jn54khce6mua7l".contains(&b))
}

fn is_base58(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() && !b"0OIl".contains(&byte)
}

/// Whether so many words follow one another as every backup has. By their form and not by a list: the words of all
/// languages and of other schemes count, and so does a backup with a word that is misspelt.
fn holds_words(text: &str) -> bool {
    let mut run = 0_usize;
    let mut token = String::new();
    // One more, so that the last token ends too.
    for character in text.chars().chain(['\n']) {
        if character.is_alphanumeric() || is_mark(character) {
            token.push(character);
            continue;
        }
        let ended = std::mem::take(&mut token);
        run = match ended.as_str() {
            "" => run,
            number if is_position(number) => run,
            word if is_chinese_backup(word) => return true,
            word if is_backup_word(word) => run.saturating_add(1),
            _ => 0,
        };
        if run >= LEAST_WORDS {
            return true;
        }
        if !separates(character) {
            run = 0;
        }
    }
    false
}

/// What may be between two words of a backup: blanks, a list's commas and quotes, "1." and "2)".
fn separates(character: char) -> bool {
    character.is_whitespace() || ",;.\"')|".contains(character)
}

/// The number that a word has on a sheet of paper.
fn is_position(token: &str) -> bool {
    token.len() <= 2 && token.bytes().all(|byte| byte.is_ascii_digit())
}

/// Three to eight letters in one case, or with a capital, as in every BIP-39 list of Latin letters: prose of a dozen words
/// has a shorter or a longer one among them. Other scripts write one to a dozen characters, accents counted.
fn is_backup_word(token: &str) -> bool {
    let letters = token.chars().count();
    if !token.chars().all(|c| c.is_alphabetic() || is_mark(c)) {
        return false;
    }
    if token.is_ascii() {
        let tail = token.get(1..).unwrap_or_default();
        let one_case =
            tail.bytes().all(|b| b.is_ascii_lowercase()) || token.bytes().all(|b| b.is_ascii_uppercase());
        return one_case && (3..=8).contains(&letters);
    }
    (1..=12).contains(&letters)
}

/// The Chinese lists have a character a word, and people write them without blanks.
fn is_chinese_backup(token: &str) -> bool {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    matches!(token.chars().count(), 12 | 15 | 18 | 21 | 24) && token.chars().all(han)
}

/// Accents that are characters of their own, as in BIP-39's normal form of Japanese, Spanish and French.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Row {
        name: String,
        text: String,
        found: Option<String>,
    }

    #[test]
    fn keys_are_found_in_whatever_form_and_nothing_else_is_taken_for_one() {
        let rows: Vec<Row> = serde_json::from_str(include_str!("../../tests/vectors/exposed.json")).unwrap();
        assert!(rows.len() > 20);
        for Row { name, text, found } in rows {
            let expected = found.as_deref().map(|kind| match kind {
                "words" => Exposed::Words,
                "extended key" => Exposed::ExtendedKey,
                "private key" => Exposed::PrivateKey,
                "codex32" => Exposed::Codex32,
                "keystore" => Exposed::Keystore,
                other => panic!("{other}"),
            });
            assert_eq!(Exposed::find(text.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn a_file_too_large_to_hold_keys_alone_is_not_read_for_them() {
        let words = "abandon ".repeat(12);
        assert_eq!(Exposed::find(words.as_bytes()), Some(Exposed::Words));
        let large = format!("{words}{}", " ".repeat(MAX_BYTES));
        assert_eq!(Exposed::find(large.as_bytes()), None);
    }

    #[test]
    fn neither_name_nor_hint_quotes_anything() {
        for kind in
            [Exposed::Words, Exposed::ExtendedKey, Exposed::PrivateKey, Exposed::Codex32, Exposed::Keystore]
        {
            assert!(!kind.name().is_empty() && kind.hint().contains("coldamp key new"), "{kind:?}");
        }
    }
}
