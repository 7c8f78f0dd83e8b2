//! The edge: the one front door of the platform.
//!
//! It ends TLS, gives every request an id and a log line, serves pages and static files from memory, decides
//! who may see a page, and hands `/api/**` to the API. Pages never pass the API's middleware.
//!
//! Invariants: whatever happens to a request, exactly one answer and one log line come of it; every answer
//! carries the security headers; nothing a client sends decides which address it comes from or which host's
//! data it gets, unless a configured proxy vouches for it. The edge knows no tokens, no SQL and no domain.

pub mod access;
mod answers;
mod assets;
mod brand;
pub mod certs;
mod guard;
mod headers;
mod idle;
mod inbound;
pub mod listener;
mod operations;
mod page;
pub mod pages;
mod patience;
mod plain_http;
pub mod proxy;
pub mod record;
pub mod request;
pub mod tls;

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse as _;
use futures_util::FutureExt as _;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;
use uuid::Uuid;

pub use assets::{AssetError, Assets};
pub use brand::Brand;
pub use guard::{PageGate, guard};
pub use operations::Operations;
pub use request::{Arrival, Proxies};

use crate::{
    api::{FORM_MAX_BYTES, Problem, ProblemKind, request_id},
    telemetry::statements,
};
use access::Gate;
use answers::{plain, without_body};
use inbound::Incoming;
use pages::{PageSet, csp};
use proxy::Proxy;
use record::{Class, Facts, Meters, Record};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The bounds of one request.
#[derive(Clone, Debug)]
pub struct Limits {
    pub body_bytes: usize,
    /// For `multipart/form-data`.
    pub upload_bytes: usize,
    /// From the complete headers to the beginning of the answer.
    pub total: Duration,
    /// The same for `multipart/form-data`, which takes longer to arrive and to work on.
    pub upload_total: Duration,
    /// API requests being answered at once, first data included.
    pub api_in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            upload_bytes: FORM_MAX_BYTES,
            total: Duration::from_secs(30),
            upload_total: Duration::from_secs(150),
            // Every module's share: see `app::MODULE_IN_FLIGHT`.
            api_in_flight: 1_024,
        }
    }
}

/// What a host name stands for: the institution's slug, or nothing.
pub type TenantOf = dyn Fn(&str) -> Option<Arc<str>> + Send + Sync;

/// An institution's accent and logo, by host name.
pub type BrandOf = dyn Fn(&str) -> futures_util::future::BoxFuture<'static, Option<Brand>> + Send + Sync;

/// Everything the edge is put together from.
pub struct Parts {
    /// `None`: during development, when every page comes from `proxy`.
    pub pages: Option<PageSet>,
    pub assets: Assets,
    /// Serves `/api/**`. It finds `Arrival` and `record::Facts` in a request's extensions, and for first data what the
    /// gate put into `Signed::extensions`; it tells the facts its route and its caller.
    pub api: Router,
    pub gate: Arc<dyn Gate>,
    pub tenant_of: Box<TenantOf>,
    pub brand_of: Box<BrandOf>,
    /// Where a bare `localhost` leads.
    pub local_host: &'static str,
    pub operations: Operations,
    pub proxy: Option<Proxy>,
    pub proxies: Proxies,
    pub limits: Limits,
}

/// The service behind every connection. Cheap to clone.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    parts: Parts,
    meters: Arc<Meters>,
    api_slots: Semaphore,
    /// Whether it was said that the page server states no policy.
    policy_missed: AtomicBool,
}

/// One request on its way through the edge.
struct Exchange<'a> {
    arrival: &'a Arrival,
    facts: &'a Facts,
    secure: bool,
}

impl Edge {
    /// The metrics recorder must be installed by now.
    pub fn new(parts: Parts) -> Self {
        let api_slots = Semaphore::new(parts.limits.api_in_flight);
        Self(Arc::new(Inner { parts, meters: Arc::new(Meters::new()), api_slots, policy_missed: AtomicBool::new(false) }))
    }

    /// Answers one request of the connection from `peer`.
    pub async fn handle<B: Incoming>(&self, mut request: Request<B>, peer: SocketAddr, secure: bool) -> Response<Body> {
        let inner = &*self.0;
        let head_only = request.method() == Method::HEAD;
        let id = Uuid::now_v7();
        let mut record = Record::start(Arc::clone(&inner.meters), id, request.method().clone());
        let facts = record.facts().clone();
        let arrived = request::arrive(&mut request, id, peer, &inner.parts.proxies);
        let mut host = None;
        let mut response = match &arrived {
            Ok(arrival) => {
                host = Some(arrival.host());
                record.set_class(inner.class(request.uri().path()));
                let exchange = Exchange { arrival, facts: &facts, secure };
                statements::counted(facts.queries(), request_id::scope(id, inner.guarded(exchange, request))).await
            }
            // Programs read the refusals of the API; people read those of pages.
            Err(error) if is_api(request.uri().path()) => {
                request_id::scope(id, async { Problem::new(ProblemKind::BadRequest).detail(error.to_string()).into_response() })
                    .await
            }
            Err(error) => plain(StatusCode::BAD_REQUEST, error.to_string()),
        };
        let headers = response.headers_mut();
        headers::harden(headers, secure, host.unwrap_or_default());
        headers.insert(REQUEST_ID, HeaderValue::try_from(id.to_string()).expect("a UUID is visible ASCII"));
        if head_only {
            response = without_body(response);
        }
        record.finish(response.status());
        response
    }
}

