//! The QR code of the students' page.

use super::files;
use crate::host;
use crate::response::Body;
use crate::state::State;
use http::{HeaderMap, Response, StatusCode};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// A QR code of the students' page at the address that they should use, as an SVG image. It is black
/// on white in any theme, with a white border: cameras need both.
pub fn code(state: &State, headers: &HeaderMap) -> Response<Body> {
    let address = format!("http://{}/join", host::for_students(headers, state.reachable));
    // A valid host is much shorter than what a QR code can hold.
    let code = QrCode::with_error_correction_level(address, EcLevel::M).expect("it is short");
    let image = code.render::<svg::Color>().min_dimensions(400, 400).build();
    files::response(StatusCode::OK, "image/svg+xml", image)
}
