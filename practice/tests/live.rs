//! The live view as its watchers see it, and the rules that the teacher sets, as clients do.

use practice::{ALBUM, Server, Settings};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

fn server() -> Server {
    start(&Settings::default())
}

/// Without delays.
fn start(settings: &Settings) -> Server {
    let settings = Settings { latency: Duration::ZERO, link_rate: None, ..settings.clone() };
    Server::start(&settings).unwrap()
}

/// A connection on which this was sent.
fn send(server: &Server, request: &str) -> TcpStream {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    connection
}

fn head(path: &str, agent: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         Authorization: Client-ID x\r\nUser-Agent: {agent}\r\n\r\n"
    )
}

/// All of an answer.
fn get(server: &Server, path: &str, agent: &str) -> String {
    let mut answer = Vec::new();
    let _ = send(server, &head(path, agent)).read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(server: &Server, path: &str, agent: &str) -> u16 {
    get(server, path, agent).split(' ').nth(1).unwrap().parse().unwrap()
}

/// Changes the rules, as the teacher's page does.
fn wish(server: &Server, wish: &str) -> String {
    let request = format!(
        "POST /live/controls HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         X-Practice-Token: \r\nContent-Length: {}\r\n\r\n{wish}",
        wish.len()
    );
    let mut answer = String::new();
    let _ = send(server, &request).read_to_string(&mut answer).unwrap();
    answer
}

/// Somebody who looks on.
struct Watcher(BufReader<TcpStream>);

impl Watcher {
    fn new(server: &Server) -> Self {
        Self(BufReader::new(send(server, &head("/live/events", "watcher"))))
    }

    /// The name and the data of the next event; none if the stream has ended.
    fn next(&mut self) -> Option<(String, Value)> {
        let mut name = String::new();
        for line in self.0.by_ref().lines().map_while(Result::ok) {
            if let Some(event) = line.strip_prefix("event: ") {
                event.clone_into(&mut name);
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((name, serde_json::from_str(data).unwrap()));
            }
        }
        None
    }

    /// The data of the first event that is like this.
    fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let (_, data) = self.next().expect("the stream goes on");
            if is_it(&data) {
                return data;
            }
        }
    }
}

#[test]
fn a_watcher_gets_all_that_is_known_and_then_what_changes() {
    let server = server();
    let album = format!("/3/album/{ALBUM}/images");
    assert_eq!(status(&server, &album, "before/1"), 200);
    let mut early = Watcher::new(&server);
    let (name, all) = early.next().unwrap();
    assert_eq!(name, "snapshot");
    assert_eq!(all["runs"].as_array().unwrap().len(), 1);
    assert_eq!(all["runs"][0]["program"], "before");
    assert_eq!(all["class"]["rules"]["latency"], 0);

    assert_eq!(status(&server, &album, "after/1"), 200);
    let change = early.until(|data| data["runs"][0]["program"] == "after");
    assert_eq!(
        change["runs"].as_array().unwrap().len(),
        1,
        "what has not changed is not sent again"
    );

    // Whoever comes back gets all.
    drop(early);
    let (name, all) = Watcher::new(&server).next().unwrap();
    assert_eq!((name.as_str(), all["runs"].as_array().unwrap().len()), ("snapshot", 2));
}

#[test]
fn looking_on_is_no_request() {
    let server = server();
    let mut watcher = Watcher::new(&server);
    drop((watcher.next(), get(&server, "/", ""), get(&server, "/start", "")));
    assert_eq!(status(&server, "/live/other", ""), 404);
    let seen = server.observed();
    assert_eq!((seen.requests, seen.connections, seen.peak_in_flight), (0, 0, 0));
}

#[test]
fn the_pages_bring_their_own_policy_and_the_servers_address() {
    let server = server();
    for path in ["/", "/start", "/live/page.js", "/live/page.css"] {
        let page = get(&server, path, "");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("content-security-policy: default-src 'none';"), "{page}");
        assert!(!page.contains("{address}"), "{page}");
    }
    let start = get(&server, "/start", "");
    assert!(start.contains(&format!("IMGUR_API_URL=http://{}/3", server.address())), "{start}");
}

#[test]
fn there_is_room_for_so_many_watchers_and_then_for_no_more() {
    let server = server();
    let mut watchers: Vec<Watcher> = (0..100).map(|_| Watcher::new(&server)).collect();
    for watcher in &mut watchers {
        assert_eq!(watcher.next().unwrap().0, "snapshot");
    }
    assert_eq!(status(&server, "/live/events", ""), 503);
    assert_eq!(status(&server, "/3/credits", ""), 200, "programs are served all the same");
}

/// One small request of each of two hundred programs, so that all of them change, and the next frame
/// is a long one.
fn stir(server: &Server) {
    let name = "%F0%9F%A6%80".repeat(40);
    let request = |number: i32| {
        let last = if number == 199 { "Connection: close\r\n" } else { "" };
        format!(
            "GET /3/album/none/images HTTP/1.1\r\nHost: 127.0.0.1\r\n{last}\
             User-Agent: x (run={number}; name={name})\r\n\r\n"
        )
    };
    let requests = (0..200).map(request).collect::<Vec<_>>().concat();
    let mut answers = Vec::new();
    assert!(send(server, &requests).read_to_end(&mut answers).unwrap() > 0);
}

