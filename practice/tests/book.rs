//! The book that the server serves.

use practice::{Book, Server, Settings};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

fn server(folder: &Path) -> Server {
    let book = Some(Book::read(folder).unwrap());
    Server::start(&Settings { book, ..Settings::default() }).unwrap()
}

/// The whole response to a request for a path.
fn get(server: &Server, path: &str) -> String {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    write!(connection, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = Vec::new();
    let _ = connection.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

/// A folder with a book in its folder `book`, and a file beside it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    fs::create_dir_all(book.join("a b")).unwrap();
    for (name, text) in [
        ("../secret.txt", "the secret"),
        ("index.html", "the first page"),
        ("a b/index.html", "a folder's page"),
        ("a b/größe.js", "a script"),
        ("a b/..two.css", "a style"),
        ("other.xyz", "another file"),
    ] {
        fs::write(book.join(name), text).unwrap();
    }
    folder
}

#[test]
fn each_file_of_the_book_is_served_with_its_type() {
    let folder = folder();
    let server = server(&folder.path().join("book"));
    for (path, kind, text) in [
        ("/book/", "text/html; charset=utf-8", "the first page"),
        ("/book/index.html", "text/html; charset=utf-8", "the first page"),
        ("/book/?search=x", "text/html; charset=utf-8", "the first page"),
        ("/book/a%20b/", "text/html; charset=utf-8", "a folder's page"),
        ("/book/a%20b/gr%C3%B6%C3%9Fe.js", "text/javascript; charset=utf-8", "a script"),
        ("/book/a%20b/..two.css", "text/css; charset=utf-8", "a style"),
        ("/book/other.xyz", "application/octet-stream", "another file"),
    ] {
        let response = get(&server, path);
        assert!(response.starts_with("HTTP/1.1 200"), "{path}: {response}");
        assert!(response.contains(&format!("content-type: {kind}\r\n")), "{path}: {response}");
        assert!(response.ends_with(&format!("\r\n\r\n{text}")), "{path}: {response}");
    }
    for (path, to) in [("/book", "/book/"), ("/book/a%20b", "/book/a%20b/")] {
        let response = get(&server, path);
        assert!(response.starts_with("HTTP/1.1 301"), "{path}: {response}");
        assert!(response.contains(&format!("location: {to}\r\n")), "{path}: {response}");
    }
    for path in ["/join", "/start"] {
        assert!(get(&server, path).contains("/book/"), "{path}");
    }
    assert_eq!(server.observed().requests, 0);
}

#[test]
fn no_path_leads_out_of_the_book() {
    let folder = folder();
    let book = folder.path().join("book");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../secret.txt", book.join("link.txt")).unwrap();
        symlink("..", book.join("up")).unwrap();
        symlink("missing", book.join("dangling")).unwrap();
    }
    let server = server(&book);
    for path in [
        "/book/../secret.txt",
        "/book/%2e%2e/secret.txt",
        "/book/..%2fsecret.txt",
        "/book/..%5csecret.txt",
        "/book/..\\secret.txt",
        "/book/a%20b/../../secret.txt",
        "/book/%252e%252e/secret.txt",
        "/book//../secret.txt",
        "/book/%2fetc/passwd",
        "/book//etc/passwd",
        "/book/C:/Windows/win.ini",
        "/book/C%3A%5CWindows%5Cwin.ini",
        "/book/index.html%00",
        "/book/%ff",
        "/book/link.txt",
        "/book/up/secret.txt",
        "/book/dangling",
        "/book/a%20b/index.html/",
        "/bookmark",
    ] {
        let response = get(&server, path);
        let is_refused = ["HTTP/1.1 404", "HTTP/1.1 400"].iter().any(|it| response.starts_with(it));
        assert!(is_refused && !response.contains("the secret"), "{path}: {response}");
    }
}

#[test]
fn a_folder_without_a_page_is_no_book() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path(), &folder.path().join("missing")] {
        let error = Book::read(path).unwrap_err().to_string();
        assert!(error.contains("mdbook build docs"), "{error}");
    }
    let server = Server::start(&Settings::default()).unwrap();
    for path in ["/book", "/book/", "/book/index.html"] {
        assert!(get(&server, path).starts_with("HTTP/1.1 404"), "{path}");
    }
    assert!(!get(&server, "/join").contains("/book/"));
}
