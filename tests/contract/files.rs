//! The folder of the images: names, files that exist already, temporary files.

use crate::{fast, program};
use practice::{Gate, Server, Settings};
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use tempfile::TempDir;
use tests::{EVENT_TIMEOUT, End, Response, Stub, album_entry, fake_image, wait_until};

/// The names of all files and folders in a folder, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A server whose album has two healthy images.
fn two_images() -> Stub {
    Stub::with_images([
        ("a.png", vec![Response::ok(fake_image(1, 500))]),
        ("b.png", vec![Response::ok(fake_image(2, 500))]),
    ])
}

#[test]
fn the_folder_is_created_with_its_parents() {
    let run = program().at_url(&two_images().api_url()).args("-o x/y/z").run().exits(0);
    assert_eq!(run.files_in("x/y/z").len(), 2);
}

#[test]
fn an_unusable_folder_is_an_error_before_any_image_is_requested() {
    let stub = two_images();
    for out in ["file", "file/below"] {
        let run = program()
            .file("file", "precious")
            .at_url(&stub.api_url())
            .args("-o")
            .args(out)
            .run()
            .exits(1);
        assert!(run.stderr.contains("cannot use the folder file"), "{}", run.stderr);
        assert!(run.stderr.contains("--out"), "it says what to do: {}", run.stderr);
        assert_eq!(fs::read(run.path("file")).unwrap(), b"precious");
    }
    assert_eq!(stub.image_requests(), 0);
}

#[test]
fn an_existing_file_is_replaced_and_other_files_are_kept() {
    let stub = two_images();
    let program = program().file("downloads/a.png", "old").file("downloads/notes.txt", "mine");
    let hard_link = program.dir().join("kept");
    fs::hard_link(program.dir().join("downloads/a.png"), &hard_link).unwrap();
    let run = program.at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.files()["a.png"], fake_image(1, 500));
    assert_eq!(run.files()["notes.txt"], b"mine");
    assert_eq!(
        fs::read(run.path("kept")).unwrap(),
        b"old",
        "the program has written into the existing file"
    );
}

#[test]
fn a_failed_download_does_not_change_an_existing_file() {
    let stub =
        Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500)).cut_short_by(9)])]);
    let program = program().file("downloads/a.png", "old").args("--retries 0");
    let run = program.at_url(&stub.api_url()).run().exits(1);
    assert_eq!(run.files()["a.png"], b"old");
    assert_eq!(run.file_names(), ["a.png"]);
}

#[test]
fn an_image_whose_name_is_a_folder_fails() {
    let program = program().file("downloads/a.png/x", "x").at_url(&two_images().api_url());
    let run = program.args("--json").run().exits(1);
    assert_eq!(run.file_names(), ["b.png"]);
    assert!(run.failures()[0].1.contains("cannot write"), "{:?}", run.failures());
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_replaced_and_not_followed() {
    use std::os::unix::fs::symlink;
    let program = program().file("precious", "precious").file("downloads/x", "");
    symlink("../precious", program.dir().join("downloads/a.png")).unwrap();
    symlink("../nowhere", program.dir().join("downloads/b.png")).unwrap();
    let run = program.at_url(&two_images().api_url()).run().exits(0);
    assert_eq!(run.files()["a.png"], fake_image(1, 500));
    assert_eq!(run.files()["b.png"], fake_image(2, 500));
    assert_eq!(fs::read(run.path("precious")).unwrap(), b"precious");
    assert!(!run.path("nowhere").exists());
}

#[cfg(unix)]
#[test]
fn files_have_the_default_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let run = program().file("like-this", "").at_url(&two_images().api_url()).run().exits(0);
    let mode = |name| fs::metadata(run.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("downloads/a.png"), mode("like-this"));
}

#[test]
fn names_that_differ_only_by_case_are_numbered_in_album_order() {
    let stub = Stub::with_images([
        ("1/Abc.png", vec![Response::ok(fake_image(1, 500))]),
        ("2/abc.png", vec![Response::ok(fake_image(2, 500))]),
    ]);
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.files()["Abc.png"], fake_image(1, 500));
    assert_eq!(run.files()["abc-2.png"], fake_image(2, 500));
}

