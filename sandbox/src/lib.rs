//! An embedded Liquid-like chain with Esplora's HTTP API, and AMP's API beside it, on loopback. Newcomers try Coldamp on it, and
//! every test of the online half uses it. The binary `coldamp-sandbox` serves it; no binary that handles real assets links it.
//!
//! ```text
//! client ─ HTTP ─► server ─► faults ─┬─► esplora ─► chain      blocks, mempool, what the node would refuse
//!                                    └─► amp ─► ledger ─┘      or another ledger: a real node
//!          control: mine, reorganise, forget, faults ─► chain
//!          treasury: coins and assets of both kinds, by real transactions ─► chain
//!          founding: the treasury of a newcomer ─► chain, amp
//! ```
//!
//! [`chain`], [`esplora`] and [`amp`] are functions over a state, without sockets, clock or randomness: the same calls give
//! the same answers, byte for byte. [`server`] puts them on 127.0.0.1, with [`faults`] in between: answers that are slow, broken, dropped or held back.
//!
//! It is not a node. Blocks take no work, there are no peg-ins, only the sandbox issues new assets, and taproot spends are
//! not checked. What it refuses, it refuses as Elements does, in the same words.

pub mod amp;
pub mod chain;
pub mod esplora;
pub mod exchange;
pub mod faults;
#[cfg(test)]
mod fixture;
pub mod founding;
pub mod ledger;
mod secp;
pub mod server;
pub mod treasury;

pub use server::{PASSWORD, Sandbox, SandboxError, Settings, USERNAME};
