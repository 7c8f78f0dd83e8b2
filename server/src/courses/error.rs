use super::credits::CreditsFault;
use crate::api::{Problem, ProblemKind};

/// Why a course can't be made or edited as asked.
#[derive(Debug, thiserror::Error)]
pub enum CourseRefusal {
    #[error("{0} is another course's code. Choose a different number.")]
    NumberTaken(String),
    #[error("There is no such department.")]
    UnknownDepartment,
    #[error(transparent)]
    Credits(#[from] CreditsFault),
}

impl From<CourseRefusal> for Problem {
    fn from(refusal: CourseRefusal) -> Self {
        let detail = refusal.to_string();
        let field = |pointer: &str, code: &str| Problem::new(ProblemKind::InvalidRequest).error(pointer, code, detail.clone());
        match refusal {
            CourseRefusal::NumberTaken(_) => Problem::new(ProblemKind::CourseNumberTaken).detail(detail).error(
                "/number",
                "taken",
                "Another course of the department has this number.",
            ),
            CourseRefusal::UnknownDepartment => field("/departmentId", "unknown"),
            CourseRefusal::Credits(CreditsFault::MinNotInQuarters) => field("/credits/min", "not-in-quarters"),
            CourseRefusal::Credits(CreditsFault::MaxNotInQuarters) => field("/credits/max", "not-in-quarters"),
            CourseRefusal::Credits(CreditsFault::Reversed) => field("/credits/max", "reversed"),
            CourseRefusal::Credits(CreditsFault::NotFixed) => field("/credits/max", "not-fixed"),
        }
    }
}
