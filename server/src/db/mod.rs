//! The only way to PostgreSQL.
//!
//! One schema, two database roles and one pool per institution; `read` gives the read door, `write` the one typed write
//! transaction. A connection of a tenant's pool can reach that tenant's schema and nothing else: PostgreSQL refuses the rest.
//! Handlers never see a pool; stores see a connection that came through one of the doors.

mod analyze;
mod audit_row;
mod budget;
mod clock;
mod error;
pub mod ids;
mod migrate;
mod module;
mod once;
mod pool;
mod provision;
mod read;
mod refusals;
mod registry;
mod roles;
mod schema;
mod tenant;
mod write;

pub use clock::Clock;
pub use error::DbError;
pub use migrate::{APPEND_ONLY, MigrationReport, migrate_all, platform as migrate_platform};
pub use module::{MODULES, Module};
pub use once::{Once, OnceKey, StoredAnswer};
pub use provision::{
    NewTenant, ProvisionError, ProvisionStep, activate, create_tenant, provision, provision_through, set_tenant_status,
};
pub use read::View;
pub use registry::{Registry, RegistryError, RegistryOptions, TenantRow};
pub use roles::ROLE_SETTINGS;
pub use schema::describe as describe_schema;
pub use tenant::{Reader, TenantDb};
pub use write::{Action, Actor, AuditClass, Outbox, Role, Verdict, WriteTx};
