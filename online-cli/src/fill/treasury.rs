//! What `treasury` and its subcommands take from the profile.

use coldamp_cli::Failure;
use coldamp_cli::profile::Filling;

use super::fill_state;
use crate::args::{BlindersArguments, IssueArguments, TreasuryCommand};

impl TreasuryCommand {
    pub(super) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        match self {
            TreasuryCommand::Issue(arguments) => arguments.fill(filling),
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

impl IssueArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.treasury.fill(filling);
        self.source.fill(filling)?;
        self.amp.fill(filling);
        fill_state(&mut self.state, filling);
        Ok(())
    }
}
