//! All SQL of the catalog import: a few set-based statements, whatever the size of the file.
//!
//! It writes into tables of several domains (departments, people, courses, timetable, seats): an import is the one
//! action that creates all of them at once, and its invariants are theirs, held by the same constraints.

mod apply;
mod courses;
mod load;
mod meetings;

pub use apply::{ApplyError, apply};
pub use load::{load_state, lock};
