use sqlx::PgConnection;

use super::{
    model::{Course, Section},
    store,
};
use crate::{
    db::{
        Action, Actor, AuditClass, Module, Verdict, View,
        ids::{CourseId, DepartmentId, SectionId},
    },
    departments::DepartmentRef,
};

/// Admins make courses, each in a department.
pub struct CreateCourse;

impl Action for CreateCourse {
    const NAME: &'static str = "course.create";
    const MODULE: Module = Module::Courses;
    const CLASS: AuditClass = AuditClass::Record;
    const TARGET: &'static str = "course";
    type Key = DepartmentId;
    /// `None`: no such department. Departments are no secret, so that is a field to mend and not a 404, and the refusal can be
    /// kept for a retry.
    type Target = Option<DepartmentRef>;

    async fn load(connection: &mut PgConnection, id: &DepartmentId) -> Result<Option<Self::Target>, sqlx::Error> {
        Ok(Some(store::department(connection, *id).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> Verdict {
        admins(actor)
    }
}

/// Admins edit courses. Everyone signed in may see them, so a refusal says so.
pub struct EditCourse;

impl Action for EditCourse {
    const NAME: &'static str = "course.edit";
    const MODULE: Module = Module::Courses;
    const CLASS: AuditClass = AuditClass::Record;
    const TARGET: &'static str = "course";
    type Key = CourseId;
    type Target = Course;

    async fn load(connection: &mut PgConnection, id: &CourseId) -> Result<Option<Course>, sqlx::Error> {
        store::lock(connection, *id).await
    }

    fn allows(actor: &Actor, _: &Course) -> Verdict {
        admins(actor)
    }
}

fn admins(actor: &Actor) -> Verdict {
    if actor.is_admin() { Verdict::Allow } else { Verdict::Forbid("admins-only") }
}

pub fn may_edit(actor: &Actor) -> bool {
    admins(actor) == Verdict::Allow
}

/// The catalog is everybody's.
pub struct ViewCourse;

impl View for ViewCourse {
    const NAME: &'static str = "course.view";
    const MODULE: Module = Module::Courses;
    type Key = CourseId;
    type Output = Course;

    async fn load(connection: &mut PgConnection, id: &CourseId) -> Result<Option<Course>, sqlx::Error> {
        store::find(connection, *id).await
    }

    fn allows(_: &Actor, _: &Course) -> Verdict {
        Verdict::Allow
    }
}

/// A section without its roster is part of the catalog.
pub struct ViewSection;

impl View for ViewSection {
    const NAME: &'static str = "section.view";
    const MODULE: Module = Module::Courses;
    type Key = SectionId;
    type Output = Section;

    async fn load(connection: &mut PgConnection, id: &SectionId) -> Result<Option<Section>, sqlx::Error> {
        Ok(store::sections(connection, &[*id]).await?.pop())
    }

    fn allows(_: &Actor, _: &Section) -> Verdict {
        Verdict::Allow
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        courses::credits::{Credits, CreditsKind},
        db::{
            Role,
            ids::{RequestId, UserId},
        },
    };

    #[test]
    fn only_admins_make_and_edit_courses() {
        let department =
            DepartmentRef { id: DepartmentId(Uuid::nil()), code: "CS".to_owned(), name: "Computer Science".to_owned() };
        let course = Course {
            id: CourseId(Uuid::nil()),
            code: "CS 301".to_owned(),
            number: "301".to_owned(),
            title: "Operating Systems".to_owned(),
            description: String::new(),
            credits: Credits { kind: CreditsKind::Fixed, min: 3.0, max: 3.0 },
            attributes: String::new(),
            department: department.clone(),
            version: 1,
        };
        let person = |role| Actor::person(UserId(Uuid::nil()), role, RequestId(Uuid::nil()));
        let refused = Verdict::Forbid("admins-only");
        for (actor, verdict) in [
            (person(Role::Student), refused),
            (person(Role::Faculty), refused),
            (person(Role::Admin), Verdict::Allow),
            // Imports have an action of their own.
            (Actor::system("test"), refused),
        ] {
            assert_eq!(CreateCourse::allows(&actor, &Some(department.clone())), verdict, "{actor:?}");
            assert_eq!(CreateCourse::allows(&actor, &None), verdict, "{actor:?}");
            assert_eq!(EditCourse::allows(&actor, &course), verdict, "{actor:?}");
            assert_eq!(may_edit(&actor), verdict == Verdict::Allow, "{actor:?}");
            assert_eq!(ViewCourse::allows(&actor, &course), Verdict::Allow, "{actor:?}");
        }
    }
}
