//! `migrations/schema.sql` and `platform.sql` are what the migrations make; a fresh institution is exactly that. And what `pec verify` finds.

use std::str::FromStr;

use pec::{
    crypto::{Field, Sealed},
    db::{TenantDb, TenantRow, describe_schema, ids::UserId},
};
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

#[test]
fn platform_sql_is_what_the_migrations_make() {
    run(async {
        let mut connection = PgConnection::connect_with(registry().await.options()).await.unwrap();
        let text = describe_schema(&mut connection, "platform").await.unwrap();
        let text = format!(
            "-- Generated from the migrations: the schema of the registry. `PEC_WRITE_SCHEMA=1` writes it again.\n\n{text}"
        );
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/platform.sql");
        if std::env::var_os("PEC_WRITE_SCHEMA").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        assert!(
            std::fs::read_to_string(path).unwrap() == text,
            "run the tests once with PEC_WRITE_SCHEMA=1 and commit platform.sql"
        );
    });
}

/// What `pec verify` finds of one institution, or of none, as "check: detail".
async fn found(tenant: Option<&TenantDb>) -> Vec<String> {
    let registry = registry().await;
    let findings = match tenant {
        Some(tenant) => pec::verify::verify_tenant(registry, &row(tenant).await).await,
        None => pec::verify::verify_installation(registry).await.unwrap(),
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
        let nobody = uuid::Uuid::now_v7();
        let of_people = DATA.join("keys/subject").join(nobody.to_string());
        std::fs::create_dir_all(&of_people).unwrap();
        let findings = found(None).await;
        std::fs::remove_file(&key).unwrap();
        std::fs::remove_dir(&of_people).unwrap();
        administer(&format!("drop role {role}; drop schema t_orphan")).await;
        let kinds = [
            "orphan: schema t_orphan".to_owned(),
            format!("orphan: role {role}"),
            "orphan: key file".to_owned(),
            format!("orphan: key directory subject/ {nobody}"),
        ];
        for kind in kinds {
            assert!(findings.iter().any(|line| line.starts_with(&kind)), "{kind}: {findings:?}");
        }
    });
}

/// Changes that no other test minds; what it finds of the whole installation is looked for in the others' findings.
#[test]
fn verify_finds_drift_of_the_registry_and_what_everybody_may_do() {
    run(async {
        let name = PgConnectOptions::from_str(&database_url()).unwrap().get_database().unwrap().to_owned();
        let changed = tenant().await;
        let TenantRow { schema_name: schema, owner_role, .. } = row(&changed).await;
        let before = found(None).await;
        administer(&format!(
            "create table platform.surplus (id int); create index tenant_surplus on platform.tenant (created_at);
            grant connect, temporary on database {name} to public; grant usage on schema public to public;
            grant create on schema ext to public; grant select on platform.tenant to public;
            set role {owner_role}; grant usage on schema {schema} to public"
        ))
        .await;
        let findings = found(None).await;
        administer(&format!(
            "drop table platform.surplus; drop index platform.tenant_surplus;
            revoke connect, temporary on database {name} from public; revoke usage on schema public from public;
            revoke create on schema ext from public; revoke select on platform.tenant from public;
            set role {owner_role}; revoke usage on schema {schema} from public"
        ))
        .await;
        for expected in [
            "schema drift: platform: + create table surplus",
            "schema drift: platform: + CREATE INDEX tenant_surplus",
            "grant: PUBLIC has CONNECT on the database",
            "grant: PUBLIC has TEMPORARY on the database",
            "grant: PUBLIC has USAGE on schema public",
            "grant: PUBLIC has CREATE on schema ext",
            &format!("grant: PUBLIC has USAGE on schema {schema}"),
            "grant: PUBLIC has SELECT on platform.tenant",
        ] {
            assert!(!before.iter().any(|line| line == expected), "{expected}: {before:#?}");
            assert!(findings.iter().any(|line| line == expected), "{expected}: {findings:#?}");
        }
        let after = found(None).await;
        assert!(!after.iter().any(|line| line.starts_with("grant: ") || line.starts_with("schema drift: ")), "{after:#?}");
    });
}

/// Four people with contact details: one whole, one without a key, one whose key is another's, one whose value was moved from another
/// row. And keys of nobody: an old one, a new one, and what is no key's name.
#[test]
fn verify_looks_at_every_persons_key_and_sealed_values() {
    run(async {
        let tenant = tenant().await;
        let mut owner = owner(&tenant).await;
        let people: Vec<UserId> = (0..4).map(|_| UserId::new()).collect();
        for id in &people {
            let field = Field { table: "user_contact", column: "phone_sealed" };
            let sealed = Sealed::seal(tenant.keys(), field, id.0, &"+91 172 274 1098".to_owned());
            tenant.keys().subject(id.0).unwrap();
            sqlx::query!("insert into app_user (id, name, sort_name) values ($1, 'A', 'A')", id.0)
                .execute(&mut owner)
                .await
                .unwrap();
            sqlx::query!("insert into user_contact (user_id, phone_sealed) values ($1, $2)", id.0, sealed.as_column())
                .execute(&mut owner)
                .await
                .unwrap();
        }
        assert_eq!(found(Some(&tenant)).await, Vec::<String>::new());

        let file = |id: uuid::Uuid| {
            let id = id.to_string();
            DATA.join("keys/subject").join(tenant.id().0.to_string()).join(&id[34..]).join(&id)
        };
        let [whole, keyless, foreign, moved] = people.iter().map(|id| id.0).collect::<Vec<_>>()[..] else { unreachable!() };
        std::fs::remove_file(file(keyless)).unwrap();
        std::fs::copy(file(whole), file(foreign)).unwrap();
        sqlx::query!("update user_contact set phone_sealed = (select phone_sealed from user_contact where user_id = $1) where user_id = $2", whole, moved)
            .execute(&mut owner)
            .await
            .unwrap();
        let (old, new) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
        let odd = file(whole).with_file_name("odd");
        for path in [file(old), file(new), odd.clone()] {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
        }
        // Of the people's own keys none is young either: age alone makes nobody an orphan.
        let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7_200);
        for path in [file(old), odd, file(whole), file(moved)] {
            std::fs::File::options().append(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        let mut findings = found(Some(&tenant)).await;
        findings.sort();
        let subjects = format!("subject/{}", tenant.id());
        let mut expected = vec![
            format!("personal key: person {keyless}: the key of {keyless} has been destroyed or never existed"),
            format!("sealed value: person {moved}: a sealed value does not open: it was changed, or moved from another place"),
            format!("orphan: key file {subjects}/{}/{old} belongs to no person", &old.to_string()[34..]),
            format!("orphan: key file {subjects}/{}/odd belongs to no person", &whole.to_string()[34..]),
        ];
        let unreadable = format!("personal key: person {foreign}: the key file ");
        assert!(findings.iter().any(|line| line.starts_with(&unreadable)), "{findings:#?}");
        findings.retain(|line| !line.starts_with(&unreadable));
        expected.sort();
        assert_eq!(findings, expected);
    });
}
