//! `migrations/schema.sql` is what the migrations make; a fresh institution is exactly that.

use std::str::FromStr;

use pec::db::{TenantDb, TenantRow, describe_schema};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use crate::support::{DATA, database_url, owner, registry, run, tenant};

#[test]
fn schema_sql_is_what_the_migrations_make() {
    run(async {
        let tenant = tenant().await;
        let schema = format!("t_{}", tenant.slug().replace('-', "_"));
        let text = describe_schema(&mut owner(&tenant).await, &schema).await.unwrap();
        let text = format!(
            "-- Generated from the migrations: what one institution's schema is. `PEC_WRITE_SCHEMA=1` writes it again.\n\n{text}"
        );
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/schema.sql");
        if std::env::var_os("PEC_WRITE_SCHEMA").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap() == text,
            "run the tests once with PEC_WRITE_SCHEMA=1 and commit schema.sql"
        );
    });
}

/// What `pec verify` finds of one institution, or of none, as "check: detail".
async fn found(tenant: Option<&TenantDb>) -> Vec<String> {
    let registry = registry().await;
    let findings = match tenant {
        Some(tenant) => pec::verify::verify_tenant(registry, &row(tenant).await).await,
        None => pec::verify::verify(registry).await.unwrap().into_iter().filter(|finding| finding.tenant.is_none()).collect(),
    };
    findings.into_iter().map(|finding| format!("{}: {}", finding.check, finding.detail)).collect()
}

async fn administer(sql: &str) {
    let mut connection = PgConnection::connect(&database_url()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn row(tenant: &TenantDb) -> TenantRow {
    registry().await.list().await.unwrap().into_iter().find(|row| row.id == tenant.id()).unwrap()
}

#[test]
fn verify_finds_nothing_in_a_fresh_institution_and_drift_in_a_changed_one() {
    run(async {
        let (fresh, changed) = (tenant().await, tenant().await);
        // `department` has a column of the same line.
        let sql = "alter table room add column color text; alter table course drop column archived_at;
            drop index term_starts_on; alter table audit_event disable trigger audit_event_append_only";
        sqlx::raw_sql(sql).execute(&mut owner(&changed).await).await.unwrap();
        assert_eq!(found(Some(&fresh)).await, Vec::<String>::new());
        let drift = found(Some(&changed)).await;
        for line in [
            "create table room: +     color text",
            "create table course: -     archived_at timestamp with time zone",
            "- CREATE INDEX term_starts_on",
            "CREATE TRIGGER audit_event_append_only",
        ] {
            assert!(drift.iter().any(|found| found.starts_with("schema drift: ") && found.contains(line)), "{line}: {drift:?}");
        }
    });
}

#[test]
fn verify_finds_what_a_role_may_do_and_must_not_and_migrating_puts_it_right() {
    run(async {
        let changed = tenant().await;
        let TenantRow { app_role: app, owner_role, schema_name: schema, .. } = row(&changed).await;
        let name = PgConnectOptions::from_str(&database_url()).unwrap().get_database().unwrap().to_owned();
        administer(&format!(
            "alter role {app} set statement_timeout = 0; alter role {app} reset lock_timeout;
            alter role {app} in database {name} set default_transaction_read_only = off; alter role {app} inherit;
            alter role {owner_role} login;
            set role {owner_role}; grant update (canonical) on {schema}.audit_event to {app};
            grant delete on {schema}.enrollment_event to {app}; revoke select on {schema}.room from {app}"
        ))
        .await;
        let findings = found(Some(&changed)).await;
        for expected in [
            format!("role setting: {app}: statement_timeout is 0 instead of 8s"),
            format!("role setting: {app}: lock_timeout is the server's default instead of 3s"),
            format!("role setting: {app}: default_transaction_read_only is off instead of on"),
            format!("role: {app} inherits what other roles may do"),
            format!("role: {owner_role} may sign in"),
            format!("grant: {app} may update columns of audit_event"),
            format!("grant: {app} on enrollment_event: [SELECT, INSERT, DELETE] instead of [SELECT, INSERT]"),
            format!("grant: {app} on room: [INSERT, UPDATE, DELETE] instead of [SELECT, INSERT, UPDATE, DELETE]"),
        ] {
            assert!(findings.contains(&expected), "{expected}: {findings:#?}");
        }
        pec::db::migrate_all(registry().await).await.unwrap();
        assert_eq!(found(Some(&changed)).await, Vec::<String>::new());
    });
}

#[test]
fn verify_names_an_institution_that_cannot_be_reached_or_opened() {
    run(async {
        let (away, keyless, fresh) = (tenant().await, tenant().await, tenant().await);
        administer(&format!("update platform.tenant set database_url = 'nonsense' where slug = '{}'", away.slug())).await;
        let key = DATA.join("keys/tenant").join(keyless.id().0.to_string());
        let hidden = DATA.join("hidden.key");
        std::fs::rename(&key, &hidden).unwrap();
        // All of them at once: one that can't be looked at holds nobody up.
        let all = pec::verify::verify(registry().await).await.unwrap();
        let of = |tenant: &TenantDb| {
            let of = all.iter().filter(|finding| finding.tenant.as_deref() == Some(tenant.slug()));
            of.map(|finding| format!("{}: {}", finding.check, finding.detail)).collect::<Vec<_>>()
        };
        let (of_away, of_keyless, of_fresh) = (of(&away), of(&keyless), of(&fresh));
        // Another node: here it is open already.
        let opened = crate::support::registry_of().await.by_slug(away.slug()).await.err().map(|error| error.to_string());
        std::fs::rename(&hidden, &key).unwrap();
        administer(&format!("update platform.tenant set database_url = null where slug = '{}'", away.slug())).await;
        assert!(of_away.iter().any(|line| line.starts_with("unreachable: ") && line.contains("database URL")), "{of_away:?}");
        assert!(opened.is_some_and(|error| error.contains("database URL")), "nothing else is used in its place");
        assert!(of_keyless.iter().any(|line| line.starts_with("key: ")), "{of_keyless:?}");
        assert_eq!(of_fresh, Vec::<String>::new());
    });
}

#[test]
fn verify_finds_what_belongs_to_no_institution() {
    run(async {
        let role = format!("pec_{}_a_orphan", registry().await.install());
        administer(&format!("create role {role}; create schema t_orphan")).await;
        let key = DATA.join("keys/tenant").join(uuid::Uuid::now_v7().to_string());
        std::fs::create_dir_all(key.parent().unwrap()).unwrap();
        std::fs::write(&key, "").unwrap();
        let findings = found(None).await;
        std::fs::remove_file(&key).unwrap();
        administer(&format!("drop role {role}; drop schema t_orphan")).await;
        for kind in ["orphan: schema t_orphan".to_owned(), format!("orphan: role {role}"), "orphan: key file".to_owned()] {
            assert!(findings.iter().any(|line| line.starts_with(&kind)), "{kind}: {findings:?}");
        }
    });
}
