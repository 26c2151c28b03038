//! For task 13: an album whose list comes in pages. The server decides when the next page comes and
//! how many links are on it.

use crate::Error;
use crate::api::album;
use crate::api::blocking::{self, AGENT};
use ureq::http::header;

/// How many links a page has at most.
const MAX_LINKS: usize = 7;

/// The pages of the album's list.
pub struct Pages {
    links: Vec<String>,
    /// How many links the pages up to now had.
    sent: usize,
}

impl Pages {
    /// Opens the list.
    ///
    /// Fails if no response arrives, its status isn't 200, or its body is cut short or too slow.
    pub fn open() -> Result<Self, Error> {
        Ok(Self { links: blocking::album()?, sent: 0 })
    }

    /// Waits for the next page, and returns its links; `None` after the last page. Only the server
    /// knows that there is no further page, so the last call waits for it, too.
    ///
    /// Fails if no response arrives, or its status isn't 200.
    pub fn next_page(&mut self) -> Result<Option<Vec<String>>, Error> {
        let rest = &self.links[self.sent..];
        let Some(link) = rest.first().or(self.links.first()) else { return Ok(None) };
        let response = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
        album::accept(response.status(), response.headers())?;
        // The size in the response stands for the number of links.
        let size = response.headers().get(header::CONTENT_LENGTH);
        let size: usize = size.and_then(|size| size.to_str().ok()?.parse().ok()).unwrap_or(0);
        let page = rest[..rest.len().min(1 + size % MAX_LINKS)].to_vec();
        self.sent += page.len();
        Ok(Some(page).filter(|page| !page.is_empty()))
    }
}
