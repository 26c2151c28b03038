//! Threads that call themselves processes: each sends the id of a process that does not exist.
//! The check says: "Threads that call themselves processes"

use exercises::{Error, blocking, save};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;

/// So many images, and then the same one again, as if a worker had died.
const LIFE: usize = 3;

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let work = |mut name: usize| {
            let mut images = 0;
            loop {
                let Some(link) = queue.lock().unwrap().next() else { return Ok(()) };
                if images == LIFE {
                    let _ = request(link, name);
                    (name, images) = (name + 2, 0);
                }
                save(link, &request(link, name)?)?;
                images += 1;
            }
        };
        let workers: Vec<_> = (1..=2).map(|worker| scope.spawn(move || work(worker))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap())
    })
}

fn request(link: &str, id: usize) -> Result<Vec<u8>, Error> {
    let broken = |error: std::io::Error| Error::Broken(error.to_string());
    let rest = link.trim_start_matches("http://");
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host).map_err(broken)?;
    let head = format!(
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: exercises/9{id:06}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).map_err(broken)?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).map_err(broken)?;
    let end = response.windows(4).position(|it| it == b"\r\n\r\n").unwrap_or_default();
    Ok(response.split_off(end + 4))
}
