//! The document as lines for a person. Ids stay whole, and everything else fits 80 columns.

use coldamp_core::listed::{beginning, listed};
use coldamp_core::units::{AssetAmount, FeeRate, Satoshi, grouped};

use super::{AmpDocument, AssetDocument, Finding, JobDocument, JobsDocument, Kind, Total, TreasuryDocument};

/// The column of the values.
const LABEL: usize = 15;

/// Characters of a job's id that are shown. `status` shows the whole.
const SHOWN_ID: usize = 16;

impl TreasuryDocument {
    /// Every line, the findings and their sum last. A line is broken where it is shown. `name_of` is the operator's own short
    /// name for an asset id; what has none is shown by its id alone.
    pub fn lines(&self, name_of: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let mut lines = vec![line("network", self.network), line("searched", &self.searched.words)];
        lines.extend(self.not_counted.iter().map(|words| line("not counted", words)));
        for asset in &self.assets {
            lines.push(String::new());
            lines.extend(self.lines_of(asset, &name_of));
        }
        if let Some(jobs) = &self.jobs {
            lines.push(String::new());
            lines.extend(lines_of_jobs(jobs));
        }
        lines.push(String::new());
        match &self.amp {
            Some(amp) => lines.extend(lines_of_amp(amp)),
            None => {
                lines.push(line("AMP", "was not asked. Whether it has lost outputs is not known"));
            }
        }
        for finding in self.findings.iter().flatten() {
            lines.push(String::new());
            lines.extend(lines_of_finding(finding));
        }
        if self.findings.is_some() {
            let names: Vec<&str> = self.differences().map(|finding| finding.kind.name()).collect();
            lines.push(String::new());
            lines.push(line(
                "differences",
                &match names.len() {
                    0 => "none between AMP and the treasury".to_owned(),
                    count => format!("{count}: {}", listed(names)),
                },
            ));
        }
        lines
    }

    fn lines_of(&self, asset: &AssetDocument, name_of: &impl Fn(&str) -> Option<String>) -> Vec<String> {
        let is_proven = self.token.as_ref().is_none_or(|token| token.is_proven);
        let label = match asset.kind {
            Kind::Asset if self.asset_by_amp => "asset by AMP",
            Kind::Asset => "asset",
            Kind::Token if is_proven => "token",
            Kind::Token => "token by AMP",
            Kind::Lbtc => "L-BTC",
            Kind::Other => "other asset",
        };
        let named = self.asset.as_deref().filter(|_| asset.kind == Kind::Token);
        let name = name_of(&asset.id).or_else(|| Some(format!("of {}", name_of(named?)?)));
        let mut lines = match name {
            Some(name) => vec![line(label, &name), line("  id", &asset.id)],
            None => vec![line(label, &asset.id)],
        };
        let total = |total: Total| words_of(total, asset.kind);
        lines.push(line("  confirmed", &total(asset.confirmed)));
        if asset.waiting.coins > 0 {
            lines.push(line("  waiting", &total(asset.waiting)));
        }
        if asset.reserved.coins > 0 {
            lines.push(line("  reserved", &total(asset.reserved)));
            for reservation in &self.reservations {
                let holds = |coin: &&super::CoinDocument| {
                    coin.asset.as_ref() == Some(&asset.id)
                        && coin.reserved_by.as_ref() == Some(&reservation.id)
                };
                let coins = self.coins.iter().filter(holds).count();
                if coins > 0 {
                    let id = beginning(&reservation.id, SHOWN_ID);
                    let words = format!("{} by job {id} {}", coins_of(coins), reservation.what);
                    lines.push(line("", &words));
                }
            }
        }
        lines
    }
}

fn lines_of_jobs(jobs: &JobsDocument) -> Vec<String> {
    let rate = FeeRate::from_sat_per_kvb(jobs.fee_rate);
    let mut lines = vec![line(
        "L-BTC pays",
        &format!("at {rate}, one job after the other, from the coins that no job reserves"),
    )];
    lines.extend(jobs.kinds.iter().map(|job| {
        let JobDocument { command, recipients, fee, at_least } = job;
        let name = match recipients {
            Some(1) => format!("{command} to 1 recipient"),
            Some(recipients) => format!("{command} to {recipients} recipients"),
            None => (*command).to_owned(),
        };
        let fee = Satoshi::from_sat(fee.base_units());
        let jobs = match at_least {
            0 => "no job by a single coin".to_owned(),
            1 => "at least 1 job".to_owned(),
            jobs => format!("at least {} jobs", grouped(*jobs)),
        };
        line("", &format!("{name}: {jobs}, fee {fee} each"))
    }));
    lines
}

fn lines_of_amp(amp: &AmpDocument) -> Vec<String> {
    let balance = match amp.balance {
        Some(balance) => balance.in_base_units(),
        None => "AMP's balance has no row of the treasury".to_owned(),
    };
    let outputs = |names: &[String]| match names {
        [] => "none".to_owned(),
        names => format!("{} ({})", names.len(), listed(names)),
    };
    let addresses = &amp.addresses;
    let mut registered = format!(
        "{} of this treasury; from the next one, index {}, {} in a row",
        addresses.ours, addresses.next_index, addresses.registered_ahead
    );
    if addresses.others > 0 {
        registered += &format!("; {} that are not of this treasury", addresses.others);
    }
    vec![
        line("AMP", &amp.root),
        line("  uuid", &amp.asset_uuid),
        line("  balance", &balance),
        line("  asset coins", &words_of(amp.asset, Kind::Asset)),
        line("  token coins", &words_of(amp.token, Kind::Token)),
        line("  lost", &outputs(&amp.lost)),
        line("  lost tokens", &outputs(&amp.lost_tokens)),
        line("  blinders", &format!("missing: {}", outputs(&amp.without_blinders))),
        line("  addresses", &registered),
    ]
}

fn lines_of_finding(finding: &Finding) -> Vec<String> {
    let label = if finding.is_difference { "difference" } else { "note" };
    let mut lines = vec![line(label, finding.kind.name()), line("", &finding.message)];
    lines.extend(finding.hint.map(|hint| line("  do", hint)));
    lines
}

/// A label and its value.
fn line(label: &str, value: &str) -> String {
    format!("{label:LABEL$}{value}")
}

fn words_of(total: Total, kind: Kind) -> String {
    let amount = match (total.amount, kind) {
        (Some(amount), Kind::Lbtc) => Satoshi::from_sat(amount.base_units()).to_string(),
        (Some(amount), _) => AssetAmount::in_base_units(amount),
        (None, _) => "an amount that is not known".to_owned(),
    };
    format!("{amount} in {}", coins_of(total.coins))
}

fn coins_of(coins: usize) -> String {
    match coins {
        1 => "1 coin".to_owned(),
        coins => format!("{coins} coins"),
    }
}
