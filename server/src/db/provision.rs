//! Making, suspending and restoring an institution.

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{
    TenantDb,
    ids::TenantId,
    migrate::{self, raw},
    registry::{Registry, RegistryError, TenantRow},
};

#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    #[error("a slug is 2 to 31 lower-case letters, digits or hyphens and starts with a letter")]
    Slug,
    #[error("an institution called {0} exists already")]
    Exists(String),
    #[error("no institution is called {0}")]
    Unknown(String),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] migrate::MigrateError),
    #[error(transparent)]
    Key(#[from] crate::crypto::KeyError),
}

pub struct NewTenant<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub short_name: &'a str,
    pub time_zone: &'a str,
    pub accent_hue: i16,
    /// Host names it answers to.
    pub hosts: &'a [String],
}

/// Key, roles, schema, migrations, registry row: in this order, so that what is in the registry is whole. A run that was cut
/// short leaves nothing that a second one trips over.
pub async fn create_tenant(registry: &Registry, new: NewTenant<'_>) -> Result<TenantDb, ProvisionError> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(2..=31).contains(&new.slug.len())
        || !new.slug.starts_with(|c: char| c.is_ascii_lowercase())
        || !new.slug.chars().all(valid)
    {
        return Err(ProvisionError::Slug);
    }
    if registry.list().await?.iter().any(|tenant| tenant.slug == new.slug) {
        return Err(ProvisionError::Exists(new.slug.to_owned()));
    }
    let id = TenantId::new();
    let name = new.slug.replace('-', "_");
    let prefix = format!("pec_{}_{name}", registry.install());
    let row = TenantRow {
        id,
        slug: new.slug.to_owned(),
        schema_name: format!("t_{name}"),
        owner_role: format!("{prefix}_owner"),
        app_role: prefix,
        database_url: None,
        max_connections: 24,
        status: "active".to_owned(),
        hosts: new.hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
    };
    registry.store().create_tenant(Uuid::from(id))?;
    let mut connection = PgConnection::connect_with(&registry.options_of(&row)).await?;
    make_roles_and_schema(&mut connection, registry, &row).await?;
    migrate::tenant_schema(registry.options_of(&row), &row).await?;
    describe_institution(&mut connection, &row, &new).await?;
    connection.close().await.ok();
    register(registry, &row).await?;
    registry.refresh().await?;
    Ok(registry.by_slug(new.slug).await?.expect("the institution was registered a moment ago"))
}

async fn make_roles_and_schema(connection: &mut PgConnection, registry: &Registry, row: &TenantRow) -> Result<(), sqlx::Error> {
    let TenantRow { schema_name: schema, owner_role: owner, app_role: app, .. } = row;
    let password = registry.role_password(app);
    // Two grants on one database at the same time fail with "tuple concurrently updated": one after the other.
    raw(connection, "select pg_advisory_lock(hashtextextended('pec provision', 0))".to_owned()).await?;
    raw(
        connection,
        format!(
            "do $$ begin
                if to_regrole('{owner}') is null then create role {owner} nologin; end if;
                if to_regrole('{app}') is null then create role {app} login noinherit; end if;
            end $$;
            grant {owner} to current_user with set true, inherit false;
            alter role {app} password '{password}';
            alter role {app} set search_path = {schema}, ext;
            alter role {app} set default_transaction_read_only = on;
            alter role {app} set statement_timeout = '8s';
            alter role {app} set lock_timeout = '3s';
            alter role {app} set idle_in_transaction_session_timeout = '15s';
            do $$ begin
                execute format('grant connect on database %I to {app}', current_database());
            end $$;
            create schema if not exists {schema} authorization {owner};"
        ),
    )
    .await?;
    raw(connection, "select pg_advisory_unlock_all()".to_owned()).await
}

async fn describe_institution(connection: &mut PgConnection, row: &TenantRow, new: &NewTenant<'_>) -> Result<(), sqlx::Error> {
    raw(connection, format!("set role {}; set search_path = {}, ext", row.owner_role, row.schema_name)).await?;
    sqlx::query!(
        "insert into institution (tenant_id, name, short_name, time_zone, accent_hue) values ($1, $2, $3, $4, $5) on conflict do nothing",
        row.id.0,
        new.name,
        new.short_name,
        new.time_zone,
        new.accent_hue,
    )
    .execute(&mut *connection)
    .await?;
    raw(connection, "reset role".to_owned()).await
}

async fn register(registry: &Registry, row: &TenantRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with made as (
            insert into platform.tenant (id, slug, schema_name, owner_role, app_role, max_connections) values ($1, $2, $3, $4, $5, $6) returning id
        ) insert into platform.tenant_host (host, tenant_id) select host, made.id from made, unnest($7::text[]) as host",
        row.id.0,
        row.slug,
        row.schema_name,
        row.owner_role,
        row.app_role,
        row.max_connections,
        &row.hosts,
    )
    .execute(registry.pool())
    .await
    .map(|_| ())
}

/// Suspended: the host answers as if it were unknown, and nobody's token works. Nothing is deleted.
pub async fn set_tenant_status(registry: &Registry, slug: &str, active: bool) -> Result<(), ProvisionError> {
    let status = if active { "active" } else { "suspended" };
    let done =
        sqlx::query!("update platform.tenant set status = $2 where slug = $1", slug, status).execute(registry.pool()).await?;
    if done.rows_affected() == 0 {
        return Err(ProvisionError::Unknown(slug.to_owned()));
    }
    registry.refresh().await?;
    Ok(())
}
