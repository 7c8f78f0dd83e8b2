//! The life of a session: sign-in, switching roles, the end. (Renewal has its own file.)
//!
//! Invariants:
//! - Nothing about an account leaks from a failed sign-in: every failure takes one lookup, one hash and gives one answer.
//! - No database connection is held while a password is hashed.
//! - A session acts only in a role its account holds at the moment of issue.

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderValue;
use zeroize::Zeroizing;

use super::{
    actions::{SignIn, SignOut, SignOutEverywhere, SwitchKey, SwitchRole},
    claims::{AuthMethod, Claims, RoleSet},
    cookies,
    error::AuthError,
    hash_pool::HashPool,
    password::{Password, Verdict},
    refresh::RefreshToken,
    revocation::{Revocation, Revocations},
    store::{self, Account, OwnedSession},
    token::{ACCESS_TTL_S, AUDIENCE, Keyring},
};
use crate::{
    audit::Change,
    db::{
        Action, Actor, DbError, Module, Role, TenantDb, WriteTx,
        ids::{RequestId, SessionId},
    },
};

/// Open sessions of one account; a further sign-in ends the one unused for longest.
const MAX_SESSIONS: i64 = 20;
const USER_AGENT_CHARS: usize = 300;

/// Everything sessions of one institution need.
#[derive(Clone, Copy)]
pub struct Sessions<'a> {
    pub keyring: &'a Keyring,
    pub hash_pool: &'a HashPool,
    pub issuer: &'a str,
    pub revocations: &'a Revocations,
    pub db: &'a TenantDb,
}

/// What a client gets: two tokens and what the access token says.
pub struct Issued {
    pub access: String,
    /// `None`: the client goes on with the one it has.
    pub refresh: Option<Zeroizing<String>>,
    pub claims: Claims,
    /// How long the refresh token can live, in seconds, if it is not used.
    pub refresh_max_age_s: u64,
}

impl Issued {
    /// The `Set-Cookie` values that carry it to a browser.
    pub fn cookies(&self) -> Vec<HeaderValue> {
        let access = cookies::set(cookies::ACCESS, &self.access, self.refresh_max_age_s);
        let refresh = self.refresh.as_ref().map(|token| cookies::set(cookies::REFRESH, token, self.refresh_max_age_s));
        std::iter::once(access).chain(refresh).collect()
    }
}

/// How long a session lasts. Staff rules apply as soon as one staff role is held: the session can switch to it.
pub(super) fn lifetime(roles: RoleSet) -> (i32, TimeDelta) {
    if roles.has_staff() { (3_600, TimeDelta::hours(12)) } else { (30 * 86_400, TimeDelta::days(180)) }
}

/// How long a session may lie unused, and when it ends in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    pub idle_timeout_s: i32,
    pub expires_at: DateTime<Utc>,
}

impl OwnedSession {
    /// The limits under the roles the account holds now. They only get tighter: who became staff since the sign-in has a staff
    /// session from here on, and who no longer is keeps the one that was started.
    pub(super) fn limits(&self, roles: RoleSet) -> SessionLimits {
        let (idle_timeout_s, absolute) = lifetime(roles);
        SessionLimits {
            idle_timeout_s: self.idle_timeout_s.min(idle_timeout_s),
            expires_at: self.expires_at.min(self.auth_time + absolute),
        }
    }
}

