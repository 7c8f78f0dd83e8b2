//! Making, suspending and restoring an institution.

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{
    TenantDb,
    ids::TenantId,
    migrate::{self, raw},
    registry::{Registry, RegistryError, TenantRow},
    roles,
};

#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    #[error("a slug is 2 to 31 lower-case letters, digits or hyphens and starts with a letter")]
    Slug,
    #[error("{0}")]
    Invalid(String),
    #[error("an institution called {0} exists already")]
    Exists(String),
    #[error("the host name {0} belongs to another institution")]
    HostTaken(String),
    #[error("no institution is called {0}")]
    Unknown(String),
    #[error("{0} is not finished: run `pec tenant create` again")]
    Unfinished(String),
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

/// What making an institution consists of, in this order. Each step may be repeated, so a run that was cut short anywhere is
/// resumed by the next one, under the same id; [`activate`] comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProvisionStep {
    /// The registry's row, in state `creating`, with its host names.
    Register,
    Key,
    Roles,
    Schema,
    /// The row of `institution`.
    Describe,
}

impl ProvisionStep {
    pub const ALL: [Self; 5] = [Self::Register, Self::Key, Self::Roles, Self::Schema, Self::Describe];
}

/// Makes an institution and serves it.
pub async fn create_tenant(registry: &Registry, new: NewTenant<'_>) -> Result<TenantDb, ProvisionError> {
    let tenant = provision(registry, &new).await?;
    activate(registry, new.slug).await?;
    Ok(tenant)
}

/// Everything but serving it: whoever gives it its first people activates it when they are there.
pub async fn provision(registry: &Registry, new: &NewTenant<'_>) -> Result<TenantDb, ProvisionError> {
    let row = provision_through(registry, new, ProvisionStep::Describe).await?;
    Ok(registry.open_tenant(&row)?)
}

/// The steps up to `last`.
pub async fn provision_through(
    registry: &Registry,
    new: &NewTenant<'_>,
    last: ProvisionStep,
) -> Result<TenantRow, ProvisionError> {
    validate(new)?;
    let mut connection = PgConnection::connect_with(registry.options()).await?;
    // Two runs for one institution: the second waits, and then finds what the first made.
    raw(&mut connection, format!("select pg_advisory_lock(hashtextextended('pec provision {}', 0))", new.slug)).await?;
    let done = steps(&mut connection, registry, new, last).await;
    connection.close().await.ok();
    done
}

async fn steps(
    connection: &mut PgConnection,
    registry: &Registry,
    new: &NewTenant<'_>,
    last: ProvisionStep,
) -> Result<TenantRow, ProvisionError> {
    let row = register(connection, registry, new).await?;
    for step in ProvisionStep::ALL.into_iter().filter(|step| *step <= last) {
        match step {
            ProvisionStep::Register => {}
            ProvisionStep::Key => drop(registry.store().ensure_tenant(Uuid::from(row.id))?),
            ProvisionStep::Roles => roles::ensure(connection, registry, &row).await?,
            ProvisionStep::Schema => migrate::tenant_schema(registry, &row).await?,
            ProvisionStep::Describe => describe_institution(connection, &row, new).await?,
        }
    }
    Ok(row)
}

