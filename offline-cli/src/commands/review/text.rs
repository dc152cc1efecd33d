//! The review as a person reads it before signing. It says only what was verified: coins were opened with the view
//! key, own scripts were derived, and everything else is what the transaction itself will say.

use coldamp_cli::line::Line;
use coldamp_core::limits::MAX_SHOWN_NAME;
use coldamp_core::listed::{beginning, ending};
use coldamp_core::sign::review::document::{
    AssetKind, EarlierSigning, InputDocument, IssuanceDocument, OutputDocument, PolicyDocument,
};
use coldamp_core::sign::review::{ReviewDocument, Role};
use coldamp_core::units::{Precision, Weight, base_units};

use super::words::{amount, builds_on, can_confirm_beside, fact, job, replaces, sat, ticker, two_fees};

/// Everything but the summary, which is below it.
pub(super) fn details(document: &ReviewDocument) -> Vec<Line> {
    let mut page = Page { lines: Vec::new(), document };
    page.head();
    page.warnings();
    page.outputs();
    page.inputs();
    page.size();
    page.history();
    page.lines
}

/// The beginning of a review of which no input belongs to the treasury.
pub(super) fn of_foreign(document: &ReviewDocument, text: &str) -> Vec<Line> {
    let mut page = Page { lines: vec![Line::new(text)], document };
    page.line("The rest of the review is left out: `coldamp review --json` has it.");
    page.head();
    page.lines
}

/// What failed, for a reader who does not see the messages of this run.
pub(super) fn refusals(document: &ReviewDocument) -> Vec<Line> {
    let rule = |(code, message): (_, &String)| Line::hanging(format!("REFUSED {code}: {message}"), 8);
    let rules: Vec<Line> =
        document.mismatches.iter().map(|failed| rule((failed.code, &failed.message))).collect();
    if rules.is_empty() { rules } else { std::iter::once(Line::new("")).chain(rules).collect() }
}

/// Earlier signings that are shown one by one. Of more only the newest is.
const MAX_SIGNINGS: usize = 5;

struct Page<'a> {
    lines: Vec<Line>,
    document: &'a ReviewDocument,
}

