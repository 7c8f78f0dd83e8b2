//! Sections of a difference, and how their meetings read to people.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Pass, Trace, tally};
use crate::interop::catalog::columns::Column;
use crate::interop::catalog::model::{CatalogSection, CourseKey, Meeting, Section};
use crate::interop::catalog::plan::{SectionRow, Write};
use crate::interop::catalog::report::{Change, ChangeKind};
use crate::interop::catalog::state::StoredSection;
use crate::interop::catalog::{credits, meetings};

impl Pass<'_> {
    pub(super) fn sections(
        &mut self,
        courses: &BTreeMap<CourseKey, Uuid>,
        instructors: &BTreeMap<String, Uuid>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Vec<SectionRow> {
        let mut rows = Vec::new();
        for (crn, wanted) in &self.catalog.sections {
            // A part without dates is the whole term: see `warn_of_parts`.
            let part = wanted.section.part.clone().filter(|part| self.part_ids.contains_key(part));
            let part_id = part.as_ref().map(|part| self.part_ids[part]);
            let section = Section { part, ..wanted.section.clone() };
            let course_id = courses[&section.course];
            let (id, write, meetings) = match self.state.sections.get(crn) {
                None => {
                    self.counts.sections.created += 1;
                    let trace = describe(&section, &self.by_id(instructors, &wanted.meetings));
                    let shown = describe(&section, &describe_all(&wanted.meetings));
                    self.changes.made(ChangeKind::Section, crn, shown, Trace::Said { before: None, after: Some(trace) });
                    (new_id(), Write::Create, Some(meetings::plan(&[], &wanted.meetings, new_id)))
                }
                Some(stored) => {
                    let changed = self.section_fields(crn, stored, &section, wanted, instructors);
                    if !tally(&mut self.counts.sections, changed) {
                        continue;
                    }
                    let meets_as_before = meetings::same(&stored.meetings, &wanted.meetings);
                    let plan = (!meets_as_before).then(|| meetings::plan(&stored.meetings, &wanted.meetings, new_id));
                    (stored.id, Write::Update { version: stored.version }, plan)
                }
            };
            rows.push(SectionRow { id, write, crn: crn.clone(), course_id, part_id, section, meetings });
        }
        rows
    }

    /// Meetings with their instructors by id.
    fn by_id(&self, instructors: &BTreeMap<String, Uuid>, meetings: &[Meeting]) -> String {
        let id = |key: &str| {
            let known = instructors.get(key).or_else(|| self.state.people.get(key));
            known.map_or_else(|| "somebody".to_owned(), Uuid::to_string)
        };
        meetings.iter().map(|meeting| meeting.describe_with(&id)).collect::<Vec<_>>().join("\n")
    }

    fn section_fields(
        &mut self,
        crn: &str,
        stored: &StoredSection,
        after: &Section,
        wanted: &CatalogSection,
        instructors: &BTreeMap<String, Uuid>,
    ) -> bool {
        let before = &stored.section;
        if before.course != after.course && stored.enrolled > 0 {
            let message = format!(
                "CRN {crn} is {} with {} students enrolled; it cannot become {}",
                before.course, stored.enrolled, after.course
            );
            self.errors.push(wanted.row, Column::Crn.title(), "crn-moved", message);
        }
        let start = self.changes.list.len();
        let mut field = |name, of: fn(&Section) -> Option<String>| {
            self.changes.field(ChangeKind::Section, &crn, name, of(before), of(after));
        };
        field("course", |s| Some(s.course.to_string()));
        field("partOfTerm", |s| s.part.clone());
        field("code", |s| Some(s.code.clone()));
        field("title", |s| Some(s.title.clone()));
        field("info", |s| Some(s.info.clone()));
        field("credits", |s| s.credits_hundredths.map(credits::show));
        field("status", |s| Some(s.status.as_str().to_owned()));
        if !meetings::same(&stored.meetings, &wanted.meetings) {
            let known: Vec<Meeting> = stored.meetings.iter().map(|stored| stored.meeting.clone()).collect();
            let trace = Trace::Said {
                before: Some(self.by_id(instructors, &known)),
                after: Some(self.by_id(instructors, &wanted.meetings)),
            };
            // By way of `push`: meetings may differ in what their description leaves out.
            let change = Change {
                kind: ChangeKind::Section,
                key: crn.to_owned(),
                field: Some("meetings".to_owned()),
                before: Some(describe_all(&known)),
                after: Some(describe_all(&wanted.meetings)),
            };
            self.changes.push(change, trace);
        }
        self.changes.list.len() > start
    }
}

fn describe(section: &Section, meetings: &str) -> String {
    let code = if section.code.is_empty() { String::new() } else { format!(" {}", section.code) };
    format!("{}{code}: {meetings}", section.course)
}

fn describe_all(meetings: &[Meeting]) -> String {
    meetings.iter().map(Meeting::describe).collect::<Vec<_>>().join("\n")
}
