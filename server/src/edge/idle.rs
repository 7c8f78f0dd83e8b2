//! How long a connection has had no request.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Requests of one connection.
pub(super) struct Activity {
    in_flight: AtomicUsize,
    last: Mutex<Instant>,
}

/// A request that is being answered.
pub(super) struct InFlight(Arc<Activity>);

impl Activity {
    pub fn new() -> Self {
        Self { in_flight: AtomicUsize::new(0), last: Mutex::new(Instant::now()) }
    }

    pub fn request(self: &Arc<Self>) -> InFlight {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        InFlight(Arc::clone(self))
    }

    /// Returns when there was no request for `limit`.
    pub async fn idle(&self, limit: Duration) {
        loop {
            let last = *self.last.lock().expect("nothing panics while it holds an instant");
            let now = Instant::now();
            let quiet = self.in_flight.load(Ordering::Acquire) == 0;
            if quiet && now.duration_since(last) >= limit {
                return;
            }
            sleep_until(if quiet { last } else { now } + limit).await;
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        *self.0.last.lock().expect("nothing panics while it holds an instant") = Instant::now();
        self.0.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(100);

    #[tokio::test]
    async fn a_quiet_connection_is_idle_and_a_busy_one_is_not() {
        let (activity, start) = (Arc::new(Activity::new()), Instant::now());
        activity.idle(LIMIT).await;
        assert!(start.elapsed() >= LIMIT);
        let long = activity.request();
        assert!(tokio::time::timeout(LIMIT * 3, activity.idle(LIMIT)).await.is_err(), "one is being answered");
        drop(long);
        let answered = Instant::now();
        activity.idle(LIMIT).await;
        assert!(answered.elapsed() >= LIMIT, "counted from the end of the last answer");
    }
}
