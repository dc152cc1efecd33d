//! The review as a person reads it before signing. It says only what was verified: coins were opened with the view
//! key, own scripts were derived, and everything else is what the transaction itself will say.

use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::elements::{Address, AssetId};
use coldamp_core::limits::MAX_SHOWN_NAME;
use coldamp_core::listed::{CoinName, beginning, ending};
use coldamp_core::network::Network;
use coldamp_core::sign::review::{JournalState, OutputEffect, PastSigning, Review, Role};
use coldamp_core::treasury::IssuanceIds;
use coldamp_core::units::{AssetAmount, Precision};

use super::words::{amount, builds_on, can_confirm_beside, fact, job, ticker};
use crate::hints::HINTS;
use coldamp_cli::line::Line;

/// Everything but the summary, which stands below it.
pub(super) fn details(network: &Network, review: &Review, records: &JournalState) -> Vec<Line> {
    let mut page = Page { lines: Vec::new(), network, review, records };
    page.head();
    page.warnings();
    page.outputs();
    page.inputs();
    page.size();
    page.history();
    page.refusals();
    page.lines
}

/// Earlier signings that are shown one by one.
const MAX_SIGNINGS: usize = 10;

struct Page<'a> {
    lines: Vec<Line>,
    network: &'a Network,
    review: &'a Review,
    records: &'a JournalState,
}

