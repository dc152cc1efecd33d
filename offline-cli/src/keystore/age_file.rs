//! The encryption of a keystore and of a backup: the age format (age-encryption.org/v1) with a passphrase (scrypt recipient).

use std::io::Read as _;
use std::iter;

use age::{DecryptError, Decryptor};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Highest scrypt work factor that is tried: 2^20 takes 1 GiB. Whoever writes the file names the factor, and where the memory is
/// not there, the process is aborted.
const MAX_LOG_N: u8 = 20;

/// scrypt work factor of the keystores made here: 2^18 takes a second and 256 MiB, which is what age itself aims at.
/// Fixed, so that a keystore made on a slow machine is no weaker.
const LOG_N: u8 = 18;

/// Why a file does not decrypt.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AgeFileError {
    /// No age file at all, or one in ASCII armor.
    #[error("it is no binary age file")]
    NotAge,
    /// An age file for a key instead of a passphrase.
    #[error("it is an age file, but not one under a passphrase")]
    NoPassphrase,
    /// The work factor is too high.
    #[error("its scrypt work factor is 2^{found}; at most 2^{MAX_LOG_N} is tried")]
    WorkFactor {
        /// The exponent that the file names.
        found: u8,
    },
    /// The passphrase opens nothing. age cannot tell a wrong one from a damaged header.
    #[error("the passphrase does not open it")]
    Passphrase,
    /// The passphrase is right and the rest does not verify.
    #[error("the passphrase is right, but the file is damaged")]
    Damaged,
}

/// Encryption failed, which takes a machine that fails.
#[derive(Debug, thiserror::Error)]
#[error("age does not encrypt")]
pub(crate) struct SealError;

/// Encrypts to a passphrase.
///
/// # Errors
/// When age does not encrypt.
pub(crate) fn seal(plaintext: &[u8], passphrase: SecretString) -> Result<Vec<u8>, SealError> {
    let mut recipient = age::scrypt::Recipient::new(passphrase);
    recipient.set_work_factor(LOG_N);
    age::encrypt(&recipient, plaintext).map_err(|_| SealError)
}

/// Decrypts a file.
///
/// # Errors
/// When it is no age file, or not under this passphrase, or was altered.
pub(crate) fn open(file: &[u8], passphrase: SecretString) -> Result<Zeroizing<Vec<u8>>, AgeFileError> {
    let decryptor = Decryptor::new_buffered(file).map_err(|_| AgeFileError::NotAge)?;
    if !decryptor.is_scrypt() {
        return Err(AgeFileError::NoPassphrase);
    }
    let mut identity = age::scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(MAX_LOG_N);
    let mut reader = decryptor.decrypt(iter::once(&identity as _)).map_err(|error| match error {
        DecryptError::ExcessiveWork { required, .. } => AgeFileError::WorkFactor { found: required },
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => AgeFileError::Passphrase,
        DecryptError::NoMatchingKeys => AgeFileError::NoPassphrase,
        _ => AgeFileError::Damaged,
    })?;
    // The plaintext is shorter than the file, so this buffer never grows and leaves no copies behind.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(file.len()));
    reader.read_to_end(&mut plaintext).map_err(|_| AgeFileError::Damaged)?;
    Ok(plaintext)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "correct horse";

    fn sealed(log_n: u8) -> Vec<u8> {
        let mut recipient = age::scrypt::Recipient::new(SecretString::from(PASSPHRASE));
        recipient.set_work_factor(log_n);
        age::encrypt(&recipient, b"hello").unwrap()
    }

    fn error(file: &[u8], passphrase: &str) -> AgeFileError {
        open(file, SecretString::from(passphrase)).err().unwrap()
    }

    #[test]
    fn the_passphrase_opens_what_it_sealed_and_no_other_does() {
        let file = sealed(2);
        assert_eq!(*open(&file, SecretString::from(PASSPHRASE)).unwrap(), b"hello");
        assert!(matches!(error(&file, "correct house"), AgeFileError::Passphrase));
    }

    #[test]
    fn a_file_that_asks_for_too_much_work_is_refused_before_the_work() {
        let text = sealed(2);
        // `-> scrypt SALT 2` becomes `-> scrypt SALT 21`, one above the highest.
        let end = text.windows(3).position(|three| three == b" 2\n").unwrap() + 2;
        let costly = [&text[..end], b"1", &text[end..]].concat();
        assert!(matches!(error(&costly, PASSPHRASE), AgeFileError::WorkFactor { found: 21 }));
    }

    #[test]
    fn no_altered_file_decrypts() {
        let file = sealed(1);
        assert!(open(&[&file[..], b"\n"].concat(), SecretString::from(PASSPHRASE)).is_err());
        for position in 0..file.len() {
            let mut damaged = file.clone();
            damaged[position] ^= 1;
            assert!(open(&damaged, SecretString::from(PASSPHRASE)).is_err(), "byte {position}");
            assert!(open(&file[..position], SecretString::from(PASSPHRASE)).is_err(), "cut at {position}");
        }
    }

    #[test]
    fn other_files_are_refused_by_name() {
        assert!(matches!(error(b"", PASSPHRASE), AgeFileError::NotAge));
        assert!(matches!(error(b"abandon abandon about", PASSPHRASE), AgeFileError::NotAge));
        let key = age::x25519::Identity::generate();
        let for_a_key = age::encrypt(&key.to_public(), b"hello").unwrap();
        assert!(matches!(error(&for_a_key, PASSPHRASE), AgeFileError::NoPassphrase));
    }
}
