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
    assert_eq!(demo::accounts(&tenant).await.unwrap().as_ref(), Some(&accounts), "the same people whenever one asks");
    let (days, taught): (i32, i64) = sqlx::query_as(
        "with now as (select id from term where current_date between starts_on and ends_on order by starts_on desc limit 1)
        select (select bit_or(m.days)::int from enrollment e join section s on s.id = e.section_id join meeting m on m.section_id = s.id
                where e.student_id = $1 and s.term_id = (select id from now)),
            (select count(distinct s.id) from meeting_instructor i join meeting m on m.id = i.meeting_id join section s on s.id = m.section_id
                where i.user_id = $2 and s.term_id = (select id from now))",
    )
    .bind(accounts.student.user_id)
    .bind(accounts.faculty.user_id)
    .fetch_one(&mut conn)
    .await
    .unwrap();
    assert_eq!(days & 0b1_1111, 0b1_1111, "classes from Monday to Friday");
    assert!(taught >= 2, "{taught}");
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
fn an_institution_that_is_no_demo_has_no_demo_accounts() {
    run(async {
        let tenant = tenant().await;
        assert_eq!(demo::accounts(&tenant).await.unwrap(), None);
    });
}
