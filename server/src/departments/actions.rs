use sqlx::PgConnection;

use super::store;
use crate::db::{Action, Actor, AuditClass, Module, Verdict, ids::DepartmentId};

/// Admins make departments.
pub struct CreateDepartment;

impl Action for CreateDepartment {
    const NAME: &'static str = "department.create";
    const MODULE: Module = Module::Departments;
    const CLASS: AuditClass = AuditClass::Record;
    const TARGET: &'static str = "department";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        if actor.is_admin() { Verdict::Allow } else { Verdict::Forbid("admins-only") }
    }
}

/// Admins rename departments. Everyone signed in may see them, so a refusal says so.
pub struct EditDepartment;

impl Action for EditDepartment {
    const NAME: &'static str = "department.edit";
    const MODULE: Module = Module::Departments;
    const CLASS: AuditClass = AuditClass::Record;
    const TARGET: &'static str = "department";
    type Key = DepartmentId;
    type Target = store::Locked;

    async fn load(connection: &mut PgConnection, id: &DepartmentId) -> Result<Option<store::Locked>, sqlx::Error> {
        store::lock(connection, *id).await
    }

    fn allows(actor: &Actor, _: &store::Locked) -> Verdict {
        if actor.is_admin() { Verdict::Allow } else { Verdict::Forbid("admins-only") }
    }
}

pub fn may_edit(actor: &Actor) -> bool {
    actor.is_admin()
}
