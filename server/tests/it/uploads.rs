//! The upload of a catalog over HTTP: its size, its form, how many at once, and what its refusals say.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use futures_util::StreamExt as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    auth_http::{Answer as Local, Node},
    contract::assert_response,
    support::{
        http::{Answer, Persona, World, answer, world},
        run,
    },
};

const IMPORT: &str = "/api/v1/imports/catalog";
const SMALL: &str = include_str!("../../testdata/catalog-small.csv");
const BROKEN: &str = include_str!("../../testdata/catalog-broken.csv");

fn params() -> Value {
    json!({ "termName": "Autumn 2031", "startsOn": "2031-08-25", "endsOn": "2031-12-12", "parts": [] })
}

/// A form with boundary `b`.
fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        body.extend_from_slice(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

async fn post(world: &World, parts: &[(&str, &[u8])]) -> Answer {
    // The node takes two at once, and the tests of this file share one.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = TURN.lock().await;
    let request = world.request(Persona::Admin, Method::POST, IMPORT);
    let answer = answer(request.header("content-type", "multipart/form-data; boundary=b").body(form(parts))).await;
    assert_response("importCatalog", answer.status.as_u16(), &answer.bytes);
    answer
}

async fn check(world: &World, file: &[u8], params: &Value) -> Answer {
    post(world, &[("params", params.to_string().as_bytes()), ("dryRun", b"true"), ("file", file)]).await
}

/// The small file again and again, as many rows as make `bytes`: rows that repeat are no error.
fn large(bytes: usize) -> Vec<u8> {
    let (header, rows) = SMALL.split_once('\n').unwrap();
    let mut file = format!("{header}\n").into_bytes();
    while file.len() < bytes {
        file.extend_from_slice(rows.as_bytes());
    }
    file
}

#[test]
fn five_megabytes_are_taken_and_what_is_over_the_limit_is_413() {
    run(async {
        let world = world().await;
        let taken = check(world, &large(5_000_000), &params()).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", String::from_utf8_lossy(&taken.bytes));
        assert!(taken.json()["rows"].as_u64().unwrap() > 5_000);
        // Announced: refused by the edge before it arrives. A connection that is closed early is a refusal as well.
        let over = pec::api::UPLOAD_MAX_BYTES + (1 << 20);
        let body = form(&[("params", params().to_string().as_bytes()), ("dryRun", b"true"), ("file", &vec![b'x'; over])]);
        let request =
            world.request(Persona::Admin, Method::POST, IMPORT).header("content-type", "multipart/form-data; boundary=b");
        if let Ok(refused) = request.body(body).send().await {
            assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
        }
        // Not announced, and past the edge: whoever reads the form counts too.
        let node = Node::new().await;
        node.member("admin", &["admin"]).await;
        let signed = node.sign_in("admin", &[("accept-tokens", "body")]).await;
        let token = format!("Bearer {}", signed.body["accessToken"].as_str().unwrap());
        let send = async |parts: &[(&str, &[u8])]| -> Local {
            let headers = [("authorization", token.as_str()), ("content-type", "multipart/form-data; boundary=b")];
            node.send(Method::POST, IMPORT, &headers, form(parts)).await
        };
        let fits = params().to_string();
        let all = |file| [("params", fits.as_bytes()), ("dryRun", b"true".as_slice()), ("file", file)];
        let huge = vec![b'x'; pec::api::UPLOAD_MAX_BYTES + 1];
        let refused = send(&all(&huge)).await;
        assert_eq!((refused.status, &refused.body["type"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("/problems/body-too-large")));
        let taken = send(&all(&huge[..pec::api::UPLOAD_MAX_BYTES])).await;
        assert_eq!(taken.body["type"], "/problems/import-refused", "it is read, and no catalog: {}", taken.body);
    });
}

#[test]
fn a_form_that_is_not_right_says_where() {
    run(async {
        let world = world().await;
        let with = |name: &str, value: Value| {
            let mut changed = params();
            changed[name] = value;
            changed
        };
        let part = |starts: &str, ends: &str| {
            json!([{ "code": "1", "startsOn": "2031-09-01", "endsOn": "2031-10-01" },
            { "code": "2", "startsOn": starts, "endsOn": ends }])
        };
        for (params, pointer, code) in [
            (with("termName", json!("")), "/params/termName", "too-short"),
            (with("termName", json!(" x")), "/params/termName", "wrong-form"),
            (with("termName", json!(7)), "/params/termName", "wrong-type"),
            (with("startsOn", json!("9999-01-01")), "/params/startsOn", "invalid"),
            (with("endsOn", json!("2031-02-30")), "/params/endsOn", "invalid"),
            (with("endsOn", json!("2031-08-01")), "/params/endsOn", "reversed"),
            (with("nope", json!(1)), "/params/nope", "unknown-field"),
            (with("parts", part("2031-08-01", "2031-09-01")), "/params/parts/1/startsOn", "outside-term"),
            (with("parts", part("2031-09-01", "2031-12-31")), "/params/parts/1/endsOn", "outside-term"),
            (with("parts", part("2031-09-02", "2031-09-01")), "/params/parts/1/endsOn", "reversed"),
            (with("parts", part("x", "2031-09-01")), "/params/parts/1/startsOn", "invalid"),
        ] {
            let refused = check(world, SMALL.as_bytes(), &params).await;
            let problem = refused.json();
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{params}: {problem}");
            assert_eq!(
                (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
                (&json!(pointer), &json!(code)),
                "{params}"
            );
            let text = problem.to_string();
            assert!(!text.contains("serde") && !text.contains("at line") && !text.contains("NaiveDate"), "{text}");
        }
        let fits = params().to_string();
        let (file, fits) = (("file", SMALL.as_bytes()), ("params", fits.as_bytes()));
        let digest = "0".repeat(64);
        for (parts, status, slug) in [
            (vec![file, ("params", b"{".as_slice()), ("dryRun", b"true".as_slice())], 400, "malformed-json"),
            (vec![file, fits], 422, "invalid-request"),
            (vec![file, fits, ("dryRun", b"yes".as_slice())], 422, "invalid-request"),
            (vec![file, fits, ("dryRun", b"false".as_slice())], 422, "invalid-request"),
            (vec![file, fits, ("dryRun", b"true".as_slice()), ("checked", digest.as_bytes())], 422, "invalid-request"),
            (vec![file, fits, fits, ("dryRun", b"true".as_slice())], 422, "invalid-request"),
            (vec![file, fits, ("other", b"1".as_slice()), ("dryRun", b"true".as_slice())], 422, "invalid-request"),
            (vec![fits, ("dryRun", b"true".as_slice())], 422, "invalid-request"),
            (vec![file, fits, ("dryRun", b"false".as_slice()), ("checked", digest.as_bytes())], 409, "import-outdated"),
        ] {
            let refused = post(world, &parts).await;
            let names: Vec<_> = parts.iter().map(|(name, _)| *name).collect();
            assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (status, slug), "{names:?}");
        }
        let cut = form(&[fits, ("dryRun", b"true"), file]);
        let request =
            world.request(Persona::Admin, Method::POST, IMPORT).header("content-type", "multipart/form-data; boundary=b");
        let refused = answer(request.body(cut[..cut.len() / 2].to_vec())).await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::BAD_REQUEST, "malformed-upload"));
    });
}

