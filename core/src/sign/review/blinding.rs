//! A PSET that is blinded already, compared with this treasury's own blinding (docs/rules.md#blinded-pset).

use super::effects::Effects;
use super::mismatch::Mismatch;
use crate::Secp;
use crate::code::Code;
use crate::pset::{Blinding, Content};
use crate::sign::blinder::blinding_of;
use crate::treasury::CtDescriptor;

/// The mismatch of a PSET that is blinded in another way than the view key blinds its content. One that is not blinded has none.
/// The transaction that is signed does not come from these fields. But another signer of the same PSET signs what they say, so
/// none of them may differ.
pub(super) fn mismatch(
    secp: &Secp,
    content: &Content,
    descriptor: &CtDescriptor,
    effects: &Effects,
    blinding: &Blinding,
) -> Option<Mismatch> {
    if blinding.is_empty() {
        return None;
    }
    let own = match blinding_of(secp, content, descriptor, effects) {
        Ok(own) => own,
        Err(error) => {
            return Some(Mismatch::new(Code::Content, "the transaction", error, "one that can be blinded"));
        }
    };
    let difference = own.first_difference(blinding)?;
    let code = if difference.is_of_issuance { Code::IssuanceBlinded } else { Code::Preblinded };
    let found = format!("another {} than this treasury's view key makes", difference.field);
    Some(Mismatch::new(code, &difference.place, found, "the same, or no field of blinding in the whole PSET"))
}
