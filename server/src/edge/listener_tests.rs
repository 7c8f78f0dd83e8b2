//! A listener on a loopback port, and clients that speak TLS to it.

#![allow(clippy::unwrap_used)]

use axum::body::Body;
use http::header::{CONNECTION, HOST};
use http::{Request, Response, StatusCode, Version};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::*;
use crate::edge::proxy::Proxy;
use crate::edge::tests::{Campus, campus, campus_of, campus_with};
use crate::edge::{Limits, certs, tls};

struct Server {
    address: SocketAddr,
    ca: CertificateDer<'static>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Drained>,
    _campus: Campus,
    _data: tempfile::TempDir,
}

async fn start(bounds: Bounds) -> Server {
    let data = tempfile::tempdir().unwrap();
    let local = certs::load_or_create(data.path(), &[], crate::db::Clock::system().now()).unwrap();
    let ca = CertificateDer::from_pem_file(&local.ca_pem_path).unwrap();
    let config = tls::server_config(local.cert_chain, local.key).unwrap();
    let campus = campus(Limits { total: Duration::from_secs(5), ..Limits::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let edge = campus.edge.clone();
    let ended = tokio::spawn(serve(listener, Transport::Tls(config), edge, bounds, async {
        let _ = stopped.await;
    }));
    Server { address, ca, stop, ended, _campus: campus, _data: data }
}

impl Server {
    async fn connect(&self, protocol: &[u8]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.ca.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let stream = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("demo.localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }

    async fn http1(&self) -> hyper::client::conn::http1::SendRequest<Body> {
        let (sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(self.connect(b"http/1.1").await)).await.unwrap();
        tokio::spawn(connection);
        sender
    }

    async fn http2(&self) -> hyper::client::conn::http2::SendRequest<Body> {
        let io = TokioIo::new(self.connect(b"h2").await);
        let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        sender
    }
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header(HOST, "demo.localhost").body(Body::empty()).unwrap()
}

fn get2(path: &str) -> Request<Body> {
    Request::get(format!("https://demo.localhost{path}")).body(Body::empty()).unwrap()
}

async fn text(response: Response<Incoming>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn both_versions_of_http_are_spoken() {
    let server = start(Bounds::default()).await;
    let response = server.http1().await.send_request(get("/healthz")).await.unwrap();
    assert_eq!((response.status(), response.version()), (StatusCode::OK, Version::HTTP_11));
    let mut http2 = server.http2().await;
    for _ in 0..3 {
        let response = http2.send_request(get2("/en/sign-in")).await.unwrap();
        assert_eq!((response.status(), response.version()), (StatusCode::OK, Version::HTTP_2));
        assert!(text(response).await.contains("</html>"));
    }
    let head = Request::head("https://demo.localhost/en/sign-in").body(Body::empty()).unwrap();
    let response = http2.send_request(head).await.unwrap();
    assert!(response.headers().contains_key("content-length"));
    assert_eq!(text(response).await, "");
}

/// A ClientHello that offers TLS 1.2 and nothing newer.
const TLS12_HELLO: &[u8] = &[
    0x16, 0x03, 0x01, 0x00, 0x45, 0x01, 0x00, 0x00, 0x41, 0x03, 0x03, // handshake, client hello, TLS 1.2
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    32, // random
    0x00, 0x00, 0x02, 0xc0, 0x2b, 0x01, 0x00, // no session, ECDHE-ECDSA-AES128-GCM, no compression
    0x00, 0x16, // extensions:
    0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, // group secp256r1
    0x00, 0x0d, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03, // signature ecdsa_secp256r1_sha256
    0x00, 0x0b, 0x00, 0x02, 0x01, 0x00, // uncompressed points
];

#[tokio::test]
async fn tls_1_2_is_refused() {
    let server = start(Bounds::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(TLS12_HELLO).await.unwrap();
    let mut alert = [0; 7];
    stream.read_exact(&mut alert).await.unwrap();
    // A fatal alert, "protocol version" (RFC 8446 §6).
    assert_eq!((alert[0], alert[5], alert[6]), (0x15, 2, 70));
}

#[tokio::test]
async fn plain_http_is_sent_to_tls() {
    let server = start(Bounds::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /en?x=1 HTTP/1.1\r\nHost: demo.localhost:7200\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 308 ") && answer.contains("location: https://demo.localhost:7200/en?x=1\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_drain_finishes_what_is_in_flight() {
    let server = start(Bounds::default()).await;
    let (mut http1, mut http2) = (server.http1().await, server.http2().await);
    let mut idle = server.http1().await;
    assert_eq!(idle.send_request(get("/healthz")).await.unwrap().status(), StatusCode::OK);
    let slow1 = tokio::spawn(async move { http1.send_request(get("/api/v1/slow")).await });
    let slow2 = tokio::spawn(async move { http2.send_request(get2("/api/v1/slow")).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "no new connection is taken");
    assert!(idle.send_request(get("/healthz")).await.is_err(), "an idle connection is closed");
    let response = slow1.await.unwrap().unwrap();
    assert_eq!((response.status(), &response.headers()[CONNECTION]), (StatusCode::OK, &http::HeaderValue::from_static("close")));
    assert_eq!(slow2.await.unwrap().unwrap().status(), StatusCode::OK);
    assert_eq!(server.ended.await.unwrap(), Drained::Complete);
}

#[tokio::test]
async fn a_drain_ends_at_its_deadline() {
    let server = start(Bounds { drain: Duration::from_millis(100), ..Bounds::default() }).await;
    let mut http1 = server.http1().await;
    let slow = tokio::spawn(async move { http1.send_request(get("/api/v1/slow")).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.stop.send(()).unwrap();
    assert_eq!(server.ended.await.unwrap(), Drained::CutOff);
    drop(slow);
}

#[tokio::test]
async fn silence_is_cut_off() {
    let quick = Duration::from_millis(150);
    let server = start(Bounds { handshake: quick, headers: quick, ..Bounds::default() }).await;
    let started = Instant::now();
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    assert_eq!(silent.read(&mut [0; 16]).await.unwrap_or(0), 0);
    let mut half = server.connect(b"http/1.1").await;
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: demo").await.unwrap();
    let mut rest = Vec::new();
    let _ = half.read_to_end(&mut rest).await;
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn headers_are_bounded() {
    let server = start(Bounds::default()).await;
    let large = "x".repeat(20 * 1024);
    let mut http1 = server.http1().await;
    let request = Request::get("/healthz").header(HOST, "demo.localhost").header("x-large", &large).body(Body::empty()).unwrap();
    let status = http1.send_request(request).await.map(|response| response.status());
    assert!(matches!(status, Err(_) | Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)), "{status:?}");
    let mut many = Request::get("/healthz").header(HOST, "demo.localhost");
    for at in 0..150 {
        many = many.header(format!("x-{at}"), "1");
    }
    let status = server.http1().await.send_request(many.body(Body::empty()).unwrap()).await.map(|response| response.status());
    assert!(matches!(status, Err(_) | Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)), "{status:?}");
    let request = Request::get("https://demo.localhost/healthz").header("x-large", &large).body(Body::empty()).unwrap();
    let status = server.http2().await.send_request(request).await.map(|response| response.status());
    assert!(matches!(status, Err(_) | Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)), "{status:?}");
}

#[tokio::test]
async fn connections_beyond_the_cap_wait_their_turn() {
    let server = start(Bounds { connections: 1, ..Bounds::default() }).await;
    let mut first = server.http1().await;
    assert_eq!(first.send_request(get("/healthz")).await.unwrap().status(), StatusCode::OK);
    let waiting = timeout(Duration::from_millis(200), server.connect(b"http/1.1")).await;
    assert!(waiting.is_err(), "the second connection is not spoken to");
    drop(first);
    let mut second = timeout(Duration::from_secs(5), server.http1()).await.unwrap();
    assert_eq!(second.send_request(get("/healthz")).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn a_quiet_http2_connection_is_closed_and_a_busy_one_is_not() {
    let server = start(Bounds { idle: Duration::from_millis(200), ..Bounds::default() }).await;
    let mut http2 = server.http2().await;
    // Twice as long as the limit, and answered.
    assert_eq!(http2.send_request(get2("/api/v1/slow")).await.unwrap().status(), StatusCode::OK);
    assert!(!http2.is_closed());
    let closed = timeout(Duration::from_secs(5), async {
        while !http2.is_closed() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    closed.await.expect("a client that asks nothing is not kept");
    let mut again = server.http2().await;
    assert_eq!(again.send_request(get2("/healthz")).await.unwrap().status(), StatusCode::OK);
}

/// A page server: says what it was asked, and echoes whatever comes over an upgraded connection.
async fn page_server(mut request: Request<Body>) -> Response<Body> {
    if request.headers().contains_key("upgrade") {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let (mut reader, mut writer) = tokio::io::split(TokioIo::new(upgraded.await.unwrap()));
            tokio::io::copy(&mut reader, &mut writer).await.unwrap();
        });
        let response = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS).header("connection", "upgrade");
        return response.header("upgrade", "echo").body(Body::empty()).unwrap();
    }
    let said = {
        let seen = |name: &str| request.headers().get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
        [request.uri().to_string(), seen("x-forwarded-for"), seen("x-forwarded-host"), seen("x-hop")].join(" ")
    };
    let body = request.into_body().collect().await.unwrap().to_bytes();
    Response::new(Body::from(format!("{said} {}", String::from_utf8_lossy(&body))))
}

#[tokio::test]
async fn a_page_server_is_passed_requests_and_tunnels() {
    let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web_url = format!("http://{}", upstream.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(upstream, axum::Router::new().fallback(page_server)).await });
    let campus = campus_with(Limits::default(), Some(Proxy::new(&web_url).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, Transport::Plain, campus.edge.clone(), Bounds::default(), std::future::pending()));

    let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = hyper::client::conn::http1::handshake::<_, Body>(io).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post("/en/courses?q=1")
        .header(HOST, "demo.localhost")
        .header("x-forwarded-for", "6.6.6.6")
        .header("x-hop", "1")
        .header(CONNECTION, "x-hop")
        .body(Body::from("hello"));
    let said = text(sender.send_request(request.unwrap()).await.unwrap()).await;
    assert_eq!(said, "/en/courses?q=1 127.0.0.1 demo.localhost - hello");
    let response = sender.send_request(get("/healthz")).await.unwrap();
    assert_eq!(text(response).await, "ok\n", "the edge's own addresses stay its own");

    let mut socket = TcpStream::connect(address).await.unwrap();
    let hello = "GET /_next/webpack-hmr HTTP/1.1\r\nHost: demo.localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
    socket.write_all(hello.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    socket.write_all(b"ping").await.unwrap();
    let mut echo = [0; 4];
    socket.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"ping");
}

#[tokio::test]
async fn beside_prerendered_pages_a_page_server_gets_only_what_is_not_prerendered() {
    let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web_url = format!("http://{}", upstream.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(upstream, axum::Router::new().fallback(page_server)).await });
    let campus = campus_of(Limits::default(), Some(Proxy::new(&web_url).unwrap()), true);
    let ask = async |path: &str, cookie: &str| {
        let request = Request::get(path).header(HOST, "demo.localhost").header("cookie", cookie).header("sec-fetch-site", "none");
        let response = campus.edge.handle(request.body(Body::empty()).unwrap(), ([192, 0, 2, 1], 9).into(), true).await;
        let (status, body) = (response.status(), response.into_body().collect().await.unwrap().to_bytes());
        (status, String::from_utf8(body.to_vec()).unwrap())
    };
    let (status, page) = ask("/en/sign-in", "").await;
    assert!(status == StatusCode::OK && page.contains("</html>"), "{page}");
    let (status, page) = ask("/en/student", "as=student").await;
    assert!(status == StatusCode::OK && page.contains("</html>"), "{page}");
    let (status, page) = ask("/en/elsewhere", "as=student").await;
    assert!(status == StatusCode::OK && page.starts_with("/en/elsewhere 192.0.2.1 demo.localhost"), "{page}");
    let (status, page) = ask("/en/elsewhere", "").await;
    assert!(status == StatusCode::SEE_OTHER && page.is_empty(), "{status}: nobody sees it without a session");
    let development = campus_with(Limits::default(), Some(Proxy::new(&web_url).unwrap()));
    let response = development.edge.handle(get("/en/sign-in"), ([192, 0, 2, 1], 9).into(), true).await;
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.starts_with(b"/en/sign-in 192.0.2.1"), "during development every page is the page server's");
}

#[tokio::test]
async fn during_development_whoever_is_signed_in_is_led_home() {
    let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web_url = format!("http://{}", upstream.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move { axum::serve(upstream, axum::Router::new().fallback(page_server)).await });
    let campus = campus_with(Limits::default(), Some(Proxy::new(&web_url).unwrap()));
    for (path, cookie, leads_to) in [
        ("/", "", Some("/en/sign-in")),
        ("/en", "", Some("/en/sign-in")),
        ("/", "as=admin", Some("/en/admin")),
        ("/en-XA", "as=faculty", Some("/en-XA/faculty")),
        ("/en/sign-in", "as=student", Some("/en/student")),
        ("/en/sign-in", "refresh=good", Some("/en/student")),
        ("/en/sign-in", "", None),
        ("/en/sign-in", "refresh=bad", None),
        ("/en/courses", "", None),
        ("/robots.txt", "as=student", None),
        ("/__nextjs_font/geist", "as=student", None),
    ] {
        let request = Request::get(path).header(HOST, "demo.localhost").header("cookie", cookie);
        let response = campus.edge.handle(request.body(Body::empty()).unwrap(), ([192, 0, 2, 1], 9).into(), true).await;
        assert_eq!(response.headers().get("location").map(|to| to.to_str().unwrap()), leads_to, "{path} {cookie}");
        assert_eq!(response.status(), if leads_to.is_some() { StatusCode::SEE_OTHER } else { StatusCode::OK }, "{path} {cookie}");
    }
}

#[tokio::test]
async fn a_page_servers_page_may_run_what_its_place_allows() {
    let upstream = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web_url = format!("http://{}", upstream.local_addr().unwrap()).parse().unwrap();
    let answer = async |request: Request<Body>| {
        let response = Response::builder().header("content-type", "text/html");
        let response = match request.uri().path() {
            "/en/own" => response.header("content-security-policy", "default-src 'self'"),
            _ => response,
        };
        response.body(Body::from("<p>")).unwrap()
    };
    tokio::spawn(async move { axum::serve(upstream, axum::Router::new().fallback(answer)).await });
    let proxy = Proxy::new(&web_url).unwrap();
    let (development, beside) =
        (campus_with(Limits::default(), Some(proxy.clone())), campus_of(Limits::default(), Some(proxy), true));
    let policy = async |campus: &Campus, path: &str| {
        let request = Request::get(path).header(HOST, "demo.localhost").header("cookie", "as=student");
        let response = campus.edge.handle(request.body(Body::empty()).unwrap(), ([192, 0, 2, 1], 9).into(), true).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.headers()["content-security-policy"].to_str().unwrap().to_owned()
    };
    // Hot reload evaluates what a WebSocket of this host announces.
    for needed in ["script-src 'self' 'unsafe-inline' 'unsafe-eval';", "style-src 'self' 'unsafe-inline';", "connect-src 'self';"]
    {
        for path in ["/en/courses", "/en/own", "/_next/static/x.js"] {
            assert!(policy(&development, path).await.contains(needed), "{path} {needed}");
        }
    }
    assert_eq!(policy(&beside, "/en/own").await, "default-src 'self'");
    let strict = policy(&beside, "/en/elsewhere").await;
    assert!(strict.contains("script-src 'self';") && strict.contains("report-uri /csp-report"), "{strict}");
    assert!(!strict.contains("unsafe"), "{strict}");
    let closed = policy(&development, "/healthz").await;
    assert!(!closed.contains("unsafe"), "only a page server's answers are opened: {closed}");
}

#[tokio::test]
async fn an_absent_page_server_is_a_bad_gateway() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let campus = campus_with(Limits::default(), Some(Proxy::new(&format!("http://{closed}").parse().unwrap()).unwrap()));
    let response = campus.edge.handle(get("/en/courses"), ([192, 0, 2, 1], 9).into(), true).await;
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    for bad in ["https://x", "http://x/path", "http://x/?q", "/x"] {
        assert!(Proxy::new(&bad.parse().unwrap()).is_err(), "{bad}");
    }
}
