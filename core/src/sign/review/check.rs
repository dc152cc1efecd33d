//! Checks that a PSET does exactly what AMP's request asks for: every output is explained, every input is allowed, and
//! nothing is left over.

mod balance;
mod burn;
mod change;
mod distribute;
mod fee;
mod issuance;
mod reissue;

use super::effects::{Effects, OutputEffect};
use super::mismatch::Mismatch;
use super::options::ReviewOptions;
use super::role::Role;
use super::warning::Warning;
use crate::Secp;
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::limits::MAX_STANDARD_WEIGHT;
use crate::network::Network;
use crate::treasury::{Branch, CtDescriptor};

/// What the rules found.
pub(super) struct Verdict {
    pub(super) mismatches: Vec<Mismatch>,
    /// Warnings of rules that the operator's options switched off.
    pub(super) warnings: Vec<Warning>,
    /// The role of each output, in order. `None` where nothing explains the output.
    pub(super) roles: Vec<Option<Role>>,
}

/// What every rule reads, and where it reports.
struct Rules<'a> {
    secp: &'a Secp,
    network: &'a Network,
    descriptor: &'a CtDescriptor,
    request: &'a Request,
    effects: &'a Effects,
    options: ReviewOptions<'a>,
    verdict: Verdict,
}

/// Checks a PSET against its request. The fee cap of `options` is the one that applies to the request's asset.
pub(super) fn check(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    request: &Request,
    effects: &Effects,
    options: ReviewOptions<'_>,
) -> Verdict {
    let roles = vec![None; effects.outputs.len()];
    let verdict = Verdict { mismatches: Vec::new(), warnings: Vec::new(), roles };
    let mut rules = Rules { secp, network, descriptor, request, effects, options, verdict };
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

impl<'a> Rules<'a> {
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

    /// The outputs that nothing has explained yet, each with its index.
    fn unexplained(&self) -> Vec<(usize, &'a OutputEffect)> {
        let outputs = self.effects.outputs.iter().enumerate();
        outputs.filter(|(index, _)| self.role(*index).is_none()).collect()
    }

    fn policy_asset(&self) -> elements::AssetId {
        self.network.policy_asset()
    }

    /// An own output must be blinded to the treasury's own key, and be on the branch where a node puts it.
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
                "{} of {} to script {:x}{}",
                output.amount.in_base_units(),
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
            let verdict =
                check(&Secp::new(), &network, &descriptor, &burn, &effects, ReviewOptions::default());
            let found = verdict.mismatches.iter().any(|mismatch| mismatch.code == Code::TooHeavy);
            assert_eq!(found, too_heavy, "{weight}");
        }
    }
}
