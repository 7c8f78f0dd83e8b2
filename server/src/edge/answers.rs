//! The short answers of the edge: refusals, redirects, and where a page request leads that is not served.

use axum::body::Body;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::request::Parts as Head;
use http::{HeaderValue, Response, StatusCode};
use hyper::body::Body as _;

use super::access::{self, Decision};
use super::pages::{Page, PageSet, not_found};

/// The locale of redirects that no page's path names, if the build has it.
pub(super) const USUAL_LOCALE: &str = "en";

/// What the path stands for.
pub(super) enum Opened<'a> {
    Page(&'a Page, &'a str),
    /// `/` or `/{locale}`.
    Root(&'a str),
}

/// Path and query of a request; HTTP/2 brings them with scheme and host.
pub(super) fn here(request: &Head) -> &str {
    request.uri.path_and_query().map_or("/", |here| here.as_str())
}

/// The locale of a redirect from a path without one.
pub(super) fn locale(set: &PageSet) -> &str {
    let locales = set.locales();
    locales.iter().find(|known| &***known == USUAL_LOCALE).or(locales.first()).map_or(USUAL_LOCALE, |known| known)
}

/// Every answer to a page request that is not the page.
pub(super) fn elsewhere(decision: Decision, set: &PageSet, opened: &Opened<'_>, request: &Head) -> Response<Body> {
    let here = here(request);
    let (locale, next) = match opened {
        Opened::Page(page, _) => (page.locale.as_deref().unwrap_or_else(|| locale(set)), Some(here)),
        Opened::Root(locale) => (*locale, None),
    };
    match decision {
        Decision::Home(role) => redirect(StatusCode::SEE_OTHER, &format!("/{locale}/{}", role.as_str())),
        Decision::SignIn => redirect(StatusCode::SEE_OTHER, &access::sign_in(locale, next)),
        Decision::Bounce => {
            let mut response = plain(StatusCode::OK, access::bounce(here));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            response
        }
        Decision::Refuse => plain(StatusCode::UNAUTHORIZED, String::new()),
        Decision::Renew => {
            let mut response = plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "Your session cannot be checked right now. Try again shortly.\n".to_owned(),
            );
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
            response
        }
        Decision::Serve => not_found(set, &request.headers),
    }
}

pub(super) fn redirect(status: StatusCode, location: &str) -> Response<Body> {
    let Ok(location) = HeaderValue::from_str(location) else {
        return plain(StatusCode::BAD_REQUEST, String::new());
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

pub(super) fn plain(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}

/// HTTP/2 would send the body of an answer to HEAD: only its length stays.
pub(super) fn without_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    if let Some(len) = body.size_hint().exact()
        && !parts.headers.contains_key(CONTENT_LENGTH)
    {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(len));
    }
    Response::from_parts(parts, Body::empty())
}
