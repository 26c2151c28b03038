//! The link against the theory of queues.
//!
//! Requests arrive in random order with exponential gaps, and the link is shared per request. It
//! serves the responses in turns of 2 ms, which comes close to *processor sharing*: each of n
//! responses gets 1/n of the link at any moment. Theory says that a response which takes the time S
//! alone then takes S / (1 - ρ) on average, where ρ is the utilisation, however the sizes are
//! distributed.

use super::*;
use crate::album::picture;
use crate::settings::Settings;
use std::sync::atomic::AtomicU32;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Slow enough that an image takes many turns: 63, on average.
const RATE: u64 = 2_000_000;

/// What was measured, in seconds and requests.
struct Measured {
    /// The mean time of a response that has the link for itself.
    alone: f64,
    /// The mean time of a response.
    response: f64,
    /// Requests that arrive per second.
    rate: f64,
    /// The mean number of requests in flight, counted every 20 ms.
    in_flight: f64,
}

/// Each image of the album is requested `rounds` times, in random order and at random times, so
/// that the link is in use for the share `utilisation` of the time.
async fn measure(utilisation: f64, rounds: usize) -> Measured {
    let mut random = fastrand::Rng::with_seed(1909);
    let mut sizes: Vec<usize> = (0..rounds * picture::COUNT)
        .map(|index| picture::size(picture::dimensions(index)))
        .collect();
    random.shuffle(&mut sizes);
    let count = sizes.len() as f64;
    let alone = sizes.iter().sum::<usize>() as f64 / count / RATE as f64;
    let rate = utilisation / alone;
    // The times between arrivals are the quantiles of the exponential distribution in random order:
    // with few requests already, their mean is right.
    let mut gaps: Vec<f64> =
        (0..sizes.len()).map(|index| -((index as f64 + 0.5) / count).ln() / rate).collect();
    random.shuffle(&mut gaps);

    let settings =
        Settings { link_rate: Some(RATE), sharing: Sharing::PerRequest, ..Settings::default() };
    let (_sender, rules) = watch::channel(Rules::new(&settings));
    let network = Arc::new(Network::new(rules));
    let in_flight = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&in_flight);
    let samples = tokio::spawn(async move {
        let (mut sum, mut count) = (0.0, 0.0);
        while seen.load(Relaxed) < u32::MAX / 2 {
            (sum, count) = (sum + f64::from(seen.load(Relaxed)), count + 1.0);
            sleep(Duration::from_millis(20)).await;
        }
        sum / count
    });
    let mut responses = JoinSet::new();
    let mut arrival = Instant::now();
    for (size, gap) in sizes.into_iter().zip(gaps) {
        arrival += Duration::from_secs_f64(gap);
        sleep_until(arrival).await;
        let (network, in_flight) = (Arc::clone(&network), Arc::clone(&in_flight));
        responses.spawn(async move {
            in_flight.fetch_add(1, Relaxed);
            let arrived = Instant::now();
            let client = Client::new([10, 0, 0, 1].into(), "");
            let mut transfer = network.transfer(&client, Arc::new(Connection::new()));
            let mut rest = Bytes::from(vec![0; size]);
            while !rest.is_empty() {
                drop(network.send(&mut transfer, &mut rest, usize::MAX).await);
            }
            in_flight.fetch_sub(1, Relaxed);
            arrived.elapsed().as_secs_f64()
        });
    }
    let response = responses.join_all().await.into_iter().sum::<f64>() / count;
    in_flight.store(u32::MAX, Relaxed);
    Measured { alone, response, rate, in_flight: samples.await.unwrap() }
}

fn assert_within_5_percent(measured: f64, theory: f64, what: &str) {
    let error = measured / theory - 1.0;
    println!("{what}: measured {measured:.3}, theory {theory:.3}: {:+.1} %", 100.0 * error);
    assert!(error.abs() < 0.05, "{what}: measured {measured:.3}, theory {theory:.3}");
}

#[tokio::test(start_paused = true)]
async fn response_times_and_requests_in_flight_follow_from_the_utilisation() {
    for utilisation in [0.2, 0.5] {
        let measured = measure(utilisation, 50).await;
        let Measured { alone, response, rate, in_flight } = measured;
        let what = format!("mean response time in seconds at a utilisation of {utilisation}");
        assert_within_5_percent(response, alone / (1.0 - utilisation), &what);
        let what = format!("Little's law at {utilisation}: requests in flight = rate × time");
        assert_within_5_percent(in_flight, rate * response, &what);
    }
}
