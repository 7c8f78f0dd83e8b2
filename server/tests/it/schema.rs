//! `migrations/schema.sql` is what the migrations make; a fresh institution is exactly that.

use pec::db::describe_schema;

use crate::support::{owner, registry, run, tenant};

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
fn verify_finds_nothing_in_a_fresh_institution_and_drift_in_a_changed_one() {
    run(async {
        let (fresh, changed) = (tenant().await, tenant().await);
        sqlx::raw_sql("alter table room add column color text").execute(&mut owner(&changed).await).await.unwrap();
        let findings = pec::verify::verify(registry().await).await.unwrap();
        let of = |slug: &str| findings.iter().filter(|finding| finding.tenant == slug).collect::<Vec<_>>();
        assert_eq!(of(fresh.slug()), Vec::<&pec::verify::Finding>::new());
        assert!(of(changed.slug()).iter().any(|finding| finding.check == "schema drift"), "{findings:?}");
    });
}
