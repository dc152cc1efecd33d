//! The limits that the project sets itself, each with what this run measured.

use std::time::Duration;

use crate::figures::{Figures, ratio};

/// A limit: what it says, the highest ratio that holds, and how the ratio is found. `None` where a figure is missing.
type Limit = (&'static str, f64, fn(&Figures) -> Option<f64>);

const LIMITS: [Limit; 10] = [
    ("blinding 80 recipients / rust-elements' blind_last of the same PSET on one core", 0.65, |figures| {
        between(figures, "blind/80 recipients", "blind/80 recipients by blind_last")
    }),
    ("`coldamp sign` of 80 recipients / the same blind_last", 1.3, |figures| {
        between(figures, "command/sign 80 recipients", "command/blind_last of the same PSET")
    }),
    ("preparing from 10,000 coins, opened / one range proof", 25.0, |figures| {
        figures.in_proofs("prepare/10000 coins, 20 spent")
    }),
    ("preparing from 10,000 coins / from 1,000; 10 is linear", 12.0, |figures| {
        between(figures, "prepare/10000 coins, 20 spent", "prepare/1000 coins, 20 spent")
    }),
    ("opening 10,000 coins / their rewinds divided by the cores", 1.2, |figures| {
        figures.over_floor("sync/10000 coins")
    }),
    ("reading a journal of 100,000 entries and reviewing by it / one second", 1.0, |figures| {
        let sum = figures.figure("journal/100000 entries read")?
            + figures.figure("journal/100000 entries, review")?;
        Some(ratio(sum, Duration::from_secs(1)))
    }),
    ("auditing 80 recipients in WASM / native, both on one core", 2.6, |figures| {
        between(figures, "wasm/audit 80 recipients in WASM", "wasm/audit 80 recipients natively, one core")
    }),
    ("opening coins in WASM / native, both on one core", 2.6, |figures| {
        between(figures, "wasm/sync 100 coins in WASM", "wasm/sync 100 coins natively, one core")
    }),
    ("`coldamp review` of a burn / 100 ms", 1.0, |figures| in_tenths(figures, "command/review a burn")),
    ("`coldamp sign` of a burn / 100 ms", 1.0, |figures| in_tenths(figures, "command/sign a burn")),
];

fn between(figures: &Figures, name: &str, floor: &str) -> Option<f64> {
    Some(ratio(figures.figure(name)?, figures.figure(floor)?))
}

fn in_tenths(figures: &Figures, name: &str) -> Option<f64> {
    Some(ratio(figures.figure(name)?, Duration::from_millis(100)))
}

/// Prints each limit whose figures were measured.
pub(crate) fn print(figures: &Figures) {
    println!();
    for (what, limit, found) in LIMITS {
        match found(figures) {
            Some(found) if found <= limit => println!("holds           {found:>6.2} of {limit:<5} {what}"),
            Some(found) => println!("DOES NOT HOLD   {found:>6.2} of {limit:<5} {what}"),
            None => println!("not measured           of {limit:<5} {what}"),
        }
    }
}
