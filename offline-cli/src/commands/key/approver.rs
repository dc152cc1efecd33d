//! `coldamp key approver`: the public key with which the owner of a keystore approves for a treasury.

use coldamp_cli::{Failure, output, screen};

use crate::args::KeystoreArguments;
use crate::commands::unlock::unlock;
use crate::entropy::blinded_secp;

/// Prints the key.
///
/// # Errors
/// When the keystore does not open or stdout takes nothing.
pub(super) fn run(arguments: &KeystoreArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, arguments)?;
    let key = keystore.approver(&secp).map_err(Failure::internal)?.public_key();
    screen::say(
        "name it under `approvers` in the policy file of the treasury, on the machine that signs for it",
    );
    Ok(output::print(&key.to_string())?)
}
