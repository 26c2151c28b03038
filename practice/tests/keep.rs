//! Experiments that survive a restart of the server.

use practice::{ALBUM, Server, Settings};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

fn server(folder: &Path) -> Server {
    let keep = Some(folder.to_owned());
    let settings =
        Settings { latency: Duration::ZERO, link_rate: None, keep, ..Settings::default() };
    Server::start(&settings).unwrap()
}

fn send(server: &Server, request: &str) -> TcpStream {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    connection
}

fn get(server: &Server, path: &str, agent: &str) -> TcpStream {
    send(
        server,
        &format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Authorization: Client-ID x\r\nUser-Agent: {agent}\r\n\r\n"
        ),
    )
}

/// A run of one image.
fn run(server: &Server, agent: &str) {
    for path in [format!("/3/album/{ALBUM}/images"), format!("/{}", server.names()[0])] {
        assert_ne!(get(server, &path, agent).read_to_end(&mut Vec::new()).unwrap(), 0);
    }
}

fn change(server: &Server, change: &str) {
    let request = format!(
        "POST /live/controls HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
         X-Practice-Token: \r\nContent-Length: {}\r\n\r\n{change}",
        change.len()
    );
    let mut response = String::new();
    let _ = send(server, &request).read_to_string(&mut response).unwrap();
    assert!(response.contains(" 200 "), "{response}");
}

/// What a page shows that is opened now.
fn shown(server: &Server) -> Value {
    let lines = BufReader::new(get(server, "/live/events", "watcher")).lines();
    let data = lines.map_while(Result::ok).find_map(|line| {
        line.strip_prefix("data: ").map(|data| serde_json::from_str(data).unwrap())
    });
    data.unwrap()
}

/// The numbers of the experiments.
fn numbers(all: &Value) -> Vec<u64> {
    let experiments = all["experiments"].as_array().unwrap();
    experiments.iter().map(|it| it["number"].as_u64().unwrap()).collect()
}

