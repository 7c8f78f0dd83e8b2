//! People: who they are, which roles they hold, their profile in each role, and how to reach them.
//!
//! Invariants:
//! * a person holds a role exactly when a profile of that role exists, and roles are given by an admin or by the system, never
//!   by the person;
//! * an e-mail address is stored in lower case and belongs to one person of the institution;
//! * phone and personal e-mail are sealed at rest, bound to their row, opened for their owner alone, and enter the audit
//!   trail only under the owner's own key.
//!
//! Owns `app_user`, `user_role`, `user_contact`, `student_profile`, `faculty_profile` and `admin_profile`. Reads `institution`,
//! `department`, `term`, `section`, `meeting` and `meeting_instructor` (what a person teaches), `credential` (only whether one exists)
//! and `enrollment` (only how many). Knows nothing of passwords, sessions and tokens.

mod accounts;
mod actions;
mod contact;
mod error;
mod events;
mod handlers;
mod list;
mod model;
mod store;

pub use accounts::{create, find_by_email};
pub use contact::Stored as SealedContact;
pub use error::UsersError;
pub use handlers::routes;
pub use model::{
    Account, AdminProfile, FacultyProfile, NewAdmin, NewFaculty, NewStudent, NewUser, StudentProfile, UserStatus, sort_name_of,
};
pub use store::sealed_contacts;