fn validate(new: &NewTenant<'_>) -> Result<(), ProvisionError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let slug = (2..=31).contains(&new.slug.len())
        && new.slug.starts_with(|c: char| c.is_ascii_lowercase())
        && new.slug.chars().all(plain);
    if !slug {
        return Err(ProvisionError::Slug);
    }
    let invalid = |what: String| Err(ProvisionError::Invalid(what));
    for (what, value, max) in [("name", new.name, 120), ("short name", new.short_name, 40)] {
        if value.trim().is_empty() || value.chars().count() > max || value.chars().any(char::is_control) {
            return invalid(format!("a {what} has 1 to {max} characters"));
        }
    }
    if new.time_zone.parse::<chrono_tz::Tz>().is_err() {
        return invalid(format!("{} is no IANA time zone, such as Asia/Kolkata", new.time_zone));
    }
    if !(0..360).contains(&new.accent_hue) {
        return invalid("an accent hue is 0 to 359 degrees".to_owned());
    }
    match new.hosts.iter().find(|host| !is_host(host)) {
        Some(host) => invalid(format!("{host:?} is no host name: letters, digits, hyphens and dots, without a port")),
        None if new.hosts.is_empty() => invalid("an institution needs a host name".to_owned()),
        None => Ok(()),
    }
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

/// Finds or makes the row under its final id. Its host names become the given ones: they may be what an earlier run got wrong.
async fn register(connection: &mut PgConnection, registry: &Registry, new: &NewTenant<'_>) -> Result<TenantRow, ProvisionError> {
    let mut hosts: Vec<String> = new.hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
    hosts.sort();
    hosts.dedup();
    let (owner, app) = roles::names(registry.install(), new.slug);
    let mut tx = connection.begin().await?;
    sqlx::query!(
        "insert into platform.tenant (id, slug, schema_name, owner_role, app_role, max_connections, status)
        values ($1, $2, $3, $4, $5, 24, 'creating') on conflict (slug) do nothing",
        TenantId::new().0,
        new.slug,
        format!("t_{}", new.slug.replace('-', "_")),
        owner,
        app,
    )
    .execute(&mut *tx)
    .await?;
    let found = sqlx::query!(
        "select id, schema_name, owner_role, app_role, database_url, max_connections, status
        from platform.tenant where slug = $1 for update",
        new.slug
    )
    .fetch_one(&mut *tx)
    .await?;
    if found.status != "creating" {
        return Err(ProvisionError::Exists(new.slug.to_owned()));
    }
    let taken = sqlx::query_scalar!(
        "select host from platform.tenant_host where host = any($1) and tenant_id <> $2 order by host limit 1",
        &hosts,
        found.id
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(host) = taken {
        return Err(ProvisionError::HostTaken(host));
    }
    sqlx::query!("delete from platform.tenant_host where tenant_id = $1", found.id).execute(&mut *tx).await?;
    sqlx::query!("insert into platform.tenant_host (host, tenant_id) select unnest($1::text[]), $2", &hosts, found.id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(TenantRow {
        id: TenantId(found.id),
        slug: new.slug.to_owned(),
        schema_name: found.schema_name,
        owner_role: found.owner_role,
        app_role: found.app_role,
        database_url: found.database_url,
        max_connections: found.max_connections,
        status: found.status,
        hosts,
    })
}

async fn describe_institution(connection: &mut PgConnection, row: &TenantRow, new: &NewTenant<'_>) -> Result<(), sqlx::Error> {
    raw(connection, format!("set role {}; set search_path = {}, ext", row.owner_role, row.schema_name)).await?;
    sqlx::query!(
        "insert into institution (tenant_id, name, short_name, time_zone, accent_hue) values ($1, $2, $3, $4, $5)
        on conflict (singleton) do update set tenant_id = excluded.tenant_id, name = excluded.name,
            short_name = excluded.short_name, time_zone = excluded.time_zone, accent_hue = excluded.accent_hue",
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

/// The last step: from now on it is served.
pub async fn activate(registry: &Registry, slug: &str) -> Result<(), ProvisionError> {
    sqlx::query!("update platform.tenant set status = 'active' where slug = $1 and status = 'creating'", slug)
        .execute(registry.pool())
        .await?;
    registry.refresh().await?;
    Ok(())
}

/// Suspended: the host answers as if it were unknown, and nobody's token works. Nothing is deleted.
pub async fn set_tenant_status(registry: &Registry, slug: &str, active: bool) -> Result<(), ProvisionError> {
    let status = if active { "active" } else { "suspended" };
    let done = sqlx::query!("update platform.tenant set status = $2 where slug = $1 and status <> 'creating'", slug, status)
        .execute(registry.pool())
        .await?;
    if done.rows_affected() == 0 {
        let known = registry.list().await?.iter().any(|tenant| tenant.slug == slug);
        let slug = slug.to_owned();
        return Err(if known { ProvisionError::Unfinished(slug) } else { ProvisionError::Unknown(slug) });
    }
    registry.refresh().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_made_is_refused_before_anything_is() {
        let hosts = ["a.example.edu".to_owned()];
        let good = || NewTenant { slug: "a-1", name: "A", short_name: "A", time_zone: "UTC", accent_hue: 0, hosts: &hosts };
        assert!(validate(&good()).is_ok());
        for slug in ["", "a", "1a", "-a", "A1", "a_b", "a b", &"a".repeat(32)] {
            assert!(matches!(validate(&NewTenant { slug, ..good() }), Err(ProvisionError::Slug)), "{slug}");
        }
        let long = "x".repeat(121);
        for name in ["", " ", "a\nb", &long] {
            assert!(validate(&NewTenant { name, ..good() }).is_err(), "{name}");
            assert!(validate(&NewTenant { short_name: name, ..good() }).is_err(), "{name}");
        }
        assert!(validate(&NewTenant { short_name: &"x".repeat(41), ..good() }).is_err());
        assert!(validate(&NewTenant { time_zone: "Mars/Olympus", ..good() }).is_err());
        assert!(validate(&NewTenant { accent_hue: 360, ..good() }).is_err());
        assert!(validate(&NewTenant { hosts: &[], ..good() }).is_err());
        for host in ["", "a:8443", "https://a", "a..b", "-a.b", "a b", "a_b"] {
            assert!(validate(&NewTenant { hosts: &[host.to_owned()], ..good() }).is_err(), "{host}");
        }
    }
}
