//! Five threads send their results through a channel.

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::sync::{Mutex, mpsc};
use std::thread;

pub fn main() -> ExitCode {
    let Ok(links) = blocking::album().inspect_err(|error| eprintln!("no list: {error}")) else {
        return ExitCode::FAILURE;
    };
    let queue = Mutex::new(links.iter());
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..5 {
            let (sender, queue) = (sender.clone(), &queue);
            scope.spawn(move || {
                loop {
                    let Some(link) = queue.lock().unwrap().next() else { return };
                    sender.send((link, fetch(link))).unwrap();
                }
            });
        }
        drop(sender);
        let mut saved = 0;
        for (link, result) in results {
            match result {
                Ok(()) => saved += 1,
                Err(error) => eprintln!("{link:?}: {error:?}"),
            }
        }
        println!("{saved} of {} images saved", links.len());
        if saved == links.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    })
}

fn fetch(link: &str) -> Result<(), Error> {
    save(link, &blocking::download(link)?)
}
