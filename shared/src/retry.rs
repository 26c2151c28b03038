//! Which faults deserve another try, and how long to wait before it.

use crate::fault::{Fault, Retry};
use crate::progress::{Event, Progress};
use backon::{BackoffBuilder, ExponentialBuilder};
use http::{HeaderMap, StatusCode, header};
use std::time::{Duration, SystemTime};

/// The first pause is this long and up to twice as long; each next one doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// A server that wants a longer pause than this is not waited for.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The tries that are left for one request, and the pauses before them.
pub struct Pauses<'a> {
    backoff: <ExponentialBuilder as BackoffBuilder>::Backoff,
    tries: usize,
    progress: &'a dyn Progress,
}

impl<'a> Pauses<'a> {
    /// As many further tries as `--retries` says. Whoever watches hears of the tries that fail.
    ///
    /// Each pause has a fixed half and a random one, up to as long again (jitter): clients that
    /// failed together must not come back together.
    pub fn new(retries: usize, progress: &'a dyn Progress) -> Self {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(retries)
            .with_jitter();
        Self { backoff: backoff.build(), tries: 0, progress }
    }

    /// How long to wait before the next try. If there is none left, or no use in it, the fault is
    /// final, and says how often it was met.
    pub fn next(&mut self, fault: Fault) -> Result<Duration, Fault> {
        self.tries += 1;
        let pause = match fault.retry {
            Retry::Never => None,
            Retry::Later => self.backoff.next(),
            // At least as long as the server says, and not all clients at the same moment.
            Retry::After(wait) => self.backoff.next().map(|pause| wait + pause),
        };
        match (pause, self.tries) {
            (Some(pause), _) => {
                self.progress.tell(Event::Failed(fault.to_string()));
                Ok(pause)
            }
            (None, 1) => Err(fault),
            (None, tries) => Err(Fault::lasting(format!("{fault} ({tries} tries)"))),
        }
    }
}

/// The fault of an answer whose status is not 200, with what its body says.
pub(crate) fn refused(status: StatusCode, headers: &HeaderMap, words: &str) -> Fault {
    let mut message = match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    };
    if !words.is_empty() {
        message = format!("{message}: {words}");
    }
    // Imgur answers 403 to a wrong client id, which lasts, and also when it is over capacity.
    let passes = status.is_server_error()
        || status == StatusCode::REQUEST_TIMEOUT
        || status == StatusCode::TOO_MANY_REQUESTS
        || (status == StatusCode::FORBIDDEN && words.to_lowercase().contains("over capacity"));
    if !passes {
        return Fault::lasting(message);
    }
    let wait = headers
        .get(header::RETRY_AFTER)
        .and_then(|value| retry_after(value.to_str().ok()?, SystemTime::now()));
    match wait {
        None => Fault::passing(message),
        Some(wait) if wait <= LONGEST_WAIT => Fault::passing(message).with(Retry::After(wait)),
        Some(wait) => Fault::lasting(format!("{message}; retry {}", when(wait))),
    }
}

/// `Retry-After` as a duration from now: seconds, or a date (RFC 9110, 10.2.3).
///
/// None for what asks for no pause or makes no sense: zero, the past, anything else.
fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time, not nonsense.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, retry_after: &str, words: &str) -> Fault {
        let mut headers = HeaderMap::new();
        headers.extend([(header::RETRY_AFTER, retry_after.parse().unwrap())]);
        refused(StatusCode::from_u16(status).unwrap(), &headers, words)
    }

    #[test]
    fn only_faults_that_may_pass_are_tried_again() {
        for status in [408, 429, 500, 502, 503, 504, 599] {
            assert_eq!(refusal(status, "", "").retry, Retry::Later, "{status}");
        }
        for status in [204, 206, 301, 400, 401, 403, 404, 410, 416, 451] {
            assert_eq!(refusal(status, "", "").retry, Retry::Never, "{status}");
        }
        let busy = "Imgur is temporarily Over Capacity. Please try again later.";
        assert_eq!(refusal(403, "", busy).retry, Retry::Later);
        assert_eq!(refusal(404, "", busy).retry, Retry::Never);
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_minute() {
        let after = |seconds| Retry::After(Duration::from_secs(seconds));
        assert_eq!(refusal(429, "2", "").retry, after(2));
        assert_eq!(refusal(503, "60", "").retry, after(60));
        assert_eq!(refusal(429, "61", "").retry, Retry::Never);
        assert_eq!(refusal(429, "99999999999999999999999", "").retry, Retry::Never);
        for senseless in ["0", "-1", "1.5", "soon", "", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert_eq!(refusal(429, senseless, "").retry, Retry::Later, "{senseless}");
        }
        assert_eq!(refusal(404, "2", "").retry, Retry::Never);
    }

    #[test]
    fn a_long_wait_says_until_when() {
        let fault = refusal(429, "86400", "").to_string();
        assert!(fault.contains("86400 s") && fault.contains("GMT"), "{fault}");
        assert!(refusal(429, &u64::MAX.to_string(), "").to_string().contains("after"));
    }

    #[test]
    fn a_date_counts_from_now() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let wait = retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now);
        assert_eq!(wait, Some(Duration::from_secs(10)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:27 GMT", now), None);
    }

    #[test]
    fn pauses_grow_and_end() {
        let fault = || Fault::passing("no");
        let mut pauses = Pauses::new(5, &());
        let waits: Vec<_> = std::iter::from_fn(|| pauses.next(fault()).ok()).collect();
        assert_eq!(waits.len(), 5);
        for (number, wait) in waits.iter().enumerate() {
            let least = FIRST_PAUSE * 2_u32.pow(number as u32);
            assert!((least..=least * 2).contains(wait), "{number}: {wait:?}");
        }
        assert_eq!(Pauses::new(0, &()).next(fault()), Err(fault()));
        assert_eq!(Pauses::new(5, &()).next(Fault::lasting("no")), Err(Fault::lasting("no")));
    }

    #[test]
    fn a_final_fault_says_how_often_it_was_met() {
        let mut pauses = Pauses::new(1, &());
        assert!(pauses.next(Fault::passing("no")).is_ok());
        assert_eq!(pauses.next(Fault::passing("no")).unwrap_err().to_string(), "no (2 tries)");
    }
}
