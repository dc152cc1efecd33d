//! The log of a transaction or of an asset's requests. The page keeps its lines.

use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_online::state::log::{self, Log, LogError, Step};
use js_sys::Function;
use wasm_bindgen::JsValue;

/// The steps so far, and the page's function that keeps each further line before the step is taken.
pub(crate) struct PageLog {
    steps: Vec<Step>,
    keep: Function,
}

impl PageLog {
    /// Continues a log of `content` from its text. An empty text starts a new log.
    pub(crate) fn open(text: &str, content: &[u8], keep: Function) -> Result<Self, LogError> {
        let sha256 = sha256::Hash::hash(content).to_byte_array().to_lower_hex_string();
        let (steps, _) = log::read(text.as_bytes(), &sha256)?;
        let mut log = PageLog { steps, keep };
        if log.steps.is_empty() {
            log.add(Step::Of { sha256 })?;
        }
        Ok(log)
    }
}

impl Log for PageLog {
    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn add(&mut self, step: Step) -> Result<(), LogError> {
        let line = log::line(&step)?;
        self.keep
            .call1(&JsValue::UNDEFINED, &line.into())
            .map_err(|_| LogError::Write { reason: "the page could not keep it".to_owned() })?;
        self.steps.push(step);
        Ok(())
    }
}
