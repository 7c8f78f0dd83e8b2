//! Whatever arrives: a 4xx problem that names the culprit, never a 500, never half a change.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use futures_util::StreamExt as _;
use pec::api::Cursor;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    lists::{Ordered, lists, ok},
    support::{
        http::{Answer, Persona, World, answer, world},
        owner, run,
    },
};

async fn post_raw(world: &World, path: &str, body: Vec<u8>) -> Answer {
    let request =
        world.request(Persona::Admin, Method::POST, path).header("idempotency-key", format!("raw-{}", uuid::Uuid::now_v7()));
    answer(request.header("content-type", "application/json").body(body)).await
}

async fn departments(world: &World) -> i64 {
    sqlx::query_scalar!(r#"select count(*) as "n!" from department where code = 'ZZ'"#)
        .fetch_one(&mut owner(&world.ours).await)
        .await
        .unwrap()
}

#[test]
fn bodies_that_are_not_the_declared_type() {
    run(async {
        let world = world().await;
        let before = departments(world).await;
        let long = "x".repeat(2_000_000);
        let cases: Vec<(&str, Vec<u8>, u16)> = vec![
            ("malformed", b"{\"code\": ".to_vec(), 400),
            ("not an object", b"[]".to_vec(), 422),
            ("empty", b"".to_vec(), 400),
            ("wrong type", br#"{"code": 7, "name": "x"}"#.to_vec(), 422),
            ("missing field", br#"{"code": "ZZ"}"#.to_vec(), 422),
            ("unknown field", br#"{"code": "ZZ", "name": "x", "role": "admin"}"#.to_vec(), 422),
            ("duplicate field", br#"{"code": "ZZ", "name": "x", "name": "y"}"#.to_vec(), 422),
            ("NUL", br#"{"code": "ZZ", "name": "a\u0000b"}"#.to_vec(), 422),
            ("lone surrogate", br#"{"code": "ZZ", "name": "\ud800"}"#.to_vec(), 400),
            ("not UTF-8", b"{\"code\": \"ZZ\", \"name\": \"\xff\"}".to_vec(), 400),
            ("too long", serde_json::to_vec(&json!({ "code": "ZZ", "name": "x".repeat(121) })).unwrap(), 422),
            ("blank", serde_json::to_vec(&json!({ "code": "ZZ", "name": "  " })).unwrap(), 422),
            ("oversized", serde_json::to_vec(&json!({ "code": "ZZ", "name": long })).unwrap(), 413),
            ("deep", "[".repeat(100_000).into_bytes(), 422),
        ];
        for (name, body, expected) in cases {
            let answer = post_raw(world, "/api/v1/departments", body).await;
            assert_eq!(answer.status.as_u16(), expected, "{name}: {}", String::from_utf8_lossy(&answer.bytes));
            assert_eq!(answer.headers["content-type"], "application/problem+json", "{name}");
        }
        assert_eq!(departments(world).await, before);
    });
}

#[test]
fn queries_and_paths_that_mean_nothing() {
    run(async {
        let world = world().await;
        for (path, expected) in [
            ("/api/v1/departments?limit=0", 422),
            ("/api/v1/departments?limit=201", 422),
            ("/api/v1/departments?limit=x", 422),
            ("/api/v1/departments?limit=5&limit=6", 422),
            ("/api/v1/departments?color=red", 422),
            ("/api/v1/departments?cursor=AAAA", 400),
            ("/api/v1/departments?cursor=%00", 400),
            ("/api/v1/departments?q=%00", 422),
            ("/api/v1/departments?q=%ff", 400),
            ("/api/v1/departments/not-a-uuid", 404),
            ("/api/v1/departments/00000000-0000-7000-8000-000000000000", 404),
            ("/api/v1/nothing", 404),
            ("/api/v1/courses?department=x", 422),
            ("/api/v1/courses?credits=x", 422),
        ] {
            let answer = world.get(Persona::Admin, path).await;
            assert_eq!(answer.status.as_u16(), expected, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
            assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        }
        let wrong_method = answer(world.request(Persona::Admin, Method::DELETE, "/api/v1/departments")).await;
        assert_eq!(wrong_method.status.as_u16(), 405);
    });
}

/// Cursors of the shape a list gives out, with each of their parts replaced by something it never holds there.
fn forged(genuine: &str) -> Vec<Value> {
    let bytes = B64.decode(genuine).unwrap();
    let parts: Vec<Value> = serde_json::from_slice(&bytes[1..]).unwrap();
    let (long, digits) = ("\u{10ffff}".repeat(300), "9".repeat(400));
    let texts = ["", "x 1 2", "1e-400000 1", "NaN NaN", "%_\\'", &long, &digits, "ffffffff-ffff-ffff-ffff-ffffffffffff"];
    let other = [json!(i32::MIN), json!(i32::MAX), json!(i64::MAX), json!(true), json!([]), Value::Null];
    let others: Vec<Value> = texts.iter().map(|text| json!(text)).chain(other).collect();
    let replaced = |at: usize, other: &Value| {
        let mut parts = parts.clone();
        parts[at] = other.clone();
        Value::from(parts)
    };
    (0..parts.len()).flat_map(|at| others.iter().map(move |other| (at, other))).map(|(at, other)| replaced(at, other)).collect()
}

#[test]
fn a_forged_cursor_goes_on_somewhere_or_is_refused() {
    run(async {
        let world = world().await;
        let mut tried = 0;
        for Ordered { persona, path, columns, .. } in lists(world).await {
            let sorts = columns.iter().flat_map(|(name, _)| [format!("&sort={name}"), format!("&sort=-{name}")]);
            for sort in sorts.chain([String::new()]) {
                for narrowed in if path.ends_with("results") { &[""][..] } else { &["", "&q=e"] } {
                    let list = format!("{path}?limit=1{sort}{narrowed}");
                    let Some(genuine) = ok(world, persona, &list).await["next"].as_str().map(str::to_owned) else { continue };
                    let contents = forged(&genuine);
                    let ask = async |content: &Value| {
                        (world.get(persona, &format!("{list}&cursor={}", Cursor(content).encode())).await, content.clone())
                    };
                    let answers = futures_util::stream::iter(&contents).map(ask).buffer_unordered(8).collect::<Vec<_>>().await;
                    for (answer, content) in answers {
                        let verdict = (answer.status.as_u16(), answer.json()["type"].clone());
                        let refused = verdict == (400, json!("/problems/invalid-cursor"));
                        assert!(refused || verdict.0 == 200, "{list} {content}: {}", String::from_utf8_lossy(&answer.bytes));
                        tried += 1;
                    }
                }
            }
        }
        assert!(tried > 3_000, "{tried}");
        // The order by credits reads numbers from the cursor: what holds none, or more, is refused.
        let good = [("3.00 4.00", 200), ("0.25 100.00", 200)];
        let bad = [
            "",
            "x 1 2",
            "1e-400000 1",
            "1e400000 1",
            "NaN NaN",
            "Infinity 1",
            "3 4",
            "3.00 4.00 5.00",
            "3.00  4.00",
            "3.00 4.00 ",
        ];
        let worse = ["-3.00 4.00", "+3.00 4.00", "3.00 1000.00", "3.0 4.0", ".00 .00", "\u{663}.00 4.00", "3.00\u{a0}4.00"];
        for (key, status) in good.into_iter().chain(bad.into_iter().chain(worse).map(|key| (key, 400))) {
            let cursor = Cursor(json!(["credits", null, key, "A", "00000000-0000-7000-8000-000000000000"])).encode();
            let answer = world.get(Persona::Student, &format!("/api/v1/courses?sort=credits&cursor={cursor}")).await;
            assert_eq!(answer.status.as_u16(), status, "{key}");
        }
    });
}

#[test]
fn text_is_stored_as_typed() {
    run(async {
        let world = world().await;
        let name = r#"<script>alert("x")</script> & Søns — 'quoted' %s \u0041"#;
        let made = world.send(Persona::Admin, Method::POST, "/api/v1/departments", &json!({ "code": "TXT", "name": name })).await;
        assert_eq!(made.status.as_u16(), 201, "{}", String::from_utf8_lossy(&made.bytes));
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let read = world.get(Persona::Student, &format!("/api/v1/departments/{id}")).await;
        assert_eq!(read.json()["name"], Value::String(name.to_owned()));
        assert_eq!(read.headers["content-type"], "application/json");
        assert_eq!(read.headers["x-content-type-options"], "nosniff");
    });
}

#[test]
fn the_same_intent_happens_once() {
    run(async {
        let world = world().await;
        let body = json!({ "code": "ONCE", "name": "Once" });
        let send = |key: &'static str, body: Value| async move {
            answer(world.request(Persona::Admin, Method::POST, "/api/v1/departments").header("idempotency-key", key).json(&body))
                .await
        };
        let answers = futures_util::future::join_all((0..10).map(|_| send("intent-one", body.clone()))).await;
        let first = answers[0].bytes.clone();
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.bytes), (201, &first), "{}", String::from_utf8_lossy(&answer.bytes));
        }
        let other = send("intent-one", json!({ "code": "ELSE", "name": "Once" })).await;
        assert_eq!((other.status.as_u16(), other.problem().as_str()), (422, "idempotency-mismatch"));
        // A refusal that was decided is kept as well, and told from a new intent.
        let taken = send("intent-two", body.clone()).await;
        assert_eq!((taken.status.as_u16(), taken.problem().as_str()), (409, "department-code-taken"));
        assert_eq!(send("intent-two", body.clone()).await.status.as_u16(), 409);
        let rows = sqlx::query_scalar!(r#"select count(*) as "n!" from department where code in ('ONCE', 'ELSE')"#)
            .fetch_one(&mut owner(&world.ours).await)
            .await
            .unwrap();
        assert_eq!(rows, 1);
        let missing = answer(world.request(Persona::Admin, Method::POST, "/api/v1/departments").json(&body)).await;
        assert_eq!(missing.problem(), "idempotency-key-required");
    });
}

#[test]
fn an_edit_from_an_old_version_is_refused() {
    run(async {
        let world = world().await;
        let made =
            world.send(Persona::Admin, Method::POST, "/api/v1/departments", &json!({ "code": "VER", "name": "One" })).await;
        let path = format!("/api/v1/departments/{}", made.json()["id"].as_str().unwrap());
        let edit = |name: &str| json!({ "name": name, "version": 1 });
        assert_eq!(world.send(Persona::Admin, Method::PATCH, &path, &edit("Two")).await.status.as_u16(), 200);
        let late = world.send(Persona::Admin, Method::PATCH, &path, &edit("Three")).await;
        assert_eq!((late.status.as_u16(), late.problem().as_str()), (409, "version-conflict"));
        assert_eq!(world.get(Persona::Admin, &path).await.json()["name"], "Two");
    });
}
