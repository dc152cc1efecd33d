//! What we make, judged by a real elementsd wherever `ELEMENTSD_EXEC` names one; elsewhere each test says that it was
//! skipped.
//!
//! Every job of every scenario is carried through core once. A node that replays the scenario's chain then reads the
//! PSET ([`pset`]), serves as its chain source ([`prepare`]), judges the transaction ([`mempool`]) and what others could make of it ([`swap`]), and, once it is
//! mined, tells from wallets of the same keys what the report has to say ([`payload`]). Where `ELECTRS_EXEC` or `ESPLORA_URL` names a
//! real Esplora server as well, the jobs run over it too ([`esplora`]).

mod conflict;
mod cosigners;
mod esplora;
mod issue;
mod job;
mod mempool;
mod moving_in;
mod online;
mod payload;
mod peers;
mod prepare;
mod pset;
mod quorum;
mod swap;
mod treasury;
