//! How the past terms ended.

use chrono::{NaiveTime, TimeDelta};
use rand_chacha::ChaCha8Rng;

use super::people::pick;
use super::random::Ids;
use super::world::{Course, CourseResult, Enrollment, Outcome, Section, Term};

const OUTCOMES: [(Outcome, u32); 4] =
    [(Outcome::Passed, 89), (Outcome::Failed, 5), (Outcome::Withdrawn, 4), (Outcome::Incomplete, 2)];
/// Results are declared this long after a term.
const DECIDED_DAYS_AFTER: i64 = 12;

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Incomplete => "incomplete",
        }
    }
}

/// One result for each enrollment of a term.
pub fn results(
    term: &Term,
    enrollments: &[Enrollment],
    (sections, courses): (&[Section], &[Course]),
    rng: &mut ChaCha8Rng,
    ids: &mut Ids,
) -> Vec<CourseResult> {
    let at = term.ends_on.and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(DECIDED_DAYS_AFTER) + TimeDelta::hours(6);
    let decided = enrollments.iter().map(|enrollment| {
        let section = &sections[enrollment.section];
        let (outcome, _) = *pick(rng, &OUTCOMES);
        let credits = if outcome == Outcome::Passed { courses[section.course].credits } else { 0 };
        CourseResult {
            id: ids.next(),
            student: enrollment.student,
            course: section.course,
            term: section.term,
            outcome,
            credits,
            at,
        }
    });
    decided.collect()
}
