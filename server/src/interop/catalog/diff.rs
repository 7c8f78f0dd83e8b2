//! The difference between a file and what the institution has: pure, and empty once applied.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::columns::Column;
use super::credits;
use super::issues::{Issues, Refused};
use super::meetings;
use super::model::{Catalog, CatalogSection, Course, CourseKey, Meeting, RoomKey, Section};
use super::params::{ImportParams, PartDates};
use super::plan::{CourseRow, DepartmentRow, InstructorRow, PartRow, Plan, RoomRow, SectionRow, TermRow, Write};
use super::report::{Change, ChangeKind, Counts};
use super::state::{State, StoredSection};

/// Counts per kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllCounts {
    pub departments: Counts,
    pub courses: Counts,
    pub rooms: Counts,
    pub instructors: Counts,
    pub sections: Counts,
}

/// What an import changes, for people (`changes`) and for the database (`plan`).
#[derive(Clone, Debug)]
pub struct Diff {
    pub changes: Vec<Change>,
    pub counts: AllCounts,
    /// Sections of the term that the file does not name; they stay as they are.
    pub absent_sections: usize,
    pub warnings: Issues,
    pub(super) plan: Plan,
}

impl Diff {
    /// Nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Compares a file with the state of its term. `new_id` names what has to be created.
///
/// Refuses a CRN that changes its course while students sit in it: they enrolled in the other course.
pub fn diff(catalog: &Catalog, params: &ImportParams, state: &State, new_id: &mut dyn FnMut() -> Uuid) -> Result<Diff, Refused> {
    let mut changes = Changes::default();
    let term = term(catalog, params, state, &mut changes, new_id);
    let (parts, part_ids) = parts(params, state, &mut changes, new_id);
    let mut pass = Pass {
        catalog,
        state,
        part_ids,
        changes,
        warnings: Issues::default(),
        errors: Issues::default(),
        counts: AllCounts::default(),
    };
    pass.warn_of_parts();
    let (departments, department_ids) = pass.departments(new_id);
    let (courses, course_ids) = pass.courses(&department_ids, new_id);
    let (rooms, room_ids) = pass.rooms(new_id);
    let (instructors, instructor_ids) = pass.instructors(&department_ids, new_id);
    let sections = pass.sections(&course_ids, new_id);
    if !pass.errors.is_empty() {
        return Err(pass.errors.into());
    }
    Ok(Diff {
        changes: pass.changes.list,
        counts: pass.counts,
        absent_sections: state.sections.keys().filter(|crn| !catalog.sections.contains_key(*crn)).count(),
        warnings: pass.warnings,
        plan: Plan { term, parts, departments, courses, rooms, instructors, sections, room_ids, instructor_ids },
    })
}

#[derive(Default)]
struct Changes {
    list: Vec<Change>,
}

impl Changes {
    fn created(&mut self, kind: ChangeKind, key: impl ToString, what: impl ToString) {
        self.list.push(Change { kind, key: key.to_string(), field: None, before: None, after: Some(what.to_string()) });
    }

    /// Records a field if it differs.
    fn field(&mut self, kind: ChangeKind, key: &dyn ToString, field: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            self.list.push(Change { kind, key: key.to_string(), field: Some(field.to_owned()), before, after });
        }
    }
}

fn term(
    catalog: &Catalog,
    params: &ImportParams,
    state: &State,
    changes: &mut Changes,
    new_id: &mut dyn FnMut() -> Uuid,
) -> TermRow {
    let (code, kind) = (&catalog.term_code, ChangeKind::Term);
    let before = changes.list.len();
    let (id, write) = match &state.term {
        None => {
            changes.created(kind, code, format!("{}, {} to {}", params.term_name, params.starts_on, params.ends_on));
            (new_id(), Some(Write::Create))
        }
        Some(stored) => {
            changes.field(kind, code, "name", Some(stored.name.clone()), Some(params.term_name.clone()));
            changes.field(kind, code, "startsOn", Some(stored.starts_on.to_string()), Some(params.starts_on.to_string()));
            changes.field(kind, code, "endsOn", Some(stored.ends_on.to_string()), Some(params.ends_on.to_string()));
            (stored.id, (changes.list.len() > before).then_some(Write::Update { version: stored.version }))
        }
    };
    TermRow {
        id,
        write,
        code: code.clone(),
        name: params.term_name.clone(),
        starts_on: params.starts_on,
        ends_on: params.ends_on,
    }
}

