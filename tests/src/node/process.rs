//! elementsd as a child: a folder and a port of its own, killed and swept away on drop, a panicking test's included.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::rpc::{CallError, Rpc};

/// Polls until the node answers, and how long each waits: half a minute, where half a second is usual.
const POLLS: u32 = 600;
const POLL: Duration = Duration::from_millis(50);
/// Another process may take the port between our finding it free and the node's binding it.
const STARTS: u32 = 3;

/// The chain of the recordings; every parameter here is part of its genesis or of the mempool's policy.
const CHAIN: [&str; 5] = [
    "-chain=liquidregtest",
    "-initialfreecoins=2100000000",
    "-validatepegin=0",
    "-txindex=1",
    "-acceptdiscountct=1",
];
/// It talks to nobody but us.
const ALONE: [&str; 8] = [
    "-listen=0",
    "-connect=0",
    "-dnsseed=0",
    "-fixedseeds=0",
    "-server=1",
    "-rpcbind=127.0.0.1",
    "-rpcallowip=127.0.0.1",
    "-printtoconsole=0",
];

/// A running elementsd, or an electrs beside it.
pub(super) struct Process {
    child: Child,
    // A field goes after `drop`, so the child no longer writes to the folder when it is removed.
    folder: TempDir,
}

impl Process {
    /// Starts the binary, whose clock is fixed at `time`, and waits until it answers.
    pub(super) fn start(binary: &Path, time: u32) -> (Self, Rpc) {
        let mut said = String::new();
        for _ in 0..STARTS {
            match Self::spawn(binary, time) {
                Ok(running) => return running,
                Err(why) => said = why,
            }
        }
        panic!("{} does not start: {said}", binary.display());
    }

    /// A child with a folder of its own.
    pub(super) fn of(child: Child, folder: TempDir) -> Self {
        Process { child, folder }
    }

    fn spawn(binary: &Path, time: u32) -> Result<(Self, Rpc), String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let stderr = fs::File::create(folder.path().join("stderr")).expect("a file");
        let mut command = Command::new(binary);
        command.args(CHAIN).args(ALONE);
        command.arg(format!("-datadir={}", folder.path().display()));
        command.args([format!("-rpcport={port}"), format!("-mocktime={time}")]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr);
        let child = command
            .spawn()
            .unwrap_or_else(|error| panic!("ELEMENTSD_EXEC names {}: {error}", binary.display()));
        let mut process = Process { child, folder };
        process.wait_until_it_answers(port).map(|rpc| (process, rpc))
    }

    fn wait_until_it_answers(&mut self, port: u16) -> Result<Rpc, String> {
        let cookie = self.folder.path().join("liquidregtest/.cookie");
        let mut last = "it makes no cookie".to_owned();
        for _ in 0..POLLS {
            if let Some(status) = self.child.try_wait().expect("the child") {
                let stderr = fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
                return Err(format!("{status}: {}", stderr.trim_end()));
            }
            // The cookie is written anew by each node, so another that has taken the port does not pass for ours.
            if let Ok(cookie) = fs::read_to_string(&cookie) {
                let rpc = Rpc::new(port, &cookie);
                match rpc.call("/", "getblockcount", &json!([])) {
                    Ok(_) => return Ok(rpc),
                    Err(CallError::Refused(error)) => last = error.to_string(),
                    Err(CallError::NoAnswer(why)) => last = why,
                }
            }
            thread::sleep(POLL);
        }
        Err(format!("no answer after {POLLS} polls: {last}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Killed rather than asked to stop: nothing in its folder is worth writing down. A child that is gone already
        // cannot be killed, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nothing listens on.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn child_and_folder_are_gone_when_a_test_has_panicked() {
        let (told, what) = channel();
        let panicked = catch_unwind(move || {
            let child = Command::new("sleep").arg("600").spawn().expect("a child");
            let process = Process { child, folder: tempfile::tempdir().expect("a folder") };
            told.send((process.child.id(), process.folder.path().to_owned())).expect("a receiver");
            panic!("as a failing test does");
        });
        assert!(panicked.is_err());
        let (child, folder) = what.recv().expect("a process");
        assert!(!folder.exists());
        let mut signal = Command::new("kill");
        signal.args(["-0", &child.to_string()]).stderr(Stdio::null());
        assert!(!signal.status().expect("kill").success(), "{child} still runs");
    }

    #[test]
    fn a_binary_that_ends_at_once_is_told_with_its_status() {
        let said = Process::spawn(Path::new("false"), 0).err().expect("no node");
        assert!(said.contains("exit status: 1"), "{said}");
    }

    #[test]
    #[should_panic(expected = "ELEMENTSD_EXEC names /nowhere/elementsd: No such file")]
    fn a_binary_that_is_not_there_fails_the_test_rather_than_skipping_it() {
        let _ = Process::start(Path::new("/nowhere/elementsd"), 0);
    }
}
