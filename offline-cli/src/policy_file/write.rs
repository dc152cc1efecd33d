//! The text of a policy file: what is in force, or a template to be filled in. The same journal always gives the same
//! text, since an approver signs for a change of exactly this state.

use coldamp_core::amp::request::Command;
use coldamp_core::elements::AssetId;
use coldamp_core::sign::review::Policy;

use super::{ALLOWED, ANY, DEFAULT, FILL_IN, NONE, REFUSED, SCHEMA, UNLIMITED};
use crate::journal::{Limits, PolicySet};
use coldamp_cli::toml_text::quoted;

/// A policy's values as they are written.
struct Values {
    heading: Vec<String>,
    asset: String,
    uuid: String,
    contract: String,
    issuance_prevout: String,
    approvers: String,
    unconfidential_recipients: String,
    max_recipients: String,
    max_per_recipient: String,
    max_fee_sat: String,
    max_fee_sat_per_kvb: String,
    limits: Vec<(Command, [String; 3])>,
}

/// What is known of a template's asset; the rest is left to be filled in.
#[derive(Debug, Default)]
pub(crate) struct Blanks {
    pub(crate) asset: Option<String>,
    pub(crate) uuid: Option<String>,
    pub(crate) contract: Option<String>,
    pub(crate) issuance_prevout: Option<String>,
}

/// A template for one asset. Until every blank is filled in, it is no policy file.
pub(crate) fn template(known: &Blanks) -> String {
    let text = |value: &Option<String>| quoted(value.as_deref().unwrap_or(FILL_IN));
    let blank = || quoted(FILL_IN);
    let heading = [
        "A policy: what the signer refuses, whoever asks for it. Decide every line",
        "that says FILL IN, then put it in force with `coldamp policy apply FILE`.",
        "Amounts are base units, 10^-8 of what AMP and the node call one, whatever",
        "the asset's precision.",
    ];
    let values = Values {
        heading: Vec::new(),
        asset: text(&known.asset),
        uuid: text(&known.uuid),
        contract: text(&known.contract),
        issuance_prevout: text(&known.issuance_prevout),
        approvers: blank(),
        unconfidential_recipients: blank(),
        max_recipients: blank(),
        max_per_recipient: blank(),
        max_fee_sat: quoted(DEFAULT),
        max_fee_sat_per_kvb: quoted(DEFAULT),
        limits: Command::ALL.map(|command| (command, [blank(), blank(), blank()])).into(),
    };
    document(&heading.map(str::to_owned), &[], &[values])
}

/// The policies in force. `treasury` says whose they are, in lines of words.
pub(crate) fn exported(treasury: &[String], policies: &[(&PolicySet, &Policy)]) -> String {
    let values: Vec<Values> = policies.iter().map(|(set, policy)| in_force(set, policy)).collect();
    let mut heading = vec![
        "Policies in force, written by `coldamp policy export`. Change a copy, and put".to_owned(),
        "it in force with `coldamp policy apply FILE`. Keep this file with the backup of".to_owned(),
        "the keystore: `coldamp key restore --policy FILE` takes it.".to_owned(),
    ];
    heading.extend_from_slice(treasury);
    document(&heading, &[], &values)
}

/// A file that does nothing but remove a policy.
pub(crate) fn removal(asset: AssetId) -> String {
    document(&["Removes a policy.".to_owned()], &[asset.to_string()], &[])
}

