//! Why parts do not make a signed file.

use elements::Txid;
use elements::bitcoin::PublicKey;
use elements::bitcoin::bip32::Fingerprint;

use crate::code::Code;
use crate::consensus::ScriptError;
use crate::listed::listed;
use crate::network::Chain;
use crate::pset::FieldError;
use crate::sign::blinder::BlindError;
use crate::sign::extractor::ExtractError;
use crate::sign::finish::FinishError;
use crate::sign::signatures::SignedTwice;

/// Why parts do not make a signed file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CombineError {
    /// One of the parts is refused.
    #[error("{problem}")]
    Part {
        /// Its position among the parts.
        index: usize,
        /// The reason.
        problem: PartProblem,
    },
    /// Fewer keys signed than must.
    #[error("input {input} has {found} of {needed} signatures; no signature of {}", listed(missing))]
    TooFew {
        /// The index of the input.
        input: usize,
        /// How many keys signed it.
        found: usize,
        /// How many must.
        needed: usize,
        /// The fingerprints of the keys that did not sign it.
        missing: Vec<Fingerprint>,
    },
    /// The transaction could not be blinded.
    #[error("blinding: {0}")]
    Blind(#[from] BlindError),
    /// The finished transaction or its report was refused.
    #[error(transparent)]
    Finish(#[from] FinishError),
}

/// Why a part is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartProblem {
    /// It is for another network.
    #[error("it is for {found}, the PSET is for {expected}")]
    Network {
        /// The network of the part.
        found: Chain,
        /// The network of the PSET.
        expected: Chain,
    },
    /// It belongs to another treasury.
    #[error("it was signed for another descriptor than the one given")]
    Descriptor,
    /// It signs something else.
    #[error("it signs another PSET than the one given")]
    Content,
    /// It names another transaction than PSET and view key make.
    #[error("it names transaction {found}, PSET and view key make {expected}")]
    Txid {
        /// The transaction of the part.
        found: Txid,
        /// The transaction of the PSET.
        expected: Txid,
    },
    /// It signs an input that the PSET does not have.
    #[error("it signs input {index}, which the PSET does not have")]
    NoInput {
        /// The index of the input.
        index: usize,
    },
    /// A key is not one of the descriptor's for that input.
    #[error("input {input}: key {key} is not a key of the descriptor for this input")]
    Key {
        /// The index of the input.
        input: usize,
        /// The key.
        key: PublicKey,
    },
    /// A key belongs to another signer than the part names.
    #[error("input {input}: key {key} is not the key of signer {fingerprint}, whom the part names")]
    OtherSigner {
        /// The index of the input.
        input: usize,
        /// The key.
        key: PublicKey,
        /// The signer that the part names.
        fingerprint: Fingerprint,
    },
    /// Another part has signatures of the same signer.
    #[error("an earlier part has signatures of signer {fingerprint} already")]
    SignerTwice {
        /// The signer.
        fingerprint: Fingerprint,
    },
    /// Another part names a position in the same journal. A journal belongs to one signer.
    #[error("signer {fingerprint} names the journal that an earlier part names as that of another signer")]
    JournalTwice {
        /// The signer.
        fingerprint: Fingerprint,
    },
    /// A key signed an input twice.
    #[error(transparent)]
    Twice(#[from] SignedTwice),
    /// A signature does not cover all inputs and outputs.
    #[error("input {input}: found sighash byte {found:#04x}, expected 0x41 (ALL|RANGEPROOF) or 0x01 (ALL)")]
    Sighash {
        /// The index of the input.
        input: usize,
        /// The sighash byte.
        found: u8,
    },
    /// A signature is not that of its key over this transaction.
    #[error("input {input}: the signature of key {key} does not verify")]
    Signature {
        /// The index of the input.
        input: usize,
        /// The key.
        key: PublicKey,
    },
    /// It is a PSET with a field that a PSET of ours with signatures does not have.
    #[error("{0}")]
    PsetField(FieldError),
    /// It is a PSET that does something else.
    #[error("it is a PSET that differs from the one given: {place}")]
    Pset {
        /// The first place that differs.
        place: String,
    },
    /// It is a PSET without a signature.
    #[error("it is a PSET without any signature")]
    NoSignature,
}

impl CombineError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            CombineError::Part { problem, .. } => problem.code(),
            CombineError::TooFew { .. } | CombineError::Finish(FinishError::TooFew { .. }) => {
                Code::PartsMissing
            }
            CombineError::Finish(FinishError::Extract(ExtractError::Script(ScriptError::SighashByte {
                ..
            }))) => Code::PartSighash,
            CombineError::Blind(_) | CombineError::Finish(_) => Code::Internal,
        }
    }
}

impl PartProblem {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            PartProblem::Network { .. } => Code::Network,
            PartProblem::Descriptor => Code::PartDescriptor,
            PartProblem::Content => Code::PartContent,
            PartProblem::Txid { .. } => Code::PartTxid,
            PartProblem::NoInput { .. } => Code::PartField,
            PartProblem::Key { .. } | PartProblem::OtherSigner { .. } => Code::PartKey,
            PartProblem::SignerTwice { .. } | PartProblem::JournalTwice { .. } | PartProblem::Twice(_) => {
                Code::PartTwice
            }
            PartProblem::Sighash { .. } => Code::PartSighash,
            PartProblem::Signature { .. } => Code::PartSignature,
            PartProblem::PsetField(_) | PartProblem::Pset { .. } => Code::PartPset,
            PartProblem::NoSignature => Code::PartsMissing,
        }
    }
}
