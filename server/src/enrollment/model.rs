use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    api::sort,
    courses::{CourseRef, Hours, Seats, SectionSummary},
    db::ids::{CourseResultId, EnrollmentId, UserId},
    timetable::TermRef,
};

/// A student's place in a section.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Enrollment {
    pub id: EnrollmentId,
    pub enrolled_at: DateTime<Utc>,
    pub section: SectionSummary,
}

/// A section somebody teaches in.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Teaching {
    pub section: SectionSummary,
    pub seats: Seats,
}

/// What came of a student's course.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CourseResult {
    pub id: CourseResultId,
    pub course: CourseRef,
    pub term: TermRef,
    pub outcome: Outcome,
    /// Credit hours earned: 0 unless passed.
    pub credits: Hours,
    pub decided_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Outcome {
    Passed,
    Failed,
    Withdrawn,
    Incomplete,
}

impl Outcome {
    /// As the database and the API spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Incomplete => "incomplete",
        }
    }
}

/// One line of a roster.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterEntry {
    pub student_id: UserId,
    pub name: String,
    pub student_number: String,
    pub program: String,
    pub semester: i16,
    pub enrolled_at: DateTime<Utc>,
}

sort! {
    /// The order of results somebody chose, by column; `-` turns it around.
    ResultSort {
        Term, TermDown: "term", "-term";
        Course, CourseDown: "course", "-course";
        Outcome, OutcomeDown: "outcome", "-outcome";
        Credits, CreditsDown: "credits", "-credits";
        Decided, DecidedDown: "decided", "-decided";
    }
}

sort! {
    /// The order of a roster somebody chose, by column; `-` turns it around.
    RosterSort {
        Name, NameDown: "name", "-name";
        Number, NumberDown: "number", "-number";
        Program, ProgramDown: "program", "-program";
        Semester, SemesterDown: "semester", "-semester";
        Enrolled, EnrolledDown: "enrolled", "-enrolled";
    }
}
