//! The admin home: what needs a decision, in numbers that lead to their rows, and what was done of late.
//!
//! Invariants: nothing here changes anything; every count is the length of a list that can be read row by row; of the audit trail
//! only the searchable projection is read, never the sealed values inside.
//!
//! Owns no table. Reads `app_user`, `user_role`, `faculty_profile`, `credential` (only whether one exists), `department`,
//! `course`, `section`, `section_seat`, `enrollment_event` (only when a section filled), `meeting`, `meeting_instructor`, `term`, `institution`
//! (its zone) and `audit_event`.

mod actions;
mod handlers;
mod model;
mod store;

pub use handlers::routes;
