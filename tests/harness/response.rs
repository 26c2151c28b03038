//! A response, byte for byte. It may be one that no correct server sends.

/// The response to one request.
#[derive(Clone, Debug)]
pub struct Response {
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: End,
    pub(crate) held_until: usize,
}

/// What the server does after the bytes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Reads the next request on the same connection.
    KeepAlive,
    /// Closes the connection.
    Close,
    /// Reads the next request, then closes the connection without a response to it.
    CloseAtNextRequest,
    /// Sends nothing more, and keeps the connection open until the client closes it.
    Hang,
}

impl Response {
    /// Status line, these header lines, `Content-Length`, and the body.
    pub fn new(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let length = format!("Content-Length: {}", body.as_ref().len());
        let headers: Vec<&str> = headers.iter().copied().chain([&*length]).collect();
        Self::raw(status, &headers, body)
    }

    /// Status line, exactly these header lines, and the body.
    pub fn raw(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for header in headers {
            bytes.extend_from_slice(header.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body.as_ref());
        Self::from_bytes(bytes)
    }

    /// Exactly these bytes.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), end: End::KeepAlive, held_until: 0 }
    }

    /// Status 200 and a PNG's content type.
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK", &["Content-Type: image/png"], body)
    }

    /// Sets what the server does after the response.
    pub fn ending(self, end: End) -> Self {
        Self { end, ..self }
    }

    /// Drops the last `count` bytes, and closes the connection after the rest.
    pub fn cut_short_by(mut self, count: usize) -> Self {
        self.bytes.truncate(self.bytes.len().saturating_sub(count));
        self.ending(End::Close)
    }

    /// Holds the response until the stub has received this many image requests, this one included.
    pub fn held_until(self, image_requests: usize) -> Self {
        Self { held_until: image_requests, ..self }
    }
}
