//! `coldamp-online request unlock`: shows which assignments are locked at AMP, and unlocks those that this computer locked and did
//! not unlock. Nobody else's lock is undone.

use std::path::Path;

use coldamp_cli::job::REQUEST;
use coldamp_cli::treasury::network;
use coldamp_cli::{Exit, Failure, screen};
use coldamp_core::amp::request::{ApiRoot, Uuid};
use coldamp_core::listed::listed;
use coldamp_core::network::{Chain, Network};
use coldamp_online::amp::Assignment;
use coldamp_online::request::locks::{is_asking, ours};
use coldamp_online::state::log::{Log as _, LogError, Step};

use super::at_most;
use crate::args::UnlockArguments;
use crate::source::http;
use crate::state::lock_log;
use crate::{load, refusal, runtime};

/// Shows and unlocks.
///
/// # Errors
/// When AMP cannot be asked or does not show that all is unlocked, or a distribution may still be made.
pub(super) fn run(arguments: &UnlockArguments) -> Result<(), Failure> {
    let network = network(arguments.network.unwrap_or(Chain::Liquid), arguments.policy_asset)?;
    let (asset, named) = asset(&arguments.of, &network)?;
    let root = load::amp_root(&arguments.amp, &named)?;
    let log = lock_log::existing(arguments.state.folder(), &asset)?;
    runtime::wait_for(async {
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let rows = amp.assignments(&asset).await.map_err(|error| refusal::amp(&error))?;
        let left = log.as_ref().map(|log| ours(log.steps())).unwrap_or_default();
        let others: Vec<&Assignment> =
            rows.iter().filter(|row| row.shows_locked() && !left.contains(&row.id)).collect();
        screen::say(&format!("asset          {asset}"));
        if !others.is_empty() {
            screen::say(&format!(
                "not ready      {} assignments, or somebody else locked them; they are not touched: {}",
                others.len(),
                listed(others.iter().map(|row| row.id))
            ));
        }
        let Some(mut log) = log.filter(|_| !left.is_empty()) else {
            screen::say("locked here    none, by the log of this computer's state folder");
            return Ok(());
        };
        screen::say(&format!("locked here    {} assignments: {}", left.len(), listed(&left)));
        if arguments.list {
            return Ok(());
        }
        let failed = |error: LogError| refusal::locks(&error.into());
        for id in &arguments.gone {
            if !left.contains(id) || rows.iter().any(|row| row.id == *id) {
                let message =
                    format!("assignment {id} is not gone: AMP lists it, or this computer did not lock it");
                return Err(Failure::new(Exit::Usage, message, "Leave out --gone."));
            }
            log.add(Step::Unlocked { assignment: *id }).map_err(failed)?;
            screen::say(&format!("forgotten      assignment {id}: you say that it was deleted at AMP"));
        }
        // An open distribution is the one that was asked for: while another one is open, none is asked for.
        if !arguments.none_was_made {
            at_most::nothing_may_come(&log, &rows)?;
        }
        if is_asking(log.steps()) {
            log.add(Step::Answered).map_err(failed)?;
        }
        at_most::release(&amp, &asset, &mut log).await
    })
}

/// The asset by its uuid, or by a saved request of it; and the AMP that the request or the network names.
fn asset(text: &str, network: &Network) -> Result<(Uuid, ApiRoot), Failure> {
    let path = Path::new(text);
    let path = if path.is_dir() { path.join(REQUEST) } else { path.to_owned() };
    match Uuid::parse(text) {
        None if path.is_file() => {
            let request = load::request(&path, network)?;
            Ok((request.asset_uuid, request.api))
        }
        Some(uuid) => Ok((uuid, ApiRoot::built_in(network.chain()))),
        None => load::uuid(text).map(|uuid| (uuid, ApiRoot::built_in(network.chain()))),
    }
}
