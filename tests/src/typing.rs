//! A run with an operator at the keyboard: a pseudo-terminal that types each answer when its question is there.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Output, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::{Desk, Run};

/// A keyboard and its screen.
fn terminal() -> (File, File) {
    let keyboard =
        openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    grantpt(&keyboard).and_then(|()| unlockpt(&keyboard)).expect("a terminal");
    let name = ptsname(&keyboard, Vec::new()).expect("its name");
    let screen =
        File::options().read(true).write(true).open(name.to_str().expect("UTF-8")).expect("its screen");
    (File::from(keyboard), screen)
}

fn size(rows: u16, columns: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

/// An operator at a terminal, with the text on its screen.
pub struct Sitting {
    keyboard: File,
    child: Child,
    screen: vt100::Parser,
    /// Bytes of a character whose end was not read yet.
    half: Vec<u8>,
    /// Everything that was ever shown, and how much of it has been waited for.
    shown: String,
    seen: usize,
}

impl Sitting {
    /// Waits until one of these comes after what was waited for before, and says which.
    ///
    /// # Panics
    ///
    /// When the terminal ends without it.
    pub fn wait_for(&mut self, words: &[&str]) -> usize {
        loop {
            let new = &self.shown[self.seen..];
            let found = words.iter().enumerate().filter_map(|(index, word)| Some((new.find(word)?, index)));
            if let Some((at, index)) = found.min() {
                self.seen += at + words[index].len();
                return index;
            }
            assert!(self.read(), "none of {words:?} came: {}", self.shown);
        }
    }

    /// Reads what is there. Whether more may come.
    fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.keyboard.read(&mut bytes) {
            Ok(count) if count > 0 => {
                self.screen.process(&bytes[..count]);
                self.half.extend(&bytes[..count]);
                let whole = match std::str::from_utf8(&self.half) {
                    Err(error) if error.error_len().is_none() => error.valid_up_to(),
                    _ => self.half.len(),
                };
                let whole: Vec<u8> = self.half.drain(..whole).collect();
                self.shown.push_str(&String::from_utf8_lossy(&whole));
                true
            }
            _ => false,
        }
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("a keyboard");
    }

    /// The rows that the screen shows now.
    pub fn rows(&self) -> Vec<String> {
        let (_, columns) = self.screen.screen().size();
        self.screen.screen().rows(0, columns).collect()
    }

    /// Everything that was ever shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Makes the terminal another size.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        tcsetwinsize(&self.keyboard, size(rows, columns)).expect("a size");
        self.screen.screen_mut().set_size(rows, columns);
    }

    /// Takes the terminal away, and waits for the end.
    pub fn hang_up(self) {
        let Sitting { keyboard, mut child, .. } = self;
        drop(keyboard);
        let _ = child.wait().expect("its end");
    }

    /// Waits for the end. The exit code, and everything that was ever shown.
    pub fn end(mut self) -> (i32, String) {
        while self.read() {}
        let code = self.child.wait().expect("its end").code().expect("an exit code");
        (code, self.shown)
    }
}

