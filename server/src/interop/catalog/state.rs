//! What the institution already has that a catalog could change, keyed as the catalog keys it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{Course, CourseKey, Meeting, RoomKey, Section};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTerm {
    pub id: Uuid,
    pub version: i32,
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    pub id: Uuid,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDepartment {
    pub id: Uuid,
    pub archived: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCourse {
    pub id: Uuid,
    pub version: i32,
    pub archived: bool,
    pub course: Course,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMeeting {
    pub id: Uuid,
    pub meeting: Meeting,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSection {
    pub id: Uuid,
    pub version: i32,
    /// Students in its seats, over all pools.
    pub enrolled: i64,
    pub section: Section,
    /// By position.
    pub meetings: Vec<StoredMeeting>,
}

/// Departments, their courses, all rooms and known instructors, and one term with its parts and sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub term: Option<StoredTerm>,
    pub parts: BTreeMap<String, StoredPart>,
    pub departments: BTreeMap<String, StoredDepartment>,
    pub courses: BTreeMap<CourseKey, StoredCourse>,
    pub rooms: BTreeMap<RoomKey, Uuid>,
    /// By catalog key.
    pub instructors: BTreeMap<String, Uuid>,
    /// By CRN.
    pub sections: BTreeMap<String, StoredSection>,
    /// Whoever teaches in them, by the key their meetings have.
    pub people: BTreeMap<String, Uuid>,
}
