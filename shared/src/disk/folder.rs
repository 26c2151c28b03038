//! The folder that `--out` names. Each image has a temporary name until it is complete.

use crate::error::{Error, ErrorKind};
use crate::imgur::Image;
use crate::options::Options;
#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, PoisonError, RwLock, RwLockWriteGuard};
use std::thread;
use std::time::Duration;
use tempfile::{NamedTempFile, PersistError};

/// Prefix of all temporary files' names.
const PREFIX: &str = ".part-";
/// The folder of the thumbnails, inside the folder of the images.
const THUMBNAILS: &str = "thumbnails";
/// Maximum number of times that a rename is retried while Windows refuses it: for a second in all.
const RENAME_RETRIES: u32 = 20;
/// Time between two attempts to rename.
const RENAME_INTERVAL: Duration = Duration::from_millis(50);

/// Prefix of the names of this process's temporary files.
static OWN_PREFIX: LazyLock<String> =
    LazyLock::new(|| format!("{PREFIX}{:08x}-", fastrand::u32(..)));

/// Locked for reading while a file is created or renamed; locked for writing when the process is
/// about to end.
static OPEN: RwLock<()> = RwLock::new(());

/// A folder for images.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// While this exists, the process creates and renames no file in any folder.
#[must_use]
pub struct Closed {
    _guard: RwLockWriteGuard<'static, ()>,
}

impl Folder {
    /// Creates the folder if it is missing, and checks that files can be created in it. With
    /// `--thumbnails`, also creates the folder for the thumbnails.
    ///
    /// # Errors
    /// If the folder cannot be created or written to.
    pub fn open(options: &Options) -> Result<Self, Error> {
        let folder = Self::at(&options.out);
        make(&folder.0)?;
        drop(folder.temporary_file().map_err(|error| unusable(&folder.0, error))?);
        if options.thumbnails {
            make(&folder.0.join(THUMBNAILS))?;
        }
        Ok(folder)
    }

    /// The folder at this path, which need not exist.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Creates a temporary file for an image.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn create(&self, image: &Image) -> Result<PartialFile, Error> {
        Ok(PartialFile {
            file: self.temporary_file().map_err(Error::disk)?,
            written: 0,
            target: self.path(image),
            min_size: image.size,
        })
    }

    /// The path of an image once it is saved.
    pub(crate) fn path(&self, image: &Image) -> PathBuf {
        self.0.join(&image.name)
    }

    /// Saves the thumbnail of an image.
    pub(super) fn keep_thumbnail(&self, image: &Image, bytes: &[u8]) -> Result<(), Error> {
        let written = self.temporary_file().and_then(|mut file| {
            file.write_all(bytes)?;
            rename(file, &self.0.join(THUMBNAILS).join(&image.name))
        });
        written.map_err(|error| {
            let message = format!("cannot write the thumbnail: {error}");
            Error::new(ErrorKind::Disk, message).with_source(error)
        })
    }

    fn temporary_file(&self) -> io::Result<NamedTempFile> {
        loop {
            let open = OPEN.read();
            let mut builder = tempfile::Builder::new();
            let builder = builder.prefix(OWN_PREFIX.as_str()).suffix("");
            #[cfg(unix)]
            let builder = {
                use std::os::unix::fs::PermissionsExt;
                // The usual mode of a new file; tempfile's default lets only the owner read files.
                builder.permissions(Permissions::from_mode(0o666))
            };
            let file = builder.tempfile_in(&self.0)?;
            drop(open);
            // The lock tells other runs that the file is in use. On a file system without locks,
            // locking is an error for all runs, and none of them removes the temporary files of
            // others.
            let locked = !matches!(file.as_file().try_lock(), Err(fs::TryLockError::WouldBlock));
            if locked && file.path().exists() {
                return Ok(file);
            }
            // Another run took the file for a leftover and removed it just before it was locked.
            // The loop creates another one.
        }
    }

    /// Removes the temporary files that no running process has locked.
    pub(crate) fn clean(&self) {
        for path in self.temporary_files(PREFIX) {
            // Skips pipes: opening one would block.
            if !path.symlink_metadata().is_ok_and(|data| data.is_file()) {
                continue;
            }
            // The lock is held until the file is removed: no other run starts to use it meanwhile.
            let Ok(file) = File::open(&path) else { continue };
            if file.try_lock().is_ok() {
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Removes this process's temporary files and prevents new ones, right before the process ends.
    pub fn close(&self) -> Closed {
        let guard = OPEN.write().unwrap_or_else(PoisonError::into_inner);
        for path in self.temporary_files(&OWN_PREFIX) {
            let _ = fs::remove_file(path);
        }
        self.clean();
        Closed { _guard: guard }
    }

    fn temporary_files(&self, prefix: &str) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let named = entries.filter(move |entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name.starts_with(prefix) && is_temporary(name))
        });
        named.map(|entry| entry.path())
    }
}

