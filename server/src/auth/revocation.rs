//! Which sessions ended and which accounts changed lately, so that a five-minute token stops counting
//! within a second of its session's end, on every node.
//!
//! One `Revocations` per institution, filled by a task that polls a small table. Invariants:
//! - An entry is only ever added or raised until it is older than any token it could concern.
//! - Ages are told by the database's clock alone: the newest row against the others.
//! - Each poll reads again what the previous `OVERLAP` already covered: a row is dated when it is written
//!   and seen when its transaction commits, so a slow transaction's row would else be missed for good.
//! - `fresh` answers for polls *started* less than `FRESH_FOR` ago. Without it the caller must ask the
//!   database about its own session.
//!
//! A cache that nobody asks any more stops polling, and starts again with the next question.
//!
//! The module knows no SQL: the poll is a closure.

use std::{
    collections::HashMap,
    future::Future,
    sync::{
        PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::{claims::Claims, token};
use crate::db::ids::{SessionId, UserId};

pub const POLL_EVERY: Duration = Duration::from_millis(500);
/// A poll that takes longer than this many periods is given up; the next one tries again.
const POLL_PATIENCE: u32 = 4;
/// After this many polls that nobody needed (two minutes) the poller rests, so that the institution's pool can close.
const IDLE_POLLS: u32 = 240;
/// How old the last successful poll may be before its silence proves nothing.
pub const FRESH_FOR: Duration = Duration::from_secs(1);
/// Longer than any write transaction may take.
pub const OVERLAP: TimeDelta = TimeDelta::seconds(30);
/// How long an entry matters: the life of an access token, with room for clocks that differ.
pub const KEEP: TimeDelta = TimeDelta::seconds(token::ACCESS_TTL_S + 2 * token::LEEWAY_S + 60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Session(SessionId),
    /// Tokens of this account with a smaller epoch no longer count.
    Account {
        user: UserId,
        min_epoch: i32,
    },
}

/// One row of the table, dated by the database's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    pub subject: Subject,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was revoked, as of less than a second ago.
    Good,
    Revoked,
    /// The cache is too old to tell: ask the database.
    Unknown,
}

#[derive(Default)]
struct State {
    sessions: HashMap<SessionId, DateTime<Utc>>,
    accounts: HashMap<UserId, (i32, DateTime<Utc>)>,
    /// The newest row seen, by the database's clock.
    newest: Option<DateTime<Utc>>,
    /// When the last successful poll was started, by this machine's monotonic clock.
    polled_at: Option<Instant>,
}

#[derive(Default)]
pub struct Revocations {
    state: RwLock<State>,
    /// Whether anybody asked since the poller last looked.
    asked: AtomicBool,
}

impl Revocations {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn standing(&self, claims: &Claims, now: Instant) -> Standing {
        // Read first: a line that is only read stays in every core's cache.
        if !self.asked.load(Ordering::Relaxed) {
            self.asked.store(true, Ordering::Relaxed);
        }
        let state = self.read();
        // Known revocations count however old the cache is.
        let account_changed = state.accounts.get(&claims.user).is_some_and(|(min_epoch, _)| claims.epoch < *min_epoch);
        if account_changed || state.sessions.contains_key(&claims.session) {
            return Standing::Revoked;
        }
        match state.polled_at {
            Some(at) if now.saturating_duration_since(at) < FRESH_FOR => Standing::Good,
            _ => Standing::Unknown,
        }
    }

    /// From which instant on the next poll must read; `None` means everything.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.read().newest.map(|newest| newest - OVERLAP)
    }

    /// Takes in the rows of a poll that was started at `started`.
    pub fn absorb(&self, rows: &[Revocation], started: Instant) {
        let mut state = self.write();
        for row in rows {
            state.add(row);
        }
        if state.polled_at.is_none_or(|at| started > at) {
            state.polled_at = Some(started);
        }
    }

    /// What this node itself just committed: refused here at once, without waiting for the next poll.
    pub fn note(&self, row: &Revocation) {
        self.write().add(row);
    }

    /// Forgets what concerns only tokens that have expired.
    pub fn sweep(&self) {
        let mut state = self.write();
        let Some(oldest) = state.newest.map(|newest| newest - KEEP) else {
            return;
        };
        state.sessions.retain(|_, at| *at >= oldest);
        state.accounts.retain(|_, (_, at)| *at >= oldest);
    }

    /// How many sessions and accounts are held, for a gauge.
    pub fn len(&self) -> usize {
        let state = self.read();
        state.sessions.len() + state.accounts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, row: &Revocation) {
        self.newest = self.newest.max(Some(row.at));
        match row.subject {
            Subject::Session(session) => {
                self.sessions.insert(session, row.at);
            }
            Subject::Account { user, min_epoch } => {
                let entry = self.accounts.entry(user).or_insert((min_epoch, row.at));
                *entry = (entry.0.max(min_epoch), entry.1.max(row.at));
            }
        }
    }
}

/// Polls every `period` until the `Revocations` is dropped. `fetch` gets `since` and returns the rows dated from then on.
pub async fn poll<F, Fut, E>(revocations: Weak<Revocations>, period: Duration, mut fetch: F)
where
    F: FnMut(Option<DateTime<Utc>>) -> Fut,
    Fut: Future<Output = Result<Vec<Revocation>, E>>,
    E: std::fmt::Display,
{
    let mut ticks = interval(period);
    // After a stall one poll is enough; catching up would only add load.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut failing, mut unasked) = (false, 0u32);
    loop {
        ticks.tick().await;
        let Some(revocations) = revocations.upgrade() else {
            return;
        };
        unasked = if revocations.asked.swap(false, Ordering::Relaxed) { 0 } else { unasked.saturating_add(1) };
        if unasked > IDLE_POLLS {
            continue;
        }
        let started = Instant::now();
        let problem = match timeout(period * POLL_PATIENCE, fetch(revocations.since())).await {
            Ok(Ok(rows)) => {
                revocations.absorb(&rows, started);
                revocations.sweep();
                failing = false;
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "timed out".to_owned(),
        };
        // Once per outage: requests still work, each asking the database itself.
        if !std::mem::replace(&mut failing, true) {
            tracing::warn!(problem, "can't poll revocations");
        }
    }
}

#[cfg(test)]
#[path = "revocation_tests.rs"]
mod tests;
