//! One-time links to set a password: how the first admin gets in, and later whoever forgot theirs.
//!
//! Only a link's SHA-256 is stored. It works once, until it expires, and setting a password ends every session.

use std::fmt;

use chrono::TimeDelta;
use zeroize::Zeroizing;

use super::{
    actions::{IssuePasswordLink, LinkKey, SetPassword},
    error::AuthError,
    opaque::Opaque,
    password::Password,
    sessions::Sessions,
    store,
};
use crate::{
    audit::Change,
    db::{
        Actor, DbError, Module, TenantDb,
        ids::{RequestId, UserId},
    },
};

const PREFIX: &str = "pecl_";
/// How long a link works.
pub const LINK_TTL: TimeDelta = TimeDelta::days(3);

/// The secret in a link.
#[derive(Clone)]
pub struct LinkToken(Opaque);

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(…)")
    }
}

impl LinkToken {
    pub fn parse(text: &str) -> Option<Self> {
        Opaque::parse(PREFIX, text).map(LinkToken)
    }

    pub fn reveal(&self) -> Zeroizing<String> {
        self.0.reveal(PREFIX)
    }
}

/// Makes the link of an account; earlier ones stop working. For the command line and for admins.
pub async fn issue_link(db: &TenantDb, actor: &Actor, user: UserId) -> Result<LinkToken, DbError> {
    let mut tx = db.write::<IssuePasswordLink>(actor, &user).await?;
    let token = LinkToken(Opaque::generate());
    let now = db.clock().now();
    store::insert_link(&mut tx, &token.0.sha256(), now, now + LINK_TTL).await?;
    tx.commit(Change::of(user).about(user).field("expiresAt", None::<&str>, now + LINK_TTL)).await?;
    Ok(token)
}

impl Sessions<'_> {
    /// Sets the password of the account the link is for.
    pub async fn set_password(&self, link: &LinkToken, password: Password, request: RequestId) -> Result<(), AuthError> {
        let place = self.hash_pool.admit()?;
        let key = LinkKey { sha256: link.0.sha256(), now: self.db.clock().now() };
        let found = {
            let mut reader = self.db.reader(Module::Auth).await?;
            store::find_link(&mut reader, &key.sha256, key.now).await.map_err(DbError::from)?
        };
        let found = found.filter(|link| link.usable).ok_or(AuthError::LinkExpired)?;
        let mut words = found.institution.clone();
        words.push(self.db.slug().to_owned());
        password.check_new(found.email.as_deref(), &words)?;
        let phc = place.hash(password).await?;
        let actor = Actor::system("set-password").in_request(request);
        let mut tx = match self.db.write::<SetPassword>(&actor, &key).await {
            Err(DbError::NotFound) => return Err(AuthError::LinkExpired),
            other => other?,
        };
        let user = tx.target().account.id;
        store::set_password(&mut tx, &phc, key.now).await?;
        let open = store::open_sessions(&mut tx, user).await?;
        let mut revoked = store::end_sessions(&mut tx, &open, "password-changed", key.now).await?;
        revoked.push(store::raise_epoch(&mut tx, user).await?);
        tx.commit(Change::of(user).about(user).field("password", None::<&str>, "set")).await?;
        for row in &revoked {
            self.revocations.note(row);
        }
        Ok(())
    }
}
