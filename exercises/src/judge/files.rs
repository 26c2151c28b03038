//! The files that a submission has left in its folder.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The folder in which a submission saves images.
pub const DOWNLOADS: &str = "downloads";

/// Limits how many files and folders are visited. The albums of the checks have fewer than 100
/// images.
const MAX_PATHS: usize = 2_000;
/// Limits how many bytes of all files together are read. An album is smaller.
const MAX_BYTES: u64 = 64 << 20;

/// All files below a folder, by relative path, with slashes. Beyond the limits, files are cut or
/// skipped.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut bytes_left = MAX_BYTES;
    let mut paths = vec![folder.to_owned()];
    for _ in 0..MAX_PATHS {
        let Some(path) = paths.pop() else { break };
        // Symbolic links aren't followed, because they can lead anywhere. Only regular files are
        // opened: opening a pipe would block.
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            let room = MAX_PATHS.saturating_sub(paths.len());
            paths.extend(entries.take(room).map(|entry| entry.path()));
        } else if metadata.is_file()
            && let (Ok(inside), Ok(file)) = (path.strip_prefix(folder), File::open(&path))
        {
            let mut bytes = Vec::new();
            // A file that can't be read to its end counts as one with the wrong content.
            let _ = file.take(bytes_left).read_to_end(&mut bytes);
            bytes_left -= bytes.len() as u64;
            let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
            found.insert(parts.join("/"), bytes);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        use std::os::unix::fs::symlink;
        let (dir, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        fs::write(elsewhere.path().join("secret"), "1234").unwrap();
        fs::create_dir(dir.path().join("downloads")).unwrap();
        fs::write(dir.path().join("downloads/a.png"), "image").unwrap();
        symlink(elsewhere.path(), dir.path().join("folder")).unwrap();
        symlink(elsewhere.path().join("secret"), dir.path().join("file")).unwrap();
        symlink(dir.path(), dir.path().join("downloads/loop")).unwrap();
        let expected = BTreeMap::from([("downloads/a.png".to_owned(), b"image".to_vec())]);
        assert_eq!(files(dir.path()), expected);

        let link = elsewhere.path().join("link");
        symlink(dir.path(), &link).unwrap();
        assert_eq!(files(&link), BTreeMap::new());
    }

    #[test]
    fn no_more_than_the_limits_is_read() {
        let dir = TempDir::new().unwrap();
        for name in ["a", "b"] {
            File::create(dir.path().join(name)).unwrap().set_len(MAX_BYTES).unwrap();
        }
        let read: usize = files(dir.path()).values().map(Vec::len).sum();
        assert_eq!(read as u64, MAX_BYTES);

        for number in 0..=MAX_PATHS {
            File::create(dir.path().join(number.to_string())).unwrap();
        }
        assert!(files(dir.path()).len() < MAX_PATHS);
    }
}
