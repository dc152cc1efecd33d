//! The kinds of script that a treasury receives to, and how many bytes it takes to spend from them.

/// The kind of script that a single key receives to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptType {
    /// `elwpkh`, BIP-84.
    Wpkh,
    /// `elsh(wpkh)`, BIP-49.
    ShWpkh,
}

impl ScriptType {
    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ScriptType::Wpkh => Kind::Wpkh.name(),
            ScriptType::ShWpkh => Kind::ShWpkh.name(),
        }
    }
}

/// The kind of script that a treasury receives to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `elwpkh`: one key.
    Wpkh,
    /// `elsh(wpkh)`: one key, in a script hash.
    ShWpkh,
    /// `elwsh` of `multi` or `sortedmulti`: k of n keys.
    Wsh,
    /// `elsh(wsh)` of `multi` or `sortedmulti`: k of n keys, in a script hash.
    ShWsh,
}

impl Kind {
    /// The name on screens.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Wpkh => "wpkh",
            Kind::ShWpkh => "sh-wpkh",
            Kind::Wsh => "wsh",
            Kind::ShWsh => "sh-wsh",
        }
    }

    /// Whether it takes a witness script, which names k and all keys.
    pub fn is_quorum(self) -> bool {
        matches!(self, Kind::Wsh | Kind::ShWsh)
    }

    /// Bytes of a script, without its length.
    pub fn script_length(self) -> usize {
        match self {
            // A version and a key hash of 20 bytes.
            Kind::Wpkh => 22,
            // A script hash of 20 bytes between two opcodes.
            Kind::ShWpkh | Kind::ShWsh => 23,
            // A version and a script hash of 32 bytes.
            Kind::Wsh => 34,
        }
    }

    /// Whether the script is in a script hash (P2SH), with a redeem script.
    pub fn is_nested(self) -> bool {
        matches!(self, Kind::ShWpkh | Kind::ShWsh)
    }
}

/// The most bytes that spending a coin takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendSize {
    /// The scriptSig, without its length.
    pub script_sig: u64,
    /// The witness: the number of its items, and each item with its length.
    pub witness: u64,
}

/// The number of a witness's items, at most 17: one byte.
const ITEM_COUNT: u64 = 1;
/// A signature of at most 70 bytes, since ours have a low R, with its sighash byte, and a compressed key. Each with its length.
const SINGLE_KEY_WITNESS: u64 = ITEM_COUNT + (1 + 71) + (1 + 33);

impl SpendSize {
    /// What a single key's script takes.
    pub(crate) fn single_key(kind: Kind) -> Self {
        SpendSize { script_sig: script_sig(kind), witness: SINGLE_KEY_WITNESS }
    }

    /// What a quorum's script takes. `satisfaction` is what elements-miniscript calls the weight to satisfy: all bytes of the
    /// witness except the number of its items, with signatures of 72 bytes, since other signers' may have a high R.
    pub(super) fn quorum(kind: Kind, satisfaction: usize) -> Self {
        let satisfaction = u64::try_from(satisfaction).unwrap_or(u64::MAX);
        SpendSize { script_sig: script_sig(kind), witness: satisfaction.saturating_add(ITEM_COUNT) }
    }
}

/// The push of a redeem script: `OP_0 <20 bytes>` or `OP_0 <32 bytes>`.
fn script_sig(kind: Kind) -> u64 {
    match kind {
        Kind::Wpkh | Kind::Wsh => 0,
        Kind::ShWpkh => 1 + 22,
        Kind::ShWsh => 1 + 34,
    }
}
