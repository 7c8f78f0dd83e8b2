use std::{fmt, future::Future};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::{
    DbError, Module, TenantDb, audit_row,
    ids::{RequestId, UserId},
    pool::Lease,
};
use crate::audit::Change;

/// The three roles. Everything finer is a scoped duty on one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Student,
    Faculty,
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Student, Role::Faculty, Role::Admin];

    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Student => "student",
            Role::Faculty => "faculty",
            Role::Admin => "admin",
        }
    }

    /// `None` for a word that is no role: the database's CHECK holds the same three.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Who does something: a person in one active role, or the system in a named task.
#[derive(Clone, Debug)]
pub struct Actor {
    who: Who,
    request: Option<RequestId>,
}

#[derive(Clone, Debug)]
enum Who {
    Person { id: UserId, role: Role },
    System { task: &'static str },
}

impl Actor {
    pub fn person(id: UserId, role: Role, request: RequestId) -> Self {
        Self { who: Who::Person { id, role }, request: Some(request) }
    }

    /// Background work, imports from the command line, and people not signed in yet.
    pub fn system(task: &'static str) -> Self {
        Self { who: Who::System { task }, request: None }
    }

    pub fn in_request(mut self, request: RequestId) -> Self {
        self.request = Some(request);
        self
    }

    pub fn user_id(&self) -> Option<UserId> {
        match self.who {
            Who::Person { id, .. } => Some(id),
            Who::System { .. } => None,
        }
    }

    /// The active role; `None` for the system.
    pub fn role(&self) -> Option<Role> {
        match self.who {
            Who::Person { role, .. } => Some(role),
            Who::System { .. } => None,
        }
    }

    pub fn is_admin(&self) -> bool {
        self.role() == Some(Role::Admin)
    }

    pub fn is_system(&self) -> bool {
        matches!(self.who, Who::System { .. })
    }

    /// What an audit row calls the actor: the role, or `system:<task>`.
    pub(crate) fn label(&self) -> String {
        match self.who {
            Who::Person { role, .. } => role.as_str().to_owned(),
            Who::System { task } => format!("system:{task}"),
        }
    }

    pub(crate) fn request(&self) -> Option<RequestId> {
        self.request
    }
}

/// What an action answers about an actor and a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    /// The actor may know of the target, but not do this: 403 with this slug.
    Forbid(&'static str),
    /// For this actor the target does not exist: 404.
    Invisible,
}

/// How closely an action is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditClass {
    /// Roles, keys, policies, bulk changes.
    Sensitive,
    /// An academic or organizational record.
    Record,
    /// Someone looked at one person's record, or took a list of people along.
    Access,
    /// Signing in and out, passwords, refusals.
    Security,
    /// No audit row. `tests/it/architecture.rs` holds the list of these actions, and it only shrinks.
    Exempt,
}

impl AuditClass {
    const fn is_exempt(self) -> bool {
        matches!(self, Self::Exempt)
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sensitive => "sensitive",
            Self::Record => "record",
            Self::Access => "access",
            Self::Security => "security",
            Self::Exempt => "exempt",
        }
    }
}

/// One thing somebody may do. `actions.rs` of each domain holds them: who may is a pure function of actor and target.
pub trait Action: Send + 'static {
    /// Stable name, `course.edit`: in audit rows, in the OpenAPI document, in tests.
    const NAME: &'static str;
    const MODULE: Module;
    const CLASS: AuditClass;
    /// What the audit row calls its target, `course`.
    const TARGET: &'static str;
    type Key: Sync + ?Sized;
    /// What the decision is made on: loaded and locked in the transaction that writes.
    type Target: Send;

    /// Loads the target and locks it against concurrent writers.
    fn load(
        connection: &mut PgConnection,
        key: &Self::Key,
    ) -> impl Future<Output = Result<Option<Self::Target>, sqlx::Error>> + Send;

    fn allows(actor: &Actor, target: &Self::Target) -> Verdict;
}

/// An announcement to the rest of the system, delivered after commit.
pub struct Outbox {
    pub stream: String,
    pub kind: &'static str,
    pub body: Value,
}

