//! Accepts connections and speaks HTTP on them, within bounds, until told to drain.
//!
//! Invariants: no connection is accepted beyond the cap (the kernel's queue holds the rest); a client that says
//! nothing, in the handshake or before a request's headers are complete, is cut off; draining stops accepting
//! at once and ends when the last answer is out, or at its deadline.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::idle::Activity;
use super::patience::Patient;
use super::{Edge, plain_http};

/// The bounds of a listener.
#[derive(Clone, Debug)]
pub struct Bounds {
    pub connections: usize,
    pub handshake: Duration,
    /// From the first byte awaited to the end of a request's headers; an idle connection ends with it too.
    pub headers: Duration,
    /// Names and values of one request's headers together.
    pub header_bytes: u32,
    pub streams_per_connection: u32,
    /// How long a client may leave us unable to write a single byte.
    pub unread: Duration,
    /// How long an HTTP/2 connection may go without a request; a client that only answers pings is not kept for it.
    pub idle: Duration,
    /// How long answers in flight may take once draining has begun.
    pub drain: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 10_000,
            handshake: Duration::from_secs(10),
            headers: Duration::from_secs(20),
            header_bytes: 16 * 1024,
            streams_per_connection: 128,
            unread: Duration::from_secs(30),
            idle: Duration::from_secs(180),
            drain: Duration::from_secs(25),
        }
    }
}

/// How connections are secured.
#[derive(Clone)]
pub enum Transport {
    Tls(Arc<ServerConfig>),
    /// For a proxy on the same machine that terminates TLS itself, and for tests.
    Plain,
}

/// How a drain ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every answer went out.
    Complete,
    /// The deadline came first.
    CutOff,
}

struct Shared {
    edge: Edge,
    transport: Option<TlsAcceptor>,
    http1: Builder<TokioExecutor>,
    http2: Builder<TokioExecutor>,
    handshake: Duration,
    unread: Duration,
    idle: Duration,
}

/// Serves `edge` on `listener` until `shutdown` resolves, then drains.
pub async fn serve(
    listener: TcpListener,
    transport: Transport,
    edge: Edge,
    bounds: Bounds,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let (http1, http2) = builders(&bounds);
    let transport = match transport {
        Transport::Tls(config) => Some(TlsAcceptor::from(config)),
        Transport::Plain => None,
    };
    let Bounds { handshake, unread, idle, .. } = bounds;
    let shared = Arc::new(Shared { edge, transport, http1, http2, handshake, unread, idle });
    let slots = Arc::new(Semaphore::new(bounds.connections));
    // Each connection holds a receiver, so the last one to end lets `closed` return.
    let (drain, draining) = watch::channel(false);
    tokio::pin!(shutdown);
    loop {
        let (stream, peer, slot) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        tokio::spawn(connection(Arc::clone(&shared), stream, peer, slot, draining.clone()));
    }
    drop((listener, draining));
    drain.send_replace(true);
    match timeout(bounds.drain, drain.closed()).await {
        Ok(()) => Drained::Complete,
        Err(_) => Drained::CutOff,
    }
}

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let slot = Arc::clone(slots).acquire_owned().await.expect("the semaphore is never closed");
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, slot),
            Err(error) => {
                // Out of descriptors, or a connection that died in the queue: neither is cured by haste.
                tracing::warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    slot: OwnedSemaphorePermit,
    draining: watch::Receiver<bool>,
) {
    // Answers are written whole; waiting for more bytes would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = &shared.transport else {
        let stream = Patient::new(stream, shared.unread);
        speak(&shared, Version::Http1, stream, peer, draining, false).await;
        drop(slot);
        return;
    };
    let secured = timeout(shared.handshake, async {
        let mut first = [0];
        if stream.peek(&mut first).await? == 1 && first[0].is_ascii_uppercase() {
            plain_http::redirect(stream).await;
            return Ok(None);
        }
        acceptor.accept(Patient::new(stream, shared.unread)).await.map(Some)
    });
    match secured.await {
        Ok(Ok(Some(stream))) => {
            let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            let version = if http2 { Version::Http2 } else { Version::Http1 };
            speak(&shared, version, stream, peer, draining, true).await;
        }
        Ok(Ok(None)) => {}
        Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
        Err(_) => tracing::debug!("TLS handshake timed out"),
    }
    drop(slot);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// An idle connection ends with the wait for the next request's headers.
    Http1,
    Http2,
}

async fn speak<S>(
    shared: &Arc<Shared>,
    version: Version,
    stream: S,
    peer: SocketAddr,
    mut draining: watch::Receiver<bool>,
    secure: bool,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let activity = Arc::new(Activity::new());
    let (edge, busy) = (shared.edge.clone(), Arc::clone(&activity));
    let service = service_fn(move |request| {
        let (edge, request_of) = (edge.clone(), busy.request());
        async move {
            let answer = edge.handle(request, peer, secure).await;
            drop(request_of);
            Ok::<_, std::convert::Infallible>(answer)
        }
    });
    let builder = if version == Version::Http2 { &shared.http2 } else { &shared.http1 };
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let mut closing = false;
    let ended = loop {
        tokio::select! {
            ended = connection.as_mut() => break ended,
            () = begun(&mut draining), if !closing => {}
            () = activity.idle(shared.idle), if !closing && version == Version::Http2 => {}
        }
        // What is in flight is still answered.
        closing = true;
        connection.as_mut().graceful_shutdown();
    };
    if let Err(error) = ended {
        tracing::debug!(error, "connection ended early");
    }
}

async fn begun(draining: &mut watch::Receiver<bool>) {
    // An error means that the listener is gone: close as well.
    let _ = draining.wait_for(|draining| *draining).await;
}

fn builders(bounds: &Bounds) -> (Builder<TokioExecutor>, Builder<TokioExecutor>) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.headers)
        .max_headers(100)
        .max_buf_size(bounds.header_bytes.max(8192) as usize)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(bounds.header_bytes)
        .max_concurrent_streams(bounds.streams_per_connection)
        .max_pending_accept_reset_streams(32)
        .max_local_error_reset_streams(256)
        .max_send_buf_size(256 * 1024)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(10));
    (builder.clone().http1_only(), builder.http2_only())
}

#[cfg(test)]
#[path = "listener_tests.rs"]
mod tests;
