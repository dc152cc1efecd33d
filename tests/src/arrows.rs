//! Who may use whom: the packages of the workspace, what the air-gapped binary links, and the rows of modules inside
//! core. Each check returns what is wrong, a line for each finding, so that it can be tested on workspaces that are.
//!
//! [`workspace`] reads what cargo knows. On it stand [`packages`] (the arrows between members, and who may enable the
//! code that touches private keys) and [`network`] (what the signer may never link). [`rows`] reads core's own source,
//! which [`source`] strips of everything that is not code of the library.

pub mod network;
pub mod packages;
pub mod rows;
mod source;
mod workspace;

pub use source::rust_files;
pub use workspace::Workspace;
