//! What belongs to no institution: schemas, roles and key files that nothing in the registry names.

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection};

use super::Found;
use crate::db::{Registry, TenantRow};

/// What was found in the database and the key store.
pub(super) struct There {
    schemas: Vec<String>,
    roles: Vec<String>,
    keys: Vec<String>,
}

impl There {
    pub async fn gather(registry: &Registry) -> anyhow::Result<Self> {
        let keys = registry.store().tenants()?;
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
        connection.close().await.ok();
        Ok(Self { schemas, roles, keys })
    }

    pub fn findings(&self, tenants: &[TenantRow]) -> Found {
        let schemas: BTreeSet<&str> = tenants.iter().map(|tenant| tenant.schema_name.as_str()).collect();
        let roles: BTreeSet<&str> = tenants.iter().flat_map(|t| [t.owner_role.as_str(), t.app_role.as_str()]).collect();
        let keys: BTreeSet<String> = tenants.iter().map(|tenant| tenant.id.0.to_string()).collect();
        let orphan = |kind: &str, name: &str| ("orphan", format!("{kind} {name} belongs to no institution"));
        let schemas = self.schemas.iter().filter(|name| !schemas.contains(name.as_str())).map(|name| orphan("schema", name));
        let roles = self.roles.iter().filter(|name| !roles.contains(name.as_str())).map(|name| orphan("role", name));
        let keys = self.keys.iter().filter(|name| !keys.contains(name.as_str())).map(|name| orphan("key file tenant/", name));
        schemas.chain(roles).chain(keys).collect()
    }
}
