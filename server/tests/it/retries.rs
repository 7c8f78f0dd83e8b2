//! One Idempotency-Key, one effect, one answer: whatever retries, in whatever order, and whatever was decided.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    http::{Answer, Persona, World, answer, world},
    owner, run,
};

async fn send(world: &World, method: Method, path: &str, key: &str, body: &Value) -> Answer {
    answer(world.request(Persona::Admin, method, path).header("idempotency-key", key).json(body)).await
}

/// The same request ten times at once: ten equal answers.
async fn ten(world: &World, method: Method, path: &str, body: &Value) -> Value {
    let key = format!("ten-{}", Uuid::now_v7());
    let answers = join_all((0..10).map(|_| send(world, method.clone(), path, &key, body))).await;
    let mut distinct = BTreeSet::new();
    for answer in &answers {
        assert!(answer.status.is_success(), "{path}: {}", String::from_utf8_lossy(&answer.bytes));
        distinct.insert((answer.status.as_u16(), answer.bytes.clone()));
    }
    assert_eq!(distinct.len(), 1, "{path}: {} different answers", distinct.len());
    answers[0].json()
}

async fn rows_about(world: &World, action: &str, target: &Value) -> i64 {
    let target: Uuid = target.as_str().unwrap().parse().unwrap();
    sqlx::query_scalar!(r#"select count(*) as "n!" from audit_event where action = $1 and target_id = $2"#, action, target)
        .fetch_one(&mut owner(&world.ours).await)
        .await
        .unwrap()
}

fn course(with: Value) -> Value {
    let mut body = json!({
        "title": "Topics", "description": "", "attributes": "", "credits": { "kind": "fixed", "min": 3, "max": 3 },
    });
    body.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    body
}

/// A department nobody else edits, with a course.
async fn own(world: &World, code: &str) -> (Value, Value) {
    let department = ten(world, Method::POST, "/api/v1/departments", &json!({ "code": code, "name": "Retries" })).await;
    let made = course(json!({ "departmentId": department["id"], "number": "1" }));
    let course = ten(world, Method::POST, "/api/v1/courses", &made).await;
    assert_eq!(rows_about(world, "department.create", &department["id"]).await, 1);
    assert_eq!(rows_about(world, "course.create", &course["id"]).await, 1);
    (department, course)
}

#[test]
fn ten_equal_edits_at_once_are_one_edit() {
    run(async {
        let world = world().await;
        let (department, made) = own(world, "RTA").await;
        for (action, path, body, target) in [
            (
                "department.edit",
                format!("/api/v1/departments/{}", department["id"].as_str().unwrap()),
                json!({ "name": "Renamed once", "version": 1 }),
                &department["id"],
            ),
            (
                "course.edit",
                format!("/api/v1/courses/{}", made["id"].as_str().unwrap()),
                course(json!({ "title": "Edited once", "version": 1 })),
                &made["id"],
            ),
        ] {
            let edited = ten(world, Method::PATCH, &path, &body).await;
            assert_eq!(edited["version"], 2);
            assert_eq!(rows_about(world, action, target).await, 1, "{path}: one effect");
            assert_eq!(world.get(Persona::Admin, &path).await.json(), edited, "the answer is what is stored");
        }
    });
}

#[test]
fn a_refusal_decided_in_the_transaction_is_what_a_retry_gets() {
    run(async {
        let world = world().await;
        let (department, made) = own(world, "RTB").await;
        for (path, body) in [
            (format!("/api/v1/departments/{}", department["id"].as_str().unwrap()), json!({ "name": "Second", "version": 2 })),
            (format!("/api/v1/courses/{}", made["id"].as_str().unwrap()), course(json!({ "title": "Second", "version": 2 }))),
        ] {
            let key = format!("stale-{}", Uuid::now_v7());
            let stale = send(world, Method::PATCH, &path, &key, &body).await;
            assert_eq!((stale.status, stale.problem().as_str()), (StatusCode::CONFLICT, "version-conflict"), "{path}");
            let mut first = body.clone();
            first["version"] = 1.into();
            assert_eq!(world.send(Persona::Admin, Method::PATCH, &path, &first).await.status, StatusCode::OK);
            // The version is 2 now: without its key the edit would pass.
            let again = send(world, Method::PATCH, &path, &key, &body).await;
            assert_eq!((again.status, again.problem().as_str()), (StatusCode::CONFLICT, "version-conflict"), "{path}");
            let other = send(world, Method::PATCH, &path, &key, &first).await;
            assert_eq!(other.problem(), "idempotency-mismatch", "{path}");
            assert_eq!(world.send(Persona::Admin, Method::PATCH, &path, &body).await.status, StatusCode::OK);
        }
    });
}

#[test]
fn a_course_in_no_department_stays_refused_under_its_key() {
    run(async {
        let world = world().await;
        let nowhere = Uuid::now_v7();
        let body = course(json!({ "departmentId": nowhere, "number": "1" }));
        for made_meanwhile in [false, true] {
            if made_meanwhile {
                sqlx::query!("insert into department (id, code, name) values ($1, 'RTC', 'Late')", nowhere)
                    .execute(&mut owner(&world.ours).await)
                    .await
                    .unwrap();
            }
            let refused = send(world, Method::POST, "/api/v1/courses", "course-nowhere", &body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(refused.json()["errors"][0]["pointer"], "/departmentId");
        }
        assert_eq!(world.send(Persona::Admin, Method::POST, "/api/v1/courses", &body).await.status, StatusCode::CREATED);
    });
}
