//! Addresses for those who run the server, and the place where browsers report policy violations.
//!
//! `/healthz` says that the process answers, and nothing of what it depends on: a database that is away must
//! not get the server killed. `/readyz` says whether it should get traffic. `/metrics` answers the machine
//! itself, or whoever holds the token.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::body::Body;
use futures_util::future::BoxFuture;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use metrics::counter;

use super::pages::csp;
use super::request::Arrival;

const REPORT_MAX_BYTES: usize = 16 * 1024;
/// A page that breaks for everybody must not flood the log; the counter still sees every report.
const REPORTS_LOGGED_PER_MINUTE: u64 = 20;

type Ask<T> = Box<dyn Fn() -> T + Send + Sync>;

/// What the operations answer from.
pub struct Operations {
    /// Whether this node should get traffic.
    pub ready: Ask<BoxFuture<'static, bool>>,
    /// The metrics in the Prometheus text format.
    pub metrics: Ask<String>,
    /// Who presents it may read the metrics from elsewhere.
    pub metrics_token: Option<String>,
    pub reports: ReportWindow,
}

/// Counts the reports of the running minute.
pub struct ReportWindow {
    since: Instant,
    /// The minute of the latest report, times 2^16, plus the reports in it.
    seen: AtomicU64,
}

impl Default for ReportWindow {
    fn default() -> Self {
        Self { since: Instant::now(), seen: AtomicU64::new(0) }
    }
}

impl ReportWindow {
    fn admits(&self, minute: u64) -> bool {
        let update = |seen: u64| {
            let (then, count) = (seen >> 16, seen & 0xffff);
            Some(if then == minute { minute << 16 | (count + 1).min(0xffff) } else { minute << 16 | 1 })
        };
        let before = self.seen.fetch_update(Ordering::Relaxed, Ordering::Relaxed, update).unwrap_or(0);
        before >> 16 != minute || before & 0xffff < REPORTS_LOGGED_PER_MINUTE
    }
}

impl Operations {
    /// Whether `path` is one of these.
    pub fn owns(path: &str) -> bool {
        matches!(path, "/healthz" | "/readyz" | "/metrics") || path == csp::REPORT_PATH
    }

    pub async fn answer(&self, arrival: &Arrival, request: Request<Body>) -> Response<Body> {
        let path = request.uri().path();
        if path == csp::REPORT_PATH {
            return self.report(request).await;
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return status(StatusCode::METHOD_NOT_ALLOWED);
        }
        match path {
            "/healthz" => text("ok\n".to_owned()),
            "/readyz" if (self.ready)().await => text("ready\n".to_owned()),
            "/readyz" => status(StatusCode::SERVICE_UNAVAILABLE),
            _ if self.may_read(arrival, &request) => text((self.metrics)()),
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    /// A connection from this machine counts only if nobody forwarded it: a proxy on the same machine would
    /// otherwise open the metrics to everybody.
    fn may_read(&self, arrival: &Arrival, request: &Request<Body>) -> bool {
        if arrival.client.is_loopback() && !arrival.forwarded {
            return true;
        }
        let presented = request.headers().get(AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        match (&self.metrics_token, presented) {
            (Some(token), Some(presented)) => {
                aws_lc_rs::constant_time::verify_slices_are_equal(token.as_bytes(), presented).is_ok()
            }
            _ => false,
        }
    }

    async fn report(&self, request: Request<Body>) -> Response<Body> {
        if request.method() != Method::POST {
            return status(StatusCode::METHOD_NOT_ALLOWED);
        }
        counter!("pec_csp_reports_total").increment(1);
        let Ok(body) = Limited::new(request.into_body(), REPORT_MAX_BYTES).collect().await else {
            return status(StatusCode::PAYLOAD_TOO_LARGE);
        };
        let minute = self.reports.since.elapsed().as_secs() / 60;
        if self.reports.admits(minute)
            && let Ok(report) = serde_json::from_slice::<serde_json::Value>(&body.to_bytes())
        {
            for (directive, blocked) in violations(&report) {
                tracing::warn!(target: "pec::csp", directive, blocked, "content security policy violation");
            }
        }
        status(StatusCode::NO_CONTENT)
    }
}

/// Directive and blocked origin of each violation, in either of the two report formats. Nothing else is kept:
/// a report also holds addresses and script samples.
fn violations(report: &serde_json::Value) -> Vec<(String, String)> {
    let bodies: Vec<_> = match report {
        serde_json::Value::Array(entries) => entries.iter().take(10).filter_map(|entry| entry.get("body")).collect(),
        single => single.get("csp-report").into_iter().collect(),
    };
    let field = |body: &serde_json::Value, names: [&str; 2]| {
        let value = names.iter().find_map(|name| body.get(name)).and_then(|value| value.as_str()).unwrap_or("");
        value.split(['?', '#']).next().unwrap_or("").chars().filter(|c| !c.is_control()).take(200).collect()
    };
    bodies
        .iter()
        .map(|body| (field(body, ["effectiveDirective", "violated-directive"]), field(body, ["blockedURL", "blocked-uri"])))
        .collect()
}

fn text(body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_logged_at_a_bounded_rate() {
        let window = ReportWindow::default();
        let logged = (0..1000).filter(|_| window.admits(7)).count();
        assert_eq!(logged as u64, REPORTS_LOGGED_PER_MINUTE);
        assert!(window.admits(8));
    }

    #[test]
    fn both_report_formats_are_read_and_reduced() {
        let old = serde_json::json!({"csp-report": {"violated-directive": "script-src", "blocked-uri": "https://x/?secret=1"}});
        assert_eq!(violations(&old), [("script-src".to_owned(), "https://x/".to_owned())]);
        let new =
            serde_json::json!([{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "inline\n"}}]);
        assert_eq!(violations(&new), [("img-src".to_owned(), "inline".to_owned())]);
        assert_eq!(violations(&serde_json::json!(3)), []);
    }
}
