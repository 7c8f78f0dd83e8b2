//! First data: the GETs a page needs before anything else, answered inside the document.
//!
//! A template such as `/api/v1/courses?limit=50&{q,term}` becomes a URL; that URL is both the request and the
//! key under which the screen finds the answer, so the resolver of the front end must agree on every byte.
//! What is late, refused or too large is left out: the screen then asks for it itself.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::future::join_all;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use tower::{Service, ServiceExt as _};

/// All GETs of one page together may take this long.
pub const DEADLINE: Duration = Duration::from_millis(50);
/// A larger answer travels on its own, where it delays nothing.
const ANSWER_MAX_BYTES: usize = 128 * 1024;
/// Longer values of the page's query are not copied (counted in characters).
const VALUE_MAX_CHARS: usize = 200;

const OPEN: &[u8] = b"<script type=\"application/json\" id=\"first-data\">{";
const CLOSE: &[u8] = b"}</script>";

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TemplateError {
    #[error("{0:?} does not start with /api/")]
    NotApi(String),
    #[error("{0:?} has a placeholder other than {{id}} in its path, or broken braces")]
    Placeholder(String),
}

/// One GET, with places for the page's id and for parameters of the page's own query.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    path: Vec<Piece>,
    query: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Id,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// `limit=50` or `department={id}`.
    Fixed(Vec<Piece>),
    /// `{q,term}`: these parameters, in this order, where present.
    Copied(Vec<String>),
}

impl Template {
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if !text.starts_with("/api/") {
            return Err(TemplateError::NotApi(text.to_owned()));
        }
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let parts = query.split('&').filter(|part| !part.is_empty()).map(|part| {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(names) if names.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b',' | b'_')) => {
                    Ok(Part::Copied(names.split(',').map(str::to_owned).collect()))
                }
                _ => pieces(part).map(Part::Fixed),
            }
        });
        Ok(Self { path: pieces(path)?, query: parts.collect::<Result<_, _>>()? })
    }

    /// The URL for a page opened with `id` and `page_query` (as it stands in the address, without `?`).
    pub fn resolve(&self, id: &str, page_query: &str) -> String {
        let mut url = String::with_capacity(96);
        push_pieces(&mut url, &self.path, id);
        let mut separator = '?';
        for part in &self.query {
            match part {
                Part::Fixed(fixed) => {
                    url.push(separator);
                    push_pieces(&mut url, fixed, id);
                    separator = '&';
                }
                Part::Copied(names) => {
                    for name in names {
                        let Some(value) = parameter(page_query, name) else { continue };
                        url.push(separator);
                        url.push_str(name);
                        url.push('=');
                        push_encoded(&mut url, &value);
                        separator = '&';
                    }
                }
            }
        }
        url
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    for (at, part) in text.split("{id}").enumerate() {
        if at > 0 {
            pieces.push(Piece::Id);
        }
        if part.contains(['{', '}']) {
            return Err(TemplateError::Placeholder(text.to_owned()));
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part.to_owned()));
        }
    }
    Ok(pieces)
}

fn push_pieces(url: &mut String, pieces: &[Piece], id: &str) {
    for piece in pieces {
        url.push_str(match piece {
            Piece::Text(text) => text,
            Piece::Id => id,
        });
    }
}

/// The first value of `name` in a query, decoded as browsers decode it; empty and overlong ones are absent.
fn parameter(query: &str, name: &str) -> Option<String> {
    let raw = query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key) == name).then_some(value)
    })?;
    let value = decode(raw);
    (!value.is_empty() && value.chars().count() <= VALUE_MAX_CHARS).then_some(value)
}

/// `application/x-www-form-urlencoded` decoding: broken escapes stay as they are, broken UTF-8 is replaced.
fn decode(raw: &str) -> String {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(nibble(*high) << 4 | nibble(*low));
                rest = after;
            }
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters, as the front end does.
pub fn push_encoded(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Runs the GETs at once and returns the block to splice in, piece by piece: each answer is one, what stands between them another.
/// Nothing came in time: no piece.
///
/// `request` turns a URL into a request that carries the caller's identity.
pub async fn gather<S>(api: &S, urls: Vec<String>, request: impl Fn(&str) -> Option<Request<Body>>) -> Vec<Bytes>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone,
{
    let until = tokio::time::Instant::now() + DEADLINE;
    let answers = join_all(urls.iter().map(|url| {
        let request = request(url);
        async move { tokio::time::timeout_at(until, answer(api.clone(), request?)).await.ok().flatten() }
    }))
    .await;
    let mut pieces = Vec::new();
    let mut between = BytesMut::from(OPEN);
    for (url, body) in urls.iter().zip(&answers) {
        let Some(body) = body else { continue };
        if !pieces.is_empty() {
            between.put_u8(b',');
        }
        let key = serde_json::to_vec(url).expect("a string is always JSON");
        push_inert(&mut between, &key);
        between.put_u8(b':');
        pieces.push(between.split().freeze());
        pieces.push(inert(body));
    }
    if !pieces.is_empty() {
        pieces.push(Bytes::from_static(CLOSE));
    }
    pieces
}

async fn answer<S>(api: S, request: Request<Body>) -> Option<Bytes>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let response = api.oneshot(request).await.unwrap_or_else(|never| match never {});
    let json = response.headers().get(header::CONTENT_TYPE).is_some_and(is_json);
    if response.status() != StatusCode::OK || !json {
        return None;
    }
    let body = Limited::new(response.into_body(), ANSWER_MAX_BYTES).collect().await.ok()?;
    let bytes = body.to_bytes();
    (!bytes.is_empty()).then_some(bytes)
}

fn is_json(value: &HeaderValue) -> bool {
    value.as_bytes().starts_with(b"application/json")
}

/// The same bytes where nothing in them needs an escape, as nearly always.
fn inert(json: &Bytes) -> Bytes {
    if memchr::memchr2(b'<', 0xe2, json).is_none() {
        return json.clone();
    }
    let mut out = BytesMut::with_capacity(json.len() + 64);
    push_inert(&mut out, json);
    out.freeze()
}

/// Writes JSON so that no part of it can end the script element: `<`, U+2028 and U+2029 only occur inside JSON
/// strings, where an escape means the same.
fn push_inert(out: &mut BytesMut, json: &[u8]) {
    let mut rest = json;
    while let Some(at) = memchr::memchr2(b'<', 0xe2, rest) {
        out.put_slice(&rest[..at]);
        let (escaped, len): (&[u8], usize) = match &rest[at..] {
            [b'<', ..] => (b"\\u003c", 1),
            [0xe2, 0x80, 0xa8, ..] => (b"\\u2028", 3),
            [0xe2, 0x80, 0xa9, ..] => (b"\\u2029", 3),
            other => (&other[..1], 1),
        };
        out.put_slice(escaped);
        rest = &rest[at + len..];
    }
    out.put_slice(rest);
}

#[cfg(test)]
#[path = "first_data_tests.rs"]
mod tests;
