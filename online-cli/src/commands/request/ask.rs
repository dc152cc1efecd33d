//! Asking for a reissue or a burn, and what all three have in common: AMP is asked what would object, the treasury is
//! synced and the job planned; only then is the request asked for, once, and saved before anybody looks at it.

use coldamp_cli::screen::{self, shown};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::Secp;
use coldamp_core::amp::request::{ApiRoot, Command, Uuid};
use coldamp_core::elements::AssetId;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::{MAX_MONEY, MAX_REQUEST_BYTES};
use coldamp_core::network::Network;
use coldamp_core::treasury::CtDescriptor;
use coldamp_core::units::AssetAmount;
use coldamp_online::amp::Amp;
use coldamp_online::request::answer::{Asked, answered};
use coldamp_online::request::asset;
use coldamp_online::request::planned::{NotPossible, Planner};
use coldamp_online::source::Source as _;
use coldamp_online::sync::Holdings;

use crate::args::AskArguments;
use crate::bar::Bar;
use crate::source::{AnySource, SCANNING_ALL, http};
use crate::state::TreasuryState;
use crate::{load, refusal, runtime};

/// What is asked of AMP and planned with.
pub(super) struct RequestSession {
    pub(super) secp: Secp,
    pub(super) network: Network,
    pub(super) descriptor: CtDescriptor,
    pub(super) amp: Amp,
    pub(super) asset_uuid: Uuid,
    pub(super) asset: AssetId,
}

/// The jobs that name an amount.
#[derive(Clone, Copy)]
pub(super) enum Job {
    Reissue,
    Burn,
}

/// Asks for a reissue or a burn. AMP keeps nothing of such a request, so an answer that was lost may be asked for again.
///
/// # Errors
/// When it could not be carried out, AMP refuses, or answers something else.
pub(super) fn run(job: Job, arguments: &AskArguments) -> Result<(), Failure> {
    let Some(amount) = arguments.amount.filter(|amount| *amount > 0) else {
        return Err(Failure::new(
            Exit::Usage,
            "found no --amount, expected base units",
            "AMP's decimals times 10^8",
        ));
    };
    if amount > MAX_MONEY {
        let message = format!(
            "found --amount {amount}, expected at most {MAX_MONEY} base units, which is all that one output can hold"
        );
        return Err(Failure::new(Exit::Usage, message, "AMP's decimals times 10^8; nothing was asked for"));
    }
    if arguments.distribution.is_some() || arguments.expect_total.is_some() {
        let message =
            "--distribution and --expect-total are for a distribution, whose amounts are the assignments'";
        return Err(Failure::new(Exit::Usage, message, "leave them out"));
    }
    let amount = AssetAmount::from_base_units(amount);
    output::try_out(&arguments.output, MAX_REQUEST_BYTES)?;
    runtime::wait_for(async {
        let session = RequestSession::open(arguments).await?;
        session
            .possible(arguments, |planner, held| match job {
                Job::Reissue => planner.reissue(&session.asset_uuid, session.asset, amount, held),
                Job::Burn => planner.burn(&session.asset_uuid, session.asset, amount, held),
            })
            .await?;
        // Once more: reading the treasury took a while, and a stick may have been pulled out since.
        output::try_out(&arguments.output, MAX_REQUEST_BYTES)?;
        let (command, answer) = match job {
            Job::Reissue => (
                Command::Reissue,
                session.amp.request_reissue(&session.asset_uuid, amount.base_units()).await,
            ),
            Job::Burn => {
                (Command::Burn, session.amp.request_burn(&session.asset_uuid, amount.base_units()).await)
            }
        };
        let answer = answer.map_err(|error| refusal::amp(&error))?;
        session.save(arguments, command, amount, &answer)
    })
}

impl RequestSession {
    /// Logs in and asks what speaks against any request now.
    pub(super) async fn open(arguments: &AskArguments) -> Result<Self, Failure> {
        let (network, descriptor) = load::treasury(&arguments.treasury)?;
        let asset_uuid = load::uuid(&arguments.asset)?;
        let named = ApiRoot::built_in(network.chain());
        let root = load::amp_root(&arguments.amp, &named)?;
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let asset = asset::in_order(&amp, &asset_uuid).await.map_err(|error| refusal::asset(&error))?;
        Ok(RequestSession { secp: Secp::new(), network, descriptor, amp, asset_uuid, asset })
    }

