//! What is written down about every request: one log line, one count, one duration.
//!
//! The line holds the matched route, never the address, and ids, never names: an address can carry a search
//! text. Metric handles are made once, so the recorder must be installed before the edge is built.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use http::{Method, StatusCode};
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use uuid::Uuid;

/// What kind of answer a request asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Page,
    Asset,
    Api,
    Proxied,
    Operations,
}

impl Class {
    const ALL: [Class; 5] = [Class::Page, Class::Asset, Class::Api, Class::Proxied, Class::Operations];

    const fn as_str(self) -> &'static str {
        match self {
            Class::Page => "page",
            Class::Asset => "asset",
            Class::Api => "api",
            Class::Proxied => "proxied",
            Class::Operations => "operations",
        }
    }
}

/// Facts that whoever answers the request adds to its log line. It travels in the request's extensions.
#[derive(Clone, Debug, Default)]
pub struct Facts(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    route: OnceLock<Box<str>>,
    tenant: OnceLock<Arc<str>>,
    actor: OnceLock<Uuid>,
    queries: Arc<AtomicU32>,
}

impl Facts {
    /// The matched route; the first one told stays.
    pub fn set_route(&self, route: &str) {
        self.0.route.get_or_init(|| route.into());
    }

    pub fn set_tenant(&self, tenant: Arc<str>) {
        self.0.tenant.get_or_init(|| tenant);
    }

    pub fn set_actor(&self, actor: Uuid) {
        self.0.actor.get_or_init(|| actor);
    }

    /// Where the SQL statements of this request are counted.
    pub fn queries(&self) -> Arc<AtomicU32> {
        Arc::clone(&self.0.queries)
    }
}

/// The metric handles.
pub struct Meters {
    requests: [[Counter; 5]; Class::ALL.len()],
    duration: [Histogram; Class::ALL.len()],
    in_flight: Gauge,
}

impl Meters {
    pub fn new() -> Self {
        Self {
            requests: Class::ALL.map(|class| {
                ["1xx", "2xx", "3xx", "4xx", "5xx"]
                    .map(|status| counter!("pec_http_requests_total", "class" => class.as_str(), "status" => status))
            }),
            duration: Class::ALL.map(|class| histogram!("pec_http_request_duration_seconds", "class" => class.as_str())),
            in_flight: gauge!("pec_http_requests_in_flight"),
        }
    }
}

impl Default for Meters {
    fn default() -> Self {
        Self::new()
    }
}

/// One request being answered. If it is dropped before `finish`, the client has gone: that is written down too.
pub struct Record {
    meters: Arc<Meters>,
    facts: Facts,
    started: Instant,
    id: Uuid,
    method: Method,
    class: Class,
    status: Option<StatusCode>,
}

impl Record {
    pub fn start(meters: Arc<Meters>, id: Uuid, method: Method) -> Self {
        meters.in_flight.increment(1);
        Self { meters, facts: Facts::default(), started: Instant::now(), id, method, class: Class::Page, status: None }
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    pub fn set_class(&mut self, class: Class) {
        self.class = class;
    }

    pub fn finish(mut self, status: StatusCode) {
        self.status = Some(status);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // 499, as other servers call it: the client closed the request.
        let status = self.status.map_or(499, |status| status.as_u16());
        let elapsed = self.started.elapsed();
        let family = usize::from(status / 100).clamp(1, 5) - 1;
        self.meters.requests[self.class as usize][family].increment(1);
        self.meters.duration[self.class as usize].record(elapsed);
        self.meters.in_flight.decrement(1);
        let facts = &self.facts.0;
        tracing::info!(
            target: "pec::request",
            request_id = %self.id,
            method = self.method.as_str(),
            class = self.class.as_str(),
            route = facts.route.get().map(|route| &**route),
            tenant = facts.tenant.get().map(|tenant| &**tenant),
            actor = facts.actor.get().map(tracing::field::display),
            status,
            duration_ms = elapsed.as_micros() as f64 / 1000.0,
            queries = facts.queries.load(Ordering::Relaxed),
            "request",
        );
    }
}
