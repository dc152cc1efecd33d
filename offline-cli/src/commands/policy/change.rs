//! A change of policy before it is one: what it does to each asset, shown side by side, and a person's word for it.

use coldamp_cli::ask::{TRIES, ask_line, ask_until};
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::sign::review::{AssetChange, JournalState};

use super::side_by_side;
use crate::policy_file::PolicyFile;

/// Characters of the asset id that are typed.
const TYPED_CHARACTERS: usize = 8;

/// What a file changes, asset by asset. The budgets of its policies go on counting from where those in force count.
///
/// # Errors
/// When a policy is to be removed that is not there.
pub(crate) fn planned(file: &mut PolicyFile, state: &JournalState) -> Result<Vec<AssetChange>, Failure> {
    let mut changes = Vec::new();
    for setting in &mut file.settings {
        if let Some(before) = state.policy(setting.policy.asset) {
            setting.policy.continue_counting(before, &setting.renewed);
        }
        let counted = setting.policy.counted_from.iter();
        setting.set.counted_from =
            counted.map(|(command, entry)| (command.name().to_owned(), *entry)).collect();
        changes.push(state.change(setting.policy.asset, Some(&setting.policy)));
    }
    for asset in &file.removed {
        if state.policy(*asset).is_none() {
            return Err(Failure::new(
                Exit::Refused,
                format!("there is no policy for {asset} to remove"),
                "`coldamp policy show` lists the policies.",
            )
            .with_code(Code::PolicyAsset));
        }
        changes.push(state.change(*asset, None));
    }
    Ok(changes)
}

/// Shows the SHA-256 of a file and what it changes.
pub(crate) fn show(file: &PolicyFile, changes: &[AssetChange], state: &JournalState) {
    screen::say(&format!("SHA-256      {}", file.sha256.to_lower_hex_string()));
    screen::say("             of the policy file, as `sha256sum` prints it");
    show_rules(file, changes, state);
}

/// Shows every rule before and after, and below all of them the limits that refuse nothing and what becomes weaker.
pub(super) fn show_rules(file: &PolicyFile, changes: &[AssetChange], state: &JournalState) {
    changes.iter().flat_map(side_by_side::table).for_each(|line| screen::say(&line));
    let named = |asset: AssetId| changes.iter().any(|change| change.asset == asset);
    for policy in state.policies.iter().filter(|policy| !named(policy.asset)) {
        screen::say(&format!("unchanged    {}", policy.asset));
    }
    screen::say("! weaker than what is in force     + stricter");
    let high = file.settings.iter().flat_map(|setting| setting.policy.limits_that_refuse_nothing());
    high.for_each(|sentence| screen::warn(&sentence));
    let weaker = changes.iter().filter(|change| change.weaker().next().is_some());
    weaker.flat_map(side_by_side::weaker).for_each(|line| screen::say(&line));
}

/// Holds the SHA-256 that was given in the place of an answer against the file.
///
/// # Errors
/// When it is another file's.
pub(crate) fn approve_by_hash(file: &[u8; 32], given: &str) -> Result<(), Failure> {
    if given.eq_ignore_ascii_case(&file.to_lower_hex_string()) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        "--approve-sha256 is not the SHA-256 of the policy file",
        "Check that this is the right file. `sha256sum FILE.toml` prints the SHA-256 of a policy file.",
    )
    .with_code(Code::PolicyFile))
}

/// Asks for what no finger types by habit where a rule becomes weaker: how many do, and for which asset. Else for a yes.
///
/// # Errors
/// When there is no terminal, or the answer is another.
pub(crate) fn ask(changes: &[AssetChange], without_terminal: &str) -> Result<(), Failure> {
    let nobody =
        |error| Failure::new(Exit::Declined, format!("nobody approved this: {error}"), without_terminal);
    let declined =
        |found: &str| Failure::new(Exit::Declined, format!("not approved: {found}"), "Nothing was changed.");
    let weaker = changes.iter().map(|change| (change.asset, change.weaker().count()));
    let weaker: Vec<(AssetId, usize)> = weaker.filter(|(_, count)| *count > 0).collect();
    if weaker.is_empty() {
        let answer = ask_line("approval", "type yes to put it in force: ").map_err(nobody)?;
        return if answer.trim() == "yes" { Ok(()) } else { Err(declined("the answer is not yes")) };
    }
    for (asset, count) in weaker {
        let id = asset.to_string();
        let end = id.get(id.len().saturating_sub(TYPED_CHARACTERS)..).unwrap_or_default();
        let question = "type weaken COUNT ID-END, with the number of weaker rules and the last 8 characters of the asset id (example: weaken 2 1ebb7101): ";
        let wrong = "That is not the number of weaker rules and the end of the asset id.";
        let is_right = |answer: &str| answer.split_whitespace().eq(["weaken", &count.to_string(), end]);
        ask_until("approval", question, wrong, is_right)
            .map_err(nobody)?
            .ok_or_else(|| declined(&format!("{TRIES} answers did not match")))?;
    }
    Ok(())
}
