//! What the process gives up before it meets a secret: core dumps, being traced, and being swapped out.

use std::path::Path;

use coldamp_cli::input::read_file;
use coldamp_cli::screen;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bytes of /proc/swaps, a line a swap file.
const MAX_SWAPS_BYTES: usize = 64 * 1024;

/// Closes the ways by which memory ends up in files and logs.
///
/// Best effort: where the system refuses, the operator is no worse off than with any other program, and a machine
/// that cannot sign at all would be the greater harm.
pub(crate) fn harden() {
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let _ = lock_memory();
}

/// Keeps the process's memory out of swap, as far as the system lets it: all of it, and all that is to come, where there is
/// no limit; else what is there now, which is called for once more when a secret has come in. With a limit, pages that are
/// to come stay as they are: scrypt takes 256 MiB at once, and with those locked too it would be refused.
///
/// # Errors
/// When the system does not lock it.
#[cfg(target_os = "linux")]
pub(crate) fn lock_memory() -> rustix::io::Result<()> {
    use rustix::mm::{MlockAllFlags, mlockall};

    let limit = getrlimit(Resource::Memlock);
    let _ = setrlimit(Resource::Memlock, Rlimit { current: limit.maximum, maximum: limit.maximum });
    match limit.maximum {
        // On fault: a page that was never touched holds nothing.
        None => mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT),
        Some(_) => mlockall(MlockAllFlags::CURRENT | MlockAllFlags::ONFAULT),
    }
}

/// The same where there is no such call.
///
/// # Errors
/// Always: nothing is locked.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lock_memory() -> rustix::io::Result<()> {
    Err(rustix::io::Errno::NOSYS)
}

/// Locks the memory that holds a secret by now, and warns where it cannot and swap is on: what is swapped out stays on the
/// disk after the machine is off. Without swap there is nothing to warn of.
pub(crate) fn keep_secrets_in_memory() {
    if lock_memory().is_err() && swap_is_on() {
        screen::warn(
            "this system does not let the keys' memory be locked, and swap is on: parts of the seed may be written to the disk. Turn swap off on this machine (swapoff -a, and its line in /etc/fstab)",
        );
    }
}

/// Whether Linux has a file or partition to swap to: /proc/swaps then has a line below its heading.
fn swap_is_on() -> bool {
    let swaps = read_file(Path::new("/proc/swaps"), MAX_SWAPS_BYTES);
    swaps.is_ok_and(|bytes| bytes.iter().filter(|byte| **byte == b'\n').count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hardened_process_leaves_no_core_dump() {
        harden();
        assert_eq!(rustix::process::getrlimit(Resource::Core).current, Some(0));
        #[cfg(target_os = "linux")]
        assert_eq!(
            rustix::process::dumpable_behavior().unwrap(),
            rustix::process::DumpableBehavior::NotDumpable
        );
    }
}
