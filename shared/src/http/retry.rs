//! Which errors are retried, and after what delay.

use crate::error::{Error, ErrorKind};
use crate::imgur::error_message;
use crate::progress::{Event, Progress};
use backon::{BackoffBuilder, ExponentialBuilder};
use http::{HeaderMap, StatusCode, header};
use std::time::{Duration, SystemTime};

/// Fixed part of the first delay. It doubles for each further delay; jitter adds up to as much
/// again.
const MIN_DELAY: Duration = Duration::from_millis(200);
/// Maximum `Retry-After` that is honoured, and maximum fixed part of a delay.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);

/// Whether a retry may help.
pub fn is_transient(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Incomplete
        | ErrorKind::Unavailable(_) => true,
        ErrorKind::Setup
        | ErrorKind::Link
        | ErrorKind::Certificate
        | ErrorKind::Protocol
        | ErrorKind::Refused
        | ErrorKind::Content
        | ErrorKind::Disk
        | ErrorKind::Worker => false,
    }
}

/// The error of a response whose status is not 200, with the message in its body if that arrived.
pub fn status_error(
    status: StatusCode,
    headers: &HeaderMap,
    body: Result<Vec<u8>, Error>,
) -> Error {
    // Imgur sends 403 for a wrong client id, which is permanent, and also when it is over capacity,
    // which is transient. Only the body tells the two apart, so without it a retry may help. Any
    // other status is enough by itself.
    let is_forbidden = status == StatusCode::FORBIDDEN;
    let (message, may_be_busy) = match body {
        Ok(body) => {
            let message = error_message(&body);
            let is_busy = message.to_lowercase().contains("over capacity");
            (message, is_forbidden && is_busy)
        }
        Err(error) if is_forbidden && is_transient(error.kind()) => (error.to_string(), true),
        Err(_) => (String::new(), false),
    };
    let mut text = match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    };
    if !message.is_empty() {
        text = format!("{text}: {message}");
    }
    let is_transient = may_be_busy
        || status.is_server_error()
        || status == StatusCode::REQUEST_TIMEOUT
        || status == StatusCode::TOO_MANY_REQUESTS;
    if !is_transient {
        return Error::new(ErrorKind::Refused, text);
    }
    let wait = headers
        .get(header::RETRY_AFTER)
        .and_then(|value| retry_after(value.to_str().ok()?, SystemTime::now()));
    match wait {
        Some(wait) if wait > MAX_RETRY_AFTER => {
            Error::new(ErrorKind::Refused, format!("{text}; retry {}", when(wait)))
        }
        wait => Error::new(ErrorKind::Unavailable(wait), text),
    }
}

/// `Retry-After` as a duration from now: seconds, or a date (RFC 9110, section 10.2.3).
///
/// `None` for zero, a date in the past, and anything that is neither.
fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that does not fit into `u64` means a very long time.
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(value).ok()?.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait)
}

fn when(wait: Duration) -> String {
    const YEAR: Duration = Duration::from_hours(365 * 24);
    match SystemTime::now().checked_add(wait) {
        Some(then) if wait < YEAR => {
            let date = httpdate::fmt_http_date(then);
            format!("after {} s, not before {date}", wait.as_secs())
        }
        _ => format!("after {} s", wait.as_secs()),
    }
}

/// The attempts at one request, and the delays between them.
pub struct Backoff<'a> {
    delays: <ExponentialBuilder as BackoffBuilder>::Backoff,
    /// Number of failed attempts.
    failed: usize,
    progress: &'a dyn Progress,
}

impl<'a> Backoff<'a> {
    /// Allows `retries` retries after the first attempt. Each failed attempt that is retried is
    /// reported to `progress`.
    ///
    /// Each delay has a fixed part and a random part (jitter) of up to the same length. Without
    /// jitter, clients that failed together would retry together.
    pub fn new(retries: usize, progress: &'a dyn Progress) -> Self {
        let delays = ExponentialBuilder::default()
            .with_min_delay(MIN_DELAY)
            .with_max_delay(MAX_RETRY_AFTER)
            .with_max_times(retries)
            .with_jitter();
        Self { delays: delays.build(), failed: 0, progress }
    }

    /// Whether the next attempt is a retry.
    pub fn is_retry(&self) -> bool {
        self.failed > 0
    }

