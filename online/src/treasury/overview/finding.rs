//! What differs between AMP and the treasury, by name.

use serde::{Serialize, Serializer};

/// A difference between AMP and the treasury, or something to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its name.
    #[serde(rename = "name", serialize_with = "name")]
    pub kind: FindingKind,
    /// Whether AMP and the treasury differ. If not, nothing is wrong.
    pub is_difference: bool,
    /// What was found.
    pub message: String,
    /// What to do, in the words of the front end that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<&'static str>,
}

/// What differs. Each kind has its own hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// AMP no longer tracks an output, which the treasury still holds.
    LostHeld,
    /// AMP no longer tracks an output, which the treasury does not hold any more.
    LostSpent,
    /// AMP counts an output as the treasury's and unspent. The treasury does not hold it.
    NotHeld,
    /// A confirmed coin of the treasury that AMP's record does not have.
    NotRecorded,
    /// AMP's record has the coin, and does not count it as the treasury's.
    NotCounted,
    /// AMP counts the coin as spent or destroyed.
    CountedSpent,
    /// AMP has another asset or amount of the coin.
    OtherAmount,
    /// AMP lacks blinders of a blinded coin.
    NoBlinders,
    /// AMP has other blinders of the coin.
    OtherBlinders,
    /// AMP counts an output that the view key does not open: nobody can say what it holds, and it cannot be spent.
    NotOpened,
    /// AMP names another token than the issuance proves.
    OtherToken,
    /// AMP's balance of the treasury is not the sum of its outputs.
    Balance,
    /// AMP lists an address as the treasury's that is not of this treasury.
    ForeignAddress,
    /// AMP lists an address of the treasury with a blinding key that is not the treasury's.
    OtherBlindingKey,
    /// The next receiving address is not registered.
    NextNotRegistered,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [FindingKind; 15] = [
        FindingKind::LostHeld,
        FindingKind::LostSpent,
        FindingKind::NotHeld,
        FindingKind::NotRecorded,
        FindingKind::NotCounted,
        FindingKind::CountedSpent,
        FindingKind::OtherAmount,
        FindingKind::NoBlinders,
        FindingKind::OtherBlinders,
        FindingKind::NotOpened,
        FindingKind::OtherToken,
        FindingKind::Balance,
        FindingKind::ForeignAddress,
        FindingKind::OtherBlindingKey,
        FindingKind::NextNotRegistered,
    ];

    /// Its name, as the text and the JSON have it.
    pub fn name(self) -> &'static str {
        match self {
            FindingKind::LostHeld => "lost-and-held",
            FindingKind::LostSpent => "lost-and-spent",
            FindingKind::NotHeld => "not-held",
            FindingKind::NotRecorded => "not-recorded",
            FindingKind::NotCounted => "not-counted",
            FindingKind::CountedSpent => "counted-spent",
            FindingKind::OtherAmount => "other-amount",
            FindingKind::NoBlinders => "no-blinders",
            FindingKind::OtherBlinders => "other-blinders",
            FindingKind::NotOpened => "not-opened",
            FindingKind::OtherToken => "other-token",
            FindingKind::Balance => "balance",
            FindingKind::ForeignAddress => "foreign-address",
            FindingKind::OtherBlindingKey => "other-blinding-key",
            FindingKind::NextNotRegistered => "next-not-registered",
        }
    }

    /// Whether it is a difference. Registering addresses is the issuer's choice: without it, holders cannot pay units back.
    pub fn is_difference(self) -> bool {
        self != FindingKind::NextNotRegistered
    }
}

impl Finding {
    /// A finding, without a hint yet.
    pub(super) fn new(kind: FindingKind, message: String) -> Self {
        Finding { kind, is_difference: kind.is_difference(), message, hint: None }
    }
}

fn name<S: Serializer>(kind: &FindingKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = FindingKind::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), FindingKind::ALL.len());
    }
}
