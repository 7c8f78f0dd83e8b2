//! The registry of institutions, as this node knows it: host name → institution, refreshed in the background.

use std::{
    collections::HashMap,
    path::PathBuf,
    str::FromStr,
    sync::{Arc, RwLock},
};

use arc_swap::ArcSwap;
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use super::{Clock, DbError, TenantDb, budget::Budget, ids::TenantId, migrate, tenant::Opening};
use crate::crypto::{KeyError, KeyStore, RootKey, RootKeyError};

#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error(transparent)]
    RootKey(#[from] RootKeyError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the database URL is not usable: {0}")]
    Url(#[source] sqlx::Error),
    #[error("the database at {host}:{port} does not answer: {source}")]
    Connect { host: String, port: u16, source: sqlx::Error },
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] migrate::MigrateError),
    #[error("PostgreSQL {0} is too old: pec needs 16 or newer")]
    Version(i32),
    #[error("the database URL of {slug} is not usable: {source}")]
    TenantUrl { slug: String, source: sqlx::Error },
}

pub struct RegistryOptions {
    pub database_url: String,
    pub root_key: PathBuf,
    pub key_dir: PathBuf,
    pub clock: Clock,
    /// All connections to institutions that this node may hold at once.
    pub connections: usize,
}

#[derive(Clone, Debug)]
pub struct TenantRow {
    pub id: TenantId,
    pub slug: String,
    pub schema_name: String,
    pub owner_role: String,
    pub app_role: String,
    pub database_url: Option<String>,
    pub max_connections: i32,
    pub status: String,
    pub hosts: Vec<String>,
}

pub struct Registry {
    pool: PgPool,
    options: PgConnectOptions,
    root: RootKey,
    store: Arc<KeyStore>,
    install: String,
    clock: Clock,
    budget: Arc<Budget>,
    hosts: ArcSwap<HashMap<String, TenantDb>>,
    open: RwLock<HashMap<TenantId, TenantDb>>,
}

