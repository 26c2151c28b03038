//! `practice-server`: one practice album for a whole class.

use clap::Parser;
use practice::{ALBUM, Server, Settings};
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;
use std::{io, thread};

/// Serves the practice album to a class, from one machine.
///
/// Each student puts the two lines that are printed at the start into a file named .env, and the
/// programs 01-sync to 04-async download from here instead of from inside themselves.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Where to listen. 0.0.0.0:8080 lets other machines in, if the firewall does, too
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// How long each request travels, in milliseconds. More makes waiting, and so concurrency, matter more
    #[arg(long, value_name = "MS", default_value_t = 83)]
    latency: u32,

    /// How much the network carries, in megabytes a second for all together; 0 means no limit
    #[arg(long, value_name = "MB", default_value_t = 8.0, value_parser = megabytes)]
    link_rate: f64,

    /// How many images the album has
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    images: u32,

    /// How many images are served at once; what comes above it is answered with 429
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

fn megabytes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate == 0.0 || (0.001..=100_000.0).contains(&rate) => Ok(rate),
        _ => Err("0, or a number from 0.001 to 100000".into()),
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let is_open = !options.listen.ip().is_loopback();
    let token = match is_open.then(token).transpose() {
        Ok(token) => token,
        Err(error) => {
            let _ = writeln!(io::stderr(), "cannot make a token: {error}");
            return ExitCode::FAILURE;
        }
    };
    allow_open_files();
    let started = Server::start(&Settings {
        listen: options.listen,
        latency: Duration::from_millis(options.latency.into()),
        link_rate: (options.link_rate > 0.0).then_some((options.link_rate * 1e6) as u64),
        images: options.images as usize,
        gate: None,
        limit: options.limit.map(|limit| limit as usize),
        token: token.clone(),
    });
    let server = match started {
        Ok(server) => server,
        Err(error) => {
            let _ = writeln!(io::stderr(), "cannot listen on {}: {error}", options.listen);
            return ExitCode::FAILURE;
        }
    };
    if options.listen.ip().is_unspecified() && server.reachable().ip().is_loopback() {
        let _ = writeln!(
            io::stderr(),
            "This machine's address for others was not found (is there a network?): the addresses below \
             work on this machine alone. Others need its address in the place of 127.0.0.1."
        );
    }
    let address = server.reachable();
    let _ = writeln!(
        io::stdout(),
        "The practice album {ALBUM} with {} images is served at http://{address}/.\n\
         Put these lines into a file named .env, then run any of the programs:\n\n\
         CLIENT_ID=practice\n\
         IMGUR_API_URL=http://{address}/3\n\n\
         {}",
        options.images,
        how_to_watch(options.listen.ip(), address, token.as_deref()),
    );
    loop {
        thread::park();
    }
}

/// What the page is for, and where it is controlled: without a token, from this machine alone.
fn how_to_watch(listen: IpAddr, address: SocketAddr, token: Option<&str>) -> String {
    let Some(token) = token else {
        return format!("See what happens, and control it, at http://{address}/. Ctrl-C ends it.");
    };
    let port = address.port();
    // Where it listens on one address only, not even this machine finds it at another one.
    let here = if listen.is_unspecified() {
        format!("from this machine at http://127.0.0.1:{port}/,\nor from another one ")
    } else {
        String::new()
    };
    format!(
        "Everybody sees what happens at http://{address}/, and how to begin at http://{address}/start.\n\
         Control it {here}at http://{address}/#token={token} (whoever has this address may do so).\n\n\
         If others cannot open these pages, a firewall is in the way: this machine has to let TCP port\n\
         {port} in, and the Wi-Fi has to let its users reach each other. Ctrl-C ends it."
    )
}

/// What nobody guesses: 128 random bits.
fn token() -> Result<String, getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::getrandom(&mut bits)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bits)))
}

/// Each connection is an open file. Thirty students with a hundred tasks need more than the 1024,
/// on macOS 256, that a program begins with; up to a second, higher limit it may raise its own.
fn allow_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        const ENOUGH: u64 = 10_000;
        let mut limit = getrlimit(Resource::Nofile);
        if limit.current.is_some_and(|current| current < ENOUGH) {
            limit.current = Some(limit.maximum.map_or(ENOUGH, |most| most.min(ENOUGH)));
            // With fewer it works for a smaller class.
            let _ = setrlimit(Resource::Nofile, limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_lead_here_are_told() {
        let address = "192.168.1.2:8080".parse().unwrap();
        let here = "http://127.0.0.1:8080/";
        let there = "http://192.168.1.2:8080/#token=secret";
        for (listen, told) in [("0.0.0.0", true), ("::", true), ("192.168.1.2", false)] {
            let words = how_to_watch(listen.parse().unwrap(), address, Some("secret"));
            assert_eq!(words.contains(here), told, "{listen}: {words}");
            assert!(words.contains(there), "{listen}: {words}");
        }
    }
}
