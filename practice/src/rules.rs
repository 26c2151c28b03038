//! What the teacher may change while the server runs, in one place. The server reads it anew for
//! every request.

use crate::observe::Load;
use serde_json::{Value, json};
use std::time::Duration;

/// How requests are treated from now on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// How long each request travels.
    pub latency: Duration,
    /// How many bytes a second the link carries. None: no limit.
    pub link_rate: Option<u64>,
    /// How many of a hundred images are answered with 503.
    pub faulty: u8,
    /// The most images that are served at once. None: no limit.
    pub limit: Option<usize>,
}

impl Rules {
    /// Whether an image is served, or refused because there are too many at once.
    ///
    /// What comes above the limit is refused, unless its client holds less than its share: the
    /// limit divided by the addresses that hold any, and that by their clients, and at least one. So
    /// one that floods cannot keep the others out. Nor does one that pretends to be many: an address
    /// holds half as much again as its share, and all together twice the limit, and no more.
    pub fn admit(&self, load: Load) -> bool {
        let Some(limit) = self.limit else { return true };
        let of_address = (limit / load.addresses.max(1)).max(1);
        let of_client = (of_address / load.clients.max(1)).max(1);
        let has_room = load.images <= limit.saturating_mul(2)
            && load.of_address <= of_address.saturating_add(of_address / 2);
        load.images <= limit || (has_room && load.own <= of_client)
    }

    /// Whether the image with this number gets a faulty answer.
    ///
    /// The multiples of the golden ratio spread evenly, so that of any hundred images as many are
    /// faulty as should be; and in no rhythm in which a program could always meet the bad ones.
    pub fn spoils(&self, number: u64) -> bool {
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        u128::from(number.wrapping_mul(GOLDEN)) * 100 < u128::from(self.faulty) << 64
    }

    /// Takes over what a JSON object says, such as `{"latency": 300, "limit": null}`: milliseconds,
    /// megabytes a second (0: no limit), percent, requests. What it does not name stays. The bounds
    /// are those of the options of `practice-server`.
    pub fn change(&mut self, wish: &Value) -> Result<(), &'static str> {
        let mut new = *self;
        if let Some(value) = wish.get("latency") {
            let latency = value.as_u64().filter(|it| *it <= u32::MAX.into());
            let latency = latency.ok_or("latency: 0 to 4294967295 milliseconds")?;
            new.latency = Duration::from_millis(latency);
        }
        if let Some(value) = wish.get("link_rate") {
            let rate = value.as_f64().filter(|it| *it == 0.0 || (0.001..=100_000.0).contains(it));
            let rate =
                rate.ok_or("link rate: 0.001 to 100000 megabytes a second, or 0: no limit")?;
            new.link_rate = (rate > 0.0).then_some((rate * 1e6) as u64);
        }
        if let Some(value) = wish.get("faulty") {
            let faulty = value.as_u64().filter(|it| *it <= 100);
            new.faulty = faulty.ok_or("faulty answers: 0 to 100 percent")? as u8;
        }
        if let Some(value) = wish.get("limit") {
            new.limit = at_least_one(value, "limit: 1 to 4294967295, or nothing")?;
        }
        *self = new;
        Ok(())
    }

    /// The same numbers for the page.
    pub fn to_json(self) -> Value {
        json!({
            "latency": self.latency.as_millis() as u64,
            "link_rate": self.link_rate.map_or(0.0, |rate| rate as f64 / 1e6),
            "faulty": self.faulty,
            "limit": self.limit,
        })
    }
}

/// A number of requests, or none.
pub fn at_least_one(value: &Value, otherwise: &'static str) -> Result<Option<usize>, &'static str> {
    if value.is_null() {
        return Ok(None);
    }
    let number = value.as_u64().filter(|it| (1..=u32::MAX.into()).contains(it));
    number.map(|number| Some(number as usize)).ok_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules =
        Rules { latency: Duration::from_millis(83), link_rate: None, faulty: 0, limit: None };

    #[test]
    fn of_any_hundred_images_as_many_are_faulty_as_should_be() {
        for faulty in [0, 1, 10, 33, 50, 99, 100] {
            let rules = Rules { faulty, ..RULES };
            for first in [0, 7, 1_000, u64::MAX / 2] {
                let spoilt = (first..first + 100).filter(|number| rules.spoils(*number)).count();
                assert!(spoilt.abs_diff(faulty.into()) <= 3, "{spoilt} instead of {faulty}");
            }
        }
        assert!((0..1_000).all(|number| !RULES.spoils(number)));
        assert!((0..1_000).all(|number| Rules { faulty: 100, ..RULES }.spoils(number)));
    }

    #[test]
    fn who_floods_keeps_nobody_out_whatever_it_calls_itself() {
        let limited = |limit| Rules { limit: Some(limit), ..RULES };
        // Three hundred clients at one address, one image each.
        let flood =
            |images| Load { images, of_address: images, clients: images, addresses: 1, own: 1 };
        let admitted =
            |rules: Rules| (1..=300).filter(|images| rules.admit(flood(*images))).count();
        assert_eq!((admitted(limited(4)), admitted(limited(100))), (6, 150));
        assert_eq!(admitted(RULES), 300);
        // Beside them there is room for another address, up to twice the limit,
        let other = |images, own| Load { images, of_address: own, clients: 1, addresses: 2, own };
        assert!(limited(4).admit(other(7, 1)) && limited(4).admit(other(8, 2)));
        assert!(!limited(4).admit(other(8, 3)), "more than its share");
        assert!(!limited(4).admit(other(9, 1)));
        // and beside a program that holds all for another one on its machine.
        assert!(limited(4).admit(Load {
            images: 5,
            of_address: 5,
            clients: 2,
            addresses: 1,
            own: 1
        }));
    }

    #[test]
    fn only_what_is_named_changes_and_nonsense_changes_nothing() {
        let mut rules = RULES;
        rules.change(&json!({"latency": 300, "limit": 5})).unwrap();
        assert_eq!(rules, Rules { latency: Duration::from_millis(300), limit: Some(5), ..RULES });
        rules.change(&json!({"link_rate": 0.5, "faulty": 100, "limit": null})).unwrap();
        assert_eq!((rules.link_rate, rules.faulty, rules.limit), (Some(500_000), 100, None));
        rules.change(&json!({"latency": u32::MAX, "link_rate": 0.001, "limit": u32::MAX})).unwrap();
        assert_eq!((rules.link_rate, rules.limit), (Some(1_000), Some(u32::MAX as usize)));
        let before = rules;
        for wish in [
            json!({"latency": 5, "faulty": 101}),
            json!({"latency": -1}),
            json!({"latency": "5"}),
            json!({"latency": null}),
            json!({"latency": 4_294_967_296_u64}),
            json!({"link_rate": 0.0001}),
            json!({"link_rate": 100_001}),
            json!({"link_rate": -1}),
            json!({"limit": 0}),
            json!({"limit": 1.5}),
            json!({"limit": 4_294_967_296_u64}),
        ] {
            assert!(rules.change(&wish).is_err(), "{wish}");
            assert_eq!(rules, before, "{wish}");
        }
    }
}
