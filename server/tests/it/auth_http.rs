//! Sign-in over HTTP: what the token check refuses, how tokens travel, and what other sites may not do.

use std::{num::NonZeroUsize, sync::Arc};

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use pec::{
    api::{Access, OpInfo},
    app::App,
    auth::{self, AuthMethod, Claims, Cost, HashPool, Hasher, Keyring, Pepper, Peppers, PoolSize, RefreshToken, cookies},
    db::{
        Actor, Clock, Registry, RegistryOptions, Role, TenantDb,
        ids::{SessionId, TenantId, UserId},
    },
    edge::{Proxies, request::arrive},
    routes,
};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tower::ServiceExt;
use uuid::Uuid;

use super::support::{DATA, database_url, owner, run, tenant};

pub const PASSWORD: &str = "correct horse battery";
const SECRET: [u8; 32] = [9; 32];

/// One node with an institution of its own.
pub struct Node {
    app: App,
    router: Router,
    pub operations: Vec<Arc<OpInfo>>,
    pub db: TenantDb,
    host: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    /// The id of the request, as logs and audit rows name it.
    pub request: Uuid,
}

impl Answer {
    fn slug(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/")
    }

    /// What a browser would send back.
    fn cookies(&self) -> String {
        let pairs = self.headers.get_all(header::SET_COOKIE).iter();
        pairs.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
    }
}

impl Node {
    pub async fn new() -> Self {
        Self::at(format!("{}.localhost", tenant().await.slug())).await
    }

    /// Another node for the same institution: what they share is the database.
    pub async fn beside(&self) -> Self {
        Self::at(self.host.clone()).await
    }

    async fn at(host: String) -> Self {
        let options = RegistryOptions {
            database_url: database_url(),
            root_key: DATA.join("root.key"),
            key_dir: DATA.join("keys"),
            clock: Clock::system(),
            connections: 100,
        };
        let registry = Registry::open(options).await.unwrap();
        let db = registry.by_host(&host).unwrap();
        let pepper = Pepper { id: *b"test", secret: zeroize::Zeroizing::new([7; 32]) };
        let cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };
        let hasher = Hasher::new(Peppers { current: pepper, previous: Vec::new() }, cost).unwrap();
        let size = PoolSize { threads: NonZeroUsize::MIN, queue: 3 };
        let keyring = Keyring::new(("k1", &SECRET), &[]).unwrap();
        let app = App::new(registry, keyring, HashPool::start(hasher, size).unwrap());
        let assembled = routes::assemble(routes::all(), &app);
        Node { router: assembled.router.with_state(app.clone()), operations: assembled.operations, app, db, host }
    }

    pub async fn member(&self, name: &str, roles: &[&str]) -> UserId {
        let id = UserId::new();
        let mut statements = vec![format!(
            "insert into app_user (id, email, name, sort_name) values ('{id}', '{name}@demo.edu', '{name}', '{name}')"
        )];
        statements.extend(roles.iter().map(|role| format!("insert into user_role (user_id, role) values ('{id}', '{role}')")));
        for statement in statements {
            #[expect(clippy::disallowed_methods, reason = "arranges what no action does")]
            sqlx::query(AssertSqlSafe(statement)).execute(&mut owner(&self.db).await).await.unwrap();
        }
        let link = auth::issue_link(&self.db, &Actor::system("test"), id).await.unwrap();
        let body = json!({ "token": *link.reveal(), "password": PASSWORD });
        assert_eq!(self.post("/auth/set-password", &[], body).await.status, StatusCode::NO_CONTENT);
        id
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let (id, response) = self.respond(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, body, request: id }
    }

    /// An answer whose body nobody has read yet.
    pub async fn respond(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (Uuid, Response<Body>) {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, format!("{}:7443", self.host));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body.into()).unwrap();
        let peer = "127.0.0.1:50000".parse().unwrap();
        let id = Uuid::now_v7();
        let arrival = arrive(&mut request, id, peer, &Proxies::new([])).unwrap();
        request.extensions_mut().insert(arrival);
        (id, self.router.clone().oneshot(request).await.unwrap())
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.send(Method::POST, &format!("/api/v1{path}"), &all, bytes).await
    }

    pub async fn sign_in(&self, name: &str, headers: &[(&str, &str)]) -> Answer {
        self.post("/auth/sign-in", headers, json!({ "email": format!("{name}@demo.edu"), "password": PASSWORD })).await
    }

    /// The status of a harmless operation that needs a token.
    async fn probe(&self, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, "/api/v1/departments", headers, Vec::new()).await
    }

    fn claims(&self) -> Claims {
        let now = self.app.clock().now().timestamp();
        Claims {
            user: UserId::new(),
            tenant: self.db.id(),
            role: Role::Admin,
            roles: [Role::Admin].into_iter().collect(),
            session: SessionId::new(),
            auth_time: now,
            methods: vec![AuthMethod::Password],
            epoch: 1,
            issued_at: now,
            expires_at: now + auth::ACCESS_TTL_S,
        }
    }
}

