//! Tests of [`super`], on the file system of the machine.

#![expect(clippy::disallowed_methods, reason = "the tests make and read files as an operator does")]

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_file_appears_whole_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    check_free(&path).unwrap();
    create_file(&path, b"data").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"data");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(folder.path()), ["new"]);
}

#[test]
fn what_is_there_stays_as_it_is_even_when_the_look_before_was_too_early() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("taken");
    fs::write(&path, b"mine").unwrap();
    assert!(matches!(check_free(&path), Err(OutputError::Exists { .. })));
    assert!(matches!(create_file(&path, b"data"), Err(OutputError::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    assert_eq!(names(folder.path()), ["taken"]);
}

#[test]
fn a_file_of_our_own_is_replaced_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    for content in ["first", "second"] {
        replace_file(&path, content.as_bytes()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
    }
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(folder.path()), ["head"]);
}

/// A file system that has neither an exclusive rename nor hard links, as Linux says it of each kind.
fn refused(errno: Errno) -> impl FnOnce(NamedTempFile, &Path) -> Result<File, PersistError> {
    move |file, _| Err(PersistError { error: errno.into(), file })
}

#[test]
fn without_exclusive_names_a_file_appears_whole_all_the_same_and_over_none() {
    for errno in [Errno::PERM, Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::MLINK] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        create_file_by(&path, b"data", refused(errno)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"data", "{errno}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["new"]);
        let again = create_file_by(&path, b"other", refused(errno));
        assert!(matches!(again, Err(OutputError::Exists { .. })), "{errno}");
        assert_eq!(fs::read(&path).unwrap(), b"data", "{errno}");
        assert_eq!(names(folder.path()), ["new"]);
    }
}

#[test]
fn without_exclusive_names_neither_links_nor_folders_are_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let (link, taken) = (folder.path().join("link"), folder.path().join("taken"));
    std::os::unix::fs::symlink("elsewhere", &link).unwrap();
    fs::create_dir(&taken).unwrap();
    for path in [&link, &taken] {
        let made = create_file_by(path, b"data", refused(Errno::PERM));
        assert!(matches!(made, Err(OutputError::Exists { .. })), "{}", path.display());
    }
    assert!(!folder.path().join("elsewhere").exists());
    assert_eq!(names(folder.path()).len(), 2);
}

#[test]
fn a_name_that_cannot_be_given_for_another_reason_leaves_nothing() {
    for errno in [Errno::NOSPC, Errno::IO, Errno::ROFS, Errno::ACCESS] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new");
        let made = create_file_by(&path, b"data", refused(errno));
        assert!(matches!(made, Err(OutputError::File { .. })), "{errno}");
        assert!(names(folder.path()).is_empty(), "{errno}");
    }
}

#[test]
fn a_reserved_name_is_free_again_if_the_file_cannot_take_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let file = temp_file(folder.path(), b"data").unwrap();
    let reserved = create_reserved(&path).unwrap();
    // The whole file is missing: nothing can take the place of the empty one.
    fs::remove_file(file.path()).unwrap();
    assert!(replace_reserved(file, &reserved, &path).is_err());
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_file_that_somebody_put_in_the_place_of_a_reserved_name_is_neither_replaced_nor_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let reserved = create_reserved(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, b"another's").unwrap();
    let file = temp_file(folder.path(), b"data").unwrap();
    let error = replace_reserved(file, &reserved, &path).unwrap_err();
    assert!(matches!(OutputError::of(&path, error), OutputError::Exists { .. }));
    assert!(remove_created(&reserved, &path).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"another's");
    assert_eq!(names(folder.path()), ["new"]);
    // A link to the reserved file is another file too.
    fs::rename(&path, folder.path().join("target")).unwrap();
    std::os::unix::fs::symlink("target", &path).unwrap();
    let target = File::open(folder.path().join("target")).unwrap();
    assert!(check_created(&target, &path).is_err());
}

#[test]
fn a_link_to_nowhere_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("link");
    std::os::unix::fs::symlink("elsewhere", &path).unwrap();
    assert!(matches!(check_free(&path), Err(OutputError::Exists { .. })));
    assert!(matches!(create_file(&path, b"data"), Err(OutputError::Exists { .. })));
    assert_eq!(names(folder.path()), ["link"]);
}

#[test]
fn what_is_written_in_place_is_a_file_and_neither_a_pipe_nor_a_link() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let folder = tempfile::tempdir().unwrap();
    let (pipe, link, victim) =
        (folder.path().join("pipe"), folder.path().join("link"), folder.path().join("victim"));
    mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    fs::write(&victim, b"mine").unwrap();
    std::os::unix::fs::symlink(&victim, &link).unwrap();
    assert!(open_in_place(&pipe).is_err() && open_in_place(&link).is_err());
    assert!(open_in_place(&victim).is_ok() && open_in_place(&folder.path().join("new")).is_ok());
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
}

#[test]
fn a_name_is_tried_out_with_data_and_nothing_of_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("request.json");
    probe_output(&path, 300_000).unwrap();
    assert!(names(folder.path()).is_empty());
    fs::write(&path, b"mine").unwrap();
    assert!(matches!(probe_output(&path, 1), Err(OutputError::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    // A name that is free and cannot be had: longer than any file system takes.
    let long = folder.path().join("x".repeat(300));
    assert!(probe_output(&long, 1).is_err());
    assert!(probe_output(Path::new("/proc/coldamp-request.json"), 1).is_err());
}

#[test]
fn a_folder_that_does_not_exist_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/new");
    assert!(matches!(check_free(&path), Err(OutputError::File { .. })));
    assert!(matches!(create_file(&path, b"data"), Err(OutputError::File { .. })));
    assert!(names(folder.path()).is_empty());
}
