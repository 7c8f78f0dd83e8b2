use sqlx::{Connection as _, PgConnection};

use super::{Registry, RegistryError, TenantDb};

impl Registry {
    /// Refreshes the planner's statistics of an institution's tables, as is due after a bulk load. Only their owner may; the
    /// server's own refresh comes minutes later, and until then plans are made for empty tables.
    pub async fn analyze(&self, tenant: &TenantDb) -> Result<(), RegistryError> {
        let row = self.list().await?.into_iter().find(|row| row.id == tenant.id()).ok_or(sqlx::Error::RowNotFound)?;
        let mut owner = PgConnection::connect_with(&self.owner_options(&row)?).await?;
        sqlx::query!(
            "do $$ declare one name; begin
                for one in select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' loop
                    execute format('analyze %I', one);
                end loop;
            end $$"
        )
        .execute(&mut owner)
        .await?;
        owner.close().await.map_err(RegistryError::Sql)
    }
}
