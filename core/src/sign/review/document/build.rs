//! The document of a review.

use elements::hex::DisplayHex as _;
use elements::{Address, AssetId, OutPoint};

use super::super::effects::{InputEffect, OutputEffect};
use super::super::history::PastSigning;
use super::super::journal_state::JournalState;
use super::super::policy::Policy;
use super::super::role::Role;
use super::super::{Mismatch, Review, Warning};
use super::{
    AssetKind, CodeCount, ContractDocument, EarlierSigning, FORMAT, Finding, InputDocument, IssuanceDocument,
    Money, OutputDocument, PolicyDocument, Replaced, ReviewDocument,
};
use crate::amp::request::{Command, RequestIdentity};
use crate::amp::{Job, Request};
use crate::code::Code;
use crate::listed::CoinName;
use crate::network::Network;
use crate::treasury::{CtDescriptor, IssuanceIds};
use crate::units::{AssetAmount, FeeRate, Precision, Satoshi};

/// What the amounts of a document are written with.
struct Writer<'a> {
    network: &'a Network,
    review: &'a Review,
    state: &'a JournalState,
}

impl ReviewDocument {
    /// The document of a review of this treasury under this state of the journal.
    pub fn of(network: &Network, descriptor: &CtDescriptor, review: &Review, state: &JournalState) -> Self {
        let writer = Writer { network, review, state };
        let request = review.request();
        let inputs = &review.effects().inputs;
        let bound = review.effects().bound;
        let fee = writer.fee();
        let rate = fee.and_then(|fee| FeeRate::of(fee, bound.discounted_size()));
        ReviewDocument {
            format: FORMAT,
            network: network.chain().name(),
            treasury: Some(descriptor.fingerprints()),
            spends_own_coins: inputs.iter().any(|input| input.own.is_some()),
            policy_asset: network.policy_asset().to_string(),
            command: request.map(Request::command),
            total: request.map(|request| writer.money(request.asset, request.total())),
            listed: request.and_then(listed),
            asset: request.map(|request| request.asset.to_string()),
            contract: review.asset().contract().map(|contract| ContractDocument {
                ticker: contract.ticker().map(str::to_owned),
                precision: contract.precision().decimals(),
                domain: contract.domain().to_owned(),
                name: contract.name().to_owned(),
            }),
            entropy_proven: review.asset().ids().is_some(),
            token: inputs.iter().find_map(|input| writer.token(input)),
            asset_uuid: request.map(|request| request.asset_uuid.to_string()),
            distribution_uuid: request.and_then(Request::distribution_uuid).map(ToString::to_string),
            report_to: request.map(|request| request.api.to_string()),
            request_sha256: request.map(|request| request.sha256().to_lower_hex_string()),
            policy: request.and_then(|request| writer.policy(request)),
            warnings: review.warnings.iter().map(Finding::from).collect(),
            warning_counts: review
                .warned
                .iter()
                .map(|(code, count)| CodeCount { code: *code, count: *count })
                .collect(),
            outputs: writer.outputs(),
            inputs: inputs.iter().map(|input| writer.input(input)).collect(),
            fee: fee.map(|fee| writer.fee_money(fee)),
            fee_rate_discounted: rate.map(FeeRate::sat_per_kvb),
            weight_bound: bound.full.units(),
            discounted_weight_bound: bound.discounted.units(),
            replaces: writer.replaces(),
            after: review.after.iter().map(|past| writer.signing(past)).collect(),
            open: review.open.iter().map(|past| writer.signing(past)).collect(),
            twins: review.twins.iter().map(ToString::to_string).collect(),
            needs_only_twins: review.needs_only_twins(),
            mismatches: review.mismatches.iter().map(Finding::from).collect(),
            failed: review.failed,
            approval: review.approval_code().map(|code| code.to_string()),
            signed_agrees: None,
        }
    }
}

