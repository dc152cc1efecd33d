//! What remains to be done at AMP for an asset that was issued: each step can be taken again, and is judged by AMP's record.

use std::fmt;
use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::amp::request::Uuid;
use coldamp_core::code::Code;
use coldamp_core::elements::{AssetId, OutPoint, Txid};
use coldamp_core::network::Network;
use coldamp_core::treasury::{CtDescriptor, Utxo};

use super::{Order, ProvenIssue};
use crate::amp::{Amp, AmpError};
use crate::pace::{Pause, Progress, Watch};
use crate::report::NEEDED;
use crate::source::{Chain, Source};
use crate::treasury::addresses::ReceivingAddress;
use crate::treasury::blinders::{self, BlindersError};
use crate::treasury::register::{COUNT, RegisterError, Registration};

/// A step, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupStep {
    /// The issuance has too few confirmations.
    Confirmations,
    /// AMP does not list an address of the treasury.
    Addresses,
    /// The public asset registry does not have the asset.
    Registry,
    /// AMP does not enforce who may hold the asset.
    Authorization,
    /// AMP lacks the blinders of the issuance's outputs.
    Blinders,
}

impl fmt::Display for SetupStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SetupStep::Confirmations => "confirmations",
            SetupStep::Addresses => "addresses",
            SetupStep::Registry => "registry",
            SetupStep::Authorization => "authorization",
            SetupStep::Blinders => "blinders",
        })
    }
}

/// An issued asset, and what it is set up with.
pub struct Setup<'a> {
    /// Curve operations.
    pub secp: &'a Secp,
    /// The network.
    pub network: &'a Network,
    /// The treasury.
    pub descriptor: &'a CtDescriptor,
    /// AMP.
    pub amp: &'a Amp,
    /// AMP's name for the asset.
    pub uuid: &'a Uuid,
    /// What was asked for.
    pub order: &'a Order,
    /// What was issued.
    pub proven: &'a ProvenIssue,
    /// Whether the public asset registry is left out.
    pub without_registry: bool,
}

/// What AMP's record shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Confirmations of the issuance; none where the chain does not show it.
    pub confirmations: Option<u32>,
    /// The addresses that AMP is to list: those of the issuance, and the next ones.
    pub addresses: Registration,
    /// Whether the public asset registry has it, by AMP's record.
    pub is_registered: bool,
    /// Whether AMP enforces who may hold it.
    pub is_authorized: bool,
    /// Outputs of the issuance that AMP's record does not show with their blinders.
    pub without_blinders: Vec<OutPoint>,
    /// Outputs that AMP no longer tracks.
    pub lost: Vec<OutPoint>,
}

/// Why a step is not taken.
#[derive(Debug, thiserror::Error)]
pub enum SetupError<E: std::error::Error + 'static> {
    /// The chain could not be asked.
    #[error(transparent)]
    Source(E),
    /// AMP could not be asked, or refuses.
    #[error(transparent)]
    Amp(#[from] AmpError),
    /// AMP names another asset by this uuid.
    #[error("AMP says that {uuid} is asset {found}, expected {expected}")]
    OtherAsset {
        /// AMP's name.
        uuid: Uuid,
        /// The asset that AMP names.
        found: AssetId,
        /// The asset that was issued.
        expected: AssetId,
    },
    /// The addresses could not be registered.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The blinders could not be told.
    #[error(transparent)]
    Blinders(#[from] BlindersError<E>),
}

impl<E: std::error::Error + 'static> SetupError<E> {
    /// Its code. Where the source failed, `of_source` says the source's.
    pub fn code(&self, of_source: impl Fn(&E) -> Code) -> Code {
        match self {
            SetupError::Source(error) => of_source(error),
            SetupError::Amp(error) => error.code(),
            SetupError::OtherAsset { .. } => Code::AmpDiffers,
            SetupError::Register(error) => error.code(),
            SetupError::Blinders(error) => error.code(of_source),
        }
    }
}

/// Looks for a transaction until it has enough confirmations. Without `every` it looks once.
///
/// # Errors
/// When the chain cannot be asked.
pub async fn confirmations<C: Chain>(
    chain: &C,
    txid: Txid,
    pause: &impl Pause,
    every: Option<Duration>,
    watch: &dyn Watch,
) -> Result<Option<u32>, C::Error> {
    loop {
        let found = chain.place(txid).await?.confirmations();
        watch.at(Progress::Confirmations { found, total: NEEDED });
        match every {
            Some(every) if found.is_none_or(|found| found < NEEDED) => pause.pause(every).await,
            _ => return Ok(found),
        }
    }
}

