//! `coldamp-sandbox`: the embedded chain and AMP of the library, served on 127.0.0.1 until the process is stopped. A program
//! of its own, so that the binaries that handle real assets contain none of it.
//!
//! stdout carries data: the founded assets and the two addresses. stderr carries words (`screen`). It ends with an exit code
//! of `failure::Exit`; nothing but Ctrl-C ends it without one.

mod args;
mod failure;
mod screen;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use coldamp_core::Secp;
use coldamp_core::network::Chain;
use coldamp_core::treasury::{CtDescriptor, DescriptorError};
use coldamp_sandbox::founding::found;
use coldamp_sandbox::{PASSWORD, Sandbox, SandboxError, Settings, USERNAME};

use crate::args::Arguments;
use crate::failure::{Exit, Failure};

/// Bytes that a descriptor file may have; a descriptor has some 300.
const MAX_DESCRIPTOR_BYTES: u64 = 4 * 1024;

const PRINTED_BY_WATCH: &str = "name with --descriptor the file that holds what `coldamp key watch` printed for a treasury of network regtest";

fn main() -> ExitCode {
    // The panic itself has been printed; what is left is the exit code of a mistake of ours.
    let done = std::panic::catch_unwind(|| match args::parse()? {
        Some(arguments) => run(&arguments),
        None => Ok(()),
    });
    let exit = match done {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            screen::fail(&failure);
            failure.exit
        }
        Err(_) => Exit::Internal,
    };
    ExitCode::from(exit as u8)
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
    if let Some(descriptor) = &descriptor {
        screen::say("The treasury gets L-BTC and two assets, one issued explicitly and one issued blinded.");
        let founded = sandbox.with(|chain, amp| found(&Secp::new(), chain, amp, descriptor));
        for asset in founded.map_err(Failure::internal)? {
            let (uuid, kind) = (asset.uuid, asset.issued.kind.name());
            screen::print(&format!("asset    {uuid} {} {kind} {}", asset.issued.asset, asset.issued.ticker))?;
        }
    }
    screen::say(&format!(
        "AMP's user is {USERNAME}, the password is {PASSWORD}. Nothing here is worth anything."
    ));
    screen::say(&format!(
        "A block is made every {} seconds. Ctrl-C stops the sandbox.",
        arguments.block_every
    ));
    screen::print(&format!("esplora  {}", sandbox.esplora_url()))?;
    screen::print(&format!("amp      {}", sandbox.amp_url()))?;
    sandbox.wait();
    Err(Failure::internal("the sandbox's thread ended"))
}

/// The descriptor in a file.
///
/// # Errors
/// When the file cannot be read, or holds no descriptor of a regtest treasury.
fn descriptor(path: &Path) -> Result<CtDescriptor, Failure> {
    let refused = |exit, why: String| {
        let message = format!("the descriptor file {}: {why}", path.display());
        Failure::new(exit, message, PRINTED_BY_WATCH)
    };
    let text = read(path).map_err(|error| refused(Exit::Input, error.to_string()))?;
    CtDescriptor::parse(&text, Chain::Regtest).map_err(|error| {
        let exit = match error {
            DescriptorError::Unreadable { .. } => Exit::Input,
            _ => Exit::Refused,
        };
        refused(exit, error.to_string()).with_code(error.code())
    })
}

/// A regular file as text.
fn read(path: &Path) -> io::Result<String> {
    // Before it is opened: a pipe without a writer would be waited for.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut text = String::new();
    // One byte more than allowed tells a file that is too large from one that just fits.
    File::open(path)?.take(MAX_DESCRIPTOR_BYTES + 1).read_to_string(&mut text)?;
    match u64::try_from(text.len()) {
        Ok(length) if length <= MAX_DESCRIPTOR_BYTES => Ok(text),
        _ => Err(io::Error::other(format!("it has more than {MAX_DESCRIPTOR_BYTES} bytes"))),
    }
}
