use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{Answer, post, send};
use crate::api::JSON_BODY_MAX_BYTES;

fn valid() -> Value {
    json!({
        "fullName": "Ada", "phone": null, "semester": 3, "weight": 0.5, "shade": "light-blue", "urgent": false,
        "parts": [{ "partCode": "A", "startsOn": "2026-02-28" }],
    })
}

fn with(field: &str, value: Value) -> String {
    let mut body = valid();
    body[field] = value;
    body.to_string()
}

async fn refused(body: String, status: u16, pointer: &str, code: &str) {
    let answer = post(body.clone()).await;
    assert_eq!(answer.status, status, "{body} -> {}", answer.body);
    assert_eq!((answer.pointers(), answer.codes()), (vec![pointer], vec![code]), "{body}");
}

#[tokio::test]
async fn a_valid_body_reaches_the_handler() {
    let answer = post(valid().to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("location"), "/api/v1/things/x");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["fullName"], "Ada");
}

#[tokio::test]
async fn shape_errors_name_the_field() {
    refused(with("semester", json!("3")), 422, "/semester", "wrong-type").await;
    refused(with("semester", json!(300)), 422, "/semester", "invalid").await;
    refused(with("semester", json!(3.5)), 422, "/semester", "wrong-type").await;
    refused(with("fullname", json!("x")), 422, "/fullname", "unknown-field").await;
    refused(with("a/b~c", json!("x")), 422, "/a~1b~0c", "unknown-field").await;
    refused(with("shade", json!("green")), 422, "/shade", "not-allowed").await;
    refused(with("at", json!("24:00")), 422, "/at", "invalid").await;
    refused(with("at", json!("9:00")), 422, "/at", "invalid").await;
    refused(with("parent", json!("0193")), 422, "/parent", "invalid").await;
    refused(with("urgent", Value::Null), 422, "/urgent", "wrong-type").await;
    refused(with("parts", json!([{ "partCode": "A", "startsOn": "2026-02-30" }])), 422, "/parts/0/startsOn", "invalid").await;
    refused(with("parts", json!([{ "partCode": "A" }])), 422, "/parts/0/startsOn", "required").await;
    refused("[]".to_owned(), 422, "", "wrong-type").await;
    refused("null".to_owned(), 422, "", "wrong-type").await;
}

#[tokio::test]
async fn structs_are_objects_and_enums_are_strings() {
    let fields = json!(["Ada", null, null, 3, 0.5, "red", null, null, false, []]);
    refused(fields.to_string(), 422, "", "wrong-type").await;
    refused(with("parts", json!([["A", "2026-01-01"]])), 422, "/parts/0", "wrong-type").await;
    refused(with("shade", json!({ "red": null })), 422, "/shade", "wrong-type").await;
    refused(with("shade", json!(["red"])), 422, "/shade", "wrong-type").await;
    refused(with("parts", json!([{ "partCode": "A", "startsOn": ["2026-01-01"] }])), 422, "/parts/0/startsOn", "wrong-type")
        .await;
}

#[tokio::test]
async fn a_nullable_field_must_be_named() {
    let mut body = valid();
    body.as_object_mut().unwrap().remove("phone");
    refused(body.to_string(), 422, "/phone", "required").await;
}

