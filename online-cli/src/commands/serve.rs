//! `coldamp-online serve --sandbox`: an embedded chain and AMP beside it, on this machine alone, until it is stopped.

use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::network::Chain;
use coldamp_sandbox::founding::{FoundingError, found};
use coldamp_sandbox::server::{Sandbox, Settings};

use crate::args::ServeArguments;
use crate::error::{Exit, Failure};
use crate::{desk, output, runtime, screen};

/// Serves until it is stopped.
///
/// # Errors
/// When the port is taken, or the descriptor is none of regtest's.
pub(super) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    let network = desk::network(Chain::Regtest, None)?;
    let descriptor =
        arguments.descriptor.as_deref().map(|path| desk::descriptor(path, &network)).transpose()?;
    let settings =
        Settings { port: arguments.port, mine_every: Some(Duration::from_secs(arguments.block_every)) };
    let sandbox = Sandbox::start(settings).map_err(|error| {
        let hint = "name a free port with --port, or 0 for any";
        Failure::new(Exit::Network, format!("the sandbox cannot listen: {error}"), hint)
    })?;
    if let Some(descriptor) = &descriptor {
        screen::say("founding       a treasury: L-BTC, and an asset of each kind of issuance");
        let founded = sandbox
            .with(|chain, amp| found(&Secp::new(), chain, amp, descriptor))
            .map_err(|error: FoundingError| Failure::internal(error))?;
        for asset in founded {
            let (uuid, kind) = (asset.uuid, asset.issued.kind.name());
            output::print(&format!("asset    {uuid} {} {kind} {}", asset.issued.asset, asset.issued.ticker))?;
        }
    }
    output::print(&format!("esplora  {}", sandbox.esplora_url()))?;
    output::print(&format!("amp      {}", sandbox.amp_url()))?;
    screen::say("AMP's user is issuer, the password is sandbox; nothing here is worth anything");
    screen::say(&format!("a block every {} seconds; end it with Ctrl-C", arguments.block_every));
    // The listener has a thread of its own; this one only waits to be killed.
    runtime::wait_for(std::future::pending::<Result<(), Failure>>())
}
