//! The rules of a server: what can be changed on its page while it runs.

use crate::settings::{Settings, Sharing};
use serde::Deserialize;
use serde_json::{Value, json};
use std::ops::RangeInclusive;
use std::time::Duration;

/// How requests are treated. The server reads the rules anew for each request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The delay of each response.
    pub latency: Duration,
    /// Bytes per second that all responses share. None: no limit.
    pub link_rate: Option<u64>,
    /// Who gets an equal share of the link.
    pub sharing: Sharing,
    /// The round trips of one latency that a new connection takes before its first response.
    pub handshake: u32,
    /// Whether a new connection sends little at first, and twice as much after each round trip.
    pub slow_start: bool,
    /// The percentage of image requests that get an injected failure (status 503).
    pub failure_rate: u8,
    /// Max image requests in flight; any above it gets status 429. None: no limit.
    pub limit: Option<usize>,
}

impl Rules {
    /// The rules at the server's start.
    pub fn new(settings: &Settings) -> Self {
        Self {
            latency: settings.latency,
            link_rate: settings.link_rate,
            sharing: settings.sharing,
            handshake: settings.handshake,
            slow_start: settings.slow_start,
            failure_rate: 0,
            limit: settings.limit,
        }
    }

    /// Whether the image request of this index, counted over all clients, gets an injected failure.
    ///
    /// The fractions of the golden ratio's multiples are spread evenly, so the rate holds for any
    /// hundred consecutive requests. They have no period that could send all failures to one
    /// program.
    pub fn injects_failure(&self, index: u64) -> bool {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        u128::from(index.wrapping_mul(GOLDEN)) * 100 < u128::from(self.failure_rate) << 64
    }

    /// Changes the rules that a JSON object names, such as `{"latency": 300, "limit": null}`, in the
    /// units of the options of `practice-server`: milliseconds, megabytes per second (0: no limit),
    /// percent. The link is shared per `"client"` or per `"request"`. Changes nothing if one of the
    /// values is out of bounds.
    ///
    /// # Errors
    ///
    /// Returns a message for the page if a value is out of bounds.
    pub fn change(&mut self, change: &Value) -> Result<(), String> {
        let mut new = *self;
        if let Some(value) = change.get("latency") {
            const MAX: u32 = Settings::MAX_LATENCY;
            let latency = value.as_u64().filter(|it| *it <= MAX.into());
            let latency = latency.ok_or_else(|| format!("latency: 0 to {MAX} milliseconds"))?;
            new.latency = Duration::from_millis(latency);
        }
        if let Some(value) = change.get("link_rate") {
            const RATES: RangeInclusive<f64> = Settings::LINK_RATES;
            let rate = value.as_f64().filter(|it| *it == 0.0 || RATES.contains(it));
            let rate = rate.ok_or_else(|| {
                let (min, max) = (RATES.start(), RATES.end());
                format!("link rate: {min} to {max} megabytes per second, or 0 for no limit")
            })?;
            new.link_rate = (rate > 0.0).then_some((rate * 1e6) as u64);
        }
        if let Some(value) = change.get("sharing") {
            let sharing = Sharing::deserialize(value);
            new.sharing = sharing.map_err(|_| "sharing: per client or per request")?;
        }
        if let Some(value) = change.get("handshake") {
            const MAX: u32 = Settings::MAX_HANDSHAKE;
            let round_trips = value.as_u64().filter(|it| *it <= MAX.into());
            new.handshake = round_trips.ok_or(format!("handshake: 0 to {MAX} round trips"))? as u32;
        }
        if let Some(value) = change.get("slow_start") {
            new.slow_start = value.as_bool().ok_or("slow start: on or off")?;
        }
        if let Some(value) = change.get("failure_rate") {
            let rate = value.as_u64().filter(|it| *it <= 100);
            new.failure_rate = rate.ok_or("injected failures: 0 to 100 percent")? as u8;
        }
        if let Some(value) = change.get("limit") {
            new.limit = requests(value).map_err(|bounds| format!("limit: {bounds}"))?;
        }
        *self = new;
        Ok(())
    }