/// As a page of the institution sends it.
const OWN_PAGE: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("x-pec-request", "1")];

/// Tokens someone could try, each with what is wrong with it.
fn attacks(node: &Node) -> Vec<(&'static str, String)> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
    let good = node.claims();
    let keyring = Keyring::new(("k1", &SECRET), &[]).unwrap();
    let issuer = node.app.issuer().to_owned();
    let issue = |claims: &Claims| keyring.issue(claims, &issuer, auth::AUDIENCE);
    let token = issue(&good);
    let [_, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
    let with_header = |header: &str| {
        let message = format!("{}.{payload}", B64.encode(header));
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &SECRET);
        format!("{message}.{}", B64.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes())))
    };
    let foreign = |algorithm| {
        let mut header = jsonwebtoken::Header::new(algorithm);
        header.typ = Some("at+jwt".into());
        header.kid = Some("k1".into());
        let claims: Value = serde_json::from_slice(&B64.decode(payload).unwrap()).unwrap();
        jsonwebtoken::encode(&header, &claims, &jsonwebtoken::EncodingKey::from_secret(&SECRET)).unwrap()
    };
    let past = Claims { issued_at: good.issued_at - 400, expires_at: good.expires_at - 400, auth_time: 0, ..good.clone() };
    let elsewhere = Claims { tenant: TenantId::new(), ..good.clone() };
    vec![
        ("none", format!("{}.{payload}.", B64.encode(r#"{"alg":"none","typ":"at+jwt"}"#))),
        ("none, signed", with_header(r#"{"alg":"none","kid":"k1","typ":"at+jwt"}"#)),
        ("HS512", foreign(jsonwebtoken::Algorithm::HS512)),
        ("RS256", with_header(r#"{"alg":"RS256","kid":"k1","typ":"at+jwt"}"#)),
        ("wrong kid", with_header(r#"{"alg":"HS256","kid":"k9","typ":"at+jwt"}"#)),
        ("wrong typ", with_header(r#"{"alg":"HS256","kid":"k1","typ":"JWT"}"#)),
        ("jwk", with_header(r#"{"alg":"HS256","jwk":{"kty":"oct","k":"CQkJ"},"kid":"k1","typ":"at+jwt"}"#)),
        ("wrong key", Keyring::new(("k1", &[1; 32]), &[]).unwrap().issue(&good, &issuer, auth::AUDIENCE)),
        ("wrong iss", keyring.issue(&good, "pec:00000000", auth::AUDIENCE)),
        ("wrong aud", keyring.issue(&good, &issuer, "other")),
        ("wrong tenant", issue(&elsewhere)),
        ("expired", issue(&past)),
        ("no signature", format!("{}.{payload}", token.split('.').next().unwrap())),
        ("changed payload", format!("{}.{}A.{signature}", token.split('.').next().unwrap(), payload)),
        ("refresh as access", RefreshToken::generate().reveal().to_string()),
        ("empty", " ".into()),
        ("long", "a".repeat(4000)),
    ]
}

#[test]
fn bad_tokens_are_refused_by_every_operation_before_any_handler_or_sql() {
    run(async {
        let node = Node::new().await;
        // Whatever asked the database now would answer 503 instead of 401.
        node.db.close().await;
        let nonsense = b"{not json".to_vec();
        let mut tried = 0;
        for op in node.operations.iter().filter(|op| op.access != Access::Public) {
            let path = op.path.replace("{id}", "not-an-id");
            for (what, token) in attacks(&node) {
                let bearer = format!("Bearer {token}");
                let cookie = format!("{}={token}", cookies::ACCESS);
                for headers in
                    [vec![("authorization", bearer.as_str())], vec![("cookie", cookie.as_str()), OWN_PAGE[0], OWN_PAGE[1]]]
                {
                    let answer = node.send(op.method.clone(), &path, &headers, nonsense.clone()).await;
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what} at {} {path}: {}", op.method, answer.body);
                    let expected = if what == "expired" { "token-expired" } else { "unauthenticated" };
                    assert_eq!(answer.slug(), expected, "{what}");
                    tried += 1;
                }
            }
            let answer = node.send(op.method.clone(), &path, &[], nonsense.clone()).await;
            assert_eq!((answer.status, answer.slug()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
        }
        assert!(tried >= 300, "{tried}");
        // The same request with a good token does reach for the database: the pool is really closed.
        let good = Keyring::new(("k1", &SECRET), &[]).unwrap().issue(&node.claims(), node.app.issuer(), auth::AUDIENCE);
        let answer = node.probe(&[("authorization", &format!("Bearer {good}"))]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    });
}

#[test]
fn no_other_operation_is_public() {
    run(async {
        let node = Node::new().await;
        let mut public = node.operations.iter().filter(|op| op.access == Access::Public).map(|op| op.path.as_str());
        let expected = ["/api/v1/auth/refresh", "/api/v1/auth/set-password", "/api/v1/auth/sign-in", "/api/v1/institution"];
        assert_eq!(public.find(|path| !expected.contains(path)), None);
    });
}

#[test]
fn a_browser_gets_cookies_and_no_token_in_a_body() {
    run(async {
        let node = Node::new().await;
        node.member("ada", &["student", "faculty"]).await;
        let mut asks_for_both = OWN_PAGE.to_vec();
        let answer = node.sign_in("ada", &OWN_PAGE).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            assert!(text.starts_with("__Host-pec_") && text.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"), "{text}");
        }
        assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().count(), 2);
        assert_eq!(answer.body["role"], "faculty");
        assert_eq!(answer.body["roles"], json!(["faculty", "student"]));
        let jar = answer.cookies();
        assert_eq!(node.probe(&[("cookie", &jar)]).await.status, StatusCode::OK);
        // A script in a page can ask for its tokens: it doesn't get them out of the cookies.
        asks_for_both.extend([("cookie", jar.as_str()), ("accept-tokens", "body")]);
        let renewed = node.post("/auth/refresh", &asks_for_both, Value::Null).await;
        assert_eq!(renewed.status, StatusCode::OK);
        let switched = node.post("/auth/switch-role", &asks_for_both, json!({ "role": "student" })).await;
        assert_eq!((switched.status, &switched.body["role"]), (StatusCode::OK, &json!("student")));
        for answer in [&answer, &renewed, &switched] {
            assert!(answer.body.get("accessToken").is_none() && answer.body.get("refreshToken").is_none());
        }
        let set: Vec<&str> = switched.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
        assert!(set.len() == 1 && set[0].starts_with(cookies::ACCESS));
        // Someone who has no such role gets none.
        let refused = node.post("/auth/switch-role", &asks_for_both, json!({ "role": "admin" })).await;
        assert_eq!((refused.status, refused.slug()), (StatusCode::FORBIDDEN, "forbidden"));
    });
}

#[test]
fn an_api_client_gets_its_tokens_in_the_body_and_no_cookies() {
    run(async {
        let node = Node::new().await;
        node.member("ada", &["student"]).await;
        let answer = node.sign_in("ada", &[("accept-tokens", "body")]).await;
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        let refresh = answer.body["refreshToken"].as_str().unwrap().to_owned();
        let renewed = node.post("/auth/refresh", &[], json!({ "refreshToken": refresh })).await;
        assert_eq!(renewed.status, StatusCode::OK);
        assert!(renewed.headers.get(header::SET_COOKIE).is_none());
        assert_ne!(renewed.body["refreshToken"], refresh.as_str());
        let bearer = format!("Bearer {}", renewed.body["accessToken"].as_str().unwrap());
        assert_eq!(node.probe(&[("authorization", &bearer)]).await.status, StatusCode::OK);
        // Mutations need no page: a browser adds no such header by itself.
        let out = node.post("/auth/sign-out", &[("authorization", &bearer)], Value::Null).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        let after = node.probe(&[("authorization", &bearer)]).await;
        assert_eq!((after.status, after.slug()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
        let again = node.post("/auth/refresh", &[], json!({ "refreshToken": renewed.body["refreshToken"] })).await;
        assert_eq!((again.status, again.slug()), (StatusCode::UNAUTHORIZED, "unauthenticated"));
    });
}

#[test]
fn other_sites_can_neither_act_nor_sign_anyone_in() {
    run(async {
        let node = Node::new().await;
        node.member("ada", &["student"]).await;
        let jar = node.sign_in("ada", &OWN_PAGE).await.cookies();
        let own = format!("https://{}:7443", node.host);
        let (mark, cookie) = (("x-pec-request", "1"), ("cookie", jar.as_str()));
        let refused: [&[(&str, &str)]; 8] = [
            &[cookie],
            &[cookie, mark],
            &[cookie, ("sec-fetch-site", "same-origin")],
            &[cookie, mark, ("sec-fetch-site", "cross-site")],
            &[cookie, mark, ("sec-fetch-site", "same-site")],
            &[cookie, mark, ("origin", "https://evil.test")],
            &[cookie, mark, ("origin", "null")],
            &[cookie, mark, ("sec-fetch-site", "cross-site"), ("origin", &own)],
        ];
        for headers in refused {
            for path in ["/auth/sign-out", "/auth/sign-out-everywhere", "/auth/switch-role", "/auth/refresh"] {
                let answer = node.post(path, headers, Value::Null).await;
                assert_eq!((answer.status, answer.slug()), (StatusCode::FORBIDDEN, "cross-site"), "{path} {headers:?}");
                assert!(answer.headers.get(header::SET_COOKIE).is_none());
            }
        }
        // Without cookies there is nothing to steal, but a victim could be signed in as someone else.
        for headers in
            [&[("origin", "https://evil.test")][..], &[("sec-fetch-site", "cross-site"), mark], &[("origin", own.as_str())]]
        {
            let answer = node.sign_in("ada", headers).await;
            assert_eq!((answer.status, answer.slug()), (StatusCode::FORBIDDEN, "cross-site"), "{headers:?}");
        }
        // Nothing above ended the session, and the institution's own pages may.
        assert_eq!(node.probe(&[cookie]).await.status, StatusCode::OK);
        let out = node.post("/auth/sign-out", &[cookie, mark, ("origin", &own)], Value::Null).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        assert_eq!(out.cookies(), format!("{}=; {}=", cookies::ACCESS, cookies::REFRESH));
        assert_eq!(node.probe(&[cookie]).await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn two_kinds_of_credentials_in_one_request_are_refused() {
    run(async {
        let node = Node::new().await;
        node.member("ada", &["student"]).await;
        let jar = node.sign_in("ada", &OWN_PAGE).await.cookies();
        let other = node.sign_in("ada", &[("accept-tokens", "body")]).await;
        let bearer = format!("Bearer {}", other.body["accessToken"].as_str().unwrap());
        assert_eq!(node.probe(&[("cookie", &jar), ("authorization", &bearer)]).await.status, StatusCode::UNAUTHORIZED);
        let twice = format!("{jar}; {jar}");
        assert_eq!(node.probe(&[("cookie", &twice)]).await.status, StatusCode::UNAUTHORIZED);
        let mut both = OWN_PAGE.to_vec();
        both.push(("cookie", &jar));
        let answer = node.post("/auth/refresh", &both, json!({ "refreshToken": other.body["refreshToken"] })).await;
        assert_eq!((answer.status, answer.slug()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-request"));
    });
}

#[test]
fn failed_sign_ins_are_indistinguishable() {
    run(async {
        let node = Node::new().await;
        node.member("ada", &["student"]).await;
        let attempt = async |email: &str| {
            let answer = node.post("/auth/sign-in", &OWN_PAGE, json!({ "email": email, "password": "not this one" })).await;
            (answer.status, answer.headers, answer.body)
        };
        let known = attempt("ada@demo.edu").await;
        assert_eq!(known.0, StatusCode::UNAUTHORIZED);
        assert_eq!(known.2["type"], "/problems/wrong-credentials");
        assert_eq!(known, attempt("nobody@demo.edu").await);
    });
}

#[test]
fn when_hashing_cannot_keep_up_sign_in_is_refused_before_any_sql() {
    run(async {
        let node = Node::new().await;
        node.db.close().await;
        let hash_pool = node.app.hash_pool();
        let taken: Vec<_> = std::iter::from_fn(|| hash_pool.admit().ok()).collect();
        assert_eq!(taken.len(), 4);
        let answer = node.sign_in("ada", &OWN_PAGE).await;
        assert_eq!((answer.status, answer.slug()), (StatusCode::SERVICE_UNAVAILABLE, "busy"));
        let wait_s: u32 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait_s));
        assert_eq!(hash_pool.stats().done, 0);
        drop(taken);
        // With a place to be had the request goes on, as far as the closed database.
        assert_eq!(node.sign_in("ada", &OWN_PAGE).await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(hash_pool.stats().taken, 0);
    });
}

#[test]
fn bad_passwords_for_a_link_say_what_is_wrong() {
    run(async {
        let node = Node::new().await;
        let ada = node.member("ada.lovelace", &["student"]).await;
        let link = auth::issue_link(&node.db, &Actor::system("test"), ada).await.unwrap();
        let answer = node.post("/auth/set-password", &[], json!({ "token": *link.reveal(), "password": "ada.lovelace" })).await;
        assert_eq!((answer.status, answer.slug()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid-request"));
        assert_eq!(answer.body["errors"][0]["pointer"], "/password");
        assert_eq!(answer.body["errors"][0]["code"], "same-as-email");
        let wrong = json!({ "token": format!("pecl_{}", "A".repeat(43)), "password": PASSWORD });
        let answer = node.post("/auth/set-password", &[], wrong).await;
        assert_eq!((answer.status, answer.slug()), (StatusCode::GONE, "link-expired"));
    });
}
