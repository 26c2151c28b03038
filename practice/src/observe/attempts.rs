//! How many times each client has requested each image.

use super::agent::Client;
use crate::limits::MAX_COUNTED_IMAGES;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};

/// The attempts of all clients.
#[derive(Default)]
pub struct Attempts {
    hasher: RandomState,
    /// Keyed by each client's hash, because user agents may be long.
    clients: HashMap<u64, Images>,
    /// The clients' hashes, keyed by the number of each client's last request, oldest first.
    order: BTreeMap<usize, u64>,
    /// The number of images in `clients`.
    images: usize,
    requests: usize,
}

/// The attempts of a client.
#[derive(Default)]
struct Images {
    attempts: HashMap<String, usize>,
    /// The value of `Attempts::requests` at the client's last request.
    last: usize,
}

impl Attempts {
    /// Counts a request for an image. Returns 1 for the first attempt.
    ///
    /// Above [`MAX_COUNTED_IMAGES`], forgets the client whose last image request is the oldest.
    pub fn count(&mut self, client: &Client, target: &str) -> usize {
        self.requests += 1;
        let client = self.hasher.hash_one(client);
        let images = self.clients.entry(client).or_default();
        self.order.remove(&images.last);
        self.order.insert(self.requests, client);
        images.last = self.requests;
        let attempt = images.attempts.entry(target.to_owned()).or_default();
        *attempt += 1;
        let attempt = *attempt;
        self.images += usize::from(attempt == 1);
        if self.images > MAX_COUNTED_IMAGES
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.forget(oldest);
        }
        attempt
    }

    /// Forgets a client's counts: its next request for any image is attempt 1.
    pub fn reset(&mut self, client: &Client) {
        self.forget(self.hasher.hash_one(client));
    }

    fn forget(&mut self, client: u64) {
        if let Some(images) = self.clients.remove(&client) {
            self.order.remove(&images.last);
            self.images -= images.attempts.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_that_was_silent_for_the_longest_time_is_forgotten() {
        let mut attempts = Attempts::default();
        let [anna, ben, carl] =
            ["anna", "ben", "carl"].map(|name| Client::new([10, 0, 0, 1].into(), name));
        for client in [&anna, &ben, &anna] {
            attempts.count(client, "/first");
        }
        for image in 2..MAX_COUNTED_IMAGES {
            assert_eq!(attempts.count(&carl, &format!("/{image}")), 1);
        }
        assert_eq!((attempts.images, attempts.clients.len()), (MAX_COUNTED_IMAGES, 3));
        assert_eq!(attempts.count(&carl, "/another"), 1);
        assert_eq!((attempts.images, attempts.clients.len()), (MAX_COUNTED_IMAGES, 2));
        assert_eq!(attempts.count(&carl, "/another"), 2);
        assert_eq!(attempts.count(&anna, "/first"), 3);
        attempts.reset(&carl);
        assert_eq!((attempts.images, attempts.clients.len(), attempts.order.len()), (1, 1, 1));
    }

    #[test]
    fn the_number_of_counted_images_is_bounded() {
        let mut attempts = Attempts::default();
        for image in 0..MAX_COUNTED_IMAGES + 1_000 {
            let client = Client::new([10, 0, 0, 1].into(), &format!("{}", image % 100_000));
            attempts.count(&client, &format!("/{image}"));
            assert!(attempts.images <= MAX_COUNTED_IMAGES);
        }
        let alone = Client::new([10, 0, 0, 2].into(), "alone");
        for image in 0..=MAX_COUNTED_IMAGES {
            attempts.count(&alone, &format!("/{image}"));
            assert!(attempts.images <= MAX_COUNTED_IMAGES);
        }
        assert_eq!(attempts.clients.len(), attempts.order.len());
    }
}