    /// What differs from earlier rules, in words: `latency 83 → 500 ms`.
    pub fn changes_since(self, earlier: Self) -> Vec<String> {
        const UNITS: [(&str, &str, &str); 7] = [
            ("latency", "latency", " ms"),
            ("link_rate", "link", " MB/s"),
            ("sharing", "link shared per", ""),
            ("handshake", "handshake", " round trips"),
            ("slow_start", "slow start", ""),
            ("failure_rate", "injected failures", " %"),
            ("limit", "limit", " in flight"),
        ];
        let text = |value: &Value| match value {
            Value::Null => "none".to_owned(),
            Value::Bool(is_on) => if *is_on { "on" } else { "off" }.to_owned(),
            Value::String(text) => text.clone(),
            number => number.as_f64().unwrap_or_default().to_string(),
        };
        let (old, new) = (earlier.to_json(), self.to_json());
        let changed = UNITS.iter().filter(|(key, ..)| old[key] != new[key]);
        let words = changed.map(|(key, name, unit)| {
            format!("{name} {} → {}{unit}", text(&old[key]), text(&new[key]))
        });
        words.collect()
    }

    /// The rules as JSON, in the units of [`Rules::change`].
    pub fn to_json(self) -> Value {
        json!({
            "latency": self.latency.as_millis() as u64,
            "link_rate": self.link_rate.map_or(0.0, |rate| rate as f64 / 1e6),
            "sharing": self.sharing,
            "handshake": self.handshake,
            "slow_start": self.slow_start,
            "failure_rate": self.failure_rate,
            "limit": self.limit,
        })
    }
}

/// Parses the number of requests in a limit or a gate. `null` means no limit, or no gate. The error
/// names the bounds.
pub fn requests(value: &Value) -> Result<Option<usize>, String> {
    const MAX: u32 = Settings::MAX_REQUESTS;
    match value.as_u64().filter(|it| (1..=MAX.into()).contains(it)) {
        Some(number) => Ok(Some(number as usize)),
        None if value.is_null() => Ok(None),
        None => Err(format!("1 to {MAX}, or empty")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unlimited() -> Rules {
        Rules::new(&Settings { link_rate: None, ..Settings::default() })
    }

    #[test]
    fn the_failure_rate_holds_for_each_hundred_requests() {
        for failure_rate in [0, 1, 10, 33, 50, 99, 100] {
            let rules = Rules { failure_rate, ..unlimited() };
            for first in [0, 7, 1_000, u64::MAX / 2] {
                let failures =
                    (first..first + 100).filter(|index| rules.injects_failure(*index)).count();
                assert!(failures.abs_diff(failure_rate.into()) <= 3, "{failures}: {rules:?}");
            }
        }
        let always = Rules { failure_rate: 100, ..unlimited() };
        assert!((0..1_000).all(|index| !unlimited().injects_failure(index)));
        assert!((0..1_000).all(|index| always.injects_failure(index)));
    }

    #[test]
    fn a_change_affects_only_what_it_names_and_an_invalid_one_nothing() {
        let mut rules = unlimited();
        rules.change(&json!({"latency": 300, "limit": 5})).unwrap();
        assert_eq!(
            rules,
            Rules { latency: Duration::from_millis(300), limit: Some(5), ..unlimited() }
        );
        rules.change(&json!({"link_rate": 0.5, "failure_rate": 100, "limit": null})).unwrap();
        assert_eq!((rules.link_rate, rules.failure_rate, rules.limit), (Some(500_000), 100, None));
        rules.change(&json!({"sharing": "request"})).unwrap();
        assert_eq!(rules.sharing, Sharing::PerRequest);
        rules.change(&json!({"sharing": "client"})).unwrap();
        assert_eq!(rules.sharing, Sharing::PerClient);
        rules.change(&json!({"handshake": 10, "slow_start": true})).unwrap();
        assert_eq!((rules.handshake, rules.slow_start), (10, true));
        rules.change(&json!({"latency": 10_000, "link_rate": 0.05, "limit": 10_000})).unwrap();
        assert_eq!((rules.link_rate, rules.limit), (Some(50_000), Some(10_000)));
        let before = rules;
        for change in [
            json!({"latency": 5, "failure_rate": 101}),
            json!({"latency": -1}),
            json!({"latency": "5"}),
            json!({"latency": null}),
            json!({"latency": 10_001}),
            json!({"link_rate": 0.049}),
            json!({"link_rate": 100_001}),
            json!({"link_rate": -1}),
            json!({"sharing": "both"}),
            json!({"sharing": null}),
            json!({"handshake": 11}),
            json!({"handshake": null}),
            json!({"slow_start": 1}),
            json!({"limit": 0}),
            json!({"limit": 1.5}),
            json!({"limit": 10_001}),
        ] {
            assert!(rules.change(&change).is_err(), "{change}");
            assert_eq!(rules, before, "{change}");
        }
    }
}
