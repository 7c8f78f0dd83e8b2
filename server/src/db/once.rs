//! Answers kept for retries: the same key and request get the stored answer, the same key with another request is refused.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Action, Actor, DbError, Module, TenantDb, WriteTx};
use crate::crypto::sha256;

/// One user intent: the client's Idempotency-Key, the operation and the digest of what was asked.
#[derive(Clone)]
pub struct OnceKey {
    key: String,
    operation: &'static str,
    request_sha256: [u8; 32],
}

impl OnceKey {
    /// `request`: everything that makes this request what it is, path parameters included.
    pub fn new(key: &str, operation: &'static str, request: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(request).expect("validated requests serialize");
        Self { key: key.to_owned(), operation, request_sha256: sha256(&bytes) }
    }
}

pub struct StoredAnswer {
    pub status: u16,
    pub body: Value,
}

pub enum Once {
    Fresh,
    Replay(StoredAnswer),
}

impl TenantDb {
    pub async fn recall(&self, module: Module, actor: &Actor, key: &OnceKey) -> Result<Once, DbError> {
        let actor = owner(actor);
        let mut reader = self.reader(module).await?;
        let found = sqlx::query!(
            "select operation, request_sha256, status, response from idempotency where actor_id = $1 and key = $2",
            actor,
            key.key
        )
        .fetch_optional(&mut *reader)
        .await?;
        reader.done();
        match found {
            None => Ok(Once::Fresh),
            Some(row) if row.operation == key.operation && row.request_sha256 == key.request_sha256 => {
                Ok(Once::Replay(StoredAnswer {
                    status: u16::try_from(row.status).expect("a stored status is an HTTP status"),
                    body: row.response,
                }))
            }
            Some(_) => Err(DbError::KeyReused),
        }
    }
}

impl<A: Action> WriteTx<A> {
    /// Keeps the answer in this transaction. When another request with the same key got there first, the constraint
    /// `idempotency_pkey` says so, everything here rolls back, and the caller recalls that answer.
    pub async fn remember(&mut self, key: &OnceKey, status: u16, answer: &impl Serialize) -> Result<(), DbError> {
        let actor = owner(self.actor());
        let now = self.db().clock().now();
        let body = serde_json::to_value(answer).expect("answers serialize");
        sqlx::query!(
            "insert into idempotency (actor_id, key, operation, request_sha256, status, response, at) values ($1, $2, $3, $4, $5, $6, $7)",
            actor,
            key.key,
            key.operation,
            key.request_sha256.as_slice(),
            i16::try_from(status).expect("an HTTP status fits"),
            body,
            now,
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

fn owner(actor: &Actor) -> Uuid {
    actor.user_id().map_or(Uuid::nil(), Uuid::from)
}
