//! Every foreign key says what a deletion does, and has an index that finds the rows it speaks of.

use sqlx::PgConnection;

use crate::support::{owner, run, tenant};

/// The foreign keys of `schema` that break a rule, as sentences; and how many there are.
pub async fn findings(connection: &mut PgConnection, schema: &str) -> (Vec<String>, usize) {
    let keys = sqlx::query!(
        r#"select c.relname::text as "table!", k.conname::text as "name!", k.confdeltype = 'a' as "unstated!",
            exists (
                select from pg_index x
                where x.indrelid = k.conrelid and x.indpred is null and x.indisvalid
                    and (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
                    and (x.indkey::int2[])[0:cardinality(k.conkey) - 1] <@ k.conkey
            ) as "indexed!"
        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
        where k.contype = 'f' and n.nspname = $1 order by 1, 2"#,
        schema
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let count = keys.len();
    let mut found = Vec::new();
    for key in keys {
        if key.unstated {
            found.push(format!("{}.{} doesn't state its delete rule", key.table, key.name));
        }
        if !key.indexed {
            found.push(format!("{}.{} has no index that starts with its columns", key.table, key.name));
        }
    }
    (found, count)
}

#[test]
fn foreign_keys_state_their_delete_rule_and_are_indexed() {
    run(async {
        let tenant = tenant().await;
        let schema = format!("t_{}", tenant.slug().replace('-', "_"));
        let mut connection = owner(&tenant).await;
        let (found, count) = findings(&mut connection, &schema).await;
        assert_eq!(found, Vec::<String>::new());
        assert!(count > 20, "only {count} foreign keys were seen");
        assert_eq!(findings(&mut connection, "platform").await.0, Vec::<String>::new());
        sqlx::raw_sql("create table stray (a uuid, b uuid references app_user (id)); create index on stray (a, b)")
            .execute(&mut connection)
            .await
            .unwrap();
        let (found, _) = findings(&mut connection, &schema).await;
        assert_eq!(found.len(), 2, "the rules see a key that breaks both: {found:?}");
    });
}
