//! Latency, link and sharing, in tokio's paused time.

use super::*;
use crate::settings::Settings;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

fn rules(latency: Duration, link_rate: Option<u64>) -> Rules {
    Rules::new(&Settings { latency, link_rate, ..Settings::default() })
}

/// The link of 1 MB/s, without latency, that is shared like this.
fn shared(sharing: Sharing) -> Rules {
    Rules { sharing, ..rules(Duration::ZERO, Some(1_000_000)) }
}

fn client(name: &str) -> Client {
    Client::new([10, 0, 0, 1].into(), name)
}

fn network(rules: Rules) -> (watch::Sender<Rules>, Arc<Network>) {
    let (sender, receiver) = watch::channel(rules);
    (sender, Arc::new(Network::new(receiver)))
}

/// How long it takes to send `bytes` bytes to a client.
async fn time_to_send_to(client: Client, network: Arc<Network>, bytes: usize) -> Duration {
    time_to_send_on(&Arc::new(Connection::new()), client, network, bytes).await
}

async fn time_to_send_on(
    connection: &Arc<Connection>,
    client: Client,
    network: Arc<Network>,
    bytes: usize,
) -> Duration {
    let started = Instant::now();
    let mut transfer = network.transfer(&client, Arc::clone(connection));
    let mut rest = Bytes::from(vec![0; bytes]);
    while !rest.is_empty() {
        drop(network.send(&mut transfer, &mut rest, usize::MAX).await);
    }
    started.elapsed()
}

async fn time_to_send(network: Arc<Network>, bytes: usize) -> Duration {
    time_to_send_to(client("the only one"), network, bytes).await
}

