//! Does a PSET do exactly what AMP's request asks for: every output explained, every input allowed, nothing left over.

mod balance;
mod burn;
mod change;
mod distribute;
mod fee;
mod issuance;
mod reissue;

use elements::Txid;

use super::asset::AssetKnowledge;
use super::effects::{Effects, OutputEffect};
use super::mismatch::Mismatch;
use super::policy::FeeCap;
use super::warning::Warning;
use crate::Secp;
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::limits::MAX_STANDARD_WEIGHT;
use crate::network::Network;
use crate::pset::Content;
use crate::sign::blinder::{BlindError, txid_of};
use crate::treasury::{Branch, CtDescriptor};
use crate::units::Satoshi;

/// What an output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Pays the request's recipient of this position.
    Recipient(usize),
    /// The units that are reissued.
    Reissued,
    /// The token coming back.
    Token,
    /// Destroys the asset.
    Burn,
    /// What is left of the asset.
    AssetChange,
    /// What is left of the L-BTC.
    PolicyChange,
    /// The fee.
    Fee,
}

impl Role {
    /// The name in reports; of an output that nothing explains, a loud one.
    pub fn name_of(role: Option<Role>) -> &'static str {
        match role {
            Some(Role::Recipient(_)) => "recipient",
            Some(Role::Reissued) => "reissued",
            Some(Role::Token) => "token back",
            Some(Role::Burn) => "burn",
            Some(Role::AssetChange) => "asset change",
            Some(Role::PolicyChange) => "L-BTC change",
            Some(Role::Fee) => "fee",
            None => "UNEXPLAINED",
        }
    }
}

/// What the rules found.
pub(super) struct Verdict {
    pub(super) mismatches: Vec<Mismatch>,
    /// What was let pass because the operator allowed it.
    pub(super) warnings: Vec<Warning>,
    /// By output; none where nothing explains it.
    pub(super) roles: Vec<Option<Role>>,
}

/// What is allowed besides the request: by the policy, or by the operator for this one transaction.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Allowed {
    pub(super) fee_cap: FeeCap,
    /// A reissue that leaves out token outputs of AMP's list.
    pub(super) missing_tokens: bool,
}

/// The rules' common ground while they look at one PSET.
struct Rules<'a> {
    secp: &'a Secp,
    network: &'a Network,
    descriptor: &'a CtDescriptor,
    request: &'a Request,
    effects: &'a Effects,
    allowed: Allowed,
    verdict: Verdict,
}

pub(super) fn check(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    request: &Request,
    effects: &Effects,
    allowed: Allowed,
) -> Verdict {
    let roles = vec![None; effects.outputs.len()];
    let verdict = Verdict { mismatches: Vec::new(), warnings: Vec::new(), roles };
    let mut rules = Rules { secp, network, descriptor, request, effects, allowed, verdict };
    rules.fee();
    match &request.job {
        Job::Distribute { recipients, .. } => rules.distribute(recipients),
        Job::Reissue { amount, tokens } => rules.reissue(*amount, tokens),
        Job::Burn { amount, coins } => rules.burn(*amount, coins),
    }
    rules.change();
    rules.balance();
    rules.enough_blinded();
    rules.weight();
    rules.everything_explained();
    rules.verdict
}

impl Rules<'_> {
    fn report(
        &mut self,
        code: Code,
        place: &str,
        found: impl std::fmt::Display,
        expected: impl std::fmt::Display,
    ) {
        self.verdict.mismatches.push(Mismatch::new(code, place, found, expected));
    }

    fn assign(&mut self, output: usize, role: Role) {
        if let Some(slot) = self.verdict.roles.get_mut(output) {
            *slot = Some(role);
        }
    }

    fn role(&self, output: usize) -> Option<Role> {
        self.verdict.roles.get(output).copied().flatten()
    }

    /// Outputs that nothing has explained yet.
    fn unexplained(&self) -> Vec<(usize, OutputEffect)> {
        let outputs = self.effects.outputs.iter().enumerate();
        outputs
            .filter(|(index, _)| self.role(*index).is_none())
            .map(|(index, output)| (index, output.clone()))
            .collect()
    }

    fn policy_asset(&self) -> elements::AssetId {
        self.network.policy_asset()
    }

    /// An own output must be blinded to the treasury's own key, and lie on the branch where a node puts it.
    fn own_output(&mut self, index: usize, branch: Branch, unblinded: Code) {
        let Some(output) = self.effects.outputs.get(index) else { return };
        let Some(own) = &output.own else { return };
        let place = format!("output {index}");
        let key = self.descriptor.blinding_key(self.secp, &output.script_pubkey);
        match output.blinding_key {
            None => self.report(unblinded, &place, "an explicit output to ourselves", "a blinded one"),
            Some(found) if found != key => {
                self.report(
                    Code::ChangeBlinding,
                    &place,
                    format!("blinding key {found}"),
                    format!("our own {key}"),
                );
            }
            Some(_) => {}
        }
        if own.path.branch != branch {
            let (found, expected) = (format!("path {}", own.path), format!("branch {}", branch.number()));
            self.report(Code::ChangePath, &place, found, expected);
        }
    }

    fn weight(&mut self) {
        let found = self.effects.bound.full;
        if found > MAX_STANDARD_WEIGHT {
            let fit = self.recipients_that_fit();
            let expected = format!("at most {MAX_STANDARD_WEIGHT}; {fit} recipients fit");
            self.report(Code::TooHeavy, "the transaction", format!("up to {found}"), expected);
        }
    }

    fn everything_explained(&mut self) {
        for (index, output) in self.unexplained() {
            let found = format!(
                "{} base units of {} to script {:x}{}",
                output.amount,
                output.asset,
                output.script_pubkey,
                if output.own.is_some() { " (ours)" } else { "" },
            );
            let expected =
                format!("only what the {} asks for, its change and the fee", self.request.command());
            self.report(Code::OutputUnexplained, &format!("output {index}"), found, expected);
        }
    }
}

