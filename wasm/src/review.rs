//! The review as the page shows it: the document that `coldamp review --json` writes, with the page's hints.

use coldamp_core::sign::review::ReviewDocument;
use js_sys::JSON;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Failure;
use crate::hints::HINTS;

/// The document's types. docs/formats.md describes each field.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("review.d.ts");

/// The document as a plain object.
pub(crate) fn object(document: ReviewDocument) -> Result<JsValue, Failure> {
    let text = document.with_hints(&HINTS).to_json().map_err(Failure::internal)?;
    JSON::parse(&text).map_err(|_| Failure::internal("the review is no JSON"))
}
