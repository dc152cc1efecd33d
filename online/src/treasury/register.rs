//! The treasury's addresses at AMP: what AMP lists, and telling it those that it lacks.
//!
//! Holders of a transfer-restricted asset can pay units back only to addresses that AMP knows as the treasury's. The external
//! branch receives: payments from outside, reissued units and the token after a reissue. Change is not registered, because each
//! report tells AMP of it (`change_data`).

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::listed::listed;
use coldamp_core::network::Network;
use coldamp_core::treasury::{CtDescriptor, DescriptorError, KeyPath};

use super::addresses::{ListedAddress, ReceivingAddress, Whose, whose};
use crate::amp::{Amp, AmpError};

/// How many addresses are registered unless the operator names another number.
pub const COUNT: u32 = 20;

/// The most addresses that are registered at once: AMP is asked for each of them where it refuses the list.
pub const MOST: u32 = 200;

/// Which addresses are to be registered, and which of them AMP lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The addresses that AMP is to list.
    pub wanted: Vec<ReceivingAddress>,
    /// Those of them that it does not list.
    pub missing: Vec<ReceivingAddress>,
    /// All that it lists.
    pub listed: Vec<ListedAddress>,
}

/// Why addresses are not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// AMP cannot be asked, or refuses an address in both forms.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// An address cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// AMP was told the addresses, and its list does not show them.
    #[error(
        "AMP was told the addresses at {}, but its list does not show them",
        listed(.paths)
    )]
    NotListed {
        /// Their paths.
        paths: Vec<KeyPath>,
    },
}

impl RegisterError {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            RegisterError::Amp(error) => error.code(),
            RegisterError::Descriptor(error) => error.code(),
            RegisterError::NotListed { .. } => Code::AddressesMissing,
        }
    }
}

impl Registration {
    /// Reads AMP's list, and compares it with the addresses that are wanted.
    ///
    /// # Errors
    /// When AMP cannot be asked, or a script cannot be derived.
    pub async fn read(
        secp: &Secp,
        descriptor: &CtDescriptor,
        network: &Network,
        amp: &Amp,
        uuid: &Uuid,
        wanted: Vec<ReceivingAddress>,
    ) -> Result<Self, RegisterError> {
        let listed = whose(secp, descriptor, network, amp.treasury_addresses(uuid).await?)?;
        let is_listed = |path: KeyPath| listed.iter().any(|one| one.whose == Whose::Ours { path });
        let missing = wanted.iter().filter(|one| !is_listed(one.path)).cloned().collect();
        Ok(Registration { wanted, missing, listed })
    }

    /// Tells AMP the addresses that it lacks, reads its list again, and compares. It can be done again: what AMP lists by then
    /// is not told.
    ///
    /// # Errors
    /// When AMP refuses an address in both forms, cannot be asked, or does not list afterwards what it was told. Addresses
    /// before it may be registered.
    pub async fn add(
        self,
        secp: &Secp,
        descriptor: &CtDescriptor,
        network: &Network,
        amp: &Amp,
        uuid: &Uuid,
    ) -> Result<Self, RegisterError> {
        tell(amp, uuid, &self.missing).await?;
        let now = Self::read(secp, descriptor, network, amp, uuid, self.wanted).await?;
        if now.missing.is_empty() {
            return Ok(now);
        }
        Err(RegisterError::NotListed { paths: now.missing.iter().map(|one| one.path).collect() })
    }

    /// The wanted addresses that AMP lists in their unconfidential form alone. Whoever pays to that form pays in the open.
    pub fn unconfidential(&self) -> Vec<KeyPath> {
        let listed = |path: KeyPath| self.listed.iter().filter(move |one| one.whose == Whose::Ours { path });
        let is_open =
            |path: &KeyPath| listed(*path).next().is_some() && listed(*path).all(|one| !one.is_confidential);
        self.wanted.iter().map(|one| one.path).filter(is_open).collect()
    }

    /// What AMP lists and is not of this treasury: somebody else's address, one that nobody can open, or no address.
    pub fn strange(&self) -> impl Iterator<Item = &ListedAddress> {
        self.listed.iter().filter(|one| !matches!(one.whose, Whose::Ours { .. }))
    }
}

/// What AMP makes of addresses that it is told.
enum Taken {
    Yes,
    /// It has one of them already.
    Already,
    /// It does not take one of them in this form.
    Invalid(AmpError),
}

/// Tells AMP addresses: all at once, and one by one where it refuses the list. Which form it accepts is not known for sure:
/// confidential first, since what is paid there shall be blinded, then unconfidential.
async fn tell(amp: &Amp, uuid: &Uuid, addresses: &[ReceivingAddress]) -> Result<(), AmpError> {
    let all: Vec<String> = addresses.iter().map(|one| one.address.to_string()).collect();
    if all.is_empty() || matches!(post(amp, uuid, &all).await?, Taken::Yes) {
        return Ok(());
    }
    for ReceivingAddress { address, .. } in addresses {
        if let Taken::Invalid(_) = post(amp, uuid, &[address.to_string()]).await?
            && let Taken::Invalid(error) = post(amp, uuid, &[address.to_unconfidential().to_string()]).await?
        {
            return Err(error);
        }
    }
    Ok(())
}

/// Tells AMP some addresses, and reads its words where it refuses them (amp-rs, tests/api.rs).
async fn post(amp: &Amp, uuid: &Uuid, addresses: &[String]) -> Result<Taken, AmpError> {
    match amp.add_treasury_addresses(uuid, addresses).await {
        Ok(()) => Ok(Taken::Yes),
        Err(AmpError::Refused { words, .. }) if words.contains("already been added") => Ok(Taken::Already),
        Err(error @ AmpError::Refused { .. }) if error.to_string().contains("Invalid value") => {
            Ok(Taken::Invalid(error))
        }
        Err(error) => Err(error),
    }
}
