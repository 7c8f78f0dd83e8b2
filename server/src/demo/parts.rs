//! What each domain contributes to a demo institution: its tables, in the order of their foreign keys.

use super::copy::CopyRow;
use super::world::{Pattern, World};

/// One table of a part: how many rows a world has for it, and how to write each.
pub struct Table {
    /// The COPY statement; columns in the order `row` writes them.
    pub copy: &'static str,
    pub rows: fn(&World) -> usize,
    pub row: fn(&World, usize, &mut CopyRow<'_>),
}

/// One domain's tables; `name` is shown while it loads.
pub struct Part {
    pub name: &'static str,
    pub tables: &'static [Table],
}

/// Every part, in loading order.
pub fn parts() -> &'static [Part] {
    &[DEPARTMENTS, PEOPLE, TERMS, COURSES, TIMETABLE, ENROLLMENT, RESULTS]
}

const DEPARTMENTS: Part = Part {
    name: "departments",
    tables: &[Table {
        copy: "copy department (id, code, name) from stdin",
        rows: |world| world.departments.len(),
        row: |world, index, row| {
            let department = &world.departments[index];
            row.plain(department.id).text(&department.code).text(&department.name);
        },
    }],
};

const PEOPLE: Part = Part {
    name: "people",
    tables: &[
        Table {
            copy: "copy app_user (id, email, name, sort_name) from stdin",
            rows: |world| world.users.len(),
            row: |world, index, row| {
                let user = &world.users[index];
                row.plain(user.id).text(&user.email).text(&user.name).text(&user.sort_name);
            },
        },
        Table {
            copy: "copy user_role (user_id, role) from stdin",
            rows: |world| world.users.len(),
            row: |world, index, row| {
                // People are made in this order: admins, faculty, students.
                let (admins, faculty) = (world.admins.len(), world.faculty.len());
                let role = if index < admins {
                    "admin"
                } else if index < admins + faculty {
                    "faculty"
                } else {
                    "student"
                };
                row.plain(world.users[index].id).text(role);
            },
        },
        Table {
            copy: "copy admin_profile (user_id, office) from stdin",
            rows: |world| world.admins.len(),
            row: |world, index, row| {
                let admin = &world.admins[index];
                row.plain(world.users[admin.user].id).text(admin.office);
            },
        },
        Table {
            copy: "copy faculty_profile (user_id, department_id, title) from stdin",
            rows: |world| world.faculty.len(),
            row: |world, index, row| {
                let person = &world.faculty[index];
                row.plain(world.users[person.user].id).plain(world.departments[person.department].id).text(person.title);
            },
        },
        Table {
            copy: "copy student_profile (user_id, student_number, department_id, program, semester, admitted_on) from stdin",
            rows: |world| world.students.len(),
            row: |world, index, row| {
                let student = &world.students[index];
                row.plain(world.users[student.user].id).text(&student.number).plain(world.departments[student.department].id);
                row.text(&student.program).plain(student.semester).plain(student.admitted_on);
            },
        },
    ],
};

const TERMS: Part = Part {
    name: "terms and rooms",
    tables: &[
        Table {
            copy: "copy term (id, code, name, starts_on, ends_on) from stdin",
            rows: |world| world.terms.len(),
            row: |world, index, row| {
                let term = &world.terms[index];
                row.plain(term.id).text(&term.code).text(&term.name).plain(term.starts_on).plain(term.ends_on);
            },
        },
        Table {
            copy: "copy part_of_term (id, term_id, code, starts_on, ends_on) from stdin",
            rows: |world| world.parts.len(),
            row: |world, index, row| {
                let part = &world.parts[index];
                row.plain(part.id).plain(world.terms[part.term].id).text(part.code).plain(part.starts_on).plain(part.ends_on);
            },
        },
        Table {
            copy: "copy room (id, building, number, seats) from stdin",
            rows: |world| world.rooms.len(),
            row: |world, index, row| {
                let room = &world.rooms[index];
                row.plain(room.id).text(room.building).text(&room.number).plain(room.seats);
            },
        },
    ],
};

