//! The typed write transaction: one audit row for each commit, none for a rollback, and nothing personal in plain sight.

use pec::{
    audit::Change,
    crypto::Personal,
    db::{
        Action, Actor, AuditClass, DbError, Module, Outbox, Role, TenantDb, Verdict,
        ids::{RequestId, UserId},
    },
};
use sqlx::PgConnection;

use crate::support::{owner, run, tenant};

/// Renames the institution: only for these tests.
struct Rename;

impl Action for Rename {
    const NAME: &'static str = "test.rename";
    const MODULE: Module = Module::Users;
    const CLASS: AuditClass = AuditClass::Record;
    const TARGET: &'static str = "institution";
    type Key = ();
    type Target = String;

    async fn load(connection: &mut PgConnection, (): &()) -> Result<Option<String>, sqlx::Error> {
        sqlx::query_scalar!("select name from institution for update").fetch_optional(connection).await
    }

    fn allows(actor: &Actor, _: &String) -> Verdict {
        match actor.role() {
            Some(Role::Admin) => Verdict::Allow,
            Some(Role::Faculty) => Verdict::Forbid("admins-only"),
            _ => Verdict::Invisible,
        }
    }
}

fn person(role: Role) -> Actor {
    Actor::person(UserId::new(), role, RequestId::new())
}

async fn rename(tenant: &TenantDb, actor: &Actor, to: &str, finish: bool) -> Result<(), DbError> {
    let mut tx = tenant.write::<Rename>(actor, &()).await?;
    sqlx::query!("update institution set name = $1", to).execute(tx.connection()).await?;
    tx.announce(Outbox { stream: "test".to_owned(), kind: "test.renamed", body: serde_json::json!({ "to": to }) });
    let about = actor.user_id().unwrap();
    let change = Change::of(uuid::Uuid::nil()).about(about).field("name", tx.target().as_str(), to).personal(
        "phone",
        None,
        Some(&Personal::new("+91 98765 43210".to_owned())),
    );
    if finish { tx.commit(change).await } else { Ok(()) }
}

async fn counts(tenant: &TenantDb) -> (i64, i64) {
    let row = sqlx::query!(
        r#"select (select count(*) from audit_event where action = 'test.rename') as "audit!", (select count(*) from outbox) as "outbox!""#
    )
    .fetch_one(&mut owner(tenant).await)
    .await
    .unwrap();
    (row.audit, row.outbox)
}

