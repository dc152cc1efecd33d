//! `coldamp key account`: the public key of this keystore for a treasury of several keys.

use coldamp_cli::{Failure, output, screen};

use crate::args::AccountArguments;
use crate::commands::unlock::unlock;
use crate::entropy::blinded_secp;
use crate::keystore::cosigner_path;

/// Prints `[fingerprint/path]xpub`.
///
/// # Errors
/// When the keystore does not open or stdout takes nothing.
pub(super) fn run(arguments: &AccountArguments) -> Result<(), Failure> {
    let secp = blinded_secp()?;
    let keystore = unlock(&secp, &arguments.keystore)?;
    let chain = keystore.network().chain();
    let path = arguments.path.clone().unwrap_or_else(|| cosigner_path(chain));
    let key = keystore.public_key(&secp, &path).map_err(Failure::internal)?;
    screen::say(&format!("network      {chain}"));
    screen::say(
        "Give this line to whoever assembles the treasury's descriptor. It signs nothing. Whoever has it can find the addresses that it is used in.",
    );
    Ok(output::print(&key)?)
}
