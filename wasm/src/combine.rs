//! Combines what several signers gave back.

use coldamp_core::sign::{CombineError, Part};
use coldamp_online::combine::{NotCombined, combine as combined};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::treasury::Desk;
use crate::{Failure, Prepared, read};

/// The bytes of the signed.json that a PSET and its parts make. Each part is a file of signatures alone, or a signed PSET.
///
/// # Errors
/// Throws a Failure when the PSET fails the review, a part is refused, or too few keys signed.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen passes lists of objects by value")]
pub fn combine(prepared: &Prepared, parts: Vec<Uint8Array>) -> Result<Vec<u8>, Failure> {
    let part = |(index, bytes): (usize, &Uint8Array)| -> Result<Part, Failure> {
        let bytes = bytes.to_vec();
        let read = read::plain(&bytes).and_then(|bytes| Ok(Part::read(bytes)?));
        read.map_err(|failure| of_part(index, failure))
    };
    let parts = parts.iter().enumerate().map(part).collect::<Result<Vec<Part>, Failure>>()?;
    let Desk { secp, network, descriptor, .. } = &*prepared.desk;
    let (unsigned, missing) = (&prepared.unsigned, prepared.allow_missing_tokens);
    let file = combined(secp, network, descriptor, unsigned, missing, &parts).map_err(refused)?;
    Ok(file.to_json().map_err(Failure::internal)?.into_bytes())
}

/// Names the part that is refused by its place in the page's list.
fn of_part(index: usize, failure: Failure) -> Failure {
    Failure { message: format!("part {}: {}", index.saturating_add(1), failure.message), ..failure }
}

fn refused(error: NotCombined) -> Failure {
    match &error {
        NotCombined::Parts(CombineError::Part { index, .. }) => of_part(*index, error.into()),
        _ => error.into(),
    }
}
