//! How many times each client has requested each image.

use super::agent::Client;
use crate::limits::MAX_COUNTED_IMAGES;
use std::collections::HashMap;

/// The attempts of all clients.
#[derive(Default)]
pub struct Attempts {
    clients: HashMap<Client, HashMap<String, usize>>,
    /// Images of all clients together.
    images: usize,
}

impl Attempts {
    /// Counts a request for an image. Returns 1 for the first attempt.
    pub fn count(&mut self, client: &Client, target: &str) -> usize {
        if self.images >= MAX_COUNTED_IMAGES {
            *self = Self::default();
        }
        let images = self.clients.entry(client.clone()).or_default();
        let attempt = images.entry(target.to_owned()).or_default();
        *attempt += 1;
        self.images += usize::from(*attempt == 1);
        *attempt
    }

    /// Starts a client's counts anew.
    pub fn reset(&mut self, client: &Client) {
        self.images -= self.clients.remove(client).map_or(0, |images| images.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_counted_images_is_bounded() {
        let mut attempts = Attempts::default();
        let [anna, ben] = ["anna", "ben"].map(|name| Client::new([10, 0, 0, 1].into(), name));
        for image in 0..=MAX_COUNTED_IMAGES {
            let client = if image % 2 == 0 { &anna } else { &ben };
            assert_eq!(attempts.count(client, &format!("/{image}")), 1);
        }
        assert_eq!((attempts.images, attempts.clients.len()), (1, 1), "started anew");
        assert_eq!(attempts.count(&anna, &format!("/{MAX_COUNTED_IMAGES}")), 2);
        attempts.reset(&anna);
        assert_eq!((attempts.images, attempts.clients.len()), (0, 0));
    }
}
