//! Alternatives to the four programs: curl, xargs, aria2c, wget2, Python.

use crate::candidate::{Candidate, Job};
use crate::lab::Lab;
use std::fs;
use std::io;
use std::process::{Command, Stdio};

/// Name, number of workers, and command. The words in capitals are placeholders for paths.
const PEERS: [(&str, usize, &str); 10] = [
    ("curl", 1, "curl -sSf --remote-name-all --config URLS"),
    ("curl -Z", 5, "curl -sSf --remote-name-all -Z --parallel-max 5 --config URLS"),
    ("curl -Z", 40, "curl -sSf --remote-name-all -Z --parallel-max 40 --config URLS"),
    ("xargs -P curl", 5, "xargs -a LINKS -n 1 -P 5 curl -sSf --remote-name-all"),
    ("aria2c", 5, "aria2c --quiet -j 5 -i LINKS"),
    ("wget2", 5, "wget2 --quiet --max-threads=5 -i LINKS"),
    ("Python, sync", 1, "PYTHON PEERS/sync.py"),
    ("Python, threads", 5, "PYTHON PEERS/threads.py 5"),
    ("Python, processes", 5, "PYTHON PEERS/processes.py 5"),
    ("Python, aiohttp", 100, "PYTHON PEERS/tasks.py 100"),
];

/// The peers that are installed, and the names of the others.
///
/// All but the Python programs get the list of links, because they cannot read albums.
pub fn candidates(lab: &Lab) -> io::Result<(Vec<Candidate>, Vec<&'static str>)> {
    let (list, config) = (lab.path("links.txt"), lab.path("links.curl"));
    let links = lab.links();
    fs::write(&list, links.join("\n") + "\n")?;
    let urls: Vec<String> = links.iter().map(|link| format!("url = \"{link}\"\n")).collect();
    fs::write(&config, urls.concat())?;
    // Finds the interpreter: `python3` may be a wrapper, whose own time must not be measured.
    let python = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
    let python = python.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let paths = [
        ("LINKS", list.to_string_lossy().into_owned()),
        ("URLS", config.to_string_lossy().into_owned()),
        ("PEERS", concat!(env!("CARGO_MANIFEST_DIR"), "/peers").to_owned()),
        ("PYTHON", python.unwrap_or_default()),
    ];
    let (mut installed, mut missing) = (Vec::new(), Vec::new());
    for (name, workers, command) in PEERS {
        // A path may hold spaces, so it is inserted after the command has been split.
        let words = command.split(' ').map(|word| {
            paths.iter().fold(word.to_owned(), |word, (name, path)| word.replace(name, path))
        });
        let mut words: Vec<String> = words.collect();
        let program = words.remove(0);
        if is_installed(name, &program) {
            let (program, arguments) =
                (program.into(), words.into_iter().map(Into::into).collect());
            let (job, samples) = (Job::Waiting, Vec::new());
            installed.push(Candidate { name, workers, job, program, arguments, samples });
        } else {
            missing.push(name);
        }
    }
    Ok((installed, missing))
}

fn is_installed(name: &str, program: &str) -> bool {
    match name {
        "Python, aiohttp" => succeeds(program, &["-c", "import aiohttp"]),
        "xargs -P curl" => succeeds(program, &["--version"]) && succeeds("curl", &["--version"]),
        _ => succeeds(program, &["--version"]),
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    let command = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Needs Python 3. aiohttp is tested where it is installed.
    #[test]
    fn the_python_versions_do_the_same_job() {
        let lab = Lab::start().unwrap();
        let (installed, missing) = candidates(&lab).unwrap();
        assert_eq!(installed.len() + missing.len(), PEERS.len());
        for name in ["Python, sync", "Python, threads", "Python, processes", "Python, aiohttp"] {
            let Some(peer) = installed.iter().find(|it| it.name == name) else {
                assert_eq!(name, "Python, aiohttp", "this test needs python3: {missing:?}");
                eprintln!("skipped: {name} is not installed");
                continue;
            };
            let sample = lab.run(peer).unwrap();
            assert!((1..=peer.workers).contains(&sample.in_flight), "{name}");
        }
    }
}
