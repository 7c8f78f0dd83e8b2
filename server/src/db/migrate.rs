//! Migrations, schema by schema: each institution has its own version table, its own lock and its own failure.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection, migrate::Migrator};

use super::{
    registry::{Registry, RegistryError, TenantRow},
    roles,
};

static PLATFORM: Migrator = sqlx::migrate!("./migrations/platform");
static TENANT: Migrator = sqlx::migrate!("./migrations/tenant");

/// Institutions migrated at the same time.
const PARALLEL: usize = 4;

/// Evidence: the application may add and read, never change.
pub const APPEND_ONLY: [&str; 3] = ["audit_event", "audit_diff", "enrollment_event"];

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("{0}")]
    Url(String),
}

#[derive(Debug, Default)]
pub struct MigrationReport {
    pub migrated: Vec<String>,
    pub failed: Vec<(String, MigrateError)>,
}

/// The registry's own schema.
pub async fn platform(connection: &mut PgConnection) -> Result<(), MigrateError> {
    sqlx::raw_sql("set search_path = platform, ext; set lock_timeout = '5s'").execute(&mut *connection).await?;
    PLATFORM.run(&mut *connection).await?;
    Ok(())
}

/// Every institution that is made, a few at a time. One that fails is reported and does not hold up the others.
pub async fn migrate_all(registry: &Registry) -> Result<MigrationReport, MigrateError> {
    use futures_util::{StreamExt, stream};
    let tenants = registry.list().await?.into_iter().filter(|tenant| tenant.status != "creating");
    let results: Vec<_> = stream::iter(tenants)
        .map(|tenant| async move {
            let result = tenant_schema(registry, &tenant).await;
            (tenant.slug, result)
        })
        .buffer_unordered(PARALLEL)
        .collect()
        .await;
    let mut report = MigrationReport::default();
    for (slug, result) in results {
        match result {
            Ok(()) => report.migrated.push(slug),
            Err(error) => report.failed.push((slug, error)),
        }
    }
    Ok(report)
}

/// Brings one institution's schema up to date and its roles and grants in order. Safe to repeat; two nodes wait for each other.
pub(super) async fn tenant_schema(registry: &Registry, tenant: &TenantRow) -> Result<(), MigrateError> {
    let owner = registry.options_of(tenant).map_err(|error: RegistryError| MigrateError::Url(error.to_string()))?;
    let mut connection = PgConnection::connect_with(&owner).await?;
    let result = async {
        roles::ensure(&mut connection, registry, tenant).await?;
        run(&mut connection, tenant).await
    }
    .await;
    connection.close().await.ok();
    result
}

async fn run(connection: &mut PgConnection, tenant: &TenantRow) -> Result<(), MigrateError> {
    let TenantRow { schema_name: schema, owner_role: owner, app_role: app, .. } = tenant;
    raw(connection, format!("select pg_advisory_lock(hashtextextended('pec migrate {schema}', 0))")).await?;
    raw(connection, format!("set role {owner}; set search_path = {schema}, ext; set lock_timeout = '2s'")).await?;
    let mut attempt = 0;
    // A migration that waits for a long reader gives way and tries again rather than stop everyone behind it.
    while let Err(error) = TENANT_UNLOCKED.run(&mut *connection).await {
        attempt += 1;
        if attempt == 5 || !is_lock_timeout(&error) {
            return Err(error.into());
        }
        tokio::time::sleep(Duration::from_millis(400 * attempt)).await;
    }
    let mut grants = format!(
        "grant usage on schema {schema} to {app};
         grant select, insert, update, delete on all tables in schema {schema} to {app};
         grant usage on all sequences in schema {schema} to {app};
         revoke all on {schema}._sqlx_migrations from {app};"
    );
    for table in APPEND_ONLY {
        grants.push_str(&format!("revoke update, delete, truncate on {schema}.{table} from {app};"));
    }
    raw(connection, grants).await?;
    raw(connection, "reset role; select pg_advisory_unlock_all()".to_owned()).await?;
    Ok(())
}

/// sqlx's own lock is one for the whole database; the advisory lock above is one for each schema.
static TENANT_UNLOCKED: std::sync::LazyLock<Migrator> = std::sync::LazyLock::new(|| {
    let mut migrator = Migrator { migrations: TENANT.migrations.clone(), ..Migrator::DEFAULT };
    migrator.set_locking(false);
    migrator
});

fn is_lock_timeout(error: &sqlx::migrate::MigrateError) -> bool {
    use sqlx::migrate::MigrateError as M;
    let sql = match error {
        M::Execute(e) | M::ExecuteMigration(e, _) => e,
        _ => return false,
    };
    sql.as_database_error().and_then(|e| e.code().map(|code| code == "55P03")).unwrap_or(false)
}

/// Identifiers in here come from the registry, whose CHECK constraints allow lower-case letters, digits and underscores.
pub(super) async fn raw(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}
