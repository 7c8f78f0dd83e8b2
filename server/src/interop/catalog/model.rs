//! A catalog, normalized: each department, course, room, instructor and section once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;

use super::credits::Credits;
use super::issues::Issues;
use super::times::day_names;

/// ("CS", "301")
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CourseKey {
    pub department: String,
    pub number: String,
}

impl std::fmt::Display for CourseKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.department, self.number)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    pub title: String,
    pub description: String,
    pub credits: Credits,
    pub attributes: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomKey {
    pub building: String,
    pub number: String,
}

impl std::fmt::Display for RoomKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.building, self.number)
    }
}

/// Somebody known only by subject and "Fisher, M".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instructor {
    pub department: String,
    /// Family name first, as in the file.
    pub sort_name: String,
}

impl Instructor {
    /// What recognizes the same person in the next import: "CS|Fisher, M".
    pub fn key(department: &str, sort_name: &str) -> String {
        format!("{department}|{sort_name}")
    }

    /// "M Fisher"
    pub fn name(&self) -> String {
        match self.sort_name.split_once(", ") {
            Some((family, given)) => format!("{given} {family}"),
            None => self.sort_name.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionStatus {
    Active,
    Cancelled,
}

impl SectionStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Everything of a section but its meetings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub course: CourseKey,
    /// Code of the part of term; `None`: the whole term.
    pub part: Option<String>,
    pub code: String,
    pub title: String,
    /// What the file says of the section beyond the course's description.
    pub info: String,
    /// `None`: the course's credits.
    pub credits_hundredths: Option<i32>,
    pub status: SectionStatus,
}

/// One weekly pattern; without `times` it is arranged, and has no days either.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    pub kind: String,
    /// Bit 0 is Monday.
    pub days: u8,
    pub times: Option<(NaiveTime, NaiveTime)>,
    pub room: Option<RoomKey>,
    /// Catalog keys. A stored meeting may also hold people no catalog knows, as "id:<uuid>".
    pub instructors: BTreeSet<String>,
}

impl Meeting {
    /// Week order: by first day, then time; arranged meetings last. What remains equal is ordered by content, so
    /// that a section's meetings come out the same whatever the order of the file's rows.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |m: &Self| (m.times.is_none(), m.days.trailing_zeros(), m.times);
        key(self).cmp(&key(other)).then_with(|| self.cmp(other))
    }

    /// "Lecture, Mon Wed 09:00–09:50, Main Hall 101, Fisher, M; Yan, X"
    pub fn describe(&self) -> String {
        self.describe_with(&|key| key.split_once('|').map_or(key, |(_, name)| name).to_owned())
    }

    /// The same with another word for each instructor's key.
    pub fn describe_with(&self, word: &dyn Fn(&str) -> String) -> String {
        let mut parts = vec![self.kind.clone()];
        parts.push(match self.times {
            Some((from, to)) => format!("{} {}–{}", day_names(self.days), from.format("%H:%M"), to.format("%H:%M")),
            None => "arranged".to_owned(),
        });
        parts.extend(self.room.as_ref().map(RoomKey::to_string));
        if !self.instructors.is_empty() {
            let names: Vec<String> = self.instructors.iter().map(|key| word(key)).collect();
            parts.push(names.join("; "));
        }
        parts.join(", ")
    }
}

/// A section with its meetings in week order and the row that named it first.
#[derive(Clone, Debug)]
pub struct CatalogSection {
    pub section: Section,
    pub meetings: Vec<Meeting>,
    pub row: u32,
}

/// A whole file, every part of it valid.
#[derive(Clone, Debug)]
pub struct Catalog {
    pub term_code: String,
    /// Data rows, blank ones not counted.
    pub rows: usize,
    /// Rows that repeat an earlier row exactly.
    pub duplicate_rows: usize,
    pub departments: BTreeSet<String>,
    pub courses: BTreeMap<CourseKey, Course>,
    pub rooms: BTreeSet<RoomKey>,
    /// By [`Instructor::key`].
    pub instructors: BTreeMap<String, Instructor>,
    /// By CRN.
    pub sections: BTreeMap<String, CatalogSection>,
    /// Oddities that do not stop an import, and what was made of each.
    pub warnings: Issues,
}

impl Catalog {
    /// Parts of term that sections name.
    pub fn parts(&self) -> BTreeSet<&str> {
        self.sections.values().filter_map(|s| s.section.part.as_deref()).collect()
    }
}
