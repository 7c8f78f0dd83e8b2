//! What every handler stands on: the shared state, and who is calling.

mod exporter;

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::{
    api::{Created, IdempotencyKey, PREFIX, Places, Problem, ProblemKind, Reply},
    audit::Change,
    auth::{Claims, HashPool, Keyring, revocation::Revocations},
    db::{
        Action, Actor, Clock, DbError, MODULES, Module, Once, OnceKey, Registry, Role, TenantDb, WriteTx,
        ids::{RequestId, SessionId, TenantId, UserId},
    },
};

pub use exporter::Exporter;

/// Files a node works on at once: each is in memory, together with what it means.
const UPLOADS: usize = 2;

/// One node's state. Cheap to clone; holds nothing that another node could not have too.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    registry: Registry,
    keyring: Keyring,
    hash_pool: HashPool,
    uploads: Arc<Semaphore>,
    exports: Places,
    issuer: String,
    revocations: RwLock<HashMap<TenantId, Arc<Revocations>>>,
    in_flight: [Semaphore; MODULES.len()],
}

/// Requests of one module that a node answers at once: what piles up in front of modules that hang leaves the others theirs.
pub const MODULE_IN_FLIGHT: usize = 128;

impl App {
    pub fn new(registry: Registry, keyring: Keyring, hash_pool: HashPool) -> Self {
        let issuer = format!("pec:{}", registry.install());
        let in_flight = std::array::from_fn(|_| Semaphore::new(MODULE_IN_FLIGHT));
        let uploads = Arc::new(Semaphore::new(UPLOADS));
        let (exports, revocations) = (Places::default(), RwLock::default());
        Self(Arc::new(Inner { registry, keyring, hash_pool, uploads, exports, issuer, revocations, in_flight }))
    }

    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub fn clock(&self) -> &Clock {
        self.0.registry.clock()
    }

    pub fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    pub fn hash_pool(&self) -> &HashPool {
        &self.0.hash_pool
    }

    /// A place for one uploaded file, held until it has been worked on; `None`: come back later.
    pub fn upload_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.uploads).try_acquire_owned().ok()
    }

    /// A place among the requests of a module that are answered at once; `None`: there is none, and waiting would help nobody.
    pub fn enter(&self, module: Module) -> Option<SemaphorePermit<'_>> {
        self.0.in_flight[module as usize].try_acquire().ok()
    }

    /// The `iss` of this installation's tokens.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// What this node knows of ended sessions and outdated accounts of an institution. The first use starts its polling.
    pub fn revocations(&self, tenant: &TenantDb) -> Arc<Revocations> {
        const HELD: &str = "no code panics while it holds the revocations";
        if let Some(known) = self.0.revocations.read().expect(HELD).get(&tenant.id()) {
            return Arc::clone(known);
        }
        let mut all = self.0.revocations.write().expect(HELD);
        Arc::clone(all.entry(tenant.id()).or_insert_with(|| crate::auth::watch_revocations(tenant.clone())))
    }
}

/// A person with a valid token, in one institution and one active role. The edge puts it there; a handler that asks for it can't
/// run without it.
#[derive(Clone)]
pub struct Caller {
    pub db: TenantDb,
    pub actor: Actor,
    pub user_id: UserId,
    pub role: Role,
    pub session: SessionId,
    pub claims: Arc<Claims>,
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ProblemKind::Unauthenticated.into())
    }
}

/// Anyone, at one institution's address: what public operations get.
#[derive(Clone)]
pub struct Visitor {
    pub db: TenantDb,
    pub request: RequestId,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ProblemKind::NotFound.into())
    }
}

crate::undocumented_input!(Caller, Visitor, Exporter);

/// A mutation's intent: its Idempotency-Key, its name and everything it asks for.
pub struct Intent {
    module: Module,
    key: OnceKey,
}

impl Intent {
    /// `request` holds what makes this request what it is: path parameters and body.
    pub fn new(module: Module, key: &IdempotencyKey, operation: &'static str, request: &impl Serialize) -> Self {
        Self { module, key: OnceKey::new(key.as_str(), operation, request) }
    }
}

