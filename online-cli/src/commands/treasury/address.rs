//! `coldamp-online treasury address`: a receiving address of the treasury, to be read aloud and compared.

use coldamp_cli::qr::show_text;
use coldamp_cli::{Failure, output, screen};
use coldamp_core::Secp;
use coldamp_core::network::Network;
use coldamp_core::treasury::CtDescriptor;
use coldamp_online::source::Source as _;
use coldamp_online::treasury::addresses::{ReceivingAddress, in_groups, next};

use crate::args::{AddressArguments, ScanArguments, SourceArguments};
use crate::bar::Bar;
use crate::hints::HINTS;
use crate::source::AnySource;
use crate::state::TreasuryState;
use crate::{curve, load, refusal, runtime};

/// Prints an address.
///
/// # Errors
/// When the chain source cannot be read, there is no such address, or the terminal shows no QR code.
pub(super) fn run(arguments: &AddressArguments) -> Result<(), Failure> {
    let (network, descriptor) = load::treasury(&arguments.treasury)?;
    let secp = curve::secp(&arguments.threads);
    let index = match arguments.index {
        Some(index) => index,
        None => {
            let state = TreasuryState::open(arguments.state.folder(), &descriptor)?;
            next_index(&secp, &network, &descriptor, &state, (&arguments.source, &arguments.scan))?
        }
    };
    let found = ReceivingAddress::at(&secp, &descriptor, &network, index)
        .map_err(|error| refusal::of(error.code(), error.to_string()))?;
    let address = found.address.to_string();
    screen::say(&format!("index          {index} (path {})", found.path));
    for (row, groups) in in_groups(&address).iter().enumerate() {
        let label = if row == 0 { "read aloud     " } else { "               " };
        screen::say(&format!("{label}{groups}"));
    }
    screen::say(&format!(
        "compare        with `coldamp key address --index {index}` on the air-gapped machine, before anybody pays there"
    ));
    output::print(&address)?;
    if arguments.qr {
        let hint = "Run it in a terminal, or make the terminal larger or its font smaller.";
        show_text(&address, &HINTS).map_err(|failure| failure.with_hint(hint))?;
    }
    Ok(())
}

/// The first index that neither history nor reservations use.
///
/// # Errors
/// When the chain source cannot be read.
pub(super) fn next_index(
    secp: &Secp,
    network: &Network,
    descriptor: &CtDescriptor,
    state: &TreasuryState,
    (source, scan): (&SourceArguments, &ScanArguments),
) -> Result<u32, Failure> {
    let source = AnySource::of_treasury(source, scan, state)?;
    let survey = runtime::wait_for(async {
        source.warn_if_behind(network.chain()).await;
        source.survey(secp, descriptor, &Bar::default()).await.map_err(|error| refusal::source(&error))
    })?;
    screen::say(&survey.scanned.to_string());
    Ok(next(survey.used, state.reservations()).index)
}