#[test]
fn a_watcher_that_does_not_read_is_let_go() {
    let server = server();
    let mut silent = send(&server, &head("/live/events", "silent"));
    let mut other = Watcher::new(&server);
    // The system's buffers take some megabytes for it. Once the server has closed the connection,
    // nothing more can be sent to it, either.
    let mut frames = 0;
    while silent.write_all(b"x").is_ok() {
        stir(&server);
        assert!(other.next().is_some(), "who reads is served all the same");
        frames += 1;
        assert!(frames < 1_000, "it is still there");
    }
    assert_eq!(status(&server, "/live/events/", ""), 404, "the server goes on");
}

#[test]
fn a_server_that_ends_tells_whoever_looks_on_all_that_it_saw() {
    let server = server();
    let mut watcher = Watcher::new(&server);
    assert!(watcher.next().is_some());
    for _ in 0..10 {
        assert_eq!(status(&server, &format!("/3/album/{ALBUM}/images"), "last/1"), 200);
    }
    drop(server);
    let mut last = Value::Null;
    while let Some((_, data)) = watcher.next() {
        last = data;
    }
    assert_eq!((&last["class"]["requests"], &last["class"]["in_flight"]), (&10.into(), &0.into()));
}

#[test]
fn wishes_change_what_clients_meet() {
    let server = server();
    let image = format!("/{}", server.names()[0]);
    assert_eq!(status(&server, &image, "a"), 200);
    assert!(wish(&server, r#"{"faulty": 100}"#).contains(" 200 "));
    assert_eq!(status(&server, &image, "a"), 503);
    assert!(wish(&server, r#"{"faulty": 0, "latency": -5}"#).contains(" 400 "));
    assert_eq!(status(&server, &image, "a"), 503, "a wish is granted as a whole or not at all");
    for nonsense in ["", "5", "[]", "{", &"{".repeat(100_000)] {
        assert!(wish(&server, nonsense).contains(" 400 "), "{nonsense:.9}");
    }
    assert!(wish(&server, r#"{"faulty": 0}"#).contains(" 200 "));
    assert_eq!(status(&server, &image, "a"), 200);
}

#[test]
fn who_floods_is_held_to_the_limit_and_keeps_nobody_out() {
    let server = start(&Settings { limit: Some(4), ..Settings::default() });
    let image = format!("/{}", server.names()[0]);
    // All are held until the gate opens, so that they are in flight together.
    assert!(wish(&server, r#"{"gate": 1000}"#).contains(" 200 "));
    let asked = |agent: &str| send(&server, &head(&image, agent));
    let in_flight = |number: usize| {
        while server.observed().in_flight != number {
            thread::sleep(Duration::from_millis(1));
        }
    };
    let flood: Vec<TcpStream> = (0..4).map(|_| asked("flood")).collect();
    in_flight(4);
    assert_eq!(status(&server, &image, "flood"), 429, "the limit is reached");
    let others: Vec<TcpStream> = ["anna", "ben"].map(asked).into();
    in_flight(6);
    assert_eq!(status(&server, &image, "flood"), 429);
    assert_eq!(status(&server, &image, "anna"), 429, "she holds her share of four by three");
    assert!(wish(&server, r#"{"gate": null}"#).contains(" 200 "));
    for mut connection in flood.into_iter().chain(others) {
        let mut start = [0; 12];
        connection.read_exact(&mut start).unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
    }
}

#[test]
fn what_is_no_image_of_the_album_belongs_to_no_run() {
    let server = server();
    let album = format!("/3/album/{ALBUM}/images");
    for path in ["/favicon.ico", "/apple-touch-icon.png", &format!("/{}", server.names()[0])] {
        let expected = if path.contains("icon") { 404 } else { 200 };
        assert_eq!(status(&server, path, "browser"), expected);
    }
    assert_eq!(status(&server, &album, "01-sync/1 (run=1)"), 200);
    let (_, all) = Watcher::new(&server).next().unwrap();
    assert_eq!(all["runs"].as_array().unwrap().len(), 1, "only an album begins a run");
    let attempts: Vec<_> = server.observed().log.iter().map(|seen| seen.attempt).collect();
    assert_eq!(attempts, [0, 0, 1, 0], "an icon is no image");
}

#[test]
fn two_runs_of_one_program_on_one_machine_are_told_apart() {
    let server = server();
    let album = format!("/3/album/{ALBUM}/images");
    let image = format!("/{}", server.names()[0]);
    for agent in ["01-sync/1 (workers=1; run=1)", "01-sync/1 (workers=1; run=2)"] {
        assert_eq!(status(&server, &album, agent), 200);
    }
    assert_eq!(status(&server, &image, "01-sync/1 (workers=1; run=1)"), 200);
    let (_, all) = Watcher::new(&server).next().unwrap();
    let requests: Vec<_> =
        all["runs"].as_array().unwrap().iter().map(|run| &run["requests"]).collect();
    assert_eq!(requests, [2, 1]);
}

#[test]
fn the_longest_name_is_shown_whole() {
    let server = server();
    let name = "é".repeat(20) + &"🦀".repeat(20);
    let encoded = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
    let agent = format!("03-processes/0.1.0 (workers=65535; name={encoded}; run={})", u64::MAX);
    assert_eq!(status(&server, &format!("/3/album/{ALBUM}/images"), &agent), 200);
    let (_, all) = Watcher::new(&server).next().unwrap();
    assert_eq!(all["runs"][0]["name"], name);
    assert_eq!(server.observed().log[0].user_agent, agent);
}

#[test]
fn long_names_are_cut_before_they_are_kept() {
    let server = server();
    let long = "x".repeat(5_000);
    assert_eq!(status(&server, &format!("/{long}.png"), &long), 404);
    let seen = server.observed().log[0].clone();
    assert_eq!((seen.target.len(), seen.user_agent.len()), (200, 600));
}