    /// Reads the treasury and plans a request with it. What could not be carried out with the scripts that were asked for is
    /// planned once more when all were.
    pub(super) async fn possible(
        &self,
        arguments: &AskArguments,
        planned: impl Fn(&Planner<'_>, &mut dyn FnMut(usize)) -> Result<(), NotPossible>,
    ) -> Result<(), Failure> {
        let holdings = self.sync(arguments, false).await?;
        match self.plan(arguments, &holdings, &planned) {
            Err(_) if holdings.scanned.used_cache() => {
                screen::say(SCANNING_ALL);
                self.plan(arguments, &self.sync(arguments, true).await?, &planned)
            }
            done => done,
        }
    }

    /// Reads the treasury; `all` asks for every script again.
    async fn sync(&self, arguments: &AskArguments, all: bool) -> Result<Holdings, Failure> {
        let state = TreasuryState::open(arguments.state.as_deref(), &self.descriptor)?;
        let source = AnySource::of_treasury(&arguments.source, &arguments.scan, &state)?;
        source.warn_if_behind(self.network.chain()).await;
        if all {
            source.scan_all();
        }
        let (bar, mut coins) = (Bar::default(), state.coin_cache());
        let (secp, descriptor, issuance) = (&self.secp, &self.descriptor, arguments.issuance_tx);
        let synced = Holdings::sync(secp, descriptor, &source, self.asset, issuance, &mut coins, &bar);
        let holdings = synced.await.map_err(|error| refusal::sync(&error, refusal::source))?;
        screen::say(&holdings.scanned.to_string());
        for unread in &holdings.partial_scripts {
            screen::warn(&unread.to_string());
        }
        Ok(holdings)
    }

    /// Whether a request like this one could be carried out with what the treasury has and has not promised.
    fn plan(
        &self,
        arguments: &AskArguments,
        holdings: &Holdings,
        planned: impl Fn(&Planner<'_>, &mut dyn FnMut(usize)) -> Result<(), NotPossible>,
    ) -> Result<(), Failure> {
        let state = TreasuryState::open(arguments.state.as_deref(), &self.descriptor)?;
        let (secp, network, descriptor) = (&self.secp, &self.network, &self.descriptor);
        let planner = Planner { secp, network, descriptor, holdings, record: state.reservations() };
        let mut held = |coins: usize| {
            screen::warn(&format!("{coins} coins skipped: reserved by other prepared requests"));
        };
        planned(&planner, &mut held).map_err(|error| refusal::not_possible(&error, network))
    }

    /// Saves AMP's answer, byte for byte and before anything else; then says whether it is what was asked for. What cannot
    /// be saved is printed.
    pub(super) fn save(
        &self,
        arguments: &AskArguments,
        command: Command,
        total: AssetAmount,
        answer: &[u8],
    ) -> Result<(), Failure> {
        if let Err(error) = output::create_file(&arguments.output, answer) {
            // AMP does not say it a second time, and a distribution stands by now.
            for line in self.amp.without_credentials(&String::from_utf8_lossy(answer)).lines() {
                output::print(line)?;
            }
            let hint =
                "AMP's answer is on standard output instead: keep it, it may be the only copy of the request";
            return Err(Failure { hint: hint.to_owned(), ..error.into() });
        }
        let asked = Asked { command, asset_uuid: &self.asset_uuid, asset: self.asset, total };
        let request = answered(answer, &self.network, &asked)
            .map_err(|error| refusal::answer(&arguments.output, answer, command, &error, &self.amp))?;
        screen::say(&format!("request        {}", shown(&arguments.output)));
        screen::say(&format!("               {command} {total} base units of {}", self.asset));
        screen::say(
            "a second person compares it with AMP: coldamp-online request check, on another machine and login",
        );
        output::print(&request.sha256().to_lower_hex_string())?;
        Ok(())
    }
}
