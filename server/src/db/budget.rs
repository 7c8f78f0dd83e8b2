use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::{DbError, pool::Pool};

/// How often a node looks for connections that nobody needs any more.
const TIDY_EVERY: Duration = Duration::from_secs(20);

/// All connections that a node may hold, over all its institutions. A place is taken when a connection is opened and given back
/// when it is closed, so PostgreSQL never sees more of this node than it was told to expect.
pub(super) struct Budget {
    places: Arc<Semaphore>,
    pools: Mutex<Vec<Weak<Pool>>>,
}

impl Budget {
    pub fn new(connections: usize) -> Arc<Self> {
        let budget = Arc::new(Self { places: Arc::new(Semaphore::new(connections)), pools: Mutex::default() });
        tokio::spawn(tidy(Arc::downgrade(&budget)));
        budget
    }

    /// From now on idle connections of this pool may be closed so that another institution's can be opened.
    pub fn watch(&self, pool: &Arc<Pool>) {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        pools.retain(|known| known.strong_count() > 0);
        pools.push(Arc::downgrade(pool));
    }

    /// A place for one more connection. When all are taken, the connection that has been idle longest makes room.
    pub async fn place(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, DbError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let longest =
            self.pools().into_iter().filter_map(|pool| Some((pool.idle_since()?, pool))).min_by_key(|(since, _)| *since);
        if let Some((_, pool)) = longest {
            pool.close_longest_idle().await;
        }
        timeout_at(deadline, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| DbError::Busy("no free database connection"))
            .map(|place| place.expect("the budget is never closed"))
    }

    fn pools(&self) -> Vec<Arc<Pool>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect()
    }
}

/// Closes what has been idle or open for too long, as long as the node lives.
async fn tidy(budget: Weak<Budget>) {
    loop {
        tokio::time::sleep(TIDY_EVERY).await;
        let Some(budget) = budget.upgrade() else { return };
        for pool in budget.pools() {
            pool.close_stale().await;
        }
    }
}
