//! Rows become one catalog: repeated rows collapse, repeated CRNs become further meetings, contradictions are errors.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveTime;
use csv::ByteRecord;

use super::columns::Column;
use super::issues::{Issues, Refused};
use super::model::{Catalog, CatalogSection, Course, CourseKey, Instructor, Meeting, RoomKey, Section};
use super::row::Row;

const MAX_MEETINGS: usize = 200;

/// Within a section a meeting is its kind, week and room: two rows that differ only in instructors are one class.
type Slot = (String, u8, Option<(NaiveTime, NaiveTime)>, Option<RoomKey>);

struct Draft {
    row: u32,
    section: Section,
    meetings: BTreeMap<Slot, BTreeSet<String>>,
}

#[derive(Default)]
pub struct Builder {
    pub errors: Issues,
    pub warnings: Issues,
    term: Option<(String, u32)>,
    rows: usize,
    duplicate_rows: usize,
    /// Whole rows, each cell behind its length.
    seen: HashSet<Vec<u8>>,
    courses: HashMap<CourseKey, (Course, u32)>,
    sections: HashMap<String, Draft>,
}

impl Builder {
    /// Counts a row, and whether it repeats an earlier one byte for byte. A repeated row is still read: it adds
    /// nothing to a catalog, and if it is broken, both rows have to be named.
    pub fn count(&mut self, record: &ByteRecord) {
        self.rows += 1;
        let exact: Vec<u8> =
            record.iter().flat_map(|cell| cell.len().to_le_bytes().into_iter().chain(cell.iter().copied())).collect();
        self.duplicate_rows += usize::from(!self.seen.insert(exact));
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn add(&mut self, at: u32, row: Row) {
        if !self.same_term(at, &row.term_code) {
            return;
        }
        self.course(at, row.course_key, row.course);
        self.section(at, row.crn, row.section, row.meeting);
    }

    fn same_term(&mut self, at: u32, code: &str) -> bool {
        let (first, first_row) = self.term.get_or_insert_with(|| (code.to_owned(), at));
        if first == code {
            return true;
        }
        let message = format!("one import is one term: this is {code:?}, row {first_row} is {first:?}");
        self.errors.push(at, Column::YearTerm.title(), "term-mismatch", message);
        false
    }

    fn course(&mut self, at: u32, key: CourseKey, course: Course) {
        let Some((known, first_row)) = self.courses.get(&key) else {
            self.courses.insert(key, (course, at));
            return;
        };
        let differs = [
            (Column::Name, known.title != course.title),
            (Column::Description, known.description != course.description),
            (Column::CreditHours, known.credits != course.credits),
            (Column::DegreeAttributes, known.attributes != course.attributes),
        ];
        for (column, _) in differs.into_iter().filter(|(_, differs)| *differs) {
            let message = format!("{key} says otherwise in row {first_row}");
            self.errors.push(at, column.title(), "course-conflict", message);
        }
    }

    fn section(&mut self, at: u32, crn: String, section: Section, meeting: Meeting) {
        let draft = self.sections.entry(crn.clone()).or_insert_with(|| Draft {
            row: at,
            section: section.clone(),
            meetings: BTreeMap::new(),
        });
        let known = &draft.section;
        let differs = [
            (Column::Number, known.course != section.course),
            (Column::Section, known.code != section.code),
            (Column::PartOfTerm, known.part != section.part),
            (Column::SectionTitle, known.title != section.title),
            (Column::SectionCreditHours, known.credits_hundredths != section.credits_hundredths),
            (Column::SectionStatus, known.status != section.status),
            // A section of another course is told of once; its information then differs of itself.
            (Column::SectionInfo, known.course == section.course && known.info != section.info),
        ];
        for (column, _) in differs.into_iter().filter(|(_, differs)| *differs) {
            let message = format!("CRN {crn} says otherwise in row {}", draft.row);
            self.errors.push(at, column.title(), "crn-conflict", message);
        }
        let keyed = meeting.instructors.iter().map(|name| Instructor::key(&section.course.department, name));
        let slot = (meeting.kind, meeting.days, meeting.times, meeting.room);
        if draft.meetings.len() == MAX_MEETINGS && !draft.meetings.contains_key(&slot) {
            let message = format!("CRN {crn} has more than {MAX_MEETINGS} meetings");
            self.errors.push(at, Column::Crn.title(), "too-many", message);
            return;
        }
        draft.meetings.entry(slot).or_default().extend(keyed);
    }

    pub fn finish(mut self) -> Result<Catalog, Refused> {
        let Some((term_code, _)) = self.term.take().filter(|_| self.errors.is_empty()) else {
            if self.errors.is_empty() {
                self.errors.push(1, "", "empty", "the file has no rows under its header");
            }
            return Err(self.errors.into());
        };
        let sections: BTreeMap<String, CatalogSection> =
            self.sections.into_iter().map(|(crn, draft)| (crn, draft.finish())).collect();
        let meetings = || sections.values().flat_map(|s| &s.meetings);
        let instructors = meetings().flat_map(|m| &m.instructors).filter_map(|key| {
            let (department, name) = key.split_once('|')?;
            Some((key.clone(), Instructor { department: department.to_owned(), sort_name: name.to_owned() }))
        });
        Ok(Catalog {
            term_code,
            rows: self.rows,
            duplicate_rows: self.duplicate_rows,
            departments: self.courses.keys().map(|key| key.department.clone()).collect(),
            courses: self.courses.into_iter().map(|(key, (course, _))| (key, course)).collect(),
            rooms: meetings().filter_map(|m| m.room.clone()).collect(),
            instructors: instructors.collect(),
            warnings: self.warnings,
            sections,
        })
    }
}

impl Draft {
    fn finish(self) -> CatalogSection {
        let mut meetings: Vec<Meeting> = self
            .meetings
            .into_iter()
            .map(|((kind, days, times, room), instructors)| Meeting { kind, days, times, room, instructors })
            .collect();
        meetings.sort_by(Meeting::order);
        CatalogSection { section: self.section, meetings, row: self.row }
    }
}