impl Page<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.lines.push(Line::new(line));
    }

    fn fact(&mut self, name: &str, value: impl std::fmt::Display) {
        self.lines.push(fact(name, value));
    }

    fn head(&mut self) {
        let document = self.document;
        self.fact("network", document.network);
        let Some(asset) = &document.asset else {
            return self.line("no request that can be read: what follows is described, and never signed");
        };
        self.fact("job", job(document));
        self.fact("asset", asset);
        self.contract();
        if let Some(policy) = &document.policy {
            self.policy(policy);
        }
        for (name, value) in [
            ("asset uuid", &document.asset_uuid),
            ("distribution", &document.distribution_uuid),
            ("report to", &document.report_to),
        ] {
            if let Some(value) = value {
                self.fact(name, value);
            }
        }
        if let Some(digest) = &document.request_sha256 {
            self.fact("request", format!("SHA-256 {digest}"));
        }
        for replaced in &document.replaces {
            self.fact("replaces", replaces(replaced));
            self.fact("", two_fees(document, replaced));
        }
    }

    /// What the asset's contract says, right below the id: anybody may issue a ticker, and only the id is one asset's.
    fn contract(&mut self) {
        let Some(contract) = &self.document.contract else { return };
        self.lines.push(ticker(contract));
        // Cut, so that no name is long enough to wrap and look like a line of its own; of a domain the end counts.
        self.fact("domain", ending(&contract.domain, MAX_SHOWN_NAME));
        self.fact("name", format!("\"{}\"", beginning(&contract.name, MAX_SHOWN_NAME)));
        let precision = Precision::new(contract.precision).filter(|found| *found != Precision::OF_NODE);
        if let Some(precision) = precision {
            let one = base_units(precision.base_units_in_one());
            let unit = contract.ticker.as_deref().unwrap_or("unit of the asset");
            self.fact("precision", format!("1 {unit} is {one}; AMP writes base units / 10^8"));
        }
    }

    /// What of the issuer's own limits is used, now and with this signing.
    fn policy(&mut self, policy: &PolicyDocument) {
        let command = self.document.command.map_or("", |command| command.name());
        let units = |money| amount(self.document, AssetKind::Asset, money);
        let signatures = match (policy.signings_used, policy.signings_limit) {
            (used, Some(limit)) => format!("{used} of {limit} signatures"),
            (1, None) => "1 signature (no limit)".to_owned(),
            (used, None) => format!("{used} signatures (no limit)"),
        };
        let used = units(&policy.amount_used);
        let sum = match &policy.amount_limit {
            Some(limit) => format!("{used} of {}", units(limit)),
            None => format!("{used} (no limit)"),
        };
        let text = format!(
            "entry {}. {command} used {signatures} and {sum}, counted since entry {}; with this one {} and {}",
            policy.entry,
            policy.counted_since,
            policy.signings_with_this,
            units(&policy.amount_with_this),
        );
        self.fact("policy", text);
        if policy.approvers > 0 {
            self.fact("approvers", format!("{}, and nobody else approves", policy.approvers));
        }
    }

    /// Above what the transaction does: a request can cause many warnings, and must not scroll the rest off the screen.
    fn warnings(&mut self) {
        self.line("");
        let warnings = &self.document.warnings;
        for (position, warning) in warnings.iter().enumerate() {
            self.lines.push(Line::hanging(format!("WARNING {}: {}", warning.code, warning.message), 8));
            // The hint of a code is printed once, below the last of its warnings in a row.
            if warnings.get(position.saturating_add(1)).is_none_or(|next| next.code != warning.code) {
                let hint = warning.hint.unwrap_or_default();
                self.lines.push(Line::hanging(format!("        {hint}"), 8));
            }
        }
    }

    /// A line for each output, where the screen is wide enough for an address: a distribution to eighty holders has to be
    /// read.
    fn outputs(&mut self) {
        let document = self.document;
        self.line("");
        self.line("what comes out");
        let amounts: Vec<String> = document
            .outputs
            .iter()
            .map(|output| amount(document, output.asset_kind, &output.amount))
            .collect();
        let width = amounts.iter().map(String::len).max().unwrap_or_default();
        for (output, amount) in document.outputs.iter().zip(&amounts) {
            let number = output.recipient.map(|number| number.to_string()).unwrap_or_default();
            let of = match output.asset_kind {
                AssetKind::Policy | AssetKind::Asset => String::new(),
                kind => format!(" of {}", asset(kind, &output.asset)),
            };
            let to = if output.script_pubkey.is_empty() { String::new() } else { destination(output) };
            let name = Role::name_of(output.role);
            let text =
                format!("  {number:>3}  {name:<12} {amount:>width$}{of}{to} [output {}]", output.index);
            self.lines.push(Line::hanging(text, 7));
        }
    }

    fn inputs(&mut self) {
        self.line("");
        self.line("what goes in");
        for (index, input) in self.document.inputs.iter().enumerate() {
            let owner = match &input.path {
                Some(path) => format!("ours, path {path}"),
                None => "NOT OURS".to_owned(),
            };
            let text = format!("  {index:>3}  {}: {} ({owner})", self.holds(input), input.outpoint);
            self.lines.push(Line::hanging(text, 7));
            if let Some(issuance) = &input.issues {
                self.issuance(issuance);
            }
        }
    }

    fn holds(&self, input: &InputDocument) -> String {
        let (Some(kind), Some(id), Some(money)) = (input.asset_kind, &input.asset, &input.amount) else {
            return "UNKNOWN: the coin could not be opened".to_owned();
        };
        let hidden = match (input.blinded, input.opening_used) {
            (false, _) => "explicit",
            (true, false) => "opened with the view key",
            (true, true) => "known by the opening in the PSET",
        };
        let units = amount(self.document, kind, money);
        match kind {
            AssetKind::Policy => format!("{units}, {hidden}"),
            kind => format!("{units} of {}, {hidden}", asset(kind, id)),
        }
    }

    fn issuance(&mut self, issuance: &IssuanceDocument) {
        let units = match issuance.asset.is_some() && issuance.asset == self.document.asset {
            true => amount(self.document, AssetKind::Asset, &issuance.amount),
            false if issuance.asset.is_some() => amount(self.document, AssetKind::Other, &issuance.amount),
            false => format!("{} of no asset", issuance.amount.base_units.in_base_units()),
        };
        let kind = if issuance.blinded { "blinded" } else { "explicit" };
        let says = if self.document.failed == 0 { "newly issued here" } else { "CLAIMS to issue" };
        self.line(format!("       {says}: {units}, {kind}"));
    }

    fn size(&mut self) {
        let full = Weight::new(self.document.weight_bound);
        let discounted = Weight::new(self.document.discounted_weight_bound);
        self.line("");
        let sizes =
            format!("at most {}, {} discounted; {full}", full.virtual_size(), discounted.virtual_size());
        self.fact("size", sizes);
        if let Some(fee) = &self.document.fee {
            self.fact("fee", sat(fee));
        }
    }

    /// What was signed before and must confirm before this one, or can confirm as well.
    fn history(&mut self) {
        let document = self.document;
        if !document.after.is_empty() {
            self.line("");
            self.line(builds_on(document.after.len()));
            self.line("Send it only when they are confirmed: look them up with `coldamp-online status`.");
            self.signings(&document.after);
        }
        if !document.open.is_empty() {
            self.line("");
            self.line(can_confirm_beside(document.open.len()));
            self.line("This machine cannot see the chain. If they confirmed, there is nothing to do.");
            self.line("If one must not confirm any more: do not sign this one, look it up with `coldamp-online status`.");
            self.signings(&document.open);
        }
    }

    /// Signings, the newest last; of many the newest alone.
    fn signings(&mut self, signings: &[EarlierSigning]) {
        let hidden = if signings.len() > MAX_SIGNINGS { signings.len().saturating_sub(1) } else { 0 };
        if hidden > 0 {
            self.line(format!("  {hidden} earlier ones are not shown: see `coldamp journal list`"));
        }
        for past in signings.iter().skip(hidden) {
            let uuid = past.distribution_uuid.as_ref().map(|uuid| format!(" {uuid}")).unwrap_or_default();
            let units = amount(self.document, past.asset_kind, &past.amount);
            let of = asset(past.asset_kind, &past.asset);
            self.line(format!(
                "  entry {}: {}{uuid}, {units} of {of}, transaction {}",
                past.entry, past.command, past.txid
            ));
        }
    }
}

/// The asset's id, and in words what it is to this job.
fn asset(kind: AssetKind, id: &str) -> String {
    match kind {
        AssetKind::Policy => "L-BTC".to_owned(),
        AssetKind::Asset => "the request's asset".to_owned(),
        AssetKind::Token => format!("its reissuance token {id}"),
        AssetKind::Other => format!("another asset, {id}"),
    }
}

fn destination(output: &OutputDocument) -> String {
    let place = match &output.address {
        Some(address) => grouped(address),
        None if output.script_pubkey == "6a" => return " to nobody: a bare OP_RETURN".to_owned(),
        None => format!("script {}", output.script_pubkey),
    };
    let owner = output.path.as_ref().map(|path| format!(" (ours, path {path})")).unwrap_or_default();
    let open = if output.blinded { "" } else { " NOT BLINDED: everybody sees asset and amount" };
    format!(" to {place}{owner}{open}")
}

/// In groups of four, which is how people compare long strings.
fn grouped(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
