//! `practice-server`: one practice album for a whole class.

use clap::Parser;
use clap::builder::RangedI64ValueParser;
use practice::{ALBUM, Book, Server, Settings, Sharing};
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use std::{io, thread};

/// The text of `--help` below the options.
const AFTER_HELP: &str = "\
Examples:
  practice-server
      for the programs of this machine
  practice-server --listen 0.0.0.0:8080
      for a class
  practice-server --latency 300 --limit 8
      a slow server that accepts eight image requests at a time

It reads no environment variables.

Exit codes:
  1    it cannot listen on the address, or cannot use a folder
  2    wrong usage";

/// Serves the practice album to a class, from one machine.
///
/// Each student puts the two lines that are printed at the start into a file named .env. The programs
/// 01-sync to 04-async then download from this server instead of starting their own.
#[derive(Parser)]
#[command(version, after_help = AFTER_HELP)]
struct Options {
    /// The address to listen on. 0.0.0.0:8080 accepts other machines, if the firewall lets them
    /// through
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: SocketAddr,

    /// The delay of each response, in milliseconds. The longer it is, the more concurrency
    /// helps
    #[arg(long, value_name = "MS", default_value_t = 83, value_parser = up_to(0, Settings::MAX_LATENCY))]
    latency: u32,

    /// The rate of the link that all clients share, in megabytes per second; 0 means no limit
    #[arg(long, value_name = "MB", default_value_t = 8.0, value_parser = megabytes)]
    link_rate: f64,

    /// Who gets an equal share of the link
    #[arg(long, value_name = "PER", value_enum, default_value_t = Sharing::PerClient)]
    sharing: Sharing,

    /// The round trips, of one latency each, that a new connection takes before its first response: 1
    /// for TCP, 2 with TLS 1.3
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = up_to(0, Settings::MAX_HANDSHAKE))]
    handshake: u32,

    /// Let a new connection send ten segments, then twice as much after each round trip, as TCP does
    #[arg(long)]
    slow_start: bool,

    /// The number of images in the album
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = up_to(1, Settings::MAX_IMAGES))]
    images: u32,

    /// Max image requests in flight; any above it gets status 429
    #[arg(long, value_name = "N", value_parser = up_to(1, Settings::MAX_REQUESTS))]
    limit: Option<u32>,

    /// Also serve the book, at /book/. `mdbook build docs` builds it into the folder `book`
    #[arg(long, value_name = "DIR")]
    book: Option<PathBuf>,

    /// Keep the experiments in this folder, so that they survive a restart; created if missing
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an address and a port are needed, such as 0.0.0.0:8080 for a class, or 127.0.0.1:8080 for this machine alone".to_owned()
    })
}

fn up_to(min: u32, max: u32) -> RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(min)..=i64::from(max))
}

fn megabytes(text: &str) -> Result<f64, String> {
    let rates = Settings::LINK_RATES;
    match text.parse() {
        Ok(rate) if rate == 0.0 || rates.contains(&rate) => Ok(rate),
        _ => Err(format!("0, or a number from {} to {}", rates.start(), rates.end())),
    }
}

