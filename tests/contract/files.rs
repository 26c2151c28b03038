//! Where images land, and what may stand in their way.

use crate::practice_mode::fast;
use crate::program;
use practice::{Server, Settings};
use std::fs;
use tests::{Answer, Stub, Then, await_that, listed, picture};

fn stub() -> Stub {
    Stub::with([
        ("a.png", vec![Answer::ok(picture(1, 500))]),
        ("b.png", vec![Answer::ok(picture(2, 500))]),
    ])
}

#[test]
fn the_folder_is_made_with_its_parents() {
    let run = program().at_url(&stub().api_url()).args("-o x/y/z").run().exits(0);
    assert_eq!(run.files_in("x/y/z").len(), 2);
}

#[test]
fn a_folder_that_cannot_be_used_is_found_out_before_any_image_is_asked_for() {
    let stub = stub();
    for out in ["file", "file/below"] {
        let run = program()
            .file("file", "precious")
            .at_url(&stub.api_url())
            .args("-o")
            .args(out)
            .run()
            .exits(1);
        assert!(run.stderr.contains("cannot use the folder file"), "{}", run.stderr);
        assert_eq!(fs::read(run.path("file")).unwrap(), b"precious");
    }
    assert_eq!(stub.image_times(), 0);
}

#[test]
fn existing_files_are_replaced_and_others_stay() {
    let stub = stub();
    let program = program().file("downloads/a.png", "old").file("downloads/notes.txt", "mine");
    let hard_link = program.dir().join("kept");
    fs::hard_link(program.dir().join("downloads/a.png"), &hard_link).unwrap();
    let run = program.at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.files()["a.png"], picture(1, 500));
    assert_eq!(run.files()["notes.txt"], b"mine");
    assert_eq!(
        fs::read(run.path("kept")).unwrap(),
        b"old",
        "the file was replaced, not written to"
    );
}

#[test]
fn a_failure_leaves_the_existing_file_alone() {
    let stub = Stub::with([("a.png", vec![Answer::ok(picture(1, 500)).cut(-9)])]);
    let program = program().file("downloads/a.png", "old").args("--retries 0");
    let run = program.at_url(&stub.api_url()).run().exits(1);
    assert_eq!(run.files()["a.png"], b"old");
    assert_eq!(run.names(), ["a.png"]);
}

#[test]
fn a_folder_in_the_way_makes_that_image_fail() {
    let program = program().file("downloads/a.png/x", "x").at_url(&stub().api_url());
    let run = program.args("--json").run().exits(1);
    assert_eq!(run.names(), ["b.png"]);
    assert!(run.failures()[0].1.contains("cannot write"), "{:?}", run.failures());
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_in_the_way_is_replaced_and_not_followed() {
    use std::os::unix::fs::symlink;
    let program = program().file("precious", "precious").file("downloads/x", "");
    symlink("../precious", program.dir().join("downloads/a.png")).unwrap();
    symlink("../nowhere", program.dir().join("downloads/b.png")).unwrap();
    let run = program.at_url(&stub().api_url()).run().exits(0);
    assert_eq!(run.files()["a.png"], picture(1, 500));
    assert_eq!(run.files()["b.png"], picture(2, 500));
    assert_eq!(fs::read(run.path("precious")).unwrap(), b"precious");
    assert!(!run.path("nowhere").exists());
}

#[cfg(unix)]
#[test]
fn files_have_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let run = program().file("like-this", "").at_url(&stub().api_url()).run().exits(0);
    let mode = |name| fs::metadata(run.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("downloads/a.png"), mode("like-this"));
}

#[test]
fn names_that_differ_by_case_only_are_numbered_in_album_order() {
    // The first one comes last, and gets the plain name all the same.
    let late = vec![Answer::ok(picture(1, 500))];
    let stub = Stub::with([("1/Abc.png", late), ("2/abc.png", vec![Answer::ok(picture(2, 500))])]);
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.files()["Abc.png"], picture(1, 500));
    assert_eq!(run.files()["abc-2.png"], picture(2, 500));
}

#[test]
fn hostile_names_stay_in_the_folder() {
    let names = ["x/..%2f..%2fa.png", ".hidden.png", "con.png", "..", "a\\..\\b.png"];
    let stub = Stub::start();
    // The last two are what an address with dots leads to.
    for path in names.into_iter().chain(["", "b.png"]) {
        stub.answer(&format!("/{path}"), vec![Answer::ok(picture(1, 500))]);
    }
    stub.album(&names.iter().map(|name| listed(&stub.link(name), None)).collect());
    let run = program().at_url(&stub.api_url()).run().exits(0);
    let expected = ["%2f..%2fa.png", "_con.png", "a_.._b.png", "abcdefg", "hidden.png"];
    assert_eq!(run.names(), expected);
    let around = fs::read_dir(run.path("")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(
        around
            .into_iter()
            .all(|name| name == "downloads" || name == ".stdout" || name == ".stderr")
    );
}

#[test]
fn the_folder_may_vanish_meanwhile() {
    let stub = Stub::with([("a.png", vec![Answer::ok(picture(1, 500)).after(2)])]);
    let running = program().at_url(&stub.api_url()).args("--json --retries 0").start();
    await_that("the image to be asked for", || stub.image_times() == 1);
    fs::remove_dir_all(running.dir().join("downloads")).unwrap();
    // Now the image may come.
    let request = "GET /other HTTP/1.1\r\n\r\n";
    let mut other = std::net::TcpStream::connect(
        stub.link("").trim_start_matches("http://").trim_end_matches('/'),
    )
    .unwrap();
    std::io::Write::write_all(&mut other, request.as_bytes()).unwrap();
    let run = running.wait().exits(1);
    assert!(run.failures()[0].1.contains("cannot write"), "{:?}", run.failures());
}

#[test]
fn what_a_killed_run_left_is_gone_after_the_next() {
    let half = Answer::ok(picture(1, 500)).cut(-100).then(Then::Silence);
    let stub = Stub::with([("a.png", vec![half, Answer::ok(picture(1, 500))])]);
    let dir = tempfile::TempDir::new().unwrap();
    let names = || {
        let names = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.into_string().unwrap()).collect::<Vec<_>>()
    };
    let program = || program().at_url(&stub.api_url()).arg("-o").arg(dir.path());
    let mut running = program().start();
    await_that("a file to be begun", || names().iter().any(|name| name.starts_with(".part-")));
    running.kill();
    let _ = running.wait();
    // One more that nobody holds, and one that is none of ours.
    fs::write(dir.path().join(".part-0123abcd-xyz123"), "half").unwrap();
    fs::write(dir.path().join(".profile"), "mine").unwrap();
    fs::write(dir.path().join(".part-time-jobs.txt"), "mine").unwrap();
    await_that("the workers of the killed program to end", || {
        drop(program().run().exits(0));
        let mut names = names();
        names.sort();
        names == [".part-time-jobs.txt", ".profile", "a.png"]
    });
}

#[test]
fn two_runs_in_one_folder_do_not_disturb_each_other() {
    let server =
        Server::start(&Settings { latency: std::time::Duration::from_millis(5), ..fast() })
            .unwrap();
    let dir = tempfile::TempDir::new().unwrap();
    let start = || program().at(&server).args("-o").arg(dir.path()).start();
    let runs = [start(), start(), start()];
    for running in runs {
        drop(running.wait().exits(0));
    }
    let names = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| server.file(&name.to_string_lossy()).is_some()));
}
