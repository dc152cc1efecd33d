//! Whether a new passphrase can be guessed in a few tries. Nothing can prove that one cannot; a meter that counts bits, as
//! zxcvbn does, brings word lists of a megabyte into the machine that holds the keys, and still does not know where the
//! passphrase came from. These rules refuse what is guessed first: the short, the repeated, the run along a keyboard, and the
//! word that everybody takes, with or without a year behind it. No refusal quotes what was typed.

/// Characters that a new passphrase has at least. scrypt with 2^18 makes a guess take about a second; eleven characters of
/// a person's own choice do not hold against that for years.
pub(super) const MIN_CHARACTERS: usize = 12;

/// Different characters in it.
const MIN_DIFFERENT: usize = 6;

/// Digits that it has at least where it has nothing else: a digit is worth a bit more than three bits.
const MIN_DIGITS: usize = 20;

/// Rows of keyboards, and the alphabet, along which fingers run.
const ROWS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
];

/// What is tried first, in lower case and letters only.
const WELL_KNOWN: [&str; 44] = [
    "admin",
    "amp",
    "asset",
    "bitcoin",
    "blockstream",
    "changeme",
    "coldamp",
    "coldstorage",
    "correcthorsebatterystaple",
    "crypto",
    "default",
    "demo",
    "dragon",
    "elements",
    "football",
    "guest",
    "hello",
    "hunter",
    "iloveyou",
    "issuer",
    "keystore",
    "letmein",
    "liquid",
    "login",
    "master",
    "monkey",
    "my",
    "new",
    "passphrase",
    "password",
    "passwort",
    "pass",
    "please",
    "satoshi",
    "secret",
    "sunshine",
    "super",
    "test",
    "the",
    "this",
    "treasury",
    "trustno",
    "wallet",
    "welcome",
];

/// Why a passphrase is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum StrengthError {
    /// Too short, whatever it is made of.
    #[error("found {found} characters; expected at least {MIN_CHARACTERS}")]
    Short {
        /// How many it has.
        found: usize,
    },
    /// A few characters again and again, or a piece repeated.
    #[error("a few characters, or a piece of it, come again and again")]
    Repeated,
    /// Letters or digits in the order of the alphabet or of a keyboard.
    #[error("most of it runs along the alphabet or a row of the keyboard")]
    Run,
    /// Digits alone.
    #[error("found digits alone; expected {MIN_DIGITS} of them, or other characters too")]
    Digits,
    /// A word that everybody takes.
    #[error("attackers try these words first: it is a well-known phrase, or made of common words")]
    WellKnown,
}

/// Refuses a passphrase that is guessed in a few tries.
///
/// # Errors
/// With the first reason that is found.
pub(super) fn check_strength(passphrase: &str) -> Result<(), StrengthError> {
    let characters: Vec<char> = passphrase.chars().flat_map(char::to_lowercase).collect();
    let found = passphrase.chars().count();
    if found < MIN_CHARACTERS {
        return Err(StrengthError::Short { found });
    }
    let mut different = characters.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < MIN_DIFFERENT || is_echo(&characters) {
        return Err(StrengthError::Repeated);
    }
    let runs = characters.windows(2).filter(|pair| follow_each_other(pair)).count();
    if runs.saturating_mul(2) >= characters.len() {
        return Err(StrengthError::Run);
    }
    if found < MIN_DIGITS && characters.iter().all(char::is_ascii_digit) {
        return Err(StrengthError::Digits);
    }
    let letters: String = characters.iter().filter_map(|character| letter(*character)).collect();
    let read = letters.len() >= characters.len() / 3;
    if read && is_well_known(&letters) {
        return Err(StrengthError::WellKnown);
    }
    Ok(())
}

/// Whether something is its own echo: at some distance of up to half its length, three quarters of it come again. So a slip
/// in a pattern does not hide it.
pub(crate) fn is_echo<T: PartialEq>(typed: &[T]) -> bool {
    let echoes = |distance: usize| {
        let pairs = typed.iter().zip(typed.iter().skip(distance));
        let same = pairs.filter(|(one, other)| one == other).count();
        same.saturating_mul(4) >= typed.len().saturating_sub(distance).saturating_mul(3)
    };
    (1..=typed.len() / 2).any(echoes)
}

/// Whether two characters are neighbours in a row, either way.
fn follow_each_other(pair: &[char]) -> bool {
    let [one, other] = pair else { return false };
    let neighbours = |row: &&str| {
        let keys: Vec<char> = row.chars().collect();
        keys.windows(2).any(|keys| keys == [*one, *other] || keys == [*other, *one])
    };
    ROWS.iter().any(neighbours)
}

/// The letter that a character is read as, the usual stand-ins included; nothing for the rest.
fn letter(character: char) -> Option<char> {
    match character {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        other => other.is_alphabetic().then_some(other),
    }
}

/// Whether it is nothing but such words, one after the other, with at most four letters more: stand-ins of a year or of
/// exclamation marks.
fn is_well_known(letters: &str) -> bool {
    /// Letters that are left over when the longest words are taken away from the front, one after the other.
    const SPARE: usize = 4;
    let mut rest = letters;
    let mut spare = 0_usize;
    while !rest.is_empty() {
        let known = WELL_KNOWN.iter().filter_map(|word| rest.strip_prefix(word));
        rest = match known.min_by_key(|rest| rest.len()) {
            Some(rest) => rest,
            None => {
                spare = spare.saturating_add(1);
                let mut characters = rest.chars();
                characters.next();
                characters.as_str()
            }
        };
    }
    spare <= SPARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused_by_name() {
        for (passphrase, error) in [
            ("", StrengthError::Short { found: 0 }),
            ("Tr0ub4dor&3", StrengthError::Short { found: 11 }),
            ("éàèùçîôêûœï", StrengthError::Short { found: 11 }),
            ("aaaaaaaaaaaaaaaa", StrengthError::Repeated),
            ("abababababab", StrengthError::Repeated),
            ("zebra7zebra7", StrengthError::Repeated),
            ("Hunter2?Hunter2?", StrengthError::Repeated),
            ("abcdefghijkl", StrengthError::Run),
            ("1234567890123", StrengthError::Run),
            ("qwertyuiop12345", StrengthError::Run),
            ("QWERTZUIOPasdfg", StrengthError::Run),
            ("lkjhgfdsapoiuyt", StrengthError::Run),
            ("195806231971", StrengthError::Digits),
            ("password2024!", StrengthError::WellKnown),
            ("P@ssw0rd2024!!", StrengthError::WellKnown),
            ("my secret passphrase", StrengthError::WellKnown),
            ("bitcoin-treasury", StrengthError::WellKnown),
            ("Liquid Wallet 1", StrengthError::WellKnown),
            ("correct horse battery staple", StrengthError::WellKnown),
            ("letmein please!", StrengthError::WellKnown),
        ] {
            assert_eq!(check_strength(passphrase), Err(error), "{passphrase}");
        }
    }

    #[test]
    fn what_a_person_draws_is_taken() {
        for passphrase in [
            "staple battery 7 horse",
            "kV7!pq2#Lm9z",
            "orbit cactus velvet prune mosaic",
            "69181440233795620418",
            "наугад выбранные слова",
            "password of a lion in the rainy garden",
            "9f86d081884c7d659a2f",
        ] {
            assert_eq!(check_strength(passphrase), Ok(()), "{passphrase}");
        }
    }
}