/// A PSET that agrees with request and descriptor. It may be blinded; signing takes an [`ApprovedPset`](super::ApprovedPset).
///
/// Only a review without mismatch makes one:
/// ```compile_fail
/// use coldamp_core::sign::review::CheckedPset;
/// use coldamp_core::sign::review::{AssetKnowledge, Effects, Role};
/// fn forge(parts: (coldamp_core::amp::Request, Effects, Vec<Option<Role>>, AssetKnowledge),
///          network: coldamp_core::network::Network, descriptor: coldamp_core::treasury::CtDescriptor,
///          content: coldamp_core::pset::Content) -> CheckedPset {
///     CheckedPset::new(&coldamp_core::Secp::new(), network, descriptor, content, parts, Default::default()).unwrap()
/// }
/// ```
#[derive(Debug, Clone)]
pub struct CheckedPset {
    network: Network,
    descriptor: CtDescriptor,
    content: Content,
    request: Request,
    effects: Effects,
    roles: Vec<Option<Role>>,
    asset: AssetKnowledge,
    fee_cap: FeeCap,
    txid: Txid,
}

impl CheckedPset {
    /// Takes what was checked, and computes the id of the transaction that it becomes.
    pub(super) fn new(
        secp: &Secp,
        network: Network,
        descriptor: CtDescriptor,
        content: Content,
        (request, effects, roles, asset): (Request, Effects, Vec<Option<Role>>, AssetKnowledge),
        fee_cap: FeeCap,
    ) -> Result<Self, BlindError> {
        let txid = txid_of(secp, &content, &descriptor, &effects)?;
        Ok(CheckedPset { network, descriptor, content, request, effects, roles, asset, fee_cap, txid })
    }

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
        &self.request
    }

    /// What it does.
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// What each output is for, in order.
    pub fn roles(&self) -> &[Option<Role>] {
        &self.roles
    }

    /// What the request's asset is proven to be.
    pub fn asset(&self) -> &AssetKnowledge {
        &self.asset
    }

    /// The id of the transaction that signing it makes.
    pub fn txid(&self) -> Txid {
        self.txid
    }

    /// The most that its fee may be.
    pub fn fee_cap(&self) -> FeeCap {
        self.fee_cap
    }

    /// The fee.
    pub fn fee(&self) -> Satoshi {
        let fee = self.effects.outputs.iter().find(|output| output.script_pubkey.is_empty());
        Satoshi::from_sat(fee.map_or(0, |output| output.amount.base_units()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consensus::WeightBound;
    use crate::network::Chain;
    use crate::sign::review::history::tests::request;
    use crate::units::Weight;

    const DESCRIPTOR: &str = "ct(slip77(9c8e4f05c7711a98c838be228bcb84924d4570ca53f35fa1c793e58841d47023),elwpkh([73c5da0a/84h/1h/0h]tpubDC8msFGeGuwnKG9Upg7DM2b4DaRqg3CUZa5g8v2SRQ6K4NSkxUgd7HsL2XVWbVm39yBA4LAxysQAm397zwQSQoQgewGiYZqrA9DsP4zbQ1M/<0;1>/*))";

    #[test]
    fn the_heaviest_transaction_that_nodes_relay_is_not_too_heavy() {
        let network = Network::new(Chain::Regtest);
        let descriptor = CtDescriptor::parse(DESCRIPTOR, Chain::Regtest).unwrap();
        for (weight, too_heavy) in [(400_000, false), (400_001, true)] {
            let full = Weight::new(weight);
            let bound = WeightBound { full, discounted: full };
            let effects = Effects { inputs: Vec::new(), outputs: Vec::new(), bound };
            let burn = request("burn", 1, &[1]);
            let verdict = check(&Secp::new(), &network, &descriptor, &burn, &effects, Allowed::default());
            let found = verdict.mismatches.iter().any(|mismatch| mismatch.code == Code::TooHeavy);
            assert_eq!(found, too_heavy, "{weight}");
        }
    }
}
