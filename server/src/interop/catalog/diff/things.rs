//! Departments, courses, rooms and instructors of a difference.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Pass, Trace, tally};
use crate::interop::catalog::columns::Column;
use crate::interop::catalog::model::{Course, CourseKey, RoomKey};
use crate::interop::catalog::plan::{CourseRow, DepartmentRow, InstructorRow, RoomRow, Write};
use crate::interop::catalog::report::{ChangeKind, Counts};

impl Pass<'_> {
    pub(super) fn departments(&mut self, new_id: &mut dyn FnMut() -> Uuid) -> (Vec<DepartmentRow>, BTreeMap<String, Uuid>) {
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

    pub(super) fn courses(
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

    pub(super) fn rooms(&mut self, new_id: &mut dyn FnMut() -> Uuid) -> (Vec<RoomRow>, BTreeMap<RoomKey, Uuid>) {
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

    pub(super) fn instructors(
        &mut self,
        departments: &BTreeMap<String, Uuid>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> (Vec<InstructorRow>, BTreeMap<String, Uuid>) {
        let mut ids = BTreeMap::new();
        let mut rows = Vec::new();
        for (key, instructor) in &self.catalog.instructors {
            let id = self.state.instructors.get(key).copied().unwrap_or_else(|| {
                let id = new_id();
                self.changes.made(ChangeKind::Instructor, key, instructor.name(), Trace::Person(id));
                let department_id = departments[&instructor.department];
                rows.push(InstructorRow { id, key: key.clone(), department_id, instructor: instructor.clone() });
                id
            });
            ids.insert(key.clone(), id);
        }
        self.counts.instructors = created(rows.len(), ids.len());
        (rows, ids)
    }
}

fn created(new: usize, all: usize) -> Counts {
    Counts { created: new, updated: 0, unchanged: all - new }
}
