//! `profile show`: each value in force, and where it comes from.

use super::{ChainSource, Profile};
use crate::failure::Failure;
use crate::output;
use crate::screen::printable_path;

/// The keys, in the order in which they are shown. `transactions` has the command line alone.
const KEYS: &[&str] = &[
    "network",
    "policy_asset",
    "descriptor",
    "transactions",
    "esplora",
    "esplora_rate",
    "esplora_credentials",
    "node",
    "node_cookie",
    "amp",
    "amp_credentials",
    "state",
    "jobs",
    "keystore",
];

/// What the command line and the program itself say.
#[derive(Debug, Default)]
pub struct Others {
    /// Keys that the command line names, with their values.
    pub flags: Vec<(&'static str, String)>,
    /// Keys of the profile that do not count beside what the command line names.
    pub without: Vec<&'static str>,
    /// What holds where neither of the two names a key.
    pub built_in: Vec<(&'static str, String)>,
}

/// Prints each value in force with where it comes from: flag, profile or built-in.
///
/// # Errors
/// When stdout takes no data.
pub fn show(profile: Option<&Profile>, others: &Others) -> Result<(), Failure> {
    let own = profile.map(values).unwrap_or_default();
    let of = |values: &[(&'static str, String)], key: &str| {
        values.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    };
    let line = |key: &str, value: &str| output::print(&format!("{key:<20} {value}"));
    match profile {
        Some(profile) => line("profile", &printable_path(&profile.path))?,
        None => line("profile", "none")?,
    }
    for key in KEYS {
        let by_profile = of(&own, key).filter(|_| !others.without.contains(key));
        let (value, from) = match (of(&others.flags, key), by_profile, of(&others.built_in, key)) {
            (Some(value), ..) => (value, "flag"),
            (None, Some(value), _) => (value, "profile"),
            (None, None, Some(value)) => (value, "built-in"),
            (None, None, None) => continue,
        };
        line(key, &format!("{value} ({from})"))?;
    }
    for (name, asset) in profile.iter().flat_map(|profile| &profile.assets) {
        line(&format!("assets.{name}"), &format!("uuid {} (profile)", asset.uuid))?;
        let further = [
            ("id", asset.id.map(|id| id.to_string())),
            ("contract", asset.contract.as_deref().map(printable_path)),
            ("issuance_prevout", asset.issuance_prevout.map(|coin| format!("{}:{}", coin.txid, coin.vout))),
        ];
        for (key, value) in further {
            if let Some(value) = value {
                line("", &format!("{key} {value} (profile)"))?;
            }
        }
    }
    Ok(())
}

/// The values of a profile by their keys.
fn values(profile: &Profile) -> Vec<(&'static str, String)> {
    let path = |path: &Option<std::path::PathBuf>| path.as_deref().map(printable_path);
    let source = match &profile.source {
        Some(ChainSource::Esplora { root, rate, credentials }) => vec![
            ("esplora", Some(root.clone())),
            ("esplora_rate", rate.map(|rate| rate.to_string())),
            ("esplora_credentials", path(credentials)),
        ],
        Some(ChainSource::Node { url, cookie }) => {
            vec![("node", Some(url.clone())), ("node_cookie", path(cookie))]
        }
        None => Vec::new(),
    };
    let others = vec![
        ("network", profile.network.map(|network| network.to_string())),
        ("policy_asset", profile.policy_asset.map(|asset| asset.to_string())),
        ("descriptor", path(&profile.descriptor)),
        ("amp", profile.amp.clone()),
        ("amp_credentials", path(&profile.amp_credentials)),
        ("state", path(&profile.state)),
        ("jobs", path(&profile.jobs)),
        ("keystore", path(&profile.keystore)),
    ];
    source.into_iter().chain(others).filter_map(|(key, value)| Some((key, value?))).collect()
}
