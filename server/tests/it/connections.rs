//! The connections of an institution: what a request that is given up leaves behind, and how many a node may hold.

use std::time::Duration;

use futures_util::future::join_all;
use pec::db::{Actor, Clock, DbError, Module, Registry, RegistryOptions, TenantDb};
use sqlx::PgConnection;

use crate::support::{DATA, database_url, owner, run, tenant};

/// Does nothing, in a transaction.
struct Touch;

impl pec::db::Action for Touch {
    const NAME: &'static str = "test.touch";
    const MODULE: Module = Module::Users;
    const CLASS: pec::db::AuditClass = pec::db::AuditClass::Exempt;
    const TARGET: &'static str = "institution";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(_: &Actor, (): &()) -> pec::db::Verdict {
        pec::db::Verdict::Allow
    }
}

async fn in_transaction(tenant: &TenantDb) -> bool {
    let mut reader = tenant.reader(Module::Users).await.unwrap();
    // `begin` has the transaction's id assigned in the same breath.
    let open =
        sqlx::query_scalar!(r#"select pg_current_xact_id_if_assigned() is not null as "open!""#).fetch_one(&mut *reader).await;
    reader.done();
    open.unwrap()
}

#[test]
fn a_transaction_given_up_while_it_begins_is_nobody_elses() {
    run(async {
        let tenant = tenant().await;
        let actor = Actor::system("test");
        for delay_us in (0..3_000).step_by(10) {
            let begun = tokio::time::timeout(Duration::from_micros(delay_us), tenant.write::<Touch>(&actor, &())).await;
            drop(begun);
            assert!(!in_transaction(&tenant).await, "after {delay_us} µs");
        }
    });
}

#[test]
fn reads_given_up_keep_their_modules_places_until_they_are_over() {
    run(async {
        let tenant = tenant().await;
        // All that the module may have, opened before the clock runs.
        let opened: Vec<_> = join_all((0..8).map(|_| tenant.reader(Module::Departments))).await;
        opened.into_iter().for_each(|reader| reader.unwrap().done());
        let mut locker = owner(&tenant).await;
        sqlx::raw_sql("begin; lock table department in access exclusive mode").execute(&mut locker).await.unwrap();
        let given_up = (0..200).map(|_| {
            tokio::time::timeout(Duration::from_millis(100), async {
                let mut reader = tenant.reader(Module::Departments).await?;
                sqlx::query_scalar!(r#"select count(*) as "n!" from department"#)
                    .fetch_one(&mut *reader)
                    .await
                    .map_err(DbError::from)
            })
        });
        assert!(join_all(given_up).await.iter().all(Result::is_err));
        // Their statements still wait for the lock. The module itself is full, every other one is not.
        assert!(matches!(tenant.reader(Module::Departments).await.err(), Some(DbError::Busy("departments"))));
        let others = (0..40).map(|_| async {
            let mut reader = tenant.reader(Module::Users).await.unwrap();
            sqlx::query_scalar!(r#"select count(*) as "n!" from app_user"#).fetch_one(&mut *reader).await.unwrap();
            reader.done();
        });
        tokio::time::timeout(Duration::from_secs(1), join_all(others)).await.expect("others don't wait");
        sqlx::raw_sql("rollback").execute(&mut locker).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(tenant.reader(Module::Departments).await.is_ok());
    });
}

#[test]
fn a_node_never_holds_more_connections_than_its_budget() {
    run(async {
        const BUDGET: usize = 8;
        let mut slugs = Vec::new();
        for _ in 0..12 {
            slugs.push(tenant().await.slug().to_owned());
        }
        let options = RegistryOptions {
            database_url: database_url(),
            root_key: DATA.join("root.key"),
            key_dir: DATA.join("keys"),
            clock: Clock::system(),
            connections: BUDGET,
        };
        let registry = Registry::open(options).await.unwrap();
        let mut tenants = Vec::new();
        for slug in &slugs {
            tenants.push(registry.by_slug(slug).await.unwrap().unwrap());
        }
        // Each in turn, more than the budget has places: connections that are idle make room.
        for tenant in tenants.iter().cycle().take(36) {
            let mut reader = tenant.reader(Module::Users).await.unwrap();
            sqlx::query_scalar!(r#"select count(*) as "n!" from app_user"#).fetch_one(&mut *reader).await.unwrap();
            reader.done();
        }
        // Held all at once: as many as there are places, and the next one is told so.
        let mut held = Vec::new();
        for tenant in &tenants[..BUDGET] {
            held.push(tenant.reader(Module::Users).await.unwrap());
        }
        assert!(matches!(tenants[BUDGET].reader(Module::Users).await.err(), Some(DbError::Busy(_))));
        held.pop().unwrap().done();
        assert!(tenants[BUDGET].reader(Module::Users).await.is_ok());
        drop(held);
        registry.close().await;
    });
}
