//! A backup: keystore, journal and head in one age file under the keystore's own passphrase, so that the three stay
//! together and `age -d` opens them without Coldamp. Its plaintext is the three files, one behind the other:
//!
//! ```text
//! coldamp backup 1
//! keystore: 251                      how many bytes follow the line feed
//! …                                  the plaintext of the keystore
//! journal: 8423
//! …                                  FILE.journal
//! head: 137
//! …                                  FILE.head
//! ```
//!
//! There is one way of writing it, and no other is read. Whether the three belong together is not judged here: that is
//! said by the MACs of the chain, which take the seed.

use std::str;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::journal::{ChainFiles, MAX_HEAD_BYTES, MAX_JOURNAL_BYTES};
use crate::keystore::{
    AgeFileError, Keystore, MAX_KEYSTORE_BYTES, PlaintextError, SealError, open_age_file, seal_age_file,
};

const FIRST_LINE: &str = "coldamp backup 1\n";

/// Bytes that a backup may have: the three files, the lines between them, and what age adds, less than one byte in a
/// thousand.
pub(crate) const MAX_BACKUP_BYTES: u64 = MAX_JOURNAL_BYTES + MAX_JOURNAL_BYTES / 1_000 + 64 * 1_024;

/// What a backup holds, well-formed; nothing of it is verified.
pub(crate) struct Backup {
    /// The keystore.
    pub(crate) keystore: Keystore,
    /// Its chain.
    pub(crate) chain: ChainFiles,
}

