//! A PSET that agrees with its request and its descriptor.

use elements::Txid;

use super::approval_code::{ApprovalCode, ApprovalHash};
use super::asset::AssetKnowledge;
use super::effects::Effects;
use super::fee_cap::FeeCap;
use super::findings::Findings;
use super::role::Role;
use crate::amp::Request;
use crate::network::Network;
use crate::pset::Content;
use crate::treasury::CtDescriptor;
use crate::units::Satoshi;

/// A PSET that agrees with its request and its descriptor. It may be blinded. Signing takes an
/// [`ApprovedPset`](super::ApprovedPset).
///
/// Only a review without mismatch makes one:
/// ```compile_fail
/// use coldamp_core::sign::review::CheckedPset;
/// fn forge(checked: CheckedPset, content: coldamp_core::pset::Content) -> CheckedPset {
///     CheckedPset { content, ..checked }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct CheckedPset {
    pub(super) network: Network,
    pub(super) descriptor: CtDescriptor,
    pub(super) content: Content,
    pub(super) findings: Findings,
    pub(super) fee_cap: FeeCap,
    pub(super) txid: Txid,
}

impl CheckedPset {
    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The treasury's descriptor.
    pub fn descriptor(&self) -> &CtDescriptor {
        &self.descriptor
    }

    /// What the blinder reads.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// AMP's request.
    pub fn request(&self) -> &Request {
        &self.findings.request
    }

    /// What the PSET does.
    pub fn effects(&self) -> &Effects {
        &self.findings.effects
    }

    /// The role of each output, in order.
    pub fn roles(&self) -> &[Option<Role>] {
        &self.findings.roles
    }

    /// What is proven about the request's asset.
    pub fn asset(&self) -> &AssetKnowledge {
        &self.findings.asset
    }

    /// The id of the transaction that signing makes.
    pub fn txid(&self) -> Txid {
        self.txid
    }

    /// The most that the fee may be.
    pub fn fee_cap(&self) -> FeeCap {
        self.fee_cap
    }

    /// The fee.
    pub fn fee(&self) -> Satoshi {
        let fee = self.effects().outputs.iter().find(|output| output.script_pubkey.is_empty());
        Satoshi::from_sat(fee.map_or(0, |output| output.amount.base_units()))
    }

    /// The same with an input that nobody found to be the treasury's, which no review makes.
    #[cfg(test)]
    pub(in crate::sign) fn with_foreign_input(mut self, index: usize) -> Self {
        self.findings.effects.inputs[index].own = None;
        self
    }

    /// The hash that identifies this transaction of this treasury.
    pub fn approval_hash(&self) -> ApprovalHash {
        ApprovalHash::of(&self.content.hash(), &self.descriptor)
    }

    /// The approval code, which people compare.
    pub fn approval_code(&self) -> ApprovalCode {
        self.approval_hash().code()
    }
}
