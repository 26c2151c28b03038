//! The folder of the `--out` option. Each image has a temporary name until it is complete.

use crate::error::{Error, ErrorKind};
use crate::imgur::Image;
use crate::options::Options;
#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, PoisonError, RwLock, RwLockWriteGuard};
use tempfile::NamedTempFile;

/// What the names of all temporary files begin with.
const PREFIX: &str = ".part-";
/// The folder of the thumbnails, inside the folder of the images.
const THUMBNAILS: &str = "thumbnails";

/// What the names of this process's temporary files begin with.
static OWN_PREFIX: LazyLock<String> =
    LazyLock::new(|| format!("{PREFIX}{:08x}-", fastrand::u32(..)));

/// Locked for reading while a file appears or gets its final name; locked for writing once the
/// process is about to end.
static OPEN: RwLock<()> = RwLock::new(());

/// A folder for images.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// As long as this exists, no file of this process appears in any folder.
#[must_use]
pub struct Closed {
    _guard: RwLockWriteGuard<'static, ()>,
}

impl Folder {
    /// Makes the folder if it is missing, and checks that files can be made in it. With
    /// `--thumbnails` it also makes their folder.
    ///
    /// # Errors
    /// If the folder cannot be made or written to.
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

    /// Makes a temporary file for an image.
    ///
    /// # Errors
    /// If the disk refuses.
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
                // As for any new file; tempfile's default makes files private to their owner.
                builder.permissions(Permissions::from_mode(0o666))
            };
            let file = builder.tempfile_in(&self.0)?;
            drop(open);
            // The lock tells other runs that the file is in use. File systems without locks refuse
            // it, and there other runs leave all temporary files alone.
            let locked = !matches!(file.as_file().try_lock(), Err(fs::TryLockError::WouldBlock));
            if locked && file.path().exists() {
                return Ok(file);
            }
            // Another run removed it as a leftover in the moment before it was locked.
        }
    }

    /// Removes the temporary files that no running process holds.
    pub(crate) fn clean(&self) {
        for path in self.temporary_files(PREFIX) {
            // Opening a pipe would wait for its other end.
            if !path.symlink_metadata().is_ok_and(|data| data.is_file()) {
                continue;
            }
            // The lock is held until the file is removed, so that no run starts to use it meanwhile.
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

/// Whether a file's name is a temporary one: eight hex digits for the process, six letters or
/// digits for the file.
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

/// An image's file that is being written. It is removed if it is dropped.
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
    /// An existing file is replaced, and so is a symbolic link, which is not written through.
    ///
    /// # Errors
    /// If the file is empty or smaller than the album says, or the disk refuses.
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
fn rename(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let open = OPEN.read();
    let renamed = file.persist(path);
    drop(open);
    renamed.map(drop).map_err(|error| error.error)
}

fn make(folder: &Path) -> Result<(), Error> {
    if folder.is_file() {
        return Err(unusable(folder, io::ErrorKind::NotADirectory.into()));
    }
    fs::create_dir_all(folder).map_err(|error| unusable(folder, error))
}

fn unusable(folder: &Path, error: io::Error) -> Error {
    let message = format!("cannot use the folder {}: {error}", folder.display());
    Error::new(ErrorKind::Disk, message).with_source(error)
}
