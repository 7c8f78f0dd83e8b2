//! One institution can't reach another, whatever SQL it sends.

use pec::db::Module;

use crate::support::{registry, run, tenant};

#[test]
fn the_role_of_one_institution_is_refused_everything_of_another() {
    run(async {
        let (ours, theirs) = (tenant().await, tenant().await);
        let schema = format!("t_{}", theirs.slug().replace('-', "_"));
        let owner = registry().await.list().await.unwrap().into_iter().find(|row| row.id == theirs.id()).unwrap().owner_role;
        let attempts = [
            format!("select count(*) from {schema}.app_user"),
            format!("insert into {schema}.department (id, code, name) values (gen_random_uuid(), 'X', 'X')"),
            format!("update {schema}.institution set name = 'x'"),
            format!("delete from {schema}.department"),
            format!("truncate {schema}.department"),
            format!("drop table {schema}.department"),
            format!("create table {schema}.mine (id int)"),
            format!("alter table {schema}.department disable trigger all"),
            format!("select {schema}.search_form('x')"),
            format!("select 1; lock table {schema}.department"),
            format!("copy {schema}.department to stdout"),
            format!("set role {owner}"),
            "create table public.mine (id int)".to_owned(),
            "create temporary table mine (id int)".to_owned(),
            "create schema mine".to_owned(),
            "select * from platform.tenant".to_owned(),
            "select pg_read_file('/etc/passwd')".to_owned(),
        ];
        for sql in attempts {
            let mut connection = ours.reader(Module::Users).await.unwrap();
            // Read-only is the role's default, not a wall: injected SQL could turn it off.
            sqlx::raw_sql("set default_transaction_read_only = off").execute(&mut *connection).await.unwrap();
            let error = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *connection).await.expect_err(&sql);
            let code = error.as_database_error().and_then(|e| e.code().map(|code| code.into_owned()));
            assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
        }
    });
}

#[test]
fn the_read_door_cannot_write() {
    run(async {
        let tenant = tenant().await;
        let mut reader = tenant.reader(Module::Departments).await.unwrap();
        let error = sqlx::raw_sql("update institution set name = 'x'").execute(&mut *reader).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("25006"), "{error}");
    });
}

#[test]
fn evidence_cannot_be_changed() {
    run(async {
        let tenant = tenant().await;
        for table in ["audit_event", "audit_diff", "enrollment_event"] {
            for sql in [format!("delete from {table}"), format!("truncate {table}")] {
                // As the application's role by privilege, as the owner by trigger.
                let mut reader = tenant.reader(Module::Users).await.unwrap();
                sqlx::raw_sql("set default_transaction_read_only = off").execute(&mut *reader).await.unwrap();
                let error = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *reader).await.unwrap_err();
                assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{sql}: {error}");
            }
            let mut owner = crate::support::owner(&tenant).await;
            let error = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("truncate {table}"))).execute(&mut owner).await.unwrap_err();
            assert_eq!(error.as_database_error().unwrap().code().as_deref(), Some("42501"), "{table}: {error}");
        }
    });
}
