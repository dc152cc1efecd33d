//! `coldamp-online treasury`: what the treasury holds, and what AMP says beside it.

use std::collections::BTreeMap;

use coldamp_cli::{Failure, output, screen};
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::code::Code;
use coldamp_core::elements::AssetId;
use coldamp_core::treasury::{IssuanceKind, MAX_CONTRACT_FILE_BYTES, ProvenContract, canonical};
use coldamp_online::source::Source as _;
use coldamp_online::treasury::overview::{AmpAnswers, FindingKind, Look, TreasuryDocument};

use crate::args::{ChosenAsset, ShowArguments};
use crate::bar::Bar;
use crate::input::read_file;
use crate::source::{AnySource, SCANNING_ALL, http};
use crate::state::TreasuryState;
use crate::{curve, load, refusal, runtime};

/// Shows the treasury.
///
/// # Errors
/// When chain source or AMP cannot be asked, or AMP and the treasury differ. What was read is printed then, too.
pub(super) fn run(arguments: &ShowArguments) -> Result<(), Failure> {
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let secp = curve::secp(&arguments.threads);
    let state = TreasuryState::open(arguments.state.folder(), &descriptor)?;
    let source = AnySource::of_treasury(&arguments.source, &arguments.scan, &state)?;
    let document = runtime::wait_for(async {
        // First: a wrong login is then told before the search.
        let amp = match arguments.without_amp {
            true => None,
            false => {
                let root = load::amp_root(&arguments.amp, &ApiRoot::built_in(network.chain()))?;
                let amp = load::amp(http()?, root, &arguments.amp).await?;
                let answers = AmpAnswers::ask(&amp, &arguments.asset.uuid()?).await;
                Some(answers.map_err(|error| refusal::amp(&error))?)
            }
        };
        source.warn_if_behind(network.chain()).await;
        let look = Look {
            secp: &secp,
            network: &network,
            descriptor: &descriptor,
            record: state.reservations(),
            asset: arguments.asset_id,
            issuance_tx: arguments.issuance_tx,
            amp: amp.as_ref(),
        };
        let (bar, mut coins) = (Bar::default(), state.coin_cache());
        let refused = |error| refusal::overview(&error);
        let document = look.document(&source, &mut coins, &bar).await.map_err(refused)?;
        // Nothing is told as a difference because of what the scan cache says.
        if document.searched.used_cache && document.differences().next().is_some() {
            screen::say(SCANNING_ALL);
            source.scan_all();
            return look.document(&source, &mut coins, &bar).await.map_err(refused);
        }
        Ok(document)
    })?;
    show(&document.with_hints(hint), arguments)
}

fn show(document: &TreasuryDocument, arguments: &ShowArguments) -> Result<(), Failure> {
    if document.asset_by_amp {
        screen::warn(
            "the id of the asset is AMP's word. Compare it with the issuance, or name it with --asset-id or in the profile",
        );
    }
    if arguments.json {
        output::print_exact(&serde_json::to_string_pretty(document).map_err(Failure::internal)?)?;
    } else if arguments.csv {
        output::print_exact(document.csv().trim_end())?;
        if document.amp.is_none() {
            screen::say("AMP was not asked. Whether it has lost outputs is not known.");
        }
    } else {
        let names = names(document, arguments);
        for line in document.lines(|asset| names.get(asset).cloned()) {
            output::print(&line)?;
        }
    }
    let names: Vec<&str> = document.differences().map(|finding| finding.kind.name()).collect();
    if names.is_empty() {
        return Ok(());
    }
    if arguments.csv {
        for finding in document.differences() {
            screen::warn(&format!("{}: {}", finding.kind.name(), finding.message));
            screen::say(&format!("  {}", finding.hint.unwrap_or_default()));
        }
    }
    let message = match names.len() {
        1 => format!("AMP and the treasury differ: {}", names.join(", ")),
        count => {
            let mut kinds = names;
            kinds.sort_unstable();
            kinds.dedup();
            format!("AMP and the treasury differ in {count} points: {}", kinds.join(", "))
        }
    };
    Err(refusal::of(Code::TreasuryDiffers, message))
}

