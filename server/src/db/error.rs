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
                // Shutting down, starting up, too many connections.
                Some("57P01" | "57P02" | "57P03" | "53300") => Self::Unavailable(error),
                _ => Self::Internal(error),
            },
            _ => Self::Internal(error),
        }
    }
}