/// Recipients of a distribution, or token outputs of a reissue.
fn listed(request: &Request) -> Option<usize> {
    match &request.job {
        Job::Distribute { recipients, .. } => Some(recipients.len()),
        Job::Reissue { tokens, .. } => Some(tokens.len()),
        Job::Burn { .. } => None,
    }
}

impl Writer<'_> {
    fn kind(&self, asset: AssetId) -> AssetKind {
        let is_token = self.review.asset().ids().and_then(|ids| ids.kind_of_token(asset)).is_some();
        match self.review.request() {
            _ if asset == self.network.policy_asset() => AssetKind::Policy,
            Some(request) if request.asset == asset => AssetKind::Asset,
            _ if is_token => AssetKind::Token,
            _ => AssetKind::Other,
        }
    }

    fn money(&self, asset: AssetId, amount: AssetAmount) -> Money {
        let contract = self.review.asset().contract().filter(|contract| contract.ids().asset == asset);
        let precision = match asset == self.network.policy_asset() {
            true => Some(Precision::OF_NODE),
            false => contract.map(|contract| contract.precision()),
        };
        Money { base_units: amount, whole_units: precision.map(|precision| amount.to_decimal(precision)) }
    }

    fn fee_money(&self, fee: Satoshi) -> Money {
        self.money(self.network.policy_asset(), fee.as_asset_amount())
    }

    fn fee(&self) -> Option<Satoshi> {
        let mut fees = self.review.outputs().filter(|(_, role)| *role == Some(Role::Fee));
        fees.next().map(|(output, _)| Satoshi::from_sat(output.amount.base_units()))
    }

    fn token(&self, input: &InputEffect) -> Option<String> {
        let asset = input.secrets?.asset;
        self.review.asset().ids()?.kind_of_token(asset).map(|_| asset.to_string())
    }

    /// The same transaction uses nothing a second time.
    fn was_signed_before(&self) -> bool {
        self.review.warned.contains_key(&Code::SignedBefore)
    }

    fn policy(&self, request: &Request) -> Option<PolicyDocument> {
        let policy: &Policy = self.state.policy(request.asset)?;
        let command: Command = request.command();
        let history = self.state.history.as_ref();
        let used = history.map(|history| policy.used(command, history)).unwrap_or_default();
        let (more, signings) = match self.was_signed_before() {
            true => (AssetAmount::ZERO, 0),
            false => (request.total(), 1),
        };
        let limits = policy.limits(command);
        let with_this = used.amount.checked_add(more).unwrap_or(AssetAmount::from_base_units(u64::MAX));
        let money = |amount| self.money(request.asset, amount);
        Some(PolicyDocument {
            entry: policy.number,
            counted_since: policy.counted_from(command),
            approvers: policy.approvers.len(),
            signings_used: used.count,
            signings_with_this: used.count.saturating_add(signings),
            signings_limit: limits.budget_count,
            amount_used: money(used.amount),
            amount_with_this: money(with_this),
            amount_limit: limits.budget.map(money),
        })
    }

    /// Earlier signings of this request that this one excludes. Those that it does not exclude are in `open` or `after`.
    fn replaces(&self) -> Vec<Replaced> {
        let (Some(request), Some(history)) = (self.review.request(), &self.state.history) else {
            return Vec::new();
        };
        if self.was_signed_before() {
            return Vec::new();
        }
        let identity = RequestIdentity::of(request);
        let both = || self.review.after.iter().chain(&self.review.open);
        let replaced = history.signings.iter().filter(|past| {
            past.facts.request == identity
                && !past.declared_void
                && both().all(|other| other.number != past.number)
        });
        replaced
            .map(|past| Replaced {
                signing: self.signing(past),
                shared_coins: self.shared(&past.facts.inputs),
            })
            .collect()
    }

    fn shared(&self, earlier: &[OutPoint]) -> Vec<String> {
        let coins = self.review.effects().inputs.iter().map(|input| input.outpoint);
        coins.filter(|coin| earlier.contains(coin)).map(|coin| CoinName(coin).to_string()).collect()
    }

    fn signing(&self, past: &PastSigning) -> EarlierSigning {
        let facts = &past.facts;
        EarlierSigning {
            entry: past.number,
            command: facts.command,
            distribution_uuid: facts.distribution.as_ref().map(ToString::to_string),
            txid: facts.txid.to_string(),
            asset: facts.asset.to_string(),
            asset_kind: self.kind(facts.asset),
            amount: self.money(facts.asset, facts.amount),
            fee: self.fee_money(facts.fee),
        }
    }

    fn outputs(&self) -> Vec<OutputDocument> {
        let outputs = self.review.outputs().enumerate();
        let mut outputs: Vec<OutputDocument> =
            outputs.map(|(index, (output, role))| self.output(index, output, role)).collect();
        outputs.sort_by_key(|output| (output.place(), output.index));
        outputs
    }

    fn output(&self, index: usize, output: &OutputEffect, role: Option<Role>) -> OutputDocument {
        let params = self.network.address_params();
        let address = Address::from_script(&output.script_pubkey, output.blinding_key, params);
        OutputDocument {
            recipient: match role {
                Some(Role::Recipient(position)) => Some(position.saturating_add(1)),
                _ => None,
            },
            role,
            asset: output.asset.to_string(),
            asset_kind: self.kind(output.asset),
            amount: self.money(output.asset, output.amount),
            address: address.map(|address| address.to_string()),
            script_pubkey: format!("{:x}", output.script_pubkey),
            path: output.own.as_ref().map(|own| own.path.to_string()),
            blinded: output.blinding_key.is_some(),
            index,
        }
    }

    fn input(&self, input: &InputEffect) -> InputDocument {
        let secrets = input.secrets.as_ref();
        InputDocument {
            outpoint: CoinName(input.outpoint).to_string(),
            path: input.own.as_ref().map(|own| own.path.to_string()),
            asset: secrets.map(|secrets| secrets.asset.to_string()),
            asset_kind: secrets.map(|secrets| self.kind(secrets.asset)),
            amount: secrets
                .map(|secrets| self.money(secrets.asset, AssetAmount::from_base_units(secrets.value))),
            blinded: input.is_blinded(),
            opening_used: input.opening_used,
            issues: input.claimed_issuance.map(|issuance| {
                let asset = issuance.entropy.map(|entropy| IssuanceIds::from_entropy(entropy).asset);
                let amount = AssetAmount::from_base_units(issuance.amount.unwrap_or_default());
                IssuanceDocument {
                    asset: asset.map(|asset| asset.to_string()),
                    amount: match asset {
                        Some(asset) => self.money(asset, amount),
                        None => Money { base_units: amount, whole_units: None },
                    },
                    blinded: issuance.blinded_flag.is_none(),
                }
            }),
        }
    }
}

impl OutputDocument {
    /// Where it is read: recipients in the order of the request, what nothing explains, what stays with the treasury, the fee.
    fn place(&self) -> (u8, usize) {
        match self.role {
            Some(Role::Recipient(position)) => (0, position),
            Some(Role::Reissued | Role::Burn) => (1, 0),
            None => (2, 0),
            Some(Role::Token) => (3, 0),
            Some(Role::AssetChange) => (4, 0),
            Some(Role::PolicyChange) => (5, 0),
            Some(Role::Fee) => (6, 0),
        }
    }
}

impl From<&Mismatch> for Finding {
    fn from(mismatch: &Mismatch) -> Self {
        Finding { code: mismatch.code, message: mismatch.message.clone(), hint: None }
    }
}

impl From<&Warning> for Finding {
    fn from(warning: &Warning) -> Self {
        Finding { code: warning.code, message: warning.message.clone(), hint: None }
    }
}
