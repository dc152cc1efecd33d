//! The binary `coldamp`; what it does is told in `lib.rs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    coldamp::run()
}
