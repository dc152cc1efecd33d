//! Policy files for tests, and a cold desk that puts them in force.

use std::collections::BTreeMap;

use coldamp_core::elements::hashes::sha256;
use coldamp_core::elements::hex::DisplayHex as _;

use crate::{Desk, KEYS, Run};

/// A policy file for one asset. Rules are `KEY=VALUE`, with blanks between, where KEY is the file's, for example
/// `burn.max=1000`; what is not named has no limit.
pub fn policy_file(asset: &str, rules: &str) -> String {
    let named: BTreeMap<&str, &str> = rules
        .split_whitespace()
        .map(|rule| rule.split_once('=').unwrap_or_else(|| panic!("no rule: {rule}")))
        .collect();
    let fee = if named.keys().any(|key| key.starts_with("max_fee")) { "unlimited" } else { "default" };
    let mut text = String::from("schema = \"coldamp.policy/1\"\nremove = []\n[[policy]]\n");
    let mut known = 0;
    let mut line = |key: &str, name: &str, default: &str| {
        known += usize::from(named.contains_key(key));
        let value = *named.get(key).unwrap_or(&default);
        let plain = value.starts_with('[') || value.bytes().all(|byte| byte.is_ascii_digit());
        text.push_str(&if plain { format!("{name} = {value}\n") } else { format!("{name} = \"{value}\"\n") });
    };
    for (key, default) in [
        ("asset", asset),
        ("uuid", "any"),
        ("contract", "none"),
        ("issuance_prevout", "none"),
        ("approvers", "none"),
        ("unconfidential_recipients", "allowed"),
        ("max_recipients", "unlimited"),
        ("max_per_recipient", "unlimited"),
        ("max_fee_sat", fee),
        ("max_fee_sat_per_kvb", fee),
        ("renew_budgets", "[]"),
    ] {
        line(key, key, default);
    }
    for command in ["distribute", "reissue", "burn"] {
        for name in ["max", "budget", "budget_count"] {
            line(&format!("{command}.{name}"), &format!("{command}.{name}"), "unlimited");
        }
    }
    assert_eq!(known, named.len(), "a rule of {rules} is none");
    text
}

/// The same with the asset's contract.
pub fn with_contract(file: &str, contract: &str, prevout: &str) -> String {
    file.replace("contract = \"none\"", &format!("contract = '{contract}'"))
        .replace("issuance_prevout = \"none\"", &format!("issuance_prevout = \"{prevout}\""))
}

/// SHA-256 of a file, as sha256sum prints it.
pub fn sha256_of(content: impl AsRef<[u8]>) -> String {
    sha256::Hash::hash(content.as_ref()).to_byte_array().to_lower_hex_string()
}

/// What has to be typed for a change that makes rules weaker: what its screen says in so many words.
pub fn weakening(screen: &str) -> Option<String> {
    let words: Vec<&str> = screen.split_whitespace().collect();
    words.windows(6).find_map(|words| match *words {
        [count, "RULE" | "RULES", "BECOME" | "BECOMES", "WEAKER", "for", asset] => {
            Some(format!("weaken {count} {}", asset.get(56..)?))
        }
        _ => None,
    })
}

impl Desk {
    /// Puts a policy file in force on a cold desk, whatever it makes weaker, and leaves no file behind.
    pub fn set_policy(&self, file: &str) -> Run {
        self.write("policy.toml", file);
        let apply = format!("policy apply policy.toml {KEYS}");
        let run = self.run("coldamp", &format!("{apply} --approve-sha256 {}", sha256_of(file)));
        let run = match weakening(&run.stderr) {
            Some(words) => self.run_typing("coldamp", &apply, &[("type weaken", &words)]),
            None => run,
        };
        std::fs::remove_file(self.path("policy.toml")).expect("the file that was written");
        run.done()
    }
}
