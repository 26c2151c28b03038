//! Requests and answers: what is special about sending them, in a few steps over reqwest.

use bytes::Bytes;
use hyper_util::client::legacy::{self, connect::HttpInfo};
use reqwest::{Client, Proxy, Response, Url, redirect};
use shared::answer::{self, MOST_REDIRECTS};
use shared::body::{ACCEPT_ENCODING, Decoded};
use shared::network::{self, Stage};
use shared::{Fault, Options, Source};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

/// Sends requests over connections that it keeps open. Cheap to clone; clones share them.
#[derive(Clone)]
pub struct Http {
    client: Client,
    options: Options,
    /// Our ends of the connections that have answered once.
    used: Arc<Mutex<HashSet<SocketAddr>>>,
}

impl Http {
    /// With the limits that the options set.
    pub fn new(options: &Options) -> Result<Self, Fault> {
        network::encryption();
        let client = Client::builder()
            .connect_timeout(options.timeout)
            .read_timeout(options.timeout)
            .redirect(redirect::Policy::none())
            .proxy(Proxy::custom(network::proxy))
            .build()
            .map_err(|error| network::broken(Stage::Head, &error))?;
        Ok(Self { client, options: options.clone(), used: Arc::default() })
    }

    /// Reads a body into memory, at most `limit` decoded bytes.
    pub async fn read(&self, answer: &mut Response, limit: u64) -> Result<Vec<u8>, Fault> {
        let mut body = Decoded::new(Vec::new(), answer.headers(), limit)?;
        while let Some(bytes) = self.piece(answer).await? {
            body.write(&bytes)?;
        }
        Ok(body.finish()?.0)
    }

    /// The next piece of a body.
    pub async fn piece(&self, answer: &mut Response) -> Result<Option<Bytes>, Fault> {
        answer.chunk().await.map_err(|error| self.fault(Stage::Body, &error))
    }

    /// Sends a request and follows redirects. The authorization goes to the first host only.
    pub async fn get(
        &self,
        mut url: Url,
        source: Option<&Source>,
    ) -> Result<(Url, Response), Fault> {
        let origin = url.origin();
        for _ in 0..=MOST_REDIRECTS {
            let source = source.filter(|_| url.origin() == origin);
            let answer = self.send(&url, source).await?;
            match answer::redirect(&url, answer.status(), answer.headers())? {
                Some(target) => url = target,
                None => return Ok((url, answer)),
            }
        }
        Err(answer::too_many_redirects())
    }

    async fn send(&self, url: &Url, source: Option<&Source>) -> Result<Response, Fault> {
        loop {
            let mut request = self
                .client
                .get(url.clone())
                .header("user-agent", self.options.user_agent(url))
                .header("accept-encoding", ACCEPT_ENCODING);
            if let Some(source) = source {
                request = request.header("authorization", &source.authorization);
            }
            let error = match request.send().await {
                Ok(answer) => {
                    let end = answer.extensions().get().map(HttpInfo::local_addr);
                    self.used.lock().unwrap().extend(end);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            // The server had closed a connection that was kept open: not a try of its own.
            let fault = self.fault(Stage::Head, &error);
            let was_used =
                our_end(&error).is_some_and(|end| self.used.lock().unwrap().remove(&end));
            if fault != network::hung_up(Stage::Head) || !was_used {
                return Err(fault);
            }
        }
    }

    fn fault(&self, stage: Stage, error: &reqwest::Error) -> Fault {
        if error.is_timeout() {
            return network::silent(stage, self.options.timeout);
        }
        network::broken(stage, error)
    }
}

/// Our end of the connection on which a request failed, if there was one.
fn our_end(error: &reqwest::Error) -> Option<SocketAddr> {
    let error = network::causes(error).find_map(|error| error.downcast_ref::<legacy::Error>())?;
    let mut extras = http::Extensions::new();
    error.connect_info()?.get_extras(&mut extras);
    extras.get().map(HttpInfo::local_addr)
}
