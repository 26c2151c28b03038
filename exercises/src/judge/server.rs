//! The practice servers of the checks: fast, and without any way in but the album.

use super::submission::Submission;
use practice::{Gate, Release, Server, Settings};
use std::ops::RangeInclusive;
use std::time::Duration;

/// A server with `images` images, no latency, and no limit on its bandwidth.
pub fn settings(images: usize) -> Settings {
    Settings { images, latency: Duration::ZERO, link_rate: None, ..Settings::default() }
}

/// The settings of a server that holds each request until it is released. The submission's seed
/// draws the number of images, their names and their size. They are small, because a debug build takes
/// long to paint larger ones.
pub fn drawn(submission: &Submission, images: RangeInclusive<usize>) -> Settings {
    let mut random = submission.random();
    let (judged, images) = (Some(random.u64(1..)), random.usize(images));
    let image_bytes = Some(random.usize(4_000..20_000));
    Settings { judged, image_bytes, ..settings(images) }
}

/// The same settings for a server that holds each request, with an album that is drawn.
pub(super) fn judged(settings: &Settings, submission: &Submission) -> Settings {
    Settings { judged: settings.judged.or(Some(submission.random().u64(1..))), ..settings.clone() }
}

/// The same settings for a server that holds each image request until it is released.
pub fn gated(settings: &Settings) -> Settings {
    Settings { judged: settings.judged.or(Some(0)), ..settings.clone() }
}

/// The same settings for a server that is down: it responds 503 to every image request
/// immediately.
pub fn down(settings: &Settings) -> Settings {
    Settings {
        gate: Some(Gate { requests: usize::MAX, timeout: Duration::ZERO }),
        ..settings.clone()
    }
}

/// Starts a server, which has no live view and no controls. Unless the settings are judged, it sends
/// every image at once.
pub fn serve(settings: &Settings) -> Result<Server, String> {
    let server = Server::start(&gated(settings))
        .map_err(|error| format!("cannot start the practice server: {error}"))?;
    if settings.judged.is_none() {
        server.release_all(Release::Image);
    }
    Ok(server)
}
