//! Lines and their MACs. A line is `MAC JSON`, ended by a line feed;
//!
//! ```text
//! key     = HMAC-SHA256(seed, 'coldamp/journal/1' ‖ chain id 16)
//! MAC(n)  = HMAC-SHA256(key, 'entry' ‖ MAC(n − 1) 32 ‖ n u32 little-endian ‖ JSON),  MAC(−1) = 32 zero bytes
//! ```
//!
//! so that no line can be altered, removed, added or moved without the seed.

use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::hmac::hmac_sha256;
use zeroize::Zeroizing;

use super::entry::Entry;

/// What the MACs of one chain are made with.
pub(crate) struct JournalKey(Zeroizing<[u8; 32]>);

/// An entry in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) number: u32,
    pub(crate) mac: [u8; 32],
    pub(crate) entry: Entry,
    /// The entry's bytes as the file has them.
    json: String,
}

/// A verified chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    links: Vec<Link>,
    /// Bytes of the whole lines. What follows them is a line that a power cut tore.
    length: usize,
}

/// Why a file is no chain under this key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChainError {
    /// No text of lines at all.
    #[error("found bytes that are no journal, expected lines of a MAC and an entry (line {number})")]
    NoLines {
        /// Which line.
        number: u32,
    },
    /// Altered, removed, added or moved, or written with another seed.
    #[error(
        "entry {number} does not continue the chain: found another MAC, expected that of this keystore's seed"
    )]
    Broken {
        /// Which entry.
        number: u32,
        /// Whether it says that it sets or removes a policy.
        policy: bool,
    },
    /// Ours, and of a kind that this version does not know.
    #[error("entry {number} is this keystore's own, and its kind is unknown to this version of coldamp")]
    Unknown {
        /// Which entry.
        number: u32,
    },
}

impl JournalKey {
    /// The key of a seed's chain.
    pub(crate) fn of(seed: &[u8; 64], chain_id: [u8; 16]) -> Self {
        JournalKey(Zeroizing::new(hmac_sha256(seed, &[b"coldamp/journal/1", &chain_id])))
    }

    /// A MAC of this chain, for the purpose that the first part names.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        hmac_sha256(self.0.as_ref(), parts)
    }

    fn entry_mac(&self, previous: &[u8; 32], number: u32, json: &str) -> [u8; 32] {
        self.mac(&[b"entry", previous, &number.to_le_bytes(), json.as_bytes()])
    }
}

impl Link {
    /// As the file has it.
    pub(crate) fn line(&self) -> Vec<u8> {
        format!("{} {}\n", self.mac.to_lower_hex_string(), self.json).into_bytes()
    }
}

impl Chain {
    /// Verifies every line. A last line without its line feed was torn by a power cut and does not count.
    ///
    /// # Errors
    /// When a line does not continue the chain.
    pub(crate) fn verify(bytes: &[u8], key: &JournalKey) -> Result<Self, ChainError> {
        Self::verify_up_to(bytes, key, u32::MAX)
    }

    /// The same, but that a last line numbered above `written` does not count either where it is broken: on some file
    /// systems a torn line keeps its end and loses its middle. Nothing was ever given out for it, since the head is
    /// written first.
    ///
    /// # Errors
    /// As [`Chain::verify`].
    pub(crate) fn verify_up_to(bytes: &[u8], key: &JournalKey, written: u32) -> Result<Self, ChainError> {
        let mut chain = Chain::default();
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').peekable();
        while let Some(line) = lines.next() {
            let Some(line) = line.strip_suffix(b"\n") else { break };
            let is_torn = lines.peek().is_none() && chain.next_number() > written;
            match chain.line(line, key) {
                Err(ChainError::Broken { .. } | ChainError::NoLines { .. }) if is_torn => break,
                verified => verified?,
            }
        }
        Ok(chain)
    }

    /// Verifies the next line, without its line feed.
    fn line(&mut self, line: &[u8], key: &JournalKey) -> Result<(), ChainError> {
        let number = self.next_number();
        let no_lines = || ChainError::NoLines { number };
        let text = std::str::from_utf8(line).map_err(|_| no_lines())?;
        let (mac, json) = text.split_once(' ').ok_or_else(no_lines)?;
        let expected = key.entry_mac(&self.head(), number, json);
        // Who compares byte by byte tells how far he came; nobody measures an air-gapped machine, and the MAC is
        // no secret of the file's reader either.
        if mac != expected.to_lower_hex_string() {
            let policy = json.starts_with("{\"policy_");
            return Err(ChainError::Broken { number, policy });
        }
        let entry = serde_json::from_str(json).map_err(|_| ChainError::Unknown { number })?;
        self.links.push(Link { number, mac: expected, entry, json: json.to_owned() });
        self.length = self.length.saturating_add(line.len()).saturating_add(1);
        Ok(())
    }

