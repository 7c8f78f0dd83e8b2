//! Rows that have served their time.

use sqlx::PgConnection;

use crate::{
    app::App,
    auth,
    db::{Action, Actor, AuditClass, DbError, Module, TenantDb, Verdict},
};

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

pub async fn all(app: App) {
    for tenant in app.registry().active() {
        match sweep(&tenant).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(tenant = tenant.slug(), rows, "swept"),
            Err(error) => tracing::warn!(tenant = tenant.slug(), %error, "sweep failed"),
        }
    }
}

async fn sweep(tenant: &TenantDb) -> Result<u64, DbError> {
    let now = tenant.clock().now();
    let day_ago = now - chrono::TimeDelta::days(1);
    let mut tx = tenant.write::<Sweep>(&Actor::system("sweep"), &()).await?;
    let mut rows = 0;
    rows += sqlx::query!("delete from idempotency where at < $1", day_ago).execute(tx.connection()).await?.rows_affected();
    rows += sqlx::query!("delete from outbox where at < $1", day_ago).execute(tx.connection()).await?.rows_affected();
    tx.commit_exempt().await?;
    auth::sweep(tenant).await?;
    Ok(rows)
}
