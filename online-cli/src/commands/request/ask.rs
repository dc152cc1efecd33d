//! `request reissue` and `request burn`, and the steps that all three requests share: AMP's checks, a sync of the treasury, and
//! a trial plan. Only then is the request asked for, once. The answer is saved before it is parsed.

use coldamp_cli::screen::{self, printable_path};
use coldamp_cli::{Exit, Failure, output};
use coldamp_core::Secp;
use coldamp_core::amp::Request;
use coldamp_core::amp::request::{ApiRoot, Command, Uuid};
use coldamp_core::elements::AssetId;
use coldamp_core::elements::hex::DisplayHex as _;
use coldamp_core::limits::{MAX_MONEY, MAX_REQUEST_BYTES};
use coldamp_core::network::Network;
use coldamp_core::treasury::{CtDescriptor, ProvenContract};
use coldamp_core::units::{AssetAmount, base_units};
use coldamp_online::amp::Amp;
use coldamp_online::request::answer::{Asked, answered};
use coldamp_online::request::asset;
use coldamp_online::request::planned::{NotPossible, Planner};
use coldamp_online::source::Source as _;
use coldamp_online::sync::Holdings;

use crate::amount::with_units;
use crate::args::AskArguments;
use crate::bar::Bar;
use crate::precision::{self, amount_in_units, could_be_units};
use crate::source::{AnySource, SCANNING_ALL, http};
use crate::state::TreasuryState;
use crate::{curve, load, refusal, runtime, top_up};

/// The session of one request: the treasury, and AMP logged in.
pub(super) struct RequestSession {
    pub(super) secp: Secp,
    pub(super) network: Network,
    pub(super) descriptor: CtDescriptor,
    pub(super) amp: Amp,
    pub(super) asset_uuid: Uuid,
    pub(super) asset: AssetId,
}

/// The hint about --amount.
const BASE_UNITS: &str = "Name with --amount a whole number of base units. Or name with --units an amount in units of the asset, and its contract with --contract. Nothing was asked for.";

/// The jobs with an amount.
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
    let wanted = Wanted::of(arguments)?;
    if arguments.distribution.is_some()
        || arguments.expect_total.is_some()
        || arguments.expect_units.is_some()
        || arguments.at_most.is_some()
    {
        let message =
            "--distribution, --expect-total, --expect-units and --at-most are for `request distribute` only";
        return Err(Failure::new(Exit::Usage, message, "Leave them out."));
    }
    output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
    runtime::wait_for(async {
        let session = RequestSession::open(arguments).await?;
        let (amount, contract) = session
            .possible(arguments, |planner, contract, reserved| {
                let amount = wanted.amount(contract)?;
                let planned = match job {
                    Job::Reissue => planner.reissue(session.asset, amount, reserved),
                    Job::Burn => planner.burn(session.asset, amount, reserved),
                };
                planned?;
                Ok((amount, contract.cloned()))
            })
            .await?;
        if contract.is_some() {
            screen::say(&format!("amount         {}", with_units(amount, contract.as_ref())));
        }
        // Checked again: the scan took a while, and a stick may have been removed.
        output::probe_output(&arguments.output, MAX_REQUEST_BYTES)?;
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
        session.save(arguments, command, amount, contract.as_ref(), &answer).map(drop)
    })
}

/// The amount as it was named.
enum Wanted<'a> {
    BaseUnits(AssetAmount),
    Units(&'a str),
}

impl<'a> Wanted<'a> {
    fn of(arguments: &'a AskArguments) -> Result<Self, Failure> {
        if let Some(units) = &arguments.units {
            could_be_units("--units", units, &arguments.precision, &arguments.asset.uuid()?)?;
            return Ok(Wanted::Units(units));
        }
        let Some(amount) = arguments.amount else {
            let message = "found neither --amount nor --units, expected one of them";
            return Err(Failure::new(Exit::Usage, message, BASE_UNITS));
        };
        in_range("--amount", AssetAmount::from_base_units(amount)).map(Wanted::BaseUnits)
    }

    fn amount(&self, contract: Option<&ProvenContract>) -> Result<AssetAmount, Failure> {
        match self {
            Wanted::BaseUnits(amount) => Ok(*amount),
            Wanted::Units(text) => in_range("--units", amount_in_units("--units", text, contract)?),
        }
    }
}

fn in_range(flag: &str, amount: AssetAmount) -> Result<AssetAmount, Failure> {
    match amount.base_units() {
        0 => Err(Failure::new(Exit::Usage, format!("{flag} is 0"), BASE_UNITS)),
        found if found > MAX_MONEY => {
            let message = format!(
                "{flag} is {}, but one request can ask for at most {}",
                base_units(found),
                base_units(MAX_MONEY)
            );
            Err(Failure::new(Exit::Usage, message, BASE_UNITS))
        }
        _ => Ok(amount),
    }
}

/// Why a request was not planned.
pub(super) enum NotPlanned {
    /// It could not be carried out.
    NotPossible(NotPossible),
    /// Its amount is none.
    Other(Failure),
}

