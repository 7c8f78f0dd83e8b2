use zeroize::Zeroizing;

use super::*;
use crate::auth::password::{Cost, Pepper, Peppers};

fn pool(threads: usize, queue: usize, cost: Cost) -> HashPool {
    let pepper = Pepper { id: *b"pep1", secret: Zeroizing::new([1; 32]) };
    let peppers = Peppers { current: pepper, previous: Vec::new() };
    let size = PoolSize { threads: NonZeroUsize::new(threads).unwrap(), queue };
    HashPool::start(Hasher::new(peppers, cost).unwrap(), size).unwrap()
}

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

#[tokio::test]
async fn hashes_and_verifies() {
    let pool = pool(2, 8, CHEAP);
    let stored = pool.admit().unwrap().hash(Password::new("correct horse")).await.unwrap();
    let right = pool.admit().unwrap().verify(Password::new("correct horse"), Some(stored.clone())).await;
    assert_eq!(right, Ok(Verdict::Right { stale: false }));
    assert_eq!(pool.admit().unwrap().verify(Password::new("wrong"), Some(stored)).await, Ok(Verdict::Wrong));
    assert_eq!(pool.admit().unwrap().verify(Password::new("correct horse"), None).await, Ok(Verdict::Wrong));
    assert_eq!(pool.stats().done, 4);
    assert_eq!(pool.stats().taken, 0);
}

#[tokio::test]
async fn what_the_queue_cannot_take_is_refused_at_once_and_never_hashed() {
    let pool = Arc::new(pool(1, 4, Cost::OWASP));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let pool = Arc::clone(&pool);
        tasks.spawn(async move { pool.admit()?.verify(Password::new("correct horse"), None).await });
    }
    let answers = tasks.join_all().await;
    let busy = answers
        .iter()
        .filter(|a| matches!(a, Err(PoolError::Busy { retry_after_s }) if (1..=60).contains(retry_after_s)))
        .count();
    let hashed = answers.iter().filter(|a| **a == Ok(Verdict::Wrong)).count();
    assert_eq!(busy + hashed, 100);
    assert!((4..=12).contains(&hashed), "{hashed} hashed");
    assert_eq!(pool.stats().done, hashed as u64);
    assert_eq!(pool.stats().refused, busy as u64);
    assert_eq!(pool.stats().taken, 0);
}

#[tokio::test]
async fn a_client_that_went_away_costs_no_hash() {
    let pool = Arc::new(pool(1, 64, Cost::OWASP));
    let mut tasks = Vec::new();
    for _ in 0..30 {
        let pool = Arc::clone(&pool);
        tasks.push(tokio::spawn(async move { pool.admit().unwrap().verify(Password::new("x"), None).await }));
    }
    tokio::task::yield_now().await;
    for task in tasks.drain(1..) {
        task.abort();
        let _ = task.await;
    }
    assert_eq!(tasks.remove(0).await.unwrap(), Ok(Verdict::Wrong));
    // One more task proves that the worker got past all of the abandoned ones.
    assert_eq!(pool.admit().unwrap().verify(Password::new("x"), None).await, Ok(Verdict::Wrong));
    let stats = pool.stats();
    assert!(stats.abandoned >= 25, "{stats:?}");
    assert_eq!(stats.abandoned + stats.done, 31);
}

#[tokio::test]
async fn a_planted_hash_costs_one_error_and_no_thread() {
    let pool = pool(1, 8, CHEAP);
    for _ in 0..3 {
        let answer = pool.admit().unwrap().verify(Password::new("x"), Some("planted".into())).await;
        assert!(matches!(answer, Err(PoolError::Hash(HashError::Stored(_)))));
    }
    assert_eq!(pool.admit().unwrap().verify(Password::new("x"), None).await, Ok(Verdict::Wrong));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn hash_threads_run_at_low_priority_and_others_do_not() {
    let pool = pool(2, 8, CHEAP);
    pool.admit().unwrap().hash(Password::new("x")).await.unwrap();
    let mut hash_threads = 0;
    for entry in std::fs::read_dir("/proc/self/task").unwrap() {
        let path = entry.unwrap().path();
        let (Ok(name), Ok(stat)) = (std::fs::read_to_string(path.join("comm")), std::fs::read_to_string(path.join("stat")))
        else {
            continue;
        };
        // After the name in parentheses: state is field 3, nice is field 19.
        let nice: i32 = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(16).unwrap().parse().unwrap();
        if name.starts_with("pec-hash") {
            hash_threads += 1;
            assert_eq!(nice, NICE);
        } else {
            assert!(nice < NICE, "{name}");
        }
    }
    assert!(hash_threads >= 1);
}
