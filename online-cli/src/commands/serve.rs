//! `coldamp-online serve`: the page on this machine alone, until it is stopped; with `--sandbox` on an embedded chain and
//! an AMP beside it.

use std::path::Path;
use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::network::Chain;
use coldamp_online::amp::AmpRoot;
use coldamp_sandbox::founding::{FoundingError, found};
use coldamp_sandbox::server::{Sandbox, Settings};

use crate::args::ServeArguments;
use crate::error::{Exit, Failure};
use crate::page::{Files, FilesError, Listening, Page, Upstream};
use crate::source::http;
use crate::{desk, output, runtime, screen, source};

const BUILT_BY: &str = "build it with `cargo xtask web`, or name its folder with --page";

/// Serves until it is stopped.
///
/// # Errors
/// When the port is taken, there is no page, or an address or the descriptor is none.
pub(super) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    match arguments.network {
        Some(network) => on_network(arguments, network),
        None => on_sandbox(arguments),
    }
}

/// The page on a real network.
fn on_network(arguments: &ServeArguments, network: Chain) -> Result<(), Failure> {
    let esplora = arguments.esplora.as_deref().unwrap_or_default();
    // As every other command judges address and credentials, before anybody waits for it. The credentials stay here.
    let server = source::esplora(esplora, &arguments.how())?;
    let amp = match &arguments.amp {
        Some(own) => desk::own_amp_root(own)?,
        None => AmpRoot::of(&ApiRoot::built_in(network)),
    };
    let Some(files) = files(arguments.page.as_deref())? else {
        return Err(Failure::new(Exit::Input, "found no page", BUILT_BY).with_code("PAGE"));
    };
    let upstream = Upstream::new(http()?, server, &amp.to_string());
    screen::say(&format!("esplora        {esplora}"));
    screen::say(&format!("AMP            {amp}"));
    serve(arguments.port, Page { files: Some(files), upstream, network: network.name(), sandbox: false })
}

/// The page, if there is one, on a chain of this machine's own.
fn on_sandbox(arguments: &ServeArguments) -> Result<(), Failure> {
    let network = desk::network(Chain::Regtest, None)?;
    let descriptor =
        arguments.descriptor.as_deref().map(|path| desk::descriptor(path, &network)).transpose()?;
    let files = files(arguments.page.as_deref())?;
    let mine_every = Some(Duration::from_secs(arguments.block_every));
    let sandbox = Sandbox::start(Settings { port: 0, mine_every }).map_err(Failure::internal)?;
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
    if files.is_none() {
        screen::warn(&format!("found no page, only the two APIs are served: {BUILT_BY}"));
    }
    let server = source::esplora(&sandbox.esplora_url(), &arguments.how())?;
    let upstream = Upstream::new(http()?, server, &sandbox.amp_url());
    serve(arguments.port, Page { files, upstream, network: network.chain().name(), sandbox: true })
}

/// The page's files, where there are any.
fn files(named: Option<&Path>) -> Result<Option<Files>, Failure> {
    let found = named.map(Path::to_owned).or_else(Files::usual_place);
    let files = found.map(|folder| Files::read(&folder)).transpose();
    files.map_err(|error: FilesError| {
        Failure::new(Exit::Input, format!("the page {error}"), BUILT_BY).with_code("PAGE")
    })
}

/// Listens, says where, and stays.
fn serve(port: u16, page: Page) -> Result<(), Failure> {
    runtime::wait_for_all(async {
        let listening = Listening::on(port).await.map_err(|error| {
            let hint = "name a free port with --port, or 0 for any";
            Failure::new(Exit::Network, format!("the page cannot listen on 127.0.0.1:{port}: {error}"), hint)
        })?;
        // No address of a page where there is none: whoever opens it would see an error.
        let what = if page.files.is_some() { "page" } else { "apis" };
        output::print(&format!("{what}     {}/", listening.url()))?;
        listening.serve(page).await;
        Ok(())
    })
}
