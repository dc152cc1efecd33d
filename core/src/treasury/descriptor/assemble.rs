//! Assembling the descriptor of a treasury of several keys, from the key that each signer gives.

use std::str::FromStr as _;

use elements_miniscript::DescriptorPublicKey;

use super::parse::with_small_marks;
use super::{CtDescriptor, DescriptorError, MasterBlindingKey};
use crate::network::Chain;

/// What a treasury of several keys is besides its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuorumForm {
    /// How many keys must sign.
    pub threshold: usize,
    /// Whether the script is in a script hash, `elsh(wsh(…))`. Otherwise it is `elwsh(…)`.
    pub is_nested: bool,
    /// Whether each script sorts its keys, `sortedmulti`. Otherwise the order of the keys is that of the descriptor, `multi`.
    pub is_sorted: bool,
}

impl CtDescriptor {
    /// The descriptor of a treasury of several keys. Each key is `[fingerprint/path]xpub`, and `/<0;1>/*` is added to it unless it
    /// has steps of its own.
    ///
    /// # Errors
    /// As [`CtDescriptor::parse`], which reads the result.
    pub fn of_quorum(
        form: QuorumForm,
        blinding: &MasterBlindingKey,
        keys: &[String],
        chain: Chain,
    ) -> Result<Self, DescriptorError> {
        let keys = keys.iter().zip(1_usize..).map(|(key, number)| whole_key(key.trim(), number));
        let keys = keys.collect::<Result<Vec<_>, _>>()?.join(",");
        let multi = if form.is_sorted { "sortedmulti" } else { "multi" };
        let multi = format!("{multi}({},{keys})", form.threshold);
        let script = if form.is_nested { format!("elsh(wsh({multi}))") } else { format!("elwsh({multi})") };
        Self::parse(&format!("ct(slip77({blinding}),{script})"), chain)
    }
}

/// One key with its branches.
fn whole_key(key: &str, number: usize) -> Result<String, DescriptorError> {
    let shape = |problem| DescriptorError::KeyShape { which: format!("key {number}"), problem };
    // A comma or a bracket would make two keys of one, or another script.
    if key.chars().any(|character| character.is_whitespace() || ",(){}#".contains(character)) {
        return Err(shape("is more than one key"));
    }
    let steps = key.rsplit_once(']').map_or(key, |(_, behind)| behind);
    let whole = if steps.contains('/') { key.to_owned() } else { format!("{key}/<0;1>/*") };
    // The parser's own words would be those for a whole descriptor.
    DescriptorPublicKey::from_str(&with_small_marks(&whole)).map_err(|_| shape("cannot be read"))?;
    Ok(whole)
}
