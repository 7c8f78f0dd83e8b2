//! What other modules may do with people: make one, and find one by e-mail.

use super::{
    actions::CreateUser,
    error::UsersError,
    events,
    model::{Account, NewUser},
    store,
};
use crate::{
    audit::Change,
    crypto::Personal,
    db::{Actor, DbError, Module, TenantDb, ids::UserId},
};

/// Creates a person with the roles that follow from the profiles. Without a credential: that is the auth module's.
pub async fn create(db: &TenantDb, actor: &Actor, new: &NewUser) -> Result<UserId, UsersError> {
    let roles = new.roles();
    if roles.is_empty() {
        return Err(UsersError::NoRole);
    }
    let mut tx = db.write::<CreateUser>(actor, &()).await?;
    let id = store::insert(&mut tx, new).await?;
    tx.announce(events::created(id));
    let email = new.email.clone().map(Personal::new);
    let number = new.student.as_ref().map(|student| Personal::new(student.student_number.clone()));
    let department = new.student.as_ref().map(|s| s.department).or(new.faculty.as_ref().map(|f| f.department));
    let change = Change::of(id)
        .about(id)
        .personal("name", None, Some(&Personal::new(new.name.clone())))
        .personal("email", None, email.as_ref())
        .personal("studentNumber", None, number.as_ref())
        .field("roles", Vec::<&str>::new(), roles.iter().map(|role| role.as_str()).collect::<Vec<_>>())
        .field("department", None::<uuid::Uuid>, department.map(uuid::Uuid::from));
    tx.commit(change).await?;
    Ok(id)
}

/// By e-mail in any letter case. Whether the person may sign in is the caller's question.
pub async fn find_by_email(db: &TenantDb, email: &str) -> Result<Option<Account>, DbError> {
    let mut reader = db.reader(Module::Users).await?;
    Ok(store::account_by_email(&mut reader, email).await?)
}
