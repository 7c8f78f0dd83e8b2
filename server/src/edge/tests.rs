//! The whole edge in one process, with a gate and an API that are easy to read.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Json;
use axum::routing::{get, post};
use futures_util::future::BoxFuture;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use super::access::{Identity, Presented, Renewal, Role, Signed};
use super::pages::{SENTINEL, fixture};
use super::*;

const ID: &str = "0198c0de-1234-7abc-8def-0123456789ab";

/// Believes the cookie `as=<role>`; `refresh=good|bad|away` can be renewed to a student, not at all, or not now.
#[derive(Default)]
pub struct PlainGate {
    pub renewals: AtomicUsize,
}

#[derive(Clone)]
struct Person(Role);

fn signed(role: Role) -> Signed {
    let mut extensions = http::Extensions::new();
    extensions.insert(Person(role));
    Signed { role, actor: Uuid::nil(), tenant: "demo".into(), extensions }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get(COOKIE)?.to_str().ok()?;
    all.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

impl Gate for PlainGate {
    fn identify<'a>(&'a self, _: &'a str, headers: &'a HeaderMap) -> BoxFuture<'a, Presented> {
        let identity = match cookie(headers, "as") {
            None => Identity::Anonymous,
            Some("expired") => Identity::Expired,
            Some(role) => Role::parse(role).map_or(Identity::Invalid, |role| Identity::Valid(signed(role))),
        };
        let has_refresh = cookie(headers, "refresh").is_some();
        Box::pin(async move { Presented { identity, has_refresh } })
    }

    fn renew<'a>(&'a self, _: &'a str, headers: &'a HeaderMap) -> BoxFuture<'a, Renewal> {
        self.renewals.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            match cookie(headers, "refresh") {
                Some("good") => Renewal::Renewed {
                    signed: signed(Role::Student),
                    set_cookies: vec![HeaderValue::from_static("as=student"), HeaderValue::from_static("refresh=next")],
                },
                Some("away") => Renewal::Unavailable,
                _ => Renewal::Refused { set_cookies: vec![HeaderValue::from_static("refresh=; Max-Age=0")] },
            }
        })
    }
}

async fn me(request: Request<Body>) -> Json<Value> {
    let person = request.extensions().get::<Person>().map(|person| person.0.as_str());
    let arrival = request.extensions().get::<Arrival>().unwrap();
    Json(json!({"role": person, "host": arrival.host(), "cookie": request.headers().contains_key(COOKIE)}))
}

pub fn api() -> Router {
    Router::new()
        .route("/api/v1/me", get(me))
        .route("/api/v1/institution", get(async || Json(json!({"name": "Demo"}))))
        .route("/api/v1/courses", get(async |request: Request<Body>| Json(json!({"query": request.uri().query()}))))
        .route("/api/v1/courses/{id}", get(async |axum::extract::Path(id): axum::extract::Path<String>| Json(json!({"id": id}))))
        .route("/api/v1/slow", get(async || tokio::time::sleep(Duration::from_millis(400)).await))
        .route("/api/v1/panic", get(async || -> String { panic!("on purpose") }))
        .route("/api/v1/echo", post(async |body: bytes::Bytes| body))
}

pub struct Campus {
    pub edge: Edge,
    pub gate: Arc<PlainGate>,
    _folders: (tempfile::TempDir, tempfile::TempDir),
}

pub fn campus(limits: Limits) -> Campus {
    campus_with(limits, None)
}

/// With a page server, nothing is prerendered: development.
pub fn campus_with(limits: Limits, proxy: Option<Proxy>) -> Campus {
    let prerendered = proxy.is_none();
    campus_of(limits, proxy, prerendered)
}

pub fn campus_of(limits: Limits, proxy: Option<Proxy>, prerendered: bool) -> Campus {
    let (web, data) = (fixture::web(), tempfile::tempdir().unwrap());
    let pages = PageSet::load(web.path()).unwrap();
    let assets = Assets::load(web.path(), pages.build_id(), data.path()).unwrap();
    let gate = Arc::new(PlainGate::default());
    let edge = Edge::new(Parts {
        pages: prerendered.then_some(pages),
        assets,
        api: api(),
        gate: Arc::clone(&gate) as Arc<dyn Gate>,
        tenant_of: Box::new(|host| (host == "demo.localhost").then(|| "demo".into())),
        brand_of: Box::new(|_| Box::pin(async { Some(Brand::new(":root{--accent-hue:1}".to_owned(), "<svg/>".to_owned())) })),
        local_host: "demo.localhost",
        operations: Operations {
            ready: Box::new(|| Box::pin(async { true })),
            metrics: Box::new(|| "pec_up 1\n".to_owned()),
            metrics_token: Some("let-me-in".to_owned()),
            reports: Default::default(),
        },
        proxy,
        proxies: Proxies::default(),
        limits,
    });
    Campus { edge, gate, _folders: (web, data) }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    fn first_data(&self) -> Value {
        let (_, rest) = self.text.split_once("id=\"first-data\">").unwrap();
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
    }
}

