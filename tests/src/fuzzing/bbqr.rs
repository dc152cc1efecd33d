//! QR codes, as a camera brings them.

use coldamp_core::transport::bbqr::{FileType, Join, split};

fn joined(frames: &[String]) -> Vec<u8> {
    let mut join = Join::new();
    for frame in frames {
        join.add(frame).expect("a frame of our own");
    }
    join.file().expect("a row of our own").expect("a whole row")
}

/// Lines of scanned text. A file that comes of them is no larger than one of its type may be, and comes back when it is shown.
///
/// # Panics
///
/// If it does not.
pub fn bbqr_join(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let mut join = Join::new();
    for line in text.lines() {
        let before = (join.have(), join.missing());
        let taken = join.add(line);
        if taken != Ok(true) {
            assert_eq!((join.have(), join.missing()), before, "what was not taken changed the row");
        }
        let count = join.count().unwrap_or_default();
        assert_eq!(join.have() + join.missing().len(), count);
        let (Ok(Some(file)), Some(file_type)) = (join.file(), join.file_type()) else { continue };
        assert!(file.len() <= file_type.limit());
        if let Ok(frames) = split(&file, file_type, 2_132) {
            assert_eq!(joined(&frames), file);
        }
        return true;
    }
    false
}

/// A file that is shown comes back. The first byte says how large the frames are.
///
/// # Panics
///
/// If it does not.
pub fn bbqr_split(data: &[u8]) -> bool {
    let Some((size, file)) = data.split_first() else { return false };
    let Ok(frames) = split(file, FileType::Psbt, 16 * (usize::from(*size) + 1)) else { return false };
    assert_eq!(joined(&frames), file);
    true
}
