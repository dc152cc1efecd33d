//! The state folder: one file of reservations for each treasury, and one file of the signed files that were broadcast. Each
//! is locked while a command uses it. The logs beside signed files are here as well.

pub(crate) mod coin_file;
pub(crate) mod issue_log;
pub(crate) mod lock_log;
mod locked;
pub(crate) mod log_file;
pub(crate) mod report_log;
pub(crate) mod scan_cache_file;
mod signatures;
mod treasury;

pub(crate) use locked::platform_folder;
pub(crate) use signatures::SignatureState;
pub(crate) use treasury::TreasuryState;
