//! Certificates and proxies.

use crate::program;
use serde_json::json;
use tests::{Response, Stub, album_entry, fake_image};

/// On Windows, `SSL_CERT_FILE` does not replace the trust store.
#[cfg(unix)]
#[test]
fn a_certificate_of_the_trust_store_is_accepted() {
    let (stub, authority) = Stub::start_tls();
    stub.respond("/a.png", vec![Response::ok(fake_image(1, 500))]);
    stub.set_album(&json!([album_entry(&stub.link("a.png"), None)]));
    let program = program().file("authority.pem", authority).env("SSL_CERT_FILE", "authority.pem");
    let run = program.at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.file_names(), ["a.png"]);
}

#[test]
fn an_unknown_certificate_is_an_error() {
    let (stub, _) = Stub::start_tls();
    let (_, other) = Stub::start_tls();
    let program = program().file("other.pem", other).env("SSL_CERT_FILE", "other.pem");
    let run = program.at_url(&stub.api_url()).run().exits(1);
    assert!(run.stderr.contains("invalid peer certificate"), "{}", run.stderr);
    assert!(stub.requests().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_trust_store_http_works_and_https_trusts_nobody() {
    let (plain, (secure, _)) = (Stub::start(), Stub::start_tls());
    plain.respond("/a.png", vec![Response::ok(fake_image(1, 500))]);
    let links = [plain.link("a.png"), secure.link("b.png")];
    plain.set_album(&links.iter().map(|link| album_entry(link, None)).collect());
    let none = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
    let program = none.iter().fold(program(), |program, name| program.env(name, "/nowhere"));
    let run = program.at_url(&plain.api_url()).args("--json --retries 0").run().exits(1);
    assert_eq!(run.file_names(), ["a.png"]);
    assert_eq!(run.failures()[0].0, "b.png");
    assert!(secure.requests().is_empty());
}

#[test]
fn a_proxy_gets_the_requests_for_other_machines() {
    let (stub, proxy) = (Stub::start(), Stub::start());
    proxy.respond("/a.png", vec![Response::ok(fake_image(1, 500))]);
    stub.set_album(&json!([album_entry("http://images.example/a.png", None)]));
    for (name, host) in [("http_proxy", ""), ("all_proxy", ""), ("HTTP_PROXY", "user:password@")] {
        let address = proxy.link("").replace("http://", &format!("http://{host}"));
        let run =
            program().at_url(&stub.api_url()).env(name, address).args("--retries 0").run().exits(0);
        assert_eq!(run.file_names(), ["a.png"], "{name}");
    }
    assert_eq!(proxy.requests_for("/a.png"), 3);
    assert_eq!(stub.album_requests(), 3, "loopback addresses bypass the proxy");
}

#[test]
fn loopback_hosts_bypass_the_proxy_by_any_name() {
    let stub = Stub::start();
    stub.respond("/a.png", vec![Response::ok(fake_image(1, 500))]);
    let link = stub.link("a.png").replace("127.0.0.1", "localhost");
    stub.set_album(&json!([album_entry(&link, None)]));
    for name in ["http_proxy", "all_proxy"] {
        let dead = program().at_url(&stub.api_url()).env(name, "http://127.0.0.1:9");
        drop(dead.args("--retries 0").run().exits(0));
    }
    assert_eq!(stub.requests_for("/a.png"), 2);
}

#[test]
fn a_proxy_of_another_kind_is_an_error_that_names_it() {
    let stub = Stub::start();
    stub.set_album(&json!([album_entry("http://images.example/a.png", None)]));
    let proxy = "socks5://someone:s3cret@127.0.0.1:9";
    let run =
        program().at_url(&stub.api_url()).env("all_proxy", proxy).args("--json").run().exits(1);
    let (_, error) = &run.failures()[0];
    assert!(error.contains("socks5://") && error.contains("not supported"), "{error}");
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

/// On Unix, 0.0.0.0 reaches this machine, but is not a loopback address.
#[cfg(unix)]
#[test]
fn the_hosts_in_no_proxy_bypass_the_proxy() {
    let (stub, proxy) = (Stub::start(), Stub::start());
    let link = stub.link("a.png").replace("127.0.0.1", "0.0.0.0");
    stub.set_album(&json!([album_entry(&link, None)]));
    for server in [&stub, &proxy] {
        server.respond("/a.png", vec![Response::ok(fake_image(1, 500))]);
    }
    let run = |no_proxy: &str| {
        let program = program().at_url(&stub.api_url()).env("http_proxy", proxy.link(""));
        drop(program.env("no_proxy", no_proxy).run().exits(0));
        (stub.requests_for("/a.png"), proxy.requests_for("/a.png"))
    };
    assert_eq!(run(""), (0, 1));
    assert_eq!(run("0.0.0.0"), (1, 1));
    assert_eq!(run("0.0.0.0/8"), (2, 1));
}
