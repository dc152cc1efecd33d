//! A run with an operator at the keyboard: a pseudo-terminal that types each answer when its question is there.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

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

impl Desk {
    /// Runs a binary with arguments separated by blanks, and answers the questions that contain these words.
    pub fn run_typing(&self, binary: &str, arguments: &str, answers: &[(&str, &str)]) -> Run {
        let (mut keyboard, screen) = terminal();
        let mut command = Command::new("setsid");
        command.args(["--wait", "--ctty"]).arg(Desk::binary(binary)).args(arguments.split_whitespace());
        command.current_dir(self.path("")).stdin(screen).stdout(Stdio::piped()).stderr(Stdio::piped());
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
        Run::of(child.wait_with_output().expect("its end"))
    }

    /// Runs a binary whose words go to a screen of 100 columns, in so much memory (virtual, in KiB) and no more. Gives the
    /// exit code and all that was drawn.
    pub fn run_watched(&self, binary: &str, arguments: &str, memory: u32) -> (i32, String) {
        let (mut keyboard, screen) = terminal();
        tcsetwinsize(&screen, Winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 })
            .expect("a size");
        let limited = format!("ulimit -v {memory}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited]).arg(Desk::binary(binary)).args(arguments.split_whitespace());
        command.current_dir(self.path("")).env("TERM", "xterm");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(screen);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{binary}: {error}"));
        drop(command);
        let mut shown = Vec::new();
        let _ = keyboard.read_to_end(&mut shown);
        let code = child.wait().expect("its end").code().expect("an exit code");
        (code, String::from_utf8_lossy(&shown).into_owned())
    }
}
