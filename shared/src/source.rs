//! Where the album comes from: Imgur, another server, or the practice server inside the program.
//!
//! The variables `CLIENT_ID`, `CLIENT_SECRET` and `IMGUR_API_URL` decide, from the environment or
//! from a `.env` file.

use crate::error::{Error, ErrorKind};
use crate::imgur::AlbumId;
use http::HeaderValue;
use practice::{Server, Settings};
use std::collections::HashMap;
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
    /// credentials are for.
    ///
    /// # Errors
    /// If the variables are incomplete or wrong, or the practice server cannot start.
    pub fn find(practice: bool) -> Result<Self, Error> {
        if practice {
            return Self::practice();
        }
        let variables = Variables::read()?;
        match (variables.get("CLIENT_ID")?, variables.get("IMGUR_API_URL")?) {
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

/// The environment, with the nearest `.env` file behind it.
struct Variables(HashMap<String, String>);

impl Variables {
    fn read() -> Result<Self, Error> {
        // The parser's own errors quote the line, which may hold the secret.
        let unreadable = || setup("the .env file cannot be read; each line is NAME=value");
        match dotenvy::dotenv_iter() {
            Ok(lines) => lines.collect::<Result<_, _>>().map(Self).map_err(|_| unreadable()),
            Err(error) if error.not_found() => Ok(Self(HashMap::new())),
            Err(dotenvy::Error::Io(error)) => {
                Err(setup(format!("the .env file cannot be read: {error}")).with_source(error))
            }
            Err(_) => Err(unreadable()),
        }
    }

    /// A variable's value; an empty or blank one counts as not set.
    fn get(&self, name: &str) -> Result<Option<String>, Error> {
        let value = match env::var(name) {
            Ok(value) => Some(value),
            Err(env::VarError::NotPresent) => None,
            Err(env::VarError::NotUnicode(_)) => {
                return Err(setup(format!("{name} is not text")));
            }
        };
        let set = |value: &String| !value.trim().is_empty();
        let value = value.filter(set).or_else(|| self.0.get(name).cloned().filter(set));
        Ok(value.map(|value| value.trim().to_owned()))
    }
}
