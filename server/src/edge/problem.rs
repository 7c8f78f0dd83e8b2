//! Refusals made at the edge, in the same shape as the API's.

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use uuid::Uuid;

/// What the edge itself refuses; slugs and titles are those of the API's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    BadRequest,
    NotFound,
    MethodNotAllowed,
    BodyTooLarge,
    RequestTimeout,
    Internal,
    Unreachable,
    Busy,
    Timeout,
}

impl Refusal {
    const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Refusal::BadRequest => (StatusCode::BAD_REQUEST, "bad-request", "The request cannot be read"),
            Refusal::NotFound => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            Refusal::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This address does not support the method")
            }
            Refusal::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "The body is too large"),
            Refusal::RequestTimeout => {
                (StatusCode::REQUEST_TIMEOUT, "request-timeout", "The request took too long to arrive")
            }
            Refusal::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side"),
            Refusal::Unreachable => (StatusCode::BAD_GATEWAY, "unreachable", "The page server cannot be reached"),
            Refusal::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy; try again shortly"),
            Refusal::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout", "The answer took too long"),
        }
    }

    /// The problem document for request `id`.
    pub fn response(self, id: Uuid) -> Response<Body> {
        let (status, slug, title) = self.parts();
        let body = format!(
            "{{\"type\":\"/problems/{slug}\",\"title\":\"{title}\",\"status\":{},\"instance\":\"{id}\"}}",
            status.as_u16()
        );
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self == Refusal::Busy {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
