//! The live view as a watcher sees it, and the controls.

use practice::{ALBUM, Server, Settings};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

fn server() -> Server {
    start(&Settings::default())
}

/// Starts a server without delays.
fn start(settings: &Settings) -> Server {
    let settings = Settings { latency: Duration::ZERO, link_rate: None, ..settings.clone() };
    Server::start(&settings).unwrap()
}

/// A connection on which this request was sent.
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

/// A whole response.
fn get(server: &Server, path: &str, agent: &str) -> String {
    let mut response = Vec::new();
    let _ = send(server, &head(path, agent)).read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

fn status(server: &Server, path: &str, agent: &str) -> u16 {
    get(server, path, agent).split(' ').nth(1).unwrap().parse().unwrap()
}

/// Changes the rules, as the page does.
fn change(server: &Server, change: &str) -> String {
    let request = format!(
        "POST /live/controls HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         X-Practice-Token: \r\nContent-Length: {}\r\n\r\n{change}",
        change.len()
    );
    let mut response = String::new();
    let _ = send(server, &request).read_to_string(&mut response).unwrap();
    response
}

/// A client of the event stream.
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

    /// The data of the first event that matches, among the next hundred.
    fn until(&mut self, matches: impl Fn(&Value) -> bool) -> Value {
        let mut events = (0..100).map(|_| self.next().expect("the stream goes on").1);
        events.find(matches).expect("such an event comes")
    }
}

#[test]
fn a_watcher_gets_a_snapshot_and_then_what_changes() {
    let server = server();
    let album = format!("/3/album/{ALBUM}/images");
    assert_eq!(status(&server, &album, "before/1"), 200);
    let mut early = Watcher::new(&server);
    let (name, all) = early.next().unwrap();
    assert_eq!(name, "snapshot");
    assert_eq!(all["runs"].as_array().unwrap().len(), 1);
    assert_eq!(all["runs"][0]["program"], "before");
    assert_eq!(all["rules"]["latency"], 0);

    assert_eq!(status(&server, &album, "after/1"), 200);
    let change = early.until(|data| data["runs"][0]["program"] == "after");
    assert_eq!(
        change["runs"].as_array().unwrap().len(),
        1,
        "what has not changed is not sent again"
    );

    // A page that reconnects gets a snapshot.
    drop(early);
    let (name, all) = Watcher::new(&server).next().unwrap();
    assert_eq!((name.as_str(), all["runs"].as_array().unwrap().len()), ("snapshot", 2));
}

#[test]
fn a_name_that_may_belong_to_another_page_gets_no_events() {
    let server = server();
    let mut response = String::new();
    let request = head("/live/events", "").replace("Host: 127.0.0.1", "Host: evil.example");
    let _ = send(&server, &request).read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 403 "), "{response}");
    assert!(response.contains(&format!("http://{}/", server.address())), "{response}");
}

#[test]
fn requests_for_the_live_view_are_not_recorded() {
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
    for path in ["/", "/start", "/live/page.js", "/live/classroom.js", "/live/page.css"] {
        let page = get(&server, path, "");
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("content-security-policy: default-src 'none';"), "{page}");
        assert!(!page.contains("{address}"), "{page}");
    }
    let start = get(&server, "/start", "");
    assert!(start.contains(&format!("IMGUR_API_URL=http://{}/3", server.address())), "{start}");
}

#[test]
fn the_number_of_watchers_is_limited() {
    let server = server();
    let mut watchers: Vec<Watcher> = (0..100).map(|_| Watcher::new(&server)).collect();
    for watcher in &mut watchers {
        assert_eq!(watcher.next().unwrap().0, "snapshot");
    }
    assert_eq!(status(&server, "/live/events", ""), 503);
    assert_eq!(status(&server, "/3/credits", ""), 200, "other requests are served all the same");
}

