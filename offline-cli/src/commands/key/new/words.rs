//! From bytes that nobody can guess to words. docs/formats.md says which bytes are hashed.

use bip39::Mnemonic;
use coldamp_core::elements::hashes::{HashEngine as _, sha256};
use zeroize::Zeroizing;

use crate::keystore::WordCount;

/// SHA-256(rolls in ASCII), as Coldcard and SeedSigner do it: whoever has the rolls needs neither of us to check it.
///
/// # Errors
/// Never: every entropy of these lengths has its words.
pub(super) fn of_dice(rolls: &str, count: WordCount) -> Result<Mnemonic, bip39::Error> {
    from_hash(&[rolls.as_bytes()], count)
}

/// SHA-256(system ‖ typed). Whoever knows either part and not the other knows nothing of the words.
///
/// # Errors
/// Never, as above.
pub(super) fn mixed(system: &[u8; 32], typed: &str, count: WordCount) -> Result<Mnemonic, bip39::Error> {
    from_hash(&[system, typed.as_bytes()], count)
}

/// The words of the first bytes of a hash. The parts go in one by one: joined they would be one copy more.
fn from_hash(parts: &[&[u8]], count: WordCount) -> Result<Mnemonic, bip39::Error> {
    let mut engine = sha256::Hash::engine();
    parts.iter().for_each(|part| engine.input(part));
    let hash = Zeroizing::new(sha256::Hash::from_engine(engine).to_byte_array());
    Mnemonic::from_entropy(hash.get(..count.entropy_bytes()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(mnemonic: Result<Mnemonic, bip39::Error>) -> String {
        mnemonic.unwrap().words().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn dice_alone_give_the_words_that_coldcard_and_seedsigner_give() {
        let file = include_str!("../../../../tests/vectors/dice.txt");
        let lines = file.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let vectors: Vec<(&str, &str)> = lines.map(|line| line.split_once(' ').unwrap()).collect();
        assert_eq!(vectors.len(), 9);
        for (rolls, words) in vectors {
            let count = match words.split(' ').count() {
                12 => WordCount::Twelve,
                _ => WordCount::TwentyFour,
            };
            assert_eq!(sentence(of_dice(rolls, count)), words, "{rolls}");
        }
    }

    #[test]
    fn the_mix_is_the_hash_of_both_parts_in_their_order() {
        // Computed with Python's hashlib and the word list of BIP-39.
        let system: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).unwrap());
        let typed = "the quick brown fox jumps over the lazy dog; café at 9:41, gate 17B!!";
        assert_eq!(
            sentence(mixed(&system, typed, WordCount::TwentyFour)),
            "excite shoot summer thrive action another destroy biology wise humble focus victory cover learn canal \
             lawsuit garment west enrich swing naive enough treat egg"
        );
        assert_eq!(
            sentence(mixed(&system, typed, WordCount::Twelve)),
            "excite shoot summer thrive action another destroy biology wise humble focus vibrant"
        );
    }

    #[test]
    fn either_part_alone_changes_the_words() {
        let words = |system: u8, typed| sentence(mixed(&[system; 32], typed, WordCount::TwentyFour));
        assert_ne!(words(0, "a"), words(1, "a"));
        assert_ne!(words(0, "a"), words(0, "b"));
    }
}
