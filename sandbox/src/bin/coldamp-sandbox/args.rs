//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::Parser;

/// What the server answers besides Esplora and AMP, and AMP's login (`server::USERNAME`, `server::PASSWORD`).
const MORE: &str = "\
AMP's user is issuer, the password is sandbox.

Requests below http://127.0.0.1:PORT/sandbox/ control the sandbox. GET state shows it. POST mine, fund, reorganise, forget
and faults change it. Each takes a JSON body: POST mine takes {\"blocks\": 1}.";

/// Serves an embedded regtest chain with Esplora's HTTP API, and AMP's API beside it, on 127.0.0.1. It is for trying Coldamp
/// and for tests: nothing in it is worth anything, and everything is gone when it stops.
#[derive(Parser)]
#[command(name = "coldamp-sandbox", version, after_help = MORE)]
pub(crate) struct Arguments {
    /// File with the watch-only CT descriptor of a regtest treasury, as `coldamp key watch` prints it; the treasury gets
    /// L-BTC and two assets, one issued explicitly and one issued blinded
    #[arg(long, value_name = "FILE")]
    pub(crate) descriptor: Option<PathBuf>,
    /// For the first day of a treasury: it gets L-BTC and no asset, and AMP has users. `coldamp-online treasury issue` makes the
    /// first asset
    #[arg(long, requires = "descriptor")]
    pub(crate) without_assets: bool,
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8_481)]
    pub(crate) port: u16,
    /// Seconds between two blocks
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) block_every: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;
    use coldamp_sandbox::{PASSWORD, USERNAME};

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_names_the_login_that_amp_takes() {
        assert!(MORE.starts_with(&format!("AMP's user is {USERNAME}, the password is {PASSWORD}.\n")));
    }
}
