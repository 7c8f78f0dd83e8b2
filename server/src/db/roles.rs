//! The two database roles of an institution: an owner that nobody signs in as, and the application's, which is held to its schema.
//!
//! Everything here is said again on each migration, so that what somebody changed by hand, or a restore left out, is put right.

use sqlx::PgConnection;

use super::{
    migrate::raw,
    registry::{Registry, TenantRow},
};

/// What holds for every session of the application's role.
pub const ROLE_SETTINGS: [(&str, &str); 4] = [
    ("default_transaction_read_only", "on"),
    ("statement_timeout", "8s"),
    ("lock_timeout", "3s"),
    ("idle_in_transaction_session_timeout", "15s"),
];

/// The kind stands before the institution's name: behind it, the owner of `demo` and the application of `demo-owner` would be one.
pub(super) fn names(install: &str, slug: &str) -> (String, String) {
    let name = slug.replace('-', "_");
    (format!("pec_{install}_o_{name}"), format!("pec_{install}_a_{name}"))
}

/// Makes the roles and the schema unless they are there, and sets what must hold of them.
pub(super) async fn ensure(connection: &mut PgConnection, registry: &Registry, row: &TenantRow) -> Result<(), sqlx::Error> {
    let TenantRow { schema_name: schema, owner_role: owner, app_role: app, .. } = row;
    let verifier = registry.role_verifier(app);
    let settings: String = ROLE_SETTINGS.map(|(name, value)| format!("alter role {app} set {name} = '{value}';\n")).concat();
    // A value for this database alone would win over the role's.
    let overrides: String = ROLE_SETTINGS
        .map(|(name, _)| format!("execute format('alter role {app} in database %I reset {name}', here);\n"))
        .concat();
    let sql = format!(
        "do $$ begin
            if to_regrole('{owner}') is null then create role {owner} nologin; end if;
            if to_regrole('{app}') is null then create role {app} login noinherit; end if;
        end $$;
        alter role {owner} nologin;
        alter role {app} login noinherit password '{verifier}';
        grant {owner} to current_user with set true, inherit false;
        alter role {app} set search_path = {schema}, ext;
        {settings}
        do $$ declare here name := current_database(); begin
            execute format('grant connect on database %I to {app}', here);
            {overrides}
        end $$;
        create schema if not exists {schema} authorization {owner};"
    );
    // Two changes of one role or database at the same time fail with "tuple concurrently updated": one after the other.
    raw(connection, "select pg_advisory_lock(hashtextextended('pec provision', 0))".to_owned()).await?;
    let done = raw(connection, sql).await;
    raw(connection, "select pg_advisory_unlock(hashtextextended('pec provision', 0))".to_owned()).await?;
    done
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_institutions_share_a_role() {
        let slugs = ["demo", "demo-owner", "o-demo", "a-demo", "demo-a", "demo-o", "owner", "o", "a"];
        let all: Vec<String> = slugs.iter().flat_map(|slug| <[String; 2]>::from(names("0123abcd", slug))).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 2 * slugs.len(), "{all:?}");
        let longest = names("0123abcd", &"x".repeat(31));
        assert!(longest.0.len() < 64 && longest.1.len() < 64, "PostgreSQL would cut the name off");
    }
}
