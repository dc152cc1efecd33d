//! Keys, as a terminal sends them.

/// A key that was pressed while pages are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Enter, space, or an arrow or page key downwards.
    Next,
    /// q, Ctrl-C (3) or Ctrl-D (4).
    Leave,
    /// Anything else.
    Other,
}

impl Key {
    /// The key in what a terminal sent, which may be several keys. A key that leaves goes before all others. Several keys
    /// that turn the page turn it once.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut found = Key::Other;
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            let (key, behind) = match (first, behind) {
                // An arrow or another key that the terminal sends as a sequence, up to its last byte.
                (0x1b, [b'[' | b'O', sequence @ ..]) => {
                    let last = sequence.iter().position(|byte| (0x40..=0x7e).contains(byte));
                    let length = last.map_or(sequence.len(), |last| last.saturating_add(1));
                    let (sequence, behind) = sequence.split_at_checked(length).unwrap_or((sequence, &[]));
                    (if matches!(sequence, b"B" | b"6~") { Key::Next } else { Key::Other }, behind)
                }
                (b' ' | b'\r' | b'\n' | b'f', behind) => (Key::Next, behind),
                (b'q' | b'Q' | 3 | 4, behind) => (Key::Leave, behind),
                (_, behind) => (Key::Other, behind),
            };
            match key {
                Key::Leave => return Key::Leave,
                Key::Next => found = Key::Next,
                Key::Other => {}
            }
            rest = behind;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_mean_it_turn_the_page() {
        for bytes in [&b" "[..], b"\r", b"\n", b"f", b"\x1b[B", b"\x1bOB", b"\x1b[6~", b"  ", b"x "] {
            assert_eq!(Key::of(bytes), Key::Next, "{bytes:?}");
        }
        for bytes in [&b"q"[..], b"Q", &[3], &[4], b"x\x1b[Aq", b" q", b"\x1b[Bq"] {
            assert_eq!(Key::of(bytes), Key::Leave, "{bytes:?}");
        }
        for bytes in [&b"x"[..], b"\x1b[A", b"\x1b[", b"\x1b", b"\x1b[1;5q", &[26], "é".as_bytes()] {
            assert_eq!(Key::of(bytes), Key::Other, "{bytes:?}");
        }
    }
}
