//! `coldamp-online profile show`: each value in force, and where it comes from.

use std::path::PathBuf;

use coldamp_cli::Failure;
use coldamp_cli::profile::{Others, show};
use coldamp_cli::screen::printable_path;
use coldamp_core::amp::request::ApiRoot;
use coldamp_online::amp::AmpRoot;

use crate::args::{ProfileCommand, ProfileShowArguments};
use crate::state;

/// Shows the profile.
///
/// # Errors
/// When stdout takes no data.
pub(super) fn run(command: &ProfileCommand) -> Result<(), Failure> {
    let ProfileCommand::Show(arguments) = command;
    let profile = arguments.read.as_ref();
    let network = arguments.network.or(profile.and_then(|profile| profile.network));
    let mut built_in = vec![("esplora_rate", "4 a second".to_owned())];
    if let Some(network) = network {
        built_in.push(("amp", AmpRoot::of(&ApiRoot::built_in(network)).to_string()));
    }
    if let Ok(folder) = state::platform_folder() {
        built_in.push(("state", printable_path(&folder)));
    }
    built_in.push(("jobs", "~/coldamp-jobs".to_owned()));
    built_in.push(("amp_credentials", "the environment, else asked for".to_owned()));
    show(profile, &Others { flags: flags(arguments), without: without(arguments), built_in })
}

/// What the command line names.
fn flags(arguments: &ProfileShowArguments) -> Vec<(&'static str, String)> {
    let path = |path: &Option<PathBuf>| path.as_deref().map(printable_path);
    let source = &arguments.source;
    let values = [
        ("network", arguments.network.map(|network| network.to_string())),
        ("policy_asset", arguments.policy_asset.map(|asset| asset.to_string())),
        ("descriptor", path(&arguments.descriptor)),
        ("transactions", path(&source.transactions)),
        ("esplora", source.esplora.as_deref().map(without_login)),
        ("esplora_rate", source.how.esplora_rate.map(|rate| rate.to_string())),
        ("esplora_credentials", path(&source.how.esplora_credentials)),
        ("node", source.node.as_deref().map(without_login)),
        ("node_cookie", path(&source.node_cookie)),
        ("amp", arguments.amp.amp.as_deref().map(without_login)),
        ("amp_credentials", path(&arguments.amp.amp_credentials)),
        ("state", arguments.state.folder().map(printable_path)),
    ];
    values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// The keys of the profile that do not count (`fill`).
fn without(arguments: &ProfileShowArguments) -> Vec<&'static str> {
    let source = &arguments.source;
    let mut without = Vec::new();
    if source.transactions.is_some() || source.esplora.is_some() || source.node.is_some() {
        without.extend(["esplora", "esplora_rate", "esplora_credentials", "node", "node_cookie"]);
    }
    let own = arguments.read.as_ref().and_then(|profile| profile.amp.as_ref());
    if arguments.amp.amp.as_ref().is_some_and(|amp| Some(amp) != own) {
        without.push("amp_credentials");
    }
    without
}

/// An address without the user and password in it: what is shown may be logged.
fn without_login(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return "an address of another form".to_owned();
    };
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}"),
        None => address.to_owned(),
    }
}