#[test]
fn a_commit_leaves_one_audit_row_and_its_announcements_and_a_rollback_none() {
    run(async {
        let tenant = tenant().await;
        let admin = person(Role::Admin);
        rename(&tenant, &admin, "Dropped", false).await.unwrap();
        assert_eq!(counts(&tenant).await, (0, 0));
        rename(&tenant, &admin, "Kept", true).await.unwrap();
        assert_eq!(counts(&tenant).await, (1, 1));
        let row = sqlx::query!(r#"select canonical, txid::text as "txid!", actor_id, class from audit_event"#)
            .fetch_one(&mut owner(&tenant).await)
            .await
            .unwrap();
        let text = String::from_utf8(row.canonical).unwrap();
        let facts: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(facts["fields"]["name"], serde_json::json!(["Test Institution", "Kept"]));
        assert_eq!(facts["txid"], serde_json::json!(row.txid));
        assert_eq!(facts["actor"]["id"], serde_json::json!(admin.user_id().unwrap()));
        assert!(!text.contains("98765"), "the phone number is sealed: {text}");
        assert!(facts["fields"]["phone"][1]["sealed"].is_string(), "{text}");
        assert_eq!(pec::audit::canonical(&facts), text.as_bytes(), "the stored bytes are the canonical ones");
    });
}

#[test]
fn invisible_is_not_found_and_visible_but_refused_is_forbidden() {
    run(async {
        let tenant = tenant().await;
        assert!(matches!(rename(&tenant, &person(Role::Student), "x", true).await, Err(DbError::NotFound)));
        let faculty = person(Role::Faculty);
        for _ in 0..3 {
            assert!(matches!(rename(&tenant, &faculty, "x", true).await, Err(DbError::Forbidden("admins-only"))));
        }
        assert_eq!(counts(&tenant).await, (0, 0));
        tenant.flush_refusals().await.unwrap();
        let rows = sqlx::query!("select target_id, canonical from audit_event where action = 'access.refused'")
            .fetch_all(&mut owner(&tenant).await)
            .await
            .unwrap();
        assert_eq!(rows.len(), 2, "one row an actor and action");
        let of_faculty = rows.iter().find(|row| row.target_id == faculty.user_id().map(Into::into)).unwrap();
        assert!(String::from_utf8_lossy(&of_faculty.canonical).contains(r#""count":[null,3]"#));
    });
}

/// The database takes nothing about one of them for a while: what is not written then is written later, each refusal once.
#[test]
fn refusals_that_could_not_be_written_are_kept() {
    run(async {
        let tenant = tenant().await;
        let faculty: Vec<Actor> = (0..6).map(|_| person(Role::Faculty)).collect();
        let refuse = async || {
            for (times, actor) in (1..).zip(&faculty) {
                for _ in 0..times {
                    rename(&tenant, actor, "x", true).await.unwrap_err();
                }
            }
        };
        refuse().await;
        let mut owner = owner(&tenant).await;
        let stuck = uuid::Uuid::from(faculty[3].user_id().unwrap());
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "create function refuse() returns trigger language plpgsql as $$ begin raise 'not now'; end $$;
            create trigger refuse before insert on audit_event for each row when (new.target_id = '{stuck}') execute function refuse()"
        )))
        .execute(&mut owner)
        .await
        .unwrap();
        tenant.flush_refusals().await.unwrap_err();
        rename(&tenant, &faculty[3], "x", true).await.unwrap_err();
        tenant.flush_refusals().await.unwrap_err();
        sqlx::raw_sql("drop trigger refuse on audit_event; drop function refuse()").execute(&mut owner).await.unwrap();
        tenant.flush_refusals().await.unwrap();
        let rows = sqlx::query!("select target_id, canonical from audit_event where action = 'access.refused'")
            .fetch_all(&mut owner)
            .await
            .unwrap();
        assert_eq!(rows.len(), faculty.len());
        for (times, actor) in [1, 2, 3, 5, 5, 6].into_iter().zip(&faculty) {
            let row = rows.iter().find(|row| row.target_id == actor.user_id().map(Into::into)).unwrap();
            let facts: serde_json::Value = serde_json::from_slice(&row.canonical).unwrap();
            assert_eq!(facts["fields"]["count"], serde_json::json!([null, times]));
        }
    });
}

/// An action that writes and then says it did not would leave no trace: the tests' builds end it there.
#[test]
fn what_changed_cannot_be_committed_as_unchanged() {
    run(async {
        let tenant = tenant().await;
        let admin = person(Role::Admin);
        // The same connection writes just before: that is not this transaction's doing.
        rename(&tenant, &admin, "Kept", true).await.unwrap();
        tenant.write::<Rename>(&admin, &()).await.unwrap().commit_unchanged().await.unwrap();
        let (db, actor) = (tenant.clone(), admin.clone());
        let hidden = tokio::spawn(async move {
            let mut tx = db.write::<Rename>(&actor, &()).await.unwrap();
            sqlx::query!("update institution set name = 'Hidden'").execute(tx.connection()).await.unwrap();
            tx.commit_unchanged().await
        });
        assert!(hidden.await.unwrap_err().is_panic());
        let name = sqlx::query_scalar!("select name from institution").fetch_one(&mut owner(&tenant).await).await.unwrap();
        assert_eq!(name, "Kept");
    });
}