impl Registry {
    /// Connects as the owner of the database, makes the registry on first use, and proves that the root key is the right one.
    pub async fn open(options: RegistryOptions) -> Result<Self, RegistryError> {
        let connect = PgConnectOptions::from_str(&options.database_url).map_err(RegistryError::Url)?.application_name("pec");
        let mut connection = PgConnection::connect_with(&connect).await.map_err(|source| RegistryError::Connect {
            host: connect.get_host().to_owned(),
            port: connect.get_port(),
            source,
        })?;
        let version = sqlx::query_scalar!(r#"select current_setting('server_version_num')::int as "version!""#)
            .fetch_one(&mut connection)
            .await?;
        if version < 160_000 {
            return Err(RegistryError::Version(version / 10_000));
        }
        // Of several nodes that start at once over an empty database, one makes what is missing; it ends with the connection.
        migrate::raw(
            &mut connection,
            "set lock_timeout = '60s'; select pg_advisory_lock(hashtextextended('pec first start', 0))".to_owned(),
        )
        .await?;
        let exists = sqlx::query_scalar!(r#"select to_regclass('platform.installation') is not null as "exists!""#)
            .fetch_one(&mut connection)
            .await?;
        let root = RootKey::open(&options.root_key, !exists)?;
        if !exists {
            prepare_database(&mut connection).await?;
        }
        migrate::platform(&mut connection).await?;
        let install = installation(&mut connection, &root).await?;
        connection.close().await.ok();
        let pool = PgPoolOptions::new()
            .max_connections(3)
            .acquire_timeout(std::time::Duration::from_secs(3))
            .connect_lazy_with(connect.clone().options([("search_path", "platform")]));
        let registry = Self {
            pool,
            options: connect,
            store: Arc::new(KeyStore::new(options.key_dir, &root)),
            root,
            install,
            clock: options.clock,
            budget: Budget::new(options.connections),
            hosts: ArcSwap::default(),
            open: RwLock::default(),
        };
        registry.refresh().await?;
        Ok(registry)
    }

    pub fn root(&self) -> &RootKey {
        &self.root
    }

    /// Eight hexadecimal digits that tell this installation's database roles and tokens from another's.
    pub fn install(&self) -> &str {
        &self.install
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Of the connection that owns the database.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// The institutions' keys.
    pub fn store(&self) -> &Arc<KeyStore> {
        &self.store
    }

    /// The active institution of a host name (without port), if there is one. No SQL.
    pub fn by_host(&self, host: &str) -> Option<TenantDb> {
        let hosts = self.hosts.load();
        match hosts.get(host) {
            Some(tenant) => Some(tenant.clone()),
            None => hosts.get(host.to_ascii_lowercase().as_str()).cloned(),
        }
    }

    /// The institutions this node serves now, each once.
    pub fn active(&self) -> Vec<TenantDb> {
        let mut seen = HashMap::new();
        for tenant in self.hosts.load().values() {
            seen.entry(tenant.id()).or_insert_with(|| tenant.clone());
        }
        seen.into_values().collect()
    }

    /// Any finished institution by its slug, suspended ones too: for the command line.
    pub async fn by_slug(&self, slug: &str) -> Result<Option<TenantDb>, RegistryError> {
        match self.list().await?.into_iter().find(|tenant| tenant.slug == slug && tenant.status != "creating") {
            None => Ok(None),
            Some(row) => Ok(Some(self.open_tenant(&row)?)),
        }
    }

    pub async fn list(&self) -> Result<Vec<TenantRow>, sqlx::Error> {
        let rows = sqlx::query!(
            r#"select t.id, t.slug, t.schema_name, t.owner_role, t.app_role, t.database_url, t.max_connections, t.status,
                array(select h.host from platform.tenant_host h where h.tenant_id = t.id order by h.host) as "hosts!"
            from platform.tenant t order by t.slug"#
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| TenantRow {
                id: TenantId(row.id),
                slug: row.slug,
                schema_name: row.schema_name,
                owner_role: row.owner_role,
                app_role: row.app_role,
                database_url: row.database_url,
                max_connections: row.max_connections,
                status: row.status,
                hosts: row.hosts,
            })
            .collect())
    }

    /// Reads the registry again. Called in the background and after every change made here.
    pub async fn refresh(&self) -> Result<(), RegistryError> {
        let mut hosts = HashMap::new();
        for row in self.list().await?.into_iter().filter(|row| row.status == "active") {
            match self.open_tenant(&row) {
                Ok(tenant) => hosts.extend(row.hosts.into_iter().map(|host| (host, tenant.clone()))),
                // One institution whose key is gone must not take the others down.
                Err(error) => tracing::error!(tenant = row.slug, %error, "this institution can't be served"),
            }
        }
        self.hosts.store(Arc::new(hosts));
        Ok(())
    }

    /// The owner's connection with the institution's role and schema set: for `pec verify`, never for a request.
    pub fn owner_options(&self, tenant: &TenantRow) -> Result<PgConnectOptions, RegistryError> {
        let path = format!("{},ext", tenant.schema_name);
        Ok(self.options_of(tenant)?.options([("role", tenant.owner_role.as_str()), ("search_path", &path)]))
    }

    /// Options of the owner's connection to the cluster an institution lives on.
    pub(super) fn options_of(&self, tenant: &TenantRow) -> Result<PgConnectOptions, RegistryError> {
        match tenant.database_url.as_deref().map(PgConnectOptions::from_str) {
            Some(Ok(elsewhere)) => Ok(elsewhere.application_name("pec")),
            Some(Err(source)) => Err(RegistryError::TenantUrl { slug: tenant.slug.clone(), source }),
            None => Ok(self.options.clone()),
        }
    }

    /// The password of an institution's application role: derived, so it is stored nowhere.
    fn role_password(&self, app_role: &str) -> String {
        hex::encode(&self.root.derive("database-role", app_role.as_bytes())[..])
    }

    /// What PostgreSQL is told of that password. The salt is derived too, so that saying it again changes nothing.
    pub(super) fn role_verifier(&self, app_role: &str) -> String {
        let salt = self.root.derive("database-role-salt", app_role.as_bytes());
        let salt: &[u8; 16] = salt.first_chunk().expect("32 bytes begin with 16");
        crate::crypto::scram_verifier(&self.role_password(app_role), salt)
    }

    pub(super) fn open_tenant(&self, row: &TenantRow) -> Result<TenantDb, RegistryError> {
        if let Some(open) = self.open.read().expect("no code panics while it holds the tenants").get(&row.id) {
            return Ok(open.clone());
        }
        let keys = self.store.open_tenant(Uuid::from(row.id))?;
        let options = self
            .options_of(row)?
            .username(&row.app_role)
            .password(&self.role_password(&row.app_role))
            .application_name(&format!("pec:{}", row.slug))
            // Half (the default) of a word's trigrams is more than a short word keeps through a typing error: "phisics".
            .options([("pg_trgm.strict_word_similarity_threshold", "0.4")]);
        let max = u32::try_from(row.max_connections).expect("the registry's CHECK keeps it between 4 and 500");
        let opening = Opening { id: row.id, slug: &row.slug, options, max_connections: max, keys };
        let opened = TenantDb::open(opening, &self.budget, self.clock.clone());
        let mut open = self.open.write().expect("no code panics while it holds the tenants");
        Ok(open.entry(row.id).or_insert(opened).clone())
    }

    pub async fn ping(&self) -> Result<(), DbError> {
        sqlx::query_scalar!("select 1 as one").fetch_one(&self.pool).await?;
        Ok(())
    }

    pub async fn close(&self) {
        let open: Vec<TenantDb> =
            self.open.read().expect("no code panics while it holds the tenants").values().cloned().collect();
        for tenant in open {
            tenant.close().await;
        }
        self.pool.close().await;
    }
}

/// Once for each database: two schemas of our own, and nothing left that everybody may use.
async fn prepare_database(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "create schema if not exists platform;
         create schema if not exists ext;
         create extension if not exists pg_trgm schema ext;
         create extension if not exists unaccent schema ext;
         create extension if not exists btree_gist schema ext;
         grant usage on schema ext to public;
         revoke all on schema public from public;
         do $$ begin execute format('revoke create, temporary, connect on database %I from public', current_database()); end $$;",
    )
    .execute(connection)
    .await
    .map(|_| ())
}

async fn installation(connection: &mut PgConnection, root: &RootKey) -> Result<String, RegistryError> {
    let check = root.check_value();
    let fresh = hex::encode(crate::crypto::random::<4>());
    let row = sqlx::query!(
        "with made as (
            insert into platform.installation (id, root_key_check) values ($1, $2) on conflict do nothing returning id, root_key_check
        ) select id as \"id!\", root_key_check as \"root_key_check!\" from made
        union all select id, root_key_check from platform.installation limit 1",
        fresh,
        check.as_slice()
    )
    .fetch_one(connection)
    .await?;
    if row.root_key_check != check {
        return Err(RootKeyError::Wrong(root.path().to_owned()).into());
    }
    Ok(row.id)
}
