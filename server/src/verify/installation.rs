//! The installation as a whole: its own schema, what everybody may do, and what belongs to no institution (schemas, roles and key files
//! that nothing in the registry names).

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection};

use super::{EXPECTED_PLATFORM, Found, drift::drift};
use crate::db::{Registry, TenantRow, describe_schema};

/// What was found in the database and the key store.
pub(super) struct There {
    schemas: Vec<String>,
    roles: Vec<String>,
    keys: Vec<String>,
    keys_of_people: Vec<String>,
    /// What is wrong whatever the registry says.
    wrong: Found,
}

impl There {
    pub async fn gather(registry: &Registry) -> anyhow::Result<Self> {
        let (keys, keys_of_people) = (registry.store().tenants()?, registry.store().tenants_of_subjects()?);
        let mut connection = PgConnection::connect_with(registry.options()).await?;
        let schemas = sqlx::query_scalar!(
            r#"select nspname::text as "name!" from pg_namespace where nspname ~ '^t_[a-z0-9_]+$' order by 1"#
        )
        .fetch_all(&mut connection)
        .await?;
        let roles = sqlx::query_scalar!(
            r#"select rolname::text as "name!" from pg_roles where starts_with(rolname::text, $1) order by 1"#,
            format!("pec_{}_", registry.install())
        )
        .fetch_all(&mut connection)
        .await?;
        let platform = describe_schema(&mut connection, "platform").await?;
        let mut wrong: Found =
            drift(EXPECTED_PLATFORM, &platform).into_iter().map(|line| ("schema drift", format!("platform: {line}"))).collect();
        wrong.extend(public_rights(&mut connection).await?);
        connection.close().await.ok();
        Ok(Self { schemas, roles, keys, keys_of_people, wrong })
    }

    pub fn findings(&self, tenants: &[TenantRow]) -> Found {
        let schemas: BTreeSet<&str> = tenants.iter().map(|tenant| tenant.schema_name.as_str()).collect();
        let roles: BTreeSet<&str> = tenants.iter().flat_map(|t| [t.owner_role.as_str(), t.app_role.as_str()]).collect();
        let keys: BTreeSet<String> = tenants.iter().map(|tenant| tenant.id.0.to_string()).collect();
        let orphan = |kind: &str, name: &str| ("orphan", format!("{kind} {name} belongs to no institution"));
        let schemas = self.schemas.iter().filter(|name| !schemas.contains(name.as_str())).map(|name| orphan("schema", name));
        let roles = self.roles.iter().filter(|name| !roles.contains(name.as_str())).map(|name| orphan("role", name));
        let unknown = |name: &&String| !keys.contains(name.as_str());
        let of_tenants = self.keys.iter().filter(unknown).map(|name| orphan("key file tenant/", name));
        let of_people = self.keys_of_people.iter().filter(unknown).map(|name| orphan("key directory subject/", name));
        self.wrong.iter().cloned().chain(schemas).chain(roles).chain(of_tenants).chain(of_people).collect()
    }
}

/// What PUBLIC holds: nothing of the database, of the schemas we made and what is in them, and of `public`; of `ext` only its use.
async fn public_rights(connection: &mut PgConnection) -> Result<Found, sqlx::Error> {
    let held = sqlx::query!(
        r#"with ours as (
            select n.oid, n.nspname, n.nspacl, n.nspowner from pg_namespace n
            where n.nspname in ('public', 'platform', 'ext') or n.nspname ~ '^t_[a-z0-9_]+$'
        )
        select 'the database' as "what!", a.privilege_type as "right!"
        from pg_database d cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        where d.datname = current_database() and a.grantee = 0
        union all
        select 'schema ' || o.nspname, a.privilege_type
        from ours o cross join lateral aclexplode(coalesce(o.nspacl, acldefault('n', o.nspowner))) a
        where a.grantee = 0 and (o.nspname, a.privilege_type) <> ('ext', 'USAGE')
        union all
        select o.nspname || '.' || c.relname, a.privilege_type
        from ours o join pg_class c on c.relnamespace = o.oid cross join lateral aclexplode(c.relacl) a
        where a.grantee = 0 and o.nspname <> 'ext'
        order by 1, 2 limit 40"#
    )
    .fetch_all(connection)
    .await?;
    Ok(held.into_iter().map(|row| ("grant", format!("PUBLIC has {} on {}", row.right, row.what))).collect())
}
