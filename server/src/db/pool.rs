use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    PgConnection, PgPool, Postgres, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Clock, DbError, MODULES, Module, ids::TenantId};
use crate::crypto::TenantKeys;

/// How long a request waits for its module's share before it is told that the module is busy.
const PERMIT_TIMEOUT: Duration = Duration::from_millis(1_500);

/// One institution's connections and keys. Cheap to clone.
#[derive(Clone)]
pub struct TenantDb(Arc<Inner>);

struct Inner {
    id: TenantId,
    slug: String,
    pool: PgPool,
    /// One semaphore a module: a module that hangs keeps its own share busy and leaves the rest of the pool to the others.
    shares: [Arc<Semaphore>; MODULES.len()],
    keys: TenantKeys,
    clock: Clock,
    writes: AtomicU64,
    refusals: super::write::Refusals,
}

impl TenantDb {
    pub(super) fn open(
        id: TenantId,
        slug: &str,
        options: PgConnectOptions,
        max_connections: u32,
        keys: TenantKeys,
        clock: Clock,
    ) -> Self {
        // Three modules may hang at once before the pool itself runs dry.
        let share = (max_connections / 3).max(1) as usize;
        let pool = PgPoolOptions::new()
            .max_connections(max_connections)
            .acquire_timeout(PERMIT_TIMEOUT)
            .idle_timeout(Duration::from_secs(120))
            .max_lifetime(Duration::from_secs(1_800))
            // A broken connection shows at its next statement; a ping before each would double every read's round trips.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Self(Arc::new(Inner {
            id,
            slug: slug.to_owned(),
            pool,
            shares: std::array::from_fn(|_| Arc::new(Semaphore::new(share))),
            keys,
            clock,
            writes: AtomicU64::new(0),
            refusals: super::write::Refusals::default(),
        }))
    }

    pub fn id(&self) -> TenantId {
        self.0.id
    }

    pub fn slug(&self) -> &str {
        &self.0.slug
    }

    pub fn keys(&self) -> &TenantKeys {
        &self.0.keys
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn refusals(&self) -> &super::write::Refusals {
        &self.0.refusals
    }

    /// Committed writes since start: what in-process caches compare against to know that they are stale.
    pub fn writes(&self) -> u64 {
        self.0.writes.load(Ordering::Acquire)
    }

    pub(super) fn note_write(&self) {
        self.0.writes.fetch_add(1, Ordering::AcqRel);
    }

    /// A read-only connection inside `module`'s share. Each statement is its own transaction: one round trip, nothing to leak.
    pub async fn reader(&self, module: Module) -> Result<Reader, DbError> {
        let permit = self.permit(module).await?;
        Ok(Reader { connection: self.0.pool.acquire().await?, _permit: permit })
    }

    async fn permit(&self, module: Module) -> Result<OwnedSemaphorePermit, DbError> {
        let share = Arc::clone(&self.0.shares[module as usize]);
        match Arc::clone(&share).try_acquire_owned() {
            Ok(permit) => Ok(permit),
            Err(_) => Ok(tokio::time::timeout(PERMIT_TIMEOUT, share.acquire_owned())
                .await
                .map_err(|_| DbError::Busy(module.name()))?
                .expect("module semaphores are never closed")),
        }
    }

    /// Begins a transaction that may write. Only [`super::write`] calls it.
    pub(super) async fn begin(&self, module: Module) -> Result<(Transaction<'static, Postgres>, OwnedSemaphorePermit), DbError> {
        let permit = self.permit(module).await?;
        Ok((self.0.pool.begin_with("BEGIN READ WRITE").await?, permit))
    }

    pub async fn close(&self) {
        self.0.pool.close().await;
    }
}

/// A connection from the read door. The database role makes every transaction read-only unless a write asked otherwise.
pub struct Reader {
    connection: PoolConnection<Postgres>,
    _permit: OwnedSemaphorePermit,
}

impl Deref for Reader {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
