//! The issuer's own rules for the assets of the demo: the template of each, filled in, and both put in force as one file.

use super::desk::Desk;
use super::sandbox::Sandbox;
use super::{KEYS, say};

/// What a person types in place of each FILL IN. Amounts are base units: a job of the demo moves 18750000000.
const FILLED_IN: [(&str, &str); 9] = [
    ("contract", "\"none\""),
    ("issuance_prevout", "\"none\""),
    ("approvers", "\"none\""),
    ("unconfidential_recipients", "\"allowed\""),
    ("max_recipients", "80"),
    ("max_per_recipient", "20000000000"),
    ("max", "20000000000"),
    ("budget", "100000000000"),
    ("budget_count", "20"),
];

/// Sets them.
///
/// # Errors
/// In words, what failed.
pub(super) fn set(desk: &Desk, sandbox: &Sandbox) -> Result<(), String> {
    say(
        "\nOn the air-gapped machine: the issuer's own limits for both assets, from a template that is filled in.",
    );
    let mut file = String::new();
    for (id, uuid) in sandbox.assets() {
        let template = desk.run("coldamp", &format!("policy template --asset {id} --uuid {uuid}"))?;
        // The second asset goes below the first, in the same file.
        let (head, policy) = template.split_once("[[policy]]").ok_or("the template has no policy")?;
        if file.is_empty() {
            file.push_str(head);
        }
        file.push_str("[[policy]]");
        file.push_str(policy);
    }
    for (key, value) in FILLED_IN {
        say(&format!("  {key} = {value}"));
        file = file.replace(&format!("\n{key} = \"FILL IN\"\n"), &format!("\n{key} = {value}\n"));
    }
    desk.write("policy.toml", file.trim_end())?;
    say(
        "\nThere is nobody at a terminal to type yes, so the file is named by its SHA-256. That is enough for a first policy.",
    );
    let sha256 = desk.sha256("policy.toml")?;
    desk.show("coldamp", &format!("policy apply policy.toml {KEYS} --approve-sha256 {sha256}"))?;
    desk.show("coldamp", &format!("policy export {KEYS} -o policy.in-force.toml"))?;
    Ok(())
}
