//! A request's body on its way in: bounded, and known to have arrived or not.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::Limited;
use hyper::body::{Body, Frame, SizeHint};

/// Tells whether a body has arrived in full.
#[derive(Clone, Debug, Default)]
pub struct Arrived(Arc<AtomicBool>);

impl Arrived {
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that fails beyond its limit.
pub struct Inbound<B> {
    inner: Limited<B>,
    arrived: Arrived,
}

impl<B: Body> Inbound<B> {
    pub fn new(body: B, max_bytes: usize) -> (Self, Arrived) {
        let arrived = Arrived::default();
        arrived.0.store(body.is_end_stream(), Ordering::Relaxed);
        (Self { inner: Limited::new(body, max_bytes), arrived: arrived.clone() }, arrived)
    }
}

impl<B> Body for Inbound<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) || self.inner.is_end_stream() {
            self.arrived.0.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The length a request announces, if it does.
pub fn announced_len(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether the body carries files.
pub fn is_upload(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"))
}
