//! A command that takes long, run with its lines folded: on a terminal into one line that is written over, elsewhere into the
//! line that says how long it took. What the command warns of is shown as it comes. What it printed is there for a failure.

use std::io::{self, BufReader, IsTerminal as _, Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How wide the line is that is written over. A longer one would wrap, and then it cannot be written over.
const WIDTH: usize = 79;

/// What a command that succeeded came to.
pub(crate) struct Ended {
    /// What it printed to stdout.
    pub(crate) stdout: String,
    /// How long it ran.
    pub(crate) took: Duration,
}

/// A command that runs.
pub(crate) struct Running {
    child: Child,
    started: Instant,
    screen: Arc<Mutex<Screen>>,
    readers: [JoinHandle<String>; 2],
}

/// Runs a command to its end under a name.
///
/// # Errors
/// In words, why it did not succeed. What it printed has been shown by then.
pub(crate) fn run(name: &str, command: &mut Command) -> Result<Ended, String> {
    Running::start(name, command)?.end()
}

impl Running {
    /// Starts a command that shows nothing until its end is waited for.
    ///
    /// # Errors
    /// In words, why it does not start.
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self, String> {
        let terminal = io::stderr().is_terminal();
        if terminal {
            // cargo shows how far it is on a terminal alone, unless it is told to.
            command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "60");
            command.env("CARGO_TERM_COLOR", "always");
        }
        let program = command.get_program().display().to_string();
        let cannot_start = |error: io::Error| format!("cannot start {program}: {error}");
        // Whoever asks a question would wait in CI forever.
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(cannot_start)?;
        let screen = Screen { name: name.to_owned(), terminal, waited_for: false, held_back: Vec::new() };
        let screen = Arc::new(Mutex::new(screen));
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(format!("{program} has no output"));
        };
        let readers = [
            reader(stdout, Arc::clone(&screen), Stream::Data),
            reader(stderr, Arc::clone(&screen), Stream::Words),
        ];
        Ok(Running { child, started: Instant::now(), screen, readers })
    }

    /// Waits for the end. From now on the command shows how far it is, and what it has warned of.
    ///
    /// # Errors
    /// As [`run`].
    pub(crate) fn end(mut self) -> Result<Ended, String> {
        lock(&self.screen).wait_for();
        let [stdout, words] = self.readers.map(JoinHandle::join);
        let status = self.child.wait().map_err(|error| error.to_string())?;
        lock(&self.screen).clear();
        let (Ok(stdout), Ok(_)) = (stdout, words) else {
            return Err("its output was not read to the end".to_owned());
        };
        if status.success() {
            return Ok(Ended { stdout, took: self.started.elapsed() });
        }
        stdout.lines().filter(|line| !is_for_programs(line)).for_each(|line| eprintln!("{line}"));
        Err(status.to_string())
    }
}

/// A duration as people say it.
pub(crate) fn spoken(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds / 60 {
        0 => format!("{seconds} s"),
        minutes => format!("{minutes} min {} s", seconds % 60),
    }
}

/// Which of a command's two streams.
#[derive(Clone, Copy)]
enum Stream {
    /// Its stdout.
    Data,
    /// Its stderr.
    Words,
}

/// Reads a stream to its end, and gives what it was.
fn reader(
    stream: impl Read + Send + 'static,
    screen: Arc<Mutex<Screen>>,
    which: Stream,
) -> JoinHandle<String> {
    thread::spawn(move || {
        let (mut all, mut line) = (Vec::new(), Vec::new());
        for byte in BufReader::new(stream).bytes().map_while(Result::ok) {
            all.push(byte);
            // cargo writes its bar over itself: a `\r` ends it.
            if byte == b'\n' || byte == b'\r' {
                lock(&screen).take(&String::from_utf8_lossy(&line), which);
                line.clear();
            } else {
                line.push(byte);
            }
        }
        lock(&screen).take(&String::from_utf8_lossy(&line), which);
        String::from_utf8_lossy(&all).into_owned()
    })
}

fn lock(screen: &Mutex<Screen>) -> MutexGuard<'_, Screen> {
    screen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a command shows.
struct Screen {
    name: String,
    terminal: bool,
    waited_for: bool,
    /// What it warned of before anybody waited for it.
    held_back: Vec<String>,
}

