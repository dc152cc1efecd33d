//! The page on the demo's sandbox: `coldamp-online serve` as a child process, which is stopped when the demo ends.

use std::path::Path;
use std::process::Stdio;

use super::desk::Desk;
use super::sandbox::{Sandbox, Server};

/// A running page.
pub(super) struct Page {
    _server: Server,
    url: String,
}

impl Page {
    /// Serves what was built, and waits until it says where.
    pub(super) fn serve(desk: &Desk, sandbox: &Sandbox, built: &Path) -> Result<Self, String> {
        let (esplora, amp) = (sandbox.esplora(), sandbox.amp());
        let arguments = format!("serve --port 0 --network regtest --esplora {esplora} --amp {amp}");
        let mut command = desk.command("coldamp-online", &arguments);
        // Apart from the others: a folder's name may have blanks.
        command.arg("--page").arg(built).stdin(Stdio::null());
        let (server, lines) = Server::start(command)?;
        for line in lines {
            if let Some(url) = line?.strip_prefix("page ") {
                return Ok(Page { _server: server, url: url.trim().to_owned() });
            }
        }
        Err("the page's server ended before it said where it is".to_owned())
    }

    /// The URL of the page.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}
