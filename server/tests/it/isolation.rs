//! A module that hangs keeps its own share of the connections busy, and nobody else's.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::support::{http::world, owner, run};

/// How long the table stays locked: longer than any statement may wait for a lock, so that requests pile up.
const LOCKED: Duration = Duration::from_secs(6);

#[test]
fn a_locked_table_of_one_module_stops_no_other() {
    run(async {
        let world = world().await;
        let mut locker = owner(&world.theirs).await;
        sqlx::raw_sql("begin; lock table course_result in access exclusive mode").execute(&mut locker).await.unwrap();
        let started = Instant::now();
        // More than the whole pool has connections.
        let stuck = tokio::spawn(join_all((0..60).map(|_| world.get_there("/api/v1/me/results"))));
        let mut answered = 0;
        while started.elapsed() < LOCKED {
            for path in ["/api/v1/departments", "/api/v1/courses?limit=5", "/api/v1/me", "/api/v1/terms"] {
                let answer = world.get_there(path).await;
                assert_eq!(answer.status.as_u16(), 200, "{path}: {}", String::from_utf8_lossy(&answer.bytes));
                answered += 1;
            }
        }
        sqlx::raw_sql("rollback").execute(&mut locker).await.unwrap();
        for answer in stuck.await.unwrap() {
            assert!([200, 503].contains(&answer.status.as_u16()), "{}", answer.status);
            if answer.status.as_u16() == 503 {
                assert!(answer.headers.contains_key("retry-after"));
            }
        }
        println!("{answered} requests of other modules answered meanwhile");
        assert!(answered > 20);
        assert_eq!(world.get_there("/api/v1/me/results").await.status.as_u16(), 200);
    });
}
