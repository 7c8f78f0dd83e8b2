//! Seat counters under crossed changes.

use std::time::Duration;

use pec::db::{TenantDb, ids::UserId};
use sqlx::Connection as _;
use uuid::Uuid;

use crate::support::{owner, run, tenant};

/// A term with two sections of three seats, and a student in each.
async fn two_sections(db: &TenantDb) -> ([Uuid; 2], [Uuid; 2]) {
    let mut conn = owner(db).await;
    let ids: Vec<Uuid> = (0..7).map(|_| Uuid::now_v7()).collect();
    sqlx::query!("insert into department (id, code, name) values ($1, 'CS', 'Computing')", ids[0])
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query!(
        "insert into course (id, department_id, code, number, title, credits_kind, credits_min, credits_max)
        values ($1, $2, '', '1', 'Logic', 'fixed', 3, 3)",
        ids[1],
        ids[0]
    )
    .execute(&mut conn)
    .await
    .unwrap();
    sqlx::query!(
        "insert into term (id, code, name, starts_on, ends_on) values ($1, '2031-fa', 'Autumn', '2031-08-25', '2031-12-12')",
        ids[2]
    )
    .execute(&mut conn)
    .await
    .unwrap();
    let (sections, students) = ([ids[3], ids[4]], [ids[5], ids[6]]);
    for (crn, (section, student)) in sections.into_iter().zip(students).enumerate() {
        sqlx::query!(
            "insert into section (id, term_id, course_id, crn, code) values ($1, $2, $3, $4, $4)",
            section,
            ids[2],
            ids[1],
            format!("{crn}")
        )
        .execute(&mut conn)
        .await
        .unwrap();
        sqlx::query!(
            "insert into section_seat (section_id, cap) values ($1, 3) on conflict (section_id, pool) do update set cap = 3",
            section
        )
        .execute(&mut conn)
        .await
        .unwrap();
        sqlx::query!("insert into app_user (id, name, sort_name) values ($1, 'A', 'A')", student)
            .execute(&mut conn)
            .await
            .unwrap();
        sqlx::query!(
            "insert into enrollment (id, student_id, section_id) values ($1, $2, $3)",
            UserId::new().0,
            student,
            section
        )
        .execute(&mut conn)
        .await
        .unwrap();
    }
    (sections, students)
}

/// Each moves one student back and forth, in opposite directions. Locked in the order of what happens, they would soon hold one
/// counter each and wait for the other's: PostgreSQL then ends one of them with a deadlock.
#[test]
fn crossed_swaps_of_sections_do_not_deadlock() {
    run(async {
        let db = tenant().await;
        let ([first, second], students) = two_sections(&db).await;
        let swaps = students.into_iter().zip([(second, first), (first, second)]).map(|(student, (there, back))| {
            let db = db.clone();
            async move {
                let mut conn = owner(&db).await;
                for round in 0..200 {
                    let to = if round % 2 == 0 { there } else { back };
                    sqlx::query!("update enrollment set section_id = $2 where student_id = $1", student, to)
                        .execute(&mut conn)
                        .await
                        .unwrap_or_else(|error| panic!("round {round}: {error}"));
                }
                conn.close().await.unwrap();
            }
        });
        futures_util::future::join_all(swaps).await;
        let mut conn = owner(&db).await;
        let counted = sqlx::query_scalar!("select enrolled from section_seat order by section_id").fetch_all(&mut conn).await;
        assert_eq!(counted.unwrap(), [1, 1]);
    });
}

/// The same held apart by hand: each session waits at its second statement until the other has its first counter.
#[test]
fn an_update_locks_both_counters_before_it_changes_one() {
    run(async {
        let db = tenant().await;
        let ([first, second], [_, student]) = two_sections(&db).await;
        let (mut one, mut other) = (owner(&db).await, owner(&db).await);
        // Somebody holds the first counter. Whoever moves from the second section to the first must not yet hold the second one.
        let mut holding = one.begin().await.unwrap();
        sqlx::query!("select 1 as held from section_seat where section_id = $1 for no key update", first)
            .fetch_one(&mut *holding)
            .await
            .unwrap();
        let pid = sqlx::query_scalar!(r#"select pg_backend_pid() as "pid!""#).fetch_one(&mut other).await.unwrap();
        let moving = tokio::spawn(async move {
            sqlx::query!("update enrollment set section_id = $2 where student_id = $1", student, first)
                .execute(&mut other)
                .await
                .map(drop)
        });
        let waiting = async || {
            sqlx::query_scalar!(r#"select exists (select from pg_locks where pid = $1 and not granted) as "waits!""#, pid)
                .fetch_one(&mut owner(&db).await)
                .await
                .unwrap()
        };
        let blocked = async {
            while !waiting().await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), blocked).await.expect("the update waits for the counter");
        let free =
            sqlx::query_scalar!("select section_id from section_seat where section_id = $1 for no key update nowait", second)
                .fetch_one(&mut *holding)
                .await;
        assert_eq!(free.unwrap(), second, "the counter of what is given up is still free");
        holding.rollback().await.unwrap();
        moving.await.unwrap().unwrap();
    });
}
