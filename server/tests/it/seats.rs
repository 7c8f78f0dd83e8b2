//! Seat counters under crossed changes.

use std::time::Duration;

use pec::db::{TenantDb, ids::UserId};
use sqlx::{Connection as _, PgConnection};
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

async fn newcomers(conn: &mut PgConnection, count: usize) -> Vec<Uuid> {
    let ids: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    sqlx::query!("insert into app_user (id, name, sort_name) select id, 'B', 'B' from unnest($1::uuid[]) id", &ids)
        .execute(conn)
        .await
        .unwrap();
    ids
}

/// `None`: enrolled; otherwise how the database says no.
async fn enroll(conn: &mut PgConnection, student: Uuid, section: Uuid) -> Option<String> {
    let enrolled =
        sqlx::query!("insert into enrollment (id, student_id, section_id) values ($1, $2, $3)", Uuid::now_v7(), student, section)
            .execute(conn)
            .await;
    let error = enrolled.err()?.into_database_error().unwrap();
    Some(format!("{} {}", error.code().unwrap(), error.constraint().unwrap()))
}

const FULL: &str = "23514 section_seat_full";

async fn set_seats(conn: &mut PgConnection, section: Uuid, cap: Option<i32>, held: i32) {
    sqlx::query!("update section_seat set cap = $2, held = $3 where section_id = $1", section, cap, held)
        .execute(conn)
        .await
        .unwrap();
}

async fn counted(conn: &mut PgConnection, section: Uuid) -> (i32, i64) {
    let row = sqlx::query!(
        r#"select enrolled, (select count(*) from enrollment e where e.section_id = $1) as "rows!" from section_seat where section_id = $1"#,
        section
    )
    .fetch_one(conn)
    .await
    .unwrap();
    (row.enrolled, row.rows)
}

/// One seat is left and everybody asks at once, many times over. The first section's one student keeps theirs.
#[test]
fn the_last_seat_is_had_by_one() {
    run(async {
        let db = tenant().await;
        let ([section, _], [first, _]) = two_sections(&db).await;
        let mut conn = owner(&db).await;
        set_seats(&mut conn, section, Some(2), 0).await;
        const AT_ONCE: usize = 6;
        let mut connections = Vec::new();
        for _ in 0..AT_ONCE {
            connections.push(owner(&db).await);
        }
        for round in 0..20 {
            let students = newcomers(&mut conn, AT_ONCE).await;
            let asking = connections.iter_mut().zip(students).map(|(conn, student)| enroll(conn, student, section));
            let mut answers = futures_util::future::join_all(asking).await;
            answers.sort();
            let mut expected = vec![Some(FULL.to_owned()); AT_ONCE];
            expected[0] = None;
            assert_eq!(answers, expected, "round {round}");
            assert_eq!(counted(&mut conn, section).await, (2, 2), "round {round}");
            sqlx::query!("delete from enrollment where section_id = $1 and student_id <> $2", section, first)
                .execute(&mut conn)
                .await
                .unwrap();
        }
    });
}

/// The same by hand: whoever comes second waits for the first to decide, and gets the seat only if the first gives it up.
#[test]
fn whoever_waits_for_the_last_seat_gets_it_when_it_is_given_up() {
    run(async {
        let db = tenant().await;
        let ([section, _], _) = two_sections(&db).await;
        let mut conn = owner(&db).await;
        set_seats(&mut conn, section, Some(2), 0).await;
        let students = newcomers(&mut conn, 3).await;
        for (gives_up, expected) in [(true, None), (false, Some(FULL.to_owned()))] {
            let mut other = owner(&db).await;
            let pid = sqlx::query_scalar!(r#"select pg_backend_pid() as "pid!""#).fetch_one(&mut other).await.unwrap();
            // The second round begins with the seat taken in the first given back.
            sqlx::query!("delete from enrollment where student_id = any($1)", &students).execute(&mut conn).await.unwrap();
            let mut holding = conn.begin().await.unwrap();
            assert_eq!(enroll(&mut holding, students[0], section).await, None);
            let student = students[1];
            let waiting = tokio::spawn(async move { enroll(&mut other, student, section).await });
            let mut look = owner(&db).await;
            let blocked = async {
                loop {
                    let waits = sqlx::query_scalar!(
                        r#"select exists (select from pg_locks where pid = $1 and not granted) as "waits!""#,
                        pid
                    );
                    if waits.fetch_one(&mut look).await.unwrap() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), blocked).await.expect("the second one waits");
            if gives_up {
                holding.rollback().await.unwrap()
            } else {
                holding.commit().await.unwrap()
            }
            assert_eq!(waiting.await.unwrap(), expected);
            assert_eq!(counted(&mut conn, section).await, (2, 2));
        }
    });
}

/// Without a known capacity a section is closed; what is kept back is nobody's to take.
#[test]
fn an_unknown_capacity_admits_nobody_and_held_seats_count() {
    run(async {
        let db = tenant().await;
        let ([section, _], [first, _]) = two_sections(&db).await;
        let mut conn = owner(&db).await;
        let students = newcomers(&mut conn, 2).await;
        set_seats(&mut conn, section, Some(3), 2).await;
        assert_eq!(enroll(&mut conn, students[0], section).await.as_deref(), Some(FULL), "one enrolled, two held, of three");
        set_seats(&mut conn, section, Some(3), 1).await;
        assert_eq!(enroll(&mut conn, students[0], section).await, None);
        assert_eq!(enroll(&mut conn, students[1], section).await.as_deref(), Some(FULL));
        assert_eq!(counted(&mut conn, section).await, (2, 2));
        sqlx::query!("delete from enrollment where student_id = any($1)", &[students[0], first])
            .execute(&mut conn)
            .await
            .unwrap();
        set_seats(&mut conn, section, None, 0).await;
        assert_eq!(enroll(&mut conn, students[0], section).await.as_deref(), Some(FULL), "unknown capacity: closed");
        assert_eq!(counted(&mut conn, section).await, (0, 0));
    });
}