    /// The delay before the next attempt.
    ///
    /// # Errors
    /// Returns `error` if it is permanent or no retries are left. After several attempts, its
    /// message says how many there were.
    pub fn delay(&mut self, error: Error) -> Result<Duration, Error> {
        self.failed += 1;
        let delay = if is_transient(error.kind()) { self.delays.next() } else { None };
        let Some(delay) = delay else {
            return Err(error.after_attempts(self.failed));
        };
        self.progress.report(Event::Failed(error.to_string()));
        match error.kind() {
            // At least as long as the server says. The backoff on top spreads out the clients.
            ErrorKind::Unavailable(Some(wait)) => Ok(wait + delay),
            _ => Ok(delay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, retry_after: &str, message: &str) -> ErrorKind {
        error(status, retry_after, message).kind()
    }

    fn error(status: u16, retry_after: &str, message: &str) -> Error {
        let mut headers = HeaderMap::new();
        headers.extend([(header::RETRY_AFTER, retry_after.parse().unwrap())]);
        let body = serde_json::json!({"data": {"error": message}}).to_string();
        status_error(StatusCode::from_u16(status).unwrap(), &headers, Ok(body.into_bytes()))
    }

    const UNAVAILABLE: ErrorKind = ErrorKind::Unavailable(None);

    #[test]
    fn only_transient_statuses_are_retried() {
        for status in [408, 429, 500, 502, 503, 504, 599] {
            assert_eq!(kind(status, "", ""), UNAVAILABLE, "{status}");
        }
        for status in [204, 206, 301, 400, 401, 403, 404, 410, 416, 451] {
            assert_eq!(kind(status, "", ""), ErrorKind::Refused, "{status}");
        }
        let busy = "Imgur is temporarily Over Capacity. Please try again later.";
        assert_eq!(kind(403, "", busy), UNAVAILABLE);
        assert_eq!(kind(404, "", busy), ErrorKind::Refused);
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_minute() {
        let after = |seconds| ErrorKind::Unavailable(Some(Duration::from_secs(seconds)));
        assert_eq!(kind(429, "2", ""), after(2));
        assert_eq!(kind(503, "60", ""), after(60));
        assert_eq!(kind(429, "61", ""), ErrorKind::Refused);
        assert_eq!(kind(429, "99999999999999999999999", ""), ErrorKind::Refused);
        for nonsense in ["0", "-1", "1.5", "soon", "", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert_eq!(kind(429, nonsense, ""), UNAVAILABLE, "{nonsense}");
        }
        assert_eq!(kind(404, "2", ""), ErrorKind::Refused);
    }

    #[test]
    fn a_long_wait_says_until_when() {
        let message = error(429, "86400", "").to_string();
        assert!(message.contains("86400 s") && message.contains("GMT"), "{message}");
        assert!(error(429, &u64::MAX.to_string(), "").to_string().contains("after"));
    }

    #[test]
    fn a_date_counts_from_now() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let wait = retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now);
        assert_eq!(wait, Some(Duration::from_secs(10)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:27 GMT", now), None);
    }

    fn transient() -> Error {
        Error::new(ErrorKind::Timeout, "no")
    }

    #[test]
    fn delays_grow_and_end() {
        let mut backoff = Backoff::new(5, &());
        let delays: Vec<_> = std::iter::from_fn(|| backoff.delay(transient()).ok()).collect();
        assert_eq!(delays.len(), 5);
        for (index, delay) in delays.iter().enumerate() {
            let min = MIN_DELAY * 2_u32.pow(index as u32);
            assert!((min..=min * 2).contains(delay), "{index}: {delay:?}");
        }
    }

    #[test]
    fn the_last_error_says_how_many_attempts_failed() {
        let mut backoff = Backoff::new(1, &());
        assert!(!backoff.is_retry());
        assert!(backoff.delay(transient()).is_ok());
        assert!(backoff.is_retry());
        assert_eq!(backoff.delay(transient()).unwrap_err().to_string(), "no (2 attempts)");
        assert_eq!(Backoff::new(0, &()).delay(transient()).unwrap_err().to_string(), "no");
    }

    #[test]
    fn a_permanent_error_is_not_retried() {
        let permanent = Error::new(ErrorKind::Disk, "full");
        assert_eq!(Backoff::new(5, &()).delay(permanent).unwrap_err().to_string(), "full");
    }

    #[test]
    fn a_retry_waits_at_least_as_long_as_the_server_asks() {
        let wait = Duration::from_secs(7);
        let delay = Backoff::new(5, &()).delay(Error::new(ErrorKind::Unavailable(Some(wait)), ""));
        assert!(delay.unwrap() >= wait + MIN_DELAY);
    }
}
