//! What came back from the cold side. What may be done with it comes from its audit alone.

use std::rc::Rc;

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::signed;
use coldamp_online::audit::audit;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::treasury::Desk;
use crate::{Audited, Failure, Prepared, read};

/// A signed transaction and the report of it, as it came back. Nothing of it can be sent: see [`Signed::audit`].
#[wasm_bindgen]
pub struct Signed {
    file: Rc<File>,
}

/// The file, read and as it stood.
pub(crate) struct File {
    pub(crate) signed: signed::Signed,
    pub(crate) bytes: Vec<u8>,
}

/// What can be shown of a signed file. The report holds every blinder, and stays inside.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct SignedView {
    /// What it did.
    #[tsify(type = "\"distribute\" | \"reissue\" | \"burn\"")]
    pub command: String,
    /// The network it is for.
    pub network: String,
    /// The transaction.
    pub txid: String,
    /// The API that it names.
    pub amp: String,
    /// AMP's name for the asset.
    pub asset_uuid: String,
    /// AMP's name for the distribution.
    pub distribution_uuid: Option<String>,
    /// Where the signing machine's journal has it.
    pub journal: JournalView,
}

/// A place in a journal.
#[derive(Serialize, Tsify)]
pub struct JournalView {
    /// The journal.
    pub id: String,
    /// The entry.
    pub number: u32,
}

#[wasm_bindgen]
impl Signed {
    /// Reads a signed.json, strictly; its report must open every commitment of its transaction.
    ///
    /// # Errors
    /// Throws a Failure when anything in it is not what the signer writes.
    pub fn read(bytes: &[u8]) -> Result<Signed, Failure> {
        let signed = read::signed(bytes)?;
        signed.opens(&Secp::new()).map_err(|error| Failure::new(Code::Payload, error))?;
        Ok(Signed { file: Rc::new(File { signed, bytes: bytes.to_vec() }) })
    }

    /// What can be shown of it.
    ///
    /// # Errors
    /// Never for what a signed file can hold; the serializer's error is passed on all the same.
    pub fn view(&self) -> Result<Ts<SignedView>, Failure> {
        let signed = &self.file.signed;
        let signer = signed.signer();
        let view = SignedView {
            command: signed.command().name().to_owned(),
            network: signed.chain().name().to_owned(),
            txid: signed.txid().to_string(),
            amp: signed.api().to_string(),
            asset_uuid: signed.asset_uuid().to_string(),
            distribution_uuid: signed.distribution_uuid().map(ToString::to_string),
            journal: JournalView { id: signer.id.to_lower_hex_string(), number: signer.number },
        };
        Ok(view.into_ts()?)
    }

    /// Recomputes from the PSET that was handed over what this file must be, and compares. What agrees can be sent and
    /// reported.
    ///
    /// # Errors
    /// Throws a Failure when the PSET fails the review, or the file differs anywhere.
    pub fn audit(&self, prepared: &Prepared) -> Result<Audited, Failure> {
        let Desk { secp, network, descriptor, .. } = &*prepared.desk;
        let (unsigned, missing) = (&prepared.unsigned, prepared.allow_missing_tokens);
        audit(secp, network, descriptor, unsigned, missing, &self.file.bytes)?;
        Ok(Audited::of(Rc::clone(&self.file)))
    }
}