#[test]
fn experiments_survive_a_restart() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("new/folder");
    let first = server(&folder);
    #[cfg(unix)]
    {
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&folder.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700, "names are in it");
    }
    change(&first, r#"{"experiment": "5 workers each"}"#);
    run(&first, "02-threads/1 (workers=5; name=Ada; run=1)");
    run(&first, "02-threads/1 (workers=5; name=Rude; run=2)");
    change(&first, r#"{"students": {"hide": "Rude"}}"#);
    change(&first, r#"{"latency": 7}"#);
    let before = shown(&first);
    drop(first);
    assert!(!folder.join("experiment-1.json").exists(), "it has no run");

    let second = server(&folder);
    let after = shown(&second);
    assert_eq!(after["runs"], before["runs"], "with all figures and lanes");
    assert_eq!(after["rule_changes"], before["rule_changes"]);
    assert_eq!(after["rule_changes"][0]["words"], "latency 0 → 7 ms");
    assert_eq!(after["runs"][0]["bars"].as_array().unwrap().len(), 2);
    assert_eq!(numbers(&after), [2, 3]);
    let kept = &after["experiments"][0];
    assert_eq!((&kept["title"], &kept["rules"]["latency"]), (&"5 workers each".into(), &7.into()));
    assert_eq!(after["experiments"][1]["first_run"], 2, "the new one is empty");
    let last = after["runs"][1]["last"].as_u64().unwrap();
    assert!(after["now"].as_u64().unwrap() > last, "the clock goes on");

    // A program with an old run's user agent begins a run of the new experiment.
    run(&second, "");
    change(&second, r#"{"students": {"remove_run": 0}}"#);
    drop(second);
    let third = shown(&server(&folder));
    assert_eq!(numbers(&third), [2, 3, 4]);
    assert_eq!(
        (&third["runs"][0]["removed"], &third["runs"][1]),
        (&true.into(), &before["runs"][1])
    );
}

#[test]
fn what_a_killed_server_has_seen_is_there() {
    let folder = TempDir::new().unwrap();
    let first = server(folder.path());
    run(&first, "01-sync/1 (run=1)");
    change(&first, r#"{"gate": 9}"#);
    let _held = get(&first, &format!("/{}", first.names()[1]), "01-sync/1 (run=1)");
    let path = folder.path().join("experiment-1.json");
    let saved = (0..6_000).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        let kept: Value = serde_json::from_slice(&fs::read(&path).ok()?).unwrap();
        (kept["runs"][0]["requests"] == 3).then_some(kept)
    });
    assert!(saved.unwrap()["runs"][0]["bars"][2][4].is_null(), "it is in flight");
    change(&first, r#"{"latency": 7}"#);
    let saved = (0..6_000).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        let kept: Value = serde_json::from_slice(&fs::read(&path).ok()?).unwrap();
        (kept["rules"]["latency"] == 7).then_some(kept)
    });
    assert_eq!(saved.unwrap()["changes"][1][1], "latency 0 → 7 ms");

    // As if the server were killed now: another folder gets what it has written.
    let copy = TempDir::new().unwrap();
    let _ = fs::copy(path, copy.path().join("experiment-1.json")).unwrap();
    let run = shown(&server(copy.path()))["runs"][0].clone();
    assert_eq!((&run["in_flight"], &run["bars"][2][6]), (&0.into(), &false.into()), "{run}");
    assert!(run["bars"][2][4].is_number(), "{run}");
}

#[test]
fn a_damaged_file_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let first = server(folder);
    run(&first, "01-sync/1 (run=1)");
    drop(first);
    let good = fs::read_to_string(folder.join("experiment-1.json")).unwrap();
    let damaged = [
        ("experiment-2.json", good[..good.len() / 2].to_owned()),
        ("experiment-3.json", good.clone()),
        ("experiment-4.json", " ".repeat(9 << 20) + &good),
        ("experiment-5.json", r#"{"number": 5, "title": "", "rules": {}, "runs": 5}"#.into()),
        ("experiment-6.json", "\0".into()),
        (
            "experiment-7.json",
            good.replace(r#""number":1"#, r#""number":7"#).replacen(
                r#""last":"#,
                r#""last":9999999999999"#,
                1,
            ),
        ),
        ("experiment-x.json", "x".into()),
        ("notes.txt", "mine".into()),
    ];
    for (name, text) in &damaged {
        fs::write(folder.join(name), text).unwrap();
    }
    let second = server(folder);
    assert_eq!(numbers(&shown(&second)), [1, 8]);
    run(&second, "01-sync/1 (run=2)");
    drop(second);
    for (name, text) in &damaged {
        assert!(fs::read_to_string(folder.join(name)).unwrap() == *text, "{name}");
    }
    assert!(folder.join("experiment-8.json").exists());
}

#[test]
fn the_last_experiments_are_loaded_and_the_others_stay() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let first = server(folder);
    run(&first, "01-sync/1 (run=1)");
    drop(first);
    let good = fs::read_to_string(folder.join("experiment-1.json")).unwrap();
    for number in 2..=40 {
        let text = good.replace(r#""number":1"#, &format!(r#""number":{number}"#));
        fs::write(folder.join(format!("experiment-{number}.json")), text).unwrap();
    }
    let second = server(folder);
    assert_eq!(numbers(&shown(&second)), (30..=41).collect::<Vec<_>>());
    for run in 0..11 {
        change(&second, &format!(r#"{{"students": {{"remove_run": {run}}}}}"#));
    }
    drop(second);
    for number in 1..=40 {
        let text = fs::read_to_string(folder.join(format!("experiment-{number}.json"))).unwrap();
        assert_eq!(text.contains(r#""removed":true"#), number >= 30, "{number}");
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error_that_names_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let fails = |folder: &Path| {
        let keep = Some(folder.to_owned());
        Server::start(&Settings { keep, ..Settings::default() }).err().unwrap().to_string()
    };
    assert!(fails(&file).contains("file"), "{}", fails(&file));
    let first = server(folder.path());
    assert!(fails(folder.path()).starts_with("another server keeps its experiments in "));
    drop(first);
    drop(server(folder.path()));
}

#[test]
fn names_stay_hidden_and_replaced() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let names = |server: &Server| -> Vec<String> {
        let all = shown(server);
        let runs = all["runs"].as_array().unwrap().iter();
        runs.map(|run| run["name"].as_str().unwrap_or("nameless").to_owned()).collect()
    };
    let first = server(folder);
    for name in ["Rude", "Ben", "Ada"] {
        run(&first, &format!("01-sync/1 (name={name}; run=1)"));
    }
    change(&first, r#"{"students": {"hide": "Rude"}}"#);
    change(&first, r#"{"students": {"rename": {"student": "Ada", "to": "Zo\u00eb"}}}"#);
    change(&first, r#"{"students": {"rename": {"student": "Ben", "to": "Ada"}}}"#);
    run(&first, "01-sync/1 (run=1)");
    change(&first, r#"{"students": {"rename": {"student": "127.0.0.1", "to": "Eva"}}}"#);
    assert_eq!(names(&first), ["student 1", "Ada", "Zoë", "Eva"]);
    drop(first);

    // By then, the address may be another student's.
    let second = server(folder);
    run(&second, "01-sync/1 (name=rude; run=2)");
    assert_eq!(names(&second), ["student 1", "Ada", "Zoë", "nameless", "student 1"]);
    change(&second, r#"{"students": {"own_name": "Ada"}}"#);
    change(&second, r#"{"students": {"hide": "Ben"}}"#);
    drop(second);

    let third = server(folder);
    assert_eq!(names(&third), ["student 1", "student 2", "Zoë", "nameless", "student 1"]);
    change(&third, r#"{"students": {"own_name": "student 1"}}"#);
    assert_eq!(names(&third), ["Rude", "student 2", "Zoë", "nameless", "rude"]);
    drop(third);

    // With a damaged file, hidden names would be shown.
    fs::write(folder.join("names.json"), r#"{"shown": {"#).unwrap();
    let keep = Some(folder.to_owned());
    let error = Server::start(&Settings { keep, ..Settings::default() }).err().unwrap();
    assert!(error.to_string().contains("names.json, which says which names are hidden"), "{error}");
    assert_eq!(fs::read_to_string(folder.join("names.json")).unwrap(), r#"{"shown": {"#);
}
