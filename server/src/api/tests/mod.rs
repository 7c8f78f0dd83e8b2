//! The glue itself, tried with a small set of operations that exist only here.

mod bodies;
mod cursors;
mod documents;
mod queries;
mod routing;
pub(super) mod sample;

use axum::body::{Body, to_bytes};
use http::{Request, Response, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

/// What a client sees of an answer.
struct Answer {
    status: StatusCode,
    response: Response<()>,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn slug(&self) -> &str {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        self.body["type"].as_str().unwrap().strip_prefix("/problems/").unwrap()
    }

    fn pointers(&self) -> Vec<&str> {
        self.body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
    }

    fn codes(&self) -> Vec<&str> {
        self.body["errors"].as_array().unwrap().iter().map(|error| error["code"].as_str().unwrap()).collect()
    }
}

async fn send(request: Request<Body>) -> Answer {
    let assembled = super::router(sample::apis(), |_, route| route);
    let (parts, body) = assembled.router.oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    Answer { status: parts.status, response: Response::from_parts(parts, ()), body }
}

async fn get(uri: &str) -> Answer {
    send(Request::get(uri).body(Body::empty()).unwrap()).await
}

async fn post(body: impl Into<Body>) -> Answer {
    let request = Request::post("/api/v1/things")
        .header("content-type", "application/json")
        .header("idempotency-key", "12345678")
        .body(body.into())
        .unwrap();
    send(request).await
}
