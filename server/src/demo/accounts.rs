//! Whom to sign in as: one person per role whose first page has something to show.

use uuid::Uuid;

use super::store;
use crate::db::{DbError, Module, TenantDb};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    pub user_id: Uuid,
    pub email: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccounts {
    pub student: DemoAccount,
    pub faculty: DemoAccount,
    pub admin: DemoAccount,
}

/// A student in their second or third year with classes on as many weekdays as possible, a lecturer with several full
/// sections in the newest term with students, and the first admin: from the same records always the same. `None` when the
/// institution was never filled by [`super::fill`], whatever it is called.
pub async fn accounts(db: &TenantDb) -> Result<Option<DemoAccounts>, DbError> {
    let mut reader = db.reader(Module::Interop).await?;
    if !store::is_demo(&mut reader).await? {
        return Ok(None);
    }
    Ok(store::accounts(&mut reader).await?)
}
