//! From entries to what a review needs of them, and from a signing to its entry. The entries are this keystore's own;
//! one that does not convert was written by another version, and nothing is signed past it.

use std::str::FromStr;

use coldamp_core::amp::request::{Command, RequestIdentity, Uuid};
use coldamp_core::elements::hex::{DisplayHex as _, decode_to_array, decode_to_vec};
use coldamp_core::elements::{AssetId, OutPoint, Script, Txid};
use coldamp_core::listed::CoinName;
use coldamp_core::pset::ContentHash;
use coldamp_core::sign::Unrecorded;
use coldamp_core::sign::review::{
    ApprovedBy, AssetKnowledge, FeeCap, History, JobLimits, JournalState, LaterUnknown, PastSigning, Policy,
    SigningFacts,
};
use coldamp_core::treasury::ProvenContract;
use coldamp_core::units::{AssetAmount, FeeRate, Satoshi};

use super::chain::{ChainError, Link};
use super::entry::{Entry, KeystoreOrigin, Limits, PolicySet, Signed};

/// What the chain says in the end.
///
/// # Errors
/// When an entry does not convert.
pub(crate) fn state(links: &[Link]) -> Result<JournalState, ChainError> {
    let mut policies: Vec<Policy> = Vec::new();
    let mut history = History::default();
    let mut later_unknown: Vec<LaterUnknown> = Vec::new();
    let mut used_up_to = None;
    let mut treasury = String::new();
    for link in links {
        let unknown = || ChainError::Unknown { number: link.number };
        match &link.entry {
            Entry::Created(created) if link.number == 0 => {
                history.earlier_unknown = created.origin == KeystoreOrigin::Restored;
                treasury.clone_from(&created.descriptor);
            }
            Entry::Created(_) => return Err(unknown()),
            Entry::Acknowledged(_) => {
                history.earlier_unknown = false;
                // A gap that nobody has looked into cannot be acknowledged.
                later_unknown.retain(|gap| gap.newest.is_none());
            }
            // A second backup leaves the gap of the first one open: nobody has acknowledged what is missing there.
            Entry::RestoredBackup(restored) => {
                later_unknown.push(LaterUnknown { known: restored.newest, newest: None });
            }
            Entry::BackupCompared(compared) => compare(&mut later_unknown, compared.newest),
            Entry::PolicySet(set) => {
                let policy = set.policy(link.number).ok_or_else(unknown)?;
                policies.retain(|other| other.asset != policy.asset);
                policies.push(policy);
            }
            Entry::PolicyRemoved(removed) => {
                let asset = AssetId::from_str(&removed.asset).map_err(|_| unknown())?;
                policies.retain(|policy| policy.asset != asset);
            }
            Entry::Signed(signed) => {
                let facts = signed.facts().ok_or_else(unknown)?;
                history.signings.push(PastSigning { number: link.number, declared_void: false, facts });
            }
            Entry::DeclaredVoid(void) => {
                // They stand in the order of their numbers; a search from the front for each would be quadratic.
                let place = history.signings.binary_search_by_key(&void.number, |past| past.number);
                let past = place.ok().and_then(|place| history.signings.get_mut(place));
                past.ok_or_else(unknown)?.declared_void = true;
            }
            Entry::Approved(_) | Entry::PolicyApproved(_) => {}
            // The newest word counts: one that went too far can be taken back.
            Entry::IndicesUsed(used) => used_up_to = Some(used.up_to),
            Entry::TreasuryRegistered(registered) if registered.hash() == treasury => {}
            // It counts coins and indices of one treasury, so no other one takes its place after a signing.
            Entry::TreasuryRegistered(_) if !history.signings.is_empty() => return Err(unknown()),
            Entry::TreasuryRegistered(registered) => {
                treasury = registered.hash();
                used_up_to = None;
            }
        }
    }
    Ok(JournalState { policies, history: Some(history), later_unknown, used_up_to })
}

/// The gap that `journal compare` asks about: the first one that nobody has looked into, else the last one.
pub(crate) fn gap_to_compare(gaps: &[LaterUnknown]) -> Option<usize> {
    gaps.iter().position(|gap| gap.newest.is_none()).or(gaps.len().checked_sub(1))
}

/// Notes the newest entry number that was found. A gap ends where that is the backup's own newest entry, and only if no
/// higher one was ever found: missing entries are acknowledged, and not compared away.
fn compare(gaps: &mut Vec<LaterUnknown>, found: u32) {
    let Some(place) = gap_to_compare(gaps) else { return };
    let Some(gap) = gaps.get_mut(place) else { return };
    let newest = gap.newest.map_or(found, |before| before.max(found));
    if newest > gap.known {
        gap.newest = Some(newest);
    } else {
        gaps.remove(place);
    }
}

impl PolicySet {
    /// The policy that the entry of this number sets.
    pub(crate) fn policy(&self, number: u32) -> Option<Policy> {
        let limits = self.limits.iter().map(|(command, limits)| {
            let Limits { max, budget, budget_count } = *limits;
            let units = |amount: Option<u64>| amount.map(AssetAmount::from_base_units);
            let limits = JobLimits { max: units(max), budget: units(budget), budget_count };
            Some((Command::from_name(command)?, limits))
        });
        let counted =
            self.counted_from.iter().map(|(command, entry)| Some((Command::from_name(command)?, *entry)));
        let asset = AssetId::from_str(&self.asset).ok()?;
        Some(Policy {
            number,
            counted_from: counted.collect::<Option<_>>()?,
            asset,
            proof: self.proof(asset)?,
            asset_uuid: optional(self.asset_uuid.as_deref(), Uuid::parse)?,
            limits: limits.collect::<Option<_>>()?,
            max_recipients: self.max_recipients,
            max_per_recipient: self.max_per_recipient.map(AssetAmount::from_base_units),
            fee_cap: FeeCap {
                absolute: self.max_fee.map(Satoshi::from_sat),
                rate: self.max_fee_rate.map(FeeRate::from_sat_per_kvb),
            },
            approvers: self.approvers.iter().map(|key| key.parse().ok()).collect::<Option<_>>()?,
            forbid_unconfidential: self.forbid_unconfidential,
        })
    }
}