impl Standing {
    /// The steps that remain, in their order.
    pub fn open(&self, setup: &Setup<'_>) -> Vec<SetupStep> {
        let restricted = setup.order.terms.transfer_restricted;
        [
            (SetupStep::Confirmations, self.confirmations.is_none_or(|found| found < NEEDED)),
            (SetupStep::Addresses, !self.addresses.missing.is_empty()),
            (SetupStep::Registry, !self.is_registered && !setup.without_registry),
            (SetupStep::Authorization, !self.is_authorized && restricted),
            (SetupStep::Blinders, !self.without_blinders.is_empty()),
        ]
        .into_iter()
        .filter_map(|(step, is_open)| is_open.then_some(step))
        .collect()
    }
}

impl Setup<'_> {
    /// Reads what AMP's record shows.
    ///
    /// # Errors
    /// When AMP cannot be asked, or names another asset.
    pub async fn standing<E: std::error::Error + 'static>(
        &self,
        confirmations: Option<u32>,
    ) -> Result<Standing, SetupError<E>> {
        let Setup { secp, network, descriptor, amp, uuid, proven, .. } = self;
        let facts = amp.listed_asset(uuid).await?;
        let expected = proven.asset();
        if facts.asset != expected {
            return Err(SetupError::OtherAsset { uuid: (*uuid).clone(), found: facts.asset, expected });
        }
        let wanted = self.wanted()?;
        let addresses = Registration::read(secp, descriptor, network, amp, uuid, wanted).await?;
        let records = amp.transactions(uuid).await?;
        // An output that no record lists lacks them too.
        let has_blinders = |coin: &Utxo| {
            let of_transaction = records.iter().filter(|record| record.txid == coin.outpoint.txid);
            let mut listed = of_transaction
                .flat_map(|record| &record.outputs)
                .filter(|output| output.vout == coin.outpoint.vout)
                .peekable();
            listed.peek().is_some()
                && listed.all(|output| {
                    output.asset_blinder == Some(coin.secrets.asset_bf)
                        && output.amount_blinder == Some(coin.secrets.value_bf)
                })
        };
        let coins = [Some(&proven.units), proven.tokens.as_ref()].into_iter().flatten();
        let without_blinders = coins.filter(|coin| !has_blinders(coin)).map(|coin| coin.outpoint).collect();
        Ok(Standing {
            confirmations,
            addresses,
            is_registered: facts.is_registered,
            is_authorized: facts.is_authorized,
            without_blinders,
            lost: amp.lost_outputs(uuid).await?,
        })
    }

    /// The addresses of the issuance and those behind them: where reissued units and the token go next, and where holders pay
    /// back to.
    fn wanted(&self) -> Result<Vec<ReceivingAddress>, RegisterError> {
        let Setup { secp, network, descriptor, order, .. } = self;
        let indices: Vec<u32> = order.paths().map(|path| path.index).collect();
        let first = indices.iter().copied().min().unwrap_or_default();
        let last = indices.iter().copied().max().unwrap_or_default();
        let count = last.saturating_sub(first).saturating_add(1).saturating_add(COUNT);
        Ok(ReceivingAddress::from_index(secp, descriptor, network, first, count)?)
    }

    /// Takes a step. Whether it was taken, the record says afterwards.
    ///
    /// # Errors
    /// When AMP cannot be asked, or refuses.
    pub async fn take<S: Source>(
        &self,
        step: SetupStep,
        standing: &Standing,
        source: &S,
    ) -> Result<(), SetupError<S::Error>> {
        let Setup { secp, network, descriptor, amp, uuid, proven, .. } = self;
        match step {
            SetupStep::Confirmations => {}
            SetupStep::Addresses => {
                standing.addresses.clone().add(secp, descriptor, network, amp, uuid).await?;
            }
            SetupStep::Registry => unless_already(amp.register(uuid).await)?,
            SetupStep::Authorization => unless_already(amp.register_authorized(uuid).await)?,
            SetupStep::Blinders => {
                blinders::update(secp, descriptor, source, amp, uuid, proven.asset()).await?;
            }
        }
        Ok(())
    }
}

/// AMP refuses what is done already ("already registered", "already authorized"; amp-rs, tests). Its record is read afterwards.
fn unless_already(answer: Result<(), AmpError>) -> Result<(), AmpError> {
    match answer {
        Err(AmpError::Refused { words, .. }) if words.contains("already") => Ok(()),
        answer => answer,
    }
}

/// Where the file lies that proves the domain to the asset registry, and its one line.
pub fn domain_proof(domain: &str, asset: AssetId) -> (String, String) {
    (
        format!("https://{domain}/.well-known/liquid-asset-proof-{asset}"),
        format!("Authorize linking the domain name {domain} to the Liquid asset {asset}"),
    )
}
