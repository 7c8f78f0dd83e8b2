//! A world for an institution that has no records yet, as one audited action.

use sqlx::PgConnection;

use super::{DemoAccounts, DemoSize, Profile, Progress, generate, has_records, load, store};
use crate::{
    audit::Change,
    db::{Action, Actor, AuditClass, DbError, Module, TenantDb, Verdict},
};

/// Fills an empty institution. Only the command line does.
struct FillDemo;

impl Action for FillDemo {
    const NAME: &'static str = "demo.fill";
    const MODULE: Module = Module::Interop;
    const CLASS: AuditClass = AuditClass::Sensitive;
    const TARGET: &'static str = "tenant";
    type Key = ();
    /// Whether there are records already.
    type Target = bool;

    async fn load(connection: &mut PgConnection, (): &()) -> Result<Option<bool>, sqlx::Error> {
        sqlx::query!("select name from institution for update").fetch_one(&mut *connection).await?;
        has_records(connection).await.map(Some)
    }

    fn allows(actor: &Actor, _: &bool) -> Verdict {
        if actor.is_system() { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// `None`: the institution has records, and nothing was touched. "Today" is the institution's clock in its own zone.
pub async fn fill(
    db: &TenantDb,
    profile: &'static Profile,
    size: &DemoSize,
    seed: u64,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Option<DemoAccounts>, DbError> {
    {
        let mut reader = db.reader(Module::Interop).await?;
        if has_records(&mut reader).await? {
            return Ok(None);
        }
    }
    let zone: chrono_tz::Tz = profile.time_zone.parse().expect("profiles name real time zones");
    let today = db.clock().now().with_timezone(&zone).date_naive();
    let (wanted, world_size) = (profile, *size);
    let world =
        tokio::task::spawn_blocking(move || generate(wanted, &world_size, seed, today)).await.expect("generating does not panic");
    let mut tx = db.write::<FillDemo>(&Actor::system("demo"), &()).await?;
    if *tx.target() {
        return Ok(None);
    }
    // Loading takes seconds; no statement of it hangs on anybody.
    sqlx::query!("select set_config('statement_timeout', '120s', true)").fetch_one(tx.connection()).await?;
    load(tx.connection(), &world, progress).await?;
    let students = i64::try_from(world.students.len()).expect("a world fits");
    let chosen = store::accounts(tx.connection()).await?;
    tx.commit(Change::bulk().field("profile", None::<&str>, profile.name).field("students", None::<i64>, students)).await?;
    Ok(chosen)
}
