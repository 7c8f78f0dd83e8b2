use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    api::Date,
    db::{
        Role,
        ids::{DepartmentId, UserId},
    },
    departments::DepartmentRef,
    institution::Institution,
};

/// A suspended person keeps every record and can't sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserStatus {
    Active,
    Suspended,
}

impl UserStatus {
    pub const ALL: [UserStatus; 2] = [UserStatus::Active, UserStatus::Suspended];

    pub const fn as_str(self) -> &'static str {
        match self {
            UserStatus::Active => "active",
            UserStatus::Suspended => "suspended",
        }
    }

    /// `None` for a word that is no status: the database's CHECK holds the same two.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudentProfile {
    pub student_number: String,
    pub department: DepartmentRef,
    pub program: String,
    pub semester: i16,
    pub admitted_on: Date,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FacultyProfile {
    pub department: DepartmentRef,
    pub title: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminProfile {
    pub office: String,
}

/// One profile for each role the person holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Profiles {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub student: Option<StudentProfile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faculty: Option<FacultyProfile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<AdminProfile>,
}

/// The department of a person in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserDepartment {
    pub id: DepartmentId,
    pub code: String,
}

/// A person in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserSummary {
    pub id: UserId,
    pub name: String,
    /// Null for an instructor known only from an imported catalog.
    pub email: Option<String>,
    pub roles: Vec<Role>,
    pub status: UserStatus,
    /// Of the student or else the faculty profile.
    pub department: Option<UserDepartment>,
    pub student_number: Option<String>,
}

/// The caller's own way to be reached outside the platform.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub phone: Option<String>,
    pub personal_email: Option<String>,
    /// 0 until something has been stored; raised by every edit.
    pub version: i32,
}

/// What the list of people is narrowed to; an absent part does not narrow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Narrowing {
    pub role: Option<Role>,
    pub department: Option<DepartmentId>,
    pub status: Option<UserStatus>,
}

/// A person as other modules find them.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: UserId,
    pub name: String,
    pub status: UserStatus,
    pub roles: Vec<Role>,
    /// Access tokens of an older epoch are refused.
    pub epoch: i32,
}

/// A person to be created. Roles follow from the profiles given; there must be at least one.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: String,
    /// Family name first; see [`sort_name_of`].
    pub sort_name: String,
    pub email: Option<String>,
    pub student: Option<NewStudent>,
    pub faculty: Option<NewFaculty>,
    pub admin: Option<NewAdmin>,
}

#[derive(Clone, Debug)]
pub struct NewStudent {
    pub student_number: String,
    pub department: DepartmentId,
    pub program: String,
    pub semester: i16,
    pub admitted_on: NaiveDate,
}

#[derive(Clone, Debug)]
pub struct NewFaculty {
    pub department: DepartmentId,
    pub title: Option<String>,
}

#[derive(Clone, Debug)]
pub struct NewAdmin {
    pub office: String,
}

impl NewUser {
    /// The roles that follow from the profiles.
    pub fn roles(&self) -> Vec<Role> {
        let held = [
            (Role::Student, self.student.is_some()),
            (Role::Faculty, self.faculty.is_some()),
            (Role::Admin, self.admin.is_some()),
        ];
        held.into_iter().filter_map(|(role, held)| held.then_some(role)).collect()
    }
}

/// "Meera Iyer" sorts as "Iyer, Meera"; a name of one word as itself.
pub fn sort_name_of(name: &str) -> String {
    match name.trim().rsplit_once(char::is_whitespace) {
        Some((given, family)) => format!("{family}, {}", given.trim_end()),
        None => name.trim().to_owned(),
    }
}

/// A person's own stored facts, whatever the role they are in.
pub struct Own {
    pub id: UserId,
    pub name: String,
    pub email: Option<String>,
    pub roles: Vec<Role>,
    pub institution: Institution,
    pub profiles: Profiles,
}

/// A person as an admin sees them, without what other modules tell.
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub sort_name: String,
    pub email: Option<String>,
    pub status: UserStatus,
    pub roles: Vec<Role>,
    pub profiles: Profiles,
    pub has_password: bool,
    pub created_at: DateTime<Utc>,
    pub enrollment_count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn family_names_sort_first() {
        for (name, sorted) in [
            ("Meera Iyer", "Iyer, Meera"),
            ("Ana María  Gómez", "Gómez, Ana María"),
            ("  Plato ", "Plato"),
            ("J. R. R. Tolkien", "Tolkien, J. R. R."),
        ] {
            assert_eq!(sort_name_of(name), sorted);
        }
    }

    #[test]
    fn words_of_the_database_are_known() {
        for status in UserStatus::ALL {
            assert_eq!(UserStatus::parse(status.as_str()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
        assert_eq!(UserStatus::parse("Active"), None);
    }

    #[test]
    fn roles_follow_from_profiles() {
        let mut new = NewUser {
            name: "Meera Iyer".to_owned(),
            sort_name: "Iyer, Meera".to_owned(),
            email: None,
            student: None,
            faculty: None,
            admin: None,
        };
        assert_eq!(new.roles(), []);
        new.admin = Some(NewAdmin { office: "Registrar".to_owned() });
        new.faculty = Some(NewFaculty { department: DepartmentId::new(), title: None });
        assert_eq!(new.roles(), [Role::Faculty, Role::Admin]);
    }
}
