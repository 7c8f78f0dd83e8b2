//! Contact details: sealed in the database, opened for their owner, never printed.

use uuid::Uuid;

use super::{
    actions::{EditContact, ViewContact},
    error::UsersError,
    events,
    model::Contact,
    store,
};
use crate::{
    audit::Change,
    crypto::{Field, KeyError, Personal, Sealed, TenantKeys},
    db::{Actor, DbError, TenantDb, ids::UserId},
};

const PHONE: Field = Field { table: "user_contact", column: "phone_sealed" };
const PERSONAL_EMAIL: Field = Field { table: "user_contact", column: "personal_email_sealed" };

type SealedText = Sealed<Personal<String>>;

/// The row as the database holds it. Version 0: there is none yet.
pub struct Stored {
    pub user: UserId,
    pub phone: Option<SealedText>,
    pub personal_email: Option<SealedText>,
    pub version: i32,
}

impl Stored {
    #[cfg(test)]
    pub fn empty(user: UserId) -> Self {
        Self { user, phone: None, personal_email: None, version: 0 }
    }

    /// For `pec verify`, which looks at everybody's and shows nobody's.
    pub fn check(&self, keys: &TenantKeys) -> Result<(), KeyError> {
        self.open(keys).map(drop)
    }

    pub(super) fn open(&self, keys: &TenantKeys) -> Result<Opened, KeyError> {
        let row = Uuid::from(self.user);
        let open = |sealed: &Option<SealedText>, field| sealed.as_ref().map(|text| text.open(keys, field, row)).transpose();
        Ok(Opened { phone: open(&self.phone, PHONE)?, personal_email: open(&self.personal_email, PERSONAL_EMAIL)? })
    }
}

/// The same in clear, still unprintable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub phone: Option<Personal<String>>,
    pub personal_email: Option<Personal<String>>,
}

impl Opened {
    /// Both values sealed for the row of `user`: phone, then personal e-mail.
    pub fn seal(&self, keys: &TenantKeys, user: UserId) -> (Option<SealedText>, Option<SealedText>) {
        let row = Uuid::from(user);
        let seal = |value: &Option<Personal<String>>, field| value.as_ref().map(|text| Sealed::seal(keys, field, row, text));
        (seal(&self.phone, PHONE), seal(&self.personal_email, PERSONAL_EMAIL))
    }

    fn shown(self, version: i32) -> Contact {
        Contact {
            phone: self.phone.map(Personal::into_inner),
            personal_email: self.personal_email.map(Personal::into_inner),
            version,
        }
    }
}

/// The caller's own contact details.
pub async fn read(db: &TenantDb, actor: &Actor, user: UserId) -> Result<Contact, DbError> {
    let stored = db.read::<ViewContact>(actor, &user).await?;
    Ok(stored.open(db.keys())?.shown(stored.version))
}

/// Replaces the contact details. Asking for what is already stored changes nothing and succeeds whatever the version, so a retry
/// after a lost answer is answered like the first try.
pub async fn replace(db: &TenantDb, actor: &Actor, user: UserId, wanted: Opened, version: i32) -> Result<Contact, UsersError> {
    let mut tx = db.write::<EditContact>(actor, &user).await?;
    let current = tx.target().version;
    let before = tx.target().open(db.keys()).map_err(DbError::from)?;
    if before == wanted {
        tx.commit_unchanged().await?;
        return Ok(wanted.shown(current));
    }
    if version != current {
        return Err(DbError::VersionConflict { current }.into());
    }
    let (phone, personal_email) = wanted.seal(db.keys(), user);
    let version = store::put_contact(&mut tx, phone.as_ref(), personal_email.as_ref()).await?;
    tx.announce(events::contact_changed(user));
    let change = Change::of(user).about(user).personal("phone", before.phone.as_ref(), wanted.phone.as_ref()).personal(
        "personalEmail",
        before.personal_email.as_ref(),
        wanted.personal_email.as_ref(),
    );
    tx.commit(change).await?;
    Ok(wanted.shown(version))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::crypto::{KeyStore, RootKey};

    fn keys() -> (tempfile::TempDir, TenantKeys) {
        let dir = tempfile::tempdir().unwrap();
        let root = RootKey::open(&dir.path().join("root.key"), true).unwrap();
        let keys = Arc::new(KeyStore::new(dir.path().join("keys"), &root)).create_tenant(Uuid::now_v7()).unwrap();
        (dir, keys)
    }

    fn opened(phone: Option<&str>, personal_email: Option<&str>) -> Opened {
        let personal = |text: &str| Personal::new(text.to_owned());
        Opened { phone: phone.map(personal), personal_email: personal_email.map(personal) }
    }

    fn stored(user: UserId, keys: &TenantKeys, values: &Opened) -> Stored {
        let (phone, personal_email) = values.seal(keys, user);
        Stored { user, phone, personal_email, version: 1 }
    }

    #[test]
    fn opens_what_it_sealed() {
        let (_dir, keys) = keys();
        let user = UserId::new();
        for values in
            [opened(Some("+91 98 7654 3210"), Some("me@home.example")), opened(None, Some("é@x.example")), opened(None, None)]
        {
            let stored = stored(user, &keys, &values);
            assert_eq!(stored.open(&keys).unwrap(), values);
            let bytes = stored.personal_email.as_ref().map(|sealed| sealed.as_column().to_vec()).unwrap_or_default();
            assert!(!bytes.windows(8).any(|part| part == b"home.exa"), "sealed bytes hold no clear text");
        }
    }

    #[test]
    fn a_value_copied_elsewhere_does_not_open() {
        let (_dir, keys) = keys();
        let (user, other) = (UserId::new(), UserId::new());
        let values = opened(Some("12345"), Some("12345"));
        let mut moved_row = stored(user, &keys, &values);
        moved_row.user = other;
        assert!(moved_row.open(&keys).is_err(), "another person's row");
        let mut moved_column = stored(user, &keys, &values);
        std::mem::swap(&mut moved_column.phone, &mut moved_column.personal_email);
        assert!(moved_column.open(&keys).is_err(), "another column");
    }

    #[test]
    fn nothing_personal_is_printed() {
        let printed = format!("{:?}", opened(Some("98765"), Some("me@home.example")));
        assert!(!printed.contains("98765") && !printed.contains("home"), "{printed}");
    }
}
