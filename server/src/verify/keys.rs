//! One key for each person, outside the database: that those which are needed are there and open, that what is sealed opens, and that
//! no key is left over. A page of people and a directory of keys at a time.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use sqlx::PgConnection;
use uuid::Uuid;

use super::Found;
use crate::{
    crypto::{KeyError, TenantKeys},
    db::ids::UserId,
    users::{self, SealedContact},
};

const ROWS_AT_ONCE: i64 = 1_000;
/// An import makes keys before it writes the people they are for, and takes a while.
const SETTLED: Duration = Duration::from_secs(3_600);
/// More findings of a kind than this say no more.
const FINDINGS_MAX: usize = 20;

pub(super) async fn check(connection: &mut PgConnection, keys: TenantKeys, now: SystemTime) -> anyhow::Result<Found> {
    let keys = Arc::new(keys);
    let mut found = sealed(connection, &keys).await?;
    found.extend(left_over(connection, &keys, now).await?);
    Ok(found)
}

/// Whoever has a sealed value had it written down under a key of their own as well.
async fn sealed(connection: &mut PgConnection, keys: &Arc<TenantKeys>) -> anyhow::Result<Found> {
    let mut found = Found::new();
    let mut after: Option<UserId> = None;
    while found.len() < FINDINGS_MAX {
        let page = users::sealed_contacts(connection, after, ROWS_AT_ONCE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.user);
        let keys = Arc::clone(keys);
        let broken = move || page.iter().flat_map(|contact| of_one(contact, &keys)).collect::<Found>();
        found.extend(tokio::task::spawn_blocking(broken).await?);
    }
    found.truncate(FINDINGS_MAX);
    Ok(found)
}

fn of_one(contact: &SealedContact, keys: &TenantKeys) -> Found {
    let said = |check, error: KeyError| (check, format!("person {}: {error}", contact.user));
    let key = keys.check_subject(contact.user.0).map_err(|error| said("personal key", error));
    let value = contact.check(keys).map_err(|error| said("sealed value", error));
    key.err().into_iter().chain(value.err()).collect()
}

/// The files are listed before the people are asked for: who is being made now is not missed.
async fn left_over(connection: &mut PgConnection, keys: &Arc<TenantKeys>, now: SystemTime) -> anyhow::Result<Found> {
    let mut found = Found::new();
    for tail in 0..=u8::MAX {
        let listed = Arc::clone(keys);
        let files = tokio::task::spawn_blocking(move || listed.subjects_by_tail(tail)).await??;
        let settled = |written: SystemTime| now.duration_since(written).is_ok_and(|age| age > SETTLED);
        let settled: Vec<String> = files.into_iter().filter(|(_, written)| settled(*written)).map(|(name, _)| name).collect();
        let ids: Vec<Uuid> = settled.iter().filter_map(|name| name.parse().ok()).collect();
        let strangers = sqlx::query_scalar!(
            r#"select k.id as "id!" from unnest($1::uuid[]) as k (id) where not exists (select from app_user u where u.id = k.id)"#,
            &ids
        )
        .fetch_all(&mut *connection)
        .await?;
        let of_nobody = |name: &String| name.parse().map_or(true, |id: Uuid| strangers.contains(&id));
        found.extend(
            settled
                .iter()
                .filter(|name| of_nobody(name))
                .map(|name| ("orphan", format!("key file subject/{}/{tail:02x}/{name} belongs to no person", keys.tenant()))),
        );
    }
    found.truncate(FINDINGS_MAX);
    Ok(found)
}
