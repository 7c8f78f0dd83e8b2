use chrono::NaiveDate;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::credits::Credits;
use crate::{
    api::{Date, text},
    db::ids::{CourseId, DepartmentId, SectionId},
    departments::DepartmentRef,
    timetable::{Instructor, Meeting, Term, TermRef},
};

/// A course in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CourseSummary {
    pub id: CourseId,
    /// Department code and number, "CS 301".
    pub code: String,
    pub title: String,
    pub credits: Credits,
    pub department: DepartmentRef,
}

/// A course as other records name it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CourseRef {
    pub id: CourseId,
    pub code: String,
    pub title: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CourseDetail {
    #[serde(flatten)]
    pub course: Course,
    pub can: CourseCan,
}

/// Everything the catalog says of a course.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Course {
    pub id: CourseId,
    pub code: String,
    /// The part of the code after the department's.
    pub number: String,
    pub title: String,
    pub description: String,
    pub credits: Credits,
    /// General-education and degree attributes, in the catalog's own words.
    pub attributes: String,
    pub department: DepartmentRef,
    /// Raised by every edit; an edit names the version it was made from.
    pub version: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CourseCan {
    pub edit: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateCourse {
    #[garde(skip)]
    pub department_id: DepartmentId,
    /// 1 to 10 digits, capital letters, dots or hyphens. It can't be changed later.
    #[garde(length(chars, max = 10), pattern("^[0-9A-Z][0-9A-Z.-]{0,9}$"))]
    pub number: String,
    #[garde(length(chars, min = 1, max = 200), pattern(text::NAME))]
    pub title: String,
    #[garde(length(chars, max = 8000), pattern(text::TEXT))]
    pub description: String,
    #[garde(dive)]
    pub credits: Credits,
    #[garde(length(chars, max = 2000), pattern(text::TEXT))]
    pub attributes: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EditCourse {
    #[garde(length(chars, min = 1, max = 200), pattern(text::NAME))]
    pub title: String,
    #[garde(length(chars, max = 8000), pattern(text::TEXT))]
    pub description: String,
    #[garde(dive)]
    pub credits: Credits,
    #[garde(length(chars, max = 2000), pattern(text::TEXT))]
    pub attributes: String,
    /// The version the edit was made from.
    #[garde(range(min = 1, max = 2_147_483_647))]
    pub version: i32,
}

impl EditCourse {
    /// The course after the edit.
    pub fn applied_to(&self, before: &Course) -> Course {
        Course {
            title: self.title.clone(),
            description: self.description.clone(),
            credits: self.credits,
            attributes: self.attributes.clone(),
            version: before.version + 1,
            ..before.clone()
        }
    }
}

/// One offering of a course in a term, as schedules show it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SectionSummary {
    pub id: SectionId,
    /// The registrar's number of the section, unique in its term.
    pub crn: String,
    /// "A", "BL1"; empty if the catalog gives none.
    pub code: String,
    /// A title of its own, as special topics have; empty otherwise.
    pub title: String,
    pub course: CourseRef,
    pub term: TermRef,
    /// Null when the section runs through the whole term.
    pub part_of_term: Option<PartOfTerm>,
    /// A cancelled section keeps its students until they are moved, and meets no more.
    pub status: SectionStatus,
    pub credits: Credits,
    pub meetings: Vec<Meeting>,
    /// Everyone who teaches in one of the meetings.
    pub instructors: Vec<Instructor>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    #[serde(flatten)]
    pub summary: SectionSummary,
    /// The catalog's remarks.
    pub info: String,
    pub seats: Seats,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum SectionStatus {
    Active,
    Cancelled,
}

/// A half-term or other shorter span inside a term.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartOfTerm {
    pub code: String,
    pub starts_on: Date,
    pub ends_on: Date,
}

impl PartOfTerm {
    /// Of what an outer join found: all three columns, or none.
    pub fn from_columns(code: Option<String>, starts_on: Option<NaiveDate>, ends_on: Option<NaiveDate>) -> Option<Self> {
        Some(Self { code: code?, starts_on: Date(starts_on?), ends_on: Date(ends_on?) })
    }
}

/// How full a section is, over all its seat pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Seats {
    /// Null: the capacity is not known, and the section is closed for enrollment.
    pub cap: Option<i64>,
    pub enrolled: i64,
    /// Seats neither taken nor held for somebody; null with an unknown capacity.
    pub left: Option<i64>,
}

impl Seats {
    pub fn new(cap: Option<i64>, enrolled: i64, held: i64) -> Self {
        Self { cap, enrolled, left: cap.map(|cap| cap - enrolled - held) }
    }
}

/// The sections of a course in one term, and the other terms there are.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CourseSections {
    /// The term shown; null when the course has no sections in it, or none at all.
    pub term: Option<Term>,
    /// The terms that have sections of the course, latest first.
    pub terms: Vec<Term>,
    /// At most 500, by registrar's number.
    pub items: Vec<Section>,
}

/// A term with the sections that a course has in it.
#[derive(Clone, Debug, PartialEq)]
pub struct TermSections {
    pub term: Term,
    pub sections: Vec<SectionId>,
}

/// Which term to show: the one asked for, else the current one, else the latest; of those with sections. `terms` come latest first.
pub fn choose_term(terms: &[TermSections], asked: Option<crate::db::ids::TermId>) -> Option<&TermSections> {
    match asked {
        Some(id) => terms.iter().find(|with| with.term.id == id),
        None => terms.iter().find(|with| with.term.current).or(terms.first()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::db::ids::TermId;

    fn with(n: u128, current: bool) -> TermSections {
        let day = |month| Date(NaiveDate::from_ymd_opt(2030 - n as i32, month, 1).unwrap());
        let id = TermId(Uuid::from_u128(n));
        let term = Term { id, code: n.to_string(), name: n.to_string(), starts_on: day(1), ends_on: day(5), current };
        TermSections { term, sections: Vec::new() }
    }

    #[test]
    fn the_term_shown() {
        let id = |n| Some(TermId(Uuid::from_u128(n)));
        let shown = |terms: &[TermSections], asked| choose_term(terms, asked).map(|with| with.term.id);
        let past = [with(1, false), with(2, false)];
        let running = [with(1, false), with(2, true), with(3, false)];
        assert_eq!(shown(&[], None), None);
        assert_eq!(shown(&[], id(1)), None);
        assert_eq!(shown(&past, None), id(1));
        assert_eq!(shown(&running, None), id(2));
        assert_eq!(shown(&running, id(3)), id(3));
        assert_eq!(shown(&running, id(9)), None);
    }

    #[test]
    fn seats_left() {
        for (cap, enrolled, held, left) in [(None, 0, 0, None), (Some(60), 12, 3, Some(45)), (Some(60), 60, 0, Some(0))] {
            assert_eq!(Seats::new(cap, enrolled, held), Seats { cap, enrolled, left });
        }
    }
}
