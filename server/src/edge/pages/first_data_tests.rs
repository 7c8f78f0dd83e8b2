#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::routing::get;

use super::*;

const ID: &str = "0198c0de-1234-7abc-8def-0123456789ab";

fn resolved(template: &str, query: &str) -> String {
    Template::parse(template).unwrap().resolve(ID, query)
}

#[test]
fn urls_are_resolved_as_the_front_end_does() {
    let courses = "/api/v1/courses?limit=50&{q,department,term,credits}";
    assert_eq!(resolved("/api/v1/me", "q=x"), "/api/v1/me");
    assert_eq!(resolved(courses, ""), "/api/v1/courses?limit=50");
    assert_eq!(resolved(courses, "term=t&q=a"), "/api/v1/courses?limit=50&q=a&term=t");
    assert_eq!(resolved(courses, "q=&term=t"), "/api/v1/courses?limit=50&term=t");
    assert_eq!(resolved("/api/v1/courses/{id}/sections?{term}", ""), format!("/api/v1/courses/{ID}/sections"));
    assert_eq!(resolved("/api/v1/courses/{id}/sections?{term}", "term=t"), format!("/api/v1/courses/{ID}/sections?term=t"));
    assert_eq!(resolved("/api/v1/courses?limit=50&department={id}", ""), format!("/api/v1/courses?limit=50&department={ID}"));
}

#[test]
fn copied_values_cannot_leave_their_place() {
    let one = |query: &str| resolved("/api/v1/c?{q}", query);
    assert_eq!(one("q=a%26admin%3D1%23"), "/api/v1/c?q=a%26admin%3D1%23");
    assert_eq!(one("q=a+b%20c"), "/api/v1/c?q=a%20b%20c");
    assert_eq!(one("q=!'()*~"), "/api/v1/c?q=%21%27%28%29%2A~");
    assert_eq!(one("q=%C3%A9&q=second"), "/api/v1/c?q=%C3%A9");
    assert_eq!(one("q=%zz%4"), "/api/v1/c?q=%25zz%254");
    assert_eq!(one("q=%ff"), "/api/v1/c?q=%EF%BF%BD");
    assert_eq!(one("%71=named"), "/api/v1/c?q=named");
    assert_eq!(one("x=q&other"), "/api/v1/c");
    assert_eq!(one(&format!("q={}", "é".repeat(200))).len(), "/api/v1/c?q=".len() + 1200);
    assert_eq!(one(&format!("q={}", "é".repeat(201))), "/api/v1/c");
}

#[test]
fn broken_templates_are_refused() {
    for bad in ["https://x/api/", "/other", "/api/{name}", "/api/x?{q", "/api/x?a={q}", "/api/x?{q;r}"] {
        assert!(Template::parse(bad).is_err(), "{bad}");
    }
}

fn request(url: &str) -> Option<Request<Body>> {
    Request::get(url).body(Body::empty()).ok()
}

fn json(text: &'static str) -> ([(&'static str, &'static str); 1], &'static str) {
    ([("content-type", "application/json")], text)
}

#[tokio::test]
async fn answers_are_spliced_as_they_are_and_what_is_missing_is_left_out() {
    let api = Router::new()
        .route("/api/a", get(async || json("{\"b\": \"</script><!--\u{2028}\u{2029}é\"}")))
        .route(
            "/api/late",
            get(async || {
                tokio::time::sleep(Duration::from_secs(10)).await;
                json("1")
            }),
        )
        .route("/api/refused", get(async || (StatusCode::FORBIDDEN, json("2"))))
        .route("/api/text", get(async || "3"))
        .route("/api/empty", get(async || json("")))
        .route("/api/z", get(async || json("[ 1.0 ]")));
    let urls = ["/api/a", "/api/late", "/api/refused", "/api/none", "/api/text", "/api/empty", "/api/z?q=1"];
    let started = tokio::time::Instant::now();
    let block = gather(&api, urls.map(str::to_owned).to_vec(), request).await.concat();
    assert!((DEADLINE..Duration::from_secs(5)).contains(&started.elapsed()));
    let expected = "<script type=\"application/json\" id=\"first-data\">\
        {\"/api/a\":{\"b\": \"\\u003c/script>\\u003c!--\\u2028\\u2029é\"},\"/api/z?q=1\":[ 1.0 ]}</script>";
    assert_eq!(std::str::from_utf8(&block).unwrap(), expected);
    assert!(gather(&api, vec!["/api/late".to_owned()], request).await.is_empty());
}

#[tokio::test]
async fn the_gets_run_at_once() {
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(3));
    let api = Router::new().route(
        "/api/{name}",
        get(async move || {
            barrier.wait().await;
            json("0")
        }),
    );
    let urls = ["/api/a", "/api/b", "/api/c"].map(str::to_owned).to_vec();
    let block = gather(&api, urls, request).await.concat();
    assert_eq!(block.iter().filter(|byte| **byte == b':').count(), 3);
}

#[tokio::test]
async fn an_answer_that_is_too_large_travels_on_its_own() {
    let api = Router::new().route(
        "/api/big",
        get(async || ([("content-type", "application/json")], format!("\"{}\"", "x".repeat(ANSWER_MAX_BYTES)))),
    );
    assert!(gather(&api, vec!["/api/big".to_owned()], request).await.is_empty());
}
