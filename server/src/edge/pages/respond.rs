//! From a page and a request's headers to an answer.
//!
//! The key is (path, variant) and nothing else; query, `_rsc`, router state and next-url are ignored, which is
//! valid because every page is the same for everybody.

use axum::body::Body;
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::{Page, PageSet, Representation, csp};

const VARY_ON: HeaderValue =
    HeaderValue::from_static("rsc, next-router-state-tree, next-router-prefetch, next-router-segment-prefetch, accept-encoding");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const RSC: HeaderValue = HeaderValue::from_static("text/x-component");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");
const NEVER_STORE: HeaderValue = HeaderValue::from_static("private, no-store");
const ALWAYS_ASK: HeaderValue = HeaderValue::from_static("private, no-cache");
const ONE: HeaderValue = HeaderValue::from_static("1");
/// Tells the client router that the build answers single segments.
const PER_SEGMENT: HeaderValue = HeaderValue::from_static("2");

const STALE_TIME: HeaderName = HeaderName::from_static("x-nextjs-stale-time");
const PRERENDER: HeaderName = HeaderName::from_static("x-nextjs-prerender");
const POSTPONED: HeaderName = HeaderName::from_static("x-nextjs-postponed");

/// Which of a page's texts a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant<'a> {
    Html,
    Rsc,
    Segment(&'a str),
}

impl<'a> Variant<'a> {
    pub fn of(headers: &'a HeaderMap) -> Self {
        let one = |name: &str| headers.get(name).is_some_and(|value| value == "1");
        if !one("rsc") {
            return Variant::Html;
        }
        match headers.get("next-router-segment-prefetch").map(HeaderValue::to_str) {
            Some(Ok(segment)) if one("next-router-prefetch") => Variant::Segment(segment),
            // A value that is no text names no segment.
            Some(Err(_)) if one("next-router-prefetch") => Variant::Segment(""),
            _ => Variant::Rsc,
        }
    }
}

/// Answers with `page` as `id` sees it; `data` goes into its HTML.
pub fn page_response(set: &PageSet, page: &Page, id: &str, headers: &HeaderMap, data: &[Bytes]) -> Response<Body> {
    match Variant::of(headers) {
        Variant::Html => html(set, page, id, headers, data),
        Variant::Rsc => payload(page, &page.rsc, id, headers),
        Variant::Segment(segment) => match page.segments.get(segment) {
            Some(found) => {
                let mut response = payload(page, found, id, headers);
                // A segment states its life in its own text.
                response.headers_mut().remove(&STALE_TIME);
                response.headers_mut().insert(POSTPONED, PER_SEGMENT);
                response
            }
            None => no_segment(),
        },
    }
}

/// Answers what no page stands for.
pub fn not_found(set: &PageSet, headers: &HeaderMap) -> Response<Body> {
    let page = set.not_found();
    let mut response = match Variant::of(headers) {
        Variant::Html => html(set, page, "", headers, &[]),
        Variant::Rsc => payload(page, &page.rsc, "", &without_condition(headers)),
        Variant::Segment(_) => no_segment(),
    };
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().insert(CACHE_CONTROL, NEVER_STORE);
    response
}

fn html(set: &PageSet, page: &Page, id: &str, headers: &HeaderMap, data: &[Bytes]) -> Response<Body> {
    let zipped = wants_gzip(headers);
    let body = if zipped { page.html.gzip(id, data) } else { page.html.identity(id, data) };
    let mut response = text(page, HTML, zipped, body);
    let out = response.headers_mut();
    out.insert(CACHE_CONTROL, NEVER_STORE);
    out.insert(CONTENT_SECURITY_POLICY, set.policy(page, id));
    response
}

fn payload(page: &Page, found: &Representation, id: &str, headers: &HeaderMap) -> Response<Body> {
    let tag = if found.document.has_ids() { format!("W/\"{}-{id}\"", found.tag) } else { format!("W/\"{}\"", found.tag) };
    let unchanged = headers.get(IF_NONE_MATCH).is_some_and(|known| matches_tag(known, &tag));
    let zipped = wants_gzip(headers);
    let mut response = if unchanged {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().insert(VARY, VARY_ON);
        response
    } else {
        let body = if zipped { found.document.gzip(id, &[]) } else { found.document.identity(id, &[]) };
        text(page, RSC, zipped, body)
    };
    let out = response.headers_mut();
    out.insert(CACHE_CONTROL, ALWAYS_ASK);
    out.insert(CONTENT_SECURITY_POLICY, csp::closed());
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(ETAG, tag);
    }
    response
}

fn text(page: &Page, kind: HeaderValue, zipped: bool, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    let out = response.headers_mut();
    out.reserve(24);
    out.insert(CONTENT_TYPE, kind);
    out.insert(VARY, VARY_ON);
    out.insert(PRERENDER, ONE);
    if zipped {
        out.insert(CONTENT_ENCODING, GZIP);
    }
    if let Some(stale_time) = &page.stale_time {
        out.insert(STALE_TIME, stale_time.clone());
    }
    response
}

fn no_segment() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_FOUND;
    let out = response.headers_mut();
    out.insert(CACHE_CONTROL, NEVER_STORE);
    out.insert(VARY, VARY_ON);
    out.insert(CONTENT_SECURITY_POLICY, csp::closed());
    out.insert(POSTPONED, PER_SEGMENT);
    response
}

/// A 404 is a whole answer: it is never shortened to "not modified".
fn without_condition(headers: &HeaderMap) -> HeaderMap {
    headers.get(ACCEPT_ENCODING).map(|value| (ACCEPT_ENCODING, value.clone())).into_iter().collect()
}

/// Whether the client accepts gzip. `gzip;q=0` refuses it; other weights don't matter to a server with one coding.
pub fn wants_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, "gzip")
}

/// Whether `Accept-Encoding` names `coding` with a weight above zero.
pub(in crate::edge) fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|entry| {
            let (name, weight) = entry.split_once(';').unwrap_or((entry, ""));
            let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
            name.trim().eq_ignore_ascii_case(coding) && !refused
        })
    })
}

/// Whether `If-None-Match` names `tag`, compared weakly (RFC 9110 §8.8.3.2).
pub fn matches_tag(known: &HeaderValue, tag: &str) -> bool {
    let opaque = tag.trim_start_matches("W/");
    known
        .to_str()
        .is_ok_and(|known| known.trim() == "*" || known.split(',').any(|entry| entry.trim().trim_start_matches("W/") == opaque))
}

#[cfg(test)]
#[path = "respond_tests.rs"]
mod tests;
