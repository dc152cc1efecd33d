//! UR codes, as a camera brings them.

use coldamp_core::limits::MAX_PSET_BYTES;
use coldamp_online::ur::UrJoin;

/// Lines of scanned text. No more is kept than there are pieces, what is refused changes nothing, and a file is no larger than a
/// PSET may be.
///
/// # Panics
///
/// If that does not hold.
pub fn ur_join(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let mut join = UrJoin::new();
    for line in text.lines() {
        let before = join.have();
        match join.add(line) {
            Ok(true) => assert_eq!(join.have(), before + 1),
            Ok(false) | Err(_) => assert_eq!(join.have(), before, "what was not taken changed the row"),
        }
        assert!(join.have() <= join.count().unwrap_or_default());
        let Ok(Some(file)) = join.file() else { continue };
        assert!(file.len() <= MAX_PSET_BYTES);
        return true;
    }
    false
}