impl Page<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.lines.push(Line::new(line));
    }

    fn fact(&mut self, name: &str, value: impl std::fmt::Display) {
        self.lines.push(fact(name, value));
    }

    fn head(&mut self) {
        self.fact("network", self.network.chain());
        let Some(request) = self.review.request() else {
            return self.line("no request that can be read: what follows is described, and never signed");
        };
        self.fact("job", self.job());
        self.fact("asset", request.asset);
        self.contract();
        self.policy();
        self.fact("asset uuid", &request.asset_uuid);
        if let Some(uuid) = request.distribution_uuid() {
            self.fact("distribution", uuid);
        }
        self.fact("report to", &request.api);
        self.fact("request", format!("SHA-256 {}", request.sha256().to_lower_hex_string()));
    }

    /// What the asset's contract says, right below the id: anybody may issue a ticker, and only the id is one asset's.
    fn contract(&mut self) {
        let Some(contract) = self.review.asset().contract() else { return };
        let precision = contract.precision();
        self.lines.push(ticker(contract));
        // Cut, so that no name is long enough to wrap and look like a line of its own; of a domain the end counts.
        self.fact("domain", ending(contract.domain(), MAX_SHOWN_NAME));
        self.fact("name", format!("\"{}\"", beginning(contract.name(), MAX_SHOWN_NAME)));
        if precision != Precision::OF_NODE {
            let one = match precision.base_units_in_one() {
                1 => "1 base unit".to_owned(),
                more => format!("{more} base units"),
            };
            let unit = contract.ticker().unwrap_or("unit of the asset");
            self.fact("precision", format!("1 {unit} is {one}; AMP writes base units / 10^8"));
        }
    }

    /// Which of the issuer's own rules this is held against, and how far they are used up.
    fn policy(&mut self) {
        let request = self.review.request();
        let Some((request, policy)) =
            request.and_then(|request| Some((request, self.records.policy(request.asset)?)))
        else {
            return;
        };
        let command = request.command();
        let history = self.records.history.as_ref();
        let used = history.map(|history| policy.used(command, history)).unwrap_or_default();
        let units = self.amount(request.asset, used.amount);
        self.fact(
            "policy",
            format!("set by entry {}; since then {} of {command}, {units}", policy.number, used.count),
        );
        if !policy.approvers.is_empty() {
            self.fact("approvers", format!("{}, and nobody else approves", policy.approvers.len()));
        }
    }

    fn job(&self) -> String {
        job(self.network, self.review)
    }

    fn amount(&self, asset: AssetId, units: AssetAmount) -> String {
        amount(self.network, self.review, asset, units)
    }

    /// Above what the transaction does: a request can bring forth many, and must not push that out of sight.
    fn warnings(&mut self) {
        self.line("");
        let warnings = &self.review.warnings;
        for (position, warning) in warnings.iter().enumerate() {
            self.lines.push(Line::hanging(format!("WARNING {}: {}", warning.code, warning.message), 8));
            // The hint of a code stands once, below the last of its warnings in a row.
            if warnings.get(position.saturating_add(1)).is_none_or(|next| next.code != warning.code) {
                self.lines.push(Line::hanging(format!("        {}", HINTS.text(warning.code)), 8));
            }
        }
    }

    /// A line an output, where the screen is wide enough for an address: a distribution to eighty holders has to be read.
    fn outputs(&mut self) {
        let outputs = self.review.outputs();
        let outputs: Vec<(&'static str, String, String)> = outputs
            .map(|(output, role)| {
                let request = self.review.request();
                let known = output.asset == self.network.policy_asset()
                    || request.is_some_and(|request| request.asset == output.asset);
                let of = if known { String::new() } else { format!(" of {}", self.asset(output.asset)) };
                let to = match output.script_pubkey.is_empty() {
                    true => String::new(),
                    false => format!(" to {}", self.destination(output)),
                };
                (Role::name_of(role), self.amount(output.asset, output.amount), format!("{of}{to}"))
            })
            .collect();
        self.line("");
        self.line("what comes out");
        let width = outputs.iter().map(|(_, amount, _)| amount.len()).max().unwrap_or_default();
        for (index, (role, amount, rest)) in outputs.iter().enumerate() {
            let text = format!("  {index:>3}  {role:<12} {amount:>width$}{rest}");
            self.lines.push(Line::hanging(text, 7));
        }
    }

    fn inputs(&mut self) {
        let review = self.review;
        self.line("");
        self.line("what goes in");
        for (index, input) in review.effects().inputs.iter().enumerate() {
            let holds = match &input.secrets {
                Some(secrets) => {
                    let hidden = match (input.is_blinded(), input.opening_used) {
                        (false, _) => "explicit",
                        (true, false) => "opened with the view key",
                        (true, true) => "known by the opening in the PSET",
                    };
                    let units = self.amount(secrets.asset, AssetAmount::from_base_units(secrets.value));
                    match secrets.asset == self.network.policy_asset() {
                        true => format!("{units}, {hidden}"),
                        false => format!("{units} of {}, {hidden}", self.asset(secrets.asset)),
                    }
                }
                None => "UNKNOWN: the coin could not be opened".to_owned(),
            };
            let owner = match &input.own {
                Some(own) => format!("ours, path {}", own.path),
                None => "NOT OURS".to_owned(),
            };
            let text = format!("  {index:>3}  {holds}: {} ({owner})", CoinName(input.outpoint));
            self.lines.push(Line::hanging(text, 7));
            if let Some(issuance) = &input.claimed_issuance {
                let units = AssetAmount::from_base_units(issuance.amount.unwrap_or_default());
                let units = match issuance.entropy.map(IssuanceIds::from_entropy) {
                    Some(ids) => self.amount(ids.asset, units),
                    None => format!("{units} base units of no asset"),
                };
                let kind = if issuance.blinded_flag.is_none() { "blinded" } else { "explicit" };
                let says =
                    if self.review.checked().is_some() { "newly issued here" } else { "CLAIMS to issue" };
                self.line(format!("       {says}: {units}, {kind}"));
            }
        }
    }

    fn size(&mut self) {
        let bound = self.review.effects().bound;
        self.line("");
        let sizes =
            format!("at most {}, {} discounted; {}", bound.full_size(), bound.discounted_size(), bound.full);
        self.fact("size", sizes);
        if let Some(checked) = self.review.checked() {
            self.fact("fee", checked.fee());
        }
    }

    /// What was signed before and stands or falls with this one, or beside it.
    fn history(&mut self) {
        let (after, open) = (&self.review.after, &self.review.open);
        if !after.is_empty() {
            self.line("");
            self.line(builds_on(after.len()));
            self.signings(after);
        }
        if !open.is_empty() {
            self.line("");
            self.line(can_confirm_beside(open.len()));
            self.signings(open);
        }
    }

    /// Signings, the latest last.
    fn signings(&mut self, signings: &[PastSigning]) {
        let hidden = signings.len().saturating_sub(MAX_SIGNINGS);
        if hidden > 0 {
            self.line(format!("  … {hidden} earlier ones: coldamp journal list"));
        }
        for past in signings.iter().skip(hidden) {
            let facts = &past.facts;
            let uuid = facts.distribution.as_ref().map(|uuid| format!(" {uuid}")).unwrap_or_default();
            let units = self.amount(facts.asset, facts.amount);
            let of = self.asset(facts.asset);
            self.line(format!(
                "  entry {}: {}{uuid}, {units} of {of}, transaction {}",
                past.number, facts.command, facts.txid
            ));
        }
    }

    fn refusals(&mut self) {
        if !self.review.mismatches.is_empty() {
            self.line("");
        }
        for mismatch in &self.review.mismatches {
            self.lines.push(Line::hanging(format!("REFUSED {mismatch}"), 8));
        }
    }

    /// The asset's id, and in words what it is to this job.
    fn asset(&self, asset: AssetId) -> String {
        if asset == self.network.policy_asset() {
            return "L-BTC".to_owned();
        }
        let request = self.review.request();
        if request.is_some_and(|request| request.asset == asset) {
            return "the request's asset".to_owned();
        }
        match self.review.asset().ids().and_then(|ids| ids.kind_of_token(asset)) {
            Some(_) => format!("its reissuance token {asset}"),
            None => format!("another asset, {asset}"),
        }
    }

    fn destination(&self, output: &OutputEffect) -> String {
        let params = self.network.address_params();
        let address = Address::from_script(&output.script_pubkey, output.blinding_key, params);
        let place = match address {
            Some(address) => grouped(&address.to_string()),
            None if output.script_pubkey.as_bytes() == [0x6a] => {
                return "nobody: a bare OP_RETURN".to_owned();
            }
            None => format!("script {:x}", output.script_pubkey),
        };
        let owner = output.own.as_ref().map(|own| format!(" (ours, path {})", own.path)).unwrap_or_default();
        let open = if output.blinding_key.is_none() { " IN THE OPEN" } else { "" };
        format!("{place}{owner}{open}")
    }
}

/// In groups of four, which is how people compare long strings.
fn grouped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
