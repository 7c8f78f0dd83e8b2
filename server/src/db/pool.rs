//! The connections of one institution.
//!
//! Invariants:
//! - Who uses a connection holds a place: one of the module's own, or one that all modules share, of which a module may have only so
//!   many. It is given back only when the connection is at rest again, whatever became of the request. So however many modules hang,
//!   the others keep at least their own places.
//! - A connection that is at rest has answered every statement and is in no transaction. [`Lease::release`] says so and hands it on
//!   without a round trip. A lease that is merely dropped (a request cut off midway, an error) is brought to rest in the background
//!   first, or closed.
//!
//! sqlx's own pool asks the server after every use whether the connection is still good, which doubles the round trips of a read, and
//! it knows neither shares nor a budget of the node.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until, timeout, timeout_at},
};

use super::{DbError, MODULES, Module, budget::Budget};

/// How long a request waits for its module's share and a connection before it is told that the module is busy.
const WAIT: Duration = Duration::from_millis(1_500);
/// Longer than any statement of an application role may run.
const SETTLE: Duration = Duration::from_secs(12);
const IDLE: Duration = Duration::from_secs(120);
/// A connection's memory grows with the tables it touched and the statements it prepared.
const LIFETIME: Duration = Duration::from_secs(1_800);
const CLOSING: Duration = Duration::from_secs(5);

pub(super) struct Pool {
    options: PgConnectOptions,
    sizes: Sizes,
    budget: Arc<Budget>,
    own: [Arc<Semaphore>; MODULES.len()],
    /// How many of the shared places each module may have.
    share: [Arc<Semaphore>; MODULES.len()],
    shared: Arc<Semaphore>,
    /// The one used last is taken first, so that those not needed grow old.
    idle: Mutex<Vec<Open>>,
    closed: AtomicBool,
}

struct Open {
    connection: PgConnection,
    since: Instant,
    idle_since: Instant,
    _place: OwnedSemaphorePermit,
}

impl Open {
    async fn close(self) {
        // What can't be closed politely is closed by dropping it.
        let _ = timeout(CLOSING, self.connection.close()).await;
    }
}

/// How a pool's places are dealt out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sizes {
    own: u32,
    share: u32,
    shared: u32,
}

impl Sizes {
    /// Two thirds belong to single modules. Of the rest no module may have more than three quarters.
    fn of(connections: u32) -> Self {
        let modules = u32::try_from(MODULES.len()).expect("a handful of modules");
        let own = connections * 2 / 3 / modules;
        let shared = (connections - own * modules).max(1);
        Self { own, share: (shared * 3 / 4).max(1), shared }
    }
}

/// The right to use one connection; given back when dropped.
struct Place {
    _own_or_share: OwnedSemaphorePermit,
    _shared: Option<OwnedSemaphorePermit>,
}

impl Pool {
    pub fn new(options: PgConnectOptions, size: u32, budget: Arc<Budget>) -> Arc<Self> {
        let sizes = Sizes::of(size);
        let places = |count: u32| Arc::new(Semaphore::new(count as usize));
        let pool = Arc::new(Self {
            options,
            sizes,
            own: std::array::from_fn(|_| places(sizes.own)),
            share: std::array::from_fn(|_| places(sizes.share)),
            shared: places(sizes.shared),
            idle: Mutex::default(),
            closed: AtomicBool::new(false),
            budget: Arc::clone(&budget),
        });
        budget.watch(&pool);
        pool
    }

    /// A connection for `module`.
    pub async fn lease(self: &Arc<Self>, module: Module) -> Result<Lease, DbError> {
        let deadline = Instant::now() + WAIT;
        let place = self.place(module, deadline).await?;
        if self.closed.load(Ordering::Acquire) {
            return Err(DbError::Unavailable(sqlx::Error::PoolClosed));
        }
        // The lock is let go before anything is waited for.
        let resting = self.idle().pop();
        let open = match resting {
            Some(open) => open,
            None => self.connect(deadline).await?,
        };
        Ok(Lease { open: Some(open), place: Some(place), pool: Arc::clone(self), in_transaction: false })
    }

    async fn place(&self, module: Module, deadline: Instant) -> Result<Place, DbError> {
        let (own, share) = (&self.own[module as usize], &self.share[module as usize]);
        if let Ok(own) = Arc::clone(own).try_acquire_owned() {
            return Ok(Place { _own_or_share: own, _shared: None });
        }
        if let Ok(share) = Arc::clone(share).try_acquire_owned()
            && let Ok(shared) = Arc::clone(&self.shared).try_acquire_owned()
        {
            return Ok(Place { _own_or_share: share, _shared: Some(shared) });
        }
        const OPEN: &str = "places are never closed";
        let shared = async {
            let share = Arc::clone(share).acquire_owned().await.expect(OPEN);
            (share, Arc::clone(&self.shared).acquire_owned().await.expect(OPEN))
        };
        tokio::select! {
            own = Arc::clone(own).acquire_owned() => Ok(Place { _own_or_share: own.expect(OPEN), _shared: None }),
            (share, shared) = shared => Ok(Place { _own_or_share: share, _shared: Some(shared) }),
            () = sleep_until(deadline) => Err(DbError::Busy(module.name())),
        }
    }

