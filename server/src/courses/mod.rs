//! The catalog: courses, and the sections of them that a term offers.
//!
//! * A course's code is its department's code and its number. Both are printed on transcripts and never change.
//! * Credit hours are quarters from 0 to 100: one value, any value of a range, or one of two.
//! * An edit names the version it was made from; of two edits made from one version the second is refused.
//! * Everyone signed in sees the whole catalog; admins make and edit courses.
//!
//! Owns tables `course` and `section`. Reads `department`, `term`, `part_of_term` and `section_seat` (how full a section is; the
//! enrollment module keeps it). Knows nothing of who is enrolled.

mod actions;
mod credits;
mod error;
mod events;
mod handlers;
mod model;
mod search;
mod store;

pub use credits::{Credits, CreditsKind, Hours};
pub use handlers::routes;
pub use model::{CourseRef, PartOfTerm, Seats, Section, SectionStatus, SectionSummary};
pub use store::sections;