/// What a mutation answers, new or stored: a status and a JSON body.
pub struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    /// Commits a change together with its answer.
    pub async fn keep<A: Action>(
        mut tx: WriteTx<A>,
        intent: &Intent,
        status: u16,
        answer: &impl Serialize,
        change: Change,
    ) -> Result<Self, Problem> {
        tx.remember(&intent.key, status, answer).await?;
        tx.commit(change).await?;
        Ok(Self { status, body: serde_json::to_value(answer).expect("answers serialize") })
    }

    /// Keeps a refusal that was decided inside the transaction: a retry with the same key gets the same refusal, even if what was
    /// refused would pass by then.
    pub async fn refuse<A: Action>(mut tx: WriteTx<A>, intent: &Intent, refusal: Problem) -> Result<Self, Problem> {
        let body = serde_json::to_value(&refusal).expect("problems serialize");
        tx.remember(&intent.key, refusal.status().as_u16(), &body).await?;
        tx.commit_unchanged().await?;
        Ok(Self { status: refusal.status().as_u16(), body })
    }

    /// The answer of a successful edit; a kept refusal is refused again.
    pub fn reply<T>(self) -> Result<Reply<T>, Problem> {
        Ok(Reply::stored(self.accepted()?.to_string()))
    }

    /// The answer of a successful creation, at `collection/id`.
    pub fn created<T>(self, collection: &str) -> Result<Created<T>, Problem> {
        let made = self.accepted()?;
        let id = made["id"].as_str().unwrap_or_default();
        Ok(Created::stored(&format!("{PREFIX}{collection}/{id}"), made.to_string()))
    }

    fn accepted(self) -> Result<Value, Problem> {
        if self.status >= 400 { Err(serde_json::from_value(self.body).unwrap_or_else(Problem::internal)) } else { Ok(self.body) }
    }
}

impl Caller {
    /// Runs `work` at most once for an intent. `work` keeps its answer with [`Answer::keep`] or [`Answer::refuse`] inside its
    /// transaction; a retry, also one that races the first, gets that answer.
    pub async fn once<F>(&self, intent: &Intent, work: F) -> Result<Answer, Problem>
    where
        F: AsyncFnOnce() -> Result<Answer, Problem>,
    {
        if let Some(stored) = self.recall(intent).await? {
            return Ok(stored);
        }
        let refused = match work().await {
            Err(problem) => problem,
            answered => return answered,
        };
        // A request that raced this one with the same key may have decided first: this one then waited for its locks and failed at
        // what the other had changed, whatever it failed with. What the other one decided is the answer.
        match self.recall(intent).await {
            Ok(Some(stored)) => Ok(stored),
            Err(problem) if problem.kind() == ProblemKind::IdempotencyMismatch => Err(problem),
            _ => Err(refused),
        }
    }

    async fn recall(&self, intent: &Intent) -> Result<Option<Answer>, Problem> {
        match self.db.recall(intent.module, &self.actor, &intent.key).await? {
            Once::Fresh => Ok(None),
            Once::Replay(stored) => Ok(Some(Answer { status: stored.status, body: stored.body })),
        }
    }
}

/// The edit was made from a version that is no longer the latest.
pub fn version_conflict() -> Problem {
    Problem::new(ProblemKind::VersionConflict).detail("Load it again, look at what changed, and repeat your edit.")
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound => ProblemKind::NotFound.into(),
            DbError::Forbidden("admins-only") => Problem::new(ProblemKind::Forbidden).detail("Only an admin may do this."),
            DbError::Forbidden(reason) => Problem::new(ProblemKind::Forbidden).detail(reason),
            DbError::VersionConflict { .. } => version_conflict(),
            DbError::KeyReused => ProblemKind::IdempotencyMismatch.into(),
            // Another request with this key decided first; `Caller::once` fetches its answer.
            DbError::Constraint(name) if name == "idempotency_pkey" => ProblemKind::IdempotencyInProgress.into(),
            DbError::Busy(what) => {
                tracing::warn!(what, "busy");
                Problem::new(ProblemKind::Busy).retry_after(1)
            }
            DbError::Unavailable(cause) => {
                tracing::error!(%cause, "the database is not reachable");
                Problem::new(ProblemKind::Busy).retry_after(2)
            }
            DbError::Constraint(name) => Problem::internal(format!("constraint {name} has no meaning for this operation")),
            DbError::Key(cause) => Problem::internal(cause),
            DbError::Internal(cause) => Problem::internal(cause),
        }
    }
}
