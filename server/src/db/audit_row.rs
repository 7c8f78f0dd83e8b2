//! The audit row in its final format, and the one statement that writes it together with the outbox rows.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Action, Actor, DbError, Outbox, TenantDb, ids::AuditId};
use crate::{
    audit::{Change, Entry, canonical},
    crypto,
};

/// Version of the canonical format.
const FORMAT: u32 = 1;

pub(super) struct AuditRow {
    id: Uuid,
    at: DateTime<Utc>,
    action: &'static str,
    class: &'static str,
    actor_id: Option<Uuid>,
    actor_role: String,
    target_kind: &'static str,
    target_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    request_id: Option<Uuid>,
    canonical: Vec<u8>,
    diff: Option<(Vec<u8>, Vec<u8>)>,
}

impl AuditRow {
    pub(super) async fn compose<A: Action>(db: &TenantDb, actor: &Actor, txid: &str, change: Change) -> Result<Self, DbError> {
        let id = AuditId::new().0;
        // The database keeps microseconds: so do the bytes.
        let at = chrono::SubsecRound::trunc_subsecs(db.clock().now(), 6);
        let actor_id = actor.user_id().map(Uuid::from);
        let request_id = actor.request().map(Uuid::from);
        let mut fields: Map<String, Value> =
            change.fields.into_iter().map(|(name, (before, after))| (name.to_owned(), json!([before, after]))).collect();
        if !change.personal.is_empty() {
            let subject = change.subject.expect("a change with personal values names the person they are about");
            let (db, values) = (db.clone(), change.personal);
            let sealed = tokio::task::spawn_blocking(move || -> Result<Vec<_>, DbError> {
                let seal = |name: &str, value: Value| seal(&db, subject, id, name, &value);
                values
                    .into_iter()
                    .map(|(name, (before, after))| Ok((name.to_owned(), json!([seal(name, before)?, seal(name, after)?]))))
                    .collect()
            })
            .await
            .expect("sealing does not panic")?;
            fields.extend(sealed);
        }
        let diff = match change.diff {
            Some(entries) => Some(diff_body(db, id, entries).await?),
            None => None,
        };
        let facts = json!({
            "v": FORMAT,
            "id": id,
            "at": at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            "txid": txid,
            "tenant": db.id().0,
            "action": A::NAME,
            "class": A::CLASS.as_str(),
            "actor": { "id": actor_id, "as": actor.label() },
            "target": { "kind": A::TARGET, "id": change.target },
            "subject": change.subject,
            "request": request_id,
            "fields": fields,
            "diff": diff.as_ref().map(|(sha256, _)| hex::encode(sha256)),
        });
        Ok(Self {
            id,
            at,
            action: A::NAME,
            class: A::CLASS.as_str(),
            actor_id,
            actor_role: actor.label(),
            target_kind: A::TARGET,
            target_id: change.target,
            subject_id: change.subject,
            request_id,
            canonical: canonical(&facts),
            diff,
        })
    }
}

fn seal(db: &TenantDb, subject: Uuid, audit: Uuid, name: &str, value: &Value) -> Result<Value, crypto::KeyError> {
    match value {
        Value::Null => Ok(Value::Null),
        value => crypto::seal_personal(db.keys(), subject, audit, name, value).map(|text| json!({ "sealed": text })),
    }
}

/// Digest and bytes of a difference, its personal values sealed.
async fn diff_body(db: &TenantDb, audit: Uuid, entries: Vec<Entry>) -> Result<(Vec<u8>, Vec<u8>), DbError> {
    let db = db.clone();
    let lines = tokio::task::spawn_blocking(move || -> Result<Vec<Value>, crypto::KeyError> {
        let line = |entry: Entry| {
            let mut facts = entry.facts;
            if let Some(subject) = entry.subject {
                facts.insert("subject".to_owned(), json!(subject));
                for (name, value) in entry.personal {
                    facts.insert(name.to_owned(), seal(&db, subject, audit, name, &value)?);
                }
            }
            Ok(Value::Object(facts))
        };
        entries.into_iter().map(line).collect()
    })
    .await
    .expect("sealing does not panic")?;
    let body = canonical(&Value::Array(lines));
    Ok((crypto::sha256(&body).to_vec(), body))
}

pub(super) async fn insert(connection: &mut PgConnection, row: AuditRow, outbox: Vec<Outbox>) -> Result<(), DbError> {
    let ids: Vec<Uuid> = outbox.iter().map(|_| Uuid::now_v7()).collect();
    let (mut streams, mut kinds, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for event in outbox {
        streams.push(event.stream);
        kinds.push(event.kind.to_owned());
        bodies.push(event.body);
    }
    let (sha256, body) = row.diff.unzip();
    sqlx::query!(
        r#"with audit as (
            insert into audit_event (id, at, txid, action, class, actor_id, actor_role, target_kind, target_id, subject_id, request_id, canonical)
            values ($1, $2, pg_current_xact_id(), $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ), difference as (
            insert into audit_diff (audit_id, sha256, body) select $1, $12, $13 where $12::bytea is not null
        )
        insert into outbox (id, stream, kind, body, at)
        select e.id, e.stream, e.kind, e.body, $2 from unnest($14::uuid[], $15::text[], $16::text[], $17::jsonb[]) as e (id, stream, kind, body)"#,
        row.id,
        row.at,
        row.action,
        row.class,
        row.actor_id,
        row.actor_role,
        row.target_kind,
        row.target_id,
        row.subject_id,
        row.request_id,
        row.canonical,
        sha256,
        body,
        &ids,
        &streams,
        &kinds,
        &bodies,
    )
    .execute(connection)
    .await?;
    Ok(())
}
