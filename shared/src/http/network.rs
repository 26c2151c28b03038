//! Connections: their errors, in the same words for both clients, encryption and proxies.

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
    Head,
    /// In the middle of the body.
    Body,
}

/// The server sent nothing for this long.
pub fn timeout(stage: Stage, limit: Duration) -> Error {
    let limit = text::seconds(limit);
    let message = match stage {
        Stage::Head => format!("timeout: no response within {limit}"),
        Stage::Body => format!("timeout: no data for {limit}"),
    };
    Error::new(ErrorKind::Timeout, message)
}

/// The server closed the connection before the response was complete.
pub(crate) fn closed(stage: Stage) -> Error {
    let message = match stage {
        Stage::Head => "the connection was closed before a response arrived",
        Stage::Body => "the body was cut short",
    };
    Error::new(ErrorKind::Incomplete, message)
}

/// The proxy refuses the connection, or its address is not one.
pub(crate) fn proxy_error() -> Error {
    Error::new(ErrorKind::Connect, "the proxy refuses the connection")
}

/// The host's name cannot be resolved.
pub(crate) fn unknown_host() -> Error {
    cannot_connect("unknown host")
}

/// The response is not HTTP.
pub(crate) fn not_http() -> Error {
    Error::new(ErrorKind::Protocol, "the response is not valid HTTP")
}

/// Our error for one of a client library, by the first of its causes that is known.
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

/// The direct cause. For an `io::Error` it is the error inside, which `source` skips.
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

/// The encrypted connection cannot be established.
pub(crate) fn tls_error(error: &rustls::Error) -> Error {
    let message = format!("no secure connection: {}", text::excerpt(&error.to_string()));
    let kind = match error {
        // A certificate that is not trusted now will not be trusted in a second.
        rustls::Error::InvalidCertificate(_) => ErrorKind::Certificate,
        _ => ErrorKind::Connect,
    };
    Error::new(kind, message).with_source(error.clone())
}

/// Makes ring the process's provider of cryptography, which both clients then use.
pub fn install_crypto() {
    // It fails only if one is installed already.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// Whether a request goes directly to its host, whatever the proxy variables say.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The proxy that the environment names for a URL, with its user and password.
///
/// The variables are read as curl reads them, by the library that reqwest uses. ureq's own reading
/// knows no `NO_PROXY` ranges and panics on a proxy that it does not support.
///
/// # Errors
/// If the proxy is not an http or https one.
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

/// User and password of a `Basic` authorization.
fn credentials(basic: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(BASE64_STANDARD.decode(basic).ok()?).ok()?;
    let (user, password) = decoded.split_once(':').unwrap_or((&decoded, ""));
    Some((user.to_owned(), password.to_owned()))
}
