//! The sandbox that the demo runs on: `coldamp-online serve --sandbox` as a child, which goes when the demo goes.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use super::desk::Desk;
use super::say;

/// A running sandbox and what it said of itself.
pub(super) struct Sandbox {
    child: Child,
    esplora: String,
    amp: String,
    asset: String,
}

impl Sandbox {
    /// Starts one with the treasury of the desk, and waits until it says where it is.
    pub(super) fn start(desk: &Desk) -> Result<Self, String> {
        let arguments = "serve --sandbox --port 0 --descriptor treasury.descriptor --block-every 1";
        let mut command = desk.command("coldamp-online", arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().map_err(|error| format!("cannot start coldamp-online: {error}"))?;
        let stdout = child.stdout.take();
        let mut sandbox = Sandbox { child, esplora: String::new(), amp: String::new(), asset: String::new() };
        for line in BufReader::new(stdout.ok_or("the sandbox has no output")?).lines() {
            let line = line.map_err(|error| format!("the sandbox: {error}"))?;
            say(&format!("  {line}"));
            match *line.split_whitespace().collect::<Vec<_>>() {
                // The first asset founded; the second is of the other kind of issuance.
                ["asset", uuid, ..] if sandbox.asset.is_empty() => sandbox.asset = uuid.to_owned(),
                ["esplora", url] => sandbox.esplora = url.to_owned(),
                ["amp", url] => sandbox.amp = url.to_owned(),
                _ => {}
            }
            if ![&sandbox.esplora, &sandbox.amp, &sandbox.asset].iter().any(|found| found.is_empty()) {
                return Ok(sandbox);
            }
        }
        Err("the sandbox ended before it said where it is".to_owned())
    }

    /// Esplora's API.
    pub(super) fn esplora(&self) -> &str {
        &self.esplora
    }

    /// AMP's API.
    pub(super) fn amp(&self) -> &str {
        &self.amp
    }

    /// AMP's name for the asset of the demo.
    pub(super) fn asset(&self) -> &str {
        &self.asset
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody left to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
