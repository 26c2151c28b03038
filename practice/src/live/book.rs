//! The book's pages.

use super::files;
use crate::book::Book;
use crate::response::{self, Body};
use http::{Response, StatusCode, header};
use percent_encoding::percent_decode_str;

/// The content security policy: the book has scripts and styles inside its pages, but loads nothing
/// from other servers.
const POLICY: &str = "default-src 'self' 'unsafe-inline' data:; base-uri 'self'; \
    form-action 'none'; frame-ancestors 'self'";

/// The file at a path below `/book`; the page of a folder whose path ends with a slash. Any other
/// folder's path leads to that one, so that the links of its page work.
pub fn respond(book: Option<&Book>, path: &str) -> Response<Body> {
    let Some(book) = book else { return none() };
    let name = path.strip_prefix("/book").unwrap_or_default();
    let Ok(name) = percent_decode_str(name).decode_utf8() else { return none() };
    let Some(name) = name.strip_prefix('/') else { return redirect("/book/") };
    let found = if name.is_empty() || name.ends_with('/') {
        book.file(&Book::index(name))
    } else {
        book.file(name)
    };
    match found {
        Some((bytes, media_type)) => Response::builder()
            .header(header::CONTENT_TYPE, media_type)
            .header(header::CONTENT_SECURITY_POLICY, POLICY)
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::CACHE_CONTROL, "max-age=60")
            .body(response::full(bytes))
            .expect("the headers are valid"),
        None if book.is_folder(name) => redirect(&format!("{path}/")),
        None => none(),
    }
}

fn none() -> Response<Body> {
    files::response(StatusCode::NOT_FOUND, "text/plain", "The book has no such page.")
}

fn redirect(to: &str) -> Response<Body> {
    let response = Response::builder().status(StatusCode::MOVED_PERMANENTLY);
    response
        .header(header::LOCATION, to)
        .body(response::full(""))
        .expect("a path is a valid header")
}
