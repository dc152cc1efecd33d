//! BIP-39 words: 12, 15, 18, 21 or 24 of the English list, the last one carrying a checksum.

use bip39::{Language, Mnemonic};

/// How many words a new mnemonic gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordCount {
    /// 128 bits.
    Twelve,
    /// 256 bits.
    TwentyFour,
}

impl WordCount {
    /// Bytes that it carries besides its checksum.
    pub(crate) fn entropy_bytes(self) -> usize {
        match self {
            WordCount::Twelve => 16,
            WordCount::TwentyFour => 32,
        }
    }
}

/// Why words are no mnemonic. None of it quotes a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MnemonicError {
    /// Too few, too many, or not a multiple of three.
    #[error("found {found} words; expected 12, 15, 18, 21 or 24")]
    Count {
        /// How many there are.
        found: usize,
    },
    /// A word of no list or of another language.
    #[error("word {position} is not in the English list of BIP-39, whose words are in lower case")]
    UnknownWord {
        /// Which one, counted from 1.
        position: usize,
    },
    /// Each word is of the list, together they are not.
    #[error("the checksum in the last word does not match: a word is wrong, or two are swapped")]
    Checksum,
}

/// Reads words that are separated by white space.
///
/// # Errors
/// When they are no mnemonic.
pub(crate) fn parse(words: &str) -> Result<Mnemonic, MnemonicError> {
    Mnemonic::parse_in_normalized(Language::English, words).map_err(|error| match error {
        bip39::Error::BadWordCount(found) => MnemonicError::Count { found },
        bip39::Error::UnknownWord(index) => MnemonicError::UnknownWord { position: index.saturating_add(1) },
        bip39::Error::InvalidChecksum
        // These two are about entropy and about choosing a language; parsing in one language raises neither.
        | bip39::Error::BadEntropyBitCount(_)
        | bip39::Error::AmbiguousLanguages(_) => MnemonicError::Checksum,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(word: &str, times: usize, last: &str) -> String {
        format!("{}{last}", format!("{word} ").repeat(times))
    }

    #[test]
    fn every_length_of_bip_39_is_read() {
        for (times, last) in [(11, "about"), (14, "address"), (17, "agent"), (20, "admit"), (23, "art")] {
            assert_eq!(parse(&repeated("abandon", times, last)).unwrap().word_count(), times + 1);
        }
        assert!(parse(&repeated(" \tabandon", 11, "about\n")).is_ok());
    }

    #[test]
    fn what_is_wrong_with_the_words_is_said_without_quoting_them() {
        let error = |words: &str| parse(words).err().unwrap();
        assert_eq!(error(""), MnemonicError::Count { found: 0 });
        assert_eq!(error(&repeated("abandon", 12, "about")), MnemonicError::Count { found: 13 });
        assert_eq!(error(&repeated("abandon", 11, "About")), MnemonicError::UnknownWord { position: 12 });
        assert_eq!(error(&repeated("abandon", 11, "abandon")), MnemonicError::Checksum);
    }
}