impl From<NotPossible> for NotPlanned {
    fn from(error: NotPossible) -> Self {
        NotPlanned::NotPossible(error)
    }
}

impl From<Failure> for NotPlanned {
    fn from(failure: Failure) -> Self {
        NotPlanned::Other(failure)
    }
}

impl RequestSession {
    /// Logs in, and checks that AMP has lost no outputs.
    pub(super) async fn open(arguments: &AskArguments) -> Result<Self, Failure> {
        let (network, descriptor) = load::treasury(&arguments.treasury)?;
        let chosen = arguments.asset.chosen()?;
        let asset_uuid = chosen.uuid.clone();
        let named = ApiRoot::built_in(network.chain());
        let root = load::amp_root(&arguments.amp, &named)?;
        let amp = load::amp(http()?, root, &arguments.amp).await?;
        let asset = asset::in_order(&amp, &asset_uuid).await.map_err(|error| refusal::asset(&error))?;
        chosen.agrees(asset)?;
        let secp = curve::secp(&arguments.threads);
        Ok(RequestSession { secp, network, descriptor, amp, asset_uuid, asset })
    }

    /// Syncs the treasury and plans a request. If that fails and the scan used the cache, it is tried again after a scan of all
    /// scripts.
    /// `planned` gets the asset's contract too, if one is named.
    pub(super) async fn possible<T>(
        &self,
        arguments: &AskArguments,
        planned: impl Fn(&Planner<'_>, Option<&ProvenContract>, &mut dyn FnMut(usize)) -> Result<T, NotPlanned>,
    ) -> Result<T, Failure> {
        let holdings = self.sync(arguments, false).await?;
        match self.plan(arguments, &holdings, &planned) {
            Err(_) if holdings.scanned.used_cache() => {
                screen::say(SCANNING_ALL);
                self.plan(arguments, &self.sync(arguments, true).await?, &planned)
            }
            done => done,
        }
    }

    /// Syncs the treasury. `all` ignores the scan cache.
    async fn sync(&self, arguments: &AskArguments, all: bool) -> Result<Holdings, Failure> {
        let state = TreasuryState::open(arguments.state.folder(), &self.descriptor)?;
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

    /// Plans a request with the coins that no other request reserves.
    fn plan<T>(
        &self,
        arguments: &AskArguments,
        holdings: &Holdings,
        planned: impl Fn(&Planner<'_>, Option<&ProvenContract>, &mut dyn FnMut(usize)) -> Result<T, NotPlanned>,
    ) -> Result<T, Failure> {
        let contract =
            precision::contract(&arguments.precision, (&self.asset_uuid, self.asset), Some(holdings))?;
        let state = TreasuryState::open(arguments.state.folder(), &self.descriptor)?;
        let (secp, network, descriptor) = (&self.secp, &self.network, &self.descriptor);
        let planner = Planner { secp, network, descriptor, holdings, record: state.reservations() };
        let mut reserved = |coins: usize| {
            screen::warn(&format!("{coins} coins skipped: reserved by other prepared requests"));
        };
        planned(&planner, contract.as_ref(), &mut reserved).map_err(|error| {
            let error = match error {
                NotPlanned::NotPossible(error) => error,
                NotPlanned::Other(failure) => return failure,
            };
            let missing = match &error {
                NotPossible::Plan { error, .. } => top_up::missing(error),
                NotPossible::NoCoin { asset } => vec![*asset],
                NotPossible::NoToken { .. } | NotPossible::Draft(_) => Vec::new(),
            };
            let failure = refusal::not_possible(&error, network);
            top_up::with_address(
                failure,
                &missing,
                (secp, network, descriptor),
                holdings,
                state.reservations(),
            )
        })
    }

    /// Saves AMP's answer byte for byte, then checks that it is what was asked for. An answer that cannot be saved is printed.
    pub(super) fn save(
        &self,
        arguments: &AskArguments,
        command: Command,
        total: AssetAmount,
        contract: Option<&ProvenContract>,
        answer: &[u8],
    ) -> Result<Request, Failure> {
        if let Err(error) = output::create_file(&arguments.output, answer) {
            // AMP does not repeat it, and a distribution exists now.
            for line in self.amp.without_credentials(&String::from_utf8_lossy(answer)).lines() {
                output::print(line)?;
            }
            let hint = "AMP's answer is on standard output instead. Keep it: it may be the only copy of the request.";
            return Err(Failure { hint: hint.to_owned(), ..error.into() });
        }
        let asked = Asked { command, asset_uuid: &self.asset_uuid, asset: self.asset, total };
        let request = answered(answer, &self.network, &asked)
            .map_err(|error| refusal::answer(&arguments.output, answer, command, &error, &self.amp))?;
        screen::say(&format!("request        {}", printable_path(&arguments.output)));
        screen::say(&format!("               {command} {} of {}", with_units(total, contract), self.asset));
        screen::say(
            "next           `coldamp-online prepare`. A second person checks the request with `coldamp-online request check`, on another machine and login",
        );
        screen::say("SHA-256 of the request, which the air-gapped machine shows too:");
        output::print(&request.sha256().to_lower_hex_string())?;
        Ok(request)
    }
}
