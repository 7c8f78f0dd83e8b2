//! The difference between a file and what the institution has: pure, and empty once applied.

mod sections;
mod things;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::columns::Column;
use super::issues::{Issues, Refused};
use super::model::Catalog;
use super::params::{ImportParams, PartDates};
use super::plan::{PartRow, Plan, TermRow, Write};
use super::report::{Change, ChangeKind, Counts};
use super::state::State;

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
    /// One for each change: what may be kept of it where its words name people.
    pub(in crate::interop) traces: Vec<Trace>,
    pub counts: AllCounts,
    /// Sections of the term that the file does not name; they stay as they are.
    pub absent_sections: usize,
    pub warnings: Issues,
    pub(in crate::interop::catalog) plan: Plan,
}

/// How a change is written down for good, where names don't belong in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::interop) enum Trace {
    /// As it is shown: nobody is named.
    AsShown,
    /// All of it is about this person.
    Person(Uuid),
    /// The same with people's ids in the place of their names.
    Said { before: Option<String>, after: Option<String> },
}

impl Diff {
    /// People this difference makes.
    pub(in crate::interop) fn new_people(&self) -> impl Iterator<Item = Uuid> {
        self.plan.instructors.iter().map(|row| row.id)
    }

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
    let sections = pass.sections(&course_ids, &instructor_ids, new_id);
    if !pass.errors.is_empty() {
        return Err(pass.errors.into());
    }
    Ok(Diff {
        changes: pass.changes.list,
        traces: pass.changes.traces,
        counts: pass.counts,
        absent_sections: state.sections.keys().filter(|crn| !catalog.sections.contains_key(*crn)).count(),
        warnings: pass.warnings,
        plan: Plan { term, parts, departments, courses, rooms, instructors, sections, room_ids, instructor_ids },
    })
}

#[derive(Default)]
struct Changes {
    list: Vec<Change>,
    traces: Vec<Trace>,
}

impl Changes {
    fn push(&mut self, change: Change, trace: Trace) {
        self.list.push(change);
        self.traces.push(trace);
    }

    fn created(&mut self, kind: ChangeKind, key: impl ToString, what: impl ToString) {
        self.made(kind, key, what, Trace::AsShown);
    }

    fn made(&mut self, kind: ChangeKind, key: impl ToString, what: impl ToString, trace: Trace) {
        self.push(Change { kind, key: key.to_string(), field: None, before: None, after: Some(what.to_string()) }, trace);
    }

    /// Records a field if it differs.
    fn field(&mut self, kind: ChangeKind, key: &dyn ToString, field: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            let change = Change { kind, key: key.to_string(), field: Some(field.to_owned()), before, after };
            self.push(change, Trace::AsShown);
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
    let (starts_on, ends_on) = (params.starts_on.0, params.ends_on.0);
    let before = changes.list.len();
    let (id, write) = match &state.term {
        None => {
            changes.created(kind, code, format!("{}, {starts_on} to {ends_on}", params.term_name));
            (new_id(), Some(Write::Create))
        }
        Some(stored) => {
            changes.field(kind, code, "name", Some(stored.name.clone()), Some(params.term_name.clone()));
            changes.field(kind, code, "startsOn", Some(stored.starts_on.to_string()), Some(starts_on.to_string()));
            changes.field(kind, code, "endsOn", Some(stored.ends_on.to_string()), Some(ends_on.to_string()));
            (stored.id, (changes.list.len() > before).then_some(Write::Update { version: stored.version }))
        }
    };
    TermRow { id, write, code: code.clone(), name: params.term_name.clone(), starts_on, ends_on }
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
            rows.push(PartRow { id: ids[code], code: code.clone(), starts_on: starts_on.0, ends_on: ends_on.0 });
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
}

/// Counts a stored thing and says whether it changed.
fn tally(counts: &mut Counts, changed: bool) -> bool {
    *(if changed { &mut counts.updated } else { &mut counts.unchanged }) += 1;
    changed
}
