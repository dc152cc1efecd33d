//! The entries of the chain as they are written: JSON objects of one member, which names the kind. They hold no key that signs. What
//! was signed is on the chain of Liquid sooner or later, but for the recipients' amounts, which are not here. The descriptor of a
//! registered treasury is: it has the view key, by which whoever reads it sees every amount.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entry {
    /// The first one: whose chain this is.
    Created(Created),
    /// The operator knows of what was signed before the chain began.
    Acknowledged(Acknowledged),
    /// A policy is in force from here on, instead of an earlier one for the same asset.
    PolicySet(Box<PolicySet>),
    /// A policy is no longer in force.
    PolicyRemoved(PolicyRemoved),
    /// A transaction was signed.
    Signed(Box<Signed>),
    /// The operator has declared that the transaction of an entry can never confirm.
    DeclaredVoid(DeclaredVoid),
    /// A transaction of another keystore was approved.
    Approved(Approved),
    /// This journal was put back from a backup.
    RestoredBackup(RestoredBackup),
    /// The operator has looked for entries that are newer than the backup.
    BackupCompared(BackupCompared),
    /// The operator has said how far the treasury's addresses were used, beyond what this chain knows.
    IndicesUsed(IndicesUsed),
    /// A change of another keystore's policies was approved.
    PolicyApproved(PolicyApproved),
    /// The keystore signs for this treasury from here on, and for no other.
    TreasuryRegistered(TreasuryRegistered),
}

/// How a keystore came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeystoreOrigin {
    /// From fresh randomness: nothing was ever signed with it.
    New,
    /// From the words of a backup: they may have signed anything.
    Restored,
}

/// Whose chain it is. All of it must agree with the keystore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Created {
    pub(crate) version: u32,
    /// The chain's id, as in the keystore.
    pub(crate) chain: String,
    pub(crate) network: String,
    pub(crate) policy_asset: String,
    /// Of the master key.
    pub(crate) fingerprint: String,
    /// SHA-256 of the canonical CT descriptor.
    pub(crate) descriptor: String,
    pub(crate) origin: KeystoreOrigin,
}

/// See [`Entry::Acknowledged`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acknowledged {}

/// A policy; amounts are base units, fees satoshi.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicySet {
    pub(crate) asset: String,
    /// The contract's bytes as they were given, which with the prevout prove everything about the asset once more at
    /// every reading.
    pub(crate) contract: Option<String>,
    /// The outpoint that the asset's issuance spent, `TXID:VOUT`.
    pub(crate) issuance_prevout: Option<String>,
    pub(crate) asset_uuid: Option<String>,
    /// By AMP's command.
    pub(crate) limits: BTreeMap<String, Limits>,
    pub(crate) max_recipients: Option<u32>,
    pub(crate) max_per_recipient: Option<u64>,
    pub(crate) max_fee: Option<u64>,
    pub(crate) max_fee_rate: Option<u64>,
    pub(crate) approvers: Vec<String>,
    pub(crate) forbid_unconfidential: bool,
    /// By command whose budgets go on counting from an earlier policy: the entry after which signatures count. Of the
    /// others it is this entry, as it was of all before policies were files.
    #[serde(default)]
    pub(crate) counted_from: BTreeMap<String, u32>,
    /// See [`PolicyRemoved::approved_by`].
    #[serde(default)]
    pub(crate) approved_by: Vec<String>,
}

/// Limits of one command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) max: Option<u64>,
    pub(crate) budget: Option<u64>,
    pub(crate) budget_count: Option<u32>,
}

/// See [`Entry::PolicyRemoved`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyRemoved {
    pub(crate) asset: String,
    /// `typed`, `sha256` or `restored`, and the keys of approvers. Nothing where it was set before this was noted.
    #[serde(default)]
    pub(crate) approved_by: Vec<String>,
}

/// A signing: the facts that history needs, and the hash of the PSET's file, so that the file can be found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    pub(crate) command: String,
    pub(crate) asset: String,
    pub(crate) amount: u64,
    pub(crate) fee: u64,
    pub(crate) txid: String,
    pub(crate) distribution: Option<String>,
    /// What the request means: equal for requests that mean the same.
    pub(crate) request: String,
    pub(crate) request_sha256: String,
    pub(crate) content: String,
    pub(crate) pset_sha256: String,
    /// `TXID:VOUT`.
    pub(crate) inputs: Vec<String>,
    /// Scripts, hexadecimal.
    pub(crate) recipients: Vec<String>,
    /// The highest index of what it pays to the treasury itself.
    #[serde(default)]
    pub(crate) own_index: Option<u32>,
    /// What earlier versions wrote in its place, coins that are spent included. Whoever knows an address could raise
    /// it, so it is read and counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) highest_index: Option<u32>,
    /// `code`, `typed` or an approver's key.
    pub(crate) approved_by: String,
    /// The uuids of open distributions to the same holders that the operator typed.
    pub(crate) despite: Vec<String>,
}

/// See [`Entry::DeclaredVoid`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclaredVoid {
    pub(crate) number: u32,
    pub(crate) txid: String,
}

/// An approval given for another keystore's transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approved {
    pub(crate) code: String,
    pub(crate) hash: String,
    pub(crate) request_sha256: String,
    pub(crate) command: String,
    pub(crate) asset: String,
    pub(crate) amount: u64,
}

/// A backup was put back. What was written behind its newest entry, if anything, is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RestoredBackup {
    /// The number of the backup's newest entry.
    pub(crate) newest: u32,
}

/// What the operator has found out about entries that are newer than the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupCompared {
    /// The newest entry number that a signed file or a note names.
    pub(crate) newest: u32,
}

/// See [`Entry::IndicesUsed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicesUsed {
    /// The highest index of either branch.
    pub(crate) up_to: u32,
}

/// An approval given for a change of another keystore's policies; SHA-256 of the two files, and the hash that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyApproved {
    pub(crate) file_sha256: String,
    pub(crate) in_force_sha256: String,
    pub(crate) hash: String,
}

/// See [`Entry::TreasuryRegistered`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TreasuryRegistered {
    /// The canonical CT descriptor with its checksum.
    pub(crate) descriptor: String,
}
