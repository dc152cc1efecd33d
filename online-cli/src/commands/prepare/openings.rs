//! Own outputs that their range proof does not open, because somebody swapped the proof before the transaction confirmed. The
//! signed.json of that transaction still opens them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use coldamp_cli::{Failure, screen};
use coldamp_core::Secp;
use coldamp_core::elements::OutPoint;
use coldamp_core::signed::SignedFile;
use coldamp_core::treasury::Opening;
use coldamp_online::sync::Holdings;

use crate::load;
use crate::state::SignatureState;

/// Opens what can be opened, with the named files and the kept copies of broadcast files.
///
/// # Errors
/// When a named file is not a signed.json.
pub(super) fn apply(
    secp: &Secp,
    holdings: &mut Holdings,
    named: &[PathBuf],
    state: Option<&std::path::Path>,
) -> Result<(), Failure> {
    if holdings.unopened.is_empty() && named.is_empty() {
        return Ok(());
    }
    let mut openings: BTreeMap<OutPoint, Opening> = BTreeMap::new();
    let kept = SignatureState::open(state)?;
    for coin in &holdings.unopened {
        match kept.signed(coin.outpoint.txid) {
            Ok(signed) => openings.extend(signed.iter().flat_map(SignedFile::openings)),
            // The coin stays unopened, which is told, unless a named file opens it.
            Err(failure) => screen::warn(&failure.message),
        }
    }
    for path in named {
        let (_, signed) = load::signed(path)?;
        openings.extend(signed.openings());
    }
    let before = holdings.unopened.len();
    holdings.open_with(secp, &openings);
    let opened = before.saturating_sub(holdings.unopened.len());
    if opened > 0 {
        screen::warn(&format!(
            "{opened} coins were opened with a signed.json: somebody swapped their range proofs. The review names them"
        ));
    }
    Ok(())
}
