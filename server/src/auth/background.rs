//! What runs without a request: polling revocations, and removing rows that no longer matter.

use std::sync::Arc;

use super::{
    actions::Sweep,
    revocation::{POLL_EVERY, Revocations, poll},
    store,
};
use crate::db::{Actor, DbError, Module, TenantDb};

/// A cache of an institution's revocations that keeps itself fresh for as long as someone holds it.
pub fn watch_revocations(db: TenantDb) -> Arc<Revocations> {
    let revocations = Arc::new(Revocations::new());
    let fetch = move |since| {
        let db = db.clone();
        async move {
            let mut reader = db.reader(Module::Auth).await?;
            let rows = store::revocations_since(&mut reader, since).await?;
            reader.done();
            Ok::<_, DbError>(rows)
        }
    };
    tokio::spawn(poll(Arc::downgrade(&revocations), POLL_EVERY, fetch));
    revocations
}

/// Removes revocations, sessions, tokens and links that can't matter to anybody any more; returns how many rows. Any node
/// may, at any time.
pub async fn sweep(db: &TenantDb) -> Result<u64, DbError> {
    let mut tx = db.write::<Sweep>(&Actor::system("session-sweep"), &()).await?;
    let now = db.clock().now();
    let rows = store::sweep(&mut tx, now).await?;
    tx.commit_exempt().await?;
    Ok(rows)
}
