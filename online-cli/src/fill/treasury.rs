//! What `treasury` and its subcommands take from the profile.

use coldamp_cli::Failure;
use coldamp_cli::profile::Filling;

use crate::args::{BlindersArguments, TreasuryCommand};

impl TreasuryCommand {
    pub(super) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        match self {
            TreasuryCommand::Blinders(arguments) => arguments.fill(filling),
        }
    }
}

impl BlindersArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.asset.fill(filling)?;
        let id = self.asset.chosen().ok().and_then(|asset| asset.id());
        filling.need(&mut self.asset_id, "--asset-id HEX", "assets.NAME.id", |_| id);
        self.treasury.fill(filling);
        self.source.fill(filling)?;
        self.amp.fill(filling);
        Ok(())
    }
}
