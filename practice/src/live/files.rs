//! The files of the page.

use crate::host;
use crate::response::{self, Body};
use crate::state::State;
use http::{HeaderMap, Response, StatusCode, header};

/// A file: its path, its media type, and its content.
type File = (&'static str, &'static str, &'static str);

/// Draws the lanes of a run: a classic script, which defines the global `chart`. It works in any page
/// that has the [style](CHART_STYLE), without other files.
pub const CHART_SCRIPT: &str = include_str!("../../www/chart.js");

/// The style sheet of a page with a chart.
pub const CHART_STYLE: &str = include_str!("../../www/chart.css");

macro_rules! script {
    ($name:literal) => {
        (concat!("/live/", $name), "text/javascript", include_str!(concat!("../../www/", $name)))
    };
}

const FILES: &[File] = &[
    ("/", "text/html", include_str!("../../www/page.html")),
    ("/start", "text/html", include_str!("../../www/start.html")),
    ("/join", "text/html", include_str!("../../www/join.html")),
    ("/live/page.css", "text/css", include_str!("../../www/page.css")),
    ("/live/chart.css", "text/css", CHART_STYLE),
    ("/live/charts.css", "text/css", include_str!("../../www/charts.css")),
    ("/live/invite.css", "text/css", include_str!("../../www/invite.css")),
    ("/live/vote.css", "text/css", include_str!("../../www/vote.css")),
    ("/live/student.css", "text/css", include_str!("../../www/student.css")),
    ("/live/chart.js", "text/javascript", CHART_SCRIPT),
    script!("answer.js"),
    script!("arrange.js"),
    script!("ask.js"),
    script!("browser.js"),
    script!("charts.js"),
    script!("classroom.js"),
    script!("controls.js"),
    script!("copy.js"),
    script!("details.js"),
    script!("dom.js"),
    script!("events.js"),
    script!("experiments.js"),
    script!("export.js"),
    script!("gate.js"),
    script!("guesses.js"),
    script!("invite.js"),
    script!("layers.js"),
    script!("order.js"),
    script!("page.js"),
    script!("picture.js"),
    script!("pins.js"),
    script!("progress.js"),
    script!("questions.js"),
    script!("results.js"),
    script!("spans.js"),
    script!("strip.js"),
    script!("student.js"),
    script!("students.js"),
    script!("svg.js"),
    script!("table.js"),
    script!("vote.js"),
];

/// The content security policy: nothing from other servers, nothing inline, and no frame around the
/// page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a page says about the book.
const BOOK: &str = r#"<p><a href="/book/">The book</a>, from this server too.</p>"#;

/// The file at this path. In a page, `{address}` becomes the address that students should use,
/// `{images}` the number of images in the album, and `{book}` a link to the book, if there is one.
pub fn respond(path: &str, headers: &HeaderMap, state: &State) -> Response<Body> {
    match FILES.iter().find(|file| file.0 == path) {
        Some((_, "text/html", page)) => {
            let address = host::for_students(headers, state.reachable);
            let images = state.album.ids().len().to_string();
            let page = page.replace("{address}", &address).replace("{images}", &images);
            let page = page.replace("{book}", if state.book.is_some() { BOOK } else { "" });
            response(StatusCode::OK, "text/html", page)
        }
        Some((_, kind, content)) => response(StatusCode::OK, kind, *content),
        None => response(StatusCode::NOT_FOUND, "text/plain", "no such page"),
    }
}

/// A response of the live view.
pub fn response(status: StatusCode, kind: &str, content: impl Into<String>) -> Response<Body> {
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-store");
    response.body(response::full(content.into())).expect("the headers are valid")
}
