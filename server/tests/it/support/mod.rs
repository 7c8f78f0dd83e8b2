//! What every test stands on: one runtime, one registry, fresh institutions.

pub mod http;

use std::{
    future::Future,
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use pec::{
    db::{Clock, NewTenant, Registry, RegistryOptions, TenantDb, create_tenant},
    telemetry::statements::count_statements,
};
use sqlx::{Connection, PgConnection};
use tokio::sync::OnceCell;
use tracing_subscriber::layer::SubscriberExt as _;

// Connections belong to the runtime that opened them, and they are shared by all tests: so is the runtime. Statements are counted as
// in the program, for the whole process: what hears of them can't be exchanged while other threads meet sqlx for the first time.
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    let counting = tracing_subscriber::registry().with(count_statements());
    tracing::subscriber::set_global_default(counting).unwrap();
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
});

/// The body of a test.
pub fn run<F: Future>(test: F) -> F::Output {
    RUNTIME.block_on(test)
}

pub fn database_url() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL names an empty database; run `cargo xtask test`, or `cargo xtask db` and set what it prints")
}

/// Keys and certificates of this run. Left in the system's temporary directory: a static is never dropped.
pub static DATA: LazyLock<PathBuf> = LazyLock::new(|| tempfile::Builder::new().prefix("pec-it-").tempdir().unwrap().keep());

pub async fn registry() -> &'static Registry {
    static REGISTRY: OnceCell<Registry> = OnceCell::const_new();
    REGISTRY.get_or_init(async || registry_of().await).await
}

/// A registry of one's own on the same database, as another node has.
pub async fn registry_of() -> Registry {
    let options = RegistryOptions {
        database_url: database_url(),
        root_key: DATA.join("root.key"),
        key_dir: DATA.join("keys"),
        clock: Clock::system(),
        connections: 100,
    };
    Registry::open(options).await.expect("the test database is empty and its role may create roles")
}

/// An institution nobody else uses.
pub async fn tenant() -> TenantDb {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let slug = format!("it-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let new = NewTenant {
        slug: &slug,
        name: "Test Institution",
        short_name: "Test",
        time_zone: "Asia/Kolkata",
        accent_hue: 188,
        hosts: &[format!("{slug}.localhost")],
    };
    create_tenant(registry().await, new).await.unwrap()
}

/// A connection as the owner of an institution's schema: to arrange what no action does, and to look at what happened.
pub async fn owner(tenant: &TenantDb) -> PgConnection {
    let registry = registry().await;
    let row = registry.list().await.unwrap().into_iter().find(|row| row.id == tenant.id()).unwrap();
    PgConnection::connect_with(&registry.owner_options(&row).unwrap()).await.unwrap()
}
