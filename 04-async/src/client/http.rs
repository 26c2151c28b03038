//! Sends requests with reqwest. At each `.await`, other tasks can run.

use bytes::Bytes;
use reqwest::{Client, Proxy, Response, Url, redirect};
use shared::http::body::{ACCEPT_ENCODING, Decoder};
use shared::http::network::{self, Stage};
use shared::http::response::{self, MAX_REDIRECTS};
use shared::{Error, Options, Source};
use std::sync::{Arc, OnceLock};

/// Sends requests over connections that stay open between them. Clones share the connections.
#[derive(Clone)]
pub struct Http {
    /// Clients for plain and for encrypted connections, each with one for first attempts and one for
    /// retries. They are built when they are needed: one for encrypted connections first reads all
    /// certificates that the system trusts.
    clients: Arc<[[OnceLock<Client>; 2]; 2]>,
    options: Arc<Options>,
}

impl Http {
    pub fn new(options: &Arc<Options>) -> Self {
        network::install_crypto();
        Self { clients: Arc::default(), options: Arc::clone(options) }
    }

    /// The client for a URL.
    fn client(&self, url: &Url, is_retry: bool) -> Result<&Client, Error> {
        // Reports an unsupported proxy here: `Proxy::custom` cannot return an error.
        let proxy = network::proxy(url)?;
        let is_encrypted =
            [Some(url), proxy.as_ref()].iter().flatten().any(|url| url.scheme() == "https");
        let client = &self.clients[usize::from(is_encrypted)][usize::from(is_retry)];
        if let Some(client) = client.get() {
            return Ok(client);
        }
        let built = build(&self.options, is_encrypted, is_retry)?;
        Ok(client.get_or_init(|| built))
    }

    /// Reads a body into memory, at most `max` decoded bytes.
    pub async fn read(&self, response: &mut Response, max: u64) -> Result<Vec<u8>, Error> {
        let mut body = Decoder::new(Vec::new(), response.headers(), max)?;
        while let Some(chunk) = self.chunk(response).await? {
            body.write(&chunk)?;
        }
        body.finish()
    }

    /// The next bytes of a body, as soon as some arrive; `None` at its end.
    pub async fn chunk(&self, response: &mut Response) -> Result<Option<Bytes>, Error> {
        response.chunk().await.map_err(|error| self.error(Stage::Body, error))
    }

    /// Sends a request and follows redirects. The authorization is sent only to the first URL's
    /// origin.
    pub async fn get(
        &self,
        mut url: Url,
        source: Option<&Source>,
        is_retry: bool,
    ) -> Result<(Url, Response), Error> {
        let origin = url.origin();
        for _ in 0..=MAX_REDIRECTS {
            let source = source.filter(|_| url.origin() == origin);
            let response = self.send(&url, source, is_retry).await?;
            match response::redirect(&url, response.status(), response.headers())? {
                Some(target) => url = target,
                None => return Ok((url, response)),
            }
        }
        Err(response::too_many_redirects())
    }

    /// Sends one request and waits for the response's status and headers.
    async fn send(
        &self,
        url: &Url,
        source: Option<&Source>,
        is_retry: bool,
    ) -> Result<Response, Error> {
        let mut request = self
            .client(url, is_retry)?
            .get(url.clone())
            .header("user-agent", self.options.user_agent(url))
            .header("accept-encoding", ACCEPT_ENCODING);
        if let Some(source) = source {
            request = request.header("authorization", &source.authorization);
        }
        let response = request.send().await.map_err(|error| self.error(Stage::Headers, error))?;
        response::check_framing(response.version(), response.headers())?;
        Ok(response)
    }

    fn error(&self, stage: Stage, error: reqwest::Error) -> Error {
        let ours = if error.is_timeout() {
            network::timeout(stage, self.options.timeout)
        } else {
            network::connection_error(stage, &error)
        };
        ours.with_source(error)
    }
}

/// Builds a client configured by the options.
fn build(options: &Options, is_encrypted: bool, is_retry: bool) -> Result<Client, Error> {
    let timeout = options.timeout;
    let builder = || {
        let builder = Client::builder()
            // Each timeout limits how long the server may send nothing, not the whole request: a
            // slow but steady server is fine.
            .connect_timeout(timeout)
            .read_timeout(timeout)
            // `response` handles redirects.
            .redirect(redirect::Policy::none())
            .proxy(Proxy::custom(|url| network::proxy(url).ok().flatten()));
        // A retry opens a new connection: the attempt may have failed because the server had closed
        // an idle one.
        if is_retry { builder.pool_max_idle_per_host(0) } else { builder }
    };
    let without_certificates = || builder().tls_certs_only([]).build();
    let built = if is_encrypted {
        // If the system's trust store cannot be used, the client trusts no server.
        builder().build().or_else(|_| without_certificates())
    } else {
        without_certificates()
    };
    built.map_err(|error| network::connection_error(Stage::Headers, &error))
}