#[test]
fn a_refused_file_says_how_many_errors_there_are() {
    run(async {
        let world = world().await;
        let refused = check(world, BROKEN.as_bytes(), &params()).await.json();
        assert_eq!(refused["errorsTotal"], refused["errors"].as_array().unwrap().len());
        let header = SMALL.lines().next().unwrap();
        let rows = format!("{}\n", vec!["x"; header.split(',').count()].join(",")).repeat(100);
        let many = check(world, format!("{header}\n{rows}").as_bytes(), &params()).await.json();
        assert_eq!(many["errors"].as_array().unwrap().len(), 100, "the first are listed");
        assert!(many["errorsTotal"].as_u64().unwrap() >= 500, "{}", many["errorsTotal"]);
    });
}

/// A form that does not end holds its place; the third is told to come back.
#[test]
fn a_third_import_at_once_is_asked_to_wait() {
    run(async {
        let node = Arc::new(Node::new().await);
        node.member("admin", &["admin"]).await;
        let signed = node.sign_in("admin", &[("accept-tokens", "body")]).await;
        let token = format!("Bearer {}", signed.body["accessToken"].as_str().unwrap());
        let send = |node: Arc<Node>, token: String, body: Body| async move {
            let headers = [("authorization", token.as_str()), ("content-type", "multipart/form-data; boundary=b")];
            node.send(Method::POST, IMPORT, &headers, body).await
        };
        let held: Vec<_> = (0..2)
            .map(|_| {
                let part = form(&[("dryRun", b"true")]);
                let open = part[..part.len() - "--b--\r\n".len()].to_vec();
                let beginning = futures_util::stream::iter([Ok::<_, std::io::Error>(open)]);
                let body = Body::from_stream(beginning.chain(futures_util::stream::pending()));
                tokio::spawn(send(Arc::clone(&node), token.clone(), body))
            })
            .collect();
        let fits = params().to_string();
        let whole = form(&[("params", fits.as_bytes()), ("dryRun", b"true"), ("file", SMALL.as_bytes())]);
        let until = async |status: StatusCode| {
            let asked = async {
                loop {
                    let answer = send(Arc::clone(&node), token.clone(), whole.clone().into()).await;
                    if answer.status == status {
                        return answer;
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), asked).await.unwrap_or_else(|_| panic!("never {status}"))
        };
        tokio::time::sleep(Duration::from_millis(300)).await;
        for request in &held {
            assert!(!request.is_finished(), "a form that does not end is waited for");
        }
        let refused = until(StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(refused.body["type"], "/problems/busy");
        assert_eq!(refused.headers["retry-after"], "10");
        for request in held {
            request.abort();
        }
        until(StatusCode::OK).await;
    });
}
