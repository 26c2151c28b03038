use super::*;
use crate::limits::MAX_RULE_CHANGES;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use tokio::time::advance;

fn client(address: u32, user_agent: &str) -> Client {
    Client::new(Ipv4Addr::from_bits(address).into(), user_agent)
}

/// The connection on which all requests arrive.
const HERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

/// Records whose times are in milliseconds.
struct Case(Records);

impl Case {
    fn new() -> Self {
        Self(Records::new())
    }

    /// Advances the clock to this time, in milliseconds.
    async fn at(&mut self, now: u64) -> &mut Self {
        let now = self.0.started + Duration::from_millis(now);
        advance(now - Instant::now()).await;
        self
    }

    fn arrived(&mut self, client: &Client, kind: RequestKind) -> usize {
        let target = if kind == RequestKind::Image { "/PdA9Amq/1.png" } else { "/3/album/a" };
        self.0.arrived(target, client, kind, HERE, false).0
    }

    /// Whether the request belongs to a run.
    fn has_run(&mut self, id: usize) -> bool {
        self.0.log.get_mut(id).unwrap().slot.is_some()
    }

    fn all(&self) -> Vec<Value> {
        Self::runs(&self.0.all())
    }

    fn changes(&mut self) -> Vec<Value> {
        Self::runs(&self.0.changes())
    }

    fn runs(snapshot: &Snapshot) -> Vec<Value> {
        snapshot.runs.iter().map(|run| serde_json::to_value(run).unwrap()).collect()
    }

    /// A run of `images` images, one after another.
    fn run(&mut self, client: &Client, images: usize) {
        for index in 0..=images {
            let kind = if index == 0 { RequestKind::Album } else { RequestKind::Image };
            let id = self.arrived(client, kind);
            self.0.responded(id, 200);
            self.0.finished(id);
        }
    }