impl PolicySet {
    /// Proven at every reading: what an earlier version may have taken, this one does not have to.
    fn proof(&self, asset: AssetId) -> Option<AssetKnowledge> {
        match (&self.contract, &self.issuance_prevout) {
            (None, None) => Some(AssetKnowledge::Unproven),
            (Some(contract), Some(prevout)) => {
                let proven = ProvenContract::prove(contract.as_bytes(), outpoint(prevout)?, asset);
                proven.ok().map(AssetKnowledge::Contract)
            }
            _ => None,
        }
    }
}

impl Signed {
    /// The entry of a signing, with the hash of the file that was signed.
    pub(crate) fn of<T>(signing: &Unrecorded<T>, pset_sha256: [u8; 32]) -> Self {
        let facts = signing.facts();
        let approved_by = match signing.by() {
            ApprovedBy::Code => "code".to_owned(),
            ApprovedBy::Typed => "typed".to_owned(),
            ApprovedBy::Approver(key) => key.to_string(),
        };
        Signed {
            command: facts.command.name().to_owned(),
            asset: facts.asset.to_string(),
            amount: facts.amount.base_units(),
            fee: facts.fee.sat(),
            txid: facts.txid.to_string(),
            distribution: facts.distribution.as_ref().map(Uuid::to_string),
            request: facts.request.0.to_lower_hex_string(),
            request_sha256: facts.request_sha256.to_lower_hex_string(),
            content: facts.content.0.to_lower_hex_string(),
            pset_sha256: pset_sha256.to_lower_hex_string(),
            inputs: facts.inputs.iter().map(outpoint_text).collect(),
            recipients: facts.recipients.iter().map(|script| format!("{script:x}")).collect(),
            own_index: facts.own_index,
            highest_index: None,
            approved_by,
            despite: signing.despite().iter().map(Uuid::to_string).collect(),
        }
    }

    fn facts(&self) -> Option<SigningFacts> {
        let hash = |text: &str| decode_to_array::<32>(text).ok();
        let script = |text: &String| Some(Script::from(decode_to_vec(text).ok()?));
        Some(SigningFacts {
            content: ContentHash(hash(&self.content)?),
            txid: Txid::from_str(&self.txid).ok()?,
            request: RequestIdentity(hash(&self.request)?),
            request_sha256: hash(&self.request_sha256)?,
            command: Command::from_name(&self.command)?,
            distribution: optional(self.distribution.as_deref(), Uuid::parse)?,
            asset: AssetId::from_str(&self.asset).ok()?,
            amount: AssetAmount::from_base_units(self.amount),
            fee: Satoshi::from_sat(self.fee),
            inputs: self.inputs.iter().map(|text| outpoint(text)).collect::<Option<_>>()?,
            recipients: self.recipients.iter().map(script).collect::<Option<_>>()?,
            own_index: self.own_index,
        })
    }
}

/// What may be absent, and must convert where it is not.
fn optional<T>(text: Option<&str>, convert: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        None => Some(None),
        Some(text) => convert(text).map(Some),
    }
}

/// Writes `TXID:VOUT`.
pub(crate) fn outpoint_text(outpoint: &OutPoint) -> String {
    CoinName(*outpoint).to_string()
}

/// Reads `TXID:VOUT`.
pub(crate) fn outpoint(text: &str) -> Option<OutPoint> {
    let (txid, vout) = text.split_once(':')?;
    Some(OutPoint::new(Txid::from_str(txid).ok()?, vout.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry as the version before wrote it.
    const EARLIER: &str = r#"{"command":"burn","asset":"c827f4a9f08a0eb9372c163621585f3d795c68b6a577505b457ff1c6ebb71015","amount":7,"fee":100,"txid":"0101010101010101010101010101010101010101010101010101010101010101","distribution":null,"request":"0202020202020202020202020202020202020202020202020202020202020202","request_sha256":"0303030303030303030303030303030303030303030303030303030303030303","content":"0404040404040404040404040404040404040404040404040404040404040404","pset_sha256":"0505050505050505050505050505050505050505050505050505050505050505","inputs":["0606060606060606060606060606060606060606060606060606060606060606:1"],"recipients":[],"highest_index":19999,"approved_by":"code","despite":[]}"#;

    #[test]
    fn an_index_that_an_earlier_version_took_from_coins_is_read_and_counts_for_nothing() {
        let earlier: Signed = serde_json::from_str(EARLIER).unwrap();
        assert_eq!((earlier.highest_index, earlier.facts().unwrap().own_index), (Some(19_999), None));
        let own = EARLIER.replace("\"highest_index\":19999", "\"own_index\":12");
        let own: Signed = serde_json::from_str(&own).unwrap();
        assert_eq!(own.facts().unwrap().own_index, Some(12));
        assert!(!serde_json::to_string(&own).unwrap().contains("highest_index"));
        let none = EARLIER.replace("\"highest_index\":19999,", "");
        let none: Signed = serde_json::from_str(&none).unwrap();
        assert_eq!(none.facts().unwrap().own_index, None, "an absence lifts no limit");
    }
}
