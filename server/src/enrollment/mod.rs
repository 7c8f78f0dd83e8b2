//! Who is in which section, what came of it, and how many seats that leaves.
//!
//! * Live rows are `enrollment`; their history is `enrollment_event`, written by the same statement and never changed.
//! * A section is never oversold: triggers keep `section_seat` beside the rows, and its CHECK refuses one too many.
//! * Students see their own record only. A roster is shown to who teaches the section and to admins; to others it doesn't exist.
//!
//! Owns tables `enrollment`, `enrollment_event`, `section_seat`, `course_result`. Reads `section`, `course`, `term`, `part_of_term`,
//! `institution` (its zone), `meeting`, `meeting_instructor`, `room`, `app_user` and `student_profile`: what a schedule or a roster shows
//! is one statement. Knows nothing of credentials or of how the catalog is edited.

mod actions;
mod handlers;
mod model;
mod store;

pub use handlers::routes;
pub use model::{CourseResult, Enrollment, Outcome};
