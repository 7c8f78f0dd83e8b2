use super::get;
use crate::api::Cursor;

async fn refused(query: &str, status: u16, slug: &str) -> super::Answer {
    let answer = get(&format!("/api/v1/things?{query}")).await;
    assert_eq!((answer.status.as_u16(), answer.slug()), (status, slug), "{query}: {}", answer.body);
    answer
}

#[tokio::test]
async fn parameters_are_read() {
    let answer = get("/api/v1/things?q=a%20b+%C3%A9&shade=light-blue&limit=2&parent=01930000-0000-7000-8000-000000000001").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["items"][0]["fullName"], "a b é0");
    assert_eq!(answer.body["items"].as_array().unwrap().len(), 2);
    let next = answer.body["next"].as_str().unwrap();
    assert_eq!(get(&format!("/api/v1/things?cursor={next}")).await.status, 200);
    assert_eq!(get("/api/v1/things").await.body["items"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn wrong_parameters_are_named() {
    for (query, pointer, code) in [
        ("limit=0", "/query/limit", "invalid"),
        ("limit=201", "/query/limit", "invalid"),
        ("limit=x", "/query/limit", "wrong-type"),
        ("limit=007", "/query/limit", "wrong-type"),
        ("limit=-1", "/query/limit", "wrong-type"),
        ("limit=", "/query/limit", "wrong-type"),
        ("shade=green", "/query/shade", "not-allowed"),
        ("parent=not-an-id", "/query/parent", "invalid"),
        ("parent=01930000-0000-4000-8000-000000000001", "/query/parent", "invalid"),
        ("nope=1", "/query/nope", "unknown-field"),
        ("q=a&q=b", "/query/q", "duplicate-field"),
        ("q=%00", "/query/q", "wrong-form"),
        ("q=123456789012345678901", "/query/q", "too-long"),
    ] {
        let answer = refused(query, 422, "invalid-request").await;
        assert_eq!((answer.pointers(), answer.codes()), (vec![pointer], vec![code]), "{query}");
    }
}

#[tokio::test]
async fn unreadable_query_strings_are_refused() {
    for query in ["q=%", "q=%4", "q=%zz", "q=%ff", "%ff=1", "q=%ed%a0%80"] {
        refused(query, 400, "malformed-query").await;
    }
    refused(&format!("q={}", "x".repeat(5000)), 400, "malformed-query").await;
}

#[tokio::test]
async fn bad_cursors_are_refused() {
    let other = Cursor(("only one part",)).encode();
    let nul = Cursor(("a\0b", uuid::Uuid::nil())).encode();
    for cursor in ["x", "", "AAAA", "%20", "////", &other, &nul, &"A".repeat(3000)] {
        refused(&format!("cursor={cursor}"), 400, "invalid-cursor").await;
    }
}
