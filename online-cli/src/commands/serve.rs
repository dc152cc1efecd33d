//! `coldamp-online serve`: gives out the page on 127.0.0.1 until it is stopped.

use std::path::Path;

use coldamp_cli::{Exit, Failure, output, screen};
use coldamp_core::amp::request::ApiRoot;
use coldamp_core::code::Code;
use coldamp_online::amp::AmpRoot;

use crate::args::ServeArguments;
use crate::page::{Files, Listening, Page, Upstream};
use crate::source::http;
use crate::{load, runtime, source};

const BUILT_BY: &str = "Build it with `cargo xtask web`, or name its folder with --page.";

/// Serves until it is stopped.
///
/// # Errors
/// When there is no page, an address is not one to ask, or the port is taken.
pub(super) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    let (esplora, network) = (load::named(arguments.esplora.as_deref())?, load::named(arguments.network)?);
    // As every other command judges address and credentials, before anybody waits for it. The credentials stay here.
    let server = source::esplora(esplora, &arguments.how())?;
    let amp = match &arguments.amp {
        Some(own) => load::own_amp_root(own)?,
        None => AmpRoot::of(&ApiRoot::built_in(network)),
    };
    let files = files(arguments.page.as_deref())?;
    let upstream = Upstream::new(http()?, server, &amp.to_string());
    screen::say(&format!("esplora        {esplora}"));
    screen::say(&format!("AMP            {amp}"));
    serve(arguments.port, Page { files, upstream, network: network.name() })
}

/// The page's files.
fn files(named: Option<&Path>) -> Result<Files, Failure> {
    let refused = |message: String| Failure::new(Exit::Input, message, BUILT_BY).with_code(Code::Page);
    let folder = named.map(Path::to_owned).or_else(Files::usual_place);
    let folder = folder.ok_or_else(|| refused("found no page".to_owned()))?;
    Files::read(&folder).map_err(|error| refused(format!("the page {error}")))
}

/// Listens, says where, and stays.
fn serve(port: u16, page: Page) -> Result<(), Failure> {
    runtime::wait_for_all(async {
        let listening = Listening::on(port).await.map_err(|error| {
            let hint = "Name a free port with --port, or 0 for any.";
            Failure::new(Exit::Network, format!("the page cannot listen on 127.0.0.1:{port}: {error}"), hint)
        })?;
        output::print(&format!("page     {}/", listening.url()))?;
        listening.serve(page).await;
        Ok(())
    })
}
