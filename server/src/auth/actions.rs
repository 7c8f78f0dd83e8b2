//! What may be done to sessions and passwords, and by whom. Each decision is pure; each target was locked by the
//! transaction that writes.
//!
//! Before someone is signed in, or when only a refresh token speaks for them, the system acts: it holds the secret's
//! hash, and no path from the API leads to these actions without the secret itself.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::store::{self, Account, LinkRow, OwnedSession, RenewalRow};
use crate::db::{
    Action, Actor, AuditClass, Module, Role, Verdict,
    ids::{SessionId, UserId},
};

fn only_the_system(actor: &Actor) -> Verdict {
    if actor.is_system() { Verdict::Allow } else { Verdict::Invisible }
}

/// Someone whose password was right starts a session in a role they hold.
pub struct SignIn;

impl Action for SignIn {
    const NAME: &'static str = "session.sign-in";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "session";
    type Key = UserId;
    type Target = Account;

    async fn load(connection: &mut PgConnection, id: &UserId) -> Result<Option<Account>, sqlx::Error> {
        store::lock_account(connection, *id).await
    }

    /// Checked again here, under the lock: the account may have been suspended while the password was hashed.
    fn allows(actor: &Actor, account: &Account) -> Verdict {
        let own = actor.user_id() == Some(account.id);
        let held = actor.role().is_some_and(|role| account.roles.contains(role));
        if own && held && account.active { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// A refresh token is exchanged for its successor. Nothing an auditor would ask about: the session and its role stay.
pub struct Renew;

impl Action for Renew {
    const NAME: &'static str = "session.renew";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Exempt;
    const TARGET: &'static str = "session";
    /// SHA-256 of the token.
    type Key = [u8; 32];
    type Target = RenewalRow;

    async fn load(connection: &mut PgConnection, sha256: &[u8; 32]) -> Result<Option<RenewalRow>, sqlx::Error> {
        store::lock_renewal(connection, sha256).await
    }

    fn allows(actor: &Actor, _: &RenewalRow) -> Verdict {
        only_the_system(actor)
    }
}

/// A refresh token turned up in two hands: the session ends for both.
pub struct EndReplayed;

impl Action for EndReplayed {
    const NAME: &'static str = "session.end-replayed";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "session";
    type Key = SessionId;
    type Target = OwnedSession;

    async fn load(connection: &mut PgConnection, id: &SessionId) -> Result<Option<OwnedSession>, sqlx::Error> {
        store::lock_session(connection, *id).await
    }

    fn allows(actor: &Actor, _: &OwnedSession) -> Verdict {
        only_the_system(actor)
    }
}

/// Someone ends the session they are using.
pub struct SignOut;

impl Action for SignOut {
    const NAME: &'static str = "session.sign-out";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "session";
    type Key = SessionId;
    type Target = OwnedSession;

    async fn load(connection: &mut PgConnection, id: &SessionId) -> Result<Option<OwnedSession>, sqlx::Error> {
        store::lock_session(connection, *id).await
    }

    fn allows(actor: &Actor, session: &OwnedSession) -> Verdict {
        if actor.user_id() == Some(session.user) { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// Someone ends all of their sessions, on every device.
pub struct SignOutEverywhere;

impl Action for SignOutEverywhere {
    const NAME: &'static str = "session.sign-out-everywhere";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "user";
    type Key = UserId;
    type Target = Account;

    async fn load(connection: &mut PgConnection, id: &UserId) -> Result<Option<Account>, sqlx::Error> {
        store::lock_account(connection, *id).await
    }

    fn allows(actor: &Actor, account: &Account) -> Verdict {
        if actor.user_id() == Some(account.id) { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// Someone goes on in another role they hold.
pub struct SwitchRole;

pub struct SwitchKey {
    pub session: SessionId,
    pub to: Role,
}

pub struct SwitchTarget {
    pub session: OwnedSession,
    pub account: Account,
    pub to: Role,
}

impl Action for SwitchRole {
    const NAME: &'static str = "session.switch-role";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "session";
    type Key = SwitchKey;
    type Target = SwitchTarget;

    async fn load(connection: &mut PgConnection, key: &SwitchKey) -> Result<Option<SwitchTarget>, sqlx::Error> {
        let Some(user) = store::owner_of(connection, key.session).await? else {
            return Ok(None);
        };
        // Accounts before sessions: the order every action here locks in.
        let Some(account) = store::lock_account(connection, user).await? else {
            return Ok(None);
        };
        let session = store::lock_session(connection, key.session).await?;
        Ok(session.map(|session| SwitchTarget { session, account, to: key.to }))
    }

    fn allows(actor: &Actor, target: &SwitchTarget) -> Verdict {
        if actor.user_id() != Some(target.session.user) || target.session.ended || !target.account.active {
            Verdict::Invisible
        } else if target.account.roles.contains(target.to) {
            Verdict::Allow
        } else {
            Verdict::Forbid("role-not-held")
        }
    }
}

/// Whoever holds a one-time link sets the password of its account.
pub struct SetPassword;

pub struct LinkKey {
    pub sha256: [u8; 32],
    pub now: DateTime<Utc>,
}

pub struct LinkTarget {
    pub link: LinkRow,
    pub account: Account,
}

impl Action for SetPassword {
    const NAME: &'static str = "password.set";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Security;
    const TARGET: &'static str = "user";
    type Key = LinkKey;
    type Target = LinkTarget;

    async fn load(connection: &mut PgConnection, key: &LinkKey) -> Result<Option<LinkTarget>, sqlx::Error> {
        let Some(found) = store::find_link(connection, &key.sha256, key.now).await? else {
            return Ok(None);
        };
        let Some(account) = store::lock_account(connection, found.user).await? else {
            return Ok(None);
        };
        // Read again under the account's lock: of two who came at once, the second must see the link used.
        let link = store::find_link(connection, &key.sha256, key.now).await?;
        Ok(link.map(|link| LinkTarget { link, account }))
    }

    fn allows(actor: &Actor, target: &LinkTarget) -> Verdict {
        if target.link.usable && target.account.active { only_the_system(actor) } else { Verdict::Invisible }
    }
}

/// An admin, or the command line, hands out a one-time link to set a password.
pub struct IssuePasswordLink;

impl Action for IssuePasswordLink {
    const NAME: &'static str = "password.issue-link";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Sensitive;
    const TARGET: &'static str = "user";
    type Key = UserId;
    type Target = Account;

    async fn load(connection: &mut PgConnection, id: &UserId) -> Result<Option<Account>, sqlx::Error> {
        store::lock_account(connection, *id).await
    }

    fn allows(actor: &Actor, _: &Account) -> Verdict {
        if actor.is_system() || actor.is_admin() { Verdict::Allow } else { Verdict::Invisible }
    }
}

/// Rows that can't matter to anybody any more are removed.
pub struct Sweep;

impl Action for Sweep {
    const NAME: &'static str = "session.sweep";
    const MODULE: Module = Module::Auth;
    const CLASS: AuditClass = AuditClass::Exempt;
    const TARGET: &'static str = "session";
    type Key = ();
    type Target = ();

    async fn load(_: &mut PgConnection, (): &()) -> Result<Option<()>, sqlx::Error> {
        Ok(Some(()))
    }

    fn allows(actor: &Actor, (): &()) -> Verdict {
        only_the_system(actor)
    }
}