impl Campus {
    async fn ask(&self, request: http::request::Builder, body: Body) -> Answer {
        let response = self.edge.handle(request.body(body).unwrap(), ([192, 0, 2, 1], 9).into(), true).await;
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        for name in ["x-request-id", "x-content-type-options", "content-security-policy", "cache-control", "referrer-policy"] {
            assert!(parts.headers.contains_key(name), "{name} is missing");
        }
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(HOST, "demo.localhost:7200");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request, Body::empty()).await
    }
}

#[tokio::test]
async fn without_a_good_token_no_byte_of_a_protected_page_leaves() {
    let campus = campus(Limits::default());
    let course = format!("/en/courses/{ID}");
    for path in ["/en/student", "/en/admin", "/en/courses", "/en/users", &course] {
        for cookie in ["", "as=forged", "as=expired", "as=expired; refresh=bad"] {
            for variant in [vec![], vec![("rsc", "1")]] {
                let mut headers = variant.clone();
                headers.push(("cookie", cookie));
                let answer = campus.get(path, &headers).await;
                assert_eq!((answer.status, answer.text.as_str()), (StatusCode::SEE_OTHER, ""), "{path} {cookie}");
                assert!(answer.location().starts_with("/en/sign-in?next=%2Fen%2F"), "{}", answer.location());
            }
            let prefetch =
                [("rsc", "1"), ("next-router-prefetch", "1"), ("next-router-segment-prefetch", "/_tree"), ("cookie", cookie)];
            let answer = campus.get(path, &prefetch).await;
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::UNAUTHORIZED, ""), "{path} {cookie}");
        }
    }
}

#[tokio::test]
async fn the_first_data_of_a_page_is_its_callers_own() {
    let campus = campus(Limits::default());
    let answer = campus.get("/en/courses?q=a%20b&tab=x&cookie=1", &[("cookie", "as=student")]).await;
    assert_eq!((answer.status, &answer.headers[CACHE_CONTROL]), (StatusCode::OK, &HeaderValue::from_static("private, no-store")));
    let expected = json!({
        "/api/v1/me": {"role": "student", "host": "demo.localhost", "cookie": false},
        "/api/v1/courses?limit=50&q=a%20b": {"query": "limit=50&q=a%20b"},
    });
    assert_eq!(answer.first_data(), expected);
    assert!(answer.text.ends_with("</script></body></html>") && !answer.text.contains("tab"));
    assert!(answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("script-src 'self' 'sha256-"));

    let answer = campus.get(&format!("/en/courses/{ID}"), &[("cookie", "as=admin")]).await;
    assert_eq!(answer.first_data()[format!("/api/v1/courses/{ID}")]["id"], ID);
    assert!(!answer.text.contains(SENTINEL));
    let answer = campus.get("/en/courses", &[("cookie", "as=admin"), ("rsc", "1")]).await;
    assert!(answer.text.starts_with("0:{"), "{}", answer.text);
}

#[tokio::test]
async fn a_refresh_token_renews_in_passing_but_never_for_a_prefetch() {
    let campus = campus(Limits::default());
    let renewable = ("cookie", "as=expired; refresh=good");
    let answer = campus.get("/en/student", &[renewable]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers.get_all(SET_COOKIE).iter().count(), 2);
    assert_eq!(answer.first_data()["/api/v1/me"]["role"], "student");
    assert_eq!(campus.gate.renewals.swap(0, Ordering::Relaxed), 1);
    for prefetch in [("next-router-prefetch", "1"), ("sec-purpose", "prefetch;prerender")] {
        let answer = campus.get("/en/student", &[renewable, ("rsc", "1"), prefetch]).await;
        assert_eq!((answer.status, answer.headers.contains_key(SET_COOKIE)), (StatusCode::UNAUTHORIZED, false));
    }
    assert_eq!(campus.gate.renewals.load(Ordering::Relaxed), 0);
    let answer = campus.get("/en/student", &[("cookie", "refresh=bad")]).await;
    assert_eq!(
        (answer.status, &answer.headers[SET_COOKIE]),
        (StatusCode::SEE_OTHER, &HeaderValue::from_static("refresh=; Max-Age=0"))
    );
    let answer = campus.get("/en/student", &[("cookie", "refresh=away")]).await;
    assert_eq!((answer.status, answer.headers.contains_key(SET_COOKIE)), (StatusCode::SERVICE_UNAVAILABLE, false));
}

