use crate::{
    api::{Problem, ProblemKind},
    db::DbError,
};

/// Why a change to a person was refused.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    #[error("another account has this e-mail")]
    EmailTaken,
    #[error("another student has this number")]
    StudentNumberTaken,
    #[error("there is no such department")]
    UnknownDepartment,
    #[error("a person needs a profile in at least one role")]
    NoRole,
    #[error("{0} is not of an accepted form")]
    Form(&'static str),
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for UsersError {
    fn from(error: DbError) -> Self {
        let DbError::Constraint(name) = &error else { return Self::Db(error) };
        match name.as_str() {
            "app_user_email_unique" => Self::EmailTaken,
            "student_number_unique" => Self::StudentNumberTaken,
            "student_profile_department_id_fkey" | "faculty_profile_department_id_fkey" => Self::UnknownDepartment,
            "app_user_email_form" => Self::Form("the e-mail address"),
            "app_user_name_length" | "app_user_sort_name_check" => Self::Form("the name"),
            "student_profile_student_number_check" => Self::Form("the student number"),
            "student_profile_program_check" => Self::Form("the program"),
            "student_profile_semester_check" => Self::Form("the semester"),
            "faculty_profile_title_check" => Self::Form("the title"),
            "admin_profile_office_check" => Self::Form("the office"),
            _ => Self::Db(error),
        }
    }
}

impl From<UsersError> for Problem {
    fn from(error: UsersError) -> Self {
        let refused = |pointer: &str, code: &str, error: &UsersError| {
            Problem::new(ProblemKind::InvalidRequest).error(pointer, code, error.to_string())
        };
        match error {
            UsersError::Db(error) => error.into(),
            UsersError::EmailTaken => {
                Problem::new(ProblemKind::EmailTaken).error("/email", "taken", "Another account has this e-mail.")
            }
            UsersError::StudentNumberTaken => refused("/studentNumber", "taken", &error),
            UsersError::UnknownDepartment => refused("/departmentId", "unknown", &error),
            UsersError::NoRole => refused("/roles", "too-few", &error),
            UsersError::Form(_) => refused("", "invalid", &error),
        }
    }
}
