//! The secp256k1 context of a command.

use coldamp_cli::threads::ThreadsArguments;
use coldamp_core::Secp;
use coldamp_core::elements::secp256k1_zkp::Secp256k1;

/// A context for as many threads as the arguments say. It is not blinded against side channels: this machine has no key that
/// can spend.
pub(crate) fn secp(arguments: &ThreadsArguments) -> Secp {
    Secp::with(Secp256k1::new(), arguments.threads())
}
