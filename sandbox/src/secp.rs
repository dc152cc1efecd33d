//! The one secp256k1 context of the sandbox. It is used with keys of no value only.

use std::sync::LazyLock;

use coldamp_core::Secp;

/// For one thread: tests run several sandboxes at a time.
pub(crate) static SECP: LazyLock<Secp> = LazyLock::new(Secp::new);
