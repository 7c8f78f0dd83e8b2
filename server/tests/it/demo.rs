//! Demo institutions in a real schema.

use std::time::Instant;

use pec::demo::{self, CHANDIGARH, DemoSize, NORTHGATE, Profile, Progress};

use crate::support::{owner, run, tenant};

async fn fills(profile: &'static Profile, size: DemoSize) {
    let tenant = tenant().await;
    let (started, mut last) = (Instant::now(), None);
    let mut tell = |progress: Progress| last = Some(progress);
    let accounts = demo::fill(&tenant, profile, &size, 7, &mut tell).await.unwrap().expect("it was empty");
    eprintln!("{} filled in {:?}", profile.short_name, started.elapsed());
    assert!(last.is_some_and(|progress| progress.done == progress.total));
    assert!(demo::fill(&tenant, profile, &size, 7, &mut |_| {}).await.unwrap().is_none(), "a second time changes nothing");
    let mut conn = owner(&tenant).await;
    let (seats, rows, events): (i64, i64, i64) = sqlx::query_as(
        "select (select sum(enrolled) from section_seat), (select count(*) from enrollment), (select count(*) from enrollment_event)",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert!(seats == rows && rows == events && rows > 0, "{seats}, {rows}, {events}");
    let roles: Vec<String> = sqlx::query_scalar("select role from user_role where user_id = any($1) order by role")
        .bind([accounts.student.user_id, accounts.faculty.user_id, accounts.admin.user_id])
        .fetch_all(&mut conn)
        .await
        .unwrap();
    assert_eq!(roles, ["admin", "faculty", "student"]);
    let calculus: i64 =
        sqlx::query_scalar("select count(*) from course where title like '%Calculus%'").fetch_one(&mut conn).await.unwrap();
    assert!(calculus >= 1);
    let name: String = sqlx::query_scalar("select short_name from institution").fetch_one(&mut conn).await.unwrap();
    assert_eq!(name, profile.short_name);
}

#[test]
fn both_demo_institutions_fill() {
    run(async {
        fills(&CHANDIGARH, DemoSize::DEFAULT).await;
        fills(&NORTHGATE, DemoSize::SMALL).await;
    });
}

#[test]
#[ignore = "a benchmark's size takes a minute"]
fn a_benchmark_size_fills() {
    run(fills(&CHANDIGARH, DemoSize::of_students(20_000)));
}
