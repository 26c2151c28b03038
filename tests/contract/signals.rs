//! SIGHUP, SIGINT and SIGTERM end the program without leaving files or processes behind.

use crate::program;
use tests::{End, Response, Running, Stub, fake_image, send_signal, wait_until};

/// A run in which two images are saved, and the downloads of others have begun and never end.
fn run_in_progress() -> (Running, Stub) {
    let names: Vec<String> = (0..12).map(|number| format!("{number}.png")).collect();
    let complete = Response::ok(fake_image(1, 900));
    let hanging = complete.clone().cut_short_by(100).ending(End::Hang);
    let images = names.iter().enumerate().map(|(number, name)| {
        let response = if number < 2 { &complete } else { &hanging };
        (name.as_str(), vec![response.clone()])
    });
    let stub = Stub::with_images(images);
    let running = program().at_url(&stub.api_url()).workers(4).start();
    wait_until("two saved images", || running.stdout().matches("saved ").count() == 2);
    let files = || std::fs::read_dir(running.dir().join("downloads")).unwrap().count();
    wait_until("a temporary file", || files() > 2);
    (running, stub)
}

#[test]
fn a_signal_ends_the_program_and_cleans_up() {
    for (signal, code) in [("HUP", 129), ("INT", 130), ("TERM", 143)] {
        let (running, _stub) = run_in_progress();
        #[cfg(target_os = "linux")]
        let children = tests::children(running.id());
        send_signal(signal, running.id());
        let run = running.wait().exits(code);
        // Worker processes end after their parent, and remove their files then.
        wait_until("the temporary files to go", || run.file_names() == ["0.png", "1.png"]);
        let last = run.stderr.lines().last().unwrap_or_default();
        assert_eq!(last, "stopped: 2 of 12 images saved in downloads");
        #[cfg(target_os = "linux")]
        wait_until("the workers to end", || !children.iter().any(|id| tests::is_alive(*id)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_was_ignored_at_the_start_stays_ignored() {
    use crate::{EXE, gated_server};
    let server = gated_server(1);
    let script = "trap '' HUP; exec \"$0\" \"$@\"";
    let running = tests::Program::new("bash").at(&server).arg("-c").arg(script).arg(EXE).start();
    wait_until("a request for an image", || server.observed().requests > 1);
    send_signal("HUP", running.id());
    server.open_gate();
    drop(running.wait().exits(0));
}
