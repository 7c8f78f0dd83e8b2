//! Differences against a state kept in memory: what the database does with a plan, without a database.

use super::{SMALL, ids, params, text};
use crate::interop::catalog::diff::{Diff, diff};
use crate::interop::catalog::plan::Write;
use crate::interop::catalog::state::{
    State, StoredCourse, StoredDepartment, StoredMeeting, StoredPart, StoredSection, StoredTerm,
};
use crate::interop::catalog::{Catalog, Change, ChangeKind, CourseKey, ImportReport, parse};

/// The state after a difference was applied.
pub fn applied(mut state: State, diff: &Diff) -> State {
    let plan = &diff.plan;
    if plan.term.write.is_some() {
        let version = state.term.as_ref().map_or(1, |term| term.version + 1);
        let (name, starts_on, ends_on) = (plan.term.name.clone(), plan.term.starts_on, plan.term.ends_on);
        state.term = Some(StoredTerm { id: plan.term.id, version, name, starts_on, ends_on });
    }
    for part in &plan.parts {
        state.parts.insert(part.code.clone(), StoredPart { id: part.id, starts_on: part.starts_on, ends_on: part.ends_on });
    }
    for department in &plan.departments {
        state.departments.insert(department.code.clone(), StoredDepartment { id: department.id, archived: false });
    }
    state.rooms.extend(plan.rooms.iter().map(|row| (row.room.clone(), row.id)));
    state.instructors.extend(plan.instructors.iter().map(|row| (row.key.clone(), row.id)));
    for row in &plan.courses {
        let (department, _) =
            state.departments.iter().find(|(_, stored)| stored.id == row.department_id).expect("its department exists");
        let key = CourseKey { department: department.clone(), number: row.number.clone() };
        let stored = StoredCourse { id: row.id, version: next(row.write), archived: false, course: row.course.clone() };
        assert_eq!(state.courses.insert(key, stored).is_none(), row.write == Write::Create);
    }
    for row in &plan.sections {
        let old = state.sections.remove(&row.crn);
        assert_eq!(old.is_none(), row.write == Write::Create);
        let meetings = match &row.meetings {
            None => old.map(|old| old.meetings).unwrap_or_default(),
            Some(plan) => {
                plan.keep.iter().map(|placed| StoredMeeting { id: placed.id, meeting: placed.meeting.clone() }).collect()
            }
        };
        let section = StoredSection { id: row.id, version: next(row.write), enrolled: 0, section: row.section.clone(), meetings };
        state.sections.insert(row.crn.clone(), section);
    }
    state
}

fn next(write: Write) -> i32 {
    match write {
        Write::Create => 1,
        Write::Update { version } => version + 1,
    }
}

pub fn catalog(file: &str) -> Catalog {
    parse(file.as_bytes()).expect("valid")
}

fn imported() -> State {
    let catalog = catalog(&text(SMALL));
    applied(State::default(), &diff(&catalog, &params(), &State::default(), &mut ids()).expect("nothing to refuse"))
}

fn compared(file: &str, state: &State) -> Diff {
    let mut next = ids();
    diff(&catalog(file), &params(), state, &mut || uuid::Uuid::from_u128(next().as_u128() + (1 << 64)))
        .expect("nothing to refuse")
}

fn field(kind: ChangeKind, key: &str, field: &str, before: Option<&str>, after: Option<&str>) -> Change {
    let own = |text: Option<&str>| text.map(str::to_owned);
    Change { kind, key: key.to_owned(), field: Some(field.to_owned()), before: own(before), after: own(after) }
}

#[test]
fn the_first_import_creates_everything() {
    let catalog = catalog(&text(SMALL));
    let diff = diff(&catalog, &params(), &State::default(), &mut ids()).expect("nothing to refuse");
    let report = ImportReport::new(&catalog, &diff, "", true);
    assert_eq!((report.departments.created, report.courses.created, report.sections.created), (5, 14, 29));
    assert_eq!((report.rooms.created, report.instructors.created), (catalog.rooms.len(), catalog.instructors.len()));
    let things = 1 + 4 + 5 + 14 + 29 + catalog.rooms.len() + catalog.instructors.len();
    assert_eq!(report.changes_total, things);
    assert!(report.warnings.iter().any(|issue| issue.code == "part-without-dates" && issue.message.contains("S2B")));
}