impl Desk {
    /// Runs a binary with arguments separated by blanks, and answers the questions that contain these words. Each must be
    /// words of the question alone. If the text above a question contains them too, the answer is typed too early, the binary
    /// drops it, and both sides wait.
    pub fn run_typing(&self, binary: &str, arguments: &str, answers: &[(&str, &str)]) -> Run {
        let (mut keyboard, screen) = terminal();
        // Wide enough for every question: tests compare whole lines.
        tcsetwinsize(&screen, size(24, 9_999)).expect("a size");
        let mut command = Command::new("setsid");
        command.args(["--wait", "--ctty"]).arg(Desk::binary(binary)).args(arguments.split_whitespace());
        // A file, not a pipe: what reads a pipe may hold the keyboard, and `coldamp` then asks nothing.
        let out = tempfile::NamedTempFile::new().expect("a file");
        let stdout = out.reopen().expect("the same file");
        command.current_dir(self.path("")).stdin(screen).stdout(stdout).stderr(Stdio::piped());
        self.settle(&mut command);
        let child = command.spawn().unwrap_or_else(|error| panic!("{binary}: {error}"));
        // The command holds the screen too; while it does, reading ends only with the child.
        drop(command);
        let mut shown = String::new();
        for (question, answer) in answers {
            let from = shown.len();
            while !shown[from..].contains(question) {
                let mut bytes = [0; 256];
                match keyboard.read(&mut bytes) {
                    Ok(count) if count > 0 => shown.push_str(&String::from_utf8_lossy(&bytes[..count])),
                    _ => {
                        let output = child.wait_with_output().expect("its end");
                        panic!(
                            "{question:?} was not asked: {shown} {}",
                            String::from_utf8_lossy(&output.stderr)
                        );
                    }
                }
            }
            keyboard.write_all(format!("{answer}\r").as_bytes()).expect("a keyboard");
        }
        // Reading ends with an error when the other side is closed.
        let _ = keyboard.read_to_end(&mut Vec::new());
        let output = child.wait_with_output().expect("its end");
        Run::of(Output { stdout: std::fs::read(out.path()).expect("what it wrote"), ..output })
    }

    /// Seats an operator at a terminal of so many rows and columns, on which all that a binary says appears.
    pub fn sit(&self, binary: &str, arguments: &str, rows: u16, columns: u16) -> Sitting {
        let line = format!("exec '{}' {arguments}", Desk::binary(binary).display());
        self.sit_at_shell(&line, rows, columns)
    }

    /// The same with a line for the shell, for pipes.
    pub fn sit_at_shell(&self, line: &str, rows: u16, columns: u16) -> Sitting {
        let (keyboard, screen) = terminal();
        tcsetwinsize(&screen, size(rows, columns)).expect("a size");
        let same = || screen.try_clone().expect("the same screen");
        let mut command = Command::new("setsid");
        command.args(["--wait", "--ctty", "sh", "-c", line]).current_dir(self.path("")).env("TERM", "dumb");
        command.stdin(same()).stdout(same()).stderr(same());
        self.settle(&mut command);
        let child = command.spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
        Sitting {
            keyboard,
            child,
            screen: vt100::Parser::new(rows, columns, 0),
            half: Vec::new(),
            shown: String::new(),
            seen: 0,
        }
    }

    /// Runs a binary whose messages go to a screen of 80 columns, with nobody to ask. Gives the exit code and what was shown.
    pub fn run_in_80_columns(&self, binary: &str, arguments: &str) -> (i32, String) {
        let (mut keyboard, screen) = terminal();
        tcsetwinsize(&screen, size(24, 80)).expect("a size");
        let mut command = Command::new("setsid");
        command.arg("--wait").arg(Desk::binary(binary)).args(arguments.split_whitespace());
        command.current_dir(self.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(screen);
        self.settle(&mut command);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{binary}: {error}"));
        drop(command);
        let mut shown = Vec::new();
        let _ = keyboard.read_to_end(&mut shown);
        let code = child.wait().expect("its end").code().expect("an exit code");
        (code, String::from_utf8_lossy(&shown).replace("\r\n", "\n"))
    }

    /// Runs a binary whose words go to a screen of 100 columns, in so much memory (virtual, in KiB) and no more. Gives the
    /// exit code and all that was drawn.
    pub fn run_watched(&self, binary: &str, arguments: &str, memory: u32) -> (i32, String) {
        let (mut keyboard, screen) = terminal();
        tcsetwinsize(&screen, size(30, 100)).expect("a size");
        let limited = format!("ulimit -v {memory}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited]).arg(Desk::binary(binary)).args(arguments.split_whitespace());
        command.current_dir(self.path("")).env("TERM", "xterm");
        self.settle(&mut command);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(screen);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{binary}: {error}"));
        drop(command);
        let mut shown = Vec::new();
        let _ = keyboard.read_to_end(&mut shown);
        let code = child.wait().expect("its end").code().expect("an exit code");
        (code, String::from_utf8_lossy(&shown).into_owned())
    }
}
