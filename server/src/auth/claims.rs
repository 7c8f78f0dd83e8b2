//! Who a request speaks for: the roles someone holds and the claims an access token carries.
//!
//! Nothing here knows how a token is signed, stored or transported.

use serde::{Deserialize, Serialize};

use crate::db::{
    Role,
    ids::{SessionId, TenantId, UserId},
};

/// The order in which a role is picked for a person who holds several and never chose.
const PREFERENCE: [Role; 3] = [Role::Admin, Role::Faculty, Role::Student];

const fn bit(role: Role) -> u8 {
    match role {
        Role::Admin => 1,
        Role::Faculty => 2,
        Role::Student => 4,
    }
}

/// The roles a person holds. A token says them so that a page can offer the switch; granting one is
/// decided from the database, never from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<Role>", into = "Vec<Role>")]
pub struct RoleSet(u8);

impl RoleSet {
    pub fn contains(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// In order of preference.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        PREFERENCE.into_iter().filter(move |role| self.contains(*role))
    }

    /// The role to act in: the wanted one if it is held, else the first held in order of preference.
    pub fn pick(self, wanted: Option<Role>) -> Option<Role> {
        wanted.filter(|role| self.contains(*role)).or_else(|| self.iter().next())
    }

    /// Whether staff rules (short sessions) apply: they do as soon as one staff role is held, whichever
    /// role is active, because the session can switch to it.
    pub fn has_staff(self) -> bool {
        self.contains(Role::Admin) || self.contains(Role::Faculty)
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        RoleSet(roles.into_iter().fold(0, |bits, role| bits | bit(role)))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a role is listed twice")]
pub struct RepeatedRole;

impl TryFrom<Vec<Role>> for RoleSet {
    type Error = RepeatedRole;

    fn try_from(roles: Vec<Role>) -> Result<Self, RepeatedRole> {
        let set: RoleSet = roles.iter().copied().collect();
        (set.iter().count() == roles.len()).then_some(set).ok_or(RepeatedRole)
    }
}

impl From<RoleSet> for Vec<Role> {
    fn from(set: RoleSet) -> Self {
        set.iter().collect()
    }
}

/// How the person proved who they are (RFC 8176 names).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AuthMethod {
    #[serde(rename = "pwd")]
    Password,
}

/// What a verified access token says. Instants are seconds since 1970 (UTC).
///
/// `iss` and `aud` are not kept: a token is only ever turned into claims after they matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    pub tenant: TenantId,
    /// The role the person acts in; one of `roles`.
    pub role: Role,
    pub roles: RoleSet,
    pub session: SessionId,
    /// When the person last proved who they are, not when the token was renewed.
    pub auth_time: i64,
    pub methods: Vec<AuthMethod>,
    /// The account's epoch at issue: a later change of roles, status or password makes the token stale.
    pub epoch: i32,
    pub issued_at: i64,
    pub expires_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_that_is_not_held_is_never_picked() {
        for bits in 0u8..8 {
            let set = RoleSet(bits);
            for wanted in [None, Some(Role::Admin), Some(Role::Faculty), Some(Role::Student)] {
                match set.pick(wanted) {
                    Some(role) => assert!(set.contains(role)),
                    None => assert!(set.is_empty()),
                }
            }
        }
    }

    #[test]
    fn preference_is_admin_then_faculty_then_student() {
        let all: RoleSet = [Role::Student, Role::Faculty, Role::Admin].into_iter().collect();
        assert_eq!(all.pick(None), Some(Role::Admin));
        assert_eq!(all.pick(Some(Role::Student)), Some(Role::Student));
        let two: RoleSet = [Role::Student, Role::Faculty].into_iter().collect();
        assert_eq!(two.pick(Some(Role::Admin)), Some(Role::Faculty));
    }

    #[test]
    fn a_repeated_or_unknown_role_is_refused() {
        assert!(serde_json::from_str::<RoleSet>(r#"["admin","admin"]"#).is_err());
        assert!(serde_json::from_str::<RoleSet>(r#"["root"]"#).is_err());
        let set: RoleSet = serde_json::from_str(r#"["student","admin"]"#).unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["admin","student"]"#);
    }
}
