//! The sandbox that the demo runs on: `coldamp-sandbox` as a child process, which is stopped when the demo ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::desk::Desk;
use super::say;

/// A process that runs until this is dropped.
pub(super) struct Server(Child);

impl Server {
    /// Starts it, and gives the lines that it prints.
    ///
    /// # Errors
    /// In words, what failed.
    pub(super) fn start(
        mut command: Command,
    ) -> Result<(Self, impl Iterator<Item = Result<String, String>>), String> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", command.get_program().display()))?;
        let stdout = child.stdout.take();
        let server = Server(child);
        let lines = BufReader::new(stdout.ok_or("the server has no output")?).lines();
        Ok((server, lines.map(|line| line.map_err(|error| format!("the server: {error}")))))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody left to tell.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running sandbox and what it said of itself.
pub(super) struct Sandbox {
    _server: Server,
    esplora: String,
    amp: String,
    assets: [Asset; 2],
}

/// An asset that it founds.
pub(super) struct Asset {
    uuid: String,
    id: String,
}

impl Sandbox {
    /// Starts one with the treasury of the desk, and waits until it says where it is.
    pub(super) fn start(desk: &Desk) -> Result<Self, String> {
        let arguments = "--port 0 --descriptor treasury.descriptor --block-every 1";
        let (server, lines) = Server::start(desk.command("coldamp-sandbox", arguments))?;
        let (mut assets, mut esplora, mut amp) = (Vec::new(), None, None);
        for line in lines {
            let line = line?;
            say(&format!("  {line}"));
            match *line.split_whitespace().collect::<Vec<_>>() {
                ["asset", uuid, id, ..] => assets.push(Asset { uuid: uuid.to_owned(), id: id.to_owned() }),
                ["esplora", url] => esplora = Some(url.to_owned()),
                ["amp", url] => {
                    amp = Some(url.to_owned());
                    // The last line: whoever stops reading before it closes what the sandbox prints to.
                    break;
                }
                _ => {}
            }
        }
        let assets = <[Asset; 2]>::try_from(assets);
        match (esplora, amp, assets) {
            (Some(esplora), Some(amp), Ok(assets)) => Ok(Sandbox { _server: server, esplora, amp, assets }),
            _ => Err("the sandbox ended before it said where it is".to_owned()),
        }
    }

    /// Esplora's API.
    pub(super) fn esplora(&self) -> &str {
        &self.esplora
    }

    /// AMP's API.
    pub(super) fn amp(&self) -> &str {
        &self.amp
    }

    /// AMP's name for the asset of the demo, issued openly.
    pub(super) fn asset(&self) -> &str {
        &self.assets[0].uuid
    }

    /// AMP's name for the other one, issued blindly.
    pub(super) fn other_asset(&self) -> &str {
        &self.assets[1].uuid
    }

    /// The ids and uuids of both.
    pub(super) fn assets(&self) -> [(&str, &str); 2] {
        self.assets.each_ref().map(|asset| (asset.id.as_str(), asset.uuid.as_str()))
    }
}
