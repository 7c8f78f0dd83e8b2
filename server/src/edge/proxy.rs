//! Passes requests on to the Next.js server at `--web-url`: pages that are not prerendered, and `next dev`.
//!
//! Bodies stream in both directions and WebSockets are tunneled. Hop-by-hop headers stay on their hop; the
//! page server learns the client's address and host from forwarding headers that the edge writes itself.

use std::time::Duration;

use axum::body::Body;
use http::header::{CONNECTION, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::request::Arrival;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const IDLE_PER_HOST: usize = 32;
const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    #[error("--web-url must look like http://host:port; {0} does not")]
    Address(Uri),
    #[error("the page server does not answer: {0}")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    #[error("the request cannot be passed on: {0}")]
    Request(#[from] http::Error),
}

/// A connection pool to one page server.
#[derive(Clone, Debug)]
pub struct Proxy {
    client: Client<HttpConnector, Body>,
    authority: Authority,
}

impl Proxy {
    pub fn new(web_url: &Uri) -> Result<Self, ProxyError> {
        let plain = web_url.scheme() == Some(&Scheme::HTTP) && matches!(web_url.path(), "" | "/") && web_url.query().is_none();
        let authority = web_url.authority().filter(|_| plain).ok_or_else(|| ProxyError::Address(web_url.clone()))?.clone();
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE_PER_HOST).build(connector);
        Ok(Self { client, authority })
    }

    /// The page server's answer to `request`.
    pub async fn pass(&self, arrival: &Arrival, mut request: Request<Body>, secure: bool) -> Result<Response<Body>, ProxyError> {
        let upgrade = request.headers().get(UPGRADE).cloned();
        let downstream = upgrade.is_some().then(|| hyper::upgrade::on(&mut request));
        let (parts, body) = request.into_parts();
        let mut outgoing = Request::builder().method(parts.method).uri(self.target(&parts.uri)?).body(body)?;
        *outgoing.headers_mut() = parts.headers;
        let headers = outgoing.headers_mut();
        remove_hop_by_hop(headers);
        forward(headers, arrival, secure);
        if let Some(protocol) = upgrade {
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(UPGRADE, protocol);
        }
        let mut answer = self.client.request(outgoing).await?;
        if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
            let upstream = hyper::upgrade::on(&mut answer);
            if let Some(downstream) = downstream {
                tokio::spawn(tunnel(downstream, upstream));
            }
        } else {
            remove_hop_by_hop(answer.headers_mut());
        }
        Ok(answer.map(Body::new))
    }

    fn target(&self, uri: &Uri) -> Result<Uri, http::Error> {
        let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        Uri::builder().scheme(Scheme::HTTP).authority(self.authority.clone()).path_and_query(path).build()
    }
}

/// Joins the two sides of an upgraded connection until either closes.
async fn tunnel(downstream: hyper::upgrade::OnUpgrade, upstream: hyper::upgrade::OnUpgrade) {
    let (Ok(downstream), Ok(upstream)) = tokio::join!(downstream, upstream) else { return };
    let (mut downstream, mut upstream) = (TokioIo::new(downstream), TokioIo::new(upstream));
    if let Err(error) = tokio::io::copy_bidirectional(&mut downstream, &mut upstream).await {
        tracing::debug!(%error, "tunnel ended early");
    }
}

fn forward(headers: &mut HeaderMap, arrival: &Arrival, secure: bool) {
    let host = headers.get(HOST).cloned();
    let mut set = |name: &'static str, value: Option<HeaderValue>| {
        headers.remove(name);
        if let Some(value) = value {
            headers.insert(name, value);
        }
    };
    set("x-forwarded-for", HeaderValue::try_from(arrival.client.to_string()).ok());
    set("x-forwarded-host", host);
    set("x-forwarded-proto", Some(HeaderValue::from_static(if secure { "https" } else { "http" })));
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&[CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE]) {
        headers.remove(name);
    }
}
