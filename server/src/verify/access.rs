//! What the institution's database roles may do, and what holds for their sessions.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::Found;
use crate::db::{APPEND_ONLY, ROLE_SETTINGS, TenantRow};

pub(super) async fn check(connection: &mut PgConnection, tenant: &TenantRow) -> Result<Found, sqlx::Error> {
    let mut found = Found::new();
    let roles = sqlx::query!(
        r#"select rolname::text as "name!", rolcanlogin as "login!", rolinherit as "inherits!",
            (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls) as "powerful!"
        from pg_roles where rolname::text = any($1::text[])"#,
        &[tenant.owner_role.clone(), tenant.app_role.clone()]
    )
    .fetch_all(&mut *connection)
    .await?;
    for (name, login) in [(&tenant.owner_role, false), (&tenant.app_role, true)] {
        let Some(role) = roles.iter().find(|role| role.name == *name) else {
            found.push(("role", format!("{name} is missing")));
            continue;
        };
        if role.login != login {
            found.push(("role", format!("{name} may {}sign in", if role.login { "" } else { "not " })));
        }
        if role.powerful {
            found.push(("role", format!("{name} has powers over the whole server")));
        }
        if login && role.inherits {
            found.push(("role", format!("{name} inherits what other roles may do")));
        }
    }
    if roles.iter().any(|role| role.name == tenant.app_role) {
        found.extend(settings(connection, tenant).await?);
        found.extend(memberships(connection, &tenant.app_role).await?);
        found.extend(grants(connection, tenant).await?);
    }
    Ok(found)
}

async fn settings(connection: &mut PgConnection, tenant: &TenantRow) -> Result<Found, sqlx::Error> {
    // A setting for this database wins over the role's own: it comes later, and replaces it.
    let lines = sqlx::query_scalar!(
        r#"select c.line as "line!" from pg_db_role_setting s cross join lateral unnest(s.setconfig) as c(line)
        where s.setrole = to_regrole($1)::oid
            and s.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
        order by s.setdatabase"#,
        tenant.app_role
    )
    .fetch_all(connection)
    .await?;
    let actual: BTreeMap<&str, &str> = lines.iter().filter_map(|line| line.split_once('=')).collect();
    let path = format!("{}, ext", tenant.schema_name);
    let expected = ROLE_SETTINGS.into_iter().chain([("search_path", path.as_str())]);
    Ok(expected
        .filter_map(|(name, value)| match actual.get(name) {
            Some(found) if *found == value => None,
            found => {
                let found = found.unwrap_or(&"the server's default");
                Some(("role setting", format!("{}: {name} is {found} instead of {value}", tenant.app_role)))
            }
        })
        .collect())
}

async fn memberships(connection: &mut PgConnection, app: &str) -> Result<Found, sqlx::Error> {
    let held = sqlx::query_scalar!(
        r#"select r.rolname::text as "name!" from pg_auth_members m join pg_roles r on r.oid = m.roleid
        where m.member = to_regrole($1)::oid order by 1"#,
        app
    )
    .fetch_all(connection)
    .await?;
    Ok(held.into_iter().map(|role| ("role", format!("{app} is a member of {role}"))).collect())
}

async fn grants(connection: &mut PgConnection, tenant: &TenantRow) -> Result<Found, sqlx::Error> {
    let evidence: Vec<String> = APPEND_ONLY.map(str::to_owned).into();
    let rows = sqlx::query!(
        r#"select c.relname::text as "table!",
            array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p
                where has_table_privilege($2::text::name, c.oid, p)) as "held!",
            has_any_column_privilege($2::text::name, c.oid, 'UPDATE') as "updates!"
        from pg_class c where c.relnamespace = to_regnamespace($1)::oid and c.relkind in ('r', 'p') order by 1"#,
        tenant.schema_name,
        tenant.app_role
    )
    .fetch_all(connection)
    .await?;
    let mut found = Found::new();
    for row in rows {
        let expected: &[&str] = match row.table.as_str() {
            "_sqlx_migrations" => &[],
            table if evidence.iter().any(|name| name == table) => &["SELECT", "INSERT"],
            _ => &["SELECT", "INSERT", "UPDATE", "DELETE"],
        };
        if row.held != expected {
            let (table, held) = (&row.table, row.held.join(", "));
            found.push(("grant", format!("{} on {table}: [{held}] instead of [{}]", tenant.app_role, expected.join(", "))));
        } else if row.updates && !expected.contains(&"UPDATE") {
            found.push(("grant", format!("{} may update columns of {}", tenant.app_role, row.table)));
        }
    }
    Ok(found)
}
