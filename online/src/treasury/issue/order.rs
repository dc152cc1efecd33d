//! An order: the terms and two addresses of the treasury. Its body is what AMP gets, byte for byte.

use coldamp_core::Secp;
use coldamp_core::elements::Address;
use coldamp_core::limits::MAX_INDEX;
use coldamp_core::network::Network;
use coldamp_core::treasury::{
    Branch, CtDescriptor, DescriptorError, FreeIndices, IssuanceKind, KeyPath, UsedIndices,
};
use coldamp_core::units::{AssetAmount, Precision};
use serde::{Deserialize, Serialize};

use super::{Terms, TermsError};
use crate::treasury::addresses::ReceivingAddress;
use crate::treasury::scripts::Scripts;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The terms.
    pub terms: Terms,
    /// Where the units go.
    pub units: ReceivingAddress,
    /// Where the tokens go.
    pub tokens: Option<ReceivingAddress>,
}

/// Why a text is no order of this treasury.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// It is no order.
    #[error("it is no order for a new asset: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// AMP would not take a term.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// An address is not of this treasury, so the asset would go to somebody else.
    #[error("{field}: {address} is no receive address of this treasury (checked indices 0 to {MAX_INDEX})")]
    NotOurs {
        /// The field of the address.
        field: &'static str,
        /// The address.
        address: String,
    },
    /// Units and tokens go to one address.
    #[error("units and reissuance tokens go to one address")]
    OneAddress,
    /// A script cannot be derived.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
}

/// The body of assets/issue, in the order of AMP's example.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    name: String,
    amount: u64,
    is_confidential: bool,
    destination_address: String,
    domain: String,
    ticker: String,
    precision: u8,
    pubkey: String,
    is_reissuable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reissuance_amount: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reissuance_address: Option<String>,
    transfer_restricted: bool,
}

impl Order {
    /// An order to the next receive addresses that neither the chain nor a prepared request has used.
    ///
    /// # Errors
    /// When a script cannot be derived.
    pub fn to_unused(
        secp: &Secp,
        network: &Network,
        descriptor: &CtDescriptor,
        terms: Terms,
        used: UsedIndices,
        reserved: &UsedIndices,
    ) -> Result<Self, DescriptorError> {
        let mut free = FreeIndices::besides(used).reserved_for(UsedIndices::default(), reserved);
        let mut next = || -> Result<ReceivingAddress, DescriptorError> {
            let path = free.next(Branch::External);
            free.take(path);
            ReceivingAddress::at(secp, descriptor, network, path.index)
        };
        let units = next()?;
        let tokens = terms.tokens.map(|_| next()).transpose()?;
        Ok(Order { terms, units, tokens })
    }

    /// The body for AMP.
    pub fn body(&self) -> Vec<u8> {
        let terms = &self.terms;
        let body = Body {
            name: terms.name.clone(),
            amount: terms.amount.base_units(),
            is_confidential: terms.kind == IssuanceKind::Blinded,
            destination_address: self.units.address.to_string(),
            domain: terms.domain.clone(),
            ticker: terms.ticker.clone(),
            precision: terms.precision.decimals(),
            pubkey: terms.pubkey.clone(),
            is_reissuable: terms.tokens.is_some(),
            reissuance_amount: terms.tokens.map(AssetAmount::base_units),
            reissuance_address: self.tokens.as_ref().map(|tokens| tokens.address.to_string()),
            transfer_restricted: terms.transfer_restricted,
        };
        // No value of this type makes the serializer fail.
        serde_json::to_vec(&body).unwrap_or_default()
    }

    /// The paths that it pays.
    pub fn paths(&self) -> impl Iterator<Item = KeyPath> {
        [Some(&self.units), self.tokens.as_ref()].into_iter().flatten().map(|to| to.path)
    }

    /// Reads a body that was saved. Its addresses are searched for among the treasury's own: the file may have been changed.
    ///
    /// # Errors
    /// When it is no order of this treasury.
    pub fn read(
        secp: &Secp,
        network: &Network,
        descriptor: &CtDescriptor,
        text: &[u8],
    ) -> Result<Self, OrderError> {
        let unreadable = |reason: String| OrderError::Unreadable { reason };
        let body: Body = serde_json::from_slice(text).map_err(|error| unreadable(error.to_string()))?;
        let precision =
            Precision::new(body.precision).ok_or_else(|| unreadable("precision is above 8".to_owned()))?;
        if body.is_reissuable != body.reissuance_amount.is_some()
            || body.is_reissuable != body.reissuance_address.is_some()
        {
            return Err(unreadable("is_reissuable does not agree with the reissuance fields".to_owned()));
        }
        let terms = Terms {
            name: body.name,
            ticker: body.ticker,
            domain: body.domain,
            pubkey: body.pubkey,
            precision,
            amount: AssetAmount::from_base_units(body.amount),
            tokens: body.reissuance_amount.map(AssetAmount::from_base_units),
            kind: if body.is_confidential { IssuanceKind::Blinded } else { IssuanceKind::Explicit },
            transfer_restricted: body.transfer_restricted,
        };
        terms.check()?;
        let mut scripts = Scripts::of(secp, descriptor);
        let mut own = |field, address| find(secp, network, descriptor, &mut scripts, field, address);
        let units = own("destination_address", body.destination_address)?;
        let tokens = body.reissuance_address.map(|address| own("reissuance_address", address)).transpose()?;
        if tokens.as_ref().is_some_and(|tokens| tokens.path == units.path) {
            return Err(OrderError::OneAddress);
        }
        Ok(Order { terms, units, tokens })
    }
}

