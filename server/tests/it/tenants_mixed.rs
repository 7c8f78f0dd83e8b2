//! Two institutions under mixed load, reads and writes, a tenth of the requests abandoned midway: nobody ever sees a row of the other,
//! and no abandoned request leaves anything behind that the next one on its connection would meet.
//!
//! 100,000 requests; PEC_MIXED_REQUESTS sets another number.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::{StreamExt, future::join_all, stream};
use pec::db::{Module, TenantDb};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::{
    http::{Answer, Persona, World, answer, make},
    owner, run,
};

const PATHS: [&str; 5] = [
    "/api/v1/departments?limit=20",
    "/api/v1/courses?limit=20",
    "/api/v1/users?limit=20",
    "/api/v1/courses?q=engineering",
    "/api/v1/me",
];
/// Requests between two sign-ins: a token lives for five minutes.
const ROUND: usize = 10_000;

struct Side {
    persona: Persona,
    tenant: TenantDb,
    ids: HashSet<String>,
    /// Departments with the version last heard of. Whoever holds one is the only one to edit it.
    departments: Vec<Mutex<(String, i64)>>,
}

impl Side {
    async fn of(world: &World, persona: Persona) -> Self {
        let tenant = if persona == Persona::Admin { world.ours.clone() } else { world.theirs.clone() };
        let ids = sqlx::query_scalar!(
            r#"select id::text as "id!" from department union all select id::text from course union all select id::text from app_user"#
        )
        .fetch_all(&mut owner(&tenant).await)
        .await
        .unwrap();
        let departments = sqlx::query!(r#"select id::text as "id!", version from department order by code limit 8"#)
            .fetch_all(&mut owner(&tenant).await)
            .await
            .unwrap();
        let departments = departments.into_iter().map(|row| Mutex::new((row.id, i64::from(row.version)))).collect();
        Self { persona, tenant, ids: ids.into_iter().collect(), departments }
    }

    async fn edits(&self) -> (i64, i64) {
        let row = sqlx::query!(
            r#"select (select sum(version) from department) as "versions!", (select count(*) from audit_event where action = 'department.edit') as "audited!""#
        )
        .fetch_one(&mut owner(&self.tenant).await)
        .await
        .unwrap();
        (row.versions, row.audited)
    }
}

/// What the run has seen.
#[derive(Default)]
struct Seen {
    rows: AtomicUsize,
    abandoned: AtomicUsize,
    busy: AtomicUsize,
    edits: AtomicUsize,
}

fn shown(body: &Value) -> Vec<String> {
    let id = |value: &Value| value["id"].as_str().map(str::to_owned);
    match body["items"].as_array() {
        Some(items) => items.iter().filter_map(id).collect(),
        None => id(body).into_iter().collect(),
    }
}

/// Every tenth request is given up while the server is at it, at another moment each time.
fn patience(n: usize) -> Duration {
    if n % 10 == 9 { Duration::from_micros(200 + (n as u64 * 7919) % 6_000) } else { Duration::from_secs(60) }
}

async fn read(world: &World, side: &Side, n: usize, seen: &Seen) {
    let path = PATHS[n / 2 % PATHS.len()];
    let request = world.client.get(world.url(&side.tenant, path)).bearer_auth(&world.person(side.persona).access);
    let Ok(answer) = tokio::time::timeout(patience(n), answer(request)).await else {
        seen.abandoned.fetch_add(1, Ordering::Relaxed);
        return;
    };
    if answer.status == 503 {
        assert!(answer.headers.contains_key("retry-after"), "{path}");
        seen.busy.fetch_add(1, Ordering::Relaxed);
        return;
    }
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
    let shown = shown(&answer.json());
    assert!(!shown.is_empty() || path.contains("q="), "{path}");
    for id in &shown {
        assert!(side.ids.contains(id), "{:?} {path}: {id} is not theirs", side.persona);
    }
    seen.rows.fetch_add(shown.len(), Ordering::Relaxed);
}

async fn edit(world: &World, side: &Side, n: usize, seen: &Seen) {
    let mut department = side.departments[n / 20 % side.departments.len()].lock().await;
    let path = format!("/api/v1/departments/{}", department.0);
    let token = &world.person(side.persona).access;
    let body = json!({ "name": format!("Name {n}"), "version": department.1 });
    let request = world.client.patch(world.url(&side.tenant, &path)).bearer_auth(token).json(&body);
    let key = format!("mixed-edit-{n}");
    match tokio::time::timeout(patience(n), answer(request.header("idempotency-key", key))).await {
        Ok(Answer { status, .. }) if status == 200 => {
            department.1 += 1;
            seen.edits.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Answer { status, .. }) if status == 503 => {
            seen.busy.fetch_add(1, Ordering::Relaxed);
        }
        // The version heard of is behind when an abandoned edit was made after all.
        Ok(other) => assert_eq!(other.status, 409, "{}", String::from_utf8_lossy(&other.bytes)),
        Err(_) => {
            seen.abandoned.fetch_add(1, Ordering::Relaxed);
        }
    }
    let now = answer(world.client.get(world.url(&side.tenant, &path)).bearer_auth(token)).await;
    if now.status == 200 {
        department.1 = now.json()["version"].as_i64().unwrap();
    }
}

/// A transaction that somebody left open has an id.
async fn no_connection_is_in_a_transaction(tenant: &TenantDb) {
    for module in [Module::Departments, Module::Courses, Module::Users] {
        let mut readers = Vec::new();
        for reader in join_all((0..8).map(|_| tenant.reader(module))).await {
            readers.push(reader.unwrap());
        }
        for reader in &mut readers {
            let open =
                sqlx::query_scalar!(r#"select pg_current_xact_id_if_assigned() is not null as "open!""#).fetch_one(&mut **reader);
            assert!(!open.await.unwrap(), "{module:?}");
        }
        readers.into_iter().for_each(pec::db::Reader::done);
    }
}

#[test]
fn no_row_of_another_institution() {
    run(async {
        let mut world = make(pec::routes::all()).await;
        let total: usize = std::env::var("PEC_MIXED_REQUESTS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
        let sides = [Side::of(&world, Persona::Admin).await, Side::of(&world, Persona::OtherTenantAdmin).await];
        assert!(sides[0].ids.is_disjoint(&sides[1].ids));
        let before = [sides[0].edits().await, sides[1].edits().await];
        let seen = Seen::default();
        for start in (0..total).step_by(ROUND) {
            world.sign_in_again().await;
            let (world, sides, seen) = (&world, &sides, &seen);
            stream::iter(start..(start + ROUND).min(total))
                .for_each_concurrent(32, |n| async move {
                    let side = &sides[n % 2];
                    if n / 2 % 10 == 3 || n % 100 == 9 {
                        edit(world, side, n, seen).await
                    } else {
                        read(world, side, n, seen).await
                    }
                })
                .await;
        }
        for (side, before) in sides.iter().zip(before) {
            let after = side.edits().await;
            assert_eq!(after.0 - before.0, after.1 - before.1, "every edit has its audit row, and every audit row its edit");
            no_connection_is_in_a_transaction(&side.tenant).await;
        }
        println!("{total} requests: {seen}");
        assert!(seen.edits.load(Ordering::Relaxed) > total / 20);
        assert!(seen.busy.load(Ordering::Relaxed) < total / 10, "{seen}");
    });
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [rows, abandoned, busy, edits] =
            [&self.rows, &self.abandoned, &self.busy, &self.edits].map(|n| n.load(Ordering::Relaxed));
        write!(f, "{rows} rows looked at, none foreign; {edits} edits, {abandoned} abandoned, {busy} told to come back")
    }
}

#[test]
fn a_token_of_one_institution_is_nobody_at_another() {
    run(async {
        let world = crate::support::http::world().await;
        let answer = world.get(Persona::OtherTenantAdmin, "/api/v1/me").await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (401, "unauthenticated"));
        let elsewhere = world.url(&world.ours, "/api/v1/institution").replace(world.ours.slug(), "nowhere");
        let client = reqwest::Client::builder()
            .danger_accept_invalid_certs(true)
            .resolve("nowhere.localhost", world.node.address)
            .build()
            .unwrap();
        assert_eq!(client.get(elsewhere).send().await.unwrap().status().as_u16(), 404);
    });
}
