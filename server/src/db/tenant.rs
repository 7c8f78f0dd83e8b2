use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use sqlx::{PgConnection, postgres::PgConnectOptions};

use super::{
    Clock, DbError, Module,
    budget::Budget,
    ids::TenantId,
    pool::{Lease, Pool},
};
use crate::crypto::TenantKeys;

/// One institution's connections and keys. Cheap to clone.
#[derive(Clone)]
pub struct TenantDb(Arc<Inner>);

struct Inner {
    id: TenantId,
    slug: Arc<str>,
    pool: Arc<Pool>,
    keys: TenantKeys,
    clock: Clock,
    refusals: super::refusals::Refusals,
}

/// What an institution is opened with.
pub(super) struct Opening<'a> {
    pub id: TenantId,
    pub slug: &'a str,
    pub options: PgConnectOptions,
    pub max_connections: u32,
    pub keys: TenantKeys,
}

impl TenantDb {
    pub(super) fn open(opening: Opening<'_>, budget: &Arc<Budget>, clock: Clock) -> Self {
        let Opening { id, slug, options, max_connections, keys } = opening;
        let pool = Pool::new(options, max_connections, Arc::clone(budget));
        Self(Arc::new(Inner { id, slug: slug.into(), pool, keys, clock, refusals: super::refusals::Refusals::default() }))
    }

    pub fn id(&self) -> TenantId {
        self.0.id
    }

    pub fn slug(&self) -> &str {
        &self.0.slug
    }

    /// The slug to keep: no copy.
    pub fn shared_slug(&self) -> Arc<str> {
        Arc::clone(&self.0.slug)
    }

    pub fn keys(&self) -> &TenantKeys {
        &self.0.keys
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn refusals(&self) -> &super::refusals::Refusals {
        &self.0.refusals
    }

    /// A read-only connection inside `module`'s share. Each statement is its own transaction: one round trip, nothing to leak.
    pub async fn reader(&self, module: Module) -> Result<Reader, DbError> {
        Ok(Reader(self.0.pool.lease(module).await?))
    }

    /// For [`super::write`] alone.
    pub(super) async fn lease(&self, module: Module) -> Result<Lease, DbError> {
        self.0.pool.lease(module).await
    }

    /// Whether a connection is open and at rest: somebody used it within the last minutes.
    pub fn is_connected(&self) -> bool {
        self.0.pool.idle_since().is_some()
    }

    pub async fn close(&self) {
        self.0.pool.close().await;
    }
}

/// A connection from the read door. The database role makes every transaction read-only unless a write asked otherwise.
pub struct Reader(Lease);

impl Reader {
    /// Hands the connection on without a round trip, once every statement has been answered. A reader that is only dropped costs
    /// one, and is right where a statement may have been cut off or refused.
    pub fn done(self) {
        self.0.release();
    }
}

impl Deref for Reader {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        self.0.connection_ref()
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.0.connection()
    }
}
