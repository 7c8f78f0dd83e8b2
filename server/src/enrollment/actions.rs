use sqlx::PgConnection;

use super::store;
use crate::db::{
    Action, Actor, AuditClass, Module, Role, Verdict, View,
    ids::{SectionId, UserId},
};

/// Whether somebody may see who is in a section: who teaches it, and admins. To others the roster doesn't exist.
pub struct ViewRoster;

/// What the decision is made on.
pub struct RosterGate {
    pub taught_by: Vec<UserId>,
}

impl View for ViewRoster {
    const NAME: &'static str = "roster.view";
    const MODULE: Module = Module::Enrollment;
    type Key = SectionId;
    type Output = RosterGate;

    async fn load(connection: &mut PgConnection, id: &SectionId) -> Result<Option<RosterGate>, sqlx::Error> {
        store::roster_gate(connection, *id).await
    }

    fn allows(actor: &Actor, gate: &RosterGate) -> Verdict {
        match actor.role() {
            Some(Role::Admin) => Verdict::Allow,
            Some(Role::Faculty) if actor.user_id().is_some_and(|id| gate.taught_by.contains(&id)) => Verdict::Allow,
            Some(Role::Faculty | Role::Student) | None => Verdict::Invisible,
        }
    }
}

/// A roster leaves as a file: for those who may see it, and written down before the first row goes out.
pub struct ExportRoster;

impl Action for ExportRoster {
    const NAME: &'static str = "roster.export";
    const MODULE: Module = Module::Enrollment;
    const CLASS: AuditClass = AuditClass::Access;
    const TARGET: &'static str = "section";
    type Key = SectionId;
    type Target = RosterGate;

    async fn load(connection: &mut PgConnection, id: &SectionId) -> Result<Option<RosterGate>, sqlx::Error> {
        store::roster_gate(connection, *id).await
    }

    fn allows(actor: &Actor, gate: &RosterGate) -> Verdict {
        ViewRoster::allows(actor, gate)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::db::ids::RequestId;

    #[test]
    fn rosters_are_for_those_who_teach_the_section() {
        let person = |n, role| Actor::person(UserId(Uuid::from_u128(n)), role, RequestId(Uuid::nil()));
        let taught = RosterGate { taught_by: vec![UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2))] };
        let untaught = RosterGate { taught_by: Vec::new() };
        for (actor, of_taught, of_untaught) in [
            (person(1, Role::Faculty), Verdict::Allow, Verdict::Invisible),
            (person(2, Role::Faculty), Verdict::Allow, Verdict::Invisible),
            (person(3, Role::Faculty), Verdict::Invisible, Verdict::Invisible),
            // The same person in another role.
            (person(1, Role::Student), Verdict::Invisible, Verdict::Invisible),
            (person(4, Role::Student), Verdict::Invisible, Verdict::Invisible),
            (person(5, Role::Admin), Verdict::Allow, Verdict::Allow),
            (Actor::system("test"), Verdict::Invisible, Verdict::Invisible),
        ] {
            assert_eq!(ViewRoster::allows(&actor, &taught), of_taught, "{actor:?}");
            assert_eq!(ViewRoster::allows(&actor, &untaught), of_untaught, "{actor:?}");
            assert_eq!(ExportRoster::allows(&actor, &taught), of_taught, "{actor:?}");
            assert_eq!(ExportRoster::allows(&actor, &untaught), of_untaught, "{actor:?}");
        }
    }
}
