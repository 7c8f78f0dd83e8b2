use crate::db::{Actor, Verdict};

/// The overview shows every department and person: it is the admins'.
pub fn may_oversee(actor: &Actor) -> Verdict {
    if actor.is_admin() { Verdict::Allow } else { Verdict::Forbid("admins-only") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{
        Role,
        ids::{RequestId, UserId},
    };

    #[test]
    fn admins_alone_oversee() {
        let person = |role| Actor::person(UserId::new(), role, RequestId::new());
        assert_eq!(may_oversee(&person(Role::Admin)), Verdict::Allow);
        for actor in [person(Role::Student), person(Role::Faculty), Actor::system("test")] {
            assert_eq!(may_oversee(&actor), Verdict::Forbid("admins-only"));
        }
    }
}
