//! The one source of randomness: the system's. Blinding and signing take none of it, being functions of content and
//! keys; it has its part in new words, names new things, and blinds the curve operations against side channels.

use coldamp_cli::{Exit, Failure};
use coldamp_core::Secp;
use coldamp_core::elements::secp256k1_zkp::Secp256k1;
use coldamp_core::secp::Threads;
use zeroize::Zeroizing;

/// The system gives no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes: {reason}")]
pub(crate) struct EntropyError {
    /// What it said.
    reason: getrandom::Error,
}

impl From<EntropyError> for Failure {
    fn from(error: EntropyError) -> Self {
        Failure::new(
            Exit::Internal,
            error.to_string(),
            "Nothing was done. Check that the system has /dev/urandom.",
        )
    }
}

/// Fresh random bytes, for what has to differ from everything else.
///
/// # Errors
/// When the system gives none.
pub(crate) fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, EntropyError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut()).map_err(|reason| EntropyError { reason })?;
    Ok(bytes)
}

/// A curve context that is blinded against side channels, for one thread: enough for keys and addresses.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn blinded_secp() -> Result<Secp, EntropyError> {
    blinded_secp_with(Threads::ONE)
}

/// The same for commands that review a PSET, which takes as many threads as there are.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn blinded_secp_with(threads: Threads) -> Result<Secp, EntropyError> {
    let mut context = Secp256k1::new();
    context.seeded_randomize(&*random_bytes()?);
    Ok(Secp::with(context, threads))
}
