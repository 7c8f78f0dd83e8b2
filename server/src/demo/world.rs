//! A generated institution. References are indexes into the vectors here; ids are what the database gets.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::grid::Slot;
use super::profile::Profile;

pub struct World {
    pub profile: &'static Profile,
    pub today: NaiveDate,
    pub departments: Vec<Department>,
    pub users: Vec<User>,
    pub admins: Vec<Admin>,
    pub faculty: Vec<Faculty>,
    pub students: Vec<Student>,
    /// Oldest first; see [`World::current_term`].
    pub terms: Vec<Term>,
    pub parts: Vec<PartOfTerm>,
    pub rooms: Vec<Room>,
    pub courses: Vec<Course>,
    pub sections: Vec<Section>,
    pub meetings: Vec<Meeting>,
    /// (meeting, faculty)
    pub teaching: Vec<(usize, usize)>,
    pub enrollments: Vec<Enrollment>,
    pub results: Vec<CourseResult>,
}

impl World {
    /// Two past terms, this one, the next.
    pub const CURRENT: usize = 2;

    pub fn current_term(&self) -> &Term {
        &self.terms[Self::CURRENT]
    }
}

pub struct Department {
    pub id: Uuid,
    pub code: String,
    pub name: String,
}

pub struct User {
    pub id: Uuid,
    pub name: String,
    pub sort_name: String,
    pub email: String,
}

pub struct Admin {
    pub user: usize,
    pub office: &'static str,
}

pub struct Faculty {
    pub user: usize,
    pub department: usize,
    pub title: &'static str,
}

pub struct Student {
    pub user: usize,
    pub department: usize,
    pub number: String,
    pub program: String,
    pub postgraduate: bool,
    /// In the current term.
    pub semester: i16,
    pub admitted_on: NaiveDate,
}

#[derive(Clone)]
pub struct Term {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

pub struct PartOfTerm {
    pub id: Uuid,
    pub term: usize,
    pub code: &'static str,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomKind {
    Lecture,
    Laboratory,
    Studio,
}

pub struct Room {
    pub id: Uuid,
    pub building: &'static str,
    pub number: String,
    pub seats: i32,
    pub kind: RoomKind,
}

/// How a course meets in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    Lecture,
    LectureLab,
    Seminar,
    Studio,
    Arranged,
}

pub struct Course {
    pub id: Uuid,
    pub department: usize,
    pub number: String,
    pub title: String,
    pub description: String,
    pub credits: i32,
    pub pattern: Pattern,
    /// Open to every program.
    pub common: bool,
}

impl Course {
    /// 1 to 4 for the years of a first degree, 5 beyond it.
    pub fn level(&self) -> i16 {
        self.number.bytes().next().map_or(1, |digit| i16::from(digit.saturating_sub(b'0')))
    }
}

pub struct Section {
    pub id: Uuid,
    pub term: usize,
    pub course: usize,
    pub part: Option<usize>,
    pub crn: String,
    pub code: String,
    pub info: &'static str,
    pub cancelled: bool,
    pub cap: i32,
    pub enrolled: i32,
    /// Half-hours of the week it occupies, over all meetings.
    pub week: u128,
}

pub struct Meeting {
    pub id: Uuid,
    pub section: usize,
    pub position: i16,
    pub kind: &'static str,
    /// `None`: arranged
    pub slot: Option<Slot>,
    pub room: Option<usize>,
}

pub struct Enrollment {
    pub id: Uuid,
    pub student: usize,
    pub section: usize,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    Withdrawn,
    Incomplete,
}

pub struct CourseResult {
    pub id: Uuid,
    pub student: usize,
    pub course: usize,
    pub term: usize,
    pub outcome: Outcome,
    /// Earned: 0 unless passed.
    pub credits: i32,
    pub at: DateTime<Utc>,
}
