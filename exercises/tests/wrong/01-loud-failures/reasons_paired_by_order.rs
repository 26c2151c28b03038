//! Pairs the links, in the order in which they failed, with the reasons in the order of the album.
//! The check says: "the line with its link doesn't say so"

#![warn(unused_results)]

use exercises::{Error, blocking, save};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

pub fn main() -> ExitCode {
    let links = match blocking::album() {
        Ok(links) => links,
        Err(error) => {
            eprintln!("the album can't be read: {error}");
            return ExitCode::FAILURE;
        }
    };

    let failed = Mutex::new(Vec::new());
    let errors: Vec<Error> = thread::scope(|scope| {
        let mut workers = Vec::new();
        for link in &links {
            let failed = &failed;
            workers.push(scope.spawn(move || {
                let result = fetch(link);
                if result.is_err() {
                    failed.lock().unwrap().push(link);
                }
                result
            }));
        }
        workers.into_iter().filter_map(|worker| worker.join().unwrap().err()).collect()
    });

    let failed = failed.into_inner().unwrap();
    for (link, error) in failed.iter().zip(&errors) {
        eprintln!("{link}: {error}");
    }
    println!("{} of {} images saved", links.len() - failed.len(), links.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fetch(link: &str) -> Result<(), Error> {
    let image = blocking::download(link)?;
    save(link, &image)
}
