//! The folder in which the images land: each under a temporary name until it is whole.

use crate::album::Image;
use crate::body::Decoded;
use crate::fault::Fault;
use crate::options::Options;
use http::{HeaderMap, header};
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, RwLock};
use tempfile::NamedTempFile;

/// The largest image that is saved, decoded.
const LARGEST: u64 = 256 << 20;
const PREFIX: &str = ".part-";
/// The folder of the thumbnails, within the one of the images.
const THUMBNAILS: &str = "thumbnails";

/// What this process calls its temporary files, so that it can find them all when it is stopped.
static OURS: LazyLock<String> = LazyLock::new(|| format!("{PREFIX}{:08x}-", fastrand::u32(..)));

/// Taken for reading whenever a temporary file appears or gets its final name, and for writing,
/// for good, once the process is about to end.
static OPEN: RwLock<()> = RwLock::new(());

/// The folder of the `--out` option.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it is missing, and finds out whether it can be written. Also makes the
    /// one for thumbnails, if there are to be any.
    pub fn open(options: &Options) -> Result<Self, Fault> {
        let folder = Self::at(&options.out);
        make(&folder.0)?;
        drop(folder.temporary().map_err(|error| unusable(&folder.0, &error))?);
        if options.thumbnails {
            make(&folder.0.join(THUMBNAILS))?;
        }
        Ok(folder)
    }

    /// A file for this image, to be filled with the body of an answer with these headers.
    pub fn part(&self, image: &Image, headers: &HeaderMap) -> Result<Part, Fault> {
        let length = headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > LARGEST) {
            return Err(Fault::lasting("larger than 256 MiB"));
        }
        let file = self.temporary().map_err(|error| disk(&error))?;
        Ok(Part {
            target: self.path(image),
            size: image.size,
            body: Decoded::new(file, headers, LARGEST)?,
        })
    }

    /// Where an image stands once it is saved.
    pub(crate) fn path(&self, image: &Image) -> PathBuf {
        self.0.join(&image.name)
    }

    /// Saves the thumbnail of an image.
    pub(crate) fn keep_thumbnail(&self, image: &Image, bytes: &[u8]) -> Result<(), Fault> {
        let written = self.temporary().and_then(|mut file| {
            file.write_all(bytes)?;
            keep(file, &self.0.join(THUMBNAILS).join(&image.name))
        });
        written.map_err(|error| Fault::lasting(format!("cannot write the thumbnail: {error}")))
    }

    fn temporary(&self) -> io::Result<NamedTempFile> {
        loop {
            let open = OPEN.read();
            let mut builder = tempfile::Builder::new();
            let file = builder.prefix(OURS.as_str()).suffix("");
            #[cfg(unix)]
            let file = {
                use std::os::unix::fs::PermissionsExt;
                // As for any new file; without it the images would be private to their owner.
                file.permissions(Permissions::from_mode(0o666))
            };
            let file = file.tempfile_in(&self.0)?;
            drop(open);
            // The lock tells other runs that this file is in use. Where file systems know no
            // locks they keep their hands off it, too.
            let locked = !matches!(file.as_file().try_lock(), Err(fs::TryLockError::WouldBlock));
            if locked && file.path().exists() {
                return Ok(file);
            }
            // Another run took it for a left-over in the moment before it was locked.
        }
    }

    /// The folder as it is.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Removes the temporary files that no living process holds.
    pub(crate) fn clean(&self) {
        for path in self.parts(PREFIX) {
            // The lock is held until the file is gone, so that nobody begins to use it meanwhile.
            let Ok(file) = File::open(&path) else { continue };
            if file.try_lock().is_ok() {
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Removes the temporary files of this process and sees to it that no file appears any more.
    /// To be called once, right before the process ends.
    pub fn close(&self) {
        std::mem::forget(OPEN.write());
        for path in self.parts(&OURS) {
            let _ = fs::remove_file(path);
        }
        self.clean();
    }

    fn parts(&self, prefix: &str) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let named = entries.filter(move |entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name.starts_with(prefix) && is_part(name))
        });
        named.map(|entry| entry.path())
    }
}

/// Whether a name is one of a temporary file: eight digits for the process, six letters for it.
fn is_part(name: &str) -> bool {
    let Some((process, file)) = name.strip_prefix(PREFIX).and_then(|it| it.split_once('-')) else {
        return false;
    };
    process.len() == 8
        && process.bytes().all(|byte| byte.is_ascii_hexdigit())
        && file.len() == 6
        && file.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A file that is being written.
#[derive(Debug)]
pub struct Part {
    target: PathBuf,
    size: Option<u64>,
    body: Decoded<NamedTempFile>,
}

impl Part {
    /// How many bytes have been written so far, decoded.
    pub fn written(&self) -> u64 {
        self.body.passed()
    }

    /// Adds the next bytes of the body, as they came over the wire.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.body.write(bytes)
    }

    /// Adds several pieces, in their order.
    pub fn write_all(&mut self, pieces: &[impl AsRef<[u8]>]) -> Result<(), Fault> {
        pieces.iter().try_for_each(|bytes| self.write(bytes.as_ref()))
    }

    /// Gives the file its final name, if it is whole. Returns its size in bytes.
    ///
    /// An existing file is replaced, and so is a symbolic link, which is not written through.
    pub fn keep(self) -> Result<u64, Fault> {
        let (file, bytes) = self.body.finish()?;
        if bytes == 0 {
            return Err(Fault::lasting("the image is empty"));
        }
        if let Some(size) = self.size.filter(|size| bytes < *size) {
            return Err(Fault::passing(format!("{bytes} bytes came, the album says {size}")));
        }
        keep(file, &self.target).map_err(|error| disk(&error))?;
        Ok(bytes)
    }
}

/// Gives a temporary file its final name.
fn keep(file: NamedTempFile, path: &Path) -> io::Result<()> {
    let open = OPEN.read();
    let kept = file.persist(path);
    drop(open);
    kept.map(drop).map_err(|error| error.error)
}

fn make(folder: &Path) -> Result<(), Fault> {
    if folder.is_file() {
        return Err(unusable(folder, &io::ErrorKind::NotADirectory.into()));
    }
    fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))
}

fn unusable(folder: &Path, error: &io::Error) -> Fault {
    Fault::lasting(format!("cannot use the folder {}: {error}", folder.display()))
}

pub(crate) fn disk(error: &io::Error) -> Fault {
    Fault::lasting(format!("cannot write: {error}"))
}
