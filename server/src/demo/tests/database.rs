//! Loading into a real schema. Run with a migrated tenant schema first on the search path of `PEC_TEST_SCHEMA_URL`
//! and `--ignored`; every test rolls back.

use std::time::Instant;

use sqlx::{Connection, PgConnection};

use super::{chandigarh, world};
use crate::demo::world::World;
use crate::demo::{CHANDIGARH, DemoSize, NORTHGATE, Progress, has_records, load};

async fn loads(world: &World) {
    let url = std::env::var("PEC_TEST_SCHEMA_URL").expect("PEC_TEST_SCHEMA_URL names a database");
    let mut conn = PgConnection::connect(&url).await.expect("the database answers");
    let mut tx = conn.begin().await.expect("a transaction");
    assert!(!has_records(&mut tx).await.expect("an answer"));
    let started = Instant::now();
    let mut last: Option<Progress> = None;
    let mut step = Instant::now();
    let mut tell = |progress: Progress| {
        eprintln!("{:>6} of {} {} +{:?}", progress.done, progress.total, progress.part, step.elapsed());
        step = Instant::now();
        last = Some(progress);
    };
    load(&mut tx, world, &mut tell).await.expect("loaded");
    eprintln!("loaded {last:?} in {:?}", started.elapsed());
    assert!(last.is_some_and(|progress| progress.done == progress.total));
    assert!(has_records(&mut tx).await.expect("an answer"));
    let enrolled: i64 = sqlx::query_scalar("select sum(enrolled) from section_seat").fetch_one(&mut *tx).await.expect("a sum");
    assert_eq!(usize::try_from(enrolled), Ok(world.enrollments.len()));
    let code: String = sqlx::query_scalar("select code from course where title like '%alculus%' order by code limit 1")
        .fetch_one(&mut *tx)
        .await
        .expect("a course");
    assert!(code.starts_with("MATH 10"), "{code}");
}

#[tokio::test]
#[ignore = "needs PEC_TEST_SCHEMA_URL"]
async fn the_demo_loads() {
    loads(&chandigarh()).await;
}

#[tokio::test]
#[ignore = "needs PEC_TEST_SCHEMA_URL"]
async fn the_second_institution_loads() {
    loads(&world(&NORTHGATE, DemoSize::SMALL)).await;
}

#[tokio::test]
#[ignore = "needs PEC_TEST_SCHEMA_URL and a minute"]
async fn a_benchmark_size_loads() {
    let started = Instant::now();
    let world = world(&CHANDIGARH, DemoSize::of_students(20_000));
    eprintln!("generated in {:?}", started.elapsed());
    loads(&world).await;
}
