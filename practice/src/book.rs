//! The book, as `mdbook build` makes it.
//!
//! All files are read at the start. A request only looks its path up among their names, so that no
//! path leads out of the folder, and no request waits for the disk.

use bytes::Bytes;
use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

/// The name of a folder's page.
const INDEX: &str = "index.html";

/// The files of a built book.
#[derive(Clone)]
pub struct Book(Arc<HashMap<String, Bytes>>);

impl Book {
    /// Reads all files of a folder, except what symbolic links lead to.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or if the folder has no `index.html`.
    pub fn read(folder: &Path) -> io::Result<Self> {
        if !folder.join(INDEX).is_file() {
            let message =
                "it has no index.html. `mdbook build docs` builds the book into the folder `book`";
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let mut files = HashMap::new();
        read_into(&mut files, folder, "")?;
        Ok(Self(Arc::new(files)))
    }

    /// The file of this name, such as `exercises/index.html`, and its media type.
    pub fn file(&self, name: &str) -> Option<(Bytes, &'static str)> {
        Some((self.0.get(name)?.clone(), media_type(name)))
    }

    /// Whether this is the name of a folder that has a page.
    pub fn is_folder(&self, name: &str) -> bool {
        self.0.contains_key(&format!("{name}/{INDEX}"))
    }

    /// The name of the page of a folder: `""` or a name that ends with a slash.
    pub fn index(folder: &str) -> String {
        format!("{folder}{INDEX}")
    }
}

impl Debug for Book {
    fn fmt(&self, formatter: &mut Formatter) -> fmt::Result {
        write!(formatter, "Book({} files)", self.0.len())
    }
}

/// Reads the files of a folder; `prefix` comes before their names.
fn read_into(files: &mut HashMap<String, Bytes>, folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A name that isn't Unicode cannot be in a link.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_into(files, &entry.path(), &format!("{prefix}{name}/"))?;
        } else if kind.is_file() {
            drop(files.insert(format!("{prefix}{name}"), fs::read(entry.path())?.into()));
        }
    }
    Ok(())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("md" | "rs" | "txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml; charset=utf-8",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff") => "font/woff",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
