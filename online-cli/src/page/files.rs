//! The files of the page, found at run time and read once: what is not among them does not exist, whatever a path says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use coldamp_cli::input;
use coldamp_cli::screen::printable_path;

/// Bytes that one file of the page may have; the single file with everything in it has some two million.
const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// Files that a page may have.
const MAX_FILES: usize = 200;

/// The page, by path.
pub(crate) struct Files(BTreeMap<String, File>);

/// One of them.
pub(super) struct File {
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Why a folder is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FilesError {
    /// The folder or a file in it cannot be read.
    #[error("{}: {reason}", printable_path(path))]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// The system's error.
        reason: String,
    },
    /// No index.html.
    #[error("{}: found no index.html", printable_path(folder))]
    NoIndex {
        /// The folder.
        folder: PathBuf,
    },
    /// More files than any page has.
    #[error("{}: found more than {MAX_FILES} files", printable_path(folder))]
    TooMany {
        /// The folder.
        folder: PathBuf,
    },
}

impl Files {
    /// Where a page lies that nobody names: beside the binary, or where `cargo xtask web` leaves it for a binary that
    /// cargo built. Never below the working folder, which anybody may have filled.
    pub(crate) fn usual_place() -> Option<PathBuf> {
        let binary = std::env::current_exe().ok()?;
        let folder = binary.parent()?;
        let built = folder.parent().and_then(Path::parent).map(|root| root.join("web").join("dist"));
        let places = [Some(folder.join("page")), built];
        places.into_iter().flatten().find(|place| place.join("index.html").is_file())
    }

    /// Reads a folder and those in it.
    ///
    /// # Errors
    /// When it is no page.
    pub(crate) fn read(folder: &Path) -> Result<Self, FilesError> {
        let mut files = BTreeMap::new();
        collect(folder, folder, "", &mut files)?;
        let index = files
            .get("/index.html")
            .map(|index: &File| File { content_type: index.content_type, bytes: index.bytes.clone() });
        let index = index.ok_or_else(|| FilesError::NoIndex { folder: folder.to_owned() })?;
        files.insert("/".to_owned(), index);
        Ok(Files(files))
    }

    /// The file at a path.
    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }
}

fn collect(
    root: &Path,
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, File>,
) -> Result<(), FilesError> {
    let unreadable = |path: &Path, reason: String| FilesError::Unreadable { path: path.to_owned(), reason };
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error.to_string()))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, error.to_string()))?;
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let kind = entry.file_type().map_err(|error| unreadable(&path, error.to_string()))?;
        if files.len() >= MAX_FILES {
            return Err(FilesError::TooMany { folder: root.to_owned() });
        }
        if kind.is_dir() {
            collect(root, &path, &format!("{prefix}/{name}"), files)?;
        } else if kind.is_file()
            && let Some(content_type) = content_type(&name)
        {
            let bytes = input::read_file(&path, MAX_FILE_BYTES)
                .map_err(|error| unreadable(&path, error.to_string()))?;
            files.insert(format!("{prefix}/{name}"), File { content_type, bytes });
        }
    }
    Ok(())
}

/// By the name; what a page is not made of is not served.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match Path::new(name).extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "webmanifest" | "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test's own files, in a folder of its own")]
    fn page(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        folder
    }

    #[test]
    fn every_file_of_the_page_is_at_its_path_and_nothing_else_is() {
        let folder = page(&["index.html", "assets/a.js", "assets/b.wasm", "notes.md"]);
        let files = Files::read(folder.path()).unwrap();
        assert_eq!(files.get("/").unwrap().bytes, b"index.html");
        assert_eq!(files.get("/assets/a.js").unwrap().content_type, "text/javascript; charset=utf-8");
        assert_eq!(files.get("/assets/b.wasm").unwrap().content_type, "application/wasm");
        for path in
            ["/notes.md", "/assets", "/assets/", "/../Cargo.toml", "//index.html", "/assets/../index.html"]
        {
            assert!(files.get(path).is_none(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_page_is_not_followed() {
        let folder = page(&["index.html"]);
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("secret.txt")).unwrap();
        assert!(Files::read(folder.path()).unwrap().get("/secret.txt").is_none());
    }

    #[test]
    fn a_folder_without_an_index_is_no_page() {
        let folder = page(&["a.js"]);
        assert!(matches!(Files::read(folder.path()), Err(FilesError::NoIndex { .. })));
    }
}
