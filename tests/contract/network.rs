//! Encryption, and the way the requests go.

use crate::program;
use serde_json::json;
use tests::{Answer, Stub, listed, picture};

#[test]
fn a_certificate_is_trusted_if_the_system_says_so() {
    let (stub, authority) = Stub::start_secure();
    stub.answer("/a.png", vec![Answer::ok(picture(1, 500))]);
    stub.album(&json!([listed(&stub.link("a.png"), None)]));
    let program = program().file("authority.pem", authority).env("SSL_CERT_FILE", "authority.pem");
    let run = program.at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.names(), ["a.png"]);
}

#[test]
fn an_unknown_certificate_ends_it_at_once() {
    let (stub, _) = Stub::start_secure();
    let (_, other) = Stub::start_secure();
    let program = program().file("other.pem", other).env("SSL_CERT_FILE", "other.pem");
    let run = program.at_url(&stub.api_url()).run().exits(1);
    assert!(
        run.stderr.contains("no secure connection: invalid peer certificate"),
        "{}",
        run.stderr
    );
    assert!(stub.asked().is_empty());
}

#[test]
fn proxies_are_asked_for_what_is_elsewhere() {
    let (stub, proxy) = (Stub::start(), Stub::start());
    proxy.answer("/a.png", vec![Answer::ok(picture(1, 500))]);
    stub.album(&json!([listed("http://images.example/a.png", None)]));
    for (name, host) in [("http_proxy", ""), ("all_proxy", ""), ("HTTP_PROXY", "someone:pass@")] {
        let address = proxy.link("").replace("http://", &format!("http://{host}"));
        let run =
            program().at_url(&stub.api_url()).env(name, address).args("--retries 0").run().exits(0);
        assert_eq!(run.names(), ["a.png"], "{name}");
    }
    assert_eq!(proxy.times("/a.png"), 3);
    assert_eq!(stub.album_times(), 3, "what is on this machine is asked directly");
}

#[test]
fn some_hosts_may_be_kept_from_the_proxy() {
    let proxy = Stub::start();
    let stub = Stub::start();
    let link = stub.link("a.png").replace("127.0.0.1", "localhost");
    stub.album(&json!([listed(&link, None)]));
    stub.answer("/a.png", vec![Answer::ok(picture(1, 500))]);
    let run = program()
        .at_url(&stub.api_url())
        .env("http_proxy", proxy.link(""))
        .env("no_proxy", "localhost");
    drop(run.run().exits(0));
    assert!(proxy.asked().is_empty());
}