    /// A request for an album. With `None`, the client leaves before a response.
    fn album(&mut self, client: &Client, status: Option<u16>) {
        let id = self.arrived(client, RequestKind::Album);
        if let Some(status) = status {
            self.0.responded(id, status);
        }
        self.0.finished(id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_begins_with_an_album_and_its_requests_share_lanes() {
    let (mut case, anna) = (Case::new(), client(1, "02-threads/1 (workers=2; name=Anna)"));
    let before = case.at(0).await.arrived(&anna, RequestKind::Other);
    assert!(!case.has_run(before), "no run has begun");
    case.at(0).await.0.finished(before);
    case.at(10).await.album(&anna, Some(503));
    case.at(30).await.album(&anna, Some(200));
    let first = case.at(40).await.arrived(&anna, RequestKind::Image);
    let second = case.at(41).await.arrived(&anna, RequestKind::Image);
    case.at(50).await.0.responded(first, 200);
    case.0.sent(first, 700, true);
    case.at(60).await.0.finished(first);
    let third = case.at(61).await.arrived(&anna, RequestKind::Image);
    case.at(62).await.0.finished(third);
    let expected = json!([{
        "id": 0, "program": "02-threads", "name": "Anna", "workers": 2, "address": "0.0.0.1",
        "began": 10, "last": 62, "waits": false, "left": false, "in_flight": 1, "peak": 2,
        "requests": 5, "failures": 2, "bytes": 700, "removed": false,
        "bars": [
            [1, 0, 10, 10, 10, 503, true, 0, 0, "/3/album/a"],
            [2, 0, 30, 30, 30, 200, true, 0, 0, "/3/album/a"],
            [3, 0, 40, 50, 60, 200, true, 1, 700, "1.png"],
            [4, 1, 41, null, null, 0, true, 2, 0, "1.png"],
            [5, 0, 61, null, 62, 0, false, 3, 0, "1.png"],
        ],
    }]);
    assert_eq!(json!(case.all()), expected);
    case.at(70).await.0.finished(second);
    case.run(&anna, 1);
    assert_eq!(case.all().len(), 2, "another album begins another run");
}

#[tokio::test(start_paused = true)]
async fn an_album_begins_a_run_unless_it_is_a_retry() {
    for (first, expected) in [
        (Some(408), 1),
        (Some(429), 1),
        (Some(503), 1),
        (Some(200), 2),
        (Some(403), 2),
        (Some(404), 2),
        // The client left, for example because of Ctrl-C.
        (None, 2),
    ] {
        let (mut case, anna) = (Case::new(), client(1, "01-sync/1"));
        case.at(10).await.album(&anna, first);
        case.at(4_000).await.album(&anna, Some(200));
        let runs = case.all();
        assert_eq!(runs.len(), expected, "{first:?}");
        let began = if expected == 2 { 4_000 } else { 10 };
        assert_eq!(runs.last().unwrap()["began"], began, "{first:?}");
    }
    // A client that tells its runs apart may also retry after a timeout.
    let (mut case, anna) = (Case::new(), client(1, "01-sync/1 (run=1)"));
    case.at(10).await.album(&anna, None);
    case.at(4_000).await.album(&anna, Some(200));
    case.at(4_000).await.album(&client(1, "01-sync/1 (run=2)"), Some(200));
    assert_eq!(case.all().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_image_begins_no_run_and_joins_none_that_has_ended() {
    let (mut case, curl) = (Case::new(), client(1, "curl/8"));
    let before = case.at(0).await.arrived(&curl, RequestKind::Image);
    assert!(!case.has_run(before));
    case.at(10).await.album(&curl, Some(200));
    let first = case.at(60_000).await.arrived(&curl, RequestKind::Image);
    let second = case.at(3_600_000).await.arrived(&curl, RequestKind::Image);
    for image in [first, second] {
        assert!(case.has_run(image), "the first one is in flight when the second arrives");
        case.at(3_600_000).await.0.finished(image);
    }
    let after = case.at(7_200_000).await.arrived(&curl, RequestKind::Image);
    assert!(!case.has_run(after));
    assert_eq!(case.all()[0]["last"], 3_600_000);
}

#[test]
fn a_refused_image_is_in_flight_but_not_counted_as_an_image() {
    let (mut case, anna) = (Case::new(), client(1, "a"));
    let all = [(); 3].map(|()| case.arrived(&anna, RequestKind::Image));
    for (refused, in_flight) in [(all[0], 2), (all[1], 1), (all[1], 1)] {
        case.0.refused(refused);
        assert_eq!((case.0.images_in_flight, case.0.observed().in_flight), (in_flight, 3));
    }
    for (finished, in_flight) in [(all[0], 1), (all[2], 0), (all[1], 0)] {
        case.0.finished(finished);
        assert_eq!(case.0.images_in_flight, in_flight);
    }
}

#[test]
fn a_run_has_left_when_its_last_connection_closes_unless_a_request_has_failed() {
    let (mut case, anna) = (Case::new(), client(1, "a"));
    let there = SocketAddr::new(HERE.ip(), 2);
    let fetch = |case: &mut Case, from, kind, status| {
        let (id, _) = case.0.arrived("/", &anna, kind, from, false);
        case.0.responded(id, status);
        case.0.finished(id);
    };
    let left = |case: &Case| case.all()[0]["left"] == true;
    fetch(&mut case, HERE, RequestKind::Album, 200);
    case.0.closed(HERE);
    assert!(!left(&case), "its workers may be starting");
    for from in [HERE, there] {
        fetch(&mut case, from, RequestKind::Image, 200);
    }
    case.0.closed(HERE);
    assert!(!left(&case), "the other one is open");
    drop(case.changes());
    case.0.closed(there);
    assert_eq!((left(&case), case.changes().len()), (true, 1));
    fetch(&mut case, HERE, RequestKind::Image, 503);
    fetch(&mut case, HERE, RequestKind::Image, 200);
    case.0.closed(HERE);
    assert!(!left(&case), "another worker may be waiting for its next attempt");
}

#[tokio::test(start_paused = true)]
async fn changes_are_reported_once() {
    let (mut case, anna, ben) = (Case::new(), client(1, "a"), client(2, "b"));
    case.run(&anna, 2);
    case.run(&ben, 1);
    assert_eq!(case.all().len(), 2);
    assert_eq!(case.changes().len(), 2, "`all` does not count as a report");
    assert_eq!(case.changes().len(), 0);
    let image = case.at(9).await.arrived(&anna, RequestKind::Image);
    let changes = case.changes();
    let bars = json!([[5, 0, 9, null, null, 0, true, 3, 0, "1.png"]]);
    assert_eq!((changes.len(), &changes[0]["bars"]), (1, &bars));
    case.0.sent(image, 5, false);
    let changes = case.changes();
    assert_eq!((&changes[0]["bytes"], &changes[0]["bars"]), (&json!(5), &json!([])));
}

#[tokio::test(start_paused = true)]
async fn a_change_of_the_rules_is_reported_once() {
    let mut case = Case::new();
    case.at(70).await.0.rules_changed("latency 83 → 500 ms".to_owned());
    let expected = json!([{"id": 0, "at": 70, "words": "latency 83 → 500 ms"}]);
    assert_eq!(json!(case.0.changes().rule_changes), expected);
    assert_eq!(json!(case.0.changes().rule_changes), json!([]));
    assert_eq!(json!(case.0.all().rule_changes), expected);
}

#[test]
fn an_experiment_whose_rule_changes_are_forgotten_stays_as_it_was_saved() {
    let (mut case, anna) = (Case::new(), client(1, "a"));
    let saved = |case: &mut Case| {
        assert!(case.0.remove_run(0, true) && case.0.remove_run(1, true));
        let all = case.0.unsaved(&json!({})).into_iter();
        all.map(|kept| (kept.number, kept.changes.len())).collect::<Vec<_>>()
    };
    case.run(&anna, 1);
    case.0.rules_changed("latency 83 → 500 ms".to_owned());
    case.0.begin_experiment("", json!({}));
    case.run(&anna, 1);
    for _ in 1..MAX_RULE_CHANGES {
        case.0.rules_changed("latency 83 → 500 ms".to_owned());
    }
    assert_eq!(saved(&mut case), [(1, 1), (2, MAX_RULE_CHANGES - 1)]);
    for _ in 0..2 {
        case.0.rules_changed("latency 83 → 500 ms".to_owned());
    }
    assert_eq!(saved(&mut case), [(2, MAX_RULE_CHANGES)], "the current one is saved anyway");
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_and_the_oldest_are_forgotten() {
    let (mut case, curl) = (Case::new(), client(1, "open"));
    let open = case.at(0).await.arrived(&curl, RequestKind::Album);
    for number in 0..=MAX_RUNS {
        case.run(&client(1, &format!("{number}")), 0);
    }
    assert_eq!((case.0.all().first_run, case.all().len()), (2, MAX_RUNS));
    case.run(&client(1, "many"), MAX_LOGGED_REQUESTS + 5);
    assert_eq!(case.all().last().unwrap()["bars"].as_array().unwrap().len(), MAX_LOGGED_REQUESTS);
    let observed = case.0.observed();
    assert_eq!((observed.log.len(), observed.in_flight), (MAX_LOGGED_REQUESTS, 0));
    // The request that was still in flight is forgotten.
    case.at(1).await.0.responded(open, 200);
    case.0.sent(open, 1, true);
    case.at(1).await.0.finished(open);
    assert_eq!((case.0.observed().in_flight, case.all().len()), (0, MAX_RUNS));
}