type PartIds = BTreeMap<String, Uuid>;

fn parts(
    params: &ImportParams,
    state: &State,
    changes: &mut Changes,
    new_id: &mut dyn FnMut() -> Uuid,
) -> (Vec<PartRow>, PartIds) {
    let mut ids: PartIds = state.parts.iter().map(|(code, part)| (code.clone(), part.id)).collect();
    let mut rows = Vec::new();
    for PartDates { code, starts_on, ends_on } in &params.parts {
        let before = changes.list.len();
        let kind = ChangeKind::PartOfTerm;
        match state.parts.get(code) {
            None => {
                ids.insert(code.clone(), new_id());
                changes.created(kind, code, format!("{starts_on} to {ends_on}"));
            }
            Some(stored) => {
                changes.field(kind, code, "startsOn", Some(stored.starts_on.to_string()), Some(starts_on.to_string()));
                changes.field(kind, code, "endsOn", Some(stored.ends_on.to_string()), Some(ends_on.to_string()));
            }
        }
        if changes.list.len() > before {
            rows.push(PartRow { id: ids[code], code: code.clone(), starts_on: *starts_on, ends_on: *ends_on });
        }
    }
    (rows, ids)
}

struct Pass<'a> {
    catalog: &'a Catalog,
    state: &'a State,
    part_ids: PartIds,
    changes: Changes,
    warnings: Issues,
    errors: Issues,
    counts: AllCounts,
}

