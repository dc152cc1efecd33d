//! An embedded Liquid-like chain with Esplora's HTTP API, and AMP's API beside it, on loopback. Newcomers run on it, and every
//! test of the online half talks to it. The binary `coldamp-sandbox` serves it; no binary that handles real assets links it.
//!
//! ```text
//! client ─ HTTP ─► server ─► faults ─┬─► esplora ─► chain      blocks, mempool, what the node would refuse
//!                                    └─► amp ─► ledger ─┘      or another ledger: a real node
//!          control: mine, reorganise, forget, faults ─► chain
//!          treasury: coins and assets of both kinds, by real transactions ─► chain
//!          founding: a treasury as a newcomer finds it ─► chain, amp
//! ```
//!
//! [`chain`], [`esplora`] and [`amp`] are functions over a state, without sockets, clock or randomness: the same calls give
//! the same answers, byte for byte. [`server`] puts them on 127.0.0.1, and [`faults`] between: slow, broken, dropped, held.
//!
//! It is no node. Blocks cost nothing, nobody pegs in, new assets are issued by the sandbox alone, and it judges no taproot
//! spends. What it does refuse it refuses as Elements does, and in its words.

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
