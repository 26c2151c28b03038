//! The class's progress in the exercises: reports from the students' machines, and what pages show.

use super::{access, body, files};
use crate::limits::MAX_REPORT_BYTES;
use crate::response::Body;
use crate::state::State;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

/// Adds the report in the body of a `POST`; any other method returns all as JSON. Pages of other
/// servers may do neither.
pub async fn respond(state: &State, request: Request<Incoming>) -> Response<Body> {
    let say = |status, text: &str| files::response(status, "text/plain", text);
    if !access::may_follow(request.headers()) {
        return say(StatusCode::FORBIDDEN, "not under this name");
    }
    if request.method() != Method::POST {
        let all = state.records().progress();
        return files::response(StatusCode::OK, "application/json", all.to_string());
    }
    let Some(report) = body::json(request, MAX_REPORT_BYTES).await else {
        return say(
            StatusCode::BAD_REQUEST,
            "not a report: name, task, passed and message are needed",
        );
    };
    match state.records().report(&report) {
        Ok(()) => say(StatusCode::OK, "thank you"),
        Err(message) => say(StatusCode::BAD_REQUEST, message),
    }
}
