//! Fills the command line from the profile, directly after it was read: what it leaves out, and nothing that it names.

mod treasury;

use std::path::{Path, PathBuf};

use coldamp_cli::job::{self, JobFolder, Picked, REQUEST, SIGNED, UNSIGNED};
use coldamp_cli::profile::{self, ChainSource, Filling, Profile};
use coldamp_cli::screen::{printable_path, say};
use coldamp_cli::{Exit, Failure};
use coldamp_core::amp::request::{ApiRoot, Command as Job};
use coldamp_online::amp::AmpRoot;

use crate::args::{
    AmpArguments, Arguments, AskArguments, BroadcastArguments, ChainArguments, CheckArguments,
    CombineArguments, Command, DescriptorCommand, EsploraArguments, JobsArguments, PrepareArguments,
    ProfileCommand, RecipientsArguments, ReportArguments, RequestCommand, ServeArguments, SourceArguments,
    StatusArguments, TreasuryArguments, UnlockArguments,
};
use crate::hints::HINTS;
use crate::job::{Stage, folder_of_request, pick};

/// How a message names the chain source that is missing.
const CHAIN: (&str, &str) = ("--esplora URL or --node URL", "esplora or node");

/// Fills the command line.
///
/// # Errors
/// When the profile is refused, the command needs something that neither of the two names, or it reads no profile and one is
/// named.
pub(crate) fn fill(arguments: &mut Arguments) -> Result<(), Failure> {
    if let Command::Qr(_) = arguments.command {
        return match arguments.profile.profile {
            Some(_) => Err(Failure::new(Exit::Usage, "`qr` reads no profile", "Leave out --profile.")),
            None => Ok(()),
        };
    }
    // It writes one.
    if let Command::Init = arguments.command {
        return Ok(());
    }
    let profile = profile::load(&arguments.profile, &HINTS)?;
    let mut filling = Filling::of(profile.as_ref());
    match &mut arguments.command {
        Command::Descriptor(DescriptorCommand::Multi(multi)) => {
            filling.need(&mut multi.network, "--network NET", "network", |profile| profile.network);
        }
        Command::Request(RequestCommand::Check(check)) => check.fill(&filling)?,
        Command::Request(RequestCommand::Reissue(ask)) => ask.fill(Job::Reissue, &mut filling)?,
        Command::Request(RequestCommand::Distribute(ask)) => ask.fill(Job::Distribute, &mut filling)?,
        Command::Request(RequestCommand::Burn(ask)) => ask.fill(Job::Burn, &mut filling)?,
        Command::Request(RequestCommand::Show(show)) => show.fill(&filling)?,
        Command::Request(RequestCommand::Unlock(unlock)) => unlock.fill(&filling),
        Command::Prepare(prepare) => prepare.fill(&mut filling)?,
        Command::Combine(combine) => combine.fill(&mut filling)?,
        Command::Jobs(jobs) => jobs.fill(&filling),
        Command::Profile(ProfileCommand::Show(show)) => show.read = profile.clone(),
        Command::Init | Command::Qr(_) => {}
        Command::Broadcast(broadcast) => broadcast.fill(&mut filling)?,
        Command::Report(report) => report.fill(&mut filling)?,
        Command::Status(status) => status.fill(&mut filling)?,
        Command::Treasury(arguments) => arguments.fill(&mut filling)?,
        Command::Contract(arguments) => arguments.fill(&mut filling)?,
        Command::Serve(serve) => serve.fill(&mut filling),
    }
    filling.finish()
}

impl TreasuryArguments {
    pub(crate) fn fill(&mut self, filling: &mut Filling<'_>) {
        filling.need(&mut self.descriptor, "--descriptor FILE", "descriptor", |profile| {
            profile.descriptor.clone()
        });
        filling.need(&mut self.network, "--network NET", "network", |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
    }
}

/// The slots of a chain source.
struct Slots<'a> {
    esplora: &'a mut Option<String>,
    node: &'a mut Option<String>,
    cookie: &'a mut Option<PathBuf>,
    how: &'a mut EsploraArguments,
}

impl Slots<'_> {
    /// Takes the profile's source as a whole, if the command line names none: its login and its rate are for its own server.
    fn fill(self, filling: &mut Filling<'_>, is_named: bool) -> Result<(), Failure> {
        if !is_named {
            match filling.profile().and_then(|profile| profile.source.clone()) {
                Some(ChainSource::Esplora { root, rate, credentials }) => {
                    *self.esplora = Some(root);
                    self.how.esplora_rate = self.how.esplora_rate.or(rate);
                    let named = self.how.esplora_credentials.take();
                    self.how.esplora_credentials = named.or(credentials);
                }
                Some(ChainSource::Node { url, cookie }) => {
                    *self.node = Some(url);
                    *self.cookie = cookie;
                }
                None => filling.lacks(CHAIN.0, CHAIN.1),
            }
        }
        if self.esplora.is_none()
            && (self.how.esplora_rate.is_some() || self.how.esplora_credentials.is_some())
        {
            let message = "--esplora-rate and --esplora-credentials are for an Esplora server only";
            return Err(Failure::new(Exit::Usage, message, "Leave them out, or name --esplora URL."));
        }
        Ok(())
    }
}

