use sqlx::PgConnection;

use super::catalog;
use crate::db::{Action, Actor, AuditClass, Module, Verdict};

/// Brings a catalog file into the institution. One at a time.
pub struct ImportCatalog;

impl Action for ImportCatalog {
    const NAME: &'static str = "catalog.import";
    const MODULE: Module = Module::Interop;
    const CLASS: AuditClass = AuditClass::Sensitive;
    const TARGET: &'static str = "term";
    type Key = ();
    type Target = ();

    async fn load(connection: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        catalog::lock(connection).await?;
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        if actor.is_admin() || actor.is_system() { Verdict::Allow } else { Verdict::Forbid("admins-only") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{
        Role,
        ids::{RequestId, UserId},
    };

    #[test]
    fn admins_and_the_command_line_import() {
        let person = |role| Actor::person(UserId::new(), role, RequestId::new());
        assert_eq!(ImportCatalog::allows(&person(Role::Admin), &()), Verdict::Allow);
        assert_eq!(ImportCatalog::allows(&Actor::system("import"), &()), Verdict::Allow);
        for role in [Role::Student, Role::Faculty] {
            assert_eq!(ImportCatalog::allows(&person(role), &()), Verdict::Forbid("admins-only"));
        }
    }
}