const COURSES: Part = Part {
    name: "courses and sections",
    tables: &[
        Table {
            copy: "copy course (id, department_id, number, title, description, credits_min, credits_max, credits_kind, attributes) from stdin",
            rows: |world| world.courses.len(),
            row: |world, index, row| {
                let course = &world.courses[index];
                // Theses take as many credits as agreed; advanced seminars can be taken for one less.
                let (least, kind) = match course.pattern {
                    Pattern::Arranged => (2, "range"),
                    Pattern::Seminar if course.level() == 5 => (course.credits - 1, "choice"),
                    _ => (course.credits, "fixed"),
                };
                row.plain(course.id).plain(world.departments[course.department].id).text(&course.number);
                row.text(&course.title).text(&course.description);
                row.plain(least).plain(course.credits).text(kind);
                row.text(if course.common { "Open to all programs." } else { "" });
            },
        },
        Table {
            copy: "copy section (id, course_id, term_id, part_of_term_id, crn, code, info, status) from stdin",
            rows: |world| world.sections.len(),
            row: |world, index, row| {
                let section = &world.sections[index];
                row.plain(section.id).plain(world.courses[section.course].id).plain(world.terms[section.term].id);
                row.optional(section.part.map(|part| world.parts[part].id));
                row.text(&section.crn).text(&section.code).text(section.info);
                row.text(if section.cancelled { "cancelled" } else { "active" });
            },
        },
    ],
};

const TIMETABLE: Part = Part {
    name: "timetable",
    tables: &[
        Table {
            copy: "copy meeting (id, section_id, position, kind, days, starts_at, ends_at, room_id) from stdin",
            rows: |world| world.meetings.len(),
            row: |world, index, row| {
                let meeting = &world.meetings[index];
                row.plain(meeting.id).plain(world.sections[meeting.section].id).plain(meeting.position).text(meeting.kind);
                row.plain(meeting.slot.map_or(0, |slot| slot.days));
                row.optional(meeting.slot.map(|slot| slot.starts_at())).optional(meeting.slot.map(|slot| slot.ends_at()));
                row.optional(meeting.room.map(|room| world.rooms[room].id));
            },
        },
        Table {
            copy: "copy meeting_instructor (meeting_id, user_id) from stdin",
            rows: |world| world.teaching.len(),
            row: |world, index, row| {
                let (meeting, person) = world.teaching[index];
                row.plain(world.meetings[meeting].id).plain(world.users[world.faculty[person].user].id);
            },
        },
    ],
};

const ENROLLMENT: Part = Part {
    name: "enrollment",
    tables: &[
        // The counters start at 0: the enrollment rows themselves raise them, by the table's trigger.
        Table {
            copy: "copy section_seat (section_id, pool, cap) from stdin",
            rows: |world| world.sections.len(),
            row: |world, index, row| {
                let section = &world.sections[index];
                row.plain(section.id).text("open").plain(section.cap);
            },
        },
        Table {
            copy: "copy enrollment (id, student_id, section_id, enrolled_at) from stdin",
            rows: |world| world.enrollments.len(),
            row: |world, index, row| {
                let enrollment = &world.enrollments[index];
                row.plain(enrollment.id).plain(world.users[world.students[enrollment.student].user].id);
                row.plain(world.sections[enrollment.section].id).plain(enrollment.at.to_rfc3339());
            },
        },
    ],
};

const RESULTS: Part = Part {
    name: "results",
    tables: &[Table {
        copy: "copy course_result (id, student_id, course_id, term_id, outcome, credits, decided_at) from stdin",
        rows: |world| world.results.len(),
        row: |world, index, row| {
            let result = &world.results[index];
            row.plain(result.id).plain(world.users[world.students[result.student].user].id);
            row.plain(world.courses[result.course].id).plain(world.terms[result.term].id);
            row.text(result.outcome.as_str()).plain(result.credits).plain(result.at.to_rfc3339());
        },
    }],
};