#[tokio::test]
async fn everybody_is_led_to_where_they_belong() {
    let campus = campus(Limits::default());
    for (path, cookie, expected) in [
        ("/", "", "/en/sign-in"),
        ("/en", "", "/en/sign-in"),
        ("/", "as=admin", "/en/admin"),
        ("/en", "refresh=good", "/en/student"),
        ("/en/sign-in", "as=student", "/en/student"),
        ("/en/sign-in?next=%2Fen%2Fcourses", "refresh=good", "/en/student"),
        ("/en/admin", "as=student", "/en/student"),
        ("/en/student", "as=admin", "/en/admin"),
        ("/en/users", "as=faculty", "/en/faculty"),
        ("/en/courses?q=a&b", "", "/en/sign-in?next=%2Fen%2Fcourses%3Fq%3Da%26b"),
    ] {
        let answer = campus.get(path, &[("cookie", cookie)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, expected), "{path} {cookie}");
    }
    let answer = campus.get("/en/sign-in", &[("cookie", "refresh=bad")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.first_data()["/api/v1/institution"]["name"], "Demo");
    for bare in ["localhost:7200", "127.0.0.1:7200"] {
        let answer = campus.get("/en/courses?q=1", &[("host", bare)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "https://demo.localhost:7200/en/courses?q=1"));
    }
    // HTTP/2 brings the whole address.
    let whole = Request::get("https://localhost:7200/en/courses?q=1");
    assert_eq!(campus.ask(whole, Body::empty()).await.location(), "https://demo.localhost:7200/en/courses?q=1");
    assert_eq!(campus.get("/en/sign-in", &[("host", "other.example")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_arrival_from_another_site_is_bounced_once() {
    let campus = campus(Limits::default());
    let cross = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    for path in ["/", "/en/courses?q=%22'x", "/en/sign-in"] {
        let answer = campus.get(path, &cross).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text.contains("http-equiv=\"refresh\"") && !answer.text.contains("Course"), "{}", answer.text);
    }
    let again = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(campus.get("/en/courses", &again).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn odd_addresses_and_methods_get_plain_answers() {
    let campus = campus(Limits::default());
    let admin = ("cookie", "as=admin");
    let answer = campus.get("/en/courses/?q=1", &[admin]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::PERMANENT_REDIRECT, "/en/courses?q=1"));
    let answer = campus.get("/en/?q=1", &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::PERMANENT_REDIRECT, "/en?q=1"));
    for path in [
        "//evil.example/",
        "//en/courses/",
        "/en/nothing/",
        "/en/%2e%2e/courses",
        "/en/courses/x",
        "/.secret",
        "/_next/static/x.js",
    ] {
        let answer = campus.get(path, &[admin]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::NOT_FOUND, ""), "{path}");
    }
    for path in ["/en/courses", "/_next/static/chunks/main-abc.js", "/robots.txt", "/metrics"] {
        let answer = campus.ask(Request::post(path).header(HOST, "demo.localhost"), Body::empty()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let whole = campus.get("/en/courses", &[admin, ("rsc", "1")]).await;
    let head = Request::head("/en/courses").header(HOST, "demo.localhost").header(COOKIE, "as=admin").header("rsc", "1");
    let head = campus.ask(head, Body::empty()).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
    assert_eq!(head.headers[CONTENT_LENGTH], whole.text.len().to_string());
    assert_eq!(campus.get("/", &[("host", "a b")]).await.status, StatusCode::BAD_REQUEST);
    let api = campus.get("/api/v1/me", &[("host", "a b")]).await;
    assert_eq!((api.status, api.headers[CONTENT_TYPE].as_bytes()), (StatusCode::BAD_REQUEST, &b"application/problem+json"[..]));
}

#[tokio::test]
async fn the_api_is_bounded() {
    let limits =
        Limits { body_bytes: 10, upload_bytes: 20, total: Duration::from_millis(200), api_in_flight: 1, ..Limits::default() };
    let campus = campus(limits);
    let problem = |answer: &Answer| serde_json::from_str::<Value>(&answer.text).unwrap()["type"].as_str().unwrap().to_owned();
    let slow = campus.get("/api/v1/slow", &[]);
    let meanwhile = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let refused = campus.get("/api/v1/institution", &[]).await;
        let page = campus.get("/en/courses", &[("cookie", "as=student")]).await;
        (refused, page)
    };
    let (slow, (refused, page)) = tokio::join!(slow, meanwhile);
    assert_eq!((slow.status, problem(&slow)), (StatusCode::GATEWAY_TIMEOUT, "/problems/timeout".to_owned()));
    assert_eq!((refused.status, problem(&refused)), (StatusCode::SERVICE_UNAVAILABLE, "/problems/busy".to_owned()));
    assert_eq!(refused.headers["retry-after"], "1");
    assert!(page.status == StatusCode::OK && !page.text.contains("first-data"), "an overloaded API costs the data, not the page");

    let post = |len: usize| Request::post("/api/v1/echo").header(HOST, "demo.localhost").header(CONTENT_LENGTH, len);
    assert_eq!(campus.ask(post(10), Body::from("x".repeat(10))).await.status, StatusCode::OK);
    let large = campus.ask(post(11), Body::from("x".repeat(11))).await;
    assert_eq!((large.status, problem(&large)), (StatusCode::PAYLOAD_TOO_LARGE, "/problems/body-too-large".to_owned()));
    let unannounced = Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("x".repeat(11))]));
    let unannounced = campus.ask(Request::post("/api/v1/echo").header(HOST, "demo.localhost"), unannounced).await;
    assert_eq!(unannounced.status, StatusCode::PAYLOAD_TOO_LARGE);
    let upload = post(15).header(CONTENT_TYPE, "multipart/form-data; boundary=x");
    assert_eq!(campus.ask(upload, Body::from("x".repeat(15))).await.status, StatusCode::OK);
    let never = Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
    let never = campus.ask(Request::post("/api/v1/echo").header(HOST, "demo.localhost"), never).await;
    assert_eq!((never.status, problem(&never)), (StatusCode::REQUEST_TIMEOUT, "/problems/request-timeout".to_owned()));
    let panicked = campus.get("/api/v1/panic", &[]).await;
    assert_eq!((panicked.status, problem(&panicked)), (StatusCode::INTERNAL_SERVER_ERROR, "/problems/internal".to_owned()));
    let id = panicked.headers["x-request-id"].to_str().unwrap();
    assert!(panicked.text.contains(id) && !panicked.text.contains("on purpose"), "{}", panicked.text);
}

#[tokio::test]
async fn operations_answer_whom_they_should() {
    let campus = campus(Limits::default());
    assert_eq!(campus.get("/healthz", &[]).await.text, "ok\n");
    assert_eq!(campus.get("/readyz", &[]).await.status, StatusCode::OK);
    assert_eq!(campus.get("/metrics", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(campus.get("/metrics", &[("authorization", "Bearer wrong")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(campus.get("/metrics", &[("authorization", "Bearer let-me-in")]).await.text, "pec_up 1\n");
    for (forwarded, expected) in [(None, StatusCode::OK), (Some("203.0.113.5"), StatusCode::NOT_FOUND)] {
        let mut request = Request::get("/metrics").header(HOST, "localhost");
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let response = campus.edge.handle(request.body(Body::empty()).unwrap(), ([127, 0, 0, 1], 9).into(), true).await;
        assert_eq!(response.status(), expected, "{forwarded:?}");
    }
    let report = Request::post("/csp-report").header(HOST, "demo.localhost");
    let answer = campus.ask(report, Body::from("{\"csp-report\":{\"violated-directive\":\"script-src\"}}")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let flood = Request::post("/csp-report").header(HOST, "demo.localhost");
    assert_eq!(campus.ask(flood, Body::from(vec![b'x'; 17 * 1024])).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn accent_and_logo_are_the_institutions_own_and_asked_for_once() {
    let campus = campus(Limits::default());
    for (path, kind, text) in [
        ("/brand.css", "text/css; charset=utf-8", ":root{--accent-hue:1}"),
        ("/brand/logo", "image/svg+xml", "<svg/>"),
        ("/favicon.ico", "image/svg+xml", "<svg/>"),
    ] {
        let answer = campus.get(path, &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, text));
        assert_eq!(
            (&answer.headers[CONTENT_TYPE], &answer.headers[CACHE_CONTROL]),
            (&kind.parse().unwrap(), &"private, max-age=300".parse().unwrap())
        );
        assert!(answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
        let tag = answer.headers["etag"].to_str().unwrap();
        let again = campus.get(path, &[("if-none-match", tag)]).await;
        assert_eq!(
            (again.status, again.text.as_str(), &again.headers["etag"]),
            (StatusCode::NOT_MODIFIED, "", &answer.headers["etag"])
        );
        assert_eq!(campus.get(path, &[("if-none-match", "\"other\"")]).await.status, StatusCode::OK);
    }
}
