//! `--threads`: how many threads make and check proofs.

use std::thread::available_parallelism;

use clap::Args;
use coldamp_core::secp::Threads;

/// How many threads make and check proofs.
#[derive(Debug, Args)]
pub struct ThreadsArguments {
    /// Number of threads that make and check proofs, from 1 to 256. Without it one for each core. The result is the same with
    /// any number
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<Threads>,
}

impl ThreadsArguments {
    /// The number given, or one for each core that this process may use.
    pub fn threads(&self) -> Threads {
        let of_cores = || {
            let cores = available_parallelism().map_or(1, |cores| cores.get().min(Threads::MAX));
            Threads::new(cores).unwrap_or(Threads::ONE)
        };
        self.threads.unwrap_or_else(of_cores)
    }
}

/// Reads a number of threads.
fn threads(number: &str) -> Result<Threads, String> {
    let threads = number.parse().ok().and_then(Threads::new);
    threads.ok_or_else(|| format!("expected a whole number from 1 to {}", Threads::MAX))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::Parser;

    use super::*;
    use crate::arguments::parse_from;

    #[derive(Debug, Parser)]
    struct Arguments {
        #[command(flatten)]
        how: ThreadsArguments,
    }

    fn read(line: &str) -> Result<Threads, String> {
        let arguments = parse_from::<Arguments>(line.split(' ').map(OsString::from));
        arguments.map(|arguments| arguments.unwrap().how.threads()).map_err(|failure| failure.message)
    }

    #[test]
    fn a_number_of_threads_is_taken_and_all_cores_are_the_default() {
        assert_eq!(read("sign --threads 1"), Ok(Threads::ONE));
        assert_eq!(read("sign --threads 16"), Ok(Threads::new(16).unwrap()));
        let cores = available_parallelism().unwrap().get().min(Threads::MAX);
        assert_eq!(read("sign"), Ok(Threads::new(cores).unwrap()));
    }

    #[test]
    fn no_thread_and_absurdly_many_are_refused() {
        for wrong in ["0", "257", "-1", "2.0", "two", "99999999999999999999999"] {
            let message = read(&format!("sign --threads={wrong}")).unwrap_err();
            let expected =
                format!("invalid value '{wrong}' for '--threads <N>': expected a whole number from 1 to 256");
            assert_eq!(message, expected);
        }
    }
}
