//! What an import will write, resolved to ids: rows ready to be sent, nothing left to decide.

use chrono::NaiveDate;
use uuid::Uuid;

use super::meetings::MeetingPlan;
use super::model::{Course, Instructor, RoomKey, Section};

/// Whether a row is inserted, or replaces the stored one that still has this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    Create,
    Update { version: i32 },
}

#[derive(Clone, Debug)]
pub struct TermRow {
    pub id: Uuid,
    /// `None`: the term is as the parameters say.
    pub write: Option<Write>,
    pub code: String,
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Debug)]
pub struct PartRow {
    pub id: Uuid,
    pub code: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Debug)]
pub struct DepartmentRow {
    pub id: Uuid,
    pub code: String,
}

#[derive(Clone, Debug)]
pub struct CourseRow {
    pub id: Uuid,
    pub write: Write,
    pub department_id: Uuid,
    pub number: String,
    pub course: Course,
}

#[derive(Clone, Debug)]
pub struct RoomRow {
    pub id: Uuid,
    pub room: RoomKey,
}

#[derive(Clone, Debug)]
pub struct InstructorRow {
    pub id: Uuid,
    pub key: String,
    pub department_id: Uuid,
    pub instructor: Instructor,
}

#[derive(Clone, Debug)]
pub struct SectionRow {
    pub id: Uuid,
    pub write: Write,
    pub crn: String,
    pub course_id: Uuid,
    pub part_id: Option<Uuid>,
    pub section: Section,
    /// `None`: the section meets as before.
    pub meetings: Option<MeetingPlan>,
}

/// Everything to write, in the order of its foreign keys.
#[derive(Clone, Debug)]
pub struct Plan {
    pub term: TermRow,
    pub parts: Vec<PartRow>,
    pub departments: Vec<DepartmentRow>,
    pub courses: Vec<CourseRow>,
    pub rooms: Vec<RoomRow>,
    pub instructors: Vec<InstructorRow>,
    pub sections: Vec<SectionRow>,
    /// Ids of every room and instructor the sections' meetings name.
    pub room_ids: std::collections::BTreeMap<RoomKey, Uuid>,
    pub instructor_ids: std::collections::BTreeMap<String, Uuid>,
}
