//! What can break between a client and a server, in the same words for both clients; and which
//! way the requests go.

use crate::fault::Fault;
use crate::text;
use base64::prelude::{BASE64_STANDARD, Engine};
use hyper_util::client::proxy::matcher::Matcher;
use std::error::Error;
use std::io;
use std::time::Duration;
use url::Url;

/// How far a request had come when it broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// No answer yet.
    Head,
    /// In the middle of the body.
    Body,
}

/// The fault of a server that was silent for this long.
pub fn silent(stage: Stage, limit: Duration) -> Fault {
    let limit = text::seconds(limit);
    Fault::passing(match stage {
        Stage::Head => format!("time-out: no answer within {limit}"),
        Stage::Body => format!("time-out: nothing came for {limit}"),
    })
}

/// The fault of a connection that the other side closed before all was said.
pub fn hung_up(stage: Stage) -> Fault {
    Fault::passing(match stage {
        Stage::Head => "the connection was closed before an answer came",
        Stage::Body => "the body was cut short",
    })
}

/// The fault of a proxy that does not work, or whose address makes no sense.
pub(crate) fn bad_proxy() -> Fault {
    Fault::passing("the proxy does not let us through")
}

/// The fault of a host whose name nobody knows.
pub(crate) fn unknown_host() -> Fault {
    Fault::passing("cannot connect: the name of the host is not known")
}

/// The fault of an answer that is not HTTP.
pub(crate) fn not_http() -> Fault {
    Fault::lasting("the answer is not proper HTTP")
}

/// The fault behind an error of a client, found among its causes.
pub fn broken(stage: Stage, error: &(dyn Error + 'static)) -> Fault {
    for error in causes(error) {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return insecure(error);
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            if error.is_parse() {
                return not_http();
            }
            if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
                return hung_up(stage);
            }
        }
        if let Some(error) = error.downcast_ref::<io::Error>()
            && cause(error).is_none_or(|it| !it.is::<rustls::Error>() && !it.is::<io::Error>())
        {
            return interrupted(stage, error);
        }
    }
    Fault::passing(format!("the connection failed: {}", text::excerpt(&error.to_string())))
}

/// An error, what caused it, what caused that, and so on.
pub fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// What an `io::Error` wraps is not what it calls its source.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    }
}

fn interrupted(stage: Stage, error: &io::Error) -> Fault {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidData,
        InvalidInput, NotConnected, TimedOut, UnexpectedEof,
    };
    match error.kind() {
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected => {
            hung_up(stage)
        }
        InvalidData | InvalidInput => not_http(),
        ConnectionRefused => Fault::passing("cannot connect: connection refused"),
        TimedOut => Fault::passing("cannot connect: the host does not answer"),
        _ => Fault::passing(format!("cannot connect: {}", text::excerpt(&error.to_string()))),
    }
}

/// The fault of an encrypted connection that did not come about.
pub(crate) fn insecure(error: &rustls::Error) -> Fault {
    let message = format!("no secure connection: {}", text::excerpt(&error.to_string()));
    match error {
        // A certificate that is not trusted now will not be trusted in a second.
        rustls::Error::InvalidCertificate(_) => Fault::lasting(message),
        _ => Fault::passing(message),
    }
}

/// Makes the encryption that both clients use the one of this process.
pub fn encryption() {
    // It fails only if it was done before.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Whether a request goes straight to its host, whatever the proxy variables say.
fn is_local(url: &Url) -> bool {
    url.host_str() == Some("127.0.0.1")
}

/// The proxy that the environment names for a URL, with its user and password.
pub fn proxy(url: &Url) -> Option<String> {
    if is_local(url) {
        return None;
    }
    let proxy = Matcher::from_env().intercept(&url.as_str().parse().ok()?)?;
    let mut address = Url::parse(&proxy.uri().to_string()).ok()?;
    let basic = proxy.basic_auth().and_then(|auth| auth.to_str().ok()?.strip_prefix("Basic "));
    if let Some(basic) = basic {
        let decoded = String::from_utf8(BASE64_STANDARD.decode(basic).ok()?).ok()?;
        let (user, password) = decoded.split_once(':').unwrap_or((&decoded, ""));
        address.set_username(user).ok()?;
        address.set_password(Some(password)).ok()?;
    }
    Some(address.into())
}
