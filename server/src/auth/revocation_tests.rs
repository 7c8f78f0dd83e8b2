use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use super::*;
use crate::{
    auth::AuthMethod,
    db::{Role, ids::TenantId},
};
use uuid::Uuid;

fn at(s: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + s, 0).unwrap()
}

fn claims(user: u128, session: u128, epoch: i32) -> Claims {
    Claims {
        user: UserId(Uuid::from_u128(user)),
        tenant: TenantId(Uuid::nil()),
        role: Role::Student,
        roles: [Role::Student].into_iter().collect(),
        session: SessionId(Uuid::from_u128(session)),
        auth_time: 0,
        methods: vec![AuthMethod::Password],
        epoch,
        issued_at: 0,
        expires_at: 300,
    }
}

fn session(n: u128, s: i64) -> Revocation {
    Revocation { subject: Subject::Session(SessionId(Uuid::from_u128(n))), at: at(s) }
}

fn account(n: u128, min_epoch: i32, s: i64) -> Revocation {
    Revocation { subject: Subject::Account { user: UserId(Uuid::from_u128(n)), min_epoch }, at: at(s) }
}

#[test]
fn nothing_is_vouched_for_before_the_first_poll_or_after_a_second_of_silence() {
    let cache = Revocations::new();
    let start = Instant::now();
    assert_eq!(cache.standing(&claims(1, 1, 1), start), Standing::Unknown);
    cache.absorb(&[], start);
    assert_eq!(cache.standing(&claims(1, 1, 1), start + Duration::from_millis(999)), Standing::Good);
    assert_eq!(cache.standing(&claims(1, 1, 1), start + FRESH_FOR), Standing::Unknown);
    // What is known to be revoked stays so however old the cache is.
    cache.absorb(&[session(1, 0)], start);
    assert_eq!(cache.standing(&claims(1, 1, 1), start + FRESH_FOR * 100), Standing::Revoked);
    // An answer that overtook a newer one doesn't make the cache older.
    cache.absorb(&[], start + Duration::from_secs(5));
    cache.absorb(&[], start + Duration::from_secs(3));
    assert_eq!(cache.standing(&claims(2, 2, 1), start + Duration::from_millis(5900)), Standing::Good);
}

#[test]
fn accounts_refuse_smaller_epochs_only_and_never_go_back() {
    let cache = Revocations::new();
    let now = Instant::now();
    cache.absorb(&[account(1, 5, 0), account(1, 3, 1)], now);
    let standing = |user, epoch| cache.standing(&claims(user, 9, epoch), now);
    assert_eq!(standing(1, 4), Standing::Revoked);
    assert_eq!(standing(1, 5), Standing::Good);
    assert_eq!(standing(1, 6), Standing::Good);
    assert_eq!(standing(2, 1), Standing::Good);
}

#[test]
fn each_poll_reads_the_overlap_again() {
    let cache = Revocations::new();
    assert_eq!(cache.since(), None, "the first one reads everything");
    cache.absorb(&[session(1, 100), session(2, 40)], Instant::now());
    assert_eq!(cache.since(), Some(at(70)));
    // A row dated before the newest, committed late, is still inside the window and counts.
    cache.absorb(&[session(3, 75)], Instant::now());
    assert_eq!(cache.since(), Some(at(70)));
    assert_eq!(cache.len(), 3);
}

#[test]
fn a_note_counts_at_once() {
    let cache = Revocations::new();
    let now = Instant::now();
    cache.absorb(&[], now);
    cache.note(&session(7, 0));
    assert_eq!(cache.standing(&claims(1, 7, 1), now), Standing::Revoked);
}

#[test]
fn sweeping_forgets_only_what_no_token_can_outlive() {
    let cache = Revocations::new();
    cache.absorb(&[session(1, 0), account(2, 2, 0), session(3, 50)], Instant::now());
    let arrives = |after: TimeDelta| {
        cache.absorb(&[Revocation { at: at(0) + after, ..session(4, 0) }], Instant::now());
        cache.sweep();
        cache.len()
    };
    assert_eq!(arrives(TimeDelta::seconds(token::ACCESS_TTL_S + token::LEEWAY_S)), 4);
    assert_eq!(arrives(KEEP), 4);
    assert_eq!(arrives(KEEP + TimeDelta::seconds(1)), 2);
    assert!(KEEP > TimeDelta::seconds(token::ACCESS_TTL_S + 2 * token::LEEWAY_S));
}

#[tokio::test]
async fn the_poller_survives_failures_and_hangs_and_ends_with_its_cache() {
    const PERIOD: Duration = Duration::from_millis(5);
    let cache = Arc::new(Revocations::new());
    let mode = Arc::new(Mutex::new(Mode::Works(Vec::new())));
    let calls = Arc::new(AtomicUsize::new(0));
    let task = tokio::spawn({
        let (mode, calls) = (Arc::clone(&mode), Arc::clone(&calls));
        poll(Arc::downgrade(&cache), PERIOD, move |_| {
            calls.fetch_add(1, Ordering::SeqCst);
            let mode = mode.lock().unwrap().clone();
            async move {
                match mode {
                    Mode::Works(rows) => Ok(rows),
                    Mode::Fails => Err("no connection"),
                    Mode::Hangs => std::future::pending().await,
                }
            }
        })
    });
    let wait_for = async |wanted| {
        let me = claims(1, 1, 1);
        let deadline = Instant::now() + Duration::from_secs(10);
        while cache.standing(&me, Instant::now()) != wanted {
            assert!(Instant::now() < deadline, "still not {wanted:?}");
            tokio::time::sleep(PERIOD).await;
        }
    };
    wait_for(Standing::Good).await;
    *mode.lock().unwrap() = Mode::Fails;
    wait_for(Standing::Unknown).await;
    *mode.lock().unwrap() = Mode::Hangs;
    tokio::time::sleep(PERIOD * 2).await;
    *mode.lock().unwrap() = Mode::Works(Vec::new());
    wait_for(Standing::Good).await;
    let row = Revocation { at: at(1), ..session(1, 0) };
    *mode.lock().unwrap() = Mode::Works(vec![row]);
    wait_for(Standing::Revoked).await;
    // Nobody asks: after a while the poller rests, and a question wakes it.
    let asleep = async || {
        let mut before = calls.load(Ordering::SeqCst);
        for _ in 0..200 {
            tokio::time::sleep(PERIOD * 10).await;
            let after = calls.load(Ordering::SeqCst);
            if after == before {
                return true;
            }
            before = after;
        }
        false
    };
    assert!(asleep().await);
    let me = claims(1, 1, 1);
    let before = calls.load(Ordering::SeqCst);
    cache.standing(&me, Instant::now());
    tokio::time::sleep(PERIOD * 10).await;
    assert!(calls.load(Ordering::SeqCst) > before);
    drop(cache);
    tokio::time::timeout(Duration::from_secs(10), task).await.unwrap().unwrap();
}

#[derive(Clone)]
enum Mode {
    Works(Vec<Revocation>),
    Fails,
    Hangs,
}
