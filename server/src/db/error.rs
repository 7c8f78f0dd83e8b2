use crate::crypto::KeyError;

/// What can go wrong between a store and PostgreSQL, sorted by what the person asking can do about it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Nothing there, or nothing this actor may know of.
    #[error("not found")]
    NotFound,
    /// Visible, but not allowed. The reason is a stable slug.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// A named rule of the database said no.
    #[error("constraint {0}")]
    Constraint(String),
    /// The row changed since the caller read it.
    #[error("version conflict: it is now {current}")]
    VersionConflict { current: i32 },
    /// The Idempotency-Key was used for another request.
    #[error("idempotency key reused")]
    KeyReused,
    /// The module's share, the pool or a lock could not be had in time.
    #[error("busy: {0}")]
    Busy(&'static str),
    #[error("the database is not reachable")]
    Unavailable(#[source] sqlx::Error),
    #[error("key store")]
    Key(#[from] KeyError),
    #[error("unexpected database answer")]
    Internal(#[source] sqlx::Error),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut => Self::Busy("no free database connection"),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(db) => match db.code().as_deref() {
                // Unique, foreign key, check, exclusion, not null.
                Some("23505" | "23503" | "23514" | "23P01") => match db.constraint() {
                    Some(name) => Self::Constraint(name.to_owned()),
                    None => Self::Internal(error),
                },
                // Statement canceled by a timeout, lock not available, deadlock, serialization.
                Some("57014" | "55P03") => Self::Busy("the database took too long"),
                Some("40P01" | "40001") => Self::Busy("two changes met"),
                // Shutting down, starting up, too many connections, the connection failed or was ended for idling in a transaction.
                Some("57P01" | "57P02" | "57P03" | "53300" | "25P03") => Self::Unavailable(error),
                Some(code) if code.starts_with("08") => Self::Unavailable(error),
                // What was prepared fits the tables no longer, once for each connection after a migration; or the transaction had
                // failed before, and its cause was met elsewhere. The same request passes on the next try.
                Some("0A000" | "25P02") => Self::Unavailable(error),
                _ => Self::Internal(error),
            },
            _ => Self::Internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, fmt};

    use super::*;

    /// An answer of PostgreSQL with a code and, perhaps, a constraint.
    #[derive(Debug)]
    struct Answer(&'static str, Option<&'static str>);

    impl fmt::Display for Answer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Answer {}

    impl sqlx::error::DatabaseError for Answer {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn constraint(&self) -> Option<&str> {
            self.1
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> sqlx::error::ErrorKind {
            sqlx::error::ErrorKind::Other
        }
    }

    #[test]
    fn what_postgresql_says_is_sorted_by_what_to_do_about_it() {
        let sorted =
            |code: &'static str, constraint| match DbError::from(sqlx::Error::Database(Box::new(Answer(code, constraint)))) {
                DbError::Constraint(name) => format!("constraint {name}"),
                DbError::Busy(_) => "busy".to_owned(),
                DbError::Unavailable(_) => "unavailable".to_owned(),
                DbError::Internal(_) => "internal".to_owned(),
                other => panic!("{code}: {other}"),
            };
        for code in ["23505", "23503", "23514", "23P01"] {
            assert_eq!(sorted(code, Some("rule")), "constraint rule", "{code}");
            assert_eq!(sorted(code, None), "internal", "{code}");
        }
        for code in ["57014", "55P03", "40P01", "40001"] {
            assert_eq!(sorted(code, None), "busy", "{code}");
        }
        for code in
            ["57P01", "57P02", "57P03", "53300", "25P02", "25P03", "0A000", "08000", "08001", "08003", "08004", "08006", "08P01"]
        {
            assert_eq!(sorted(code, None), "unavailable", "{code}");
        }
        for code in ["42601", "42501", "22P02", "XX000"] {
            assert_eq!(sorted(code, None), "internal", "{code}");
        }
    }
}
