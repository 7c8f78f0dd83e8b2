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
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

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
    let shared = Arc::new(Shared { edge, transport, http1, http2, handshake: bounds.handshake, unread: bounds.unread });
    let slots = Arc::new(Semaphore::new(bounds.connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let (stream, peer, slot) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        tokio::spawn(connection(Arc::clone(&shared), stream, peer, slot, graceful.watcher()));
    }
    drop(listener);
    match timeout(bounds.drain, graceful.shutdown()).await {
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

async fn connection(shared: Arc<Shared>, stream: TcpStream, peer: SocketAddr, slot: OwnedSemaphorePermit, watcher: Watcher) {
    // Answers are written whole; waiting for more bytes would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = &shared.transport else {
        let stream = Patient::new(stream, shared.unread);
        speak(&shared, &shared.http1, stream, peer, watcher, false).await;
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
            let builder = if http2 { &shared.http2 } else { &shared.http1 };
            speak(&shared, builder, stream, peer, watcher, true).await;
        }
        Ok(Ok(None)) => {}
        Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
        Err(_) => tracing::debug!("TLS handshake timed out"),
    }
    drop(slot);
}

async fn speak<S>(
    shared: &Arc<Shared>,
    builder: &Builder<TokioExecutor>,
    stream: S,
    peer: SocketAddr,
    watcher: Watcher,
    secure: bool,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let edge = shared.edge.clone();
    let service = service_fn(move |request| {
        let edge = edge.clone();
        async move { Ok::<_, std::convert::Infallible>(edge.handle(request, peer, secure).await) }
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error, "connection ended early");
    }
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
