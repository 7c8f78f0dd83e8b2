//! The headers every answer carries, whoever made it.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::pages::csp;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const REPORTING: HeaderName = HeaderName::from_static("reporting-endpoints");

const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NOTHING_GRANTED: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
     microphone=(), midi=(), payment=(), usb=(), browsing-topics=()",
);
const REPORT_TO: HeaderValue = HeaderValue::from_static("csp=\"/csp-report\"");
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Adds what is missing; a handler's own, narrower choice stays.
pub fn harden(headers: &mut HeaderMap, secure: bool, host: &str) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not `no-referrer`: that would also turn the Origin header of our own form posts into "null".
    headers.insert(REFERRER_POLICY, SAME_ORIGIN);
    headers.insert(OPENER, SAME_ORIGIN);
    headers.insert(RESOURCE, SAME_ORIGIN);
    headers.insert(PERMISSIONS, NOTHING_GRANTED);
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, csp::closed());
    } else {
        headers.insert(REPORTING, REPORT_TO);
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if secure && !is_local(host) {
        headers.insert(STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
}

/// A developer's own machine also runs other servers under these names, some of them without TLS.
fn is_local(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_host_is_pinned_to_tls_and_a_local_one_is_not() {
        for (host, secure, pinned) in [
            ("campus.example.edu", true, true),
            ("campus.example.edu", false, false),
            ("demo.localhost", true, false),
            ("127.0.0.1", true, false),
        ] {
            let mut headers = HeaderMap::new();
            harden(&mut headers, secure, host);
            assert_eq!(headers.contains_key(STRICT_TRANSPORT_SECURITY), pinned, "{host}");
            assert_eq!(headers[CONTENT_SECURITY_POLICY], csp::closed());
            assert_eq!(headers[CACHE_CONTROL], "no-store");
        }
    }
}