impl Pass<'_> {
    fn warn_of_parts(&mut self) {
        let mut first: BTreeMap<&str, u32> = BTreeMap::new();
        for section in self.catalog.sections.values() {
            if let Some(part) = section.section.part.as_deref().filter(|part| !self.part_ids.contains_key(*part)) {
                let row = first.entry(part).or_insert(section.row);
                *row = section.row.min(*row);
            }
        }
        for (part, row) in first {
            let message = format!("no dates were given for part of term {part:?}: its sections run the whole term");
            self.warnings.push(row, Column::PartOfTerm.title(), "part-without-dates", message);
        }
    }

    fn departments(&mut self, new_id: &mut dyn FnMut() -> Uuid) -> (Vec<DepartmentRow>, BTreeMap<String, Uuid>) {
        let mut ids = BTreeMap::new();
        let mut rows = Vec::new();
        for code in &self.catalog.departments {
            let id = match self.state.departments.get(code) {
                Some(stored) => {
                    self.counts.departments.unchanged += 1;
                    if stored.archived {
                        self.warnings.push(
                            1,
                            Column::Subject.title(),
                            "archived",
                            format!("department {code} is archived and stays so"),
                        );
                    }
                    stored.id
                }
                None => {
                    self.counts.departments.created += 1;
                    self.changes.created(ChangeKind::Department, code, code);
                    let id = new_id();
                    rows.push(DepartmentRow { id, code: code.clone() });
                    id
                }
            };
            ids.insert(code.clone(), id);
        }
        (rows, ids)
    }

    fn courses(
        &mut self,
        departments: &BTreeMap<String, Uuid>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> (Vec<CourseRow>, BTreeMap<CourseKey, Uuid>) {
        let mut ids = BTreeMap::new();
        let mut rows = Vec::new();
        for (key, course) in &self.catalog.courses {
            let stored = self.state.courses.get(key);
            let id = stored.map_or_else(&mut *new_id, |stored| stored.id);
            let write = match stored {
                None => {
                    self.counts.courses.created += 1;
                    self.changes.created(ChangeKind::Course, key, &course.title);
                    Some(Write::Create)
                }
                Some(stored) => {
                    if stored.archived {
                        self.warnings.push(
                            1,
                            Column::Number.title(),
                            "archived",
                            format!("course {key} is archived and stays so"),
                        );
                    }
                    let changed = self.course_fields(key, &stored.course, course);
                    tally(&mut self.counts.courses, changed).then_some(Write::Update { version: stored.version })
                }
            };
            if let Some(write) = write {
                let department_id = departments[&key.department];
                rows.push(CourseRow { id, write, department_id, number: key.number.clone(), course: course.clone() });
            }
            ids.insert(key.clone(), id);
        }
        (rows, ids)
    }

    fn course_fields(&mut self, key: &CourseKey, before: &Course, after: &Course) -> bool {
        let start = self.changes.list.len();
        let mut field = |name, of: fn(&Course) -> String| {
            self.changes.field(ChangeKind::Course, key, name, Some(of(before)), Some(of(after)));
        };
        field("title", |c| c.title.clone());
        field("description", |c| c.description.clone());
        field("credits", |c| c.credits.to_string());
        field("attributes", |c| c.attributes.clone());
        self.changes.list.len() > start
    }

    fn rooms(&mut self, new_id: &mut dyn FnMut() -> Uuid) -> (Vec<RoomRow>, BTreeMap<RoomKey, Uuid>) {
        let mut ids = BTreeMap::new();
        let mut rows = Vec::new();
        for room in &self.catalog.rooms {
            let id = self.state.rooms.get(room).copied().unwrap_or_else(|| {
                self.changes.created(ChangeKind::Room, room, room);
                let id = new_id();
                rows.push(RoomRow { id, room: room.clone() });
                id
            });
            ids.insert(room.clone(), id);
        }
        self.counts.rooms = created(rows.len(), ids.len());
        (rows, ids)
    }

    fn instructors(
        &mut self,
        departments: &BTreeMap<String, Uuid>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> (Vec<InstructorRow>, BTreeMap<String, Uuid>) {
        let mut ids = BTreeMap::new();
        let mut rows = Vec::new();
        for (key, instructor) in &self.catalog.instructors {
            let id = self.state.instructors.get(key).copied().unwrap_or_else(|| {
                self.changes.created(ChangeKind::Instructor, key, instructor.name());
                let id = new_id();
                let department_id = departments[&instructor.department];
                rows.push(InstructorRow { id, key: key.clone(), department_id, instructor: instructor.clone() });
                id
            });
            ids.insert(key.clone(), id);
        }
        self.counts.instructors = created(rows.len(), ids.len());
        (rows, ids)
    }

    fn sections(&mut self, courses: &BTreeMap<CourseKey, Uuid>, new_id: &mut dyn FnMut() -> Uuid) -> Vec<SectionRow> {
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
                    self.changes.created(ChangeKind::Section, crn, describe(&section, &wanted.meetings));
                    (new_id(), Write::Create, Some(meetings::plan(&[], &wanted.meetings, new_id)))
                }
                Some(stored) => {
                    let changed = self.section_fields(crn, stored, &section, wanted);
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

    fn section_fields(&mut self, crn: &str, stored: &StoredSection, after: &Section, wanted: &CatalogSection) -> bool {
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
            // By way of `push`: meetings may differ in what their description leaves out.
            self.changes.list.push(Change {
                kind: ChangeKind::Section,
                key: crn.to_owned(),
                field: Some("meetings".to_owned()),
                before: Some(describe_all(&known)),
                after: Some(describe_all(&wanted.meetings)),
            });
        }
        self.changes.list.len() > start
    }
}

fn describe(section: &Section, meetings: &[Meeting]) -> String {
    let code = if section.code.is_empty() { String::new() } else { format!(" {}", section.code) };
    format!("{}{code}: {}", section.course, describe_all(meetings))
}

fn describe_all(meetings: &[Meeting]) -> String {
    meetings.iter().map(Meeting::describe).collect::<Vec<_>>().join("\n")
}

/// Counts a stored thing and says whether it changed.
fn tally(counts: &mut Counts, changed: bool) -> bool {
    *(if changed { &mut counts.updated } else { &mut counts.unchanged }) += 1;
    changed
}

fn created(new: usize, all: usize) -> Counts {
    Counts { created: new, updated: 0, unchanged: all - new }
}
