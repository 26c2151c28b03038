//! The nearest `.env` file: names and values, in the usual syntax.
//!
//! [dotenvy](https://docs.rs/dotenvy) parses the syntax; this module finds and decodes the file.
//! Malformed lines are ignored unless they set one of our variables, because the file may belong to
//! another program.

use crate::error::Error;
use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The contents of a `.env` file.
pub(crate) struct EnvFile {
    pub path: PathBuf,
    pub variables: HashMap<String, String>,
}

impl EnvFile {
    /// Reads `.env` from the working directory, or from the nearest folder above it that has one.
    /// Returns `None` if there is no such file.
    ///
    /// # Errors
    /// If the file cannot be read, is not text, or has a malformed line for one of `names`.
    pub fn nearest(names: &[&str]) -> Result<Option<Self>, Error> {
        let Ok(folder) = env::current_dir() else { return Ok(None) };
        // Skips folders but accepts pipes: some password managers provide `.env` as a named pipe.
        let is_there = |path: &PathBuf| path.metadata().is_ok_and(|data| !data.is_dir());
        let path = folder.ancestors().map(|folder| folder.join(".env")).find(is_there);
        let Some(path) = path else { return Ok(None) };
        let bytes = fs::read(&path).map_err(|error| {
            Error::setup(format!("cannot read {}: {error}", path.display())).with_source(error)
        })?;
        let variables = parse(&path, &decode(&path, &bytes)?, names)?;
        Ok(Some(Self { path, variables }))
    }
}

/// Decodes UTF-8, or UTF-16 with a byte-order mark, which is what `>` in Windows PowerShell writes.
/// Invalid sequences become U+FFFD. A NUL is an error: the file is UTF-16 without a mark, or not
/// text.
fn decode(path: &Path, bytes: &[u8]) -> Result<String, Error> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        String::from_utf16_lossy(&units.collect::<Vec<_>>())
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    };
    if text.contains('\0') {
        return Err(Error::setup(format!("{} is not text: save it as UTF-8", path.display())));
    }
    Ok(text)
}

/// Parses the variables in the text. A malformed line is an error only if it sets one of `names`;
/// other malformed lines are ignored.
fn parse(path: &Path, text: &str, names: &[&str]) -> Result<HashMap<String, String>, Error> {
    let mut readable = String::new();
    for (line, number) in text.lines().zip(1..) {
        // Parses each line alone: an unclosed quotation mark cannot swallow the lines below it.
        if dotenvy::from_read_iter(line.as_bytes()).all(|item| item.is_ok()) {
            readable.extend([line, "\n"]);
        } else if let Some(name) = names.iter().find(|name| is_for(line, name)) {
            // dotenvy's own error quotes the line, which may hold the secret.
            let path = path.display();
            return Err(Error::setup(format!(
                "{path}, line {number}: {name} must be written {name}=value"
            )));
        }
    }
    // Parses the lines together, so that a value can refer to a variable above it: `B=${A}`.
    Ok(dotenvy::from_read_iter(readable.as_bytes()).filter_map(Result::ok).collect())
}

/// Whether a line begins with this name, with or without `export`.
fn is_for(line: &str, name: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export").map_or(line, str::trim_start);
    let rest = line.strip_prefix(name);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<HashMap<String, String>, String> {
        let path = Path::new("folder/.env");
        let text = decode(path, bytes).map_err(|error| error.to_string())?;
        parse(path, &text, &["CLIENT_ID", "IMGUR_API_URL"]).map_err(|error| error.to_string())
    }

    fn client_id(bytes: &[u8]) -> Option<String> {
        read(bytes).unwrap().remove("CLIENT_ID")
    }

    #[test]
    fn comments_quotes_export_and_line_ends_are_fine() {
        for text in [
            "CLIENT_ID=abc",
            "# mine\r\nexport CLIENT_ID='abc'\r\nCLIENT_SECRET=\r\n",
            "\u{feff}CLIENT_ID=\"abc\" # quoted\n",
            "A=abc\nCLIENT_ID=${A}\n",
        ] {
            assert_eq!(client_id(text.as_bytes()).as_deref(), Some("abc"), "{text:?}");
        }
    }

    #[test]
    fn other_lines_never_fail() {
        let odd =
            ["FOO='open", "no equals sign", "=", "a b=c", "\u{1b}[31m", "X=\"", "CLIENT_IDS x"];
        for line in odd {
            let text = format!("{line}\nCLIENT_ID=abc\n{line}\n");
            assert_eq!(client_id(text.as_bytes()).as_deref(), Some("abc"), "{line:?}");
        }
    }

    #[test]
    fn a_malformed_line_is_named_and_not_quoted() {
        for line in ["CLIENT_ID s3cret", "export CLIENT_ID='s3cret", "CLIENT_ID=s3 cret"] {
            let error = read(format!("A=1\n\n{line}\n").as_bytes()).unwrap_err();
            assert!(error.starts_with("folder/.env, line 3: CLIENT_ID"), "{error}");
            assert!(!error.contains("s3"), "{error}");
        }
    }

    #[test]
    fn utf_16_is_read_if_it_says_so() {
        let units = "CLIENT_ID=abc\r\n".encode_utf16();
        let little: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
        assert_eq!(client_id(&[&[0xff, 0xfe], &little[..]].concat()).as_deref(), Some("abc"));
        assert_eq!(client_id(&[&[0xfe, 0xff], &big[..]].concat()).as_deref(), Some("abc"));
        assert!(read(&little).unwrap_err().contains("folder/.env is not text"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            drop(read(&bytes));
        }
    }
}
