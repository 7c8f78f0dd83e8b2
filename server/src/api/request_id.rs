//! The id of the request being answered, as the edge gave it.
//!
//! A task-local, because the places that need it (a problem's `instance`, an audit row) are far from the
//! request. Outside a request there is none, and nothing invents one.

use std::future::Future;

use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Uuid;
}

/// Runs `future` as the answer to request `id`. The edge wraps every request in this once.
pub async fn scope<F: Future>(id: Uuid, future: F) -> F::Output {
    CURRENT.scope(id, future).await
}

/// The id of the request this task is answering.
pub fn current() -> Option<Uuid> {
    CURRENT.try_with(|id| *id).ok()
}