/// The profile's short names by asset id; of its assets' tokens too, where contract and issuance prove them.
fn names(document: &TreasuryDocument, arguments: &ShowArguments) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for asset in &arguments.known {
        let Some(name) = &asset.name else { continue };
        // An asset without an id in the profile is the one that is shown, by AMP's word. Its line says so.
        let is_shown = arguments.asset.chosen().is_ok_and(|chosen| chosen.uuid == asset.uuid);
        let shown = document.asset.clone().filter(|_| is_shown);
        if let Some(id) = asset.id().map(|id| id.to_string()).or(shown) {
            names.insert(id, name.to_string());
        }
        for token in tokens(asset).into_iter().flatten() {
            names.insert(token.to_string(), format!("token of {name}"));
        }
    }
    names
}

/// The two tokens that an asset of the profile can have. None where its contract does not prove them: they are then shown by
/// their ids.
fn tokens(asset: &ChosenAsset) -> Option<[AssetId; 2]> {
    let known = asset.known.as_ref()?;
    let file = read_file(known.contract.as_ref()?, MAX_CONTRACT_FILE_BYTES, "the contract file").ok()?;
    let text = canonical(&file).ok()?;
    let proven = ProvenContract::prove(text.as_bytes(), known.issuance_prevout?, known.id?).ok()?;
    Some([IssuanceKind::Explicit, IssuanceKind::Blinded].map(|kind| proven.ids().token(kind)))
}

/// What to do about a finding.
fn hint(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::LostHeld => {
            "Contact AMP before anything else is spent. `coldamp-online treasury register --first N` registers the output's address, if it is not registered."
        }
        FindingKind::LostSpent => {
            "Find the signed.json that spent it, and report it: `coldamp-online status signed.json` says where it stands, `coldamp-online report` tells AMP. If no job of yours spent it, treat the keys as stolen."
        }
        FindingKind::NotHeld => {
            "If a job of yours spent it, report that job: `coldamp-online report signed.json`. If the search did not look far enough, name --from-index N. If the output was never the treasury's, tell AMP."
        }
        FindingKind::NotRecorded => {
            "If a job of yours made it, report that job: `coldamp-online report signed.json`. If somebody paid it to the treasury, wait for two confirmations, and register its address: `coldamp-online treasury register --first N --count 1`. If it stays so, ask AMP."
        }
        FindingKind::NotCounted => {
            "Register its address with `coldamp-online treasury register --first N --count 1`. If it stays so, ask AMP to count it as the treasury's."
        }
        FindingKind::CountedSpent => {
            "Check the chain source: one that is behind shows spent coins as unspent. If another source shows it unspent too, ask AMP."
        }
        FindingKind::OtherAmount => {
            "Ask AMP to correct its record before anything else is spent. The chain shows what the coin holds."
        }
        FindingKind::NoBlinders => "`coldamp-online treasury blinders` tells AMP what it lacks.",
        FindingKind::OtherBlinders => {
            "`coldamp-online treasury blinders` tells AMP only what it lacks. Ask AMP to correct its record."
        }
        FindingKind::NotOpened => {
            "If a signed.json made it, name that file to `coldamp-online prepare --openings`, which opens it. Otherwise somebody paid it with proofs that do not fit: do not count on it, and tell AMP."
        }
        FindingKind::OtherToken => {
            "Do not ask for a reissue before AMP has corrected this, or --asset-id is found to be wrong."
        }
        FindingKind::Balance => {
            "AMP counts what has enough confirmations: wait, and run it again. If it stays so, ask AMP."
        }
        FindingKind::ForeignAddress => {
            "Find out whose it is, and have it removed at AMP: what holders pay there does not come to this treasury. An address of an earlier treasury may stay."
        }
        FindingKind::OtherBlindingKey => {
            "Have it removed at AMP at once: nobody can open what is paid there. Find out who registered it."
        }
        FindingKind::NextNotRegistered => {
            "`coldamp-online treasury register` registers the next addresses. Without it, holders cannot pay units back."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_says_what_to_do() {
        for kind in FindingKind::ALL {
            assert!(hint(kind).ends_with('.'), "{}", kind.name());
        }
    }
}
