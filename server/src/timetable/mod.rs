//! When and where teaching happens: terms, their parts, rooms and the weekly meetings of sections.
//!
//! * At most one term is current: of those whose dates hold today, in the institution's zone, the one that started last.
//! * A meeting is weekdays and civil times in the institution's zone. An arranged one has neither.
//! * Rooms are not exclusive: real catalogs put several sections into one room at one time.
//!
//! Owns tables `term`, `part_of_term`, `room`, `meeting`, `meeting_instructor`. Reads `institution` (its zone) and `app_user`
//! (instructors' names). Knows nothing of courses or students: a section is only an id here.

mod handlers;
mod model;
mod store;

pub use handlers::routes;
pub use model::{Days, Instructor, Meeting, MeetingRow, Meetings, Room, Term, TermRef, instructors_of};
pub use store::{current_term, meetings_of};
