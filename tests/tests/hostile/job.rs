//! The honest jobs that rows start from.

use coldamp_tests::RequestKind;
pub(crate) use coldamp_tests::{Honest, JobName, spends};

pub(crate) const DISTRIBUTE: JobName = (RequestKind::Distribute, "wpkh");
pub(crate) const REISSUE: JobName = (RequestKind::Reissue, "wpkh");
pub(crate) const BURN: JobName = (RequestKind::Burn, "wpkh");
/// One of each.
pub(crate) const EACH: [JobName; 3] = [DISTRIBUTE, REISSUE, BURN];
/// The token lies in two coins.
pub(crate) const REISSUE_SPLIT: JobName = (RequestKind::Reissue, "wpkh-split-token");
/// The asset was issued blinded.
pub(crate) const REISSUE_BLINDED: JobName = (RequestKind::Reissue, "wpkh-blinded-issuance");