#[tokio::test]
async fn constraints_are_reported_all_at_once_with_json_names() {
    let body = json!({
        "fullName": "", "note": "a\u{0}b", "phone": "0123456789012", "semester": 21, "weight": -1, "shade": "red",
        "urgent": true, "parts": [{ "partCode": "A", "startsOn": "2026-01-01" }, { "partCode": " A", "startsOn": "2026-01-01" }],
    });
    let answer = post(body.to_string()).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.slug(), "invalid-request");
    let mut found: Vec<_> = answer.pointers().into_iter().zip(answer.codes()).collect();
    found.sort_unstable();
    let expected = [
        ("/fullName", "too-short"),
        ("/fullName", "wrong-form"),
        ("/note", "wrong-form"),
        ("/parts/1/partCode", "wrong-form"),
        ("/phone", "too-long"),
        ("/semester", "too-large"),
        ("/weight", "too-small"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn lengths_count_characters() {
    assert_eq!(post(with("fullName", json!("😀".repeat(20)))).await.status, 201);
    refused(with("fullName", json!("😀".repeat(21))), 422, "/fullName", "too-long").await;
}

#[tokio::test]
async fn the_answer_never_repeats_what_was_sent() {
    for body in [with("semester", json!("hunter2")), with("shade", json!("hunter2")), with("at", json!("hunter2"))] {
        let answer = post(body).await;
        assert!(!answer.body.to_string().contains("hunter2"), "{}", answer.body);
    }
}

#[tokio::test]
async fn textual_oddities_are_refused() {
    let odd = |replacement: &str| valid().to_string().replace("\"weight\":0.5", replacement);
    let oddities = [
        odd("\"weight\":1e400"),
        odd("\"weight\":NaN"),
        odd("\"weight\":0.5,\"weight\":0.5"),
        odd("\"weight\":0.5,\"note\":\"\\ud800\""),
        odd("\"weight\":0.5,\"note\":\"\\udc00x\""),
        odd("\"weight\":0.5,\"note\":\"\\u0000\""),
        odd("\"weight\":0.5,\"\\ud800\":1"),
        odd("\"weight\":0.5,"),
        odd("\"weight\":.5"),
        odd("\"weight\":0.5,\"note\":\"tab\there\u{1}\""),
        valid().to_string().replace("\"semester\":3", "\"semester\":-0"),
        valid().to_string().replace("\"semester\":3", "\"semester\":3.0"),
        valid().to_string().replace("\"semester\":3", "\"semester\":99999999999999999999999999999999"),
        valid().to_string() + "x",
        valid().to_string() + &valid().to_string(),
        "[".repeat(100_000),
        format!("{{\"fullName\":{}", "[".repeat(100_000)),
        format!("{{\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)),
        String::new(),
        "\u{feff}{}".to_owned(),
    ];
    for body in oddities {
        let short: String = body.chars().take(200).collect();
        let answer = post(body).await;
        assert!(answer.status.is_client_error(), "{short} -> {}", answer.status);
        assert!(["malformed-json", "invalid-request"].contains(&answer.slug()), "{short}");
    }
    assert_eq!(post(vec![b'{', 0xff, b'}']).await.status, 400);
}

#[tokio::test]
async fn malformed_json_says_where() {
    let answer = post("{\n  \"fullName\": nope}").await;
    assert_eq!((answer.status.as_u16(), answer.slug()), (400, "malformed-json"));
    assert!(answer.body["detail"].as_str().unwrap().contains("line 2, column"), "{}", answer.body);
}

#[tokio::test]
async fn a_large_body_is_not_read() {
    let answer = post(with("note", json!("x".repeat(JSON_BODY_MAX_BYTES)))).await;
    assert_eq!((answer.status.as_u16(), answer.slug()), (413, "body-too-large"));
}

async fn typed(content_type: Option<&str>) -> Answer {
    let mut request = Request::post("/api/v1/things").header("idempotency-key", "12345678");
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    send(request.body(Body::from(valid().to_string())).unwrap()).await
}

#[tokio::test]
async fn only_json_is_taken() {
    for good in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
        assert_eq!(typed(Some(good)).await.status, 201, "{good}");
    }
    for bad in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/jsonx"] {
        let answer = typed(Some(bad)).await;
        assert_eq!((answer.status.as_u16(), answer.slug()), (415, "unsupported-media-type"), "{bad}");
    }
    assert_eq!(typed(None).await.status, 415);
}

#[tokio::test]
async fn an_optional_body_may_be_missing_but_not_wrong() {
    let uri = "/api/v1/things/01930000-0000-7000-8000-000000000001/days/2026-02-28";
    let ask = async |body: &'static str| {
        let request = Request::post(uri).header("content-type", "application/json").body(Body::from(body)).unwrap();
        send(request).await
    };
    assert_eq!(ask("").await.body, "2026-02-28 nothing");
    assert_eq!(ask(r#"{"partCode":"B","startsOn":"2026-01-01"}"#).await.body, "2026-02-28 B");
    assert_eq!(ask("{}").await.status, 422);
    let bare = send(Request::post(uri).body(Body::empty()).unwrap()).await;
    assert_eq!(bare.body, "2026-02-28 nothing");
    let untyped = send(Request::post(uri).body(Body::from("{}")).unwrap()).await;
    assert_eq!(untyped.status, 415);
}