impl ChainArguments {
    pub(crate) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        let is_named = self.esplora.is_some() || self.node.is_some();
        let ChainArguments { esplora, node, node_cookie: cookie, how } = self;
        Slots { esplora, node, cookie, how }.fill(filling, is_named)
    }
}

impl SourceArguments {
    pub(crate) fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        let is_named = self.transactions.is_some() || self.esplora.is_some() || self.node.is_some();
        let SourceArguments { esplora, node, node_cookie: cookie, how, .. } = self;
        Slots { esplora, node, cookie, how }.fill(filling, is_named)
    }
}

impl AmpArguments {
    /// The profile's login is for the profile's AMP, or for the built-in one of the profile's network. Which AMP is in force may be
    /// said by a flag, the network or a file, so `load::amp` compares the two.
    pub(crate) fn fill(&mut self, filling: &Filling<'_>) {
        filling.give(&mut self.amp, |profile| profile.amp.clone());
        if self.amp_credentials.is_some() {
            return;
        }
        let Some(profile) = filling.profile() else { return };
        let built_in = || profile.network.map(|network| AmpRoot::of(&ApiRoot::built_in(network)));
        let own = match &profile.amp {
            Some(amp) => AmpRoot::parse(amp).ok(),
            None => built_in(),
        };
        if let (Some(own), Some(login)) = (own, &profile.amp_credentials) {
            self.login_is_for = Some(own);
            self.amp_credentials = Some(login.clone());
        }
    }
}

impl AskArguments {
    fn fill(&mut self, job: Job, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.asset.fill(filling)?;
        self.precision.fill(filling);
        self.treasury.fill(filling);
        self.source.fill(filling)?;
        self.amp.fill(filling);
        self.state.fill(filling);
        match (&self.named_output, self.asset.chosen()) {
            (Some(output), _) => self.output.clone_from(output),
            (None, Ok(asset)) => {
                let folder = folder_of_request(filling, job, asset)?;
                self.output = folder.path_of(REQUEST);
                self.job = Some(folder);
            }
            // That the asset is missing is told.
            (None, Err(_)) => {}
        }
        Ok(())
    }
}

impl CheckArguments {
    fn fill(&mut self, filling: &Filling<'_>) -> Result<(), Failure> {
        filling.give(&mut self.network, |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
        self.amp.fill(filling);
        self.precision.fill(filling);
        self.request = unsigned_request(self.named_request.as_deref(), filling, "request check")?;
        Ok(())
    }
}

/// The request that is named, or the one of the job that is not signed yet.
fn unsigned_request(named: Option<&Path>, filling: &Filling<'_>, step: &str) -> Result<PathBuf, Failure> {
    let waits = |_: &JobFolder, stage| matches!(stage, Stage::Requested | Stage::Prepared { .. });
    match pick(named, filling, step, waits)? {
        Picked::File(request) => Ok(request),
        Picked::Job(job) => job.file(REQUEST, &HINTS),
    }
}

impl RecipientsArguments {
    fn fill(&mut self, filling: &Filling<'_>) -> Result<(), Failure> {
        filling.give(&mut self.network, |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
        self.amp.fill(filling);
        self.precision.fill(filling);
        self.request = unsigned_request(self.named_request.as_deref(), filling, "request show")?;
        Ok(())
    }
}

impl UnlockArguments {
    fn fill(&mut self, filling: &Filling<'_>) {
        self.fill_asset(filling);
        filling.give(&mut self.network, |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
        self.amp.fill(filling);
        self.state.fill(filling);
    }
}

impl PrepareArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.treasury.fill(filling);
        self.source.fill(filling)?;
        self.state.fill(filling);
        self.assets = filling.profile().map(|profile: &Profile| profile.assets.clone()).unwrap_or_default();
        let waits = |_: &JobFolder, stage| stage == Stage::Requested;
        match pick(self.named_request.as_deref(), filling, "prepare", waits)? {
            Picked::File(request) => {
                self.request = request;
                match self.named_output.take() {
                    Some(output) => self.output = output,
                    None => filling.lacks_flag("-o FILE.pset"),
                }
            }
            Picked::Job(job) => {
                self.request = job.file(REQUEST, &HINTS)?;
                self.output = self.named_output.take().unwrap_or_else(|| job.path_of(UNSIGNED));
                self.job = Some(job);
            }
        }
        Ok(())
    }
}

impl CombineArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        filling.need(&mut self.descriptor, "--descriptor FILE", "descriptor", |profile| {
            profile.descriptor.clone()
        });
        filling.give(&mut self.network, |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
        let waits = |_: &JobFolder, stage| matches!(stage, Stage::Prepared { signatures: 1.. });
        match pick(self.named_pset.as_deref(), filling, "combine", waits)? {
            Picked::File(pset) => {
                self.pset = pset;
                self.output = self.named_output.take().unwrap_or_else(|| PathBuf::from(SIGNED));
            }
            Picked::Job(job) => {
                self.pset = job.file(UNSIGNED, &HINTS)?;
                self.output = self.named_output.take().unwrap_or_else(|| job.path_of(SIGNED));
                if self.parts.is_empty() {
                    self.parts = job.signatures(&HINTS)?;
                }
            }
        }
        if self.parts.is_empty() {
            filling.lacks_flag("PART");
        }
        Ok(())
    }
}

