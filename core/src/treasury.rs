//! What the issuer owns: the CT descriptor and its scripts, the coins they hold, and the issuance of the asset with what
//! its contract proves.

mod contract;
mod descriptor;
mod issuance;
mod kind;
mod opening;
mod own_script;
mod path;
mod scripts;
mod unused;
mod used;
mod utxo;

pub use contract::{
    ContractError, MAX_CONTRACT_FILE_BYTES, OfferedContract, ProvenContract, canonical, contract_ids,
};
pub use descriptor::{CtDescriptor, DescriptorError, MasterBlindingKey, QuorumForm, TreasuryKey};
pub use issuance::{IssuanceError, IssuanceIds, IssuanceKind, first_prevout_in, issuance_in};
pub use kind::{Kind, ScriptType, SpendSize};
pub use opening::Opening;
pub use own_script::{OwnKey, OwnScript};
pub use path::{Branch, KeyPath};
pub use scripts::ScriptIndex;
pub use unused::UnusedIndices;
pub use used::{FreeIndices, UsedIndices};
pub(crate) use utxo::open_coin;
pub use utxo::{CoinError, Utxo};