/// Allows for the resolution of the timer and for the time that one chunk takes.
fn assert_close(time: Duration, expected: Duration) {
    assert!(time.abs_diff(expected) < Duration::from_millis(30), "{time:?}, not {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn a_new_latency_applies_to_requests_that_wait() {
    for (old, new, expected) in [(10, 2, 2), (10, 0, 1), (3, 5, 5), (3, 3, 3)] {
        let (sender, network) = network(rules(old * SECOND, None));
        let started = Instant::now();
        let connection = Connection::new();
        tokio::join!(network.travel(&connection), async {
            sleep(SECOND).await;
            sender.send_replace(rules(new * SECOND, None));
        });
        assert_close(started.elapsed(), expected * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn all_share_the_link() {
    let (_sender, network) = network(rules(Duration::ZERO, Some(1_000_000)));
    let all = [(); 10].map(|()| tokio::spawn(time_to_send(Arc::clone(&network), 100_000)));
    for one in all {
        assert_close(one.await.unwrap(), SECOND);
    }
    assert_close(time_to_send(network, 500_000).await, SECOND / 2);
}

#[tokio::test(start_paused = true)]
async fn a_link_that_was_slow_for_a_moment_is_fast_again_for_all() {
    let (sender, network) = network(rules(Duration::ZERO, Some(8_000_000)));
    let waiting = [(); 100].map(|()| tokio::spawn(time_to_send(Arc::clone(&network), 80_000)));
    sender.send_replace(rules(Duration::ZERO, Some(50_000)));
    sleep(SECOND).await;
    sender.send_replace(rules(Duration::ZERO, Some(8_000_000)));
    let mut last = Duration::ZERO;
    for one in waiting {
        last = last.max(one.await.unwrap());
    }
    assert_close(last, 2 * SECOND);
    assert_close(time_to_send(network, 8_000_000).await, SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_leaves_gives_its_time_back() {
    let (_sender, network) = network(rules(Duration::ZERO, Some(1_000_000)));
    let leaving = [(); 100].map(|()| tokio::spawn(time_to_send(Arc::clone(&network), 1 << 20)));
    sleep(SECOND).await;
    leaving.iter().for_each(tokio::task::JoinHandle::abort);
    let time = timeout(2 * SECOND, time_to_send(network, 500_000)).await;
    assert_close(time.expect("nothing is in its way"), SECOND / 2);
}

/// Sends to a client with 40 responses in progress and to one with one response for ten seconds,
/// and returns the bytes that each has received.
async fn greedy_and_modest(network: &Arc<Network>) -> [usize; 2] {
    let send = |name, count: usize| {
        let received = Arc::new(AtomicUsize::new(0));
        let tasks = (0..count).map(|_| {
            let (network, received) = (Arc::clone(network), Arc::clone(&received));
            async move {
                let mut transfer = network.transfer(&client(name), Arc::new(Connection::new()));
                let mut rest = Bytes::from(vec![0; 20_000_000]);
                loop {
                    let chunk = network.send(&mut transfer, &mut rest, usize::MAX).await;
                    received.fetch_add(chunk.len(), Relaxed);
                }
            }
        });
        let tasks = tasks.collect::<JoinSet<()>>();
        (received, tasks)
    };
    let (greedy, _forty) = send("greedy", 40);
    let (modest, _one) = send("modest", 1);
    sleep(10 * SECOND).await;
    [greedy, modest].map(|received| received.load(Relaxed))
}

#[tokio::test(start_paused = true)]
async fn clients_get_equal_shares_however_many_requests_they_have() {
    let (_sender, network) = network(shared(Sharing::PerClient));
    let [greedy, modest] = greedy_and_modest(&network).await;
    assert!(greedy + modest > 9_900_000, "{greedy} + {modest}");
    assert!(greedy.abs_diff(modest) <= 2 * 2_000, "{greedy}, {modest}");
}

#[tokio::test(start_paused = true)]
async fn shared_per_request_the_link_gives_forty_shares_to_forty_requests() {
    let (_sender, network) = network(shared(Sharing::PerRequest));
    let [greedy, modest] = greedy_and_modest(&network).await;
    assert!(greedy + modest > 9_900_000, "{greedy} + {modest}");
    assert!(greedy.abs_diff(40 * modest) <= 40 * 2 * 2_000, "{greedy}, {modest}");
}

#[tokio::test(start_paused = true)]
async fn a_new_way_of_sharing_applies_to_responses_in_progress() {
    let (sender, network) = network(shared(Sharing::PerRequest));
    let greedy = [(); 40]
        .map(|()| tokio::spawn(time_to_send_to(client("greedy"), Arc::clone(&network), 1_000_000)));
    sleep(SECOND).await;
    sender.send_replace(shared(Sharing::PerClient));
    // Those that wait at the link keep their places there: 40 chunks of 2 ms.
    let time = time_to_send_to(client("modest"), Arc::clone(&network), 500_000).await;
    assert!(time < SECOND + 100 * Duration::from_millis(1), "{time:?}");
    sender.send_replace(shared(Sharing::PerRequest));
    let time = timeout(30 * SECOND, time_to_send_to(client("modest"), network, 500_000)).await;
    assert!(time.unwrap() > 10 * SECOND, "the forty have one share each again");
    greedy.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn clients_without_a_response_are_forgotten() {
    let (_sender, network) = network(shared(Sharing::PerClient));
    for name in ["a", "b", "c"] {
        time_to_send_to(client(name), Arc::clone(&network), 1).await;
    }
    let _both = ["d", "e"].map(|name| network.transfer(&client(name), Arc::new(Connection::new())));
    assert_eq!(network.queues.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn each_connection_pays_for_its_handshake_once() {
    for handshake in [0, 1, 3] {
        let (_sender, network) = network(Rules { handshake, ..rules(SECOND, None) });
        for connection in [Connection::new(), Connection::new()] {
            for expected in [(1 + handshake) * SECOND, SECOND, SECOND] {
                let started = Instant::now();
                network.travel(&connection).await;
                assert_eq!(started.elapsed(), expected, "handshake {handshake}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_window_of_a_fresh_connection_doubles_each_round_trip_and_a_kept_one_is_kept() {
    // Windows of 14,600, 29,200, 58,400 … bytes: 14,600 × (2ⁿ - 1) bytes take n of them.
    for (bytes, windows) in
        [(1, 1), (14_600, 1), (14_601, 2), (43_800, 2), (250_000, 5), (919_800, 6), (919_801, 7)]
    {
        let (sender, network) = network(Rules { slow_start: true, ..rules(SECOND, None) });
        let connection = Arc::new(Connection::new());
        let send = || time_to_send_on(&connection, client("a"), Arc::clone(&network), bytes);
        assert_eq!(send().await, (windows - 1) * SECOND, "{bytes} bytes");
        assert_eq!(send().await, Duration::ZERO, "{bytes} bytes on a kept-alive connection");
        sender.send_replace(rules(SECOND, None));
        assert_eq!(time_to_send(network, bytes).await, Duration::ZERO, "{bytes}, switched off");
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_fills_the_link_for_a_round_trip_causes_no_wait() {
    // On 1 MB/s with a latency of 100 ms, the windows take 14.6, 29.2, 58.4 and 116.8 ms: the
    // first three are followed by the rest of a round trip, which begins with their first chunk.
    let latency = Duration::from_millis(100);
    let (_sender, network) = network(Rules { slow_start: true, ..rules(latency, Some(1_000_000)) });
    let idle = Duration::from_micros(3 * (100_000 + 2_000) - 14_600 - 29_200 - 58_400);
    let time = time_to_send(network, 1_000_000).await;
    assert!(time.abs_diff(SECOND + idle) <= Duration::from_millis(1), "{time:?}");
}

#[tokio::test(start_paused = true)]
async fn slow_start_that_is_switched_off_lets_waiting_responses_go() {
    let (sender, network) = network(Rules { slow_start: true, ..rules(10 * SECOND, None) });
    let (time, ()) = tokio::join!(time_to_send(network, 1_000_000), async {
        sleep(SECOND).await;
        sender.send_replace(rules(10 * SECOND, None));
    });
    assert_close(time, SECOND);
}