    /// The next link for an entry.
    ///
    /// # Errors
    /// When the entry does not serialize, which these do.
    pub(crate) fn next(&self, key: &JournalKey, entry: Entry) -> Result<Link, serde_json::Error> {
        let (number, json) = (self.next_number(), serde_json::to_string(&entry)?);
        let mac = key.entry_mac(&self.head(), number, &json);
        Ok(Link { number, mac, entry, json })
    }

    /// Takes note of a link whose line is in the file.
    pub(crate) fn push(&mut self, link: Link, line_length: usize) {
        self.length = self.length.saturating_add(line_length);
        self.links.push(link);
    }

    /// The entries, in order.
    pub(crate) fn links(&self) -> &[Link] {
        &self.links
    }

    /// Bytes of the lines that count.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// The MAC of the last entry.
    fn head(&self) -> [u8; 32] {
        self.links.last().map_or([0; 32], |link| link.mac)
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.links.len()).unwrap_or(u32::MAX)
    }
}

/// What the first line of a file says of itself, believed by nobody: it tells another keystore's chain from a broken one.
pub(crate) fn claimed_creation(bytes: &[u8]) -> Option<super::Created> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    let (_, json) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    match serde_json::from_str(json).ok()? {
        Entry::Created(created) => Some(created),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Acknowledged, DeclaredVoid, PolicyRemoved};
    use super::*;

    fn key(seed: u8) -> JournalKey {
        JournalKey::of(&[seed; 64], [7; 16])
    }

    fn file(key: &JournalKey) -> Vec<u8> {
        let mut chain = Chain::default();
        let mut bytes = Vec::new();
        for entry in [
            Entry::Acknowledged(Acknowledged {}),
            Entry::PolicyRemoved(PolicyRemoved { asset: "a".to_owned(), approved_by: Vec::new() }),
            Entry::DeclaredVoid(DeclaredVoid { number: 4, txid: "t".to_owned() }),
        ] {
            let link = chain.next(key, entry).unwrap();
            let line = link.line();
            chain.push(link, line.len());
            bytes.extend(line);
        }
        bytes
    }

    fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
        bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn what_was_written_verifies_under_the_same_seed_and_chain_alone() {
        let bytes = file(&key(1));
        let chain = Chain::verify(&bytes, &key(1)).unwrap();
        assert_eq!((chain.links().len(), chain.length()), (3, bytes.len()));
        let broken = Err(ChainError::Broken { number: 0, policy: false });
        assert_eq!(Chain::verify(&bytes, &key(2)), broken);
        assert_eq!(Chain::verify(&bytes, &JournalKey::of(&[1; 64], [8; 16])), broken);
    }

    #[test]
    fn an_entry_altered_removed_moved_or_added_breaks_the_chain() {
        let bytes = file(&key(1));
        let lines = lines(&bytes);
        let altered = String::from_utf8(bytes.clone()).unwrap().replace("\"asset\":\"a\"", "\"asset\":\"b\"");
        assert_eq!(
            Chain::verify(altered.as_bytes(), &key(1)),
            Err(ChainError::Broken { number: 1, policy: true })
        );
        for order in [&[0, 2][..], &[1, 0, 2], &[0, 0, 1, 2], &[0, 1, 1, 2], &[1, 2]] {
            let moved: Vec<u8> = order.iter().flat_map(|index| lines[*index].clone()).collect();
            let refused = Chain::verify(&moved, &key(1));
            assert!(matches!(refused, Err(ChainError::Broken { .. })), "{order:?}");
        }
    }

    #[test]
    fn every_altered_byte_is_found() {
        let bytes = file(&key(1));
        for position in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[position] ^= 1;
            // The last line feed alone: then the last line is torn.
            let torn = position + 1 == bytes.len();
            assert_eq!(Chain::verify(&altered, &key(1)).is_ok(), torn, "byte {position}");
        }
    }

    #[test]
    fn a_last_line_that_lost_its_middle_does_not_count_where_the_head_has_not_reached_it() {
        let mut bytes = file(&key(1));
        let (whole, last) = (bytes.len() - lines(&bytes)[2].len(), bytes.len() - 30);
        bytes[last..last + 8].fill(0);
        for (written, expected) in [(0, Some(2)), (1, Some(2)), (2, None), (u32::MAX, None)] {
            let chain = Chain::verify_up_to(&bytes, &key(1), written).ok();
            assert_eq!(
                chain.map(|chain| (chain.links().len(), chain.length())),
                expected.map(|n| (n, whole))
            );
        }
        // Never one with others behind it.
        let first = lines(&bytes)[0].len() - 10;
        bytes[first] ^= 1;
        assert!(Chain::verify_up_to(&bytes, &key(1), 0).is_err());
    }

    #[test]
    fn a_torn_last_line_does_not_count() {
        let bytes = file(&key(1));
        let whole = bytes.len() - lines(&bytes)[2].len();
        for cut in [1, 5, 40] {
            let chain = Chain::verify(&bytes[..bytes.len() - cut], &key(1)).unwrap();
            assert_eq!((chain.links().len(), chain.length()), (2, whole));
        }
    }
}
