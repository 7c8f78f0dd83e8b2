//! Rows that have served their time.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use tokio::time::Instant;

use crate::{
    app::App,
    auth,
    db::{Action, Actor, AuditClass, DbError, Module, TenantDb, Verdict, ids::TenantId},
};

/// Rows of one transaction: short enough to hold up nobody.
const BATCH_ROWS: i64 = 5_000;
/// Transactions of one sweep of one institution; the next sweep goes on.
const BATCHES_MAX: usize = 1_000;
/// An institution that nobody uses is swept this often.
const IDLE_PERIOD: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes what nobody can ask for any more: stored answers after a day, and announcements nobody claimed.
struct Sweep;

impl Action for Sweep {
    const NAME: &'static str = "system.sweep";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Exempt;
    const TARGET: &'static str = "tenant";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        if actor.is_system() { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// When each institution was swept last, or seen first.
#[derive(Default)]
pub struct Sweeper(HashMap<TenantId, Instant>);

impl Sweeper {
    /// One institution after the other, with one connection at a time. Where nobody does anything nothing grows old, so an
    /// institution without an open connection gets none every few minutes for this.
    pub async fn all(&mut self, app: &App) {
        let active = app.registry().active();
        self.0.retain(|id, _| active.iter().any(|tenant| tenant.id() == *id));
        for tenant in active {
            let now = Instant::now();
            if !self.is_due(tenant.id(), tenant.is_connected(), now) {
                continue;
            }
            self.0.insert(tenant.id(), now);
            match sweep(&tenant).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(tenant = tenant.slug(), rows, "swept"),
                Err(error) => tracing::warn!(tenant = tenant.slug(), %error, "sweep failed"),
            }
        }
    }

    fn is_due(&mut self, tenant: TenantId, connected: bool, now: Instant) -> bool {
        let since = *self.0.entry(tenant).or_insert(now);
        connected || now.duration_since(since) >= IDLE_PERIOD
    }
}

/// Returns how many rows are gone.
async fn sweep(tenant: &TenantDb) -> Result<u64, DbError> {
    let day_ago = tenant.clock().now() - chrono::TimeDelta::days(1);
    let mut rows = 0;
    for _ in 0..BATCHES_MAX {
        let removed = batch(tenant, day_ago).await? + auth::sweep(tenant).await?;
        rows += removed;
        if removed == 0 {
            break;
        }
    }
    Ok(rows)
}

async fn batch(tenant: &TenantDb, before: DateTime<Utc>) -> Result<u64, DbError> {
    let mut tx = tenant.write::<Sweep>(&Actor::system("sweep"), &()).await?;
    let answers = sqlx::query!(
        "delete from idempotency where (actor_id, key) in (select actor_id, key from idempotency where at < $1 limit $2)",
        before,
        BATCH_ROWS
    )
    .execute(tx.connection())
    .await?;
    let announcements =
        sqlx::query!("delete from outbox where id in (select id from outbox where at < $1 limit $2)", before, BATCH_ROWS)
            .execute(tx.connection())
            .await?;
    tx.commit_exempt().await?;
    Ok(answers.rows_affected() + announcements.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_institution_is_swept_while_it_is_used_and_once_a_day() {
        let (mut sweeper, tenant, start) = (Sweeper::default(), TenantId::new(), Instant::now());
        assert!(!sweeper.is_due(tenant, false, start));
        assert!(!sweeper.is_due(tenant, false, start + IDLE_PERIOD / 2));
        assert!(sweeper.is_due(tenant, true, start + IDLE_PERIOD / 2));
        assert!(sweeper.is_due(tenant, false, start + IDLE_PERIOD));
        sweeper.0.insert(tenant, start + IDLE_PERIOD);
        assert!(!sweeper.is_due(tenant, false, start + IDLE_PERIOD));
    }
}
