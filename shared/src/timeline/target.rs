//! Where a timeline goes: to the terminal, or to an SVG, HTML or JSON file.

use super::{page, recording::Timeline, svg, text, trace};
use crate::error::{Error, ErrorKind};
use crate::text::is_coloured;
use console::Term;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Where a timeline goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To the terminal, as text.
    Terminal,
    /// To a file, as a picture.
    Svg(PathBuf),
    /// To a file, as a page that replays the run.
    Html(PathBuf),
    /// To a file, as trace events.
    Json(PathBuf),
}

impl Target {
    /// The value of `--timeline` if no file is given.
    pub const TERMINAL: &str = "-";

    /// Parses the value of `--timeline`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        let extension = path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            _ if text == Self::TERMINAL => Ok(Self::Terminal),
            Some("svg") => Ok(Self::Svg(path)),
            Some("html") => Ok(Self::Html(path)),
            Some("json") => Ok(Self::Json(path)),
            _ => Err("the file must end in .svg, .html or .json".into()),
        }
    }

    /// The file; `None` if the timeline goes to the terminal.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Terminal => None,
            Self::Svg(path) | Self::Html(path) | Self::Json(path) => Some(path),
        }
    }

    /// Checks that the file can be written, and creates its folder, before anything is downloaded.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let Some(path) = self.file() else {
            return Ok(());
        };
        let writable = || {
            if path.exists() {
                return OpenOptions::new().write(true).open(path).map(drop);
            }
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            tempfile::tempfile_in(folder).map(drop)
        };
        writable().map_err(|error| unwritable(path, &error))
    }

    /// Draws the timeline into the file, or as text on `term`, which is stdout or stderr.
    pub(crate) fn draw(&self, timeline: &Timeline, term: &Term) -> Result<(), Error> {
        let (path, drawing) = match self {
            Self::Terminal => {
                // `size` returns 80 columns if it isn't a terminal.
                let columns = term.size().1;
                // Fails only if it is closed.
                let _ = term.write_line(&text::draw(timeline, columns.into(), is_coloured(term)));
                return Ok(());
            }
            Self::Svg(path) => (path, svg::draw(std::slice::from_ref(timeline))),
            Self::Html(path) => (path, page::draw(timeline)),
            Self::Json(path) => (path, trace::draw(timeline)),
        };
        fs::write(path, drawing).map_err(|error| unwritable(path, &error))
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::new(ErrorKind::Disk, format!("cannot write the timeline {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_what_is_drawn() {
        assert_eq!(Target::parse("-"), Ok(Target::Terminal));
        assert_eq!(Target::parse("a.b/run.SVG"), Ok(Target::Svg("a.b/run.SVG".into())));
        assert_eq!(Target::parse("run.html"), Ok(Target::Html("run.html".into())));
        assert_eq!(Target::parse("run.json"), Ok(Target::Json("run.json".into())));
        for other in ["", "run", "run.png", "run.htm", "svg", ".svg/"] {
            assert!(Target::parse(other).is_err(), "{other}");
        }
    }
}
