use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    contact,
    model::{Own, Person},
    store,
};
use crate::{
    db::{Action, Actor, AuditClass, Module, Verdict, View, ids::UserId},
    timetable::Term,
};

fn admins_only(actor: &Actor) -> Verdict {
    if actor.is_admin() { Verdict::Allow } else { Verdict::Forbid("admins-only") }
}

/// The list of people is the admins': that it exists is no secret.
pub fn may_list(actor: &Actor) -> Verdict {
    admins_only(actor)
}

fn own(actor: &Actor, id: UserId) -> Verdict {
    if actor.user_id() == Some(id) { Verdict::Allow } else { Verdict::Invisible }
}

/// Everybody sees their own record, in whatever role they are active.
pub struct ViewOwn;

impl View for ViewOwn {
    const NAME: &'static str = "user.own.view";
    const MODULE: Module = Module::Users;
    /// The person, and now: which term is current depends on it.
    type Key = (UserId, DateTime<Utc>);
    type Output = (Own, Option<Term>);

    async fn load(connection: &mut PgConnection, (id, now): &Self::Key) -> Result<Option<Self::Output>, sqlx::Error> {
        store::own(connection, *id, *now).await
    }

    fn allows(actor: &Actor, (own_record, _): &Self::Output) -> Verdict {
        own(actor, own_record.id)
    }
}

/// Admins see everybody. For others a person they ask for by id does not exist: an id alone tells nothing.
pub struct ViewPerson;

impl View for ViewPerson {
    const NAME: &'static str = "user.view";
    const MODULE: Module = Module::Users;
    type Key = UserId;
    type Output = Person;

    async fn load(connection: &mut PgConnection, id: &UserId) -> Result<Option<Person>, sqlx::Error> {
        store::person(connection, *id).await
    }

    fn allows(actor: &Actor, _: &Person) -> Verdict {
        if actor.is_admin() { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// Contact details are their owner's; not even an admin opens them here.
pub struct ViewContact;

impl View for ViewContact {
    const NAME: &'static str = "user.contact.view";
    const MODULE: Module = Module::Users;
    type Key = UserId;
    type Output = contact::Stored;

    async fn load(connection: &mut PgConnection, id: &UserId) -> Result<Option<contact::Stored>, sqlx::Error> {
        store::contact(connection, *id).await
    }

    fn allows(actor: &Actor, stored: &contact::Stored) -> Verdict {
        own(actor, stored.user)
    }
}

/// Only the owner changes contact details.
pub struct EditContact;

impl Action for EditContact {
    const NAME: &'static str = "user.contact.edit";
    const MODULE: Module = Module::Users;
    const CLASS: AuditClass = AuditClass::Record;
    const TARGET: &'static str = "user";
    type Key = UserId;
    type Target = contact::Stored;

    async fn load(connection: &mut PgConnection, id: &UserId) -> Result<Option<contact::Stored>, sqlx::Error> {
        store::lock_contact(connection, *id).await
    }

    fn allows(actor: &Actor, stored: &contact::Stored) -> Verdict {
        own(actor, stored.user)
    }
}

/// People and their roles are made by admins, and by the system when it sets an institution up.
pub struct CreateUser;

impl Action for CreateUser {
    const NAME: &'static str = "user.create";
    const MODULE: Module = Module::Users;
    const CLASS: AuditClass = AuditClass::Sensitive;
    const TARGET: &'static str = "user";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        if actor.is_system() { Verdict::Allow } else { admins_only(actor) }
    }
}

/// A file of people leaves the institution's hands: who took which is written down before the first row goes out.
pub struct ExportUsers;

impl Action for ExportUsers {
    const NAME: &'static str = "user.export";
    const MODULE: Module = Module::Users;
    const CLASS: AuditClass = AuditClass::Sensitive;
    const TARGET: &'static str = "user";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        admins_only(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::{Role, ids::RequestId},
        institution::Institution,
        users::model::{Profiles, UserStatus},
    };

    struct Personas {
        me: UserId,
        all: [(&'static str, Actor); 5],
    }

    fn personas() -> Personas {
        let me = UserId::new();
        let person = |id, role| Actor::person(id, role, RequestId::new());
        Personas {
            me,
            all: [
                ("self", person(me, Role::Student)),
                ("other student", person(UserId::new(), Role::Student)),
                ("faculty", person(UserId::new(), Role::Faculty)),
                ("admin", person(UserId::new(), Role::Admin)),
                ("system", Actor::system("test")),
            ],
        }
    }

    fn check(rule: &str, expected: [Verdict; 5], decide: impl Fn(&Actor, UserId) -> Verdict) {
        let personas = personas();
        for ((name, actor), expected) in personas.all.iter().zip(expected) {
            assert_eq!(decide(actor, personas.me), expected, "{rule} as {name}");
        }
    }

    const NO: Verdict = Verdict::Forbid("admins-only");

    #[test]
    fn who_may_do_what() {
        use Verdict::{Allow, Invisible};
        check("list people", [NO, NO, NO, Allow, NO], |actor, _| may_list(actor));
        check("create a person", [NO, NO, NO, Allow, Allow], |actor, _| CreateUser::allows(actor, &()));
        check("export people", [NO, NO, NO, Allow, NO], |actor, _| ExportUsers::allows(actor, &()));
        check("see a person", [Invisible, Invisible, Invisible, Allow, Invisible], |actor, me| {
            ViewPerson::allows(actor, &person(me))
        });
        check("see own record", [Allow, Invisible, Invisible, Invisible, Invisible], |actor, me| {
            ViewOwn::allows(actor, &(own_record(me), None))
        });
        check("see contact", [Allow, Invisible, Invisible, Invisible, Invisible], |actor, me| {
            ViewContact::allows(actor, &contact::Stored::empty(me))
        });
        check("edit contact", [Allow, Invisible, Invisible, Invisible, Invisible], |actor, me| {
            EditContact::allows(actor, &contact::Stored::empty(me))
        });
    }

    const NOBODY: Profiles = Profiles { student: None, faculty: None, admin: None };

    fn own_record(id: UserId) -> Own {
        let institution = Institution {
            name: "Test".to_owned(),
            short_name: "T".to_owned(),
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            accent_hue: 0,
        };
        Own { id, name: "Me".to_owned(), email: None, roles: vec![Role::Student], institution, profiles: NOBODY }
    }

    fn person(id: UserId) -> Person {
        Person {
            id,
            name: "Me".to_owned(),
            sort_name: "Me".to_owned(),
            email: None,
            status: UserStatus::Active,
            roles: vec![Role::Student],
            profiles: NOBODY,
            has_password: false,
            created_at: DateTime::UNIX_EPOCH,
            enrollment_count: 0,
        }
    }
}