impl BroadcastArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.chain.fill(filling)?;
        if !self.without_amp {
            self.amp.fill(filling);
        }
        let waits = |_: &JobFolder, stage| stage == Stage::Signed;
        match pick(self.named_signed.as_deref(), filling, "broadcast", waits)? {
            Picked::File(signed) => self.signed = signed,
            Picked::Job(job) => {
                self.signed = job.file(SIGNED, &HINTS)?;
                // Never without it: a file that came back from the signer is sent only after it was compared.
                if self.pset.is_none() {
                    self.pset = Some(job.file(UNSIGNED, &HINTS)?);
                }
            }
        }
        if self.pset.is_none()
            && (self.descriptor.is_some() || self.allow_missing_token_utxos || self.policy_asset.is_some())
        {
            filling.lacks_flag("--pset FILE.pset");
        }
        if self.pset.is_some() {
            filling.need(&mut self.descriptor, "--descriptor FILE", "descriptor", |profile| {
                profile.descriptor.clone()
            });
            filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
        }
        self.state.fill(filling);
        Ok(())
    }
}

impl ReportArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.chain.fill(filling)?;
        self.amp.fill(filling);
        self.state.fill(filling);
        let waits = |_: &JobFolder, stage| stage == Stage::Sent;
        self.signed = match pick(self.named_signed.as_deref(), filling, "report", waits)? {
            Picked::File(signed) => signed,
            Picked::Job(job) => job.file(SIGNED, &HINTS)?,
        };
        Ok(())
    }
}

impl StatusArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) -> Result<(), Failure> {
        self.state.fill(filling);
        if self.signed.is_none() && self.descriptor.is_none() && self.release.is_none() {
            self.signed = newest_open(filling)?;
        }
        if let Some(folder) = self.signed.as_deref().filter(|signed| signed.is_dir()) {
            self.signed = Some(JobFolder::at(folder).file(SIGNED, &HINTS)?);
        }
        if self.signed.is_some() {
            self.amp.fill(filling);
        } else {
            filling.need(&mut self.descriptor, "signed.json or --descriptor FILE", "descriptor", |profile| {
                profile.descriptor.clone()
            });
            filling.need(&mut self.network, "--network NET", "network", |profile| profile.network);
        }
        self.source.fill(filling)
    }
}

/// The newest job that is signed and not reported. It is only looked at, so that it need not be the only one.
fn newest_open(filling: &Filling<'_>) -> Result<Option<PathBuf>, Failure> {
    let Some(jobs) = filling.jobs() else { return Ok(None) };
    let is_open = |job: &JobFolder| matches!(Stage::of(job), Ok(Stage::Signed | Stage::Sent));
    let mut found = job::list(&jobs, &HINTS)?.into_iter().filter_map(|found| found.job.ok());
    let Some((_, job)) = found.find(|(_, job)| is_open(job)) else { return Ok(None) };
    say(&format!("job            {}", printable_path(job.path())));
    job.file(SIGNED, &HINTS).map(Some)
}

impl ServeArguments {
    fn fill(&mut self, filling: &mut Filling<'_>) {
        filling.need(&mut self.network, "--network NET", "network", |profile| profile.network);
        if self.esplora.is_none() {
            match filling.profile().and_then(|profile| profile.source.clone()) {
                Some(ChainSource::Esplora { root, rate, credentials }) => {
                    self.esplora = Some(root);
                    self.esplora_rate = self.esplora_rate.or(rate);
                    let named = self.esplora_credentials.take();
                    self.esplora_credentials = named.or(credentials);
                }
                _ => filling.lacks("--esplora URL", "esplora"),
            }
        }
        filling.give(&mut self.amp, |profile| profile.amp.clone());
    }
}

impl JobsArguments {
    fn fill(&mut self, filling: &Filling<'_>) {
        self.jobs = self.jobs.take().or_else(|| filling.jobs());
        filling.give(&mut self.network, |profile| profile.network);
        filling.give(&mut self.policy_asset, |profile| profile.policy_asset);
        filling.give(&mut self.descriptor, |profile| profile.descriptor.clone());
    }
}
