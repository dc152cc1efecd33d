//! What `treasury` and its subcommands take from the profile.

use coldamp_cli::Failure;
use coldamp_cli::profile::Filling;

use crate::args::{
    AddressArguments, BlindersArguments, ChosenAsset, ContractArguments, DeskArguments, IssueArguments,
    RegisterArguments, SetupArguments, ShowArguments, TreasuryCommand,
};

impl DeskArguments {
    pub(super) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        match &mut self.command {
            Some(command) => command.fill(filling),
            None => self.show.fill(filling),
        }
    }
}

impl TreasuryCommand {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        match self {
            TreasuryCommand::Issue(arguments) => arguments.fill(filling),
            TreasuryCommand::Setup(arguments) => arguments.fill(filling),
            TreasuryCommand::Address(arguments) => arguments.fill(filling),
            TreasuryCommand::Register(arguments) => arguments.fill(filling),
            TreasuryCommand::Blinders(arguments) => arguments.fill(filling),
        }
    }
}

impl ShowArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        // Without AMP no asset is needed, and one that has only an id will do.
        if !self.without_amp || self.asset.is_named() {
            self.asset.fill_or_only(filling)?;
        }
        if let Some(id) = self.asset.chosen().ok().and_then(|asset| asset.id()) {
            self.asset_id.get_or_insert(id);
        }
        let known = filling.profile().into_iter().flat_map(|profile| &profile.assets);
        self.known = known.map(|(name, asset)| ChosenAsset::of(name, asset)).collect();
        if !self.without_amp {
            self.amp.fill(filling);
        }
        self.treasury.fill(filling);
        self.source.fill(filling)?;
        self.state.fill(filling);
        Ok(())
    }
}

impl AddressArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.treasury.fill(filling);
        if self.index.is_none() {
            self.source.fill(filling)?;
        }
        self.state.fill(filling);
        Ok(())
    }
}

impl RegisterArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.asset.fill_or_only(filling)?;
        self.treasury.fill(filling);
        if self.first.is_none() {
            self.source.fill(filling)?;
        }
        self.amp.fill(filling);
        self.state.fill(filling);
        Ok(())
    }
}

impl ContractArguments {
    pub(super) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        if self.asset_id.is_none() || self.asset.is_named() {
            self.asset.fill_or_only(filling)?;
        }
        if let Some(known) = self.asset.chosen().ok().and_then(|asset| asset.known.as_ref()) {
            self.asset_id = self.asset_id.or(known.id);
            self.issuance_prevout = self.issuance_prevout.or(known.issuance_prevout);
        }
        filling.need(&mut self.network, "--network NET", "network", |profile| profile.network);
        // A file with the coin that the issuance spent needs no chain.
        let is_known = filling.profile().is_some_and(|profile| profile.source.is_some());
        if self.from.is_none() || is_known {
            self.source.fill(filling)?;
        }
        self.amp.fill(filling);
        Ok(())
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
        self.state.fill(filling);
        Ok(())
    }
}

impl SetupArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.treasury.fill(filling);
        self.chain.fill(filling)?;
        self.amp.fill(filling);
        Ok(())
    }
}