#[test]
fn a_hostile_name_is_made_safe() {
    let names = ["x/..%2f..%2fa.png", ".hidden.png", "con.png", "..", "a\\..\\b.png"];
    let stub = Stub::start();
    // Clients resolve the dots in the last two names, and request these paths.
    for path in names.into_iter().chain(["", "b.png"]) {
        stub.respond(&format!("/{path}"), vec![Response::ok(fake_image(1, 500))]);
    }
    stub.set_album(&names.iter().map(|name| album_entry(&stub.link(name), None)).collect());
    let run = program().at_url(&stub.api_url()).run().exits(0);
    let expected = ["%2f..%2fa.png", "_con.png", "a_.._b.png", "abcdefg", "hidden.png"];
    assert_eq!(run.file_names(), expected);
    let expected = [".stderr", ".stdout", "downloads"];
    assert_eq!(names_in(&run.path("")), expected, "a file is outside the folder");
}

#[test]
fn an_image_whose_folder_has_been_deleted_fails() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500)).held_until(2)])]);
    let running = program().at_url(&stub.api_url()).args("--json --retries 0").start();
    wait_until("the request for the image", || stub.image_requests() == 1);
    fs::remove_dir_all(running.dir().join("downloads")).unwrap();
    // A second request makes the stub release the image.
    let mut other = TcpStream::connect(stub.address()).unwrap();
    other.write_all(b"GET /other HTTP/1.1\r\n\r\n").unwrap();
    let run = running.wait().exits(1);
    assert!(run.failures()[0].1.contains("cannot write"), "{:?}", run.failures());
}

#[test]
fn temporary_files_of_a_killed_run_are_removed_by_the_next_run() {
    let half = Response::ok(fake_image(1, 500)).cut_short_by(100).ending(End::Hang);
    let stub = Stub::with_images([("a.png", vec![half, Response::ok(fake_image(1, 500))])]);
    let dir = TempDir::new().unwrap();
    let program = || program().at_url(&stub.api_url()).arg("-o").arg(dir.path());
    let mut running = program().start();
    wait_until("a temporary file", || {
        names_in(dir.path()).iter().any(|name| name.starts_with(".part-"))
    });
    running.kill();
    let _ = running.wait();
    // One more temporary file, and two files that only resemble one.
    fs::write(dir.path().join(".part-0123abcd-xyz123"), "half").unwrap();
    fs::write(dir.path().join(".profile"), "mine").unwrap();
    fs::write(dir.path().join(".part-time-jobs.txt"), "mine").unwrap();
    wait_until("the end of the killed program's workers", || {
        // Until they end, the workers keep their temporary files locked.
        drop(program().run().exits(0));
        names_in(dir.path()) == [".part-time-jobs.txt", ".profile", "a.png"]
    });
}

#[test]
fn runs_at_the_same_time_can_share_a_folder() {
    // The gate opens when all three runs have requested their first image.
    let gate = Gate { requests: 3, timeout: EVENT_TIMEOUT };
    let server = Server::start(&Settings { gate: Some(gate), ..fast() }).unwrap();
    let dir = TempDir::new().unwrap();
    let start = || program().at(&server).workers(1).args("-o").arg(dir.path()).start();
    for running in [start(), start(), start()] {
        drop(running.wait().exits(0));
    }
    let names = names_in(dir.path());
    assert_eq!(names.len(), 40, "{names:?}");
    for name in names {
        assert!(fs::read(dir.path().join(&name)).unwrap() == server.file(&name).unwrap(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_named_like_a_temporary_file_does_not_hang_the_program() {
    let server = Server::start(&Settings { images: 1, ..fast() }).unwrap();
    let program = program().file("downloads/other", "").at(&server);
    let pipe = program.dir().join("downloads/.part-0123abcd-AbC123");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    drop(program.run().exits(0));
}
