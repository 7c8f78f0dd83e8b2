//! Whether this node should get traffic.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use crate::app::App;

/// How long an answer of the database counts: balancers ask often, and from everywhere.
const KEPT: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// Between the end of the start and the beginning of the drain, and while the database answers.
pub struct Ready {
    app: App,
    serving: AtomicBool,
    seen: Mutex<Option<(Instant, bool)>>,
}

impl Ready {
    pub fn new(app: App) -> Self {
        Self { app, serving: AtomicBool::new(false), seen: Mutex::default() }
    }

    pub fn serve(&self, serving: bool) {
        self.serving.store(serving, Ordering::Release);
    }

    pub async fn ask(&self) -> bool {
        if !self.serving.load(Ordering::Acquire) {
            return false;
        }
        // Held while the database is asked, so that however many ask us, it is asked once.
        let mut seen = self.seen.lock().await;
        if let Some((at, answered)) = *seen
            && at.elapsed() < KEPT
        {
            return answered;
        }
        let answered = matches!(tokio::time::timeout(PATIENCE, self.app.registry().ping()).await, Ok(Ok(())));
        if seen.is_some_and(|(_, before)| before != answered) {
            tracing::warn!(answered, "the database");
        }
        *seen = Some((Instant::now(), answered));
        answered
    }
}
