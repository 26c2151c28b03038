//! Where the album comes from: Imgur, another server, or the practice server inside the program.
//!
//! The variables `CLIENT_ID`, `CLIENT_SECRET` and `IMGUR_API_URL` decide, from the environment or
//! from a `.env` file.

use crate::env_file::EnvFile;
use crate::error::{Error, ErrorKind};
use crate::imgur::AlbumId;
use crate::text;
use http::HeaderValue;
use practice::{Server, Settings};
use std::env;
use std::sync::Arc;
use url::Url;

const IMGUR: &str = "https://api.imgur.com/3";

/// The server that lists the album, and the credentials for it.
#[derive(Clone)]
pub struct Source {
    /// The root of the API, such as `https://api.imgur.com/3`.
    pub api_url: Url,
    /// The `Authorization` header. Only the API's host gets it.
    pub authorization: HeaderValue,
    /// The practice server, if it runs inside this program.
    pub practice: Option<Arc<Server>>,
}

impl Source {
    /// The practice server, with `--practice` or without credentials; otherwise the server that the
    /// credentials are for. With `--server` it is that practice server.
    ///
    /// # Errors
    /// If the variables are incomplete or wrong, or the practice server cannot start.
    pub fn find(practice: bool, server: Option<&Url>) -> Result<Self, Error> {
        if practice {
            return Self::practice();
        }
        if let Some(server) = server {
            return Self::imgur(
                "practice",
                &format!("{}/3", server.as_str().trim_end_matches('/')),
            );
        }
        let (client_id, api_url) = credentials()?;
        match (client_id, api_url) {
            (None, None) => Self::practice(),
            (None, Some(_)) => Err(setup("IMGUR_API_URL is set, but CLIENT_ID is not")),
            (Some(id), url) => Self::imgur(&id, url.as_deref().unwrap_or(IMGUR)),
        }
    }

    fn imgur(client_id: &str, url: &str) -> Result<Self, Error> {
        // No error shows the value: it may be the secret, in the wrong place.
        let mut authorization = HeaderValue::from_str(&format!("Client-ID {client_id}"))
            .map_err(|_| setup("CLIENT_ID holds characters that no client id has"))?;
        authorization.set_sensitive(true);
        let api_url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let mut api_url =
            api_url.ok_or_else(|| setup("IMGUR_API_URL is not an http or https address"))?;
        if !api_url.username().is_empty() || api_url.password().is_some() {
            return Err(setup("IMGUR_API_URL must not contain a user or a password"));
        }
        api_url.set_query(None);
        api_url.set_fragment(None);
        Ok(Self { api_url, authorization, practice: None })
    }

    fn practice() -> Result<Self, Error> {
        let server = Server::start(&Settings::default()).map_err(|error| {
            setup(format!("cannot start the practice server: {error}")).with_source(error)
        })?;
        let source = Self::imgur("practice", &server.api_url())?;
        Ok(Self { practice: Some(Arc::new(server)), ..source })
    }

    /// Where an album's images are listed: `GET /3/album/{id}/images`, by
    /// <https://apidocs.imgur.com>.
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

fn setup(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Setup, message)
}

/// `CLIENT_ID` and `IMGUR_API_URL`, both from the environment if it has one of them, otherwise both
/// from the nearest `.env` file: an id must never go to a server that it was not meant for.
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

/// A variable of the environment.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(not_blank(&value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(setup(format!("{name} is not text"))),
    }
}

/// An empty or blank value counts as not set.
fn not_blank(value: &str) -> Option<String> {
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}