impl Screen {
    fn take(&mut self, line: &str, which: Stream) {
        let plain = plain(line);
        if plain.trim().is_empty() {
            return;
        }
        match which {
            Stream::Words if !is_status(&plain) && self.waited_for => {
                self.clear();
                eprintln!("{line}");
            }
            Stream::Words if !is_status(&plain) => self.held_back.push(line.to_owned()),
            Stream::Data if is_for_programs(&plain) => {}
            _ => self.over(&plain),
        }
    }

    fn wait_for(&mut self) {
        self.waited_for = true;
        for line in self.held_back.drain(..) {
            eprintln!("{line}");
        }
    }

    /// Writes over the line of progress.
    fn over(&self, latest: &str) {
        if self.terminal && self.waited_for {
            let line: String = format!("{}: {}", self.name, latest.trim()).chars().take(WIDTH).collect();
            // Erases what is left of the line before.
            eprint!("\r{line}\x1b[K");
            // Nothing depends on it.
            let _ = io::stderr().flush();
        }
    }

    fn clear(&self) {
        if self.terminal && self.waited_for {
            eprint!("\r\x1b[K");
        }
    }
}

/// A line without its colours.
fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        if letter == '\x1b' {
            // To the letter that ends the sequence.
            let _ = rest.by_ref().skip(1).find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// Whether a line is one of cargo's messages in JSON.
fn is_for_programs(line: &str) -> bool {
    line.starts_with('{')
}

/// Whether cargo says what it does at the moment: a verb, right-aligned to twelve columns.
fn is_status(line: &str) -> bool {
    let Some((verb, _)) = line.split_at_checked(12).filter(|(_, rest)| rest.starts_with(' ')) else {
        return false;
    };
    let word = verb.trim_start();
    word.len() < verb.len()
        && word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_does_is_folded_and_what_it_warns_of_is_not() {
        for status in [
            "   Compiling serde v1.0.229",
            "    Checking coldamp v0.1.0 (/w/offline-cli)",
            "   Doc-tests coldamp_core",
            "    Finished `dev` profile [unoptimized] target(s) in 0.20s",
            "    Building [=====>   ] 57/243: secp256k1-sys",
            "    Blocking waiting for file lock on build directory",
        ] {
            assert!(is_status(status), "{status}");
        }
        for words in [
            "warning: unused variable: `x`",
            "error[E0425]: cannot find value `x` in this scope",
            "  --> core/src/lib.rs:12:5",
            "12 |     let x = 1;",
            "   |         ^ help: if this is intentional, prefix it with an underscore",
            "",
            "xtask web: installing: rustup target add wasm32-unknown-unknown",
        ] {
            assert!(!is_status(words), "{words}");
        }
    }

    #[test]
    fn colours_are_no_part_of_a_line() {
        assert_eq!(plain("\x1b[1m\x1b[92m   Compiling\x1b[0m serde"), "   Compiling serde");
        assert_eq!(plain("\x1b[Kplain"), "plain");
    }

    #[test]
    fn what_a_command_prints_is_given_where_it_succeeds() {
        let shell = |script| run("test", Command::new("sh").args(["-c", script]));
        let ended = shell("printf 'one\\ntwo'; printf words >&2");
        assert_eq!(ended.map(|ended| ended.stdout), Ok("one\ntwo".to_owned()));
        assert_eq!(shell("printf three; exit 3").err(), Some("exit status: 3".to_owned()));
        let missing = run("test", &mut Command::new("/nowhere")).err();
        assert!(missing.is_some_and(|words| words.starts_with("cannot start /nowhere: ")));
    }

    #[test]
    fn what_runs_unseen_holds_its_words_back() {
        let mut screen =
            Screen { name: "test".to_owned(), terminal: false, waited_for: false, held_back: Vec::new() };
        screen.take("   Compiling serde v1.0.229", Stream::Words);
        screen.take("warning: unused", Stream::Words);
        screen.take("printed", Stream::Data);
        assert_eq!(screen.held_back, ["warning: unused"]);
        screen.wait_for();
        assert!(screen.held_back.is_empty());
    }

    #[test]
    fn minutes_are_said_where_there_are_any() {
        assert_eq!(spoken(Duration::from_millis(59_900)), "59 s");
        assert_eq!(spoken(Duration::from_secs(152)), "2 min 32 s");
    }
}
