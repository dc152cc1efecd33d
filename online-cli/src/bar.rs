//! The progress bar on a terminal. Without a terminal nothing is drawn.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal as _;

use coldamp_cli::screen;
use coldamp_online::pace::{Progress, Watch};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress bar of one command.
#[derive(Default)]
pub(crate) struct Bar {
    shown: RefCell<Option<(&'static str, ProgressBar)>>,
    /// Whether the duration was told. Without a terminal it is told once.
    is_said: Cell<bool>,
}

impl Bar {
    /// Shows `done` of `total` under a title, and the time left. Another title starts another bar.
    fn show(&self, title: &'static str, done: usize, total: usize, left: &str) {
        let as_u64 = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let mut shown = self.shown.borrow_mut();
        let bar = match shown.take() {
            Some((known, bar)) if known == title => bar,
            other => {
                if let Some((_, bar)) = other {
                    bar.finish_and_clear();
                }
                let bar = ProgressBar::with_draw_target(Some(as_u64(total)), ProgressDrawTarget::stderr());
                let style = ProgressStyle::with_template("{msg:14} [{bar:40}] {pos}/{len}{prefix}");
                bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(title)
            }
        };
        bar.set_length(as_u64(total));
        bar.set_position(as_u64(done));
        bar.set_prefix(left.to_owned());
        *shown = Some((title, bar));
    }
}

impl Watch for Bar {
    fn at(&self, progress: Progress) {
        match progress {
            Progress::Scripts { done, total, seconds_left } => {
                let left = seconds_left.filter(|seconds| *seconds >= 5).map(left).unwrap_or_default();
                let is_long = seconds_left.is_some_and(|seconds| seconds >= 60);
                if is_long && !self.is_said.replace(true) && !std::io::stderr().is_terminal() {
                    screen::say(&format!("addresses      {total} to check{left}"));
                }
                self.show("addresses", done, total, &left);
            }
            Progress::Transactions { done, total } => self.show("transactions", done, total, ""),
            Progress::Coins { done, total } => self.show("coins", done, total, ""),
            Progress::Confirmations { found, total } => {
                let total = usize::try_from(total).unwrap_or(usize::MAX);
                let done = found.and_then(|found| usize::try_from(found).ok()).unwrap_or_default();
                self.show("confirmations", done.min(total), total, "");
            }
        }
    }
}

/// How long the rest takes at the request rate.
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