fn in_force(set: &PolicySet, policy: &Policy) -> Values {
    let pinned = |text: &Option<String>, none| quoted(text.as_deref().unwrap_or(none));
    let or =
        |number: Option<u64>, word: &str| number.map_or_else(|| quoted(word), |number| number.to_string());
    let fee = match (set.max_fee, set.max_fee_rate) {
        (None, None) => DEFAULT,
        _ => UNLIMITED,
    };
    let counted = Command::ALL.into_iter().filter(|command| policy.limits(*command).has_budget());
    let counted = counted.map(|command| {
        format!("Counted for {command}: what was signed after entry {}.", policy.counted_from(command))
    });
    let limits = |command: Command| {
        let Limits { max, budget, budget_count } =
            set.limits.get(command.name()).copied().unwrap_or_default();
        let count = budget_count.map(u64::from);
        (command, [or(max, UNLIMITED), or(budget, UNLIMITED), or(count, UNLIMITED)])
    };
    let approvers: Vec<String> = set.approvers.iter().map(|key| quoted(key)).collect();
    Values {
        heading: [format!("Set by entry {}.", policy.number)].into_iter().chain(counted).collect(),
        asset: quoted(&set.asset),
        uuid: pinned(&set.asset_uuid, ANY),
        contract: pinned(&set.contract, NONE),
        issuance_prevout: pinned(&set.issuance_prevout, NONE),
        approvers: match approvers.is_empty() {
            true => quoted(NONE),
            false => format!("[\n  {},\n]", approvers.join(",\n  ")),
        },
        unconfidential_recipients: quoted(if set.forbid_unconfidential { REFUSED } else { ALLOWED }),
        max_recipients: or(set.max_recipients.map(u64::from), UNLIMITED),
        max_per_recipient: or(set.max_per_recipient, UNLIMITED),
        max_fee_sat: or(set.max_fee, fee),
        max_fee_sat_per_kvb: or(set.max_fee_rate, fee),
        limits: Command::ALL.map(limits).into(),
    }
}

/// The whole text.
fn document(heading: &[String], remove: &[String], policies: &[Values]) -> String {
    let mut text: String = heading.iter().map(|line| format!("# {line}\n")).collect();
    let removed: Vec<String> = remove.iter().map(|asset| quoted(asset)).collect();
    text.push_str(&format!(
        "schema = \"{SCHEMA}\"

# Assets whose policies are removed. An asset that this file does not name keeps
# the policy that it has.
remove = [{}]
",
        removed.join(", ")
    ));
    policies.iter().for_each(|values| policy(&mut text, values));
    text
}

fn policy(text: &mut String, values: &Values) {
    text.push_str("\n[[policy]]\n");
    values.heading.iter().for_each(|line| text.push_str(&format!("# {line}\n")));
    let Values { asset, uuid, contract, issuance_prevout, approvers, .. } = values;
    let Values { max_recipients, max_per_recipient, max_fee_sat, max_fee_sat_per_kvb, .. } = values;
    let Values { unconfidential_recipients, .. } = values;
    text.push_str(&format!(
        "# The asset's id. Once there is a policy, an asset without one is refused.
asset = {asset}
# AMP's uuid of the asset: a request with another one is refused. Or \"any\".
uuid = {uuid}
# The asset's contract, byte for byte as its hash was taken: keys sorted, no
# blanks. It proves ticker and precision, and pins the reissuance token. \"none\"
# proves nothing; issuance_prevout is \"none\" then too.
contract = {contract}
# The coin that the asset's first issuance spent, TXID:VOUT.
issuance_prevout = {issuance_prevout}
# Keys that `coldamp key approver` printed: only the signature of one of them
# approves, and a weaker policy takes it too. \"none\": the operator approves.
approvers = {approvers}
# Recipients without a blinding key: \"refused\" or \"allowed\".
unconfidential_recipients = {unconfidential_recipients}
# How many recipients one distribution may have, or \"unlimited\".
max_recipients = {max_recipients}
# Base units that one recipient may get at once, or \"unlimited\".
max_per_recipient = {max_per_recipient}
# The highest fee, in satoshi and in satoshi per 1,000 virtual bytes of the full
# size; one of the two may be \"unlimited\". \"default\" for both is the larger of
# 1000 sat and 200 sat/kvB.
max_fee_sat = {max_fee_sat}
max_fee_sat_per_kvb = {max_fee_sat_per_kvb}
# Jobs whose budgets start again at zero when this file is applied, for example
# [\"distribute\"]. All other budgets go on counting.
renew_budgets = []
# By job: the most that one request may move (max, base units), that all
# signatures together may move (budget, base units), and how many signatures
# there may be (budget_count) until the budget is renewed. Or \"unlimited\".
"
    ));
    for (command, [max, budget, budget_count]) in &values.limits {
        text.push_str(&format!(
            "[policy.{command}]\nmax = {max}\nbudget = {budget}\nbudget_count = {budget_count}\n"
        ));
    }
}
