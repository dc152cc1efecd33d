//! What AMP asks to be done, in checked types: the same whether a request file says it, or a plan is made before AMP is
//! asked.

use std::collections::BTreeSet;

use elements::{Address, AddressParams, AssetId, OutPoint};

use super::{Command, RequestError, Uuid, shape};
use crate::json::shown;
use crate::limits::MAX_MONEY;
use crate::network::{Chain, Network};
use crate::units::{AmountSyntax, AssetAmount};

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Pay holders from the treasury.
    Distribute {
        /// AMP's name for the distribution.
        uuid: Uuid,
        /// The holders and their amounts. Each script appears once.
        recipients: Vec<Recipient>,
    },
    /// Make more of the asset, using its reissuance token.
    Reissue {
        /// The new units, in base units.
        amount: AssetAmount,
        /// The token outputs AMP tracks: all are spent and merged.
        tokens: Vec<OutPoint>,
    },
    /// Destroy some of the asset.
    Burn {
        /// The units to destroy, in base units.
        amount: AssetAmount,
        /// The asset outputs that the burn may spend.
        coins: Vec<OutPoint>,
    },
}

/// One holder of a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address to pay. It is confidential, unless AMP itself names an unconfidential address.
    pub address: Address,
    /// The amount, in base units.
    pub amount: AssetAmount,
}

impl Recipient {
    /// A recipient by the text of its address.
    ///
    /// # Errors
    /// When the text is not an address of the network that wallets make.
    pub fn parse(address: &str, amount: AssetAmount, network: &Network) -> Result<Self, RequestError> {
        Ok(Recipient { address: recipient_address(address, network)?, amount })
    }
}

impl Job {
    /// The command that asks for this job.
    pub fn command(&self) -> Command {
        match self {
            Job::Distribute { .. } => Command::Distribute,
            Job::Reissue { .. } => Command::Reissue,
            Job::Burn { .. } => Command::Burn,
        }
    }

    /// Checks that AMP could ask for this job: an issued asset, amounts from 1 to 21·10^14 base units, at least one
    /// recipient, and every recipient once.
    ///
    /// # Errors
    /// When one of these does not hold.
    pub fn check(&self, asset: AssetId, network: &Network) -> Result<(), RequestError> {
        if asset == network.policy_asset() {
            return Err(RequestError::PolicyAsset { found: asset });
        }
        let recipients = match self {
            Job::Distribute { recipients, .. } => recipients,
            Job::Reissue { amount, .. } | Job::Burn { amount, .. } => return in_range("amount", *amount),
        };
        if recipients.is_empty() {
            return Err(shape("map_address_amount", "an empty object", "at least one recipient"));
        }
        let mut scripts = BTreeSet::new();
        for Recipient { address, amount } in recipients {
            let place = || amount_of(&address.to_string());
            // The node compares scripts, not strings: the confidential and the unconfidential form of one address, or two
            // blinding keys for it, are one recipient twice.
            if !scripts.insert(address.script_pubkey()) {
                return Err(shape(&place(), "a second entry for the same script", "every recipient once"));
            }
            in_range(&place(), *amount)?;
        }
        Ok(())
    }
}

/// The place of a recipient's amount in a request.
pub(super) fn amount_of(address: &str) -> String {
    format!("map_address_amount[{}]", shown(address))
}

fn in_range(place: &str, amount: AssetAmount) -> Result<(), RequestError> {
    let found = amount.to_node_decimal().to_string();
    let source = match amount.base_units() {
        0 => AmountSyntax::Zero(found),
        1..=MAX_MONEY => return Ok(()),
        _ => AmountSyntax::TooLarge(found),
    };
    Err(RequestError::Amount { place: place.to_owned(), source })
}

/// Whether an address pays a script that wallets make: P2PKH, P2SH, and witness programs of version 0 and 1. rust-elements
/// also reads addresses of empty programs, which nobody can spend, and of one-byte programs, which anybody can. A node
/// refuses both.
fn is_standard(address: &Address) -> bool {
    let script = address.script_pubkey();
    script.is_p2pkh()
        || script.is_p2sh()
        || script.is_v0_p2wpkh()
        || script.is_v0_p2wsh()
        || script.is_v1_p2tr()
}

/// Parses the address of a recipient.
pub(super) fn recipient_address(text: &str, network: &Network) -> Result<Address, RequestError> {
    let parsed = Address::parse_with_params(text, network.address_params()).ok().filter(is_standard);
    parsed.ok_or_else(|| {
        let of = |params: &'static AddressParams| Address::parse_with_params(text, params).is_ok();
        let found = match [Chain::Liquid, Chain::LiquidTestnet, Chain::Regtest]
            .into_iter()
            .find(|chain| of(Network::new(*chain).address_params()))
        {
            Some(chain) => format!("an address of {chain}, {}", shown(text)),
            None => shown(text),
        };
        RequestError::Address { place: amount_of(text), found, network: network.chain().name() }
    })
}