#[test]
fn the_second_import_finds_nothing_to_do() {
    let again = compared(&text(SMALL), &imported());
    assert_eq!(again.changes, []);
    assert_eq!((again.counts.sections.unchanged, again.counts.courses.unchanged, again.absent_sections), (29, 14, 0));
}

#[test]
fn a_change_is_told_field_by_field() {
    let file = text(SMALL)
        .replace("Planet Earth", "Our Planet")
        .replace(",12A,Harbor Hall", ",12B,Harbor Hall")
        .replace("3 undergraduate hours. 4 graduate hours.", "");
    let diff = compared(&file, &imported());
    let room = "Harbor Hall 12B";
    let created =
        Change { kind: ChangeKind::Room, key: room.to_owned(), field: None, before: None, after: Some(room.to_owned()) };
    let meets = |room: &str, hours: &str, who: &str| format!("Discussion/Recitation, Thu {hours}, Harbor Hall {room}{who}");
    let moved = |crn: &str, hours: &str, who: &str| {
        field(ChangeKind::Section, crn, "meetings", Some(&meets("12A", hours, who)), Some(&meets("12B", hours, who)))
    };
    let info = |crn| field(ChangeKind::Section, crn, "info", Some("3 undergraduate hours. 4 graduate hours."), Some(""));
    let expected = [
        field(ChangeKind::Course, "GEO 100", "title", Some("Planet Earth"), Some("Our Planet")),
        created,
        moved("20202", "11:00–11:50", ""),
        moved("20203", "12:00–12:50", ", Lindqvist, Å"),
        info("22201"),
        info("22202"),
    ];
    assert_eq!(diff.changes, expected);
    assert_eq!((diff.counts.sections.updated, diff.counts.courses.updated, diff.counts.rooms.created), (4, 1, 1));
}

#[test]
fn a_moved_class_keeps_its_identity() {
    let state = imported();
    let before: Vec<uuid::Uuid> = state.sections["22001"].meetings.iter().map(|stored| stored.id).collect();
    let file = text(SMALL).replace(
        "22001,A,A,1,,,A,UNKNOWN,Online Discussion,OD,ARRANGED,,,",
        "22001,A,A,1,,,A,UNKNOWN,Online Discussion,OD,08:00 AM,08:50 AM,M,",
    );
    let diff = compared(&file, &state);
    let after = &applied(state, &diff).sections["22001"].meetings;
    assert_eq!(after[0].meeting.kind, "Online Discussion", "Monday morning comes first now");
    assert_eq!(after.iter().map(|stored| stored.id).collect::<Vec<_>>(), [before[1], before[0]]);
}

#[test]
fn what_the_file_leaves_out_stays() {
    let shorter: String = text(SMALL).split_inclusive('\n').filter(|line| !line.contains(",WRT,300,")).collect();
    let state = imported();
    let diff = compared(&shorter, &state);
    assert_eq!((diff.changes.len(), diff.absent_sections), (0, 2));
    assert_eq!(applied(state.clone(), &diff), state);
}

#[test]
fn dates_given_later_reach_the_sections() {
    let mut with_s2b = params();
    let s2a = with_s2b.parts[3].clone();
    with_s2b.parts.push(crate::interop::catalog::PartDates { code: "S2B".to_owned(), ..s2a });
    let diff = diff(&catalog(&text(SMALL)), &with_s2b, &imported(), &mut ids()).expect("nothing to refuse");
    let changed: Vec<(&str, Option<&str>)> =
        diff.changes.iter().map(|change| (change.key.as_str(), change.field.as_deref())).collect();
    assert_eq!(changed, [("S2B", None), ("23202", Some("partOfTerm"))]);
    assert!(diff.warnings.is_empty());
}

#[test]
fn a_section_with_students_keeps_its_course() {
    let mut state = imported();
    let file = text(SMALL).replacen(",GEO,445,", ",GEO,446,", 1);
    let moved = compared(&file.replace("22202", "99999"), &state);
    assert!(moved.changes.iter().any(|change| change.key == "22201" && change.field.as_deref() == Some("course")));
    state.sections.get_mut("22201").expect("imported").enrolled = 1;
    let refused = diff(&catalog(&file), &params(), &state, &mut ids()).expect_err("somebody sits in it");
    assert_eq!((refused.total, refused.errors[0].code.as_str(), refused.errors[0].field.as_str()), (1, "crn-moved", "CRN"));
    assert!(refused.errors[0].row > 1);
}
