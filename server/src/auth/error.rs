use super::{hash_pool::PoolError, password::PasswordProblem};
use crate::db::DbError;

/// What can go wrong with a session or a password, sorted by what the caller may learn.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Unknown address, wrong or missing password, suspended account: nobody outside may tell them apart.
    #[error("wrong credentials")]
    WrongCredentials,
    /// No refresh token, or one that no longer works.
    #[error("the session is over")]
    SessionOver,
    #[error("the role is not held")]
    RoleNotHeld,
    #[error("the link has been used or has expired")]
    LinkExpired,
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// More sign-ins than can be hashed: nothing was done.
    #[error("too many sign-ins at the moment")]
    Busy { retry_after_s: u32 },
    #[error("hashing failed")]
    Hashing(#[source] PoolError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<PoolError> for AuthError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Busy { retry_after_s } => AuthError::Busy { retry_after_s },
            other => AuthError::Hashing(other),
        }
    }
}