fn main() -> ExitCode {
    match serve(&Options::parse()) {
        Ok(_server) => loop {
            thread::park();
        },
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts the server, and prints how to reach it.
fn serve(options: &Options) -> Result<Server, String> {
    let is_open = !options.listen.ip().is_loopback();
    let token = is_open.then(token).transpose();
    let token = token.map_err(|error| format!("cannot create a token: {error}"))?;
    raise_open_files();
    let server = Server::start(&Settings {
        listen: options.listen,
        latency: Duration::from_millis(options.latency.into()),
        link_rate: (options.link_rate > 0.0).then_some((options.link_rate * 1e6) as u64),
        sharing: options.sharing,
        handshake: options.handshake,
        slow_start: options.slow_start,
        images: options.images as usize,
        image_bytes: None,
        gate: None,
        limit: options.limit.map(|limit| limit as usize),
        token: token.clone(),
        book: options.book.as_deref().map(book).transpose()?,
        keep: options.keep.clone(),
        judged: None,
    });
    let server = server.map_err(|error| error.to_string())?;
    print_addresses(options, server.reachable(), token.as_deref());
    Ok(server)
}

fn book(folder: &Path) -> Result<Book, String> {
    Book::read(folder)
        .map_err(|error| format!("cannot serve the book in {}: {error}", folder.display()))
}

/// Prints the server's address, and the `.env` lines for the programs that use it.
fn print_addresses(options: &Options, address: SocketAddr, token: Option<&str>) {
    if options.listen.ip().is_unspecified() && address.ip().is_loopback() {
        let _ = writeln!(
            io::stderr(),
            "No address was found at which other machines reach this one (is there a network?). The \
             addresses below work only on this machine; elsewhere, replace 127.0.0.1 in them."
        );
    }
    let _ = writeln!(
        io::stdout(),
        "Serving the practice album {ALBUM} with {} images at http://{address}/.\n\
         Put these lines into a file named .env, then run any of the programs:\n\n\
         CLIENT_ID=practice\n\
         IMGUR_API_URL=http://{address}/3\n\n\
         {}",
        options.images,
        how_to_watch(options.listen.ip(), address, token),
    );
}

/// Where to watch and control the server: without a token, only from this machine.
fn how_to_watch(listen: IpAddr, address: SocketAddr, token: Option<&str>) -> String {
    let Some(token) = token else {
        return format!("Watch and control it at http://{address}/. Ctrl-C ends it.");
    };
    let port = address.port();
    // A server that listens on only one address isn't reachable at 127.0.0.1.
    let here = if listen.is_unspecified() {
        format!("on this machine at http://127.0.0.1:{port}/,\nor on another one ")
    } else {
        String::new()
    };
    format!(
        "Watch at http://{address}/; students join at http://{address}/join.\n\
         If others cannot open these pages, a firewall blocks them: this machine must accept TCP port\n\
         {port}, and the Wi-Fi must let its clients reach each other.\n\n\
         ---- Only for the teacher ----\n\
         Control it {here}at http://{address}/#token={token}\n\
         (anyone with this address can). Ctrl-C ends it."
    )
}

/// A random 128-bit token, in hex.
fn token() -> Result<String, getrandom::Error> {
    let mut bits = [0; 16];
    getrandom::getrandom(&mut bits)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bits)))
}

/// Raises this process's limit on open files, which limits the server's connections. Thirty
/// students with a hundred workers need more than the default of 1024, or 256 on macOS.
fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        const ENOUGH: u64 = 10_000;
        let mut limit = getrlimit(Resource::Nofile);
        if limit.current.is_some_and(|current| current < ENOUGH) {
            limit.current = Some(limit.maximum.map_or(ENOUGH, |max| max.min(ENOUGH)));
            // If it fails, the server accepts fewer connections.
            let _ = setrlimit(Resource::Nofile, limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn help_has_examples_that_are_right() {
        let help = Options::command().render_long_help().to_string();
        let examples: Vec<_> =
            help.lines().filter_map(|line| line.strip_prefix("  practice-server")).collect();
        assert_eq!(examples.len(), 3, "{help}");
        for example in examples {
            let arguments = ["practice-server"].into_iter().chain(example.split_whitespace());
            assert!(Options::try_parse_from(arguments).is_ok(), "{example}");
        }
        assert!(help.contains("Exit codes:"), "{help}");
    }

    #[test]
    fn only_addresses_that_work_are_printed() {
        let address = "192.168.1.2:8080".parse().unwrap();
        let here = "http://127.0.0.1:8080/";
        let there = "http://192.168.1.2:8080/#token=secret";
        for (listen, expected) in [("0.0.0.0", true), ("::", true), ("192.168.1.2", false)] {
            let text = how_to_watch(listen.parse().unwrap(), address, Some("secret"));
            assert_eq!(text.contains(here), expected, "{listen}: {text}");
            assert!(text.contains(there), "{listen}: {text}");
            let (for_all, for_the_teacher) = text.split_once("Only for the teacher").unwrap();
            assert!(for_all.contains("/join") && !for_all.contains("secret"), "{text}");
            assert!(!for_the_teacher.contains("/join"), "{text}");
        }
    }

    #[test]
    fn options_have_the_bounds_of_the_page() {
        for (option, max, above) in [
            ("--latency", "10000", "10001"),
            ("--link-rate", "100000", "100001"),
            ("--link-rate", "0.05", "0.049"),
            ("--link-rate", "0", "nan"),
            ("--images", "40000", "40001"),
            ("--limit", "10000", "10001"),
            ("--limit", "1", "0"),
        ] {
            let parse = |value| Options::try_parse_from(["practice-server", option, value]);
            assert!(parse(max).is_ok(), "{option} {max}");
            assert!(parse(above).is_err(), "{option} {above}");
        }
    }
}
