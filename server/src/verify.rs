//! `pec verify`: what must always be true of an installation and of each institution. Only reads.

mod access;
mod drift;
mod installation;
mod keys;

use sqlx::{Connection, PgConnection};

use crate::db::{Registry, TenantRow, describe_schema};

/// The schema as the migrations make it, in words; `PEC_WRITE_SCHEMA=1` writes it.
const EXPECTED_SCHEMA: &str = include_str!("../migrations/schema.sql");
const EXPECTED_PLATFORM: &str = include_str!("../migrations/platform.sql");

/// One thing that is not as it must be.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// `None`: the installation as a whole.
    pub tenant: Option<String>,
    pub check: &'static str,
    pub detail: String,
}

type Found = Vec<(&'static str, String)>;

/// Every check over every institution; empty when all is well. An institution that can't be looked at is a finding, and the
/// others are looked at all the same.
pub async fn verify(registry: &Registry) -> anyhow::Result<Vec<Finding>> {
    let (mut findings, tenants) = installation(registry).await?;
    for tenant in &tenants {
        findings.extend(verify_tenant(registry, tenant).await);
    }
    Ok(findings)
}

/// The checks of the installation as a whole.
pub async fn verify_installation(registry: &Registry) -> anyhow::Result<Vec<Finding>> {
    Ok(installation(registry).await?.0)
}

async fn installation(registry: &Registry) -> anyhow::Result<(Vec<Finding>, Vec<TenantRow>)> {
    // What is there is gathered before what ought to be there: an institution that is being made now is no orphan.
    let there = installation::There::gather(registry).await?;
    let tenants = registry.list().await?;
    let findings = there.findings(&tenants).into_iter().map(|(check, detail)| Finding { tenant: None, check, detail }).collect();
    Ok((findings, tenants))
}

/// Every check of one institution.
pub async fn verify_tenant(registry: &Registry, tenant: &TenantRow) -> Vec<Finding> {
    let found = match tenant.status.as_str() {
        "creating" => vec![("unfinished", "run `pec tenant create` again with the same slug".to_owned())],
        _ => of_tenant(registry, tenant).await,
    };
    found.into_iter().map(|(check, detail)| Finding { tenant: Some(tenant.slug.clone()), check, detail }).collect()
}

async fn of_tenant(registry: &Registry, tenant: &TenantRow) -> Found {
    let mut found = Found::new();
    let keys = registry.store().open_tenant(tenant.id.0).inspect_err(|error| found.push(("key", error.to_string()))).ok();
    let looked = async {
        let mut connection = PgConnection::connect_with(&registry.owner_options(tenant)?).await?;
        let looked = look(&mut connection, tenant).await;
        let keys = match keys {
            Some(keys) => keys::check(&mut connection, keys, registry.clock().now().into()).await,
            None => Ok(Found::new()),
        }
        .unwrap_or_else(|error| vec![("keys", format!("{error:#}"))]);
        connection.close().await.ok();
        anyhow::Ok(looked?.into_iter().chain(keys).collect::<Found>())
    };
    match looked.await {
        Ok(more) => found.extend(more),
        Err(error) => found.push(("unreachable", format!("{error:#}"))),
    }
    found
}

async fn look(connection: &mut PgConnection, tenant: &TenantRow) -> Result<Found, sqlx::Error> {
    let actual = describe_schema(connection, &tenant.schema_name).await?;
    let mut found: Found = drift::drift(EXPECTED_SCHEMA, &actual).into_iter().map(|line| ("schema drift", line)).collect();
    found.extend(access::check(connection, tenant).await?);
    found.extend(records(connection).await?);
    Ok(found)
}

async fn records(connection: &mut PgConnection) -> Result<Found, sqlx::Error> {
    let mut found = Found::new();
    let wrong_seats = sqlx::query!(
        r#"select s.section_id, s.pool, s.enrolled, (select count(*) from enrollment e where e.section_id = s.section_id and e.pool = s.pool) as "rows!"
        from section_seat s
        where s.enrolled <> (select count(*) from enrollment e where e.section_id = s.section_id and e.pool = s.pool) limit 20"#
    )
    .fetch_all(&mut *connection)
    .await?;
    found.extend(wrong_seats.into_iter().map(|seat| {
        ("seat counter", format!("section {} pool {}: counter {}, rows {}", seat.section_id, seat.pool, seat.enrolled, seat.rows))
    }));
    let history = sqlx::query!(
        r#"select e.student_id, e.section_id from enrollment e
        where (select v.kind from enrollment_event v where v.student_id = e.student_id and v.section_id = e.section_id
            order by v.at desc, v.id desc limit 1) is distinct from 'enrolled' limit 20"#
    )
    .fetch_all(&mut *connection)
    .await?;
    found.extend(history.into_iter().map(|row| {
        ("enrollment history", format!("student {} in section {} has no matching last event", row.student_id, row.section_id))
    }));
    Ok(found)
}
