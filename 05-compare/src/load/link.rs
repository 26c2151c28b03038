//! One link under load: a practice server, and requests that arrive at a rate.

use super::arrivals::arrivals;
use super::{Plan, Setting, theory};
use practice::{Observed, Server, Settings, Sharing};
use reqwest::{Client, StatusCode};
use shared::http::network::{self, Stage};
use std::error::Error;
use std::io;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Bytes of each image, approximately, and bytes per second of a link: 160 ms for an image, in 31 turns
/// among the responses. With few turns, a link is not what the theory assumes, one that sends to all
/// at the same time. With more, this machine would have more to do.
const IMAGE_BYTES: usize = 32_000;
const LINK_RATE: u64 = 200_000;

/// How a request ended. Times are in seconds, counted from the start of the load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    pub finished: f64,
    /// From the moment at which the request was due to its last byte.
    pub seconds: f64,
    /// Whether the server sent status 429 instead of the image.
    pub is_refused: bool,
}

/// What was measured at one link.
pub struct Link {
    /// Requests that arrive per second.
    pub rate: f64,
    /// Seconds that a response takes if it has the link for itself.
    pub alone: f64,
    /// What the client measured, in the order of the ends.
    pub outcomes: Vec<Outcome>,
    /// The same arrivals at an ideal link.
    pub ideal: Vec<Outcome>,
    /// How late requests were sent, in seconds on average.
    pub late: f64,
    /// The mean number of requests in flight after the warm-up, as the server counted.
    pub in_flight: f64,
}

impl Link {
    /// Starts a server and puts it under load.
    pub async fn measure(
        http: Client,
        setting: Setting,
        seed: u64,
        plan: Plan,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let (server, url, alone) = start(setting.limit)?;
        let rate = setting.utilisation / alone;
        let arrivals = arrivals(rate, plan.seconds(), seed);
        let started = server.now().as_secs_f64();
        let (outcomes, late) = load(&http, &url, &arrivals, plan.seconds()).await?;
        let (from, to) = (started + plan.warm_up, started + plan.seconds());
        let in_flight = mean_in_flight(&server.observed(), from, to);
        let ideal = theory::replay(&arrivals, alone, setting.limit);
        Ok(Self { rate, alone, outcomes, ideal, late, in_flight })
    }
}

/// Starts a server with one image. Returns also the address of the image, and the seconds that it
/// takes alone.
pub fn start(limit: Option<usize>) -> io::Result<(Server, String, f64)> {
    let server = Server::start(&Settings {
        latency: Duration::ZERO,
        link_rate: Some(LINK_RATE),
        // Each request gets an equal share of the link: processor sharing, for which the theory is
        // simple.
        sharing: Sharing::PerRequest,
        images: 1,
        image_bytes: Some(IMAGE_BYTES),
        limit,
        ..Settings::default()
    })?;
    let name = &server.names()[0];
    let bytes = server.file(name).map_or(0, |file| file.len());
    let url = format!("http://{}/{name}", server.address());
    Ok((server, url, bytes as f64 / LINK_RATE as f64))
}

/// Sends a request at each arrival, and returns how they ended, up to the end of the load, and how
/// late they were sent on average. What is still in flight at the end is abandoned.
async fn load(
    http: &Client,
    url: &str,
    arrivals: &[f64],
    seconds: f64,
) -> Result<(Vec<Outcome>, f64), Box<dyn Error + Send + Sync>> {
    let start = Instant::now();
    let mut requests = JoinSet::new();
    let (mut outcomes, mut late) = (Vec::new(), Duration::ZERO);
    for arrival in arrivals {
        let due = start + Duration::from_secs_f64(*arrival);
        sleep_until(due).await;
        late += due.elapsed();
        // This is what makes the system open: the task is not awaited here. Clients in a circle
        // would wait for a response before the next request, and so slow down with the server.
        drop(requests.spawn(request(http.clone(), url.to_owned(), start, due)));
        while let Some(done) = requests.try_join_next() {
            outcomes.push(done??);
        }
    }
    sleep_until(start + Duration::from_secs_f64(seconds)).await;
    while let Some(done) = requests.try_join_next() {
        outcomes.push(done??);
    }
    Ok((outcomes, late.as_secs_f64() / arrivals.len() as f64))
}

async fn request(
    http: Client,
    url: String,
    start: Instant,
    due: Instant,
) -> Result<Outcome, shared::Error> {
    let failed = |stage| move |error: reqwest::Error| network::connection_error(stage, &error);
    let response = http.get(url).send().await.map_err(failed(Stage::Headers))?;
    let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
    drop(response.bytes().await.map_err(failed(Stage::Body))?);
    let finished = start.elapsed().as_secs_f64();
    Ok(Outcome { finished, seconds: due.elapsed().as_secs_f64(), is_refused })
}

/// The mean number of requests in flight between two times, in seconds since the server's start.
fn mean_in_flight(observed: &Observed, from: f64, to: f64) -> f64 {
    let overlaps = observed.log.iter().map(|request| {
        let finished = request.finished.map_or(to, |it| it.as_secs_f64());
        (finished.min(to) - request.arrived.as_secs_f64().max(from)).max(0.0)
    });
    overlaps.sum::<f64>() / (to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_count_for_the_time_that_they_are_in_flight() {
        let seconds = Duration::from_secs;
        let request = |arrived, finished: Option<u64>| practice::LoggedRequest {
            target: String::new(),
            user_agent: String::new(),
            from: ([127, 0, 0, 1], 1).into(),
            is_head: false,
            arrived: seconds(arrived),
            finished: finished.map(seconds),
            status: 200,
            complete: finished.is_some(),
            attempt: 1,
        };
        let log = [(0, Some(1)), (1, Some(4)), (4, Some(6)), (9, None), (20, None)];
        let log = log.into_iter().map(|(arrived, finished)| request(arrived, finished));
        let observed = Observed { log: log.collect(), ..Observed::default() };
        // Two, two and three seconds of ten.
        let mean = mean_in_flight(&observed, 2.0, 12.0);
        assert!((mean - 0.7).abs() < 1e-9, "{mean}");
    }
}
