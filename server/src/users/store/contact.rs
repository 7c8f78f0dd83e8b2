use sqlx::PgConnection;

use crate::{
    crypto::{Personal, Sealed},
    db::{DbError, WriteTx, ids::UserId},
    users::{actions::EditContact, contact::Stored},
};

fn sealed(bytes: Option<Vec<u8>>) -> Option<Sealed<Personal<String>>> {
    bytes.map(Sealed::from_column)
}

pub async fn contact(connection: &mut PgConnection, id: UserId) -> Result<Option<Stored>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select c.phone_sealed as "phone_sealed?", c.personal_email_sealed as "personal_email_sealed?", c.version as "version?"
        from app_user u left join user_contact c on c.user_id = u.id where u.id = $1"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Stored {
        user: id,
        phone: sealed(row.phone_sealed),
        personal_email: sealed(row.personal_email_sealed),
        version: row.version.unwrap_or(0),
    }))
}

/// Rows that hold a sealed value, in order of their people, from just after `after`: for `pec verify`.
pub async fn sealed_contacts(
    connection: &mut PgConnection,
    after: Option<UserId>,
    rows: i64,
) -> Result<Vec<Stored>, sqlx::Error> {
    let rows = sqlx::query!(
        "select user_id, phone_sealed, personal_email_sealed, version from user_contact
        where ($1::uuid is null or user_id > $1) and (phone_sealed is not null or personal_email_sealed is not null)
        order by user_id limit $2",
        after.map(|id| id.0),
        rows
    )
    .fetch_all(connection)
    .await?;
    let stored = rows.into_iter().map(|row| Stored {
        user: UserId(row.user_id),
        phone: sealed(row.phone_sealed),
        personal_email: sealed(row.personal_email_sealed),
        version: row.version,
    });
    Ok(stored.collect())
}

/// Locks the person rather than the contact row, which may not exist yet; then reads, so that what another writer committed
/// while this one waited is seen.
pub async fn lock_contact(connection: &mut PgConnection, id: UserId) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query!("select id from app_user where id = $1 for no key update", id.0).fetch_optional(&mut *connection).await?;
    contact(connection, id).await
}

/// The version it has from now on.
pub async fn put_contact(
    tx: &mut WriteTx<EditContact>,
    phone: Option<&Sealed<Personal<String>>>,
    personal_email: Option<&Sealed<Personal<String>>>,
) -> Result<i32, DbError> {
    let user = tx.target().user;
    let version = sqlx::query_scalar!(
        "insert into user_contact (user_id, phone_sealed, personal_email_sealed) values ($1, $2, $3)
        on conflict (user_id) do update set phone_sealed = excluded.phone_sealed,
            personal_email_sealed = excluded.personal_email_sealed, version = user_contact.version + 1
        returning version",
        user.0,
        phone.map(Sealed::as_column),
        personal_email.map(Sealed::as_column)
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(version)
}