/// Why a file is no backup. None of it quotes the file, which holds the words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    /// The file does not decrypt.
    #[error(transparent)]
    AgeFile(#[from] AgeFileError),
    /// A keystore in its place.
    #[error("it is a keystore and no backup: it holds no journal")]
    IsKeystore,
    /// Another kind of file, or a later format.
    #[error("what it holds does not begin with the line `coldamp backup 1`")]
    FirstLine,
    /// A part that is missing, cut off, out of place, or whose length is written in another way.
    #[error("its part `{name}` is missing, cut off, or not where it is expected")]
    Part {
        /// Which.
        name: &'static str,
    },
    /// More than the three files.
    #[error("it goes on behind its last part")]
    Longer,
    /// The keystore in it is none.
    #[error("the keystore in it is wrong: {0}")]
    Keystore(#[from] PlaintextError),
}

/// The bytes of a backup's file.
///
/// # Errors
/// When age does not encrypt.
pub(crate) fn seal(
    keystore_plaintext: &str,
    chain: &ChainFiles,
    passphrase: SecretString,
) -> Result<Vec<u8>, SealError> {
    seal_age_file(&write(keystore_plaintext, chain), passphrase)
}

/// Decrypts and reads the bytes of a backup's file.
///
/// # Errors
/// When they are no age file under this passphrase, or hold no backup.
pub(crate) fn open(file: &[u8], passphrase: SecretString) -> Result<Backup, BackupError> {
    let plaintext = open_age_file(file, passphrase)?;
    parse(&plaintext)
}

/// Whether a plaintext is a backup; one that is must be written to the same bytes again.
pub(crate) fn reads_back(bytes: &[u8]) -> bool {
    parse(bytes).is_ok_and(|backup| write(&backup.keystore.plaintext(), &backup.chain).as_slice() == bytes)
}

fn write(keystore: &str, chain: &ChainFiles) -> Zeroizing<Vec<u8>> {
    let parts = [("keystore", keystore.as_bytes()), ("journal", &chain.journal), ("head", &chain.head)];
    // Room for all of it from the start: bytes that move leave copies of the words behind.
    let length = |(name, bytes): &(&str, &[u8])| name.len().saturating_add(bytes.len()).saturating_add(32);
    let room = parts.iter().map(length).fold(FIRST_LINE.len(), usize::saturating_add);
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    text.extend_from_slice(FIRST_LINE.as_bytes());
    for (name, bytes) in parts {
        text.extend_from_slice(format!("{name}: {}\n", bytes.len()).as_bytes());
        text.extend_from_slice(bytes);
    }
    text
}

fn parse(plaintext: &[u8]) -> Result<Backup, BackupError> {
    let Some(mut rest) = plaintext.strip_prefix(FIRST_LINE.as_bytes()) else {
        return Err(match Keystore::parse(plaintext) {
            Ok(_) => BackupError::IsKeystore,
            Err(_) => BackupError::FirstLine,
        });
    };
    let keystore = part(&mut rest, "keystore", u64::try_from(MAX_KEYSTORE_BYTES).unwrap_or(u64::MAX))?;
    let journal = part(&mut rest, "journal", MAX_JOURNAL_BYTES)?;
    let head = part(&mut rest, "head", MAX_HEAD_BYTES)?;
    if !rest.is_empty() {
        return Err(BackupError::Longer);
    }
    let keystore = Keystore::parse(keystore)?;
    Ok(Backup { keystore, chain: ChainFiles { journal: journal.to_vec(), head: head.to_vec() } })
}

/// Takes the next part off the front.
fn part<'a>(rest: &mut &'a [u8], name: &'static str, limit: u64) -> Result<&'a [u8], BackupError> {
    let take = || {
        let behind = rest.strip_prefix(name.as_bytes())?.strip_prefix(b": ")?;
        let end = behind.iter().position(|byte| *byte == b'\n')?;
        let (digits, from) = behind.split_at_checked(end)?;
        let digits = str::from_utf8(digits).ok()?;
        let length: usize = digits.parse().ok()?;
        // `parse` alone would take `+7` and `007`.
        let is_plain = length.to_string() == digits && u64::try_from(length).ok()? <= limit;
        from.get(1..).filter(|_| is_plain)?.split_at_checked(length)
    };
    let (bytes, behind) = take().ok_or(BackupError::Part { name })?;
    *rest = behind;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYSTORE: &str = "coldamp keystore 1\nnetwork: regtest\nscript: wpkh\nfingerprint: 73c5da0a\nchain: 000102030405060708090a0b0c0d0e0f\nbip39-passphrase: no\nmnemonic: abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about\n";

    fn chain() -> ChainFiles {
        ChainFiles { journal: b"line one\nline two\n".to_vec(), head: b"1 a b\n".to_vec() }
    }

    fn written() -> Vec<u8> {
        write(KEYSTORE, &chain()).to_vec()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let text = written();
        let begin = format!("coldamp backup 1\nkeystore: {}\ncoldamp keystore 1\n", KEYSTORE.len());
        assert!(text.starts_with(begin.as_bytes()), "{}", String::from_utf8_lossy(&text));
        assert!(text.ends_with(b"\njournal: 18\nline one\nline two\nhead: 6\n1 a b\n"));
        let backup = parse(&text).ok().unwrap();
        assert_eq!(backup.keystore.plaintext().as_str(), KEYSTORE);
        assert_eq!(backup.chain, chain());
    }

    #[test]
    fn the_text_never_moves_while_it_is_written() {
        let text = write(KEYSTORE, &chain());
        assert!(text.len() <= text.capacity() && text.capacity() < text.len() + 128);
    }

    #[test]
    fn what_is_cut_off_or_goes_on_is_refused() {
        let text = written();
        for end in 0..text.len() {
            assert!(parse(&text[..end]).is_err(), "cut at {end}");
        }
        assert!(matches!(parse(&[&text[..], b"\n"].concat()), Err(BackupError::Longer)));
    }

    #[test]
    fn every_other_way_of_writing_it_is_refused() {
        let text = String::from_utf8(written()).unwrap();
        for (from, to) in [
            ("backup 1", "backup 2"),
            ("coldamp backup 1\n", "\u{feff}coldamp backup 1\n"),
            ("coldamp backup 1\n", "coldamp backup 1\r\n"),
            ("journal: 18", "journal: +18"),
            ("journal: 18", "journal: 018"),
            ("journal: 18", "journal:  18"),
            ("journal: 18", "journal: 18 "),
            ("journal: 18", "journal: 0x12"),
            ("journal: 18", "journal: -1"),
            ("journal: 18", "journal: 99999999999999999999"),
            ("journal: 18", "journal: 17"),
            ("journal: 18", "journal: 19"),
            ("journal: 18", "Journal: 18"),
            ("journal: 18\nline one\nline two\n", ""),
            (
                "journal: 18\nline one\nline two\nhead: 6\n1 a b\n",
                "head: 6\n1 a b\njournal: 18\nline one\nline two\n",
            ),
            ("head: 6\n1 a b\n", ""),
            ("head: 6", "head: 257"),
            ("abandon about", "abandon abandon"),
        ] {
            let altered = text.replacen(from, to, 1);
            assert_ne!(altered, text, "{from}");
            assert!(parse(altered.as_bytes()).is_err(), "{to:?}");
        }
        assert!(matches!(parse(KEYSTORE.as_bytes()), Err(BackupError::IsKeystore)));
        assert!(matches!(parse(b"hello"), Err(BackupError::FirstLine)));
    }
}
