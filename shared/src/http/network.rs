//! Connections: encryption, proxies and errors, worded the same for both clients.

use crate::error::{Error, ErrorKind};
use crate::text;
use base64::prelude::{BASE64_STANDARD, Engine};
use hyper_util::client::proxy::matcher::Matcher;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;
use url::{Host, Url};

/// How far a request got before its connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// No response yet.
    Headers,
    /// In the middle of the body.
    Body,
}

/// The error of a server that sent nothing for `limit`.
pub fn timeout(stage: Stage, limit: Duration) -> Error {
    let limit = text::seconds(limit);
    let message = match stage {
        Stage::Headers => format!("timeout: no response within {limit}"),
        Stage::Body => format!("timeout: no data for {limit}"),
    };
    Error::new(ErrorKind::Timeout, message)
}

/// The error of a connection that was closed before the response was complete.
pub(crate) fn closed(stage: Stage) -> Error {
    let message = match stage {
        Stage::Headers => "the connection was closed before a response arrived",
        Stage::Body => "the body was cut short",
    };
    Error::new(ErrorKind::Incomplete, message)
}

/// The error of a proxy that refuses the connection or has an invalid address.
pub(crate) fn proxy_error() -> Error {
    Error::new(ErrorKind::Connect, "the proxy refuses the connection")
}

/// The error of a host name that cannot be resolved.
pub(crate) fn unknown_host() -> Error {
    cannot_connect("unknown host")
}

/// The error of a response that is not valid HTTP.
pub(crate) fn not_http() -> Error {
    Error::new(ErrorKind::Protocol, "the response is not valid HTTP")
}

/// Converts an error from ureq or reqwest. The first known error in its chain of causes decides.
pub fn connection_error(stage: Stage, error: &(dyn StdError + 'static)) -> Error {
    for error in causes(error) {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return tls_error(error);
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            if error.is_parse() {
                return not_http();
            }
            if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
                return closed(stage);
            }
        }
        if let Some(error) = error.downcast_ref::<io::Error>()
            && cause(error).is_none_or(|it| !it.is::<rustls::Error>() && !it.is::<io::Error>())
        {
            return io_error(stage, error);
        }
    }
    let detail = text::excerpt(&error.to_string());
    Error::new(ErrorKind::Connect, format!("the connection failed: {detail}"))
}

/// An error, its cause, the cause of that, and so on.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// The direct cause. For an `io::Error`, this is the wrapped error, which `source` skips.
fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    }
}

fn io_error(stage: Stage, error: &io::Error) -> Error {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidData,
        InvalidInput, NotConnected, TimedOut, UnexpectedEof,
    };
    match error.kind() {
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected => {
            closed(stage)
        }
        InvalidData | InvalidInput => not_http(),
        ConnectionRefused => cannot_connect("connection refused"),
        TimedOut => cannot_connect("the host does not respond"),
        _ => cannot_connect(&text::excerpt(&error.to_string())),
    }
}

fn cannot_connect(detail: &str) -> Error {
    Error::new(ErrorKind::Connect, format!("cannot connect: {detail}"))
}

/// The error of an encrypted connection that failed.
pub(crate) fn tls_error(error: &rustls::Error) -> Error {
    let message = format!("no secure connection: {}", text::excerpt(&error.to_string()));
    let kind = match error {
        // Permanent: a retry does not make a certificate trusted.
        rustls::Error::InvalidCertificate(_) => ErrorKind::Certificate,
        _ => ErrorKind::Connect,
    };
    Error::new(kind, message).with_source(error.clone())
}

/// Makes ring the process's cryptography provider, which both clients use.
pub fn install_crypto() {
    // Fails only if a provider is already installed.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Whether the host is this machine. Requests to it bypass the proxy, whatever the variables say.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The proxy that the environment sets for a URL, with its user and password. `None` if the request
/// goes directly to its host.
///
/// Reads the variables as curl does, with the library that reqwest uses. ureq's own parser does not
/// support address ranges in `NO_PROXY`, and panics on an unsupported proxy.
///
/// # Errors
/// If the proxy's scheme is neither http nor https.
pub fn proxy(url: &Url) -> Result<Option<Url>, Error> {
    let uri = url.as_str().parse().ok().filter(|_| !is_local(url));
    let Some(proxy) = uri.and_then(|uri| Matcher::from_env().intercept(&uri)) else {
        return Ok(None);
    };
    let address = Url::parse(&proxy.uri().to_string()).ok();
    let mut address = match address {
        Some(address) if matches!(address.scheme(), "http" | "https") => address,
        _ => return Err(unsupported_proxy(&proxy.uri().to_string())),
    };
    let basic = proxy.basic_auth().and_then(|auth| auth.to_str().ok()?.strip_prefix("Basic "));
    if let Some((user, password)) = basic.and_then(credentials) {
        // Both fail only for URLs without a host.
        let _ = (address.set_username(&user), address.set_password(Some(&password)));
    }
    Ok(Some(address))
}

fn unsupported_proxy(address: &str) -> Error {
    let address = text::excerpt(address);
    let message = format!("the proxy {address} is not supported: only http:// and https:// are");
    Error::new(ErrorKind::Setup, message)
}

/// The user and password in a `Basic` authorization, which is base64.
fn credentials(basic: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(basic).ok()?).ok()?;
    let (user, password) = decoded.split_once(':').unwrap_or((&decoded, ""));
    Some((user.to_owned(), password.to_owned()))
}