/// Whether this is the name of a temporary file: [`PREFIX`], eight hex digits for the process, `-`,
/// and six letters or digits for the file.
fn is_temporary(name: &str) -> bool {
    let Some((process, file)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-'))
    else {
        return false;
    };
    process.len() == 8
        && process.bytes().all(|byte| byte.is_ascii_hexdigit())
        && file.len() == 6
        && file.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The temporary file of an image that is being written. Dropping it removes the file.
#[derive(Debug)]
pub struct PartialFile {
    file: NamedTempFile,
    written: u64,
    target: PathBuf,
    min_size: Option<u64>,
}

impl PartialFile {
    /// Gives the file its final name, if it is complete. Returns its size in bytes.
    ///
    /// Replaces an existing file. Also replaces a symbolic link, and does not write through it.
    ///
    /// # Errors
    /// If the file is empty or smaller than the album says, or cannot be renamed.
    pub fn keep(self) -> Result<u64, Error> {
        let bytes = self.written;
        if bytes == 0 {
            return Err(Error::new(ErrorKind::Content, "the image is empty"));
        }
        if let Some(size) = self.min_size.filter(|size| bytes < *size) {
            let message = format!("received {bytes} bytes, the album says {size}");
            return Err(Error::new(ErrorKind::Incomplete, message));
        }
        rename(self.file, &self.target).map_err(Error::disk)?;
        Ok(bytes)
    }
}

impl Write for PartialFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Gives a temporary file its final name.
///
/// Windows refuses to replace a file that another program has open; a virus scanner, for example,
/// opens a new file for a moment. In that case the thread retries for up to a second.
fn rename(file: NamedTempFile, path: &Path) -> io::Result<()> {
    rename_with_retries(file, path, || thread::sleep(RENAME_INTERVAL))
}

fn rename_with_retries(
    mut file: NamedTempFile,
    path: &Path,
    mut wait: impl FnMut(),
) -> io::Result<()> {
    for _ in 0..RENAME_RETRIES {
        match rename_once(file, path) {
            Err(refused) if is_open_elsewhere(&refused.error) && !path.is_dir() => {
                file = refused.file;
                wait();
            }
            renamed => return renamed.map_err(|refused| refused.error),
        }
    }
    rename_once(file, path).map_err(|refused| refused.error)
}

fn rename_once(file: NamedTempFile, path: &Path) -> Result<(), PersistError> {
    let _open = OPEN.read();
    file.persist(path).map(drop)
}

/// Whether this may be Windows' error for a file that another program has open.
fn is_open_elsewhere(error: &io::Error) -> bool {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    cfg!(windows) && matches!(error.raw_os_error(), Some(ACCESS_DENIED | SHARING_VIOLATION))
}

fn make(folder: &Path) -> Result<(), Error> {
    if folder.is_file() {
        return Err(unusable(folder, io::ErrorKind::NotADirectory.into()));
    }
    fs::create_dir_all(folder).map_err(|error| unusable(folder, error))
}

fn unusable(folder: &Path, error: io::Error) -> Error {
    let name = folder.display();
    let message = format!("cannot use the folder {name}: {error}; choose another one with --out");
    Error::new(ErrorKind::Disk, message).with_source(error)
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt;
    use tempfile::TempDir;

    /// A folder, the path of a file `a.png` in it, the same file opened so that it cannot be
    /// replaced, and a temporary file.
    fn file_in_use() -> (TempDir, PathBuf, File, NamedTempFile) {
        let dir = TempDir::new().unwrap();
        let target = dir.path().join("a.png");
        fs::write(&target, "old").unwrap();
        let in_use = OpenOptions::new().read(true).share_mode(0).open(&target).unwrap();
        let mut file = NamedTempFile::new_in(&dir).unwrap();
        file.write_all(b"new").unwrap();
        (dir, target, in_use, file)
    }

    #[test]
    fn a_file_that_is_open_elsewhere_is_replaced_once_it_is_closed() {
        let (_dir, target, in_use, file) = file_in_use();
        let mut in_use = Some(in_use);
        let mut waits = 0;
        let renamed = rename_with_retries(file, &target, || {
            waits += 1;
            if waits == 3 {
                in_use = None;
            }
        });
        renamed.unwrap();
        assert_eq!(waits, 3);
        assert_eq!(fs::read(target).unwrap(), b"new");
    }

    #[test]
    fn a_file_that_stays_open_elsewhere_is_an_error_and_no_temporary_file_is_left() {
        let (dir, target, in_use, file) = file_in_use();
        let mut waits = 0;
        let error = rename_with_retries(file, &target, || waits += 1).unwrap_err();
        assert!(is_open_elsewhere(&error), "{error}");
        assert_eq!(waits, RENAME_RETRIES);
        drop(in_use);
        assert_eq!(fs::read(target).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_of_that_name_is_an_error_at_once() {
        let dir = TempDir::new().unwrap();
        let file = NamedTempFile::new_in(&dir).unwrap();
        let target = dir.path().join("a.png");
        fs::create_dir(&target).unwrap();
        rename_with_retries(file, &target, || panic!("it waits")).unwrap_err();
    }
}