    async fn connect(&self, deadline: Instant) -> Result<Open, DbError> {
        let place = self.budget.place(deadline).await?;
        let connection = timeout_at(deadline, PgConnection::connect_with(&self.options))
            .await
            .map_err(|_| DbError::Busy("the database took too long to answer"))?
            .map_err(DbError::Unavailable)?;
        let now = Instant::now();
        Ok(Open { connection, since: now, idle_since: now, _place: place })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Open>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes back a connection that is at rest.
    fn keep(&self, mut open: Open) {
        open.idle_since = Instant::now();
        // Closing in the background: whoever answers a request doesn't wait for it.
        if self.closed.load(Ordering::Acquire) || open.since.elapsed() > LIFETIME {
            tokio::spawn(open.close());
        } else {
            self.idle().push(open);
        }
    }

    /// Waits until nothing runs on a connection any more. `false`: it is broken, and so may be those opened before it.
    async fn settle(&self, mut open: Open, in_transaction: bool) {
        let resting = async {
            if in_transaction {
                sqlx::raw_sql("rollback").execute(&mut open.connection).await.map(|_| ())
            } else {
                open.connection.ping().await
            }
        };
        match timeout(SETTLE, resting).await {
            Ok(Ok(())) => self.keep(open),
            Ok(Err(_)) => {
                // PostgreSQL went away: the others find out now rather than one request each.
                let stale: Vec<Open> = self.idle().drain(..).collect();
                drop((open, stale));
            }
            Err(_) => drop(open),
        }
    }

    /// Since when the connection that nobody has needed longest is idle.
    pub fn idle_since(&self) -> Option<Instant> {
        self.idle().iter().map(|open| open.idle_since).min()
    }

    pub async fn close_longest_idle(&self) {
        let longest = {
            let mut idle = self.idle();
            let at = (0..idle.len()).min_by_key(|&at| idle[at].idle_since);
            at.map(|at| idle.remove(at))
        };
        if let Some(open) = longest {
            open.close().await;
        }
    }

    pub async fn close_stale(&self) {
        let stale: Vec<Open> =
            self.idle().extract_if(.., |open| open.idle_since.elapsed() > IDLE || open.since.elapsed() > LIFETIME).collect();
        for open in stale {
            open.close().await;
        }
    }

    /// Closes everything: at once what is idle, and what is in use when it comes back, for which it waits a while.
    pub async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let all_back = async {
            for own in &self.own {
                let _ = own.acquire_many(self.sizes.own).await;
            }
            let _ = self.shared.acquire_many(self.sizes.shared).await;
        };
        let _ = timeout(CLOSING, all_back).await;
        let idle: Vec<Open> = self.idle().drain(..).collect();
        for open in idle {
            open.close().await;
        }
    }
}

/// A connection in use, with its place.
pub(super) struct Lease {
    open: Option<Open>,
    place: Option<Place>,
    pool: Arc<Pool>,
    in_transaction: bool,
}

impl Lease {
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.open.as_mut().expect("a lease has its connection until it ends").connection
    }

    pub fn connection_ref(&self) -> &PgConnection {
        &self.open.as_ref().expect("a lease has its connection until it ends").connection
    }

    /// Said before a transaction is begun: whatever happens from now on, the connection is rolled back before anyone else gets it.
    pub fn enter_transaction(&mut self) {
        self.in_transaction = true;
    }

    /// Hands the connection on at once. Every statement has been answered, and a transaction that was begun has ended.
    pub fn release(mut self) {
        if let Some(open) = self.open.take() {
            self.pool.keep(open);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let (Some(open), Some(place)) = (self.open.take(), self.place.take()) else { return };
        let (pool, in_transaction) = (Arc::clone(&self.pool), self.in_transaction);
        // Without a runtime the process is ending, and dropping the connection closes it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                pool.settle(open, in_transaction).await;
                drop(place);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_somebodys_and_nobody_can_have_all_shared_ones() {
        for connections in [4, 8, 12, 24, 100, 500] {
            let Sizes { own, share, shared } = Sizes::of(connections);
            assert_eq!(own * 8 + shared, connections, "{connections}");
            assert!(share >= 1 && share <= shared, "{connections}");
        }
        assert_eq!(Sizes::of(24), Sizes { own: 2, share: 6, shared: 8 });
    }
}