/// A transaction in which `A` has been allowed on its target. Store functions take `&mut WriteTx<A>`: there is no other way to
/// write, so nobody forgets to ask. Dropped without `commit`, everything rolls back.
pub struct WriteTx<A: Action> {
    lease: Lease,
    db: TenantDb,
    actor: Actor,
    txid: String,
    target: A::Target,
    outbox: Vec<Outbox>,
    /// With debug assertions, what [`changed_rows`] said when the transaction began.
    changed_before: i64,
}

impl TenantDb {
    /// Authorize, lock and begin, in one call.
    pub async fn write<A: Action>(&self, actor: &Actor, key: &A::Key) -> Result<WriteTx<A>, DbError> {
        let mut lease = self.lease(A::MODULE).await?;
        let txid = begin(&mut lease, actor).await?;
        let changed_before = if cfg!(debug_assertions) { changed_rows(lease.connection()).await? } else { 0 };
        let target = A::load(lease.connection(), key).await?.ok_or(DbError::NotFound)?;
        self.allow(A::allows(actor, &target), actor, A::NAME)?;
        Ok(WriteTx { lease, db: self.clone(), actor: actor.clone(), txid, target, outbox: Vec::new(), changed_before })
    }
}

/// Begins a transaction that may write, tells it who acts, and returns its id: one round trip, since the simple protocol takes several
/// statements at once. The only thing in the text that is not constant is a UUID.
async fn begin(lease: &mut Lease, actor: &Actor) -> Result<String, sqlx::Error> {
    let person = actor.user_id().map(|id| id.0.to_string()).unwrap_or_default();
    let sql = format!("begin read write; select set_config('pec.actor', '{person}', true), pg_current_xact_id()::text as txid");
    lease.enter_transaction();
    sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(lease.connection()).await?.try_get("txid")
}

/// How many rows this connection has changed, in this transaction and in those before it that PostgreSQL has not added to its
/// statistics yet: what matters is the difference. A stored answer is no change.
async fn changed_rows(connection: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int8 as "rows!" from pg_stat_xact_user_tables
        where relname <> 'idempotency'"#
    )
    .fetch_one(connection)
    .await
}

impl<A: Action> WriteTx<A> {
    pub fn target(&self) -> &A::Target {
        &self.target
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn db(&self) -> &TenantDb {
        &self.db
    }

    /// For stores: the connection inside the transaction.
    pub fn connection(&mut self) -> &mut PgConnection {
        self.lease.connection()
    }

    pub fn announce(&mut self, event: Outbox) {
        self.outbox.push(event);
    }

    /// Writes the audit row and the announcements in one statement, then commits.
    pub async fn commit(mut self, change: Change) -> Result<(), DbError> {
        const { assert!(!A::CLASS.is_exempt(), "an action that declares no audit class ends with commit_exempt") };
        let row = audit_row::AuditRow::compose::<A>(&self.db, &self.actor, &self.txid, change).await?;
        audit_row::insert(self.lease.connection(), row, std::mem::take(&mut self.outbox)).await?;
        self.finish().await
    }

    /// For the few actions on the exemption list.
    pub async fn commit_exempt(self) -> Result<(), DbError> {
        const { assert!(A::CLASS.is_exempt(), "an action that declares an audit class ends with commit") };
        self.finish().await
    }

    /// Nothing changed: ends the transaction without an audit row, keeping a stored answer if there is one. A build with debug
    /// assertions (every test) asks the database whether that is so.
    pub async fn commit_unchanged(mut self) -> Result<(), DbError> {
        if cfg!(debug_assertions) {
            let changed = changed_rows(self.lease.connection()).await? - self.changed_before;
            assert_eq!(changed, 0, "{} changed rows and leaves no audit row of it", A::NAME);
        }
        self.finish().await
    }

    async fn finish(mut self) -> Result<(), DbError> {
        sqlx::raw_sql("commit").execute(self.lease.connection()).await?;
        self.lease.release();
        Ok(())
    }
}

impl<A: Action> fmt::Debug for WriteTx<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriteTx<{}>", A::NAME)
    }
}
