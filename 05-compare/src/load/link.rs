//! One link under load: a practice server, and requests that arrive at a rate.

use super::theory;
use super::{Plan, Setting};
use practice::{Observed, Server, Settings, Sharing};
use reqwest::{Client, StatusCode};
use std::error::Error;
use std::iter::repeat_with;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// Bytes of each image, approximately: 40 of the turns that a link gives to its responses. With few
/// turns, a link is not what the theory assumes: one that sends to all at the same time.
const IMAGE_BYTES: usize = 40_000;
/// Bytes per second of a link.
const LINK_RATE: u64 = 500_000;

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
        let server = Server::start(&Settings {
            latency: Duration::ZERO,
            link_rate: Some(LINK_RATE),
            // Each request gets an equal share of the link: processor sharing, for which the
            // theory is simple.
            sharing: Sharing::PerRequest,
            images: 1,
            image_bytes: Some(IMAGE_BYTES),
            limit: setting.limit,
            ..Settings::default()
        })?;
        let name = &server.names()[0];
        let bytes = server.file(name).map_or(0, |file| file.len());
        let alone = bytes as f64 / LINK_RATE as f64;
        let rate = setting.utilisation / alone;
        let arrivals = arrivals(rate, plan.seconds(), seed);
        let url = format!("http://{}/{name}", server.address());
        let started = server.now().as_secs_f64();
        let outcomes = load(&http, &url, &arrivals, plan.seconds()).await?;
        let (from, to) = (started + plan.warm_up, started + plan.seconds());
        let in_flight = mean_in_flight(&server.observed(), from, to);
        let ideal = theory::replay(&arrivals, alone, setting.limit);
        Ok(Self { rate, alone, outcomes, ideal, in_flight })
    }
}

/// Moments at which requests arrive, in seconds: independently of each other, `rate` per second on
/// average. The gaps between them then have an exponential distribution.
pub fn arrivals(rate: f64, seconds: f64, seed: u64) -> Vec<f64> {
    let mut random = fastrand::Rng::with_seed(seed);
    // `1 - f64()` is never 0, whose logarithm is infinite.
    let gaps = repeat_with(|| -(1.0 - random.f64()).ln() / rate);
    let times = gaps.scan(0.0, |time, gap| {
        *time += gap;
        Some(*time)
    });
    times.take_while(|time| *time < seconds).collect()
}

/// Sends a request at each arrival, and returns how they ended, up to the end of the load. What is
/// still in flight then is abandoned.
async fn load(
    http: &Client,
    url: &str,
    arrivals: &[f64],
    seconds: f64,
) -> Result<Vec<Outcome>, Box<dyn Error + Send + Sync>> {
    let start = Instant::now();
    let mut requests = JoinSet::new();
    let mut outcomes = Vec::new();
    for arrival in arrivals {
        let due = start + Duration::from_secs_f64(*arrival);
        sleep_until(due).await;
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
    Ok(outcomes)
}

async fn request(
    http: Client,
    url: String,
    start: Instant,
    due: Instant,
) -> Result<Outcome, reqwest::Error> {
    let response = http.get(url).send().await?;
    let is_refused = response.status() == StatusCode::TOO_MANY_REQUESTS;
    if !is_refused {
        drop(response.error_for_status()?.bytes().await?);
    }
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
    fn arrivals_have_the_rate_asked_for_and_exponential_gaps() {
        let times = arrivals(20.0, 5_000.0, 1);
        assert!((times.len() as f64 / 100_000.0 - 1.0).abs() < 0.01, "{}", times.len());
        assert!(times.is_sorted() && times.last().is_some_and(|last| *last < 5_000.0));
        let longer = |than: f64| {
            let gaps = times.windows(2).filter(|pair| pair[1] - pair[0] > than);
            gaps.count() as f64 / times.len() as f64
        };
        for mean_gaps in [0.1, 1.0, 2.0_f64] {
            let share = longer(mean_gaps / 20.0);
            assert!((share - (-mean_gaps).exp()).abs() < 0.01, "{mean_gaps}: {share}");
        }
        assert_eq!(arrivals(20.0, 10.0, 1), times[..arrivals(20.0, 10.0, 1).len()]);
        assert_ne!(arrivals(20.0, 10.0, 2), arrivals(20.0, 10.0, 1), "the seed matters");
    }

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
