//! Coins that their own range proof does not open, although we paid them to ourselves: somebody swapped the proof on its
//! way into the chain. What `coldamp sign` wrote about that transaction still opens them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use coldamp_cli::{Failure, screen};
use coldamp_core::Secp;
use coldamp_core::elements::OutPoint;
use coldamp_core::signed::Signed;
use coldamp_core::treasury::Opening;
use coldamp_online::sync::Holdings;

use crate::load;
use crate::state::SignatureState;

/// Opens what can be opened, from the files named and from those that were broadcast from here.
///
/// # Errors
/// When a file that was named is no signed.json.
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
            Ok(signed) => openings.extend(signed.iter().flat_map(Signed::openings)),
            // The coin stays unopened, which is told, or a file that is named opens it.
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
            "{opened} coins are opened by what was signed, not by their own range proofs: somebody swapped these; the review names them"
        ));
    }
    Ok(())
}
