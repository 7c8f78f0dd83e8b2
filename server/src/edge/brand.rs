//! What an institution looks like: `/brand.css` and `/brand/logo`, by host name.

use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::answers::plain;
use super::pages::matches_tag;
use super::{Exchange, Inner};

const STYLESHEET: &str = "/brand.css";
const LOGO: &str = "/brand/logo";
/// What a browser asks for by itself whenever a document names no icon, as for a moment between two pages.
const ICON: &str = "/favicon.ico";

/// Short-lived in the browser: an accent changes seldom, and shows within minutes. `private`, because one address is another
/// institution's under another host name.
const CACHED: HeaderValue = HeaderValue::from_static("private, max-age=300");

/// An institution's accent as a stylesheet, and its logo as an SVG document.
#[derive(Clone)]
pub struct Brand {
    stylesheet: Piece,
    logo: Piece,
}

#[derive(Clone)]
struct Piece {
    content_type: &'static str,
    bytes: Bytes,
    tag: HeaderValue,
}

impl Brand {
    pub fn new(stylesheet: String, logo: String) -> Self {
        Self { stylesheet: Piece::new("text/css; charset=utf-8", stylesheet), logo: Piece::new("image/svg+xml", logo) }
    }
}

impl Piece {
    fn new(content_type: &'static str, text: String) -> Self {
        let digest = hex::encode(crate::crypto::sha256(text.as_bytes()));
        let tag = HeaderValue::try_from(format!("\"{}\"", &digest[..24])).expect("hexadecimal digits between quotes");
        Self { content_type, bytes: text.into(), tag }
    }

    fn answer(self, known: &HeaderMap) -> Response<Body> {
        let tag = self.tag.to_str().expect("hexadecimal digits between quotes");
        let unchanged = known.get(IF_NONE_MATCH).is_some_and(|known| matches_tag(known, tag));
        let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(self.bytes) });
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, CACHED);
        headers.insert(ETAG, self.tag);
        if !unchanged {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        }
        response
    }
}

/// Whether `path` is one of these.
pub(super) fn owns(path: &str) -> bool {
    matches!(path, STYLESHEET | LOGO | ICON)
}

impl Inner {
    pub(super) async fn brand(&self, exchange: &Exchange<'_>, path: &str, headers: &HeaderMap) -> Response<Body> {
        match (self.parts.brand_of)(exchange.arrival.host()).await {
            Some(brand) if path == STYLESHEET => brand.stylesheet.answer(headers),
            Some(brand) => brand.logo.answer(headers),
            None => plain(StatusCode::NOT_FOUND, "Not found\n".to_owned()),
        }
    }
}
