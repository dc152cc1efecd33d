//! What is measured, in groups that can be run by name.

mod command;
mod core;
mod journal;
mod peers;
mod sync;
mod wasm;

use crate::figures::Figures;

/// A group of figures.
pub(crate) struct Group {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) run: fn(&mut Figures),
}

/// The numbers of recipients. 80 is about as many as one transaction can have.
const RECIPIENTS: [usize; 4] = [1, 10, 40, 80];

/// Every group.
pub(crate) const ALL: [Group; 12] = [
    Group { name: "request", what: "parsing AMP's request", run: core::request },
    Group { name: "select", what: "planning, which selects coins", run: core::select },
    Group { name: "prepare", what: "from request and opened coins to the PSET", run: core::prepare },
    Group { name: "review", what: "the signing machine's review", run: core::review },
    Group { name: "blind", what: "blinding, beside rust-elements' blind_last", run: core::blind },
    Group { name: "sign", what: "blinding, signing, extracting and reporting", run: core::sign },
    Group { name: "audit", what: "the online machine's audit, and reading its report", run: core::audit },
    Group { name: "journal", what: "reading a journal, and reviewing by it", run: journal::run },
    Group { name: "sync", what: "finding and opening coins", run: sync::run },
    Group { name: "command", what: "`coldamp` as a process, without scrypt", run: command::run },
    Group { name: "wasm", what: "the page's WASM in node, beside native code on one core", run: wasm::run },
    Group { name: "peers", what: "LWK and an Elements node beside it", run: peers::run },
];
