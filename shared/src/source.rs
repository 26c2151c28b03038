//! Where the album comes from: Imgur, another server, or the practice server inside the program.
//!
//! The options `--practice` and `--server` decide. Without them, the variables `CLIENT_ID` and
//! `IMGUR_API_URL` do, from the environment or from a `.env` file.

use crate::env_file::EnvFile;
use crate::error::Error;
use crate::imgur::AlbumId;
use crate::text;
use http::HeaderValue;
use practice::{Server, Settings};
use std::env;
use std::io;
use std::io::ErrorKind::{AddrInUse, PermissionDenied};
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use url::Url;

/// The ports that `--watch` tries, in this order.
const WATCH_PORTS: RangeInclusive<u16> = 8080..=8179;
const IMGUR: &str = "https://api.imgur.com/3";

/// The server that lists the album, and the credentials for it.
#[derive(Clone)]
pub struct Source {
    /// The root of the API, such as `https://api.imgur.com/3`.
    pub api_url: Url,
    /// The value of the `Authorization` header. It is sent only to the API's origin.
    pub authorization: HeaderValue,
    /// The practice server, if it runs inside this program.
    pub practice: Option<Arc<Server>>,
}

impl Source {
    /// Chooses the source. The first case that applies decides:
    ///
    /// 1. With `practice`, it is the practice server inside this program.
    /// 2. With `server`, it is the practice server at that address.
    /// 3. With `CLIENT_ID`, it is the server at `IMGUR_API_URL`, or Imgur if that is not set.
    /// 4. Without credentials, it is the practice server inside this program.
    ///
    /// # Errors
    /// If the variables are incomplete or wrong, or the practice server cannot start.
    pub fn find(practice: bool, server: Option<&Url>) -> Result<Self, Error> {
        let named = if practice { None } else { Self::named(server)? };
        named.map_or_else(|| Self::practice(Server::start(&Settings::default())), Ok)
    }

    /// The second or third case of [`find`](Self::find), or `None`. It starts no server.
    ///
    /// # Errors
    /// If the variables are incomplete or wrong.
    pub fn named(server: Option<&Url>) -> Result<Option<Self>, Error> {
        if let Some(server) = server {
            let url = format!("{}/3", server.as_str().trim_end_matches('/'));
            return Self::imgur("practice", &url).map(Some);
        }
        match credentials()? {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Error::setup("IMGUR_API_URL is set, but CLIENT_ID is not")),
            (Some(id), url) => Self::imgur(&id, url.as_deref().unwrap_or(IMGUR)).map(Some),
        }
    }

    /// Whether Imgur itself lists the album.
    pub fn is_imgur(&self) -> bool {
        is_imgur(&self.api_url)
    }

    fn imgur(client_id: &str, url: &str) -> Result<Self, Error> {
        // The errors do not show the value, which may be the secret, set by mistake.
        let mut authorization = HeaderValue::from_str(&format!("Client-ID {client_id}"))
            .map_err(|_| Error::setup("CLIENT_ID contains invalid characters"))?;
        authorization.set_sensitive(true);
        let api_url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let mut api_url =
            api_url.ok_or_else(|| Error::setup("IMGUR_API_URL is not an http or https address"))?;
        if !api_url.username().is_empty() || api_url.password().is_some() {
            return Err(Error::setup("IMGUR_API_URL must not contain a user or a password"));
        }
        api_url.set_query(None);
        api_url.set_fragment(None);
        Ok(Self { api_url, authorization, practice: None })
    }

    /// The practice server inside this program, for `--watch`: on the first free port from 8080 on.
    ///
    /// # Errors
    /// If there are credentials and `practice` is not set, or the practice server cannot start.
    pub(crate) fn watched(practice: bool) -> Result<Self, Error> {
        if !practice && credentials()? != (None, None) {
            let message =
                "--watch needs the practice album, but there are credentials: add --practice";
            return Err(Error::setup(message));
        }
        for port in WATCH_PORTS {
            let listen = (Ipv4Addr::LOCALHOST, port).into();
            match Server::start(&Settings { listen, ..Settings::default() }) {
                // Windows denies access to the ports that it has reserved.
                Err(error) if matches!(error.kind(), AddrInUse | PermissionDenied) => {}
                started => return Self::practice(started),
            }
        }
        let (first, last) = (WATCH_PORTS.start(), WATCH_PORTS.end());
        Err(Error::setup(format!(
            "--watch needs a free port from {first} to {last}; there is none"
        )))
    }

    fn practice(started: io::Result<Server>) -> Result<Self, Error> {
        let server = started.map_err(|error| {
            Error::setup(format!("cannot start the practice server: {error}")).with_source(error)
        })?;
        let source = Self::imgur("practice", &server.api_url())?;
        Ok(Self { practice: Some(Arc::new(server)), ..source })
    }

    /// The URL of an album's list of images, `/3/album/{id}/images` in <https://apidocs.imgur.com>.
    pub fn album_url(&self, album: &AlbumId) -> Url {
        let mut url = self.api_url.clone();
        url.path_segments_mut().expect("http URLs have a path").pop_if_empty().extend([
            "album",
            &album.to_string(),
            "images",
        ]);
        url
    }
}

/// Whether this is an address of Imgur.
pub(crate) fn is_imgur(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    host == "imgur.com" || host.ends_with(".imgur.com")
}

/// The values of `CLIENT_ID` and `IMGUR_API_URL`. Both come from the environment if either is set
/// there, otherwise both come from the nearest `.env` file. Mixing the two could send an id to a
/// server that it was not meant for.
fn credentials() -> Result<(Option<String>, Option<String>), Error> {
    const NAMES: [&str; 3] = ["CLIENT_ID", "CLIENT_SECRET", "IMGUR_API_URL"];
    let found = (variable("CLIENT_ID")?, variable("IMGUR_API_URL")?);
    if found != (None, None) {
        return Ok(found);
    }
    let Some(file) = EnvFile::nearest(&NAMES)? else { return Ok((None, None)) };
    text::print_error(format_args!("reading {}", text::printable(&file.path.to_string_lossy())));
    let value = |name| file.variables.get(name).and_then(|value| not_blank(value));
    Ok((value("CLIENT_ID"), value("IMGUR_API_URL")))
}

/// The value of an environment variable; `None` if it is not set, empty or blank.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(not_blank(&value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::setup(format!("{name} is not text"))),
    }
}

/// The trimmed value; `None` if it is empty or blank.
fn not_blank(value: &str) -> Option<String> {
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}