impl Sessions<'_> {
    /// Starts a session for whoever knows the password.
    pub async fn sign_in(
        &self,
        email: &str,
        password: Password,
        user_agent: &str,
        request: RequestId,
    ) -> Result<Issued, AuthError> {
        // First of all: when hashing can't keep up, nothing else is spent on a sign-in.
        let place = self.hash_pool.admit()?;
        let email = email.to_lowercase();
        let login = {
            let mut reader = self.db.reader(Module::Auth).await?;
            let login = store::find_login(&mut reader, &email).await.map_err(DbError::from)?;
            reader.done();
            login
        };
        let stored = login.as_ref().and_then(|login| login.password_hash.clone());
        let verdict = place.verify(password.clone(), stored.clone()).await?;
        let picked = login.as_ref().filter(|login| login.active).and_then(|login| login.roles.pick(login.last_role));
        let (Some(login), Some(role), Verdict::Right { stale }) = (login, picked, verdict) else {
            metrics::counter!("pec_sign_ins_total", "outcome" => "refused").increment(1);
            return Err(AuthError::WrongCredentials);
        };
        let renewed = if stale { self.hash_again(password).await } else { None };
        let actor = Actor::person(login.id, role, request);
        let mut tx = match self.db.write::<SignIn>(&actor, &login.id).await {
            // Suspended or stripped of the role while the password was being hashed.
            Err(DbError::NotFound) => return Err(AuthError::WrongCredentials),
            other => other?,
        };
        if let (Some(old), Some(new)) = (&stored, &renewed) {
            store::rehash(&mut tx, old, new).await?;
        }
        let issued = self.start(tx, role, user_agent).await?;
        metrics::counter!("pec_sign_ins_total", "outcome" => "accepted").increment(1);
        Ok(issued)
    }

    /// A hash that could not be refreshed now is refreshed at another sign-in.
    async fn hash_again(&self, password: Password) -> Option<String> {
        self.hash_pool.admit().ok()?.hash(password).await.ok()
    }

    async fn start(&self, mut tx: WriteTx<SignIn>, role: Role, user_agent: &str) -> Result<Issued, AuthError> {
        let now = self.db.clock().now();
        let (idle_timeout_s, absolute) = lifetime(tx.target().roles);
        let token = RefreshToken::generate();
        let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS).collect();
        let new = store::NewSession {
            id: SessionId::new(),
            role,
            user_agent: &user_agent,
            now,
            idle_timeout_s,
            expires_at: now + absolute,
            token_sha256: token.sha256(),
        };
        store::start_session(&mut tx, &new).await?;
        let surplus = store::surplus_sessions(&mut tx, MAX_SESSIONS).await?;
        let ended = store::end_sessions(&mut tx, &surplus, "signed-out", now).await?;
        let session = OwnedSession {
            id: new.id,
            user: tx.target().id,
            role,
            auth_time: now,
            idle_timeout_s,
            expires_at: new.expires_at,
            ended: false,
        };
        let issued = self.issue(&session, tx.target(), role, Some(&token), now);
        let change = Change::of(new.id).about(session.user).field("role", None::<&str>, role.as_str());
        tx.commit(change).await?;
        self.note(&ended);
        Ok(issued)
    }

    /// Ends the session in use.
    pub async fn sign_out(&self, actor: &Actor, session: SessionId) -> Result<(), AuthError> {
        let tx = self.db.write::<SignOut>(actor, &session).await?;
        let (user, ended) = (tx.target().user, tx.target().ended);
        self.end(tx, session, user, ended, "signed-out").await
    }

    pub(super) async fn end<A: Action>(
        &self,
        mut tx: WriteTx<A>,
        session: SessionId,
        user: crate::db::ids::UserId,
        already: bool,
        reason: &str,
    ) -> Result<(), AuthError> {
        if already {
            tx.commit_unchanged().await?;
            return Ok(());
        }
        let ended = store::end_sessions(&mut tx, &[session.0], reason, self.db.clock().now()).await?;
        tx.commit(Change::of(session).about(user).field("ended", None::<&str>, reason)).await?;
        self.note(&ended);
        Ok(())
    }

    /// Ends every session of the actor, on every device.
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Result<(), AuthError> {
        let user = actor.user_id().ok_or(AuthError::SessionOver)?;
        let mut tx = self.db.write::<SignOutEverywhere>(actor, &user).await?;
        let open = store::open_sessions(&mut tx, user).await?;
        let mut revoked = store::end_sessions(&mut tx, &open, "signed-out-everywhere", self.db.clock().now()).await?;
        // Whatever a session list could miss, the epoch does not.
        revoked.push(store::raise_epoch(&mut tx, user).await?);
        let count = i64::try_from(open.len()).expect("a handful of sessions");
        tx.commit(Change::of(user).about(user).field("sessions", count, 0i64)).await?;
        self.note(&revoked);
        Ok(())
    }

    /// Goes on in another role the actor holds. The refresh token stays; the answer has a new access token.
    pub async fn switch_role(&self, actor: &Actor, session: SessionId, to: Role) -> Result<Issued, AuthError> {
        let mut tx = match self.db.write::<SwitchRole>(actor, &SwitchKey { session, to }).await {
            Err(DbError::Forbidden("role-not-held")) => return Err(AuthError::RoleNotHeld),
            Err(DbError::NotFound) => return Err(AuthError::SessionOver),
            other => other?,
        };
        let now = self.db.clock().now();
        let (before, limits) = (tx.target().session.role, tx.target().session.limits(tx.target().account.roles));
        if now >= limits.expires_at {
            return Err(AuthError::SessionOver);
        }
        let issued = self.issue(&tx.target().session, &tx.target().account, to, None, now);
        if before == to {
            tx.commit_unchanged().await?;
        } else {
            store::set_session_role(&mut tx, limits).await?;
            let change = Change::of(session).about(issued.claims.user).field("role", before.as_str(), to.as_str());
            tx.commit(change).await?;
        }
        Ok(issued)
    }

    fn claims(&self, session: &OwnedSession, account: &Account, role: Role, now: DateTime<Utc>) -> Claims {
        let issued_at = now.timestamp();
        // An access token never outlives its session.
        let expires_at = (issued_at + ACCESS_TTL_S).min(session.limits(account.roles).expires_at.timestamp());
        Claims {
            user: account.id,
            tenant: self.db.id(),
            role,
            roles: account.roles,
            session: session.id,
            auth_time: session.auth_time.timestamp(),
            methods: vec![AuthMethod::Password],
            epoch: account.epoch,
            issued_at,
            expires_at,
        }
    }

    pub(super) fn issue(
        &self,
        session: &OwnedSession,
        account: &Account,
        role: Role,
        refresh: Option<&RefreshToken>,
        now: DateTime<Utc>,
    ) -> Issued {
        let claims = self.claims(session, account, role, now);
        let limits = session.limits(account.roles);
        let left_s = (limits.expires_at - now).num_seconds().min(limits.idle_timeout_s.into()).max(0);
        Issued {
            access: self.keyring.issue(&claims, self.issuer, AUDIENCE),
            refresh: refresh.map(RefreshToken::reveal),
            claims,
            refresh_max_age_s: u64::try_from(left_s).expect("not negative"),
        }
    }

    fn note(&self, rows: &[Revocation]) {
        for row in rows {
            self.revocations.note(row);
        }
    }
}