/// The place of an address among those of the branch that receives.
fn find(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    scripts: &mut Scripts<'_>,
    field: &'static str,
    text: String,
) -> Result<ReceivingAddress, OrderError> {
    let address = Address::parse_with_params(&text, network.address_params()).ok();
    let own = address.map(|address| scripts.find(&address.script_pubkey())).transpose()?.flatten();
    if let Some(own) = own.filter(|own| own.path.branch == Branch::External) {
        let ours = ReceivingAddress::at(secp, descriptor, network, own.path.index)?;
        // The same script under another blinding key could not be opened.
        if ours.address.to_string() == text {
            return Ok(ours);
        }
    }
    Err(OrderError::NotOurs { field, address: text })
}

#[cfg(test)]
mod tests {
    use super::super::terms::tests::terms;
    use super::*;
    use coldamp_core::network::Chain;

    // The descriptor of scenarios/wpkh.
    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    fn treasury() -> (Secp, Network, CtDescriptor) {
        let network = Network::new(Chain::Regtest);
        (Secp::new(), network, CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap())
    }

    fn used(indices: &[u32]) -> UsedIndices {
        let mut used = UsedIndices::default();
        indices.iter().for_each(|index| used.mark(KeyPath { branch: Branch::External, index: *index }));
        used
    }

    #[test]
    fn it_goes_to_two_addresses_that_neither_chain_nor_requests_have_used_and_reads_back() {
        let (secp, network, descriptor) = treasury();
        let order =
            Order::to_unused(&secp, &network, &descriptor, terms(), used(&[0, 1]), &used(&[2, 4])).unwrap();
        let indices: Vec<u32> = order.paths().map(|path| path.index).collect();
        assert_eq!(indices, [5, 6]);
        assert!(order.paths().all(|path| path.branch == Branch::External));
        assert!(order.units.address.is_blinded());
        assert_eq!(Order::read(&secp, &network, &descriptor, &order.body()), Ok(order));
        let alone = Terms { tokens: None, ..terms() };
        let order = Order::to_unused(&secp, &network, &descriptor, alone, used(&[]), &used(&[])).unwrap();
        assert_eq!((order.units.path.index, &order.tokens), (0, &None));
        assert!(!String::from_utf8(order.body()).unwrap().contains("reissuance"));
        assert_eq!(Order::read(&secp, &network, &descriptor, &order.body()), Ok(order));
    }

    #[test]
    fn a_saved_order_that_somebody_changed_is_refused() {
        let (secp, network, descriptor) = treasury();
        let order = Order::to_unused(&secp, &network, &descriptor, terms(), used(&[]), &used(&[])).unwrap();
        let text = String::from_utf8(order.body()).unwrap();
        let (units, tokens) =
            (order.units.address.to_string(), order.tokens.as_ref().unwrap().address.to_string());
        let internal = KeyPath { branch: Branch::Internal, index: 0 };
        let change = descriptor.address_at(&secp, internal, &network).unwrap().to_string();
        let blinder = order.tokens.as_ref().unwrap().address.blinding_pubkey;
        let foreign = order.units.address.to_unconfidential().to_confidential(blinder.unwrap()).to_string();
        let read = |text: String| Order::read(&secp, &network, &descriptor, text.as_bytes()).unwrap_err();
        for changed in [change, foreign, order.units.address.to_unconfidential().to_string(), "x".to_owned()]
        {
            let error = read(text.replace(&units, &changed));
            assert!(matches!(error, OrderError::NotOurs { field: "destination_address", .. }), "{error}");
        }
        assert_eq!(read(text.replace(&units, &tokens)), OrderError::OneAddress);
        assert!(matches!(read(text.replace("DEMO", "D")), OrderError::Terms(_)));
        for broken in [
            "{}".to_owned(),
            text.replace("\"precision\":8", "\"precision\":9"),
            text.replace("\"is_reissuable\":true", "\"is_reissuable\":false"),
            text.replace("\"name\"", "\"nome\""),
        ] {
            assert!(matches!(read(broken), OrderError::Unreadable { .. }));
        }
    }
}
