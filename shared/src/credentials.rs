//! Where the album comes from, by the three variables `CLIENT_ID`, `CLIENT_SECRET` and
//! `IMGUR_API_URL`, from the environment or from a `.env` file.

use crate::fault::Fault;
use http::HeaderValue;
use practice::{Server, Settings};
use std::collections::HashMap;
use std::env;
use std::sync::Arc;
use url::Url;

const IMGUR: &str = "https://api.imgur.com/3";

/// The server that is asked for the album, and who asks.
#[derive(Clone)]
pub struct Source {
    /// Where the API begins, such as `https://api.imgur.com/3`.
    pub api_url: Url,
    /// The `Authorization` header for the API's host, and for no other.
    pub authorization: HeaderValue,
    /// The practice server, where it runs inside this program.
    pub practice: Option<Arc<Server>>,
}

impl Source {
    /// The practice album, if it is asked for or there are no credentials; otherwise Imgur.
    pub fn find(practice: bool) -> Result<Self, Fault> {
        if practice {
            return Self::practice();
        }
        let variables = Variables::read()?;
        match (variables.get("CLIENT_ID")?, variables.get("IMGUR_API_URL")?) {
            (None, None) => Self::practice(),
            (None, Some(_)) => Err(Fault::lasting("IMGUR_API_URL is set, but CLIENT_ID is not")),
            (Some(id), url) => Self::imgur(&id, url.as_deref().unwrap_or(IMGUR)),
        }
    }

    fn imgur(client_id: &str, url: &str) -> Result<Self, Fault> {
        // The value itself is never shown: it may be a secret that was put in the wrong place.
        let mut authorization = HeaderValue::from_str(&format!("Client-ID {client_id}"))
            .map_err(|_| Fault::lasting("CLIENT_ID holds characters that no client id has"))?;
        authorization.set_sensitive(true);
        let api_url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let mut api_url =
            api_url.ok_or_else(|| Fault::lasting("IMGUR_API_URL is no http or https address"))?;
        api_url.set_query(None);
        api_url.set_fragment(None);
        Ok(Self { api_url, authorization, practice: None })
    }

    fn practice() -> Result<Self, Fault> {
        let server = Server::start(&Settings::default()).map_err(|error| {
            Fault::lasting(format!("cannot start the practice server: {error}"))
        })?;
        let source = Self::imgur("practice", &server.api_url())?;
        Ok(Self { practice: Some(Arc::new(server)), ..source })
    }
}

/// The environment, and behind it the nearest `.env` file.
struct Variables(HashMap<String, String>);

impl Variables {
    fn read() -> Result<Self, Fault> {
        // The parser's own errors quote the line, which may hold the secret.
        let unreadable = || Fault::lasting("the .env file cannot be read; each line is NAME=value");
        match dotenvy::dotenv_iter() {
            Ok(lines) => lines.collect::<Result<_, _>>().map(Self).map_err(|_| unreadable()),
            Err(error) if error.not_found() => Ok(Self(HashMap::new())),
            Err(dotenvy::Error::Io(error)) => {
                Err(Fault::lasting(format!("the .env file cannot be read: {error}")))
            }
            Err(_) => Err(unreadable()),
        }
    }

    /// A variable's value; an empty or blank one counts as not set.
    fn get(&self, name: &str) -> Result<Option<String>, Fault> {
        let value = match env::var(name) {
            Ok(value) => Some(value),
            Err(env::VarError::NotPresent) => None,
            Err(env::VarError::NotUnicode(_)) => {
                return Err(Fault::lasting(format!("{name} is not text")));
            }
        };
        let set = |value: &String| !value.trim().is_empty();
        let value = value.filter(set).or_else(|| self.0.get(name).cloned().filter(set));
        Ok(value.map(|value| value.trim().to_owned()))
    }
}
