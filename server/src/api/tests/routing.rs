use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use tower::ServiceExt;
use uuid::Uuid;

use super::{get, sample, send};
use crate::api::{Access, Problem, ProblemKind, Role, request_id, router};

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let answer = get("/api/v1/nothing").await;
    assert_eq!((answer.status.as_u16(), answer.slug()), (404, "not-found"));
    let answer = get("/api/v1/things/01930000-0000-7000-8000-000000000001/days/2026-01-01").await;
    assert_eq!((answer.status.as_u16(), answer.slug(), answer.header("allow")), (405, "method-not-allowed", "POST"));
    let answer = send(http::Request::put("/api/v1/things").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET,HEAD,POST"));
}

#[tokio::test]
async fn ids_of_the_wrong_form_name_nothing() {
    assert_eq!(get("/api/v1/things/01930000-0000-7000-8000-000000000001").await.status, 200);
    for id in ["x", "01930000-0000-7000-8000-00000000000Z", "01930000000070008000000000000001", "%00", "%ff"] {
        let answer = get(&format!("/api/v1/things/{id}")).await;
        assert_eq!((answer.status.as_u16(), answer.slug()), (404, "not-found"), "{id}");
    }
    assert_eq!(get("/api/v1/things/01930000-0000-7000-8000-00000000000A").await.status, 404, "not canonical");
}

#[tokio::test]
async fn a_panic_is_one_problem() {
    let answer = get("/api/v1/explode").await;
    assert_eq!((answer.status.as_u16(), answer.slug()), (500, "internal"));
    assert!(!answer.body.to_string().contains("fuse"), "{}", answer.body);
}

#[tokio::test]
async fn problems_carry_the_request_id() {
    let id = Uuid::now_v7();
    let answer = request_id::scope(id, get("/api/v1/nothing")).await;
    assert_eq!(answer.body["instance"], id.to_string());
    assert!(get("/api/v1/nothing").await.body.get("instance").is_none());
}

#[tokio::test]
async fn problems_leave_their_kind_for_the_log() {
    let response = Problem::new(ProblemKind::Busy).retry_after(7).into_response();
    assert_eq!(response.extensions().get(), Some(&ProblemKind::Busy));
    assert_eq!(response.headers()["retry-after"], "7");
}

#[tokio::test]
async fn a_missing_or_odd_idempotency_key_is_refused() {
    for key in [None, Some("short"), Some("has a blank in it"), Some(&*"x".repeat(81))] {
        let mut request = http::Request::post("/api/v1/things").header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.slug()), (400, "idempotency-key-required"), "{key:?}");
    }
}

/// The guard sees every operation at build time and runs before extractors read anything.
#[tokio::test]
async fn the_guard_runs_first() {
    let passed = Arc::new(AtomicUsize::new(0));
    let seen = Mutex::new(Vec::new());
    let assembled = router(sample::apis(), |op, route| {
        seen.lock().unwrap().push(op.id);
        let (passed, public) = (Arc::clone(&passed), op.access == Access::Public);
        route.route_layer(from_fn(move |request: Request, next: Next| {
            let passed = Arc::clone(&passed);
            async move {
                if !public {
                    return Problem::new(ProblemKind::Unauthenticated).into_response();
                }
                passed.fetch_add(1, Ordering::Relaxed);
                next.run(request).await
            }
        }))
    });
    assert_eq!(seen.lock().unwrap().len(), assembled.operations.len());
    for op in &assembled.operations {
        let uri = op.path.replace("{id}", "x").replace("{day}", "y");
        let request = Request::builder().method(op.method.clone()).uri(uri).body(Body::from("{")).unwrap();
        let status = assembled.router.clone().oneshot(request).await.unwrap().status();
        assert_eq!(status == 401, op.access != Access::Public, "{}", op.id);
    }
    assert_eq!(passed.load(Ordering::Relaxed), 2);
}

#[test]
fn access_admits_whom_it_says() {
    const STAFF: Access = Access::Roles(&[Role::Faculty, Role::Admin]);
    let roles = [None, Some(Role::Student), Some(Role::Faculty), Some(Role::Admin)];
    assert_eq!(roles.map(|role| Access::Public.admits(role)), [true; 4]);
    assert_eq!(roles.map(|role| Access::Signed.admits(role)), [false, true, true, true]);
    assert_eq!(roles.map(|role| STAFF.admits(role)), [false, false, true, true]);
}
