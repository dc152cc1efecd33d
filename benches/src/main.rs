//! What Coldamp takes, beside what it must take at least. `cargo xtask bench` runs it.
//!
//! Nearly all time goes into range proofs. So each figure is held against its **floor**: the range proofs that the work makes,
//! verifies or rewinds, each at the time that one takes in the same run, divided by the cores. The last lines say which of the
//! project's limits hold. Absolute times depend on the machine, so none is printed.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool has one reader at a terminal"
)]

mod figures;
mod floor;
mod groups;
mod limits;
mod machine;
mod treasury;

use figures::Figures;

/// Runs the groups that the command line names, or all of them, and prints what came out.
fn main() {
    let named: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = named.iter().find(|name| groups::ALL.iter().all(|group| group.name != **name)) {
        let known: Vec<&str> = groups::ALL.iter().map(|group| group.name).collect();
        eprintln!("bench: there is no group {unknown}; there are {}", known.join(", "));
        std::process::exit(2);
    }
    let mut figures = Figures::default();
    for group in
        groups::ALL.iter().filter(|group| named.is_empty() || named.iter().any(|name| name == group.name))
    {
        eprintln!("bench: {}: {}", group.name, group.what);
        (group.run)(&mut figures);
    }
    figures.print();
    limits::print(&figures);
}
