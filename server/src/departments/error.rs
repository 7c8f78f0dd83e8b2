use crate::api::{Problem, ProblemKind};

/// The code belongs to another department.
pub fn code_taken(code: &str) -> Problem {
    Problem::new(ProblemKind::DepartmentCodeTaken)
        .detail(format!("{code} is another department's code. Choose a different one."))
        .error("/code", "taken", "Another department has this code.")
}
