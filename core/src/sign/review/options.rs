//! What the caller of a review chooses for this one review.

use super::fee_cap::FeeCap;

/// Options of one review. They come from the operator, not from the journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReviewOptions<'a> {
    /// The bytes of the request's own file, if the operator named it. A request in the PSET must be the same bytes.
    pub request: Option<&'a [u8]>,
    /// The fee cap for an asset without a policy. A machine that audits or approves has no policy, so the operator names the
    /// cap of the signing machine.
    pub fee_cap: FeeCap,
    /// Whether a reissue may leave out token outputs that AMP lists: AMP's split token (docs/rules.md#token-inputs).
    pub allow_missing_tokens: bool,
    /// Whether this machine only audits what another machine signed. Rules that need the journal of the signing machine do
    /// not refuse then.
    pub is_audit: bool,
}
