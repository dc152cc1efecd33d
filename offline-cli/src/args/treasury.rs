//! What the commands about treasuries of several keys take.

use std::path::PathBuf;

use clap::Args;
use coldamp_core::elements::bitcoin::bip32::{ChildNumber, DerivationPath};

use super::KeystoreArguments;

/// Steps that a path may have; descriptors have three or four.
const MAX_STEPS: usize = 10;

/// Which key.
#[derive(Args)]
pub(crate) struct AccountArguments {
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// Its path from the master key; m/48h/COINh/0h/2h (BIP-48) when not given, COIN 1776 on liquid and 1 elsewhere
    #[arg(long, value_name = "PATH", value_parser = hardened_path)]
    pub(crate) path: Option<DerivationPath>,
}

/// Which treasury.
#[derive(Args)]
pub(crate) struct RegisterArguments {
    /// The treasury's CT descriptor, the same file for every signer
    #[arg(value_name = "DESCRIPTOR_FILE")]
    pub(crate) descriptor: PathBuf,
    #[command(flatten)]
    pub(crate) keystore: KeystoreArguments,
    /// Replace a treasury that was registered before, and for which nothing was signed
    #[arg(long)]
    pub(crate) replace: bool,
}

/// Reads a path whose steps are all hardened. Of an extended key below a step that is not, one private key of an address gives the
/// private key above it (BIP-32, "Security").
fn hardened_path(text: &str) -> Result<DerivationPath, &'static str> {
    const EXPECTED: &str = "expected hardened steps from the master key, as in m/48h/1776h/0h/2h";
    let path: DerivationPath = text.replace('H', "h").parse().map_err(|_| EXPECTED)?;
    let steps: &[ChildNumber] = path.as_ref();
    let is_hardened = |step: &ChildNumber| matches!(step, ChildNumber::Hardened { .. });
    let is_account = !steps.is_empty() && steps.len() <= MAX_STEPS && steps.iter().all(is_hardened);
    if is_account { Ok(path) } else { Err(EXPECTED) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_hardened_steps_alone() {
        for text in ["m/48h/1h/0h/2h", "48'/1'/0'/2'", "m/48H/1h/0'/2h"] {
            let path = hardened_path(text).unwrap().to_string().replace('\'', "h");
            assert_eq!(path.trim_start_matches("m/"), "48h/1h/0h/2h", "{text}");
        }
        let long = format!("m{}", "/1h".repeat(11));
        for text in ["", "m", "m/", "m/48h/1h/0h/2", "m/48h//0h", "m/2147483648h", "48hh", "x", &long] {
            assert!(hardened_path(text).is_err(), "{text}");
        }
    }
}
