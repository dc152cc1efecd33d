//! `coldamp-sandbox`: the embedded chain and AMP of the library, served on 127.0.0.1 until the process is stopped. A program
//! of its own, so that the binaries that handle real assets contain none of it.
//!
//! stdout carries data: the founded assets and the two addresses. stderr carries messages. It ends with an exit code of
//! [`coldamp_cli::Exit`]; only Ctrl-C ends it without one.

mod args;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use coldamp_cli::{Exit, Failure, input, output, screen};
use coldamp_core::Secp;
use coldamp_core::limits::MAX_DESCRIPTOR_BYTES;
use coldamp_core::network::Chain;
use coldamp_core::treasury::{CtDescriptor, DescriptorError};
use coldamp_sandbox::founding::{found, found_without_assets};
use coldamp_sandbox::{PASSWORD, Sandbox, SandboxError, Settings, USERNAME};

use crate::args::Arguments;

const PRINTED_BY_WATCH: &str = "name with --descriptor the file that holds what `coldamp key watch` printed for a treasury of network regtest";

fn main() -> ExitCode {
    coldamp_cli::program::run(|| match coldamp_cli::arguments::parse()? {
        Some(arguments) => run(&arguments),
        None => Ok(()),
    })
}

/// Serves until the process is stopped.
///
/// # Errors
/// When the descriptor or the port cannot be used, or stdout takes no data.
fn run(arguments: &Arguments) -> Result<(), Failure> {
    let descriptor = arguments.descriptor.as_deref().map(descriptor).transpose()?;
    let mine_every = Some(Duration::from_secs(arguments.block_every));
    let sandbox =
        Sandbox::start(Settings { port: arguments.port, mine_every }).map_err(|error| match error {
            SandboxError::Listen { .. } => {
                Failure::new(Exit::Network, error.to_string(), "name a free port with --port, or 0 for any")
            }
            SandboxError::Thread { .. } => Failure::internal(error),
        })?;
    if let (Some(descriptor), true) = (&descriptor, arguments.without_assets) {
        screen::say("The treasury gets L-BTC and no asset. AMP has users who may hold one.");
        let founded = sandbox.with(|chain, amp| found_without_assets(&Secp::new(), chain, amp, descriptor));
        founded.map_err(Failure::internal)?;
    } else if let Some(descriptor) = &descriptor {
        screen::say("The treasury gets L-BTC and two assets, one issued explicitly and one issued blinded.");
        let founded = sandbox.with(|chain, amp| found(&Secp::new(), chain, amp, descriptor));
        for asset in founded.map_err(Failure::internal)? {
            let (uuid, kind) = (asset.uuid, asset.issued.kind.name());
            output::print(&format!("asset    {uuid} {} {kind} {}", asset.issued.asset, asset.issued.ticker))?;
        }
    }
    screen::say(&format!(
        "AMP's user is {USERNAME}, the password is {PASSWORD}. Nothing here is worth anything."
    ));
    screen::say(&format!(
        "A block is made every {} seconds. Ctrl-C stops the sandbox.",
        arguments.block_every
    ));
    output::print(&format!("esplora  {}", sandbox.esplora_url()))?;
    output::print(&format!("amp      {}", sandbox.amp_url()))?;
    sandbox.wait();
    Err(Failure::internal("the sandbox's thread ended"))
}

/// The descriptor in a file.
///
/// # Errors
/// When the file cannot be read, or holds no descriptor of a regtest treasury.
fn descriptor(path: &Path) -> Result<CtDescriptor, Failure> {
    let refused = |exit, why: String| {
        let message = format!("the descriptor file {}: {why}", screen::printable_path(path));
        Failure::new(exit, message, PRINTED_BY_WATCH)
    };
    let bytes = input::read_file(path, MAX_DESCRIPTOR_BYTES)
        .map_err(|error| refused(Exit::Input, error.to_string()))?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| refused(Exit::Input, "found bytes that are no UTF-8 text".to_owned()))?;
    CtDescriptor::parse(text, Chain::Regtest).map_err(|error| {
        let exit = match error {
            DescriptorError::Empty | DescriptorError::Unreadable { .. } => Exit::Input,
            _ => Exit::Refused,
        };
        refused(exit, error.to_string()).with_code(error.code())
    })
}
