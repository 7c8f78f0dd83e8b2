//! Import of a section catalog: one CSV file with one row per weekly meeting of a section.
//!
//! [`parse`] turns the file into a [`Catalog`] or refuses it whole, naming every broken row and field.
//! [`load_state`] reads what the institution has for the same term, [`diff`] compares the two without
//! touching anything, and [`apply`] carries the difference out inside the caller's transaction.
//!
//! Invariants
//! * The order of the file's rows does not matter: meetings are kept in week order (see [`Meeting::order`]).
//! * Applying a file and comparing it again finds nothing to do.
//! * An import adds and corrects; it never deletes a department, course, section, room or person, never
//!   overwrites the name an admin gave to a department or an instructor, and leaves sections that the file
//!   does not name alone (the report counts them).
//! * Rooms are not exclusive: a catalog cross-lists one class under several sections.
//! * A new section has no capacity, hence stays closed for enrollment until somebody gives it one.
//!
//! What it does not know: HTTP, permissions, the audit trail, transactions (the caller begins and commits).

mod build;
mod cells;
mod columns;
mod credits;
mod diff;
mod issues;
mod meetings;
mod model;
mod params;
mod parse;
mod plan;
mod report;
mod row;
mod state;
mod store;
mod times;

#[cfg(test)]
mod tests;

pub use columns::Column;
pub use credits::{Credits, CreditsKind};
pub(in crate::interop) use diff::Trace;
pub use diff::{Diff, diff};
pub use issues::{Issue, Refused};
pub use model::{Catalog, Course, CourseKey, Instructor, Meeting, RoomKey, Section, SectionStatus};
pub use params::{ImportParams, ParamsError, PartDates};
pub use parse::{MAX_FILE_BYTES, MAX_ROWS, parse};
pub use report::{Change, ChangeKind, Counts, ImportReport};
pub use state::State;
pub use store::{ApplyError, apply, load_state, lock};
