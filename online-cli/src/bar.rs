//! How far something has come: a bar on a terminal, and nothing where stderr is none.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal as _;

use coldamp_cli::screen;
use coldamp_online::pace::{Progress, Watch};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bar of one command.
#[derive(Default)]
pub(crate) struct Bar {
    shown: RefCell<Option<(&'static str, ProgressBar)>>,
    /// Whether it was said how long it takes, where no bar is seen.
    is_said: Cell<bool>,
}

impl Bar {
    /// Shows `done` of `of` under a title, and what is left; another title starts another bar.
    fn show(&self, title: &'static str, done: usize, of: usize, left: &str) {
        let as_u64 = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let mut shown = self.shown.borrow_mut();
        let bar = match shown.take() {
            Some((known, bar)) if known == title => bar,
            other => {
                if let Some((_, bar)) = other {
                    bar.finish_and_clear();
                }
                let bar = ProgressBar::with_draw_target(Some(as_u64(of)), ProgressDrawTarget::stderr());
                let style = ProgressStyle::with_template("{msg:14} [{bar:40}] {pos}/{len}{prefix}");
                bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(title)
            }
        };
        bar.set_length(as_u64(of));
        bar.set_position(as_u64(done));
        bar.set_prefix(left.to_owned());
        *shown = Some((title, bar));
    }
}

impl Watch for Bar {
    fn at(&self, progress: Progress) {
        match progress {
            Progress::Scripts { done, of, seconds_left } => {
                let left = seconds_left.filter(|seconds| *seconds >= 5).map(left).unwrap_or_default();
                let is_long = seconds_left.is_some_and(|seconds| seconds >= 60);
                if is_long && !self.is_said.replace(true) && !std::io::stderr().is_terminal() {
                    screen::say(&format!("scripts        {of} to ask for{left}"));
                }
                self.show("scripts", done, of, &left);
            }
            Progress::Coins { done, of } => self.show("coins", done, of, ""),
            Progress::Confirmations { found, of } => {
                let of = usize::try_from(of).unwrap_or(usize::MAX);
                let done = found.and_then(|found| usize::try_from(found).ok()).unwrap_or_default();
                self.show("confirmations", done.min(of), of, "");
            }
        }
    }
}

/// How long the rest takes at the pace that the server is asked at.
fn left(seconds: u64) -> String {
    match seconds {
        0..60 => ", less than a minute left".to_owned(),
        seconds => format!(", about {} minutes left", seconds.div_ceil(60)),
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((_, bar)) = self.shown.borrow_mut().take() {
            bar.finish_and_clear();
        }
    }
}