impl Inner {
    fn class(&self, path: &str) -> Class {
        if is_api(path) {
            Class::Api
        } else if path.starts_with("/_next/") || brand::owns(path) {
            Class::Asset
        } else if Operations::owns(path) {
            Class::Operations
        } else if self.parts.pages.is_none() {
            Class::Proxied
        } else {
            Class::Page
        }
    }

    /// The answer, within time, whatever happens inside.
    async fn guarded<B: Incoming>(&self, exchange: Exchange<'_>, request: Request<B>) -> Response<Body> {
        let limits = &self.parts.limits;
        let upload = inbound::is_upload(request.headers());
        let (max, total) = if upload { (limits.upload_bytes, limits.upload_total) } else { (limits.body_bytes, limits.total) };
        if inbound::announced_len(request.headers()).is_some_and(|len| len > max as u64) {
            return Problem::new(ProblemKind::BodyTooLarge).into_response();
        }
        let (parts, body) = request.into_parts();
        let (body, arrived) = inbound::Inbound::new(body, max);
        let request = Request::from_parts(parts, Body::new(body));
        let work = AssertUnwindSafe(self.dispatch(&exchange, request)).catch_unwind();
        match tokio::time::timeout(total, work).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => {
                tracing::error!(request_id = %exchange.arrival.id, "the edge panicked");
                Problem::new(ProblemKind::Internal).into_response()
            }
            Err(_) if arrived.get() => Problem::new(ProblemKind::Timeout).into_response(),
            Err(_) => Problem::new(ProblemKind::RequestTimeout).into_response(),
        }
    }

    async fn dispatch(&self, exchange: &Exchange<'_>, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        if is_api(path) {
            return self.api(exchange, request).await;
        }
        if path.starts_with("/_next/") {
            return self.asset(exchange, request).await;
        }
        if Operations::owns(path) {
            return self.parts.operations.answer(exchange.arrival, request).await;
        }
        if brand::owns(path) && matches!(*request.method(), Method::GET | Method::HEAD) {
            return self.brand(exchange, path, request.headers()).await;
        }
        self.page(exchange, request).await
    }

    async fn api(&self, exchange: &Exchange<'_>, mut request: Request<Body>) -> Response<Body> {
        let Ok(_slot) = self.api_slots.try_acquire() else {
            return Problem::new(ProblemKind::Busy).retry_after(1).into_response();
        };
        let extensions = request.extensions_mut();
        extensions.insert(exchange.arrival.clone());
        extensions.insert(exchange.facts.clone());
        self.parts.api.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    }

    async fn asset(&self, exchange: &Exchange<'_>, request: Request<Body>) -> Response<Body> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        match self.parts.assets.answer(request.uri().path(), request.headers()) {
            Some(response) if reads => response,
            Some(_) => plain(StatusCode::METHOD_NOT_ALLOWED, String::new()),
            None if self.parts.proxy.is_some() => self.pass(exchange, request).await,
            None => plain(StatusCode::NOT_FOUND, "Not found\n".to_owned()),
        }
    }

    async fn pass(&self, exchange: &Exchange<'_>, request: Request<Body>) -> Response<Body> {
        let Some(proxy) = &self.parts.proxy else {
            return plain(StatusCode::NOT_FOUND, "Not found\n".to_owned());
        };
        match proxy.pass(exchange.arrival, request, exchange.secure).await {
            Ok(mut response) => {
                self.state_policy(response.headers_mut());
                response
            }
            Err(error) => {
                tracing::warn!(request_id = %exchange.arrival.id, %error, "page server");
                plain(StatusCode::BAD_GATEWAY, "The page server cannot be reached.\n".to_owned())
            }
        }
    }

    /// The policy of a page that was not built here. A page server states its own; what it leaves unsaid is closed to inline code.
    fn state_policy(&self, headers: &mut HeaderMap) {
        if self.parts.pages.is_none() {
            headers.insert(CONTENT_SECURITY_POLICY, csp::development());
        } else if !headers.contains_key(CONTENT_SECURITY_POLICY) {
            headers.insert(CONTENT_SECURITY_POLICY, csp::proxied());
            if is_html(headers) && !self.policy_missed.swap(true, Ordering::Relaxed) {
                tracing::warn!("the page server states no content security policy: its pages run no inline script or style");
            }
        }
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

fn is_api(path: &str) -> bool {
    path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
