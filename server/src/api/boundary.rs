//! The panic boundary of one operation.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use super::operation::SharedOp;
use super::problem::{Problem, ProblemKind};
use super::request_id;

/// Runs the operation; a panic ends this request alone, with one log line and a 500 problem.
///
/// Unwind safety: what a handler shares with others is behind locks that are poisoned, pools that drop the
/// connection, and atomics; a half-done transaction is rolled back when its connection is dropped.
pub(super) async fn catch_panic(op: SharedOp, request: Request, next: Next) -> Response {
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(payload) => {
            let cause = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "a value that is not text".to_owned());
            let request_id = request_id::current().map(|id| id.to_string());
            tracing::error!(request_id, operation = op.id, module = op.module.name(), cause, "handler panicked");
            Problem::new(ProblemKind::Internal).into_response()
        }
    }
}
