//! The import against a real schema. Run with a migrated tenant schema first on the search path of `PEC_TEST_SCHEMA_URL`
//! and `--ignored`; every test rolls back.

use sqlx::{Connection, PgConnection};
use std::time::Instant;
use uuid::Uuid;

use super::{SMALL, params, real, text};
use crate::interop::catalog::{ApplyError, Catalog, Diff, State, apply, diff, load_state, lock, parse};

async fn connection() -> PgConnection {
    let url = std::env::var("PEC_TEST_SCHEMA_URL").expect("PEC_TEST_SCHEMA_URL names a database");
    PgConnection::connect(&url).await.expect("the database answers")
}

async fn compare(conn: &mut PgConnection, catalog: &Catalog) -> (State, Diff) {
    let state = load_state(conn, catalog).await.expect("the state loads");
    let diff = diff(catalog, &params(), &state, &mut Uuid::now_v7).expect("nothing to refuse");
    (state, diff)
}

async fn import(conn: &mut PgConnection, catalog: &Catalog) -> Result<Diff, ApplyError> {
    let (_, diff) = compare(conn, catalog).await;
    let mut steps = Vec::new();
    apply(conn, &diff, &mut |done, total| steps.push((done, total))).await?;
    assert_eq!(steps.last(), Some(&(6, 6)));
    Ok(diff)
}

#[tokio::test]
#[ignore = "needs PEC_TEST_SCHEMA_URL"]
async fn importing_twice_changes_nothing_more() {
    let mut conn = connection().await;
    let mut tx = conn.begin().await.expect("a transaction");
    lock(&mut tx).await.expect("nobody else imports");
    let catalog = parse(SMALL).expect("valid");
    import(&mut tx, &catalog).await.expect("imported");
    let (before, again) = compare(&mut tx, &catalog).await;
    assert_eq!(again.changes, []);
    let changed = text(SMALL).replace("Planet Earth", "Our Planet").replace(
        "22001,A,A,1,,,A,UNKNOWN,Online Discussion,OD,ARRANGED,,,",
        "22001,A,A,1,,,A,UNKNOWN,Online Discussion,OD,08:00 AM,08:50 AM,M,",
    );
    let changed = parse(changed.replace(",12A,Harbor Hall", ",12B,Harbor Hall").as_bytes()).expect("valid");
    assert_eq!(import(&mut tx, &changed).await.expect("imported").counts.sections.updated, 3);
    let (after, again) = compare(&mut tx, &changed).await;
    assert_eq!(again.changes, []);
    let ids = |state: &State| state.sections["22001"].meetings.iter().map(|stored| stored.id).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before).into_iter().rev().collect::<Vec<_>>());
    assert_eq!(after.sections["22001"].version, 2);
    let codes: Vec<String> =
        sqlx::query_scalar("select code from course where number = '201'").fetch_all(&mut *tx).await.expect("rows");
    assert_eq!(codes, ["R&D 201"]);
    let open: i64 =
        sqlx::query_scalar("select count(*) from section_seat where cap is not null").fetch_one(&mut *tx).await.expect("a count");
    assert_eq!(open, 0);
}

#[tokio::test]
#[ignore = "needs PEC_TEST_SCHEMA_URL"]
async fn an_edit_in_between_makes_the_difference_stale() {
    let mut conn = connection().await;
    let mut tx = conn.begin().await.expect("a transaction");
    import(&mut tx, &parse(SMALL).expect("valid")).await.expect("imported");
    let changed = parse(text(SMALL).replace("Planet Earth", "Our Planet").as_bytes()).expect("valid");
    let (_, diff) = compare(&mut tx, &changed).await;
    sqlx::query("update course set version = version + 1 where code = 'GEO 100'").execute(&mut *tx).await.expect("edited");
    let refused = apply(&mut tx, &diff, &mut |_, _| {}).await;
    assert!(matches!(refused, Err(ApplyError::Stale)), "{refused:?}");
}

#[tokio::test]
#[ignore = "needs PEC_TEST_SCHEMA_URL"]
async fn a_real_catalog_goes_in_and_nothing_is_left_to_do() {
    let Some(file) = real::file() else { return };
    let mut conn = connection().await;
    let mut tx = conn.begin().await.expect("a transaction");
    let started = Instant::now();
    let catalog = parse(&file).expect("valid");
    import(&mut tx, &catalog).await.expect("imported");
    eprintln!("imported in {:?}", started.elapsed());
    let started = Instant::now();
    let (_, again) = compare(&mut tx, &catalog).await;
    eprintln!("compared again in {:?}", started.elapsed());
    assert_eq!(again.changes, []);
    assert_eq!(again.counts.sections.unchanged, 1777);
}
