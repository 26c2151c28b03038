//! `practice-server`: one practice album for a whole class.

use clap::Parser;
use practice::{ALBUM, Server, Settings};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
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
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

fn megabytes(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if rate == 0.0 || (0.001..=100_000.0).contains(&rate) => Ok(rate),
        _ => Err("0, or a number from 0.001 to 100000".into()),
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let started = Server::start(&Settings {
        listen: options.listen,
        latency: Duration::from_millis(options.latency.into()),
        link_rate: (options.link_rate > 0.0).then_some((options.link_rate * 1e6) as u64),
        images: options.images as usize,
        gate: None,
        limit: options.limit,
    });
    let server = match started {
        Ok(server) => server,
        Err(error) => {
            let _ = writeln!(io::stderr(), "cannot listen on {}: {error}", options.listen);
            return ExitCode::FAILURE;
        }
    };
    let address = reachable(server.address());
    let _ = writeln!(
        io::stdout(),
        "The practice album {ALBUM} with {} images is served at http://{address}/.\n\
         Put these lines into a file named .env, then run any of the programs:\n\n\
         CLIENT_ID=practice\n\
         IMGUR_API_URL=http://{address}/3\n\n\
         Ctrl-C ends it.",
        options.images,
    );
    loop {
        thread::park();
    }
}

/// The address that other machines know this one by, where it listens on all of its addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    // Choosing the way to some address elsewhere sends nothing; it tells which address is used.
    let own = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(("192.0.2.1", 9)).and_then(|()| socket.local_addr()));
    let own = own.map_or(Ipv4Addr::LOCALHOST.into(), |own| own.ip());
    SocketAddr::new(own, address.port())
}
