//! The signed file from the air-gapped machine. Only its comparison with the PSET allows more to be done with it.

use std::rc::Rc;

use coldamp_core::Secp;
use coldamp_core::code::Code;
use coldamp_core::consensus::unprotected_inputs;
use coldamp_core::elements::bitcoin::bip32::Fingerprint;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::signed::{self, JournalPosition, Signers};
use coldamp_online::audit::audit;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::treasury::Desk;
use crate::{Audited, Failure, Prepared, read};

/// A signed transaction with its report. It cannot be sent before [`Signed::audit`] agrees.
#[wasm_bindgen]
pub struct Signed {
    file: Rc<File>,
}

/// The file, parsed and as bytes.
pub(crate) struct File {
    pub(crate) signed: signed::SignedFile,
    pub(crate) bytes: Vec<u8>,
}

/// What can be shown of a signed file. The report contains every blinder, and is not given to the page.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct SignedView {
    /// The job.
    #[tsify(type = "\"distribute\" | \"reissue\" | \"burn\"")]
    pub command: String,
    /// The network it is for.
    pub network: String,
    /// The transaction.
    pub txid: String,
    /// The root of AMP's API that it names.
    pub amp: String,
    /// AMP's uuid of the asset.
    pub asset_uuid: String,
    /// AMP's uuid of the distribution, if it is one.
    pub distribution_uuid: Option<String>,
    /// Who signed it.
    pub signers: Vec<SignerView>,
    /// The inputs on which no signature covers the proofs of the outputs.
    pub unprotected_inputs: Vec<usize>,
}

/// A signer.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct SignerView {
    /// The fingerprint of its master key. A file of a single signer names none.
    pub fingerprint: Option<String>,
    /// The position in its journal. A signer of another kind has no journal.
    pub journal: Option<JournalView>,
}

/// A position in a journal.
#[derive(Serialize, Tsify)]
pub struct JournalView {
    /// The id of the journal.
    pub id: String,
    /// The number of the entry.
    pub number: u32,
}

#[wasm_bindgen]
impl Signed {
    /// Reads a signed.json, strictly; its report must open every commitment of its transaction.
    ///
    /// # Errors
    /// Throws a Failure when it is not exactly what the signer writes.
    pub fn read(bytes: &[u8]) -> Result<Signed, Failure> {
        let signed = read::signed(bytes)?;
        signed.opens(&Secp::new()).map_err(|error| Failure::new(Code::Payload, error))?;
        Ok(Signed { file: Rc::new(File { signed, bytes: bytes.to_vec() }) })
    }

    /// What can be shown of it.
    ///
    /// # Errors
    /// Throws a Failure only if the serializer fails.
    pub fn view(&self) -> Result<Ts<SignedView>, Failure> {
        let signed = &self.file.signed;
        let signers = match signed.signers() {
            Signers::One(position) => {
                vec![SignerView { fingerprint: None, journal: Some(journal_view(position)) }]
            }
            Signers::Several(cosigners) => {
                let view = |(fingerprint, position): (&Fingerprint, &Option<JournalPosition>)| SignerView {
                    fingerprint: Some(fingerprint.to_string()),
                    journal: position.as_ref().map(journal_view),
                };
                cosigners.iter().map(view).collect()
            }
        };
        let view = SignedView {
            command: signed.command().name().to_owned(),
            network: signed.chain().name().to_owned(),
            txid: signed.txid().to_string(),
            amp: signed.api().to_string(),
            asset_uuid: signed.asset_uuid().to_string(),
            distribution_uuid: signed.distribution_uuid().map(ToString::to_string),
            signers,
            unprotected_inputs: unprotected_inputs(signed.transaction()),
        };
        Ok(view.into_ts()?)
    }

    /// Recomputes the file from the PSET that was handed over, and compares. A file that agrees can be sent and reported.
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

fn journal_view(position: &JournalPosition) -> JournalView {
    JournalView { id: position.id.to_lower_hex_string(), number: position.number }
}