#[test]
fn a_server_that_stops_sends_a_last_frame() {
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
    assert_eq!(
        (&last["totals"]["requests"], &last["totals"]["in_flight"]),
        (&10.into(), &0.into())
    );
}

#[test]
fn a_response_to_head_is_complete() {
    let server = server();
    for path in [&format!("/{}", server.names()[0]), &format!("/3/album/{ALBUM}/images")] {
        let request = head(path, "a").replacen("GET", "HEAD", 1);
        assert_ne!(send(&server, &request).read_to_end(&mut Vec::new()).unwrap(), 0);
    }
    let (_, all) = Watcher::new(&server).next().unwrap();
    let totals = &all["totals"];
    assert_eq!((&totals["failures"], &totals["in_flight"]), (&0.into(), &0.into()));
}

#[test]
fn changes_of_the_rules_apply_to_the_next_request() {
    let server = server();
    let image = format!("/{}", server.names()[0]);
    assert_eq!(status(&server, &image, "a"), 200);
    assert!(change(&server, r#"{"failure_rate": 100}"#).contains(" 200 "));
    assert_eq!(status(&server, &image, "a"), 503);
    assert!(get(&server, &image, "a").contains("injected failure"));
    for invalid in [
        r#"{"failure_rate": 0, "latency": -5}"#,
        r#"{"failure_rate": 0, "gate": 0}"#,
        "",
        "5",
        "[]",
        "{",
        &"{".repeat(100_000),
    ] {
        assert!(change(&server, invalid).contains(" 400 "), "{invalid:.40}");
    }
    assert_eq!(status(&server, &image, "a"), 503, "an invalid change changes nothing");
    assert!(change(&server, r#"{"failure_rate": 0}"#).contains(" 200 "));
    assert_eq!(status(&server, &image, "a"), 200);
}

#[test]
fn the_limit_holds_for_all_clients_together() {
    let server = start(&Settings { limit: Some(4), ..Settings::default() });
    let image = format!("/{}", server.names()[0]);
    // The gate holds the four requests below, so all of them are in flight together.
    assert!(change(&server, r#"{"gate": 1000}"#).contains(" 200 "));
    let mut held: Vec<TcpStream> =
        ["anna", "ben", "anna", "ben"].map(|agent| send(&server, &head(&image, agent))).into();
    let arrived = (0..10_000).any(|_| {
        thread::sleep(Duration::from_millis(1));
        server.observed().in_flight == 4
    });
    assert!(arrived);
    for agent in ["anna", "carl"] {
        assert_eq!(status(&server, &image, agent), 429);
    }
    assert!(change(&server, r#"{"gate": null}"#).contains(" 200 "));
    for connection in &mut held {
        let mut start = [0; 12];
        connection.read_exact(&mut start).unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
    }
}

#[test]
fn a_refusal_takes_the_latency_and_leaves_room_for_others() {
    let server = Server::start(&Settings {
        latency: Duration::from_hours(1),
        limit: Some(1),
        ..Settings::default()
    });
    let server = server.unwrap();
    let album = format!("/3/album/{ALBUM}/images");
    let image = format!("/{}", server.names()[0]);
    let mut watcher = Watcher::new(&server);
    let mut sent_when = |path: &str, in_flight: usize| {
        let connection = send(&server, &head(path, "anna"));
        let all = watcher.until(|data| data["totals"]["in_flight"] == in_flight);
        assert_eq!(all["totals"]["peak"], in_flight);
        connection
    };
    let _album = sent_when(&album, 1);
    let admitted = sent_when(&image, 2);
    // All requests wait for the latency, including the refused ones.
    let refused = [3, 4, 5].map(|in_flight| sent_when(&image, in_flight));
    drop(admitted);
    let _ = watcher.until(|data| data["totals"]["in_flight"] == 4);
    let next = send(&server, &head(&image, "anna"));
    let _ = watcher.until(|data| data["totals"]["in_flight"] == 5);
    // The new latency releases all of them.
    assert!(change(&server, r#"{"latency": 0}"#).contains(" 200 "));
    for (mut connection, status) in refused.map(|it| (it, "429")).into_iter().chain([(next, "200")])
    {
        let mut response = Vec::new();
        let _ = connection.read_to_end(&mut response).unwrap();
        assert_eq!(str::from_utf8(&response[9..12]).unwrap(), status);
    }
    let (_, all) = Watcher::new(&server).next().unwrap();
    let bars = all["runs"][0]["bars"].as_array().unwrap();
    for bar in bars.iter().filter(|bar| bar[5] == 429) {
        assert!(bar[3].as_u64() > bar[2].as_u64(), "a bar without length: {bar}");
    }
}

#[test]
fn only_an_album_begins_a_run() {
    let server = server();
    let album = format!("/3/album/{ALBUM}/images");
    for path in ["/favicon.ico", "/apple-touch-icon.png", &format!("/{}", server.names()[0])] {
        let expected = if path.contains("icon") { 404 } else { 200 };
        assert_eq!(status(&server, path, "browser"), expected);
    }
    assert_eq!(status(&server, &album, "01-sync/1 (run=1)"), 200);
    let (_, all) = Watcher::new(&server).next().unwrap();
    assert_eq!(all["runs"].as_array().unwrap().len(), 1, "the requests before belong to none");
    let attempts: Vec<_> = server.observed().log.iter().map(|seen| seen.attempt).collect();
    assert_eq!(attempts, [0, 0, 1, 0], "an icon is not an image");
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
fn long_targets_and_user_agents_are_cut() {
    let server = server();
    let long = "x".repeat(5_000);
    assert_eq!(status(&server, &format!("/{long}.png"), &long), 404);
    let seen = server.observed().log[0].clone();
    assert_eq!((seen.target.len(), seen.user_agent.len()), (200, 600));
}

/// The first snapshot that matches. Pages that are opened between two frames share one.
fn snapshot(server: &Server, matches: impl Fn(&Value) -> bool) -> Value {
    let mut snapshots = (0..600).map(|_| {
        thread::sleep(Duration::from_millis(50));
        Watcher::new(server).next().unwrap().1
    });
    snapshots.find(matches).expect("such a snapshot comes")
}

/// Waits until a page that is opened shows this of the first run.
fn first_run_has(server: &Server, key: &str, value: impl Into<Value>) {
    let value = value.into();
    let _ = snapshot(server, |data| data["runs"][0][key] == value);
}

#[test]
fn a_hidden_name_reaches_no_page() {
    let server = server();
    let list = format!("/3/album/{ALBUM}/images");
    let run = |name: &str, run: u32| {
        let agent = format!("01-sync/1 (workers=1; name={name}; run={run})");
        assert_eq!(status(&server, &list, &agent), 200);
    };
    run("Rude", 1);
    let mut watcher = Watcher::new(&server);
    assert_eq!(watcher.next().unwrap().1["runs"][0]["name"], "Rude");
    let hidden = change(&server, r#"{"students": {"hide": "Rude"}}"#);
    assert!(hidden.ends_with("the name is hidden: student 1"), "{hidden}");
    // Pages that are open hear of it.
    let _ = watcher.until(|data| data["runs"][0]["name"] == "student 1");
    run("rude", 2);
    let all = snapshot(&server, |data| data["runs"][1]["name"] == "student 1");
    assert!(!all.to_string().to_lowercase().contains("rude"), "{all}");

    let renamed = change(
        &server,
        r#"{"students": {"rename": {"student": "student 1", "to": " Zo\u00eb "}}}"#,
    );
    assert!(renamed.ends_with("the new name is Zoë"), "{renamed}");
    first_run_has(&server, "name", "Zoë");
    assert!(change(&server, r#"{"students": {"own_name": "Zoë"}}"#).contains(" 200 "));
    first_run_has(&server, "name", "Rude");
}

#[test]
fn an_address_can_be_given_a_name() {
    let server = server();
    assert_eq!(status(&server, &format!("/3/album/{ALBUM}/images"), "01-sync/1"), 200);
    let renamed =
        change(&server, r#"{"students": {"rename": {"student": "127.0.0.1", "to": "Ada"}}}"#);
    assert!(renamed.contains(" 200 "), "{renamed}");
    first_run_has(&server, "name", "Ada");
}

#[test]
fn a_removed_run_can_be_brought_back() {
    let server = server();
    assert_eq!(status(&server, &format!("/3/album/{ALBUM}/images"), "01-sync/1"), 200);
    first_run_has(&server, "removed", false);
    assert!(change(&server, r#"{"students": {"remove_run": 0}}"#).ends_with("the run is removed"));
    first_run_has(&server, "removed", true);
    assert!(change(&server, r#"{"students": {"restore_run": 0}}"#).ends_with("the run is back"));
    first_run_has(&server, "removed", false);
}

#[test]
fn an_impossible_change_of_a_student_changes_nothing() {
    let server = server();
    assert_eq!(status(&server, &format!("/3/album/{ALBUM}/images"), "01-sync/1 (name=Ada)"), 200);
    for (invalid, message) in [
        (r#"{"remove_run": 1}"#, "forgotten"),
        (r#"{"restore_run": -1}"#, "a name, a run's id or a message"),
        (r#"{"hide": 5}"#, "a name, a run's id or a message"),
        (r#"{"hide": ""}"#, "no student"),
        (r#"{"hide": "Ada", "remove_run": 0}"#, "a name, a run's id or a message"),
        (r#"{"rename": {"student": "Ada", "to": " "}}"#, "empty"),
        (r#"{"own_name": "Ada"}"#, "Ada is the student's own name"),
    ] {
        let response = change(&server, &format!(r#"{{"latency": 5, "students": {invalid}}}"#));
        assert!(response.contains(" 400 ") && response.contains(message), "{response}");
    }
    let (_, all) = Watcher::new(&server).next().unwrap();
    assert_eq!(all["rules"]["latency"], 0);
    assert_eq!(
        (&all["runs"][0]["name"], &all["runs"][0]["removed"]),
        (&"Ada".into(), &false.into())
    );
}

/// Reads until the byte that begins the document.
fn reads_document(connection: &mut TcpStream) -> String {
    let mut rest = String::new();
    let _ = connection.read_to_string(&mut rest).unwrap();
    rest
}

#[test]
fn new_runs_wait_for_the_start_and_begin_there() {
    let server = server();
    let list = format!("/3/album/{ALBUM}/images");
    let agent = |run: u32| format!("01-sync/1 (workers=1; run={run})");
    assert_eq!(status(&server, &list, &agent(0)), 200);
    let waits = change(&server, r#"{"wait_for_start": 3}"#);
    assert!(waits.ends_with("new runs wait for the start"), "{waits}");
    assert_eq!(
        status(&server, &format!("/{}", server.names()[0]), &agent(0)),
        200,
        "a run that is going goes on"
    );

    let mut watcher = Watcher::new(&server);
    // It may even list the album again. If that were held, it would stay in flight.
    let began = watcher.next().unwrap().1["runs"][0]["began"].clone();
    let _again = send(&server, &head(&list, &agent(0)));
    let going = watcher.until(|data| {
        let run = &data["runs"][0];
        run["id"] == 0 && run["requests"] == 3 && run["in_flight"] == 0
    });
    assert_eq!(going["runs"][0]["began"], began);
    let mut waiting = [1, 2].map(|run| send(&server, &head(&list, &agent(run))));
    let here = |data: &Value, here: usize| {
        data["rules"]["start"] == serde_json::json!({"here": here, "expected": 3})
    };
    let _ = watcher.until(|data| here(data, 2));
    // A client that leaves no longer counts, and one that comes back does.
    let [gone, kept] = &mut waiting;
    gone.shutdown(std::net::Shutdown::Both).unwrap();
    let _ = watcher.until(|data| here(data, 1));
    let back = send(&server, &head(&list, &agent(1)));
    let _ = watcher.until(|data| here(data, 2));
    // A space arrives, so that no client gives up.
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n1\r\n \r\n") {
        let mut byte = [0];
        kept.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    let all = snapshot(&server, |data| data["runs"][2]["waits"] == true);
    assert_eq!(
        (&all["runs"][2]["waits"], all["runs"][2]["bars"].as_array().unwrap().len()),
        (&true.into(), 0)
    );
    let before = all["now"].as_u64().unwrap();

    let started = change(&server, r#"{"gate": null}"#);
    assert!(started.ends_with("2 runs have started"), "{started}");
    for mut connection in [kept.try_clone().unwrap(), back] {
        assert!(reads_document(&mut connection).contains(&server.names()[0]));
    }
    assert_eq!(status(&server, &list, &agent(3)), 200, "later runs pass");
    let all = snapshot(&server, |data| data["runs"][3]["requests"] == 1);
    assert!(all["rules"]["start"].is_null());
    for run in [1, 2] {
        let run = &all["runs"][run];
        let began = run["began"].as_u64().unwrap();
        assert!(began >= before && run["waits"] == false, "{run}");
        let bars = run["bars"].as_array().unwrap();
        assert_eq!(
            (bars.len(), &bars[0][2], &bars[0][5]),
            (1, &began.into(), &200.into()),
            "{run}"
        );
    }
}

/// Reports a verdict, as a student's machine does.
fn report(server: &Server, host: &str, report: &str) -> String {
    let request = format!(
        "POST /live/progress HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{report}",
        report.len()
    );
    let mut response = String::new();
    let _ = send(server, &request).read_to_string(&mut response).unwrap();
    response
}

#[test]
fn the_progress_of_the_class_reaches_its_pages_and_no_others() {
    let server = server();
    let mut watcher = Watcher::new(&server);
    assert_eq!(watcher.next().unwrap().1["progress"], 0);
    let refused = r#"{"name": "Rude", "task": "03", "passed": false, "message": "it waits\nlong"}"#;
    assert!(report(&server, "127.0.0.1", refused).contains(" 200 "));
    let _ = watcher.until(|data| data["progress"] == 1);
    assert!(change(&server, r#"{"students": {"hide": "rude"}}"#).contains(" 200 "));
    let _ = watcher.until(|data| data["progress"] == 2);
    let shown = get(&server, "/live/progress", "");
    let body: Value = serde_json::from_str(shown.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "students": [{"name": "student 1", "tasks": {"03": false}}],
            "refusals": {"03": {"message": "it waits long", "students": 1}},
        })
    );

    for (host, text, status) in [
        ("127.0.0.1", "{}", 400),
        ("127.0.0.1", r#"{"name": "Ada", "task": "3", "passed": true, "message": ""}"#, 400),
        ("127.0.0.1", &" ".repeat(100_000), 400),
        ("evil.example", refused, 403),
    ] {
        let response = report(&server, host, text);
        assert!(response.contains(&format!(" {status} ")), "{response}");
    }
    let remove = r#"{"students": {"remove_message": "it waits long"}}"#;
    assert!(change(&server, remove).ends_with("the message is removed"));
    assert!(
        get(&server, "/live/progress", "")
            .ends_with(r#""refusals":{},"students":[{"name":"student 1","tasks":{"03":false}}]}"#)
    );
    assert!(change(&server, r#"{"students": {"remove_message": "x"}}"#).contains(" 400 "));

    let evil = head("/live/progress", "").replace("Host: 127.0.0.1", "Host: evil.example");
    let mut response = String::new();
    let _ = send(&server, &evil).read_to_string(&mut response).unwrap();
    assert!(response.contains(" 403 "), "{response}");
    assert_eq!(server.observed().requests, 0, "they are not recorded");
}
