//! Where the state folder is.

use std::path::{Path, PathBuf};

use clap::Args;
use coldamp_cli::profile::Filling;

/// The state folder (docs/formats.md, "The state folder").
#[derive(Args)]
pub(crate) struct StateArguments {
    /// The state folder: reserved coins and addresses, copies of broadcast files, logs. Without it the profile's, else
    /// coldamp-online in $XDG_STATE_HOME or ~/.local/state
    #[arg(long = "state", value_name = "DIR")]
    named: Option<PathBuf>,
}

impl StateArguments {
    /// The folder that the command line or the profile names. None for the platform's.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.named.as_deref()
    }

    /// Takes the profile's where the command line names none.
    pub(crate) fn fill(&mut self, filling: &Filling<'_>) {
        filling.give(&mut self.named, |profile| profile.state.clone());
    }
}
